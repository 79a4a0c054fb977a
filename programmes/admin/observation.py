"""The admin of observations: figures entered period by period."""

from django.contrib import admin
from django.db.models import ForeignKey
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from programmes import figures
from programmes.admin.figure import ABOUT_FIGURE, FigureAdmin, FigureForm, StandingFilter, number_in, own_fields
from programmes.admin.importing import ImportingAdmin
from programmes.models import Observation, OutcomeMetric
from trustportal.publishing import workflow


class ObservationForm(FigureForm):
    """The form of an observation."""

    def clean_metric(self) -> OutcomeMetric:
        """The metric of a new figure, which nobody else changes until the figure is saved."""
        try:
            metric = workflow.locked(self.cleaned_data["metric"])
        except workflow.WrongState as error:
            raise ValidationError(str(error)) from error
        if not figures.may_enter(self.person, metric):
            raise ValidationError(_("You may not enter figures of this metric."))
        return metric


@admin.register(Observation)
class ObservationAdmin(ImportingAdmin, FigureAdmin):
    """All figures in one list, and the form in which they are entered period by period."""

    form = ObservationForm
    change_list_template = "admin/programmes/figures.html"
    list_display = ("metric", "period_in_words", "figure_in_words", "standing", "is_provisional", "missing_reason")
    list_filter = (StandingFilter, "is_provisional", "metric__kind")
    ordering = ("metric__name", "-period_end", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Observation | None = None) -> list[str]:
        """A figure stays with its metric."""
        return ["metric"] if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Observation | None = None) -> list:
        """A value, or a numerator and a denominator, as fits the metric."""
        metric = obj.metric if obj else self._metric_of(request)
        fields = ["metric", ("period_start", "period_end"), *own_fields(metric), *ABOUT_FIGURE]
        if obj and self.has_change_permission(request, obj):
            fields.append("as_opened")
        return [(None, {"fields": fields})]

    def _metric_of(self, request: HttpRequest) -> OutcomeMetric | None:
        """The metric to which the address of the form for a new figure leads."""
        if not hasattr(request, "metric_asked_for"):
            key = number_in(request.GET.get("metric", ""))
            rows = OutcomeMetric.objects.live().within_remit_of(request.user)
            request.metric_asked_for = rows.filter(pk=key).first()
        return request.metric_asked_for

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, object]:
        """The metric, and the period whose figure comes next."""
        metric = self._metric_of(request)
        if metric is None:
            return {}
        newest = metric.observations.with_period().newest_first().first()
        period = newest and metric.following(newest.period_start, newest.period_end)
        start, end = period or (None, None)
        return {"metric": metric.pk, "period_start": start, "period_end": end}

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: object) -> object:
        """Metrics on which the person works."""
        if db_field.name == "metric":
            kwargs["queryset"] = OutcomeMetric.objects.live().within_remit_of(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, object], *args: object, **kwargs: object
    ) -> HttpResponse:
        """Where another period follows, one goes on to it with one button."""
        figure = context["original"]
        metric = figure.metric if figure else self._metric_of(request)
        answer = super().render_change_form(request, context, *args, **kwargs)
        is_open = self.has_change_permission(request, figure) if figure else True
        if metric and metric.frequency != OutcomeMetric.Frequency.ONCE and is_open and not context["is_popup"]:
            answer.context_data["next_words"] = _now("Save and add the next period")
        return answer

    def correct_url_of(self, request: HttpRequest, figure: Observation) -> str:
        """A new correction, or the open one."""
        if not figure.is_approved or not figures.may_enter(request.user, figure.metric):
            return ""
        site, open_one = self.admin_site.name, figure.corrections.waiting().first()
        if open_one:
            return reverse(f"{site}:programmes_correction_change", args=[open_one.pk])
        return reverse(f"{site}:programmes_correction_add", query={"observation": figure.pk})

    def response_add(
        self, request: HttpRequest, obj: Observation, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on to the next period where that was asked for."""
        if "_addanother" in request.POST:
            self.message_user(request, _now("Saved: %(figure)s. It waits to be approved.") % {"figure": obj.in_full})
            return HttpResponseRedirect(f"{self._url('add')}?metric={obj.metric_id}")
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Observation) -> HttpResponse:
        """As after adding."""
        if "_addanother" in request.POST:
            return self.response_add(request, obj)
        return super().response_change(request, obj)
