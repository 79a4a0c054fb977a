"""The site map: every public page with the date on which it last changed in any way."""

import datetime

from django.urls import reverse

from partnerships.models import Organisation, Partnership, Site, Source, Strategy
from partnerships.sitemaps import SITEMAPS as PARTNERSHIPS
from programmes.models import OutcomeMetric, Programme
from programmes.sitemaps import SITEMAPS as PROGRAMMES
from trustportal.publishing.sitemaps import PortalSitemap
from trustportal.website.datasets import DATASETS
from trustportal.website.standing_pages import STANDING_PAGES
from trustportal.website.updates import last_change

EVERYTHING = (Organisation, Partnership, Programme, OutcomeMetric, Site, Strategy, Source)
LISTS = {
    "home": EVERYTHING,
    "timeline": EVERYTHING,
    "updates": EVERYTHING,
    "organisation-list": (Organisation,),
    "partnership-list": (Partnership,),
    "programme-list": (Programme,),
    "site-list": (Site,),
    "map": (Site, Programme, Partnership),
    "network": (Organisation, Partnership, Programme),
    "outcome-metric-list": (OutcomeMetric,),
    "outcome-summary": (OutcomeMetric,),
    "strategy-list": (Strategy,),
    "source-list": (Source,),
}
"""The pages that show many records, each with the kinds of which it shows something."""


class ListSitemap(PortalSitemap):
    """The home page and the lists: as new as what changed last in them, be it by leaving."""

    def items(self) -> list[tuple[str, datetime.datetime | None]]:
        """The names of the addresses, each with its date."""
        changed = {model: last_change([model]) for model in EVERYTHING}
        return [
            (name, max((at for model in models if (at := changed[model])), default=None))
            for name, models in LISTS.items()
        ]

    def location(self, item: tuple[str, datetime.datetime | None]) -> str:
        """The address."""
        return reverse(item[0])

    def lastmod(self, item: tuple[str, datetime.datetime | None]) -> datetime.datetime | None:
        """The date of the last change."""
        return item[1]


class StandingSitemap(PortalSitemap):
    """About, accessibility, privacy, cookies, contact."""

    def items(self) -> list[str]:
        """The names of the pages."""
        return list(STANDING_PAGES)

    def location(self, item: str) -> str:
        """The address."""
        return reverse(item)

    def lastmod(self, item: str) -> datetime.date:
        """When its text was last changed."""
        return STANDING_PAGES[item].updated_on


class DataSitemap(PortalSitemap):
    """The page of data, the dictionary of each dataset, and the guide to the API."""

    def items(self) -> list[str]:
        """The addresses."""
        return [reverse("data"), reverse("api"), *(reverse("dataset", args=[dataset.name]) for dataset in DATASETS)]

    def location(self, item: str) -> str:
        """The address."""
        return item


SITEMAPS = {"lists": ListSitemap(), "standing": StandingSitemap(), "data": DataSitemap(), **PARTNERSHIPS, **PROGRAMMES}
