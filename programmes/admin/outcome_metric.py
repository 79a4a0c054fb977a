"""The admin of outcome metrics and their figures."""

from django.contrib import admin
from django.db.models import Field, ForeignKey, QuerySet
from django.forms import BaseInlineFormSet, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from programmes.models import Observation, OutcomeMetric
from trustportal.publishing import workflow
from trustportal.publishing.admin import STANDING, PublishableAdmin, ReviewFilter
from trustportal.publishing.editing import LiveChoices, PartInline, PublishableForm, RuleForm, small_correction_box
from trustportal.publishing.models import State

NEWEST = 24  # figures in the form of a metric: two years of months
RATES = {OutcomeMetric.Kind.PERCENTAGE, OutcomeMetric.Kind.RATE}
ABOUT_FIGURE = (("missing_reason", "is_provisional"), ("note", "source", "provenance"))
HOW_TO_WRITE_A_VALUE = _("A number without commas, for example: 2477. For yes or no: 1 or 0.")


class ObservationFormSet(BaseInlineFormSet):
    """The newest figures of one metric; the list of observations has all."""

    def get_queryset(self) -> QuerySet:
        """The newest figures. What was sent back is looked for among all, since newer ones may have come meanwhile."""
        if self.is_bound:
            return super().get_queryset()
        if not hasattr(self, "newest"):
            self.newest = super().get_queryset()[:NEWEST]  # kept, for the formset asks once for each row
        return self.newest

    def clean(self) -> None:
        """No two rows without a period: the database would refuse the second."""
        super().clean()
        kept = [form for form in self.forms if form not in self.deleted_forms and getattr(form, "cleaned_data", None)]
        if (
            sum(not form.cleaned_data.get("period_start") and not form.cleaned_data.get("period_end") for form in kept)
            > 1
        ):
            raise ValidationError(_("Only one figure can stand without a period."))


def help_for(db_field: Field) -> dict[str, object]:
    """How to write a figure."""
    return {"help_text": HOW_TO_WRITE_A_VALUE} if db_field.name == "value" else {}


