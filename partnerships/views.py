"""The pages of partners, partnerships, sites, strategies, aims and sources."""

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import ListView

from partnerships import finders, linked, opendata
from partnerships.confirmations import standing_confirmations
from partnerships.models import (
    Aim,
    CitedRecord,
    Organisation,
    Partnership,
    Priority,
    Site,
    Source,
    Strategy,
    Succession,
)
from partnerships.opendata.pages import InOtherForms, OpenList, OpenRecord, files_of, files_of_record
from partnerships.roles import partnerships_by_role
from trustportal.networks.models import has_ties
from trustportal.opendata.linked import LinkedPage
from trustportal.opendata.writing import files_of_all
from trustportal.publishing.models import SHOWN_PER_PAGE

SHOWN_PER_AIM = 5


class OrganisationList(LinkedPage, OpenList):
    """All partners."""

    finder = finders.PARTNERS
    files = files_of(opendata.PARTNERS)
    linked_data = staticmethod(linked.organisations)


class OrganisationDetail(LinkedPage, OpenRecord):
    """A partner: who they are, and by role what they do with others."""

    model = Organisation
    files = files_of_record(opendata.PARTNERS)
    linked_data = staticmethod(linked.organisation)

    def get_queryset(self) -> QuerySet:
        """With whether the network shows it."""
        return super().get_queryset().annotate(has_network=has_ties("partner"))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Its partnerships, its sites, what it followed and what followed it."""
        around = Succession.objects.around(self.object)
        return super().get_context_data(**kwargs) | {
            "partnerships": partnerships_by_role(self.object),
            "sites": Site.objects.published().run_by(self.object).in_name_order()[: SHOWN_PER_PAGE + 1],
            "successions": [s for s in around if s.organisation_id == self.object.pk],
            "predecessions": [s for s in around if s.successor_id == self.object.pk],
            "confirmations": standing_confirmations(self.object),
        }


def organisation_by_ods_code(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from a code of the Organisation Data Service to the partner who has it."""
    return redirect(get_object_or_404(Organisation.objects.published().with_ods_code(code)))


class PartnershipList(LinkedPage, OpenList):
    """All partnerships: local, national, international."""

    finder = finders.PARTNERSHIPS
    files = files_of(opendata.PARTNERSHIPS)
    linked_data = staticmethod(linked.partnerships)


class PartnershipDetail(LinkedPage, OpenRecord):
    """A partnership: who belongs to it, since when, what was signed."""

    model = Partnership
    files = files_of_record(opendata.PARTNERSHIPS)
    linked_data = staticmethod(linked.partnership)

    def get_queryset(self) -> QuerySet:
        """With whether the network shows it."""
        return super().get_queryset().annotate(has_network=has_ties("partnership"))

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Which partners have confirmed the page."""
        return super().get_context_data(**kwargs) | {"confirmations": standing_confirmations(self.object)}


class SiteList(LinkedPage, OpenList):
    """All sites."""

    finder = finders.SITES
    files = files_of(opendata.SITES)
    linked_data = staticmethod(linked.sites)


class SiteDetail(LinkedPage, OpenRecord):
    """A site: where it is, who runs it."""

    model = Site
    files = files_of_record(opendata.SITES)
    linked_data = staticmethod(linked.site)


class StrategyList(LinkedPage, InOtherForms, ListView):
    """All strategies with their priorities."""

    model = Strategy
    paginate_by = 50
    files = files_of_all(opendata.STRATEGIES)
    linked_data = staticmethod(linked.strategies)

    def get(self, request: HttpRequest, ending: str = "", **kwargs: object) -> HttpResponseBase:
        """The page, or another form of it."""
        return self.files[ending](request) if ending else super().get(request, **kwargs)

    def get_queryset(self) -> QuerySet:
        """The published strategies with what a row needs."""
        return Strategy.objects.published().for_list().in_name_order()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """When the newest of them was last updated."""
        context = super().get_context_data(**kwargs)
        return context | {
            "newest": max((strategy.updated_at for strategy in context["page_obj"]), default=None),
            "files": self.forms,
            "address": self.request.get_full_path(),
        }


class StrategyDetail(LinkedPage, OpenRecord):
    """A strategy: vision, values, priorities and aims."""

    model = Strategy
    files = files_of_record(opendata.STRATEGIES)
    linked_data = staticmethod(linked.strategy)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """For each aim a few partnerships that serve it."""
        self.aims = [aim for priority in self.object.published_priorities for aim in priority.published_aims]
        few = Partnership.objects.published().for_links().in_name_order()[: SHOWN_PER_AIM + 1]
        prefetch_related_objects(self.aims, Prefetch("partnerships", few, to_attr="serving_partnerships"))
        return super().get_context_data(**kwargs) | {"shown_per_aim": SHOWN_PER_AIM}


class AimDetail(LinkedPage, OpenRecord):
    """An aim of a strategy: which partnerships serve it."""

    model = Aim
    files = files_of_record(opendata.AIMS)
    linked_data = staticmethod(linked.aim)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The partnerships that serve it."""
        serving = Partnership.objects.published().serving(self.object).in_scope_order()
        return super().get_context_data(**kwargs) | {"partnerships": serving[: SHOWN_PER_PAGE + 1]}


class SourceList(LinkedPage, OpenList):
    """All sources."""

    finder = finders.SOURCES
    files = files_of(opendata.SOURCES)
    linked_data = staticmethod(linked.sources)


def resting_on(source: Source, kinds: list[type[CitedRecord]]) -> list[list[CitedRecord]]:
    """The published records of some kinds that rest on a source, a list for each kind that has any, bounded."""
    rows = [list(kind.objects.published().resting_on(source).in_name_order()[: SHOWN_PER_PAGE + 1]) for kind in kinds]
    return [records for records in rows if records]


class SourceDetail(LinkedPage, OpenRecord):
    """A source: what it is, who published it, what rests on it."""

    model = Source
    files = files_of_record(opendata.SOURCES)
    linked_data = staticmethod(linked.source)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The records of this app that rest on it."""
        kinds = [Organisation, Partnership, Site, Strategy, Priority, Aim]
        return super().get_context_data(**kwargs) | {"citing": resting_on(self.object, kinds)}
