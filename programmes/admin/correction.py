"""The admin of corrections: another figure in the place of an approved one."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from programmes import figures
from programmes.admin.figure import ABOUT_FIGURE, FigureAdmin, FigureForm, StandingFilter, number_in, own_fields
from programmes.models import Correction, Observation, OutcomeMetric
from programmes.models.figure import Figure
from trustportal.publishing import workflow


class CorrectionForm(FigureForm):
    """The form of a correction: the figure as it should be, and why."""

    observation: Observation

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.instance.observation, self.instance.metric = self.observation, self.observation.metric

    @property
    def shown(self) -> Figure:
        """A new correction shows the figure that stands, which another correction may have changed meanwhile."""
        return super().shown or self.observation


@admin.register(Correction)
class CorrectionAdmin(FigureAdmin):
    """Corrections of approved figures: those that wait, and what stood before."""

    form = CorrectionForm
    list_display = ("metric", "period_in_words", "figure_in_words", "reason", "standing", "replaced_at")
    list_filter = (StandingFilter,)
    list_select_related = (*FigureAdmin.list_select_related, "observation")
    search_fields = ("metric__name", "reason")
    search_help_text = _("Search by metric or the reason of the correction.")
    ordering = ("-entered_at", "-pk")
    readonly_fields = ("stands_now", "replaced_at")

    @admin.display(description=_("figure as it stands"))
    def stands_now(self, correction: Correction) -> str:
        """What is corrected, as we know it."""
        return f"{correction.metric}: {correction.observation.in_full}"

    def get_fieldsets(self, request: HttpRequest, obj: Correction | None = None) -> list:
        """The figure that stands, the figure that should, and why."""
        metric = obj.metric if obj else self._observation_of(request).metric
        fields = ["stands_now", ("period_start", "period_end"), *own_fields(metric), *ABOUT_FIGURE, "reason"]
        if obj and obj.replaced_at:
            fields.append("replaced_at")
        if obj is None or self.has_change_permission(request, obj):
            fields.append("as_opened")
        return [(None, {"fields": fields})]

    def in_full(self, rows: QuerySet) -> QuerySet:
        """With the figures that stand."""
        return rows.select_related("observation")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """One corrects a figure from the page of that figure, nowhere else."""
        return super().has_add_permission(request) and "observation" in request.GET

    def _observation_of(self, request: HttpRequest) -> Observation:
        """The approved figure to which the address of the form leads. Raises Http404, or PermissionDenied.

        While the form is saved the metric is locked, and the figure is read after that.
        """
        if not hasattr(request, "figure_to_correct"):
            found = self._standing(request)
            if not figures.may_enter(request.user, found.metric):
                raise PermissionDenied
            if request.method == "POST":
                try:
                    workflow.locked(found.metric)
                except workflow.WrongState as error:
                    raise Http404 from error
                found = self._standing(request)
            request.figure_to_correct = found
        return request.figure_to_correct

    def _standing(self, request: HttpRequest) -> Observation:
        key = number_in(request.GET.get("observation", ""))
        metrics = OutcomeMetric.objects.live().within_remit_of(request.user)
        rows = Observation.objects.approved().of_metrics(metrics).select_related("metric")
        found = rows.filter(pk=key).first()
        if found is None:
            raise Http404(_now("Open the approved figure and choose “Correct this figure”."))
        return found

    def get_form(self, request: HttpRequest, obj: Correction | None = None, **kwargs: object) -> type[CorrectionForm]:
        """The form, which knows what it corrects."""
        form = super().get_form(request, obj, **kwargs)
        if obj is None:
            form.observation = self._observation_of(request)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, object]:
        """The figure as it stands."""
        standing = self._observation_of(request)
        return {name: getattr(standing, name) for name in Correction.told}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The form of a new correction, or the one that is open already; while it is saved the metric is locked."""
        with transaction.atomic():
            open_one = self._observation_of(request).corrections.waiting().first()
            if open_one and request.method == "GET":
                return HttpResponseRedirect(self._url("change", open_one.pk))
            return super().add_view(request, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, object], *args: object, **kwargs: object
    ) -> HttpResponse:
        """There is no next one to add."""
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)
