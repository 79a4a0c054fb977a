"""Observations: what the count of an outcome metric was, period by period; and how they are corrected."""

import datetime
from dataclasses import dataclass
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from programmes.models.figure import Figure, FigureQuerySet
from programmes.models.notable import Notable
from trustportal.constraints import all_or_none, holds, unique
from trustportal.publishing.models import State


@dataclass(frozen=True)
class Revision:
    """What readers are told of a figure that another one has replaced."""

    on: datetime.date
    was: str  # "2,477", with its period where that was another; "" where it is kept back
    reason: str


class ObservationQuerySet(FigureQuerySet):
    """The words for observations."""

    def approved(self) -> Self:
        """Those that readers see once their metric is public."""
        return self.filter(approved_at__isnull=False)

    def told(self) -> Self:
        """As approved(): what else is only entered."""
        return self.approved()

    def with_period(self) -> Self:
        """Those of which it is known when they were counted."""
        return self.filter(period_start__isnull=False)

    def notable(self) -> Self:
        """Those that are worth a place on a timeline: see `programmes.models.notable`."""
        return self.approved().with_period().filter(is_left_out=False, notable__in=filter(None, Notable.values))

    def newer_than_approved(self) -> Self:
        """Those whose period ends after that of every approved one of their metric."""
        mine = self.with_period().with_last_day()
        approved = Observation.objects.approved().with_last_day().filter(metric=OuterRef("metric"))
        return mine.exclude(Exists(approved.filter(last_day__gte=OuterRef("last_day"))))

    def of_periods(self, metrics: set[int], starts: set[str], ends: set[str]) -> Self:
        """Those of some metrics that begin and end on some days, in any spelling; and those without a period."""
        in_one = Q(period_start__in=starts, period_end__in=ends) | Q(period_start__isnull=True)
        return self.filter(in_one, metric__in=metrics)

    def with_open_correction(self) -> Self:
        """Adds `open_corrections`: a list with the correction that waits, or nothing."""
        return self.prefetch_related(models.Prefetch("corrections", Correction.objects.waiting(), "open_corrections"))

    def with_earlier(self) -> Self:
        """Adds `earlier`: a list with what stood there before, the last one first."""
        earlier = models.Prefetch("corrections", Correction.objects.replaced().newest_change_first(), "earlier")
        return self.prefetch_related(earlier)

    def for_page(self) -> Self:
        """What the table of a metric's page needs: with the source, and with what stood there before."""
        return self.approved().select_related("source").with_earlier().newest_first()

    def newest_news_first(self) -> Self:
        """Those that were approved or corrected last come first, with what stood there before."""
        return self.approved().with_earlier().order_by("-approved_at", "-period_end", "-pk")

    def for_export(self) -> Self:
        """What a row of a file needs."""
        return self.approved().select_related("metric", "source").with_earlier()

    def latest_of_each_metric(self) -> Self:
        """One row a metric: its newest that is approved."""
        newest = Observation.objects.approved().filter(metric=OuterRef("metric")).newest_first()
        return self.filter(pk=Subquery(newest.values("pk")[:1]))

    def of_headline_metrics(self) -> Self:
        """The newest observation of each published metric that the home page shows, with the metric."""
        return (
            self.latest_of_each_metric()
            .filter(metric__state=State.PUBLISHED, metric__headline_position__isnull=False)
            .select_related("metric__lead")
            .order_by("metric__headline_position", "metric__pk")
        )


