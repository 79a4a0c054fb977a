"""What the control chart of an outcome metric is made of, and what it says."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from programmes.models import Observation, OutcomeMetric, Rebase
from trustportal.charts.drawing import COLOURS, NARROW, SHAPES, WIDE, Chart, Figure, Note, Size, draw, sparkline
from trustportal.charts.reading import Reading, read
from trustportal.charts.spc import Analysis, Direction, UnfitSeries, analyse

MOST_ANALYSED = 520  # figures: ten years of weeks
MOST_DRAWN = 120  # figures: ten years of months
FEWEST_DRAWN = 3
DIRECTIONS: dict[str, Direction] = {
    OutcomeMetric.Direction.UP: "increase",
    OutcomeMetric.Direction.DOWN: "decrease",
    OutcomeMetric.Direction.NEITHER: "neutral",
}
CHARTED = {OutcomeMetric.Kind.COUNT, OutcomeMetric.Kind.PERCENTAGE, OutcomeMetric.Kind.RATE}


@dataclass(frozen=True)
class NumberedNote:
    """Something that happened while the figures were counted, told under its number in the chart."""

    number: int
    date: str
    words: str


@dataclass(frozen=True)
class Shown:
    """What a row of the table says of its figure beside the figure itself; "" where there is nothing to say."""

    mean: str
    usual: str  # "84.1% to 90.3%"
    says: str


@dataclass(frozen=True)
class Kind:
    """A sort of point, for the key of the chart."""

    name: str
    words: str

    @property
    def shape(self) -> str:
        """Its outline in a square of 16, as an SVG path."""
        return f"M8 8{SHAPES[self.name]}"

    @property
    def colour(self) -> str:
        """Its colour."""
        return COLOURS[self.name]


@dataclass(frozen=True)
class Picture:
    """A metric's series, analysed, with all that is needed to draw it and to say what it shows."""

    metric: OutcomeMetric
    observations: list[Observation]  # in time order, those that have a period
    analysis: Analysis
    reading: Reading
    notes: list[NumberedNote]
    marks: list[Note]

    @property
    def label(self) -> str:
        """What the picture shows, for those who do not see it."""
        first, last = self._drawn()[0].period, self._drawn()[-1].period
        words = _("Chart of %(metric)s, %(first)s to %(last)s. %(sentence)s")
        return words % {"metric": self.metric, "first": first, "last": last, "sentence": self.reading.sentence}

    @property
    def wide(self) -> Chart:
        """The chart for screens and paper."""
        return self._chart(WIDE)

    @property
    def narrow(self) -> Chart:
        """The chart for phones."""
        return self._chart(NARROW)

    @property
    def has_limits(self) -> bool:
        """Whether limits are shown for any of the figures."""
        points = self.analysis.points
        return any(points.has_limits(at) for at in range(len(points.date)))

    @property
    def kinds_shown(self) -> list[Kind]:
        """The sorts of point that the chart marks, for its key."""
        points = self.analysis.points
        drawn = range(len(points.date))[-MOST_DRAWN:]
        there = {points.point_type[at] for at in drawn if points.has_limits(at)}
        return [kind for kind in kinds() if kind.name in there]

    @property
    def has_provisional(self) -> bool:
        """Whether a figure in the chart may still change."""
        return any(one.is_provisional for one in self._drawn())

    @property
    def has_gaps(self) -> bool:
        """Whether a figure in the chart is missing."""
        return any(one.figure is None for one in self._drawn())

    def shown(self) -> dict[int, Shown]:
        """By key of the observation, what its row in the table says."""
        points = self.analysis.points
        found = {}
        for at, observation in enumerate(self.observations):
            mean, low, high = (
                (points.mean[at], points.lpl[at], points.upl[at]) if points.has_limits(at) else (None,) * 3
            )
            usual = ""
            if low is not None and high is not None:
                usual = _("%(low)s to %(high)s") % {"low": self._words(low), "high": self._words(high)}
            found[observation.pk] = Shown("" if mean is None else self._words(mean), usual, self._says(at))
        return found

    def _drawn(self) -> list[Observation]:
        return self.observations[-MOST_DRAWN:]

    def _words(self, value: float) -> str:
        return self.metric.in_words(Decimal(str(round(value, 4))))

    def _on_scale(self, value: float) -> str:
        words = number_format(Decimal(f"{value:.6g}").normalize().__format__("f"), force_grouping=True)
        return f"{words}%" if self.metric.kind == OutcomeMetric.Kind.PERCENTAGE else words

    def _says(self, at: int) -> str:
        """What one point shows, in a few words."""
        points = self.analysis.points
        if not points.has_limits(at) or not points.special_cause_flag[at]:
            return ""
        verdict = {
            "special_cause_improvement": _("improving"),
            "special_cause_concern": _("getting worse"),
        }.get(points.point_type[at], "")
        cause = causes()[points.special_cause_type[at]]
        return _("%(cause)s: %(verdict)s") % {"cause": cause, "verdict": verdict} if verdict else cause

    def _chart(self, size: Size) -> Chart:
        start = max(0, len(self.observations) - MOST_DRAWN)
        figures = [
            Figure(
                period=observation.period,
                value=observation.figure_in_words,
                says=observation.missing_reason or self._says(at),
                anchor=f"figure-{observation.pk}",
                is_provisional=observation.is_provisional,
            )
            for at, observation in enumerate(self.observations[start:], start=start)
        ]
        metric = self.metric
        return draw(
            self.analysis.points.since(start),
            figures,
            size=size,
            in_words=self._on_scale,
            target=None if metric.target is None else float(metric.target),
            baseline=None if metric.baseline is None else float(metric.baseline),
            notes=self.marks,
        )


