"""The lists that the portal writes itself: former addresses, who did what, what is scheduled."""

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Act, FormerSlug, OfRecord, Publishable, Schedule


class RecordLinkAdmin(admin.ModelAdmin):
    """A list of rows that point at records of any kind. The portal writes them; nobody adds or changes one."""

    list_select_related: tuple[str, ...] = ("content_type",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rows of records within the person's remit, with the records, in one query for each kind of record."""
        return super().get_queryset(request).within_remit_of(request.user).prefetch_related("record")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes one by hand."""
        return False

    @admin.display(description=_("record"))
    def record_link(self, row: OfRecord) -> str:
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
    def kind(self, row: OfRecord) -> str:
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


@admin.register(Schedule)
class ScheduleAdmin(RecordLinkAdmin):
    """What the portal shall publish or withdraw by itself, the earliest first, and what it could not."""

    list_display = ("due_at", "act", "kind", "record_link", "set_by", "fault")
    fields = ("due_at", "act", "kind", "record_link", "reason", "see_instead", "set_by", "fault")
    list_filter = ("act", ("fault", admin.EmptyFieldListFilter))
    list_select_related = ("content_type", "set_by")
    ordering = ("due_at", "pk")
    actions = ("cancel",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A schedule is cancelled, which is written down."""
        return False

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Who may publish some kind of record; whether this one, is asked for each."""
        kinds = [model for model in apps.get_models() if issubclass(model, Publishable)]
        return any(workflow.may(request.user, "publish", model) for model in kinds)

    @admin.action(permissions=["cancel"], description=_("Cancel the selected schedules"))
    def cancel(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Cancel them one by one; one that cannot be cancelled stops none of the others."""
        done = 0
        for made in queryset:
            try:
                scheduling.cancel(made, by=request.user)
            except workflow.REFUSALS as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                done += 1
        if done:
            words = ngettext("%d schedule was cancelled.", "%d schedules were cancelled.", done)
            self.message_user(request, words % done, messages.SUCCESS)
