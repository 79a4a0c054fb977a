"""The pages of partners, partnerships, sites, strategies, aims and sources."""

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import ListView

from partnerships import finders, opendata
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
from partnerships.opendata.files import files_of
from partnerships.roles import partnerships_by_role
from trustportal.finder.views import FinderView
from trustportal.publishing.models import SHOWN_PER_PAGE
from trustportal.publishing.views import RecordDetail

SHOWN_PER_AIM = 5


class OrganisationList(FinderView):
    """All partners."""

    finder = finders.PARTNERS
    files = files_of(opendata.PARTNERS)


class OrganisationDetail(RecordDetail):
    """A partner: who they are, and by role what they do with others."""

    model = Organisation

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


class PartnershipList(FinderView):
    """All partnerships: local, national, international."""

    finder = finders.PARTNERSHIPS
    files = files_of(opendata.PARTNERSHIPS)


class PartnershipDetail(RecordDetail):
    """A partnership: who belongs to it, since when, what was signed."""

    model = Partnership

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Which partners have confirmed the page."""
        return super().get_context_data(**kwargs) | {"confirmations": standing_confirmations(self.object)}


class SiteList(FinderView):
    """All sites."""

    finder = finders.SITES
    files = files_of(opendata.SITES)


class SiteDetail(RecordDetail):
    """A site: where it is, who runs it."""

    model = Site


class StrategyList(ListView):
    """All strategies with their priorities."""

    model = Strategy
    paginate_by = 50

    def get_queryset(self) -> QuerySet:
        """The published strategies with what a row needs."""
        return Strategy.objects.published().for_list().in_name_order()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """When the newest of them was last updated."""
        context = super().get_context_data(**kwargs)
        return context | {"newest": max((strategy.updated_at for strategy in context["page_obj"]), default=None)}


class StrategyDetail(RecordDetail):
    """A strategy: vision, values, priorities and aims."""

    model = Strategy

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """For each aim a few partnerships that serve it."""
        self.aims = [aim for priority in self.object.published_priorities for aim in priority.published_aims]
        few = Partnership.objects.published().for_links().in_name_order()[: SHOWN_PER_AIM + 1]
        prefetch_related_objects(self.aims, Prefetch("partnerships", few, to_attr="serving_partnerships"))
        return super().get_context_data(**kwargs) | {"shown_per_aim": SHOWN_PER_AIM}


class AimDetail(RecordDetail):
    """An aim of a strategy: which partnerships serve it."""

    model = Aim

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The partnerships that serve it."""
        serving = Partnership.objects.published().serving(self.object).in_scope_order()
        return super().get_context_data(**kwargs) | {"partnerships": serving[: SHOWN_PER_PAGE + 1]}


class SourceList(FinderView):
    """All sources."""

    finder = finders.SOURCES
    files = files_of(opendata.SOURCES)


def resting_on(source: Source, kinds: list[type[CitedRecord]]) -> list[list[CitedRecord]]:
    """The published records of some kinds that rest on a source, a list for each kind that has any, bounded."""
    rows = [list(kind.objects.published().resting_on(source).in_name_order()[: SHOWN_PER_PAGE + 1]) for kind in kinds]
    return [records for records in rows if records]


class SourceDetail(RecordDetail):
    """A source: what it is, who published it, what rests on it."""

    model = Source

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The records of this app that rest on it."""
        kinds = [Organisation, Partnership, Site, Strategy, Priority, Aim]
        return super().get_context_data(**kwargs) | {"citing": resting_on(self.object, kinds)}
