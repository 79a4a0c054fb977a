"""Asking partners from the admin: the page with which an editor asks, and the list of all questions and answers."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.defaultfilters import linebreaks
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partnerships import confirmations
from partnerships.models import Confirmation, Organisation
from trustportal.publishing import workflow
from trustportal.publishing.lists_admin import RecordLinkAdmin
from trustportal.publishing.models import Publishable
from trustportal.publishing.rights import may

SHOWN_EARLIER = 50


def full_address(confirmation: Confirmation) -> str:
    """The whole address at which the partner answers."""
    return f"{settings.SITE_URL}{confirmation.get_address()}"


def in_words(at: datetime.datetime) -> str:
    """A time as a day, in words."""
    return date_format(timezone.localtime(at), "j M Y")


# The list of questions and answers


@dataclass(frozen=True)
class ConfirmationAct:
    """What an editor can do to a question or an answer."""

    name: str
    label: str
    done: object  # how to say that it was done to so many
    run: Callable[..., None]

    def suits(self, confirmation: Confirmation) -> bool:
        """Whether it can be done as things stand."""
        if self.name == "cancel":
            return not confirmation.answer and confirmation.cancelled_at is None
        return bool(confirmation.answer) and confirmation.handled_at is None


ACTS = (
    ConfirmationAct(
        "mark-dealt-with",
        _("Mark as dealt with"),
        ngettext_lazy("%d answer was marked as dealt with.", "%d answers were marked as dealt with."),
        confirmations.mark_dealt_with,
    ),
    ConfirmationAct(
        "cancel",
        _("Cancel the question"),
        ngettext_lazy("%d question was cancelled.", "%d questions were cancelled."),
        confirmations.cancel,
    ),
)


class AnswerFilter(admin.SimpleListFilter):
    """Finds what waits for the partner, and what waits for an editor."""

    title = _("what is awaited")
    parameter_name = "is"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, object]]:
        """The steps of a question."""
        return [
            ("waiting", _("Waiting for an answer")),
            ("unseen", _("Answered, not dealt with")),
            ("dealt-with", _("Dealt with")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Those at that step."""
        if self.value() == "waiting":
            return queryset.open(timezone.now())
        if self.value() == "unseen":
            return queryset.unseen()
        return queryset.dealt_with() if self.value() == "dealt-with" else queryset


