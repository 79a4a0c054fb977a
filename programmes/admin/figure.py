"""What the admin of observations and of corrections shares: entering, approving, deleting what nobody approved."""

from contextlib import suppress
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Field, QuerySet
from django.forms import CharField, HiddenInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programmes import figures
from programmes.models import OutcomeMetric
from programmes.models.figure import Figure
from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.editing import LiveChoices, RuleForm
from trustportal.publishing.snapshot import digest, plain
from trustportal.publishing.wording import name_of

ABOUT_FIGURE = (("missing_reason", "is_provisional"), ("note", "source", "provenance"))
LONGEST_KEY = 18  # digits
MOST_AT_ONCE = 200  # figures that somebody reads on one page and approves together
HOW_TO_WRITE_A_VALUE = _("A number without commas, for example: 2477. For yes or no: 1 or 0.")


def digest_of(figure: Figure) -> str:
    """64 characters that are others once anything of the figure is, or why it is corrected."""
    fields = [field for field in figure._meta.concrete_fields if field.editable and not field.primary_key]
    return digest({field.name: plain(field, field.value_from_object(figure)) for field in fields})


def standing_of(figure: Figure) -> str:
    """How far a figure has come, when and by whom."""
    at, by = (figure.approved_at, figure.approved_by) if figure.is_approved else (figure.entered_at, figure.entered_by)
    if at is None:
        return _now("Waits to be approved")
    words = {"date": date_format(timezone.localdate(at), "j F Y"), "person": name_of(by)}
    if figure.is_approved:
        return (_now("Approved on %(date)s by %(person)s") if by else _now("Approved on %(date)s")) % words
    return (_now("Waits: entered on %(date)s by %(person)s") if by else _now("Waits: entered on %(date)s")) % words


def to_read(figure: Figure, site: str) -> dict[str, object]:
    """A figure as one reads it before one approves it: all that readers will see of it. Of a correction, too, why it
    is made and what it takes the place of."""
    name = figure._meta.model_name
    standing = getattr(figure, "observation", None)  # of a correction alone
    if standing:
        standing.metric = figure.metric
    return {
        "figure": figure,
        "words": figure.in_full,
        "standing": standing_of(figure),
        "stands_now": standing.in_full if standing and not figure.is_approved else "",
        "reason": getattr(figure, "reason", ""),
        "is_correction": standing is not None,
        "seen": f"{figure.pk} {digest_of(figure)}",
        "url": reverse(f"{site}:programmes_{name}_change", args=[figure.pk]),
    }


def approve_and_say(shown_by: admin.ModelAdmin, request: HttpRequest, chosen: list[Figure]) -> None:
    """Approve figures of one metric, all of them or none, and tell the person what became of it."""
    if not chosen:
        return
    try:
        count = figures.approve(chosen, by=request.user)
    except workflow.REFUSALS as error:
        words = _now("Not approved: figures of “%(metric)s”. %(why)s")
        shown_by.message_user(request, words % {"metric": chosen[0].metric, "why": error}, messages.ERROR)
    else:
        words = ngettext("%(count)d figure of “%(metric)s” was approved.", "%(count)d figures of “%(metric)s” were "
                         "approved.", count)  # fmt: skip
        shown_by.message_user(request, words % {"count": count, "metric": chosen[0].metric}, messages.SUCCESS)


