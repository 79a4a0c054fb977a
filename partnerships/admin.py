"""The admin of organisations, partnerships, places, sources and strategies."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.confirmation_admin import ConfirmableAdmin
from partnerships.models import (
    Agreement,
    Aim,
    Area,
    Membership,
    Organisation,
    OrganisationIdentifier,
    OrganisationName,
    Partnership,
    PartnershipPriority,
    Priority,
    Remit,
    Site,
    Source,
    Strategy,
    StrategyValue,
    Succession,
)
from trustportal.publishing.admin import STANDING, PublishableAdmin, ReviewFilter
from trustportal.publishing.editing import LiveChoices, NumberedInline, PartInline

SOURCES = (_("Sources"), {"fields": ["sources"]})
NAMES_OF_LEAD = (
    "lead__name",
    "lead__short_name",
    "lead__other_names__name",
    "lead__identifiers__value",
)
"""What an editor may type to find a record by the organisation that leads it."""


class OrganisationNameInline(PartInline, admin.TabularInline):
    """Other names."""

    model = OrganisationName
    fields = ("name", "kind", "ended_on", "provenance")


class OrganisationIdentifierInline(PartInline, admin.TabularInline):
    """Codes."""

    model = OrganisationIdentifier
    fields = ("scheme", "value", "provenance")


class SuccessionInline(PartInline, admin.TabularInline):
    """What followed."""

    model = Succession
    fk_name = "organisation"
    fields = ("successor", "succeeded_on", "note", "provenance")


@admin.register(Organisation)
class OrganisationAdmin(ConfirmableAdmin, PublishableAdmin):
    """Organisations: who they are, what else they are called, what followed them."""

    list_display = ("name", "kind", "place", "closed", *STANDING)
    list_filter = ("state", "kind", ReviewFilter)
    search_fields = ("name", "short_name", "other_names__name", "identifiers__value", "place")
    search_help_text = _("Search by any of its names, by a code such as RJ1, or by place.")
    inlines = (OrganisationNameInline, OrganisationIdentifierInline, SuccessionInline)
    fieldsets = (
        (None, {"fields": ["name", "slug", "kind", "short_name", "summary"]}),
        (_("Where it is and what it does"), {"fields": ["place", "country", "parent", "website", "description"]}),
        (
            _("If it has closed"),
            {
                "fields": ["closed_on", "closure_reason", "what_followed"],
                "description": _("Fill in all three, and name its successors below. Otherwise leave them empty."),
            },
        ),
        SOURCES,
    )

    @admin.display(description=_("closed"), ordering="closed_on", empty_value="–")
    def closed(self, organisation: Organisation) -> str | None:
        """When it closed, in words."""
        return organisation.closed_on.words if organisation.closed_on else None


@admin.register(Source)
class SourceAdmin(PublishableAdmin):
    """Sources: the documents and pages on which statements rest."""

    list_display = ("name", "kind", "publisher", "published", *STANDING)
    list_filter = ("state", "kind", ReviewFilter)
    search_fields = ("name", "url", "publisher__name", "publisher__short_name")
    search_help_text = _("Search by name, web address or publisher.")
    list_select_related = ("publisher",)
    fieldsets = (
        (None, {"fields": ["name", "slug", "kind", "publisher", "url", "summary"]}),
        (_("When, and what to know of it"), {"fields": ["published_on", "changed_on", "notes"]}),
    )

    @admin.display(description=_("published"), ordering="published_on", empty_value="–")
    def published(self, source: Source) -> str | None:
        """When it came out, in words."""
        return source.published_on.words if source.published_on else None


class MembershipInline(PartInline, admin.TabularInline):
    """Members."""

    model = Membership
    fields = ("organisation", "role", "note", "started_on", "ended_on", "source", "provenance")


class AgreementInline(PartInline, admin.StackedInline):
    """What was signed."""

    model = Agreement
    fieldsets = (
        (
            None,
            {
                "fields": [
                    ("name", "kind"),
                    "summary",
                    ("signed_on", "ended_on", "renewal_due_on"),
                    ("document", "source", "provenance"),
                ]
            },
        ),
    )


class PartnershipPriorityInline(NumberedInline, admin.TabularInline):
    """What the partners put first."""

    model = PartnershipPriority
    fields = ("number", "name", "text", "source", "provenance")


@admin.register(Partnership)
class PartnershipAdmin(ConfirmableAdmin, PublishableAdmin):
    """Partnerships: who belongs to them, what was signed, what the partners put first."""

    list_display = ("name", "kind", "scope", "lead_in_short", *STANDING)
    list_filter = ("state", "kind", "scope", ReviewFilter)
    list_select_related = ("lead",)
    search_fields = ("name", "summary", *NAMES_OF_LEAD)
    search_help_text = _("Search by name or summary, or by a name or code of the lead.")
    inlines = (MembershipInline, AgreementInline, PartnershipPriorityInline)
    fieldsets = (
        (None, {"fields": ["name", "slug", "kind", "scope", "lead", "part_of", "summary"]}),
        (_("When"), {"fields": [("started_on", "ended_on")]}),
        (_("What the partners do, and who decides"), {"fields": ["description", "governance"]}),
        (_("Whom it serves"), {"fields": [("population_served", "population_note"), "areas", "aims"]}),
        SOURCES,
    )

    @admin.display(description=_("lead"), ordering="lead__name")
    def lead_in_short(self, partnership: Partnership) -> str:
        """What people call the lead."""
        return partnership.lead.called


@admin.register(Area)
class AreaAdmin(LiveChoices, admin.ModelAdmin):
    """Areas that something serves."""

    list_display = ("name", "kind", "code", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    search_help_text = _("Search by name or ONS code.")
    ordering = ("name", "pk")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "kind", "code", "parent")


@admin.register(Site)
class SiteAdmin(PublishableAdmin):
    """Sites: places with an address and a position."""

    list_display = ("name", "kind", "organisation", "area", *STANDING)
    list_filter = ("state", "kind", ReviewFilter)
    list_select_related = ("organisation", "area")
    search_fields = ("name", "address", "postcode", "area__name", "organisation__name", "organisation__short_name")
    search_help_text = _("Search by name, address, postcode, area or the organisation that runs it.")
    fieldsets = (
        (None, {"fields": ["name", "slug", "kind", "organisation", "summary"]}),
        (_("Where it is"), {"fields": ["address", "postcode", "area", ("latitude", "longitude"), "is_approximate"]}),
        (_("What happens there"), {"fields": ["description"]}),
        SOURCES,
    )


@admin.register(Remit)
class RemitAdmin(LiveChoices, admin.ModelAdmin):
    """Who works on the records of some organisations alone.

    Whoever has such limits sets and lifts none, their own least of all.
    """

    list_display = ("person", "organisation")
    list_select_related = ("person", "organisation")
    search_fields = ("person__username", "person__last_name", "organisation__name")
    search_help_text = _("Search by person or organisation.")
    ordering = ("person__username", "organisation__name", "pk")
    fields = ("person", "organisation")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who has the right and no limits."""
        return super().has_add_permission(request) and request.user.remit is None

    def has_change_permission(self, request: HttpRequest, obj: Remit | None = None) -> bool:
        """Who has the right and no limits."""
        return super().has_change_permission(request, obj) and request.user.remit is None

    def has_delete_permission(self, request: HttpRequest, obj: Remit | None = None) -> bool:
        """Who has the right and no limits."""
        return super().has_delete_permission(request, obj) and request.user.remit is None