@admin.register(Confirmation)
class ConfirmationAdmin(RecordLinkAdmin):
    """Whom we asked whether a page is right, and what they said. Questions are asked from the page of the record."""

    change_form_template = "admin/confirmation/change_form.html"
    list_display = ("partner", "record_link", "asked", "standing", "answered", "handled")
    list_filter = (AnswerFilter, "answer")
    list_select_related = ("content_type", "organisation", "asked_by")
    search_fields = ("organisation__name", "organisation__short_name", "answered_by", "email")
    search_help_text = _("Search by partner, by who answered, or by email.")
    ordering = ("-asked_at", "-pk")
    actions = ("mark_as_dealt_with", "cancel_questions")
    fieldsets = (
        (None, {"fields": ["organisation", "kind", "record_link", "standing"]}),
        (_("The answer"), {"fields": ["answered_by", "answered_at", "said", "handled_at"]}),
        (
            _("The question"),
            {"fields": ["asked_by", "asked_at", "email", "message", "expires_at", "sent_at", "reminded_at", "link"]},
        ),
    )
    readonly_fields = ("kind", "record_link", "standing", "said", "link")

    def has_delete_permission(self, request: HttpRequest, obj: Confirmation | None = None) -> bool:
        """What a partner said stays written down."""
        return False

    @admin.display(description=_("partner"), ordering="organisation__name")
    def partner(self, confirmation: Confirmation) -> str:
        """Its name, in a column that wraps."""
        return confirmation.organisation.name

    @admin.display(description=_("answer"))
    def standing(self, confirmation: Confirmation) -> str:
        """The answer, or why there is none."""
        return confirmation.standing_in_words(timezone.now())

    @admin.display(description=_("asked"), ordering="asked_at")
    def asked(self, confirmation: Confirmation) -> str:
        """When, and by whom."""
        return ", ".join(str(part) for part in (in_words(confirmation.asked_at), confirmation.asked_by) if part)

    @admin.display(description=_("answered"), ordering="answered_at", empty_value="–")
    def answered(self, confirmation: Confirmation) -> str | None:
        """When, and by whom."""
        return f"{in_words(confirmation.answered_at)}, {confirmation.answered_by}" if confirmation.answer else None

    @admin.display(description=_("dealt with"), ordering="handled_at", empty_value="–")
    def handled(self, confirmation: Confirmation) -> str | None:
        """When an editor was done with it."""
        return in_words(confirmation.handled_at) if confirmation.handled_at else None

    @admin.display(description=_("comments"))
    def said(self, confirmation: Confirmation) -> str:
        """What the partner wrote, section by section."""
        rows = ((section, linebreaks(text)) for section, text in confirmation.comments)
        return format_html_join("", "<p><strong>{}</strong></p>{}", rows) or "–"

    @admin.display(description=_("link for the partner"))
    def link(self, confirmation: Confirmation) -> str:
        """The address to copy, as long as it leads to the question."""
        if not confirmation.is_open(timezone.now()):
            return "–"
        return format_html("<code>{}</code>", full_address(confirmation))

    # What can be done

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages and the acts."""
        view = self.admin_site.admin_view(self.act_view)
        return [
            path("<path:object_id>/act/<slug:act>/", view, name="partnerships_confirmation_act"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, object], *args: object, **kwargs: object
    ) -> HttpResponse:
        """Add what the person may do."""
        row = context["original"]
        context["acts"] = [
            {"label": act.label, "url": reverse("admin:partnerships_confirmation_act", args=[quote(row.pk), act.name])}
            for act in ACTS
            if act.suits(row) and confirmations.may_deal_with(request.user, row)
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        """Do one act to one question."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        chosen = next((one for one in ACTS if one.name == act), None)
        confirmation = self.get_object(request, unquote(object_id))
        if chosen is None or confirmation is None:
            raise Http404
        if not self.has_view_permission(request, confirmation):
            raise PermissionDenied
        self.do(request, chosen, [confirmation])
        return HttpResponseRedirect(reverse("admin:partnerships_confirmation_change", args=[quote(confirmation.pk)]))

    @admin.action(description=ACTS[0].label, permissions=["view"])
    def mark_as_dealt_with(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Mark the chosen answers."""
        self.do(request, ACTS[0], queryset)

    @admin.action(description=_("Cancel the questions"), permissions=["view"])
    def cancel_questions(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Cancel the chosen questions."""
        self.do(request, ACTS[1], queryset)

    def do(self, request: HttpRequest, act: ConfirmationAct, rows: QuerySet | list[Confirmation]) -> None:
        """Do an act to each and say how it went. One to which it cannot be done stops none of the others."""
        done = 0
        for row in rows:
            try:
                act.run(row, by=request.user)
            except workflow.REFUSALS as error:
                self.message_user(request, f"{row}. {error}", messages.ERROR)
            else:
                done += 1
                self.log_change(request, row, str(act.label))
        if done:
            self.message_user(request, act.done % done, messages.SUCCESS)


# Asking


class AskForm(forms.Form):
    """A question to one partner among those that the page names."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Partner"), help_text=_("One of the organisations that this page names.")
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=Confirmation._meta.get_field("email").max_length,
        help_text=_("Whoever can read this mailbox can answer for the partner."),
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    message = forms.CharField(
        label=_("Message (optional)"),
        max_length=Confirmation._meta.get_field("message").max_length,
        required=False,
        help_text=_("Stands in the mail and above the form. For example: please look at the dates above all."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    days = forms.IntegerField(
        label=_("Days to answer"),
        initial=confirmations.USUAL_DAYS,
        min_value=1,
        max_value=confirmations.MOST_DAYS,
        help_text=_("From 1 to 90. Within the last 7 days the partner is reminded once."),
    )

    def __init__(self, partners: QuerySet, typed: object = None) -> None:
        super().__init__(typed)
        self.fields["organisation"].queryset = partners


class ConfirmableAdmin:
    """For the admin of a record that names partners, before PublishableAdmin: asking them whether it is right."""

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages, and the one with which to ask."""
        options = self.model._meta
        view = self.admin_site.admin_view(self.ask_view)
        name = f"{options.app_label}_{options.model_name}_ask"
        return [path("<path:object_id>/ask/", view, name=name), *super().get_urls()]

    def further_links(self, request: HttpRequest, record: Publishable) -> list[tuple[str, str]]:
        """The way to the question, for those who may ask it."""
        links = super().further_links(request, record)
        text = confirmations.text_of(record)
        if confirmations.can_be_read(text) and may(request.user, "change", text):
            links = [*links, (_now("Ask a partner to confirm"), self.url_of(record, "ask"))]
        return links

    def ask_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a partner; below, what was asked before and what they said."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        record = self.record_for(request, object_id)
        text = confirmations.text_of(record)
        if not may(request.user, "change", text):
            raise PermissionDenied
        typed = request.POST if request.method == "POST" else None
        form = AskForm(text.organisations_named().in_name_order(), typed)
        if typed is not None and form.is_valid():
            try:
                asked = confirmations.ask(record, by=request.user, **form.cleaned_data)
            except workflow.REFUSALS as error:
                form.add_error(None, str(error))
            else:
                self._say_that_it_was_asked(request, asked)
                return HttpResponseRedirect(self.url_of(record, "ask"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Ask a partner to confirm"),
            "opts": self.model._meta,
            "original": record,
            "form": form,
            "can_be_read": confirmations.can_be_read(text),
            "earlier": self._asked_before(request, record.itself),
            "back": self.url_of(record, "change"),
        }
        return TemplateResponse(request, "admin/confirmation/ask.html", context)

    def _say_that_it_was_asked(self, request: HttpRequest, asked: Confirmation) -> None:
        self.log_change(request, asked.record, _now("Asked %(partner)s to confirm") % {"partner": asked.organisation})
        asked.refresh_from_db()
        if asked.sent_at:
            words = _now("%(partner)s was asked: the mail is on its way.")
            self.message_user(request, words % {"partner": asked.organisation}, messages.SUCCESS)
        else:
            words = _now("%(partner)s was asked, but the mail has not gone out yet. The portal tries again.")
            self.message_user(request, words % {"partner": asked.organisation}, messages.WARNING)

    def _asked_before(self, request: HttpRequest, record: Publishable) -> list[dict[str, object]]:
        now = timezone.now()
        view = "admin:partnerships_confirmation_change"
        may_look = may(request.user, "view", Confirmation)
        return [
            {
                "confirmation": row,
                "standing": row.standing_in_words(now),
                "address": full_address(row) if row.is_open(now) else "",
                "url": reverse(view, args=[quote(row.pk)]) if may_look else "",
            }
            for row in Confirmation.objects.on(record).newest_first()[:SHOWN_EARLIER]
        ]
