"""Acts in the admin: on the page of a record, on pages of their own where they ask something, and in the lists."""

from collections.abc import Iterable
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from trustportal.publishing import scheduling, sharing, workflow
from trustportal.publishing.models import Publishable, Schedule, ShareLink, State
from trustportal.publishing.offers import OFFERS, Offer
from trustportal.publishing.preview import Preview, page_of
from trustportal.publishing.rights import needs_other_eyes


class ActingAdmin(admin.ModelAdmin):
    """The acts on what the public sees, for the admin of a publishable record."""

    # What is offered

    def url_of(self, record: Publishable, view: str, *args: object) -> str:
        """The address of a page of this admin."""
        options = self.model._meta
        return reverse(
            f"{self.admin_site.name}:{options.app_label}_{options.model_name}_{view}", args=[quote(record.pk), *args]
        )

    def further_links(self, request: HttpRequest, record: Publishable) -> list[tuple[str, str]]:
        """More that can be done with a record, as words and address."""
        return []

    def standing_of(self, request: HttpRequest, record: Publishable) -> dict[str, object]:
        """How a record stands on its way to the public, and what the person may do now, for its page."""
        person = request.user
        schedules = []
        if record.is_within_remit_of(person):
            schedules = list(Schedule.objects.on(record).select_related("set_by"))
        waits = any(made.act == Schedule.What.PUBLISH and not made.fault for made in schedules)
        open_change = None if record.is_change else type(record)._base_manager.filter(draft_of=record).first()
        offers = [offer for offer in OFFERS if offer.suits(record, person)]
        hidden = set()
        if open_change:
            hidden |= {"start_change"}
            if not workflow.may(person, "view", open_change):
                open_change = None
        if waits:
            hidden |= {"submit", "schedule", "return_to_draft"}
        if (waits or record.state == State.IN_REVIEW) and not workflow.may(person, "publish", record):
            hidden |= {"discard"}
        if any(made.act == Schedule.What.WITHDRAW for made in schedules):
            hidden |= {"schedule_withdrawal"}
        return {
            "record": record,
            "open_change": open_change,
            "open_change_url": self.url_of(open_change, "change") if open_change else "",
            "public_url": self.url_of(record.itself, "change") if record.is_change else "",
            "needs_other_eyes": workflow.may(person, "publish", record) and needs_other_eyes(person, record),
            "schedules": [
                {
                    "made": made,
                    "url": self.url_of(record, "cancel_schedule", made.pk),
                    "may_cancel": workflow.may(person, "publish", record),
                }
                for made in schedules
            ],
            "acts": [
                {"offer": offer, "url": self.url_of(record, "act", offer.name)}
                for offer in offers
                if offer.name not in hidden
            ],
            "links": [
                *([(_now("Preview"), self.url_of(record, "preview"))] if record.is_in_work else []),
                *([(_now("Compare with what is public"), self.url_of(record, "compare"))] if record.is_change else []),
                *self.further_links(request, record),
            ],
        }

    # Pages

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages, the acts and the preview."""
        options = self.model._meta
        pages = {
            "act": ("act/<slug:act>/", self.act_view),
            "preview": ("preview/", self.preview_view),
            "revoke_link": ("revoke-link/<int:key>/", self.revoke_link_view),
            "cancel_schedule": ("cancel-schedule/<int:key>/", self.cancel_schedule_view),
        }
        return [
            *(
                path(
                    f"<path:object_id>/{route}",
                    self.admin_site.admin_view(view),
                    name=f"{options.app_label}_{options.model_name}_{name}",
                )
                for name, (route, view) in pages.items()
            ),
            *super().get_urls(),
        ]

    def record_for(self, request: HttpRequest, object_id: str) -> Publishable:
        """The record that a page is about. Raises Http404, or PermissionDenied where the person may not see it."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        return record

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """Do one act to one record; where the act asks something, ask first."""
        offer = next((offer for offer in OFFERS if offer.name == act), None)
        if offer is None:
            raise Http404
        if request.method not in ({"GET", "POST"} if offer.form else {"POST"}):
            return HttpResponseNotAllowed(["POST"])
        record = self.record_for(request, object_id)
        opened_at = request.POST.get("opened_at", request.GET.get("opened_at", str(record.edit_number)))
        if opened_at != str(record.edit_number):
            words = _now("Somebody saved a newer text of “%(record)s” since you opened it. Look at it first.")
            self.message_user(request, words % {"record": record}, messages.ERROR)
            return HttpResponseRedirect(self.url_of(record, "change"))
        form = offer.form(request.POST if request.method == "POST" else None) if offer.form else None
        is_complete = request.method == "POST" and (form is None or form.is_valid())
        if is_complete:
            result = self.do(request, offer, [record], **(form.cleaned_data if form else {}))
            if result is not None or form is None:
                return HttpResponseRedirect(self._after(offer, record, result))
        if not offer.suits(record, request.user):
            if not is_complete:  # otherwise it was said why
                words = _now("This cannot be done to “%(record)s” as it stands now.") % {"record": record}
                self.message_user(request, words, messages.ERROR)
            return HttpResponseRedirect(self.url_of(record, "change"))
        return self._asking_page(request, offer, record, form, opened_at)

    def _after(self, offer: Offer, record: Publishable, result: Publishable | None) -> str:
        """Where to go once an act is done."""
        if offer.name == "share":
            return self.url_of(record, "act", "share")
        return self.url_of(result or record, "change")

    def _asking_page(
        self, request: HttpRequest, offer: Offer, record: Publishable, form: object, opened_at: str
    ) -> HttpResponse:
        links = []
        if offer.name == "share":
            now = timezone.now()
            links = [
                {
                    "made": link,
                    "works": link.works(now),
                    "address": request.build_absolute_uri(link.get_address()),
                    "url": self.url_of(record, "revoke_link", link.pk),
                }
                for link in ShareLink.objects.on(record).select_related("made_by").order_by("-pk")[:20]
            ]
        context = {
            **self.admin_site.each_context(request),
            "title": offer.label,
            "opts": self.model._meta,
            "original": record,
            "offer": offer,
            "form": form,
            "opened_at": opened_at,
            "links": links,
            "back": self.url_of(record, "change"),
        }
        return TemplateResponse(request, "admin/publishable/act.html", context)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of a draft or a change, in the real template. A public record is shown where the public sees it."""
        record = self.record_for(request, object_id)
        if not record.is_in_work:
            return HttpResponseRedirect(record.get_absolute_url())
        words = _now("It shows “%(record)s” as it would be if it were published now.") % {"record": record}
        return page_of(request, record, Preview(record, words, back=self.url_of(record, "change")))

    def revoke_link_view(self, request: HttpRequest, object_id: str, key: int) -> HttpResponse:
        """End a share link."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.record_for(request, object_id)
        try:
            sharing.revoke(get_object_or_404(ShareLink.objects.on(record), pk=key), by=request.user)
        except workflow.NotAllowed as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, _now("The link no longer works."), messages.SUCCESS)
        return HttpResponseRedirect(self.url_of(record, "act", "share"))

    def cancel_schedule_view(self, request: HttpRequest, object_id: str, key: int) -> HttpResponse:
        """Cancel a schedule."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.record_for(request, object_id)
        try:
            scheduling.cancel(get_object_or_404(Schedule.objects.on(record), pk=key), by=request.user)
        except workflow.REFUSALS as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, _now("The schedule was cancelled."), messages.SUCCESS)
        return HttpResponseRedirect(self.url_of(record, "change"))

    # Lists

    def get_actions(self, request: HttpRequest) -> dict[str, tuple]:
        """The acts that can be done to several at once, as far as the person may."""
        actions = super().get_actions(request)
        if IS_POPUP_VAR in request.GET:
            return actions
        offers = {
            offer.name: (partial(_do_in_bulk, offer=offer), offer.name, offer.label)
            for offer in OFFERS
            if offer.in_bulk and workflow.may(request.user, offer.right, self.model)
        }
        return {**offers, **actions}

    @admin.action(permissions=["delete"], description=_("Delete the selected drafts"))
    def delete_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Delete what may be deleted; say what is left out."""
        kept = [record for record in queryset if not self.has_delete_permission(request, record)]
        for record in kept:
            why = _now("“%(record)s” cannot be deleted: it was published once, or it is not yours.") % {
                "record": record
            }
            self.message_user(request, why, messages.ERROR)
        rest = queryset.exclude(pk__in=[record.pk for record in kept])
        return delete_selected(self, request, rest) if rest else None

    def do(
        self, request: HttpRequest, offer: Offer, records: Iterable[Publishable], **asked: object
    ) -> Publishable | None:
        """Do an act to each record and say how it went. One to which it cannot be done stops none of the others.

        Gives what the last one has become, or None where it could not be done.
        """
        done, result = 0, None
        for record in records:
            try:
                result = offer.run(record, by=request.user, **asked)
            except workflow.REFUSALS as error:
                words = _now("Not done to “%(record)s”. %(why)s") % {"record": record, "why": error}
                self.message_user(request, words, messages.ERROR)
                result = None
            else:
                done += 1
                self.log_change(request, record.itself, str(offer.label))
        if done:
            self.message_user(request, offer.done % done, messages.SUCCESS)
        return result


def _do_in_bulk(model_admin: ActingAdmin, request: HttpRequest, queryset: QuerySet, *, offer: Offer) -> None:
    """The act, as an action of the list: where a record has an open change, to the change."""
    records = [
        record.open_change if offer.name != "confirm_reviewed" and hasattr(record, "open_change") else record
        for record in queryset  # with the open changes on which the person may work
    ]
    model_admin.do(request, offer, records)
