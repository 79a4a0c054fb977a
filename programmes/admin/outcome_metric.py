"""The admin of outcome metrics and their figures."""

from dataclasses import replace

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Field, ForeignKey, QuerySet
from django.forms import BaseInlineFormSet, CharField, HiddenInput, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from programmes.models import Observation, OutcomeMetric, Rebase
from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.admin import STANDING, PublishableAdmin, ReviewFilter
from trustportal.publishing.editing import LiveChoices, PartInline, PublishableForm, RuleForm, small_correction_box
from trustportal.publishing.models import Act, State
from trustportal.publishing.scheduling import is_scheduled
from trustportal.publishing.snapshot import digest, plain, versioned_fields

NEWEST = 24  # figures in the form of a metric: two years of months
RATES = {OutcomeMetric.Kind.PERCENTAGE, OutcomeMetric.Kind.RATE}
ABOUT_FIGURE = (("missing_reason", "is_provisional"), ("note", "source", "provenance"))
HOW_TO_WRITE_A_VALUE = _("A number without commas, for example: 2477. For yes or no: 1 or 0.")


def may_change_figures(person: User, metric: OutcomeMetric) -> bool:
    """Whether a person may add, change and delete figures of a metric as it stands now.

    Of a draft, whoever may change it; of one that has gone further, publishers alone. Of one that waits to be published
    by itself, nobody: what was read when that was set is what readers get.
    """
    right = "change" if metric.state == State.DRAFT else "publish"
    return workflow.may(person, right, metric) and not is_scheduled(metric)


def digest_of(figure: Observation) -> str:
    """64 characters that are others once anything of the figure is."""
    return digest(
        {field.name: plain(field, field.value_from_object(figure)) for field in versioned_fields(Observation)}
    )