def number_in(asked: str) -> int | None:
    """The key in an address, or None where there is none that could be one."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_KEY else None


def own_fields(metric: OutcomeMetric | None) -> list:
    """The boxes for what was counted: one number, or one over another; all of them while the metric is not known."""
    if metric is None:
        return ["value", ("numerator", "denominator")]
    return [("numerator", "denominator")] if metric.is_rate else ["value"]


class FigureForm(RuleForm):
    """The form of a figure. It carries how the figure read when it was opened, so that nobody saves over a newer one.

    Where it reads otherwise by now, or is gone, the form is refused once and says so. What was typed stays, and sending
    it again saves it.
    """

    person: User  # who sent it

    as_opened = CharField(required=False, widget=HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        shown = self.shown
        for name in ("value", "numerator", "denominator"):
            if isinstance(self.initial.get(name), Decimal):
                self.initial[name] = Decimal(f"{self.initial[name].normalize():f}")  # 2477, not 2477.0000
        self.initial["as_opened"] = now = digest_of(shown) if shown else ""
        self.newer = ""
        if self.is_bound and shown and self.data.get("as_opened", "") != now:
            said = _now("Somebody saved this figure after you had opened it. It is now: %(figure)s.")
            kept = _now("Nothing of yours was saved yet, and all that you typed is still here.")
            again = _now("Save again to put yours in its place.")
            self.newer = f"{said % {'figure': shown.in_full}} {kept} {again}"
            self.data = self.data.copy()
            self.data["as_opened"] = now

    @property
    def shown(self) -> Figure | None:
        """The figure that the form showed when it was opened, as it is now; None where it is a new one."""
        return self.instance if self.instance.pk else None

    def clean(self) -> dict[str, object]:
        """Say what somebody else saved meanwhile."""
        cleaned = super().clean()
        if self.newer:
            self.add_error(None, self.newer)
        return cleaned


class StandingFilter(admin.SimpleListFilter):
    """Finds the figures that wait for somebody else's eyes."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, object]]:
        """Waiting or approved."""
        return [("waiting", _("Waits to be approved")), ("approved", _("Approved"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Those that are so."""
        if self.value() == "waiting":
            return queryset.waiting()
        return queryset.filter(approved_at__isnull=False) if self.value() == "approved" else queryset


class FigureAdmin(LiveChoices, admin.ModelAdmin):
    """What the admin of observations and of corrections shares.

    Whoever may change a metric enters figures of it. A publisher who did not enter one approves it. What is approved
    is changed by nobody.
    """

    change_form_template = "admin/programmes/figure.html"
    actions = ("approve_chosen",)
    list_select_related = ("metric", "entered_by", "approved_by")
    search_fields = ("metric__name", "missing_reason", "note")
    search_help_text = _("Search by metric, note or the reason why there is no figure.")

    @admin.display(description=_("period"), ordering="period_end")
    def period_in_words(self, figure: Figure) -> str:
        """When it was counted."""
        return figure.period

    @admin.display(description=_("figure"))
    def figure_in_words(self, figure: Figure) -> str:
        """What was counted, as we know it."""
        return figure.counted_in_words

    @admin.display(description=_("standing"), ordering="approved_at")
    def standing(self, figure: Figure) -> str:
        """How far it has come."""
        return standing_of(figure)

    # Who may what

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The figures of live metrics on which the person works."""
        metrics = OutcomeMetric.objects.live().within_remit_of(request.user)
        return super().get_queryset(request).of_metrics(metrics)

    def has_change_permission(self, request: HttpRequest, obj: Figure | None = None) -> bool:
        """Until it is approved, whoever may change the metric."""
        return super().has_change_permission(request, obj) and self._is_open_to(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Figure | None = None) -> bool:
        """Until it is approved, whoever may change the metric."""
        return super().has_delete_permission(request, obj) and self._is_open_to(request.user, obj)

    def _is_open_to(self, person: User, figure: Figure | None) -> bool:
        return figure is None or (not figure.is_approved and figures.may_enter(person, figure.metric))

    def has_approve_permission(self, request: HttpRequest) -> bool:
        """Who decides what the public sees."""
        return workflow.may(request.user, "publish", OutcomeMetric)

    # The form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Figure | None:
        """A figure. While it is saved or deleted its metric is locked, and the figure is read after that."""
        figure = super().get_object(request, object_id, from_field)
        if figure and request.method == "POST" and transaction.get_connection().in_atomic_block:
            try:
                workflow.locked(figure.metric)
            except workflow.WrongState:
                return None  # the metric was deleted just now, and its figures with it
            figure = super().get_object(request, object_id, from_field)
        return figure

    def get_form(self, request: HttpRequest, obj: Figure | None = None, **kwargs: object) -> type[FigureForm]:
        """The form, which knows who sends it."""
        form = super().get_form(request, obj, **kwargs)
        form.person = request.user
        return form

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: object) -> object:
        """Say how to write a value."""
        if db_field.name == "value":
            kwargs = {"help_text": HOW_TO_WRITE_A_VALUE, **kwargs}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, object], *args: object, **kwargs: object
    ) -> HttpResponse:
        """Add how the figure stands, and what the person may do to it."""
        figure = context["original"]
        context |= {
            "standing": "",
            "approve_url": "",
            "why_not": "",
            "correct_url": "",
            "as_opened": "",
            "metric_url": "",
        }
        context |= {"next_words": "", "delete_url": ""}
        if figure:
            metric_url = f"{self.admin_site.name}:programmes_outcomemetric_change"
            context["metric_url"] = reverse(metric_url, args=[figure.metric_id])
            context["as_opened"] = digest_of(figure)
            context["delete_url"] = self._url("delete", figure.pk)
            is_right = figures.may_approve(request.user, figure)
            context["standing"] = standing_of(figure)
            context["approve_url"] = self._url("approve", figure.pk) if is_right else ""
            if not is_right and not figure.is_approved and self.has_approve_permission(request):
                context["why_not"] = _now("You entered it yourself, so somebody else has to approve it.")
            context["correct_url"] = self.correct_url_of(request, figure)
        return super().render_change_form(request, context, *args, **kwargs)

    def correct_url_of(self, request: HttpRequest, figure: Figure) -> str:
        """Where an approved figure is corrected, or ""."""
        return ""

    def _url(self, page: str, *keys: int) -> str:
        options = self.model._meta
        return reverse(f"{self.admin_site.name}:{options.app_label}_{options.model_name}_{page}", args=keys)

    def save_model(self, request: HttpRequest, obj: Figure, form: FigureForm, change: bool) -> None:
        """Save what was changed, as entered by this person."""
        if not change or set(form.changed_data) - {"as_opened"}:
            figures.entered([obj], by=request.user)
            super().save_model(request, obj, form, change)

    # Approving and deleting

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages, and the act of approving."""
        options = self.model._meta
        name = f"{options.app_label}_{options.model_name}_approve"
        view = self.admin_site.admin_view(self.approve_view)
        return [path("<int:key>/approve/", view, name=name), *super().get_urls()]

    def approve_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Approve one figure as the form showed it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_approve_permission(request):
            raise PermissionDenied
        with transaction.atomic():  # so that nobody changes it between this look at it and the approval
            figure = self.get_object(request, str(key))
            if figure is None:
                raise Http404
            if request.POST.get("as_opened") != digest_of(figure):
                words = _now("Somebody changed this figure after you had opened it. Look at it again.")
                self.message_user(request, words, messages.ERROR)
            else:
                approve_and_say(self, request, [figure])
        return HttpResponseRedirect(self._url("change", key))

    @admin.action(permissions=["approve"], description=_("Approve the chosen figures"))
    def approve_chosen(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Show the chosen figures in full; and approve them once the person has read them."""
        if "seen" in request.POST:
            self._approve_seen(request, request.POST.getlist("seen"))
            return None
        rows = queryset.waiting().select_related("metric", "metric__lead", "entered_by", "source")
        in_order = self.in_full(rows).order_by("metric__name", "metric_id", "pk")
        chosen = list(in_order.prefetch_related("also_entered_by"))
        if not chosen:
            self.message_user(request, _now("None of the chosen figures waits to be approved."), messages.WARNING)
        open_ones = []
        for _key, some in groupby(chosen, attrgetter("metric_id")):
            of_metric = list(some)
            mine = [figure for figure in of_metric if figures.may_approve(request.user, figure)]
            open_ones += mine
            if left := len(of_metric) - len(mine):
                words = ngettext(
                    "%(count)d figure of “%(metric)s” was left: you entered it yourself, or may not approve it.",
                    "%(count)d figures of “%(metric)s” were left: you entered them yourself, or may not approve them.",
                    left,
                )
                self.message_user(request, words % {"count": left, "metric": of_metric[0].metric}, messages.WARNING)
        return self._ask(request, open_ones) if open_ones else None

    def in_full(self, rows: QuerySet) -> QuerySet:
        """Figures with all that one reads before one approves them."""
        return rows

    def _ask(self, request: HttpRequest, chosen: list[Figure]) -> HttpResponse:
        shown = chosen[:MOST_AT_ONCE]
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext("Approve this figure?", "Approve these %(count)d figures?", len(shown))
            % {"count": len(shown)},
            "opts": self.model._meta,
            "rows": [to_read(figure, self.admin_site.name) for figure in shown],
            "more": len(chosen) - len(shown),
            "ticked": helpers.ACTION_CHECKBOX_NAME,
            "back": request.get_full_path(),
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/programmes/approve.html", context)

    def _approve_seen(self, request: HttpRequest, seen: list[str]) -> None:
        """Approve the figures that still read as they did, those of one metric together or none of them."""
        was = dict(one.split(" ", 1) for one in seen[:MOST_AT_ONCE] if " " in one)
        keys = [key for key in map(number_in, was) if key is not None]
        rows = self.get_queryset(request).filter(pk__in=keys)
        otherwise = [_now("%(count)d that was deleted") % {"count": gone}] if (gone := len(keys) - rows.count()) else []
        for key in rows.order_by("metric_id").values_list("metric_id", flat=True).distinct():
            with transaction.atomic():  # so that nobody changes one between this look at them and the approval
                with suppress(workflow.WrongState):  # where the metric was deleted just now, no figure of it is found
                    workflow.locked(OutcomeMetric(pk=key))
                of_metric = list(rows.filter(metric=key).select_related("metric").order_by("pk"))
                same = [one for one in of_metric if not one.is_approved and digest_of(one) == was.get(str(one.pk))]
                approve_and_say(self, request, same)
            otherwise += [str(one) for one in of_metric if one not in same]
        if otherwise:
            words = _now("Left alone, because somebody changed, approved or deleted them after you had opened "
                         "the page: %(figures)s. Look at them again.")  # fmt: skip
            self.message_user(request, words % {"figures": "; ".join(otherwise)}, messages.ERROR)

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """What is deleted of several figures is deleted of all or none."""
        if request.POST.get("action") == "approve_chosen":
            return super().response_action(request, queryset)
        with transaction.atomic():
            return super().response_action(request, queryset)

    def delete_model(self, request: HttpRequest, obj: Figure) -> None:
        """Delete what nobody has approved. Raises PermissionDenied where it was approved just now."""
        try:
            figures.discard(obj, by=request.user)
        except workflow.WrongState as error:
            if type(obj).objects.filter(pk=obj.pk).exists():
                raise PermissionDenied from error
        except workflow.NotAllowed as error:
            raise PermissionDenied from error

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete one by one, in the order of the metrics, so that nobody waits in a ring."""
        for figure in queryset.order_by("metric_id", "pk"):
            self.delete_model(request, figure)
