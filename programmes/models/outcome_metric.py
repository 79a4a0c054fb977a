"""Outcome metrics: what is counted, why it matters, which direction is good."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from django.contrib.humanize.templatetags.humanize import ordinal
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    CitedRecord,
    Organisation,
    Partnership,
    Source,
)
from partnerships.models.finding import published_name
from programmes.models.due import FiguresDue, FiguresDueQuerySet
from programmes.models.finding import FoundMetricQuerySet
from programmes.models.kept_back import BASELINE, KeepsBack
from programmes.models.notable import NotesFigures
from programmes.models.outcome_search import OutcomeWords
from programmes.models.programme import Programme
from trustportal.constraints import all_or_none, facet_index, holds
from trustportal.partial_date import PartialDateField
from trustportal.search.reading import Rows


def as_count(value: Decimal | None) -> str:
    """A number as people read it: "2,477", "2.5"; "" for None."""
    if value is None:
        return ""
    return number_format(value.normalize() if value % 1 else int(value), force_grouping=True)


class OutcomeMetricQuerySet(FiguresDueQuerySet, FoundMetricQuerySet):
    """The words for outcome metrics."""

    def of_programme(self, programme: Programme) -> Self:
        """Those of a programme."""
        return self.filter(programme=programme)

    def of_partnership(self, partnership: Partnership) -> Self:
        """Those of a partnership as a whole."""
        return self.filter(partnership=partnership)

    def around(self, partnership: Partnership) -> Self:
        """Those of a partnership as a whole, and of the public programmes under it."""
        under = Programme.objects.published().under(partnership)
        return self.filter(Q(partnership=partnership) | Q(programme__in=under))

    def with_partner(self, organisation: Organisation) -> Self:
        """Those that an organisation publishes, and those of the public work in which it has a part."""
        programmes = Programme.objects.published().with_partner(organisation).values("pk")
        partnerships = Partnership.objects.published().with_partner(organisation).values("pk")
        return self.filter(Q(lead=organisation) | Q(programme__in=programmes) | Q(partnership__in=partnerships))

    def with_latest_observation(self) -> Self:
        """Adds `latest_observations`, a list with the newest approved observation or nothing."""
        newest = self.approved_observations().newest_first()[:1]
        return self.prefetch_related(models.Prefetch("observations", newest, to_attr="latest_observations"))

    def with_newest_figure(self) -> Self:
        """Adds `newest_figures`, a list with the newest figure that has a period, approved or not, or nothing."""
        observations = self.model._meta.get_field("observations").related_model.objects
        newest = observations.with_period().newest_first()[:1]
        return self.prefetch_related(models.Prefetch("observations", newest, to_attr="newest_figures"))

    def approved_observations(self) -> models.QuerySet:
        """Those of all metrics, for what is read with them."""
        return self.model._meta.get_field("observations").related_model.objects.approved()

    def with_series(self, most: int) -> Self:
        """Adds `series`, a list with the newest observations that have a period, and reads where limits begin anew."""
        newest = self.approved_observations().with_period().newest_first()[:most]
        return self.prefetch_related(models.Prefetch("observations", newest, to_attr="series"), "rebases")

    def that_add_up(self) -> Self:
        """Those whose figures may be added to those of others."""
        return self.exclude(adds_up_as="")

    def for_search(self) -> dict[str, Rows]:
        """What the search needs to know besides."""
        named = map(published_name, ("programme", "partnership", "lead"))
        return {"record": Rows(self.searched(), "pk", *named)}

    def for_list(self) -> Self:
        """What a row of the list needs."""
        return self.for_page().in_name_order()

    def for_figures(self) -> Self:
        """What the figures on the page of a programme or partnership need."""
        return self.select_related("lead").with_latest_observation().in_name_order()

    def for_page(self) -> Self:
        """What the metric's own page needs besides the table of its observations."""
        return (
            self.select_related("programme", "partnership", "lead")
            .with_latest_observation()
            .prefetch_related(models.Prefetch("sources", Source.objects.for_foot()))
        )