class FigureForm(RuleForm):
    """The form of a figure. It carries how the figure read when it was opened, so that nobody saves over a newer one.

    Where it reads otherwise by now, or is gone, the form is refused once and says so. What was typed stays, and sending
    it again saves it.
    """

    as_opened = CharField(required=False, widget=HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial["as_opened"] = now = digest_of(self.instance) if self.instance.pk else ""
        self.newer = ""
        name = self.add_prefix("as_opened")
        if self.is_bound and self.data.get(name, "") != now:
            self.newer = self._words()
            self.data = self.data.copy()
            self.data[name] = now

    def _words(self) -> str:
        kept = _now("Nothing of yours was saved yet, and all that you typed is still here.")
        if not self.instance.pk:
            said = _now("Somebody deleted this figure after you had opened it.")
            again = _now("Save again to add it anew as you typed it.")
        else:
            said = _now("Somebody saved this figure after you had opened it. It is now: %(figure)s.")
            said %= {"figure": self.instance.in_full}
            again = _now("Save again to put yours in its place.")
        return f"{said} {kept} {again}"

    def clean(self) -> dict[str, object]:
        """Say what somebody else saved meanwhile."""
        cleaned = super().clean()
        if self.newer:
            self.add_error(None, self.newer)
        return cleaned


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
    form = FigureForm
    formset = ObservationFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The newest first."""
        return super().get_queryset(request).newest_first()

    def get_fieldsets(self, request: HttpRequest, obj: OutcomeMetric | None = None) -> list:
        """The boxes; where they may be filled in, also how the figure read when the form was opened."""
        [(name, options)] = super().get_fieldsets(request, obj)
        fields = [*options["fields"]]
        if self.admin_site.get_model_admin(OutcomeMetric).has_change_permission(request, obj):
            fields.append("as_opened")
        return [(name, {**options, "fields": fields})]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: object) -> object:
        """Say how to write a value."""
        return super().formfield_for_dbfield(db_field, request, **{**help_for(db_field), **kwargs})


class RebaseInline(PartInline, admin.TabularInline):
    """Periods from which new limits hold, with the reason."""

    model = Rebase
    ordering = ("starts_on",)
    verbose_name_plural = _("new limits for the control chart")


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
        """The programme or partnership that it measures, if the public may know of it, or else who publishes it."""
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
        """Where limits begin anew, for what comes again; figures, once it is known what they are made of."""
        inlines: list[type[PartInline]] = []
        if obj and obj.frequency != OutcomeMetric.Frequency.ONCE:
            inlines.append(RebaseInline)
        if obj and not obj.is_change:
            inlines.append(RateInline if obj.is_rate else ValueInline)
        return inlines

    def look_for_newer_save(self, request: HttpRequest, record: OutcomeMetric) -> None:
        """As for every record. Figures are in no version of it, so that whether they are newer is looked up here."""
        super().look_for_newer_save(request, record)
        newer = getattr(request, "newer_save", None)
        opened = {value for name, value in request.POST.items() if name.endswith("-as_opened") and value}
        if newer and opened != {digest_of(figure) for figure in record.observations.newest_first()[:NEWEST]}:
            request.newer_save = replace(newer, changed=[*newer.changed, _now("figures")])

    def get_deleted_objects(self, objs: QuerySet | list, request: HttpRequest) -> tuple:
        """Whoever may delete a draft deletes its figures with it, also where they may not be changed alone."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, lacking - {Observation._meta.verbose_name}, protected

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


class ObservationForm(FigureForm):
    """The form of a figure that stands alone."""

    person: User  # who sent it

    is_small_correction = small_correction_box()

    def clean_metric(self) -> OutcomeMetric:
        """The metric of a new figure, which nobody else changes until the figure is saved."""
        try:
            metric = workflow.locked(self.cleaned_data["metric"])
        except workflow.WrongState as error:
            raise ValidationError(str(error)) from error
        if is_scheduled(metric):
            raise ValidationError(_("This metric waits to be published by itself. Cancel the schedule first."))
        if not may_change_figures(self.person, metric):
            raise ValidationError(_("As this metric stands now, you may not change its figures."))
        return metric


@admin.register(Observation)
class ObservationAdmin(LiveChoices, admin.ModelAdmin):
    """All figures in one list. A figure of a published metric is public at once, so publishers alone touch it.

    Whoever changes a figure of a draft writes in the draft: it counts as a save of it, and somebody else publishes it.
    What is changed while the metric is withdrawn is written down on it.
    """

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
        if obj and self.has_change_permission(request, obj):
            fields += ["is_small_correction", "as_opened"] if obj.metric.is_published else ["as_opened"]
        return [(None, {"fields": fields})]

    def get_form(self, request: HttpRequest, obj: Observation | None = None, **kwargs: object) -> type[ObservationForm]:
        """The form, which knows who sends it."""
        form = super().get_form(request, obj, **kwargs)
        form.person = request.user
        return form

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Observation | None:
        """A figure. While it is saved or deleted its metric is locked, and the figure is read after that."""
        figure = super().get_object(request, object_id, from_field)
        if figure and request.method == "POST" and transaction.get_connection().in_atomic_block:
            try:
                workflow.locked(figure.metric)
            except workflow.WrongState:
                return None  # the metric was deleted just now, and its figures with it
            figure = super().get_object(request, object_id, from_field)
        return figure

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
        return figure is None or may_change_figures(request.user, figure.metric)

    def save_model(self, request: HttpRequest, obj: Observation, form: ObservationForm, change: bool) -> None:
        """Save, and note it on the metric, which was locked before the permission to change its figures was asked."""
        super().save_model(request, obj, form, change)
        if set(form.changed_data) - {"is_small_correction"}:
            self._note(request, obj, is_news=not form.cleaned_data.get("is_small_correction", False))

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """What is done to several figures is done to all of them or to none."""
        with transaction.atomic():
            return super().response_action(request, queryset)

    def delete_model(self, request: HttpRequest, obj: Observation) -> None:
        """Delete, and note it on the metric. Raises PermissionDenied where its figures were closed just now."""
        try:
            obj.metric = workflow.locked(obj.metric)
        except workflow.WrongState:
            return  # the metric was deleted just now, and its figures with it
        if not may_change_figures(request.user, obj.metric):
            raise PermissionDenied
        deleted, _rows = obj.delete()
        if deleted:
            self._note(request, obj, is_news=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete one by one, so that each is noted; in the order of the metrics, so that nobody waits in a ring."""
        for figure in queryset.order_by("metric_id", "pk"):
            self.delete_model(request, figure)

    def _note(self, request: HttpRequest, figure: Observation, *, is_news: bool) -> None:
        metric, person = figure.metric, request.user
        if metric.is_published:
            workflow.note_update(metric, by=person, substantive=is_news)
        elif metric.is_in_work:
            workflow.note_saved(metric, by=person)
        else:  # withdrawn: readers hear of it when it is published again, so it is no update for them
            workflow.write_down(metric, Act.Verb.CORRECTED, person, timezone.now(), figure.period)