class ObservationInline(PartInline, admin.StackedInline):
    """Figures, the newest first."""

    verbose_name_plural = _("newest observations (the list of observations has all)")

    model = Observation
    formset = ObservationFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The newest first."""
        return super().get_queryset(request).newest_first()

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: object) -> object:
        """Say how to write a value."""
        return super().formfield_for_dbfield(db_field, request, **{**help_for(db_field), **kwargs})


class ValueInline(ObservationInline):
    """Figures that are one number."""

    fieldsets = ((None, {"fields": [("period_start", "period_end", "value"), *ABOUT_FIGURE]}),)


class RateInline(ObservationInline):
    """Figures that are one number over another."""

    fieldsets = ((None, {"fields": [("period_start", "period_end"), ("numerator", "denominator"), *ABOUT_FIGURE]}),)


class OutcomeMetricForm(PublishableForm):
    """The form of a metric."""

    def clean(self) -> dict[str, object]:
        """A percentage is per 100; what is no rate has no parts; figures of one sort do not become those of another."""
        cleaned = super().clean()
        kind, was = cleaned.get("kind"), self.initial.get("kind")
        if kind == OutcomeMetric.Kind.PERCENTAGE:
            self.instance.per = cleaned["per"] = 100
        if kind not in RATES and "numerator_label" not in self.fields:
            self.instance.numerator_label = self.instance.denominator_label = ""
        if kind and was and (kind in RATES) != (was in RATES) and self.instance.itself.observations.exists():
            self.add_error(
                "kind", _("Delete the figures first: those of a rate are made of two numbers, others of one.")
            )
        return cleaned


@admin.register(OutcomeMetric)
class OutcomeMetricAdmin(PublishableAdmin):
    """Outcome metrics and their figures."""

    form = OutcomeMetricForm
    list_display = ("name", "kind", "belongs_to", *STANDING)
    list_filter = ("state", "kind", "frequency", ReviewFilter)
    list_select_related = ("lead", "programme", "partnership")
    search_fields = ("name", "programme__name", "partnership__name", "lead__name", "lead__short_name")
    search_help_text = _("Search by name, programme, partnership or publisher.")
    note_on_add = _("Save first: the figures come next.")
    fieldsets = (
        (None, {"fields": ["name", "slug", "kind", "unit", "lead", "programme", "partnership", "summary"]}),
        (_("What it means"), {"fields": ["why_it_matters", "definition", "caveats", "direction", "frequency"]}),
        (
            _("Where it started and where it should go"),
            {"fields": [("baseline", "baseline_on"), ("target_rule", "target", "target_due_on"), "headline_position"]},
        ),
        (_("Sources"), {"fields": ["sources"]}),
    )

    @admin.display(description=_("of"))
    def belongs_to(self, metric: OutcomeMetric) -> str:
        """The programme or partnership that it measures, otherwise who publishes it; of a public one, as readers see it."""
        for measured in (metric.programme, metric.partnership):
            if measured and (measured.may_be_named or not metric.is_published):
                return str(measured)
        return metric.lead.called

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """By name and what is measured. Drafts of others are not found out by searching for their names."""
        if request.user.remit is None:
            return self.search_fields
        return tuple(path for path in self.search_fields if not path.startswith(("programme__", "partnership__")))

    def get_inlines(self, request: HttpRequest, obj: OutcomeMetric | None) -> list[type[PartInline]]:
        """Figures, once it is known what they are made of."""
        return [RateInline if obj.is_rate else ValueInline] if obj and not obj.is_change else []

    def further_links(self, request: HttpRequest, record: OutcomeMetric) -> list[tuple[str, str]]:
        """A figure of a published metric is added by itself: it needs no change of the page."""
        links = super().further_links(request, record)
        if record.is_published and workflow.may(request.user, "publish", record):
            address = reverse(f"{self.admin_site.name}:programmes_observation_add", query={"metric": record.pk})
            links.append((_now("Add a figure"), address))
        return links

    def get_fieldsets(self, request: HttpRequest, obj: OutcomeMetric | None = None) -> list:
        """What is divided by what, for rates alone; on the add page the kind is not yet known."""
        fieldsets = super().get_fieldsets(request, obj)
        boxes = ["numerator_label", "denominator_label", "per"]
        note = ""
        if obj is None:
            note = _("For a percentage or a rate alone. Otherwise leave the first two empty.")
        else:
            kind = request.POST.get("kind", obj.kind)
            boxes = {OutcomeMetric.Kind.RATE: boxes, OutcomeMetric.Kind.PERCENTAGE: boxes[:2]}.get(kind, [])
        if boxes:
            fieldsets.insert(2, (_("What is divided by what"), {"fields": boxes, "description": note}))
        return fieldsets


class ObservationForm(RuleForm):
    """The form of a figure that stands alone."""

    is_small_correction = small_correction_box()


@admin.register(Observation)
class ObservationAdmin(LiveChoices, admin.ModelAdmin):
    """All figures in one list. A figure of a published metric is public at once, so publishers alone touch it."""

    form = ObservationForm
    list_display = ("metric", "period_in_words", "figure_in_words", "is_provisional", "missing_reason")
    list_filter = ("is_provisional", "metric__kind")
    list_select_related = ("metric",)
    ordering = ("metric__name", "-period_end", "pk")
    search_fields = ("metric__name", "missing_reason", "note")
    search_help_text = _("Search by metric, note or the reason why there is no figure.")

    @admin.display(description=_("period"), ordering="period_end")
    def period_in_words(self, figure: Observation) -> str:
        """When it was counted."""
        return figure.period

    @admin.display(description=_("figure"))
    def figure_in_words(self, figure: Observation) -> str:
        """What was counted."""
        return figure.figure_in_words

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The figures of live metrics that the person may see."""
        metrics = OutcomeMetric.objects.live().visible_to(request.user)
        return super().get_queryset(request).filter(metric__in=metrics)

    def get_readonly_fields(self, request: HttpRequest, obj: Observation | None = None) -> list[str]:
        """A figure stays with its metric."""
        return ["metric"] if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: Observation | None = None) -> list:
        """A value, or a numerator and a denominator, as fits the metric; all of them while it is not known."""
        figure = ["numerator", "denominator"] if obj and obj.metric.is_rate else ["value"]
        if obj is None:
            figure = ["value", ("numerator", "denominator")]
        fields = ["metric", ("period_start", "period_end"), *figure, *ABOUT_FIGURE]
        if obj and obj.metric.is_published and self.has_change_permission(request, obj):
            fields.append("is_small_correction")
        return [(None, {"fields": fields})]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: object) -> object:
        """Say how to write a value."""
        return super().formfield_for_dbfield(db_field, request, **{**help_for(db_field), **kwargs})

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: object) -> object:
        """Metrics that the person works on; authors choose among drafts."""
        if db_field.name == "metric":
            kwargs["queryset"] = OutcomeMetric.objects.live().within_remit_of(request.user)
            if not workflow.may(request.user, "publish", OutcomeMetric):
                kwargs["queryset"] = kwargs["queryset"].filter(state=State.DRAFT)
                kwargs["help_text"] = _("A draft. Publishers add the figures of metrics that have gone further.")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Observation | None = None) -> bool:
        """As the metric may be changed."""
        return super().has_change_permission(request, obj) and self._metric_is_open_to(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Observation | None = None) -> bool:
        """As the metric may be changed."""
        return super().has_delete_permission(request, obj) and self._metric_is_open_to(request, obj)

    def _metric_is_open_to(self, request: HttpRequest, figure: Observation | None) -> bool:
        if figure is None:
            return True
        right = "change" if figure.metric.state == State.DRAFT else "publish"
        return workflow.may(request.user, right, figure.metric)

    def save_model(self, request: HttpRequest, obj: Observation, form: ObservationForm, change: bool) -> None:
        """Save, and note the update of a published metric."""
        super().save_model(request, obj, form, change)
        if set(form.changed_data) - {"is_small_correction"}:
            self._note_update(request, obj, substantive=not form.cleaned_data.get("is_small_correction", False))

    def delete_model(self, request: HttpRequest, obj: Observation) -> None:
        """Delete, and note the update of a published metric."""
        super().delete_model(request, obj)
        self._note_update(request, obj, substantive=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete one by one, so that each is noted."""
        for figure in queryset:
            self.delete_model(request, figure)

    def _note_update(self, request: HttpRequest, figure: Observation, *, substantive: bool) -> None:
        if figure.metric.is_published:
            workflow.note_update(figure.metric, by=request.user, substantive=substantive)
