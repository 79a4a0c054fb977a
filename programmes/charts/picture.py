"""The picture of a metric's figures: what it is made of, and the words that go with it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from programmes.charts.series import DIRECTIONS, MOST_ANALYSED, Series, is_yes, series_of
from programmes.models import OutcomeMetric
from trustportal.charts.control import draw
from trustportal.charts.drawing import COLOURS, NARROW, SHAPES, WIDE, Chart, Figure, Note, Size
from trustportal.charts.plain import draw_places, draw_points
from trustportal.charts.reading import Reading
from trustportal.charts.squares import Squares, draw_squares

MOST_DRAWN = 120  # figures: ten years of months


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
    """A metric's series with all that is needed to draw it and to say what it shows.

    `sort` is "control" for a control chart, "places" for a ranking, "answers" for yes or no, otherwise "points".
    """

    metric: OutcomeMetric
    series: Series
    sort: str
    notes: list[NumberedNote]
    marks: list[Note]

    @property
    def reading(self) -> Reading:
        """What the figures say."""
        return self.series.reading

    @property
    def label(self) -> str:
        """What the picture shows, for those who do not see it."""
        words = _("Chart of %(metric)s, %(first)s to %(last)s. %(sentence)s")
        first, last = self._figures[0].period, self._figures[-1].period
        return words % {"metric": self.metric, "first": first, "last": last, "sentence": self.reading.sentence}

    @property
    def template(self) -> str:
        """What draws it."""
        return "charts/squares.svg" if self.sort == "answers" else "charts/points.svg"

    @property
    def wide(self) -> Chart | Squares:
        """The chart for screens and paper."""
        return self._chart(WIDE)

    @property
    def narrow(self) -> Chart | Squares:
        """The chart for phones."""
        return self._chart(NARROW)

    @property
    def has_limits(self) -> bool:
        """Whether limits are shown for any of the figures."""
        return any(self._has_limits(at) for at in range(len(self.series.dates)))

    @property
    def kinds_shown(self) -> list[Kind]:
        """The sorts of point that the chart marks, for its key."""
        if self.series.analysis is None:
            return []
        kind_of = self.series.analysis.points.point_type
        there = {kind_of[at] for at in range(self._start, len(kind_of)) if self._has_limits(at)}
        return [kind for kind in kinds() if kind.name in there]

    @property
    def has_levels(self) -> bool:
        """Whether target and baseline are drawn as lines."""
        return self.sort != "answers"

    @property
    def has_provisional(self) -> bool:
        """Whether a figure in the chart may still change."""
        return any(figure.is_provisional for figure in self._figures)

    @property
    def has_gaps(self) -> bool:
        """Whether a figure in the chart is missing."""
        return None in self.series.values[self._start :]

    def shown(self) -> dict[int, Shown]:
        """By key of the observation, what its row in the table says of it; nothing without a control chart."""
        if self.series.analysis is None:
            return {}
        points, found = self.series.analysis.points, {}
        for at, observation in enumerate(self.series.observations):
            mean, low, high = (points.mean[at], points.lpl[at], points.upl[at]) if self._has_limits(at) else (None,) * 3
            usual = ""
            if mean is not None and low is not None and high is not None:
                usual = _("%(low)s to %(high)s") % {"low": self._words(low, mean), "high": self._words(high, mean)}
            said = "" if mean is None else self._words(mean, mean)
            found[observation.pk] = Shown(said, usual, self._sayings[at])
        return found

    @property
    def _start(self) -> int:
        """The first row that is drawn."""
        return max(0, len(self.series.dates) - MOST_DRAWN)

    @cached_property
    def _figures(self) -> list[Figure]:
        """What is drawn, in words: the same for each size."""
        return [
            Figure(
                period=observation.period,
                value=observation.figure_in_words,
                says=observation.why_no_figure or said,
                anchor=f"figure-{observation.pk}",
                is_provisional=observation.is_provisional,
            )
            for observation, said in zip(
                self.series.observations[self._start :], self._sayings[self._start :], strict=True
            )
        ]

    def _has_limits(self, at: int) -> bool:
        return self.series.analysis is not None and self.series.analysis.points.has_limits(at)

    def _words(self, value: float, mean: float) -> str:
        """A mean or a limit, as exact as it helps beside its mean: 16,649 rather than 16,649.027."""
        decimals = 0 if abs(mean) >= 100 else 1 if abs(mean) >= 10 else 2
        return self.metric.in_words(Decimal(str(round(value, decimals))))

    def _on_scale(self, value: float) -> str:
        if self.sort == "places":
            return self.metric.in_words(Decimal(str(value)))
        words = number_format(Decimal(f"{value:.6g}").normalize().__format__("f"), force_grouping=True)
        return f"{words}%" if self.metric.kind == OutcomeMetric.Kind.PERCENTAGE else words

    @cached_property
    def _sayings(self) -> list[str]:
        """What each point shows, in a few words; "" where there is nothing to say."""
        analysis, rows = self.series.analysis, len(self.series.dates)
        if analysis is None or True not in analysis.points.special_cause_flag:
            return [""] * rows
        points, because = analysis.points, causes()
        verdicts = {"special_cause_improvement": _("improving"), "special_cause_concern": _("getting worse")}
        with_verdict, said = _("%(cause)s: %(verdict)s"), []
        for at, cause in enumerate(points.special_cause_type):
            words = because.get(cause, "") if points.has_limits(at) else ""
            verdict = verdicts.get(points.point_type[at], "")
            said.append(with_verdict % {"cause": words, "verdict": verdict} if words and verdict else words)
        return said

    def _chart(self, size: Size) -> Chart | Squares:
        metric, series, start = self.metric, self.series, self._start
        values = series.values[start:]
        if self.sort == "answers":
            row_name = _("%(first)s to %(last)s")
            answers = [is_yes(value) for value in values]
            return draw_squares(answers, self._figures, name=size.name, width=size.width, row_name=row_name)
        around = {
            "size": size,
            "in_words": self._on_scale,
            "target": None if metric.target is None else float(metric.target),
            "baseline": None if metric.baseline_shown is None else float(metric.baseline_shown),
            "notes": self.marks,
        }
        if series.analysis is not None:
            return draw(series.analysis.points.since(start), self._figures, **around)
        drawn: Callable[..., Chart] = draw_points
        if self.sort == "places":
            around["is_first_best"] = DIRECTIONS[metric.direction] != "increase"
            drawn = draw_places
        return drawn(series.dates[start:], values, self._figures, **around)


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


def picture_of(metric: OutcomeMetric) -> Picture | None:
    """The picture of a metric, or None where its figures make no series.

    Three queries: the figures, where limits begin anew, the milestones of its programme.
    """
    newest = metric.observations.approved().with_period().newest_first()[:MOST_ANALYSED]
    series = series_of(metric, newest, metric.rebases.all())
    if series is None:
        return None
    sort = sort_of(metric, series)
    told = [
        (date, rebase.starts_on.words, _("New limits: %(reason)s") % {"reason": rebase.reason})
        for date, rebase in series.begun
    ]
    told += _milestones(metric) if sort != "answers" else []  # squares have no scale of time
    first, last = series.dates[-MOST_DRAWN:][0], series.dates[-1]
    told = sorted((one for one in told if first <= one[0] <= last), key=lambda one: one[0])
    return Picture(
        metric=metric,
        series=series,
        sort=sort,
        notes=[NumberedNote(number, date, words) for number, (_day, date, words) in enumerate(told, start=1)],
        marks=[Note(day, number) for number, (day, _date, _words) in enumerate(told, start=1)],
    )


def sort_of(metric: OutcomeMetric, series: Series) -> str:
    """Which sort of picture shows a series."""
    if series.analysis is not None:
        return "control"
    return {OutcomeMetric.Kind.RANKING: "places", OutcomeMetric.Kind.YES_NO: "answers"}.get(metric.kind, "points")


def _milestones(metric: OutcomeMetric) -> list[tuple[datetime.date, str, str]]:
    """What happened in the programme of a metric: the day, in words, and what."""
    if metric.programme is None or not metric.programme.may_be_named:
        return []
    return [
        (milestone.happened_on.earliest, milestone.happened_on.words, milestone.name or milestone.text)
        for milestone in metric.programme.statements.milestones()
    ]
