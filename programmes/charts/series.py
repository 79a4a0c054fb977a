"""The figures of a metric in time order, and what they say. A metric's page and its line in a list show just this."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from operator import itemgetter

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from programmes.models import Observation, OutcomeMetric, Rebase
from trustportal.charts.reading import Reading, Told, no_latest, read, read_answers, read_pair, read_places
from trustportal.charts.spc import Analysis, Direction, analyse

MOST_ANALYSED = 520  # figures: ten years of weeks
FEWEST_ANALYSED, FEWEST_DRAWN = 3, 2
DIRECTIONS: dict[str, Direction] = {
    OutcomeMetric.Direction.UP: "increase",
    OutcomeMetric.Direction.DOWN: "decrease",
    OutcomeMetric.Direction.NEITHER: "neutral",
}
CHARTED = {OutcomeMetric.Kind.COUNT, OutcomeMetric.Kind.PERCENTAGE, OutcomeMetric.Kind.RATE}


@dataclass(frozen=True)
class Series:
    """The figures of a metric in time order, with what they say."""

    observations: list[Observation]
    dates: list[datetime.date]  # on which their periods begin
    values: list[float | None]
    reading: Reading
    analysis: Analysis | None = None  # None for what is no control chart
    begun: Sequence[tuple[datetime.date, Rebase]] = ()  # the day of the first figure with new limits, and why


def series_of(metric: OutcomeMetric, newest: Iterable[Observation], rebases: Iterable[Rebase]) -> Series | None:
    """The series of a metric from its newest figures that have a period.

    None where fewer than two figures are known, or where two periods begin on one day. Counts and rates that come again
    and again, three or more of them, are analysed as a control chart; all else is compared with what was before.
    """
    in_order = sorted([(one.period_start.earliest, one) for one in newest], key=itemgetter(0))
    dates, observations = [date for date, _one in in_order], [one for _date, one in in_order]
    if any(earlier == later for earlier, later in pairwise(dates)):
        return None
    figures = [one.figure for one in observations]
    values = [None if figure is None else float(figure) for figure in figures]
    known = len(values) - values.count(None)
    if known < FEWEST_DRAWN:
        return None
    direction = DIRECTIONS[metric.direction]
    if metric.kind not in CHARTED or metric.frequency == OutcomeMetric.Frequency.ONCE or known < FEWEST_ANALYSED:
        return Series(observations, dates, values, _compared(metric, observations, figures, direction))
    # New limits begin with the first figure of that period or after it.
    begun = [
        (date, rebase)
        for rebase in rebases
        if (date := next((date for date in dates if date >= rebase.starts_on.earliest), None))
    ]
    analysis = analyse(
        dates,
        values,
        improvement_direction=direction,
        rebase=[date for date, _rebase in begun],
        target=None if metric.target is None else float(metric.target),
    )
    reading = read(analysis, direction=direction, unit=metric.frequency)
    return Series(observations, dates, values, reading, analysis, begun)


def is_yes(figure: Decimal | float | None) -> bool | None:
    """What a figure answers; None where there is none."""
    return None if figure is None else bool(figure)


def _compared(
    metric: OutcomeMetric, observations: Sequence[Observation], figures: Sequence[Decimal | None], direction: Direction
) -> Reading:
    """What the newest figure says beside the one before it."""
    if metric.kind == OutcomeMetric.Kind.YES_NO:
        return read_answers([is_yes(figure) for figure in figures])
    if figures[-1] is None:
        return Reading(no_latest())
    known = [(one, figure) for one, figure in zip(observations, figures, strict=True) if figure is not None]
    (before, earlier), (now, later) = known[-2:]
    told = Told(now.figure_in_words, _when(now)), Told(before.figure_in_words, _when(before))
    if metric.kind == OutcomeMetric.Kind.RANKING:
        return read_places(*told, climbed=int(earlier) - int(later), direction=direction)
    change = _as_shown(metric, later) - _as_shown(metric, earlier)
    return read_pair(*told, more=None if change == 0 else change > 0, difference=_difference(metric, abs(change)))


def _when(observation: Observation) -> str:
    """When it was counted, to follow a figure: "in 2019", "on 15 March 2019"."""
    is_day = observation.period_start == observation.period_end and observation.period_start.day
    words = _("on %(period)s") if is_day else _("in %(period)s")
    return words % {"period": observation.period}


def _as_shown(metric: OutcomeMetric, figure: Decimal) -> Decimal:
    """A figure rounded as readers see it, so that the difference of two is what they work out themselves."""
    return figure.quantize(Decimal("0.1"), ROUND_HALF_UP) if metric.is_rate else figure


def _difference(metric: OutcomeMetric, change: Decimal) -> str:
    if metric.kind != OutcomeMetric.Kind.PERCENTAGE:
        return metric.in_words(change)
    return _("%(number)s percentage points") % {"number": number_format(change, force_grouping=True)}
