"""What the admin of every publishable record shares: its list, its form, and who may do what there."""

import datetime
from collections import Counter
from collections.abc import Sequence
from functools import partial

from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import NestedObjects, model_ngettext, quote, unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Prefetch, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from trustportal.accounts.models import User
from trustportal.publishing import checks, lists_admin, workflow
from trustportal.publishing.acting_admin import ActingAdmin
from trustportal.publishing.editing import LiveChoices, PublishableForm
from trustportal.publishing.models import OfRecord, Part, Publishable, State
from trustportal.publishing.scheduling import is_scheduled
from trustportal.publishing.together_admin import TogetherAdmin
from trustportal.publishing.versions_admin import VersionsAdmin

# The last two are here so that Django finds what they register.
__all__ = ["STANDING", "PublishableAdmin", "ReviewFilter", "checks", "lists_admin"]

SOON = datetime.timedelta(days=90)
STANDING = ("state", "change", "last_update", "review_due")
"""The columns with which the list of every kind of record ends."""
FOR_OUR_EYES = frozenset({"draft_of", "owner"})  # and whatever points at a record: its open change, its rows


def _may_be_named(row: Model, person: User) -> bool:
    """Whether what a row says may be told to a person: it belongs to one of their records, or the public sees it."""
    record = getattr(row, row.record_field) if isinstance(row, Part) else row
    record = record.record if isinstance(record, OfRecord) else record
    return not isinstance(record, Publishable) or record.is_published or record.is_within_remit_of(person)


class UnfitAsAWhole(Exception):
    """The record and its parts, taken together, break rules; the argument lists them."""


class ReviewFilter(admin.SimpleListFilter):
    """Finds the pages that somebody should read again."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, object]]:
        """Late, or soon due."""
        return [("overdue", _("Overdue")), ("soon", _("Due in the next 90 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Only published records are reviewed."""
        today = timezone.localdate()
        if self.value() == "overdue":
            return queryset.overdue(today)
        if self.value() == "soon":
            return queryset.due_for_review(today, today + SOON)
        return queryset