class StrategyValueInline(NumberedInline, admin.TabularInline):
    """What the trust stands for."""

    model = StrategyValue
    fields = ("number", "text", "source", "provenance")


@admin.register(Strategy)
class StrategyAdmin(PublishableAdmin):
    """Strategies and their values. Priorities and aims have lists of their own."""

    list_display = ("name", "lead", "period", *STANDING)
    list_select_related = ("lead",)
    search_fields = ("name", *NAMES_OF_LEAD)
    search_help_text = _("Search by name, or by a name or code of the organisation whose it is.")
    inlines = (StrategyValueInline,)
    fieldsets = (
        (None, {"fields": ["name", "slug", "lead", "summary", "vision"]}),
        (_("When"), {"fields": [("started_on", "ended_on"), "length_in_years"]}),
        (_("Why it came about and what it rests on"), {"fields": ["description", "foundations"]}),
        SOURCES,
    )

    @admin.display(description=_("period"), ordering="started_on")
    def period(self, strategy: Strategy) -> str:
        """When it holds, in words."""
        return strategy.period


@admin.register(Priority)
class PriorityAdmin(PublishableAdmin):
    """Priorities of strategies."""

    list_display = ("name", "strategy", "position", *STANDING)
    list_select_related = ("strategy",)
    ordering = ("strategy__name", "position", "pk")
    search_fields = ("name", "strategy__name")
    search_help_text = _("Search by name or strategy.")
    fieldsets = ((None, {"fields": ["name", "slug", "strategy", "position", "summary"]}), SOURCES)


@admin.register(Aim)
class AimAdmin(PublishableAdmin):
    """Aims of priorities, which partnerships and programmes serve."""

    list_display = ("name", "priority", "position", *STANDING)
    list_select_related = ("priority",)
    ordering = ("priority__name", "position", "pk")
    search_fields = ("name", "priority__name")
    search_help_text = _("Search by name or priority.")
    fieldsets = ((None, {"fields": ["name", "slug", "priority", "position", "summary"]}), SOURCES)