def kinds() -> list[Kind]:
    """The sorts of point that are marked, with their words."""
    return [
        Kind("special_cause_improvement", _("Improving: more than the usual ups and downs")),
        Kind("special_cause_concern", _("Getting worse: more than the usual ups and downs")),
        Kind("special_cause_neutral_high", _("Higher than the usual ups and downs")),
        Kind("special_cause_neutral_low", _("Lower than the usual ups and downs")),
    ]


def causes() -> dict[str, str]:
    """What each rule says of a point, in a few words."""
    return {
        "Above UCL": _("Far above usual"),
        "Below LCL": _("Far below usual"),
        "7 Point Trend (Increasing)": _("Part of a rise"),
        "7 Point Trend (Decreasing)": _("Part of a fall"),
        "2 in 3 Above CL": _("Much higher than usual"),
        "2 in 3 Below CL": _("Much lower than usual"),
        "7 Points Above CL": _("Part of a long run above usual"),
        "7 Points Below CL": _("Part of a long run below usual"),
    }


@dataclass(frozen=True)
class Series:
    """The figures of a metric in time order, analysed, with what that says. Its page and the summary show just this."""

    observations: list[Observation]
    analysis: Analysis
    reading: Reading
    begun: list[tuple[datetime.date, Rebase]]  # the day of the first figure with new limits, and why


def series_of(metric: OutcomeMetric, newest: Iterable[Observation], rebases: Iterable[Rebase]) -> Series | None:
    """The series of a metric from its newest figures that have a period.

    None for one-off figures, rankings, yes or no, too few figures, or periods that begin on one day.
    """
    if metric.kind not in CHARTED or metric.frequency == OutcomeMetric.Frequency.ONCE:
        return None
    observations = sorted(newest, key=lambda one: (one.period_start.earliest, one.period_end.latest))
    for observation in observations:
        observation.metric = metric
    dates = [observation.period_start.earliest for observation in observations]
    if sum(observation.figure is not None for observation in observations) < FEWEST_DRAWN:
        return None
    # New limits begin with the first figure of that period or after it.
    begun = [
        (date, rebase)
        for rebase in rebases
        if (date := next((date for date in dates if date >= rebase.starts_on.earliest), None))
    ]
    direction = DIRECTIONS[metric.direction]
    try:
        analysis = analyse(
            dates,
            [None if one.figure is None else float(one.figure) for one in observations],
            improvement_direction=direction,
            rebase=[date for date, _rebase in begun],
            target=None if metric.target is None else float(metric.target),
        )
    except UnfitSeries:  # two periods begin on one day
        return None
    return Series(observations, analysis, read(analysis, direction=direction, unit=metric.frequency), begun)


@dataclass(frozen=True)
class Line:
    """A metric in one line of the summary."""

    metric: OutcomeMetric
    reading: Reading | None
    spark: str  # the path of a small drawing; "" where there is none
    end: tuple[float, float]  # its last point