class ChangeFilter(admin.SimpleListFilter):
    """Finds the published records that somebody is changing."""

    title = _("open change")
    parameter_name = "change"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, object]]:
        """How far the change has come."""
        return [("draft", _("Draft")), ("in_review", _("In review"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Those with an open change in that state."""
        if not self.value():
            return queryset
        changes = queryset.model.objects.changes().within_remit_of(request.user)
        return queryset.filter(open_change__in=changes.filter(state=self.value()))


class FactsFilter(admin.SimpleListFilter):
    """Finds the pages that must say that something is not known."""

    title = _("facts")
    parameter_name = "facts"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, object]]:
        """Something is not known."""
        return [("missing", _("Something is missing"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Those that lack a fact that a complete page has."""
        return queryset.lacking_facts() if self.value() == "missing" else queryset


class PublishableAdmin(VersionsAdmin, ActingAdmin, TogetherAdmin, LiveChoices, admin.ModelAdmin):
    """Editing records that are drafted, reviewed, published and one day withdrawn.

    The state changes through the workflow's acts alone, never through the form. Authors change drafts and changes;
    what is in review is changed by those who may publish; what is public or withdrawn by nobody: for that a change is
    started, which has the same form at an address of its own. Nothing that the public has ever seen is deleted.
    """

    form = PublishableForm
    change_form_template = "admin/publishable/change_form.html"
    actions = ("delete_selected",)
    ordering = ("name", "pk")
    list_display: tuple[str, ...] = ("name", *STANDING)
    list_filter: tuple[object, ...] = ("state", ReviewFilter)
    search_fields: tuple[str, ...] = ("name",)
    search_help_text = _("Search by name.")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("state", "first_published_at", "updated_at", "last_reviewed_on", "next_review_due_on")
    note_on_add: str = ""  # what an editor should know before the record exists

    # The list

    @admin.display(description=_("last update"), ordering="updated_at", empty_value="–")
    def last_update(self, record: Publishable) -> str | None:
        """The day of the last substantive update."""
        return date_format(timezone.localdate(record.updated_at), "j M Y") if record.updated_at else None

    @admin.display(description=_("next review due"), ordering="next_review_due_on", empty_value="–")
    def review_due(self, record: Publishable) -> str | None:
        """When somebody should read the page again, and whether that day has gone by."""
        due = record.next_review_due_on
        if not due or not record.is_published:
            return None
        words = date_format(due, "j M Y")
        if due >= timezone.localdate():
            return words
        return format_html("<strong>{}</strong>", _now("Overdue: %(date)s") % {"date": words})

    @admin.display(description=_("open change"), empty_value="–")
    def change(self, record: Publishable) -> str | None:
        """How far the change has come that somebody is preparing, linked to it."""
        change = getattr(record, "open_change", None)
        return change and format_html('<a href="{}">{}</a>', self.url_of(change, "change"), change.get_state_display())

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The records themselves that the person may see, each with its open change where they may work on that."""
        changes = Prefetch("open_change", self.model.objects.changes().within_remit_of(request.user))
        return super().get_queryset(request).live().visible_to(request.user).prefetch_related(changes)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest | None = None) -> bool:
        """Whether an address may filter by a column: who works for some organisations alone does not learn that way
        which records of others are being changed, or what else hangs on them."""
        if request and request.user.remit is not None:
            name = lookup.partition("__")[0]
            if name in FOR_OUR_EYES or name in {relation.name for relation in self.model._meta.related_objects}:
                return False
        return super().lookup_allowed(lookup, value, request)

    def get_list_filter(self, request: HttpRequest) -> list:
        """By what tells these records apart, and by what waits."""
        return [*super().get_list_filter(request), ChangeFilter, FactsFilter]

    # Who may what

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who works for some organisations alone adds records of theirs, but no organisations."""
        is_organisation = self.model.answered_for_by == "pk"
        return super().has_add_permission(request) and not (is_organisation and request.user.remit is not None)

    def has_view_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """What the public sees, all who edit may look at; the rest, those who work for its organisation."""
        return workflow.may(request.user, "view", obj or self.model)

    def has_publish_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """Who decides what the public sees."""
        return workflow.may(request.user, "publish", obj or self.model)

    def has_change_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """Who may write in it now."""
        if obj is None:
            return workflow.may(request.user, "change", self.model)
        if not hasattr(obj, "is_open_to_person"):  # asked several times a page, and before a form fills the record in
            obj.is_open_to_person = (
                obj.is_in_work
                and workflow.may(request.user, "change", obj)
                and (obj.state != State.IN_REVIEW or self.has_publish_permission(request, obj))
                and not is_scheduled(obj)
            )
        return obj.is_open_to_person

    def has_delete_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """What the public has seen is withdrawn, not deleted; a change of it is discarded."""
        if obj is None:
            return super().has_delete_permission(request)
        return workflow.may(request.user, "delete", obj) and not obj.was_published and not obj.is_change

    def get_deleted_objects(self, objs: Sequence, request: HttpRequest) -> tuple[list, dict, set, list]:
        """What goes with some records, and what stands against it.

        Of what belongs to others and is not public, whoever works for some organisations alone reads no more than what
        it is and how much of it.
        """
        found = super().get_deleted_objects(objs, request)
        if request.user.remit is None or not objs:
            return found
        _to_delete, counts, lacking, _protected = found
        collector = NestedObjects(using=objs[0]._state.db, origin=objs)
        collector.collect(objs)
        named = [row for row in collector.protected if _may_be_named(row, request.user)]
        others = Counter(type(row) for row in collector.protected if row not in named)
        against = [self._named(row, request.user) for row in named]
        for model, count in others.items():
            words = {"count": count, "kind": model_ngettext(model, count)}
            against.append(_now("%(count)d %(kind)s of other organisations") % words)
        return collector.nested(partial(self._named, person=request.user)), counts, lacking, against

    def _named(self, row: Model, person: User) -> str:
        """A row that goes, or stands against it, linked to its page where it has one."""
        kind = capfirst(str(row._meta.verbose_name))
        if not _may_be_named(row, person):
            return _now("%(kind)s of another organisation") % {"kind": kind}
        if not self.admin_site.is_registered(type(row)):
            return f"{kind}: {row}"
        address = admin_urlname(row._meta, "change")
        return format_html('{}: <a href="{}">{}</a>', kind, reverse(address, args=[quote(row.pk)]), row)

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Publishable | None = None) -> list:
        """The facts, what a change is for, then how the record stands with the public.

        Of the records of others, those who work for some organisations alone see here no more than how they stand: the
        facts may name their drafts, which the public page leaves out.
        """
        if obj and not obj.is_within_remit_of(request.user):
            words = _("Another organisation answers for this record. Its public page has the rest.")
            return [(None, {"fields": ["name", "slug", "summary", *self.readonly_fields], "description": words})]
        fieldsets = [*super().get_fieldsets(request, obj)]
        if obj and obj.is_change:
            words = _("Fill it in before you submit. Readers see the line when the change is published.")
            fields = ["change_note", "is_small_correction"]
            fieldsets.append((_("What changed"), {"fields": fields, "description": words}))
        fields = ["owner", "provenance"]
        if obj:
            fields += ["state"] if obj.is_change else self.readonly_fields
            if obj.state == State.WITHDRAWN:
                fields += ["withdrawal_reason", "see_instead"]
            if self.has_change_permission(request, obj):
                fields.append("opened_at")
        return [*fieldsets, (_("Publication"), {"fields": fields})]

    def get_inline_instances(self, request: HttpRequest, obj: Publishable | None = None) -> list:
        """The parts; of the records of others none, as with their facts."""
        if obj and not obj.is_within_remit_of(request.user):
            return []
        return super().get_inline_instances(request, obj)

    def get_form(self, request: HttpRequest, obj: Publishable | None = None, **kwargs: object) -> type[Form]:
        """The form, which knows what was wrong with the whole when it was last sent, and of a newer text."""
        form = super().get_form(request, obj, **kwargs)
        form.faults = getattr(request, "faults_as_a_whole", [])
        form.newer_save = getattr(request, "newer_save", None)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, object]:
        """Whoever adds a record is its owner until somebody else is named."""
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Publishable | None:
        """A record or a working copy; locked while it is being saved, so that nobody else does anything to it."""
        try:
            key = self.model._meta.pk.to_python(object_id)
        except (ValidationError, ValueError):
            return None
        record = self.model._default_manager.select_related("draft_of").filter(pk=key).first()
        if record and request.method == "POST" and transaction.get_connection().in_atomic_block:
            try:
                return workflow.locked(record)
            except workflow.WrongState:
                return None
        return record

    def get_view_on_site_url(self, obj: Publishable | None = None) -> str | None:
        """Its public page, once it has one."""
        return obj.get_absolute_url() if obj and obj.is_published else None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Show or save the form. Where nothing can be saved, what was typed stays there, or is given back to copy."""
        if object_id is None or request.method != "POST":
            return self._form_as_a_whole(request, object_id, form_url, extra_context)
        with transaction.atomic():  # so that nobody does anything to the record between this look at it and the save
            record = self.get_object(request, unquote(object_id))
            if answer := self.closed_meanwhile(request, record):
                return answer
            if record and self.has_change_permission(request, record):
                self.look_for_newer_save(request, record)
                request.typed_elsewhere = self.typed_elsewhere(request, record)
            return self._form_as_a_whole(request, object_id, form_url, extra_context)

    def _form_as_a_whole(self, request: HttpRequest, *args: object) -> HttpResponse:
        try:
            return super().changeform_view(request, *args)
        except UnfitAsAWhole as unfit:
            request.faults_as_a_whole = unfit.args[0]
            return super().changeform_view(request, *args)

    def save_related(self, request: HttpRequest, form: PublishableForm, formsets: list, change: bool) -> None:
        """Save the parts, judge the whole, and keep how it reads now. Raises UnfitAsAWhole."""
        super().save_related(request, form, formsets, change)
        record = self.model._default_manager.select_related("draft_of").get(pk=form.instance.pk)
        if faults := self.faults_after_saving(request, record, form):
            raise UnfitAsAWhole(faults)
        if not change or form.changes_record or any(formset.has_changed() for formset in formsets):
            workflow.note_saved(record, by=request.user, is_new=not change)
        self.leave(request, record)

    def faults_after_saving(self, request: HttpRequest, record: Publishable, form: PublishableForm) -> list[str]:
        """What keeps the record, as it would now be, from being saved."""
        if record.is_within_remit_of(request.user):
            return []
        return [_now("You work on the records of some organisations alone: this one would belong to another.")]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, object], *args: object, **kwargs: object
    ) -> HttpResponse:
        """Add how the record stands, what the person may do to it, and who else has it open."""
        record = context["original"]
        context |= {
            "note_on_add": "" if record else self.note_on_add,
            "standing": None,
            "others": "",
            "presence_url": "",
            "typed_elsewhere": getattr(request, "typed_elsewhere", []),
        }
        if record and not context["is_popup"]:
            context["standing"] = self.standing_of(request, record)
            if self.has_change_permission(request, record):
                context |= {
                    "others": self.others_at(request, record),
                    "presence_url": self.url_of(record, "presence"),
                }
        return super().render_change_form(request, context, *args, **kwargs)
