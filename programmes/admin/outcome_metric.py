"""The admin of outcome metrics."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programmes import figures
from programmes.admin.figure import approve_and_say, digest_of, to_read
from programmes.models import Correction, Observation, OutcomeMetric, Rebase
from trustportal.publishing import workflow
from trustportal.publishing.admin import STANDING, PublishableAdmin, ReviewFilter
from trustportal.publishing.editing import PartInline, PublishableForm
from trustportal.publishing.snapshot import digest

NEWEST = 24  # figures on the page of a metric: two years of months


class LateFilter(admin.SimpleListFilter):
    """Finds the metrics whose next figure is late."""

    title = _("figures")
    parameter_name = "figures"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, object]]:
        """Late, or waiting to be approved."""
        return [("late", _("The next one is late")), ("waiting", _("Some wait to be approved"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Those that are so."""
        if self.value() == "late":
            late = OutcomeMetric.objects.with_figure_due(timezone.localdate())
            return queryset.filter(pk__in=late.order_by().values("pk"))
        if self.value() == "waiting":
            queryset = queryset.within_remit_of(request.user)  # nobody is told of the drafts of others
            plain = queryset.filter(pk__in=Observation.objects.waiting().order_by().values("metric"))
            return plain | queryset.filter(pk__in=Correction.objects.waiting().order_by().values("metric"))
        return queryset


class RebaseInline(PartInline, admin.TabularInline):
    """Periods from which new limits hold, with the reason."""

    model = Rebase
    ordering = ("starts_on",)
    verbose_name_plural = _("new limits for the control chart")


def _newest_of(waiting: list) -> str:
    """What tells figures that wait from those that waited before, and from how those read before."""
    return digest({f"{one._meta.model_name} {one.pk}": digest_of(one) for one in waiting})


class OutcomeMetricForm(PublishableForm):
    """The form of a metric."""

    def clean(self) -> dict[str, object]:
        """A percentage is per 100; what is no rate has no parts; figures of one sort do not become those of another."""
        cleaned = super().clean()
        kind, was = cleaned.get("kind"), self.initial.get("kind")
        if kind == OutcomeMetric.Kind.PERCENTAGE:
            self.instance.per = cleaned["per"] = 100
        if kind not in OutcomeMetric.RATES and "numerator_label" not in self.fields:
            self.instance.numerator_label = self.instance.denominator_label = ""
        if kind and was and (fault := self.instance.itself.fault_of_kind(kind)):
            self.add_error("kind", fault)
        return cleaned


