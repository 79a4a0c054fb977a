"""Observations: what the count of an outcome metric was, period by period."""

from decimal import Decimal
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.models import CitedPart
from programmes.models.outcome_metric import OutcomeMetric, as_count
from trustportal.constraints import holds, not_before, unique
from trustportal.partial_date import PartialDateField, period_in_words
from trustportal.publishing.models import PartQuerySet, State


class ObservationQuerySet(PartQuerySet):
    """The words for observations."""

    def newest_first(self) -> Self:
        """By period, the newest first; those without a period last."""
        return self.order_by(F("period_end").desc(nulls_last=True), F("period_start").desc(nulls_last=True), "-pk")

    def with_period(self) -> Self:
        """Those of which it is known when they were counted."""
        return self.filter(period_start__isnull=False)

    def for_page(self) -> Self:
        """What the table of a metric's page needs."""
        return self.select_related("source").newest_first()

    def latest_of_each_metric(self) -> Self:
        """One row a metric: its newest."""
        newest = Observation.objects.filter(metric=OuterRef("metric")).newest_first()
        return self.filter(pk=Subquery(newest.values("pk")[:1]))

    def of_headline_metrics(self) -> Self:
        """The newest observation of each published metric that the home page shows, with the metric."""
        return (
            self.latest_of_each_metric()
            .filter(metric__state=State.PUBLISHED, metric__headline_position__isnull=False)
            .select_related("metric__lead")
            .order_by("metric__headline_position", "metric__pk")
        )


class Observation(CitedPart):
    """One figure of a metric for one period: a value, or a numerator and a denominator, or a reason why there is none.

    Observations are no part of a metric's working copy: they have a life of their own.
    """

    record_field = "metric"
    natural_key_fields = ("metric__slug", "period_start", "period_end")

    metric = models.ForeignKey(OutcomeMetric, models.CASCADE, related_name="observations", verbose_name=_("metric"))
    period_start = PartialDateField(_("period from"), null=True, blank=True, help_text=_("For example: April 2017."))
    period_end = PartialDateField(_("period to"), null=True, blank=True, help_text=_("For example: March 2019."))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(_("numerator"), max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(_("denominator"), max_digits=18, decimal_places=4, null=True, blank=True)
    missing_reason = models.CharField(
        _("why there is no figure"), max_length=200, blank=True, help_text=_("For example: not published.")
    )
    is_provisional = models.BooleanField(_("provisional"), default=False, help_text=_("The figure may still change."))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            unique("metric", "period_start", "period_end", name="period_once", message=_("This period has a figure.")),
            unique(
                "metric",
                condition=Q(period_start__isnull=True, period_end__isnull=True),
                name="no_period_once",
                message=_("There is a figure without a period already."),
            ),
            holds(
                Q(period_start__isnull=True, period_end__isnull=True)
                | Q(period_start__isnull=False, period_end__isnull=False),
                name="whole_period",
                message=_("A period has a beginning and an end. For a single month or year write it in both."),
            ),
            not_before("period_end", "period_start", message=_("A period does not end before it begins.")),
            holds(
                Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True, missing_reason="")
                | Q(value__isnull=True, numerator__isnull=False, denominator__isnull=False, missing_reason="")
                | Q(value__isnull=True, numerator__isnull=True, denominator__isnull=True) & ~Q(missing_reason=""),
                name="figure_or_reason",
                message=_("Give a value, or a numerator and a denominator, or the reason why there is no figure."),
            ),
            holds(
                Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="denominator_above_zero",
                message=_("A denominator is greater than 0. If nobody was counted, give that as the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}, {self.period}"

    def clean(self) -> None:
        """A rate is worked out from what it is made of, never stored."""
        if self.value is not None and self.metric_id and self.metric.is_rate:
            raise ValidationError(
                {"value": _now("This metric is a rate: give the numerator and the denominator, not the rate itself.")}
            )

    @property
    def period(self) -> str:
        """The period in words."""
        return period_in_words(self.period_start, self.period_end) or _now("Period not stated")

    @property
    def figure(self) -> Decimal | None:
        """The value, or the rate worked out from numerator and denominator; None where it is missing."""
        if self.numerator is None or self.denominator is None:
            return self.value
        return self.numerator / self.denominator * self.metric.per

    @property
    def figure_in_words(self) -> str:
        """The figure as people read it, or "No figure"."""
        return self.metric.in_words(self.figure) or _now("No figure")

    @property
    def in_full(self) -> str:
        """All that readers see of it but the source, in one line: "2019: 2,477 (provisional; counted by hand)"."""
        parts = f"{self.numerator_in_words} / {self.denominator_in_words}" if self.numerator is not None else ""
        words = f"{self.period}: {parts or self.figure_in_words}"
        more = [self.missing_reason, _now("provisional") if self.is_provisional else "", self.note]
        return f"{words} ({said})" if (said := "; ".join(filter(None, more))) else words

    @property
    def numerator_in_words(self) -> str:
        """The numerator as people read it, or ""."""
        return as_count(self.numerator)

    @property
    def denominator_in_words(self) -> str:
        """The denominator as people read it, or ""."""
        return as_count(self.denominator)
