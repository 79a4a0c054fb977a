"""What a figure consists of, whether it is public or waits to take the place of one that is."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat, Floor, Length
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.models import CitedPart
from programmes.models.outcome_metric import OutcomeMetric, as_count
from programmes.models.periods import spellings_of_end, spellings_of_start
from trustportal.accounts.models import User
from trustportal.charts.sums import is_small
from trustportal.constraints import holds, not_before
from trustportal.partial_date import PartialDate, PartialDateField, period_in_words
from trustportal.publishing.models import PartQuerySet

PERCENTAGE = OutcomeMetric.Kind.PERCENTAGE
MOST_DIGITS = 15  # SQLite rounds what has more, and cannot read 99999999999999.9999 again
LAST_DAY = {len("2019"): "-12-31", len("2019-06"): "-31"}  # what makes a day of a date that is not known to the day


class FigureQuerySet(PartQuerySet):
    """The words for figures."""

    def with_last_day(self) -> Self:
        """Adds `last_day`, on which their period ends: "2019" ends after "2019-06" and with "2019-12"."""
        day = Case(
            *(When(_length=length, then=Concat("period_end", Value(rest))) for length, rest in LAST_DAY.items()),
            default="period_end",
            output_field=CharField(),
        )
        return self.alias(_length=Length("period_end")).alias(last_day=day)

    def newest_first(self) -> Self:
        """By the day on which their period ends, the newest first, of those that end together the one that began last.

        Those without a period come last.
        """
        last_first = F("last_day").desc(nulls_last=True)
        return self.with_last_day().order_by(last_first, F("period_start").desc(nulls_last=True), "-pk")

    def that_cannot_be(self, kind: str) -> Self:
        """Those that are no figures of a kind: see `Figure.clean`."""
        if kind in OutcomeMetric.RATES:
            wrong = Q(value__isnull=False) | Q(numerator__lt=0)
            return self.filter(wrong | Q(numerator__gt=F("denominator")) if kind == PERCENTAGE else wrong)
        wrong = Q(numerator__isnull=False)
        if kind == OutcomeMetric.Kind.YES_NO:
            wrong |= ~Q(value__in=[0, 1]) & Q(value__isnull=False)
        if kind == OutcomeMetric.Kind.RANKING:
            wrong |= Q(value__lt=1) | ~Q(value=Floor("value")) & Q(value__isnull=False)
        return self.filter(wrong)

    def waiting(self) -> Self:
        """Those that somebody entered and nobody has approved."""
        return self.filter(approved_at__isnull=True)

    def not_entered_by(self, person: User) -> Self:
        """Those that a person did not enter, and wrote nothing in while they waited."""
        return self.exclude(entered_by=person).exclude(also_entered_by=person)

    def of_metrics(self, metrics: models.QuerySet) -> Self:
        """Those of some metrics."""
        return self.filter(metric__in=metrics.order_by().values("pk"))

    def in_period(self, start: PartialDate | None, end: PartialDate | None) -> Self:
        """Those of the same days, however the period is written; without a period, those without one."""
        if start is None or end is None:
            return self.filter(period_start__isnull=True, period_end__isnull=True)
        return self.filter(period_start__in=spellings_of_start(start), period_end__in=spellings_of_end(end))


class Figure(CitedPart):
    """A value, or a numerator and a denominator, or a reason why there is none, of one metric for one period.

    Somebody enters it, somebody else approves it, and from then on it is locked.
    """

    record_field = "metric"
    # What of it readers are told; the rest says who answers for it.
    told = (
        "period_start",
        "period_end",
        "value",
        "numerator",
        "denominator",
        "missing_reason",
        "is_provisional",
        "note",
        "source",
        "provenance",
    )

    metric = models.ForeignKey(OutcomeMetric, models.CASCADE, related_name="%(class)ss", verbose_name=_("metric"))
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
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    # Whoever else wrote it while it waited: they do not approve it either.
    also_entered_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, editable=False, related_name="+", verbose_name=_("also entered by")
    )
    # Nobody entered what was loaded.
    entered_at = models.DateTimeField(_("entered"), null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)

    class Meta(CitedPart.Meta):
        abstract = True
        constraints = [
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
            holds(
                Q(approved_by__isnull=True) | Q(approved_at__isnull=False),
                name="approved_when",
                message=_("Whoever approved a figure did so at a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}, {self.period}"

    def clean(self) -> None:
        """A rate is worked out from what it is made of, never stored; nothing else has parts."""
        if not self.metric_id:
            return
        if fault := self.fault_of_kind():
            raise ValidationError(dict([fault]))

    def fault_of_kind(self) -> tuple[str, str] | None:
        """The field that cannot be so in a figure of this kind of metric, and what to do; None where all is well."""
        kind, value, numerator, denominator = self.metric.kind, self.value, self.numerator, self.denominator
        for name, number in (("value", value), ("numerator", numerator), ("denominator", denominator)):
            if number is not None and len(number.normalize().as_tuple().digits) > MOST_DIGITS:
                return name, _now("This number has more than %(most)s digits: round it.") % {"most": MOST_DIGITS}
        if self.metric.is_rate:
            if value is not None:
                return "value", _now(
                    "This outcome is a rate: give the numerator and the denominator, not the rate itself."
                )
            if numerator is not None and numerator < 0:
                return "numerator", _now("A numerator is 0 or more.")
            if kind == PERCENTAGE and None not in (numerator, denominator) and 0 < denominator < numerator:
                return "numerator", _now(
                    "A percentage has no numerator above its denominator. For what can be above 100, choose the kind "
                    "“Rate” in the metric."
                )
            return None
        if numerator is not None or denominator is not None:
            return "numerator" if numerator is not None else "denominator", _now(
                "This outcome is no rate: give the value alone."
            )
        if kind == OutcomeMetric.Kind.YES_NO and value not in {None, 0, 1}:
            return "value", _now("Write 1 for yes or 0 for no.")
        if kind == OutcomeMetric.Kind.RANKING and value is not None and (value < 1 or value % 1):
            return "value", _now("A place in a ranking is a whole number from 1 on.")
        return None

    def was_entered_by(self, person: User) -> bool:
        """Whether a person entered it, or wrote in it while it waited."""
        return person.pk == self.entered_by_id or any(one.pk == person.pk for one in self.also_entered_by.all())

    @property
    def is_approved(self) -> bool:
        """Whether it was approved, so that it is locked, and public as far as its metric is."""
        return self.approved_at is not None

    @property
    def period(self) -> str:
        """The period in words."""
        return period_in_words(self.period_start, self.period_end) or _now("Period not stated")

    @property
    def is_small(self) -> bool:
        """Whether it counts fewer than readers are told."""
        metric = self.metric
        # A rate, too, may count the people of its denominator: then those who are left over may be few.
        is_part = self.numerator is not None and self.denominator is not None and self.numerator <= self.denominator
        return is_small(metric.fewest_shown, self.value, self.numerator, self.denominator, is_part=is_part)

    @property
    def is_hidden(self) -> bool:
        """Whether readers are not told what it is."""
        return self.is_small

    @property
    def counted(self) -> Decimal | None:
        """The value, or the rate worked out from numerator and denominator, as we know it; None where it is missing."""
        if self.numerator is None or self.denominator is None:
            return self.value
        return self.numerator / self.denominator * self.metric.per

    @property
    def counted_in_words(self) -> str:
        """As we know it, in words: "59.2% (29 of 49)"."""
        words = self.metric.in_words(self.counted) or _now("No figure")
        if self.numerator is None:
            return words
        parts = {"numerator": as_count(self.numerator), "denominator": as_count(self.denominator)}
        return f"{words} ({_now('%(numerator)s of %(denominator)s') % parts})"

    @property
    def figure(self) -> Decimal | None:
        """What readers are told; None where it is missing or hidden."""
        return None if self.is_hidden else self.counted

    @property
    def figure_in_words(self) -> str:
        """What readers are told, in words: "2,477", "Fewer than 5", "Not shown" or "No figure"."""
        if self.is_small and self.value is not None:
            return _now("Fewer than %(number)s") % {"number": as_count(Decimal(self.metric.fewest_shown))}
        if self.is_hidden:
            return _now("Not shown")
        return self.metric.in_words(self.counted) or _now("No figure")

    @property
    def why_no_figure(self) -> str:
        """Why readers are told no figure, in words, or ""."""
        if self.is_small:
            return _now("Too few to show without telling about single people.")
        if self.is_hidden:
            return _now("Left out, so that a number too small to show cannot be worked out.")
        return self.missing_reason

    @property
    def numerator_in_words(self) -> str:
        """The numerator as readers are told it, or ""."""
        return "" if self.is_hidden else as_count(self.numerator)

    @property
    def denominator_in_words(self) -> str:
        """The denominator as readers are told it, or ""."""
        return "" if self.is_hidden else as_count(self.denominator)

    @property
    def in_full(self) -> str:
        """All that we know of it but the source, in one line: "2019: 2,477 (provisional; counted by hand)"."""
        words = f"{self.period}: {self.counted_in_words}"
        more = [self.missing_reason, _now("provisional") if self.is_provisional else "", self.note]
        return f"{words} ({said})" if (said := "; ".join(filter(None, more))) else words