class OutcomeMetric(NotesFigures, OutcomeWords, KeepsBack, FiguresDue, CitedRecord):
    """What is counted, why it matters, and which direction is good."""

    class Kind(models.TextChoices):
        """What sort of figure."""

        TOTAL = "total", _("One-off total")
        COUNT = "count", _("Count for each period")
        PERCENTAGE = "percentage", _("Percentage")
        RATE = "rate", _("Rate")
        RANKING = "ranking", _("Ranking")
        YES_NO = "yes-no", _("Yes or no")

    RATES = frozenset({Kind.PERCENTAGE, Kind.RATE})

    class Direction(models.TextChoices):
        """Which way is better."""

        UP = "up", _("Higher is better")
        DOWN = "down", _("Lower is better")
        NEITHER = "neither", _("Neither is better")

    class Frequency(models.TextChoices):
        """How often a new figure is due."""

        ONCE = "once", _("Once")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")
        QUARTERLY = "quarterly", _("Every three months")
        YEARLY = "yearly", _("Every year")

    class TargetRule(models.TextChoices):
        """How a figure is compared with the target."""

        AT_LEAST = "at-least", _("at least")
        MORE_THAN = "more-than", _("more than")
        AT_MOST = "at-most", _("at most")
        LESS_THAN = "less-than", _("less than")
        EXACTLY = "exactly", _("exactly")

    review_interval = datetime.timedelta(days=183)  # figures grow old faster than words
    answered_for_by = "lead_id"
    search_standing = 5
    wanted = {
        "observations": _("the figures"),
        "sources": _("the sources"),
    }
    # Figures have a life of their own.
    not_versioned = CitedRecord.not_versioned | {"observations", "corrections", "next_figure_due_on"}

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    unit = models.CharField(
        _("unit"), max_length=60, help_text=_("What one of them is, in the plural. For example: patients.")
    )
    lead = models.ForeignKey(
        Organisation, models.PROTECT, related_name="outcome_metrics", verbose_name=_("published by")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="outcome_metrics", verbose_name=_("programme")
    )
    partnership = models.ForeignKey(
        Partnership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcome_metrics",
        verbose_name=_("partnership"),
    )
    why_it_matters = models.TextField(_("why it matters"), help_text=_("In Markdown."))
    definition = models.TextField(
        _("definition"), help_text=_("Exactly what is counted and what is not. For a rate: over what. In Markdown.")
    )
    caveats = models.TextField(_("caveats"), blank=True, help_text=_("What readers should bear in mind. In Markdown."))
    direction = models.CharField(_("which way is better"), max_length=10, choices=Direction, default=Direction.UP)
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency, default=Frequency.ONCE)
    numerator_label = models.CharField(
        _("numerator"), max_length=100, blank=True, help_text=_("For a percentage or rate: people who gained a job.")
    )
    denominator_label = models.CharField(
        _("denominator"), max_length=100, blank=True, help_text=_("For a percentage or rate: people who started.")
    )
    per = models.PositiveIntegerField(
        _("rate per"),
        default=100,
        validators=[MinValueValidator(1)],
        help_text=_("100 for a percentage; 1000 for a rate per 1,000."),
    )
    fewest_shown = models.PositiveSmallIntegerField(
        _("smallest number shown"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2)],
        help_text=_(
            "Where figures are about people who could be known by a small number, for example 5: readers then see "
            "“Fewer than 5” instead of 4. Anything from which that could be worked out is left out too."
        ),
    )
    adds_up_as = models.CharField(
        _("adds up as"),
        max_length=100,
        blank=True,
        help_text=_(
            "Only where figures may be added to those of other metrics: what the sum is called, the same words in each "
            "of them. For example: People helped into work."
        ),
    )
    population = models.CharField(
        _("who is counted"),
        max_length=200,
        blank=True,
        help_text=_(
            "For what adds up: whose figures these are, in the same words wherever the same people may be counted, "
            "so that nobody is counted twice. For example: patients registered in Southwark."
        ),
    )
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_on = PartialDateField(_("baseline of"), null=True, blank=True, help_text=_("For example: 2016."))
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    target_rule = models.CharField(_("the figure should be"), max_length=10, choices=TargetRule, blank=True)
    target_due_on = PartialDateField(
        _("target due by the end of"), null=True, blank=True, help_text=_("For example: 2017.")
    )
    headline_position = models.PositiveSmallIntegerField(
        _("place on the home page"),
        null=True,
        blank=True,
        help_text=_("1 to 4 for a headline figure, otherwise empty."),
    )

    objects = OutcomeMetricQuerySet.as_manager()

    class Meta(CitedRecord.Meta):
        verbose_name = _("outcome metric")
        verbose_name_plural = _("outcome metrics")
        indexes = [*CitedRecord.Meta.indexes, facet_index("kind", "frequency")]
        constraints = [
            *CitedRecord.Meta.constraints,
            all_or_none(
                "target",
                "target_rule",
                empty={"target_rule": ""},
                name="target_rule",
                message=_("A target says how the figure is compared with it."),
            ),
            holds(
                Q(target_due_on__isnull=True) | Q(target__isnull=False),
                name="target_due",
                message=_("A date for the target needs the target."),
            ),
            holds(
                Q(baseline_on__isnull=True) | Q(baseline__isnull=False),
                name="baseline_of",
                message=_("A date for the baseline needs the baseline."),
            ),
            holds(
                Q(kind__in=["percentage", "rate"]) & ~Q(numerator_label="") & ~Q(denominator_label="")
                | ~Q(kind__in=["percentage", "rate"]) & Q(numerator_label="", denominator_label=""),
                name="rate_of_what",
                message=_("A percentage or a rate, and nothing else, says what is divided by what."),
            ),
            holds(
                ~Q(kind__in=["ranking", "yes-no"]) | Q(fewest_shown__isnull=True, adds_up_as=""),
                name="counted",
                message=_("A ranking or a yes or no has no smallest number, and does not add up."),
            ),
            holds(
                ~Q(kind__in=["percentage", "rate"]) | Q(adds_up_as=""),
                name="rates_do_not_add_up",
                message=_("Percentages and rates cannot be added to each other."),
            ),
            all_or_none(
                "adds_up_as",
                "population",
                empty={"adds_up_as": "", "population": ""},
                name="sum_of_whom",
                message=_("What adds up says who is counted, and what does not leaves that empty."),
            ),
            holds(Q(per__gte=1), name="per_something", message=_("A rate is per 1 or more.")),
            holds(~Q(kind="percentage") | Q(per=100), name="percent", message=_("A percentage is per 100.")),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("outcome-metric-detail", args=[self.slug])

    @property
    def is_rate(self) -> bool:
        """Whether its figures are a numerator over a denominator."""
        return self.kind in self.RATES

    @property
    def unit_in_words(self) -> str:
        """What stands behind a figure: "patients", "per 1,000"; nothing behind a percentage or a yes."""
        if self.kind == self.Kind.RATE:
            return _now("per %(number)s") % {"number": as_count(Decimal(self.per))}
        return "" if self.kind in {self.Kind.PERCENTAGE, self.Kind.YES_NO} else self.unit

    @property
    def direction_in_words(self) -> str:
        """Which way is better; a ranking's first place has the lowest number."""
        if self.kind == self.Kind.RANKING and self.direction == self.Direction.DOWN:
            return _now("First place is best")
        return self.get_direction_display()

    def faults_as_a_whole(self) -> list[str]:
        """As any record; and its figures, also those that wait, are figures of its kind.

        It may have another kind than when they came: in a change that was begun before, or in an old version.
        """
        fault = self.fault_of_kind(self.kind)
        return [*super().faults_as_a_whole(), *([fault] if fault else [])]

    def fault_of_kind(self, kind: str) -> str:
        """Why it cannot be of a kind: its figures are none of it; otherwise ""."""
        if not any(rows.that_cannot_be(kind).exists() for rows in (self.observations, self.corrections)):
            return ""
        words = _now("Its figures are none of the kind “%(kind)s”. Keep the kind, or make a new metric for the others.")
        return words % {"kind": self.Kind(kind).label}

    def on_published(self) -> None:
        """What is hidden and when a figure is due rest on the text, too."""
        super().on_published()
        self.refresh_figures()

    def refresh_figures(self) -> None:
        """Work out anew what rests on all approved figures: when the next is due, and which ones readers are not shown
        because a small number could be worked out from them."""
        observations = self.observations.approved().with_period()
        newest = observations.newest_first().first()
        self.next_figure_due_on = self.due_after(newest.period_start, newest.period_end) if newest else None
        type(self)._base_manager.filter(pk=self.pk).update(next_figure_due_on=self.next_figure_due_on)
        left_out = self.left_out() - {BASELINE}
        self.observations.filter(is_left_out=True).exclude(pk__in=left_out).update(is_left_out=False)
        self.observations.filter(is_left_out=False, pk__in=left_out).update(is_left_out=True)
        self.refresh_notable()

    @property
    def latest_observation(self) -> models.Model | None:
        """The newest observation; needs `with_latest_observation()`."""
        return self.latest_observations[0] if self.latest_observations else None

    def in_words(self, value: Decimal | None) -> str:
        """A figure of this metric as people read it: "2,477", "59.2%", "1st", "Yes"; "" for None."""
        if value is None:
            return ""
        if self.kind == self.Kind.RANKING:
            return str(ordinal(int(value)))
        if self.kind == self.Kind.YES_NO:
            return _now("Yes") if value else _now("No")
        if self.is_rate:
            rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
            return f"{number_format(rounded, force_grouping=True)}{'%' if self.kind == self.Kind.PERCENTAGE else ''}"
        return as_count(value)

    @property
    def target_in_words(self) -> str:
        """For example: "More than 3,000 by the end of 2017", or ""."""
        if self.target is None:
            return ""
        words = {"rule": self.get_target_rule_display(), "target": self.in_words(self.target)}
        sentence = _now("%(rule)s %(target)s") % words
        if self.target_due_on:
            sentence = _now("%(target)s by the end of %(date)s") % {
                "target": sentence,
                "date": self.target_due_on.words,
            }
        return sentence[:1].upper() + sentence[1:]