@admin.register(OutcomeMetric)
class OutcomeMetricAdmin(PublishableAdmin):
    """Outcome metrics, with their newest figures."""

    form = OutcomeMetricForm
    change_form_template = "admin/programmes/outcome_metric.html"
    list_display = ("name", "kind", "belongs_to", "figure_due", *STANDING)
    list_filter = ("state", "kind", "frequency", LateFilter, ReviewFilter)
    list_select_related = ("lead", "programme", "partnership")
    search_fields = ("name", "programme__name", "partnership__name", "lead__name", "lead__short_name")
    search_help_text = _("Search by name, programme, partnership or publisher.")
    note_on_add = _("Save first: the figures come next.")
    fieldsets = (
        (None, {"fields": ["name", "slug", "kind", "unit", "lead", "programme", "partnership", "summary"]}),
        (_("What it means"), {"fields": ["why_it_matters", "definition", "caveats", "direction"]}),
        (_("When figures are due"), {"fields": ["frequency", "due_after_days", "last_period"]}),
        (
            _("Where it started and where it should go"),
            {"fields": [("baseline", "baseline_on"), ("target_rule", "target", "target_due_on"), "headline_position"]},
        ),
        (_("Small numbers and sums"), {"fields": ["fewest_shown", "adds_up_as", "population"]}),
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
        """Where limits begin anew, for what comes again. Figures are entered by themselves."""
        return [RebaseInline] if obj and obj.frequency != OutcomeMetric.Frequency.ONCE else []

    @admin.display(description=_("next figure"), ordering="next_figure_due_on", empty_value="–")
    def figure_due(self, metric: OutcomeMetric) -> str | None:
        """When the next figure is due, and how late it is."""
        if not metric.is_published or not metric.next_figure_due_on:
            return None
        if late_by := metric.late_by():
            return format_html("<strong>{}</strong>", _now("Late by %(time)s") % {"time": late_by})
        return date_format(metric.next_figure_due_on, "j M Y")

    def get_deleted_objects(self, objs: QuerySet | list, request: HttpRequest) -> tuple:
        """Whoever may delete a draft deletes its figures with it, also those that were approved."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        names = {Observation._meta.verbose_name, Correction._meta.verbose_name}
        return deleted, counts, lacking - names, protected

    # Figures

    def get_urls(self) -> list[URLPattern]:
        """The admin's pages, and the act of approving all that waits."""
        view = self.admin_site.admin_view(self.approve_figures_view)
        name = "programmes_outcomemetric_approve_figures"
        return [path("<path:object_id>/approve-figures/", view, name=name), *super().get_urls()]

    def approve_figures_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Approve all figures of a metric that wait, as its page showed them."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with transaction.atomic():  # so that nobody changes one between this look at them and the approval
            metric = self.record_for(request, object_id)
            if not workflow.may(request.user, "publish", metric):
                raise PermissionDenied
            waiting = self._waiting_for(request, metric)
            if request.POST.get("newest") != _newest_of(waiting):
                words = _now("Somebody entered, changed or approved a figure after you had opened this page. "
                             "Look at them again.")  # fmt: skip
                self.message_user(request, words, messages.ERROR)
            else:
                approve_and_say(self, request, waiting)
        return HttpResponseRedirect(self.url_of(metric, "change"))

    def _waiting_for(self, request: HttpRequest, metric: OutcomeMetric) -> list:
        if not workflow.may(request.user, "publish", metric):
            return []
        observations, corrections = figures.waiting_for(request.user, OutcomeMetric.objects.filter(pk=metric.pk))
        people, corrected = ("entered_by", "source"), ("entered_by", "source", "observation")
        plain = observations.select_related(*people).newest_first()
        return [*plain, *corrections.select_related(*corrected).newest_first()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, object], *args: object, **kwargs: object
    ) -> HttpResponse:
        """Add the newest figures, with what the person may do to them."""
        metric = context["original"]
        context["figures"] = None
        if metric and not metric.is_change and metric.is_within_remit_of(request.user):
            context["figures"] = self._figures_of(request, metric)
        return super().render_change_form(request, context, *args, **kwargs)

    def _figures_of(self, request: HttpRequest, metric: OutcomeMetric) -> dict[str, object]:
        site = self.admin_site.name
        needed = ("entered_by", "approved_by", "source")
        newest = list(metric.observations.select_related(*needed).newest_first()[:NEWEST])
        waiting_corrections = metric.corrections.waiting().select_related(*needed, "observation").newest_first()
        corrections = list(waiting_corrections[:NEWEST])
        waiting = self._waiting_for(request, metric)
        shown = {*corrections, *newest}
        rows = []
        for one in [*corrections, *newest, *(one for one in waiting if one not in shown)]:  # one approves what one sees
            one.metric = metric
            rows.append(to_read(one, site))
        may_enter = figures.may_enter(request.user, metric)
        query = {"metric__id__exact": metric.pk}
        return {
            "rows": rows,
            "all_url": reverse(f"{site}:programmes_observation_changelist", query=query),
            "import_url": reverse(f"{site}:programmes_observation_import", query={"metric": metric.pk})
            if may_enter
            else "",
            "add_url": reverse(f"{site}:programmes_observation_add", query={"metric": metric.pk}) if may_enter else "",
            "approve_url": self.url_of(metric, "approve_figures") if waiting else "",
            "approve_words": ngettext(
                "Approve the %(count)d figure that waits", "Approve the %(count)d figures that wait", len(waiting)
            )
            % {"count": len(waiting)},
            "newest": _newest_of(waiting),
            "late_by": metric.late_by() if metric.is_published else "",
            "due_on": metric.next_figure_due_on if metric.is_published else None,
        }

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
