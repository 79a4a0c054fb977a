"""The site map: every public page with the date of its last substantive update."""

import datetime

from django.db.models import Max
from django.urls import reverse

from partnerships.models import Organisation, Partnership, Site, Source, Strategy
from partnerships.sitemaps import SITEMAPS as PARTNERSHIPS
from programmes.models import OutcomeMetric, Programme
from programmes.sitemaps import SITEMAPS as PROGRAMMES
from trustportal.publishing.sitemaps import PortalSitemap
from trustportal.website.datasets import DATASETS
from trustportal.website.standing_pages import STANDING_PAGES

LISTS = {
    "organisation-list": Organisation,
    "partnership-list": Partnership,
    "programme-list": Programme,
    "site-list": Site,
    "map": Site,
    "network": Partnership,
    "outcome-metric-list": OutcomeMetric,
    "outcome-summary": OutcomeMetric,
    "strategy-list": Strategy,
    "source-list": Source,
}


class ListSitemap(PortalSitemap):
    """The home page and the lists: as new as the newest record in them."""

    def items(self) -> list[tuple[str, datetime.datetime | None]]:
        """The names of the addresses, each with its date."""
        dates = {
            name: model.objects.published().aggregate(newest=Max("updated_at"))["newest"]
            for name, model in LISTS.items()
        }
        newest = max((date for date in dates.values() if date), default=None)
        return [("home", newest), ("timeline", newest), *dates.items()]

    def location(self, item: tuple[str, datetime.datetime | None]) -> str:
        """The address."""
        return reverse(item[0])

    def lastmod(self, item: tuple[str, datetime.datetime | None]) -> datetime.datetime | None:
        """The date of the newest record."""
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
    """The page of data, the dictionary of each dataset, and the pages about the API."""

    def items(self) -> list[str]:
        """The addresses."""
        names = [dataset.name for dataset in DATASETS]
        pages = [reverse(page, args=[name]) for name in names for page in ("dataset", "api-list")]
        return [reverse("data"), reverse("api"), *pages]

    def location(self, item: str) -> str:
        """The address."""
        return item


SITEMAPS = {"lists": ListSitemap(), "standing": StandingSitemap(), "data": DataSitemap(), **PARTNERSHIPS, **PROGRAMMES}