class Observation(Figure):
    """One figure of a metric for one period: a value, or a numerator and a denominator, or a reason why there is none.

    Observations are no part of a metric's working copy: they have a life of their own. Once approved, one is changed by
    a Correction alone.
    """

    natural_key_fields = ("metric__slug", "period_start", "period_end")

    is_left_out = models.BooleanField(_("left out"), default=False, editable=False)  # see OutcomeMetric.refresh_figures
    notable = models.CharField(
        _("of note"), max_length=10, choices=Notable, blank=True, editable=False
    )  # see there too

    objects = ObservationQuerySet.as_manager()

    class Meta(Figure.Meta):
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        indexes = [
            models.Index(fields=["approved_at", "metric"], name="observation_waiting"),
            models.Index(fields=["notable", "period_end"], name="observation_notable"),
        ]
        constraints = [
            *Figure.Meta.constraints,
            unique("metric", "period_start", "period_end", name="period_once", message=_("This period has a figure.")),
            unique(
                "metric",
                condition=Q(period_start__isnull=True, period_end__isnull=True),
                name="no_period_once",
                message=_("There is a figure without a period already."),
            ),
        ]

    def clean(self) -> None:
        """As any figure; and the same days have one figure, in whichever words the period is written."""
        super().clean()
        if self.metric_id and self.period_start and self.period_end:
            same = Observation.objects.filter(metric=self.metric_id).in_period(self.period_start, self.period_end)
            if (
                other := same.exclude(pk=self.pk)
                .exclude(period_start=self.period_start, period_end=self.period_end)
                .first()
            ):
                words = _now("There is a figure of this period already: %(figure)s.")
                raise ValidationError(words % {"figure": other.in_full})

    @property
    def is_hidden(self) -> bool:
        """Whether readers are not told what it is: it is small, or a small one could be worked out from it."""
        return self.is_left_out or self.is_small

    @property
    def revisions(self) -> list["Revision"]:
        """What stood here before, the last one first; needs `with_earlier()`.

        Where small numbers are kept back, the earlier figure is too: it might tell what the present one does not.
        """
        found = []
        for one in self.earlier:
            one.metric = self.metric
            was = "" if self.metric.fewest_shown is not None else one.in_full.removeprefix(f"{self.period}: ")
            found.append(Revision(timezone.localdate(one.replaced_at), was, one.reason))
        return found


class CorrectionQuerySet(FigureQuerySet):
    """The words for corrections."""

    def told(self) -> Self:
        """None: of what stood there before readers learn the figure alone, as the page of the metric has it."""
        return self.none()

    def replaced(self) -> Self:
        """Those that were approved: they hold what stood there before."""
        return self.filter(replaced_at__isnull=False)

    def newest_change_first(self) -> Self:
        """What was replaced last, first."""
        return self.order_by("-replaced_at", "-pk")


class Correction(Figure):
    """Another figure in the place of an approved one, and why.

    Until somebody approves it, it holds what will stand. Then the two change places: the observation, which keeps its
    key and its address, holds the new figure, and the correction for good what stood before, with who had entered and
    approved that.
    """

    natural_key_fields = (
        "observation__metric__slug",
        "observation__period_start",
        "observation__period_end",
        "replaced_at",
    )

    observation = models.ForeignKey(
        Observation, models.CASCADE, related_name="corrections", verbose_name=_("figure that it corrects")
    )
    reason = models.CharField(
        _("why it is corrected"),
        max_length=200,
        help_text=_("Readers see it. For example: Two clinics had been counted twice."),
    )
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta(Figure.Meta):
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            *Figure.Meta.constraints,
            unique(
                "observation",
                condition=Q(replaced_at__isnull=True),
                name="one_open",
                message=_("A correction of this figure waits to be approved already. Change that one."),
            ),
            holds(~Q(reason=""), name="says_why", message=_("Say why the figure is corrected.")),
            all_or_none(
                "replaced_at",
                "approved_at",
                name="replaced_is_approved",
                message=_("What was replaced had been approved before."),
            ),
        ]

    def clean(self) -> None:
        """As any figure; and it says something else than the figure that stands."""
        super().clean()
        if self.observation_id and self.replaced_at is None and self.told_by(self) == self.told_by(self.observation):
            raise ValidationError(_now("This is the figure as it stands. Change what is wrong in it."))

    @staticmethod
    def told_by(figure: Figure) -> list[object]:
        """All that readers are told by a figure."""
        return [getattr(figure, figure._meta.get_field(name).attname) for name in Figure.told]
