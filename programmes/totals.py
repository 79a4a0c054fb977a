"""What the figures of several metrics come to, where they may be added; and otherwise why not."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.models import OutcomeMetric
from programmes.models.outcome_metric import as_count
from trustportal.charts.sums import Part, Refusal, Refused, Total, add_up
from trustportal.partial_date import PartialDate, period_in_words

MOST_ADDED = 1000  # metrics


@dataclass(frozen=True)
class RollUp:
    """The sum of the latest figures of metrics that add up to one thing, or the reason why there is none."""

    name: str
    metrics: list[OutcomeMetric]  # the parts, by name, each with its latest observation
    total: str  # "At least 2,477 people"; "" where there is none
    period: str
    note: str  # what is not in the total, or why there is none


def roll_ups(metrics: QuerySet) -> list[RollUp]:
    """The sums over some published metrics, by name. Of each the latest figure is taken. Two queries."""
    groups: dict[str, list[OutcomeMetric]] = {}
    added = metrics.that_add_up().select_related("lead").with_latest_observation().order_by("adds_up_as", "name", "pk")
    for metric in added[:MOST_ADDED]:
        groups.setdefault(" ".join(metric.adds_up_as.split()).casefold(), []).append(metric)
    return [_roll_up(group) for group in groups.values() if len(group) > 1]


def _roll_up(metrics: list[OutcomeMetric]) -> RollUp:
    named = {metric.pk: metric for metric in metrics}
    result = add_up([_part_of(metric) for metric in metrics])
    name = metrics[0].adds_up_as
    if isinstance(result, Refused):
        return RollUp(name, metrics, "", "", _why_not(result, [named[key] for key in result.between]))
    words = {"total": as_count(result.value), "unit": metrics[0].unit}
    total = _("At least %(total)s %(unit)s") if result.is_least else _("%(total)s %(unit)s")
    return RollUp(name, metrics, total % words, _period_of(metrics, result), _left_out(result))


def _part_of(metric: OutcomeMetric) -> Part:
    latest = metric.latest_observation
    has_period = latest is not None and latest.period_start is not None
    return Part(
        key=metric.pk,
        population=metric.population,
        unit=metric.unit,
        start=latest.period_start.earliest if has_period else None,
        end=latest.period_end.latest if has_period else None,
        value=latest.figure if latest else None,
        is_hidden=latest is not None and latest.is_hidden,
    )


def _period_of(metrics: Iterable[OutcomeMetric], total: Total) -> str:
    """The period of the sum as one of its parts writes it, or else by its first and last day."""
    for metric in metrics:
        latest = metric.latest_observation
        if latest and latest.period_start:
            days = (latest.period_start.earliest, latest.period_end.latest)
            if not latest.missing_reason and days == (total.start, total.end):
                return latest.period
    first, last = (PartialDate(day.year, day.month, day.day) for day in (total.start, total.end))
    return period_in_words(first, last)


def _left_out(total: Total) -> str:
    said = []
    if total.hidden:
        words = ngettext(
            "%(count)d figure is too small to be shown, so it is not in the sum.",
            "%(count)d figures are too small to be shown, so they are not in the sum.",
            total.hidden,
        )
        said.append(words % {"count": total.hidden})
    if total.missing:
        words = ngettext("%(count)d figure is missing.", "%(count)d figures are missing.", total.missing)
        said.append(words % {"count": total.missing})
    return " ".join(said)


def _why_not(refused: Refused, between: list[OutcomeMetric]) -> str:
    """Why there is no sum, in a sentence that names what stands against it."""
    words = {"first": between[0].name if between else "", "second": between[-1].name if between else ""}
    sentences = {
        Refusal.TOO_FEW: _("There is one figure alone."),
        Refusal.UNITS_DIFFER: _("They are not added: “%(first)s” and “%(second)s” do not count the same thing."),
        Refusal.SAME_POPULATION: _(
            "They are not added: “%(first)s” and “%(second)s” may count the same people, who would be counted twice."
        ),
        Refusal.NO_PERIOD: _("They are not added: the period of “%(first)s” is not stated."),
        Refusal.PERIODS_OVERLAP: _(
            "They are not added: the periods of “%(first)s” and “%(second)s” overlap and are not the same."
        ),
        Refusal.PERIODS_APART: _(
            "They are not added: between the periods of “%(first)s” and “%(second)s” lie days that nobody counted."
        ),
        Refusal.NOTHING_SHOWN: _("They are not added: none of the figures can be shown."),
        Refusal.NEGATIVE: _("They are not added: figures are missing, and “%(first)s” is below zero."),
    }
    return sentences[refused.why] % words