def line_of(metric: OutcomeMetric) -> Line:
    """The line of a metric that was read with `for_list()` and `with_series(MOST_ANALYSED)`. No query."""
    series = series_of(metric, metric.series, metric.rebases.all())
    drawn = sparkline(series.analysis.points.value) if series else None
    path, x, y = drawn or ("", 0.0, 0.0)
    return Line(metric, series.reading if series else None, path, (x, y))


SUMMARY_COLUMNS = (
    "outcome",
    "address",
    "programme",
    "published_by",
    "period",
    "latest_value",
    "unit",
    "target",
    "what_it_shows",
    "variation",
    "assurance",
)


def row_of_summary(line: Line, address: str) -> tuple:
    """A line as the cells of a table."""
    metric, latest, reading = line.metric, line.metric.latest_observation, line.reading
    is_named = metric.programme is not None and metric.programme.may_be_named
    return (
        metric.name,
        address,
        metric.programme.name if is_named else "",
        metric.lead.name,
        latest.period if latest else "",
        _plain(latest.figure) if latest and latest.figure is not None else None,
        "%" if metric.kind == OutcomeMetric.Kind.PERCENTAGE else metric.unit_in_words,
        metric.target_in_words,
        reading.sentence if reading else "",
        reading.variation.words if reading and reading.variation else "",
        reading.assurance.words if reading and reading.assurance else "",
    )


def picture_of(metric: OutcomeMetric) -> Picture | None:
    """The picture of a metric, or None where its figures make no series.

    Three queries: the figures, where limits begin anew, the milestones of its programme.
    """
    newest = metric.observations.with_period().newest_first()[:MOST_ANALYSED]
    series = series_of(metric, newest, metric.rebases.all())
    if series is None:
        return None
    told = [
        (date, rebase.starts_on.words, _("New limits: %(reason)s") % {"reason": rebase.reason})
        for date, rebase in series.begun
    ]
    told += _milestones(metric)
    dates = series.analysis.points.date
    first = dates[-MOST_DRAWN:][0]
    told = sorted((one for one in told if first <= one[0] <= dates[-1]), key=lambda one: one[0])
    return Picture(
        metric=metric,
        observations=series.observations,
        analysis=series.analysis,
        reading=series.reading,
        notes=[NumberedNote(number, date, words) for number, (_day, date, words) in enumerate(told, start=1)],
        marks=[Note(day, number) for number, (day, _date, _words) in enumerate(told, start=1)],
    )


def _milestones(metric: OutcomeMetric) -> list[tuple[datetime.date, str, str]]:
    """What happened in the programme of a metric: the day, in words, and what."""
    if metric.programme is None or not metric.programme.may_be_named:
        return []
    return [
        (milestone.happened_on.earliest, milestone.happened_on.words, milestone.name or milestone.text)
        for milestone in metric.programme.statements.milestones()
    ]


CSV_COLUMNS = (
    "period_start",
    "period_end",
    "value",
    "numerator",
    "denominator",
    "provisional",
    "missing_reason",
    "note",
    "mean",
    "lower_limit",
    "upper_limit",
    "special_cause",
    "point_type",
)


def rows_for_csv(metric: OutcomeMetric, picture: Picture | None) -> Iterator[tuple]:
    """The names of the columns, then a row for each figure, the oldest first; without a chart its columns are empty."""
    yield CSV_COLUMNS
    at_of = {one.pk: at for at, one in enumerate(picture.observations)} if picture else {}
    for one in metric.observations.newest_first().reverse().iterator(chunk_size=500):
        one.metric = metric
        shown: tuple = ("",) * 5
        at = at_of.get(one.pk)
        if picture and at is not None:
            points = picture.analysis.points
            if points.has_limits(at):
                limits = (points.mean[at], points.lpl[at], points.upl[at])
                shown = (*limits, points.special_cause_type[at], points.point_type[at])
        yield (
            one.period_start,
            one.period_end,
            None if one.figure is None else _plain(one.figure),
            None if one.numerator is None else _plain(one.numerator),
            None if one.denominator is None else _plain(one.denominator),
            "yes" if one.is_provisional else "no",
            one.missing_reason,
            one.note,
            *shown,
        )


def _plain(value: Decimal) -> Decimal:
    """A number as it would be typed: 2477, 84.1317; at most six decimals."""
    rounded = round(value, 6)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral() else rounded.normalize()
