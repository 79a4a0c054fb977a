"""The pages of programmes and outcomes."""

from django.core.paginator import Paginator
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partnerships.confirmations import standing_confirmations
from partnerships.models import Aim, Organisation, Partnership, Site
from programmes.models import OutcomeMetric, Programme, Statement
from trustportal.finder.views import FinderView, Narrowing
from trustportal.publishing.models import SHOWN_PER_PAGE
from trustportal.publishing.views import RecordDetail

OBSERVATIONS_PER_PAGE = 120  # ten years of months


def grouped(statements: list[Statement], choices: type[TextChoices], field: str) -> dict[str, list[Statement]]:
    """Statements by a field with choices, in the order of the choices, under their labels; no empty groups."""
    groups = {choice.label: [row for row in statements if getattr(row, field) == choice] for choice in choices}
    return {label: rows for label, rows in groups.items() if rows}


class ProgrammeList(FinderView):
    """All programmes, by kind."""

    model = Programme
    facet_label = _("Kind of programme")
    counted = ngettext_lazy("%(count)d programme", "%(count)d programmes", "count")
    narrowings = {
        "partner": Narrowing(Organisation, "with_partner"),
        "partnership": Narrowing(Partnership, "under"),
        "site": Narrowing(Site, "at_site"),
        "aim": Narrowing(Aim, "serving"),
    }

    def in_order(self, records: QuerySet) -> QuerySet:
        """By kind, A to Z within each."""
        return records.in_kind_order()


class ProgrammeDetail(RecordDetail):
    """A programme: what it is, the facts of its kind, what came of it."""

    model = Programme

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Its statements by kind, its figures, what it builds on and what followed, and the rows of its kind."""
        programme = self.object
        linked = list(Programme.objects.published().linked_with(programme).in_name_order()[:SHOWN_PER_PAGE])
        by_kind: dict[str, list[Statement]] = {kind.replace("-", "_"): [] for kind in Statement.Kind.values}
        for statement in programme.statements.for_page():
            by_kind[statement.kind.replace("-", "_")].append(statement)
        facts = {
            name: getattr(programme, name, None)
            for name in ["local_care_network", "board", "satellite_site", "buddying_arrangement"]
        }
        return (
            super().get_context_data(**kwargs)
            | facts
            | {
                "statements": by_kind,
                "achievements": grouped(by_kind["achievement"], Statement.Progress, "progress"),
                "expectations": grouped(by_kind["expectation"], Statement.Audience, "audience"),
                "outcome_metrics": programme.outcome_metrics.published().for_figures()[: SHOWN_PER_PAGE + 1],
                "builds_on": [other for other in linked if other.came_before],
                "followed_by": [other for other in linked if not other.came_before],
                "board_members": programme.board_members.for_page() if facts["board"] else [],
                "places": programme.places.for_page() if facts["satellite_site"] else [],
                "confirmations": standing_confirmations(programme),
            }
        )


class OutcomeMetricList(FinderView):
    """All outcomes with their latest figures."""

    model = OutcomeMetric
    facet_label = _("Kind of figure")
    counted = ngettext_lazy("%(count)d outcome", "%(count)d outcomes", "count")
    narrowings = {
        "programme": Narrowing(Programme, "of_programme"),
        "partnership": Narrowing(Partnership, "of_partnership"),
    }


class OutcomeMetricDetail(RecordDetail):
    """An outcome: the figure, the table, the definition, the source."""

    model = OutcomeMetric

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Its observations page by page, the newest first."""
        observations = self.object.observations.for_page()
        page = Paginator(observations, OBSERVATIONS_PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "page_obj": page,
            "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        }
