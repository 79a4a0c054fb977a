"""What the admin of every publishable record shares: its list, its form, and the acts on what the public sees."""

import datetime
from collections.abc import Iterable
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from trustportal.publishing import workflow
from trustportal.publishing.editing import LiveChoices, PublishableForm
from trustportal.publishing.models import Act, FormerSlug, Publishable, State
from trustportal.publishing.offers import LONGEST_NOTE, OFFERS, NoteForm, Offer

SOON = datetime.timedelta(days=90)
STANDING = ("state", "last_update", "review_due")
"""The columns with which the list of every kind of record ends."""


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
            return queryset.filter(state=State.PUBLISHED, next_review_due_on__lt=today)
        if self.value() == "soon":
            return queryset.filter(state=State.PUBLISHED, next_review_due_on__range=(today, today + SOON))
        return queryset


class PublishableAdmin(LiveChoices, admin.ModelAdmin):
    """Editing records that are drafted, reviewed, published and one day withdrawn.

    The state changes through the workflow's acts alone, never through the form. Authors change drafts; whatever has
    gone further is changed by those who may publish. Nothing that the public has ever seen is deleted.
    """

    form = PublishableForm
    change_form_template = "admin/publishable/change_form.html"
    action_form = NoteForm
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

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The records themselves, without working copies."""
        return super().get_queryset(request).live()

    # Who may what

    def has_publish_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """Who decides what the public sees."""
        return workflow.may(request.user, "publish", obj or self.model)

    def has_change_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """Drafts are changed by all who edit; what has gone further, by those who may publish."""
        may_change = super().has_change_permission(request, obj)
        if obj is None or obj.state == State.DRAFT:
            return may_change
        return may_change and self.has_publish_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        """What the public has seen is withdrawn, not deleted: its address goes on saying what became of it."""
        return super().has_delete_permission(request, obj) and not (obj and obj.was_published)

    @admin.action(permissions=["delete"], description=_("Delete the selected drafts"))
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Delete what may be deleted; say what is left out."""
        kept = [record for record in queryset if not self.has_delete_permission(request, record)]
        for record in kept:
            why = _now("“%(record)s” was published once, so it can be withdrawn but not deleted.") % {"record": record}
            self.message_user(request, why, messages.ERROR)
        rest = queryset.exclude(pk__in=[record.pk for record in kept])
        return delete_selected(self, request, rest) if rest else None

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Publishable | None = None) -> list:
        """The facts, then how the record stands with the public."""
        fields = ["owner", "provenance"]
        if obj:
            fields += self.readonly_fields
            if obj.state == State.WITHDRAWN:
                fields.append("withdrawal_reason")
            if obj.is_published and self.has_change_permission(request, obj):
                fields.append("is_small_correction")
        return [*super().get_fieldsets(request, obj), (_("Publication"), {"fields": fields})]

    def get_form(self, request: HttpRequest, obj: Publishable | None = None, **kwargs: object) -> type[Form]:
        """The form, which knows what was wrong with the whole when it was last sent."""
        form = super().get_form(request, obj, **kwargs)
        form.faults = getattr(request, "faults_as_a_whole", [])
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, object]:
        """Whoever adds a record is its owner until somebody else is named."""
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Publishable | None:
        """The record; locked while it is being saved, so that nobody publishes or withdraws it meanwhile."""
        record = super().get_object(request, object_id, from_field)
        if record and request.method == "POST" and transaction.get_connection().in_atomic_block:
            return self.get_queryset(request).select_for_update(of=("self",)).filter(pk=record.pk).first()
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
        """Show or save the form. Where the whole breaks a rule, nothing is saved and what was typed stays there."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except UnfitAsAWhole as unfit:
            request.faults_as_a_whole = unfit.args[0]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_related(self, request: HttpRequest, form: PublishableForm, formsets: list, change: bool) -> None:
        """Save the parts, judge the whole, and note what changed under the public's eyes. Raises UnfitAsAWhole."""
        super().save_related(request, form, formsets, change)
        record = self.model._default_manager.get(pk=form.instance.pk)
        if faults := self.faults_after_saving(record, form):
            raise UnfitAsAWhole(faults)
        if record.is_published and (form.changes_record or any(formset.has_changed() for formset in formsets)):
            workflow.note_update(
                record, by=request.user, substantive=not form.cleaned_data.get("is_small_correction", False)
            )

    def faults_after_saving(self, record: Publishable, form: PublishableForm) -> list[str]:
        """What keeps the record, as it would now be, from being saved. A published one keeps to the rules for that."""
        return record.faults_as_a_whole() if record.is_published else []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, object], *args: object, **kwargs: object
    ) -> HttpResponse:
        """Add the acts that the person may do to the record as it stands."""
        record = context["original"]
        context["note_on_add"] = "" if record else self.note_on_add
        context["acts"] = []
        if record and not context["is_popup"]:
            context["acts"] = [
                {"offer": offer, "url": self.url_of(record, "act", offer.name)}
                for offer in OFFERS
                if record.state in offer.states and workflow.may(request.user, offer.right, record)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    # The acts

    def url_of(self, record: Publishable, view: str, *args: str) -> str:
        """The address of a page of this admin."""
        options = self.model._meta
        return reverse(
            f"{self.admin_site.name}:{options.app_label}_{options.model_name}_{view}", args=[quote(record.pk), *args]
        )

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages and the acts."""
        options = self.model._meta
        view = self.admin_site.admin_view(self.act_view)
        name = f"{options.app_label}_{options.model_name}_act"
        return [path("<path:object_id>/act/<slug:act>/", view, name=name), *super().get_urls()]

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """Do one act to one record."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        offer = next((offer for offer in OFFERS if offer.name == act), None)
        record = self.get_object(request, unquote(object_id))
        if offer is None or record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        self.do(request, offer, [record])
        return HttpResponseRedirect(self.url_of(record, "change"))

    def get_actions(self, request: HttpRequest) -> dict[str, tuple]:
        """The acts that the person may do, and that the list's filter by state leaves possible."""
        actions = super().get_actions(request)
        if IS_POPUP_VAR in request.GET:
            return actions
        state = request.GET.get("state__exact")
        offers = {
            offer.name: (partial(_do_in_bulk, offer=offer), offer.name, offer.label)
            for offer in OFFERS
            if workflow.may(request.user, offer.right, self.model) and (not state or state in offer.states)
        }
        return {**offers, **actions}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """The list; with room for a note only for those whose acts take one."""
        response = super().changelist_view(request, extra_context)
        form = getattr(response, "context_data", {}).get("action_form")
        if form and not self.has_publish_permission(request):
            del form.fields["note"]
        return response

    def do(self, request: HttpRequest, offer: Offer, records: Iterable[Publishable]) -> None:
        """Do an act to each record and say how it went. One to which it cannot be done stops none of the others."""
        note = request.POST.get("note", "").strip()
        if len(note) > LONGEST_NOTE:
            self.message_user(request, _now("Write at most %d characters.") % LONGEST_NOTE, messages.ERROR)
            return
        done = 0
        for record in records:
            try:
                offer.run(record, by=request.user, **({offer.note_as: note} if offer.note_as else {}))
            except (workflow.WrongState, workflow.NotAllowed, workflow.NotReady) as error:
                words = _now("Not done to “%(record)s”. %(why)s") % {"record": record, "why": error}
                self.message_user(request, words, messages.ERROR)
            else:
                done += 1
                self.log_change(request, record, str(offer.label))
        if done:
            self.message_user(request, offer.done % done, messages.SUCCESS)


def _do_in_bulk(model_admin: PublishableAdmin, request: HttpRequest, queryset: QuerySet, *, offer: Offer) -> None:
    """The act, as an action of the list."""
    model_admin.do(request, offer, queryset)


class RecordLinkAdmin(admin.ModelAdmin):
    """A list of rows that point at records of any kind. The portal writes them; nobody adds or changes one."""

    list_select_related: tuple[str, ...] = ("content_type",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rows with their records, in one query for each kind of record."""
        return super().get_queryset(request).prefetch_related("record")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes one by hand."""
        return False

    @admin.display(description=_("record"))
    def record_link(self, row: FormerSlug | Act) -> str:
        """The record, linked to its page in the admin."""
        if row.record is None:
            return _now("no longer there")
        kind = row.content_type
        try:
            url = reverse(f"{self.admin_site.name}:{kind.app_label}_{kind.model}_change", args=[quote(row.object_id)])
        except NoReverseMatch:
            return str(row.record)
        return format_html('<a href="{}">{}</a>', url, row.record)

    @admin.display(description=_("kind of record"), ordering="content_type")
    def kind(self, row: FormerSlug | Act) -> str:
        """The kind of record, in the editor's words."""
        model = row.content_type.model_class()
        return str(model._meta.verbose_name) if model else row.content_type.model


@admin.register(FormerSlug)
class FormerSlugAdmin(RecordLinkAdmin):
    """Former addresses. Deleting one frees the address for another record."""

    list_display = ("slug", "kind", "record_link")
    fields = ("slug", "kind", "record_link")
    search_fields = ("slug",)
    ordering = ("slug", "pk")


@admin.register(Act)
class ActAdmin(RecordLinkAdmin):
    """Who did what to which record, when. Nobody deletes one either."""

    list_display = ("done_at", "verb", "kind", "record_link", "done_by", "note")
    fields = list_display
    list_filter = ("verb", "done_at")
    list_select_related = ("content_type", "done_by")
    search_fields = ("note", "done_by__username")
    ordering = ("-done_at", "-pk")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was done stays written down."""
        return False
