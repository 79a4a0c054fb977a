"""A metric in one line, or on one card: the latest figure, what the series says, a small drawing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from partnerships.models import Priority
from programmes.charts.series import DIRECTIONS, MOST_ANALYSED, Series, is_yes, series_of
from programmes.models import OutcomeMetric
from trustportal.charts.reading import Reading
from trustportal.charts.sparks import signs, sparkline
from trustportal.publishing.models import SHOWN_PER_PAGE

MOST_PER_PRIORITY = 6


@dataclass(frozen=True)
class Line:
    """A metric in one line."""

    metric: OutcomeMetric
    reading: Reading | None  # None where there is no series
    spark: str  # the path of a small drawing; "" where there is none
    end: tuple[float, float] | None  # its last point, where it is a line


def line_of(metric: OutcomeMetric) -> Line:
    """The line of a metric that was read with its latest observation and `with_series(MOST_ANALYSED)`. No query."""
    series = series_of(metric, metric.series, metric.rebases.all())
    if series is None:
        return Line(metric, None, "", None)
    return Line(metric, series.reading, *_spark(metric, series))


def lines_of(metrics: QuerySet) -> list[Line]:
    """The lines of metrics for the page of something else: SHOWN_PER_PAGE, and one more where there are more."""
    return [line_of(metric) for metric in metrics.for_figures().with_series(MOST_ANALYSED)[: SHOWN_PER_PAGE + 1]]


def add_lines(priorities: Iterable[Priority]) -> None:
    """Give each priority `outcome_lines`, those of MOST_PER_PRIORITY metrics that serve it, and `has_more_outcomes`.

    One query for each priority, and a few for all metrics together.
    """
    served = {
        priority: list(
            OutcomeMetric.objects.published()
            .for_priority(priority)
            .in_name_order()
            .values_list("pk", flat=True)[: MOST_PER_PRIORITY + 1]
        )
        for priority in priorities
    }
    wanted = {key for keys in served.values() for key in keys[:MOST_PER_PRIORITY]}
    metrics = OutcomeMetric.objects.filter(pk__in=wanted).for_figures().with_series(MOST_ANALYSED) if wanted else ()
    lines = {metric.pk: line_of(metric) for metric in metrics}
    for priority, keys in served.items():
        priority.outcome_lines = [lines[key] for key in keys[:MOST_PER_PRIORITY]]
        priority.has_more_outcomes = len(keys) > MOST_PER_PRIORITY


def _spark(metric: OutcomeMetric, series: Series) -> tuple[str, tuple[float, float] | None]:
    if metric.kind == OutcomeMetric.Kind.YES_NO:
        return signs([is_yes(value) for value in series.values]), None
    values = series.values
    if metric.kind == OutcomeMetric.Kind.RANKING and DIRECTIONS[metric.direction] != "increase":
        values = [None if value is None else -value for value in values]  # the first place at the top
    drawn = sparkline(values)
    return (drawn[0], drawn[1:]) if drawn else ("", None)
