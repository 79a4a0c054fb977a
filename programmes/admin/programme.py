"""The admin of programmes, with the facts of their kind and their statements, and of services."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.admin import NAMES_OF_LEAD
from partnerships.confirmation_admin import ConfirmableAdmin
from programmes.models import (
    Achievement,
    Board,
    BoardMember,
    BuddyingArrangement,
    CareModelStep,
    Endorsement,
    Expectation,
    FocusArea,
    Legacy,
    Lesson,
    LocalCareNetwork,
    Milestone,
    OutcomeMetric,
    Participation,
    Place,
    Programme,
    SatelliteSite,
    Service,
    Statement,
    Support,
)
from trustportal.publishing import workflow
from trustportal.publishing.admin import STANDING, PublishableAdmin, ReviewFilter
from trustportal.publishing.editing import NumberedInline, PartInline, PublishableForm

RESTS_ON = ("source", "provenance")


class ParticipationInline(PartInline, admin.TabularInline):
    """Partners taking part."""

    model = Participation
    fields = ("organisation", "role", "note", "started_on", "ended_on", *RESTS_ON)


class FactsInline(PartInline, admin.StackedInline):
    """The facts of one kind of programme: one row, open from the beginning."""

    extra = 1


class LocalCareNetworkInline(FactsInline):
    """Whom it serves and why."""

    model = LocalCareNetwork
    fieldsets = ((None, {"fields": ["people_served", "reason", "care_model_name", RESTS_ON]}),)


class BoardInline(FactsInline):
    """The board."""

    model = Board
    fieldsets = ((None, {"fields": ["name", "remit", RESTS_ON]}),)


class BoardMemberInline(PartInline, admin.TabularInline):
    """Seats on the board."""

    model = BoardMember
    fields = ("organisation", "note", *RESTS_ON)


class SatelliteSiteInline(FactsInline):
    """The service at its centre."""

    model = SatelliteSite
    fieldsets = ((None, {"fields": ["main_service", ("host_site", "opened_on"), RESTS_ON]}),)


class PlaceInline(PartInline, admin.TabularInline):
    """Places with services."""

    model = Place
    fields = ("site", "services", "opened_on", "note", *RESTS_ON)


class BuddyingArrangementInline(FactsInline):
    """Which trust supported which, and why."""

    model = BuddyingArrangement
    fieldsets = ((None, {"fields": [("supporting", "supported"), "trigger", RESTS_ON]}),)


class StatementInline(NumberedInline, admin.TabularInline):
    """Statements of one kind."""

    fields = ("number", "name", "text", *RESTS_ON)


class MilestoneInline(StatementInline):
    """Dated events on the way."""

    model = Milestone
    needed = ("happened_on",)
    fields = ("number", "happened_on", "name", "text", *RESTS_ON)


class AchievementInline(StatementInline):
    """What came of it."""

    model = Achievement
    needed = ("progress",)
    fields = ("number", "progress", "name", "text", *RESTS_ON)


class LessonInline(StatementInline):
    """What the partners learned."""

    model = Lesson


class ExpectationInline(StatementInline):
    """What people can expect."""

    model = Expectation
    needed = ("audience",)
    fields = ("number", "audience", "name", "text", *RESTS_ON)


class EndorsementInline(NumberedInline, admin.StackedInline):
    """Who spoke for it."""

    model = Endorsement
    needed = ("said_by",)
    fieldsets = (
        (None, {"fields": [("number", "said_by"), ("organisation", "happened_on"), "name", "text", RESTS_ON]}),
    )


class CareModelStepInline(StatementInline):
    """The care model, step by step."""

    model = CareModelStep


class FocusAreaInline(StatementInline):
    """What the arrangement worked on."""

    model = FocusArea


class SupportInline(StatementInline):
    """How support was given."""

    model = Support


class LegacyInline(StatementInline):
    """What stayed."""

    model = Legacy


FACTS = {
    Programme.Kind.LOCAL_CARE_NETWORK: (LocalCareNetworkInline, BoardInline, BoardMemberInline),
    Programme.Kind.SATELLITE_SITE: (SatelliteSiteInline, PlaceInline),
    Programme.Kind.BUDDYING: (BuddyingArrangementInline,),
}
"""What each kind of programme says of itself besides statements."""

STATEMENTS = (
    CareModelStepInline,
    FocusAreaInline,
    SupportInline,
    LegacyInline,
    MilestoneInline,
    AchievementInline,
    LessonInline,
    ExpectationInline,
    EndorsementInline,
)
"""The order in which an editor thinks of them."""


@admin.register(Programme)
class ProgrammeAdmin(ConfirmableAdmin, PublishableAdmin):
    """Programmes: partners, the facts of their kind, and what came of them."""

    list_display = ("name", "kind", "lead_in_short", *STANDING)
    list_filter = ("state", "kind", "stage", ReviewFilter)
    list_select_related = ("lead",)
    search_fields = ("name", "summary", *NAMES_OF_LEAD)
    search_help_text = _("Search by name or summary, or by a name or code of the organisation that leads it.")
    note_on_add = _("Save first: the facts of the kind come next.")
    fieldsets = (
        (None, {"fields": ["name", "slug", "kind", "stage", "lead", "partnership", "summary"]}),
        (_("When"), {"fields": [("started_on", "ended_on"), "length"]}),
        (_("What it is, where, and what it serves"), {"fields": ["description", "areas", "aims", "builds_on"]}),
        (_("Sources"), {"fields": ["sources"]}),
    )

    @admin.display(description=_("led by"), ordering="lead__name")
    def lead_in_short(self, programme: Programme) -> str:
        """What people call the lead."""
        return programme.lead.called

    def further_links(self, request: HttpRequest, record: Programme) -> list[tuple[str, str]]:
        """The figures of its outcomes can be imported together."""
        links = super().further_links(request, record)
        is_right = not record.is_change and workflow.may(request.user, "change", OutcomeMetric)
        if is_right and record.outcome_metrics.live().within_remit_of(request.user).exists():
            address = reverse(f"{self.admin_site.name}:programmes_observation_import", query={"programme": record.pk})
            links.append((_now("Import figures of its outcomes"), address))
        return links

    def get_inlines(self, request: HttpRequest, obj: Programme | None) -> list[type[PartInline]]:
        """What applies to its kind; on the add page, what applies to all."""
        kind = obj.kind if obj else Programme.Kind.RESEARCH
        return [ParticipationInline, *FACTS.get(kind, ()), *statements_of(kind)]

    def faults_after_saving(self, request: HttpRequest, record: Programme, form: PublishableForm) -> list[str]:
        """A new kind has no place for what belongs to the old one: nobody would see it here again."""
        faults = super().faults_after_saving(request, record, form)
        if "kind" not in form.changed_data or faults:
            return faults
        was = form.initial.get("kind")
        applies = {*FACTS.get(record.kind, ()), *statements_of(record.kind)}
        left = [
            inline.model._meta.verbose_name_plural
            for inline in [*FACTS.get(was, ()), *(statements_of(was) if was else ())]
            if inline not in applies and inline.model.objects.filter(programme=record).exists()
        ]
        return [
            _now("Delete the rows of “%(rows)s”, or keep the kind: they do not apply to the new one.") % {"rows": rows}
            for rows in left
        ]


def statements_of(kind: str) -> list[type[NumberedInline]]:
    """The statements that apply to a kind of programme."""
    kinds = Statement.kinds_for(kind)
    return [inline for inline in STATEMENTS if inline.model.of_kind in kinds]


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    """Services that places offer."""

    list_display = ("name", "slug")
    search_fields = ("name",)
    search_help_text = _("Search by name.")
    ordering = ("name", "pk")
    prepopulated_fields = {"slug": ("name",)}
