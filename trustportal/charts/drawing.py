"""How a control chart is drawn: values become places on paper, as plain data that a template turns into SVG.

Nothing here knows what is counted. Lengths are in the units of the drawing (pixels at full size), x to the right and y
downwards; colours and line styles are left to the stylesheet, shapes tell points apart without colour.
"""

import datetime
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.translation import gettext as _

from trustportal.charts.spc import Points

LABEL_HEIGHT = 15
MOST_IN_SPARK, SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 36, 120, 28, 4
NO_MORE_THAN_NOISE = 1e-9  # of the size of the values: a difference that no scale shows
TICKS = 5  # about so many lines across
STEPS = (1, 2, 2.5, 5, 10)
# From the middle of a point, by point type: a circle, a diamond, a square, a triangle up or down, a cross.
SHAPES = {
    "common_cause": "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "special_cause_improvement": "m0-6.5l6.5 6.5-6.5 6.5-6.5-6.5z",
    "special_cause_concern": "m-5-5h10v10h-10z",
    "special_cause_neutral_high": "m0-6l6 11h-12z",
    "special_cause_neutral_low": "m0 6l6-11h-12z",
    "missing": "m-4-4l8 8m0-8l-8 8",
}
# At least 3 to 1 on white, and told apart with any colour vision.
COLOURS = {
    "common_cause": "#768692",
    "special_cause_improvement": "#005eb8",
    "special_cause_concern": "#c75300",
    "special_cause_neutral_high": "#490092",
    "special_cause_neutral_low": "#490092",
    "missing": "#4c6272",
}
HEADROOM = 0.06  # of the height, left free above and below


@dataclass(frozen=True)
class Size:
    """The paper: its size, the room around the field of the chart, and how wide a label below it is."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    label: int


WIDE = Size("wide", 760, 340, left=64, right=108, top=28, bottom=44, label=100)
NARROW = Size("narrow", 360, 300, left=48, right=40, top=28, bottom=44, label=96)


@dataclass(frozen=True)
class Figure:
    """One row of the series, in words: what a reader is told of the point, and where it leads."""

    period: str  # "March 2019"
    value: str  # "84.2%", or "No figure"
    says: str = ""  # what it shows, or why it is missing; "" where there is nothing to say
    anchor: str = ""  # of its row in the table
    is_provisional: bool = False

    @property
    def words(self) -> str:
        """All of it in one line: "March 2019: 84.2%. Far below what is usual"."""
        return ". ".join(filter(None, [f"{self.period}: {self.value}", self.says]))


@dataclass(frozen=True)
class Note:
    """Something that happened on a day, told under a number below the chart."""

    date: datetime.date
    number: int


@dataclass(frozen=True)
class Tick:
    """A line of the scale with its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Dot:
    """A point of the chart; `kind` is the point type and gives its shape."""

    x: float
    y: float
    kind: str
    figure: Figure

    @property
    def shape(self) -> str:
        """The outline, as an SVG path."""
        return f"M{self.x:g} {self.y:g}{SHAPES.get(self.kind, SHAPES['common_cause'])}"

    @property
    def colour(self) -> str:
        """The colour, which never tells more than the shape."""
        return COLOURS.get(self.kind, COLOURS["common_cause"])


@dataclass(frozen=True)
class Level:
    """A level line of one segment: mean, limits; x from and to, y at."""

    name: str
    start: float
    end: float
    y: float

    @property
    def label(self) -> str:
        """What it is, for readers."""
        return {
            "mean": _("Mean"),
            "upl": _("Upper limit"),
            "lpl": _("Lower limit"),
            "target": _("Target"),
            "baseline": _("Baseline"),
        }[self.name]


@dataclass(frozen=True)
class Chart:
    """A control chart, ready to be drawn."""

    size: Size
    line: str  # the path through the values, broken where one is missing
    dots: list[Dot]
    gaps: list[Dot]  # missing values, on the lower edge
    levels: list[Level]
    breaks: list[float]  # x where limits begin anew
    notes: list[tuple[float, int]]
    y_ticks: list[Tick]
    x_ticks: list[Tick]

    @property
    def has_labels(self) -> bool:
        """Whether there is room for the names of the lines beside them."""
        return self.size.right > self.size.label

    @property
    def last_levels(self) -> list[Level]:
        """The level lines that reach the right edge, from the top, as far apart as their labels need."""
        last = {level.name: level for level in self.levels if level.end >= self.end}
        placed: list[Level] = []
        for level in sorted(last.values(), key=lambda level: level.y):
            y = max(level.y, placed[-1].y + LABEL_HEIGHT) if placed else level.y
            placed.append(replace(level, y=y))
        return placed

    @property
    def floor(self) -> int:
        """The y of the lower edge of the field."""
        return self.size.height - self.size.bottom

    @property
    def end(self) -> int:
        """The x of the right edge of the field."""
        return self.size.width - self.size.right


def ticks_for(low: float, high: float) -> list[float]:
    """Round numbers that span two values, about TICKS of them. Equal values get room around them."""
    if high - low <= max(abs(low), abs(high)) * NO_MORE_THAN_NOISE:
        low, high = low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2
    rough = (high - low) / TICKS
    power = 10 ** math.floor(math.log10(rough))
    step = next(one * power for one in STEPS if one * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * at for at in range(first, last + 1)]


def draw(
    points: Points,
    figures: Sequence[Figure],
    *,
    size: Size,
    in_words: Callable[[float], str],
    target: float | None = None,
    baseline: float | None = None,
    notes: Sequence[Note] = (),
) -> Chart:
    """Lay out an analysed series, whose rows stand in the same order as the words about them.

    `in_words` says a number of the scale. Mean and limits are drawn for segments that are long enough to have them.
    """
    span = points.date[0].toordinal(), points.date[-1].toordinal()
    width, height = size.width - size.left - size.right, size.height - size.top - size.bottom
    has_limits = [points.has_limits(at) for at in range(len(points.date))]
    levels = {"mean": points.mean, "upl": points.upl, "lpl": points.lpl}
    known = [value for value in points.value if value is not None]
    known += [
        value
        for column in levels.values()
        for value, is_shown in zip(column, has_limits, strict=True)
        if is_shown and value is not None
    ]
    known += [value for value in (target, baseline) if value is not None]
    scale = ticks_for(min(known, default=0.0), max(known, default=1.0))
    low, high = scale[0], scale[-1]

    def x_of(date: datetime.date) -> float:
        part = (date.toordinal() - span[0]) / (span[1] - span[0]) if span[1] > span[0] else 0.5
        return round(size.left + part * width, 1)

    def y_of(value: float) -> float:
        return round(size.top + height * (1 - HEADROOM) - (value - low) / (high - low) * height * (1 - 2 * HEADROOM), 1)

    floor = size.height - size.bottom
    dots, gaps = [], []
    for at, (date, value, figure) in enumerate(zip(points.date, points.value, figures, strict=True)):
        kind = points.point_type[at] if has_limits[at] else "common_cause"
        if value is None:
            gaps.append(Dot(x_of(date), floor, "missing", figure))
        else:
            dots.append(Dot(x_of(date), y_of(value), kind, figure))
    segments = list(_segments(points))
    return Chart(
        size=size,
        line=_path(points, x_of, y_of),
        dots=dots,
        gaps=gaps,
        levels=[
            *(
                Level(name, x_of(points.date[start]), x_of(points.date[end]), y_of(level))
                for name, column in levels.items()
                for start, end in segments
                if has_limits[start] and (level := column[start]) is not None
            ),
            *(
                Level(name, size.left, size.width - size.right, y_of(value))
                for name, value in (("target", target), ("baseline", baseline))
                if value is not None
            ),
        ],
        breaks=[x_of(points.date[start]) for start, _end in segments[1:]],
        notes=[(x_of(note.date), note.number) for note in notes if points.date[0] <= note.date <= points.date[-1]],
        y_ticks=[Tick(y_of(value), in_words(value)) for value in scale],
        x_ticks=_x_ticks(points, figures, x_of, size),
    )


def sparkline(values: Sequence[float | None]) -> tuple[str, float, float] | None:
    """The newest values as a small line: an SVG path in SPARK_WIDTH by SPARK_HEIGHT, and where its last point lies.

    None where fewer than two are known.
    """
    newest = list(values[-MOST_IN_SPARK:])
    known = [(at, value) for at, value in enumerate(newest) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _, value in known), max(value for _, value in known)
    across, down = SPARK_WIDTH - 2 * SPARK_EDGE, SPARK_HEIGHT - 2 * SPARK_EDGE

    def place(at: int, value: float) -> tuple[float, float]:
        part = (value - low) / (high - low) if high > low else 0.5
        x = SPARK_EDGE + across * at / (len(newest) - 1)
        return round(x, 1), round(SPARK_EDGE + down * (1 - part), 1)

    pieces, is_open = [], False
    for at, value in enumerate(newest):
        if value is not None:
            x, y = place(at, value)
            pieces.append(f"{'L' if is_open else 'M'}{x:g} {y:g}")
        is_open = value is not None
    return "".join(pieces), *place(*known[-1])


def _segments(points: Points) -> Iterator[tuple[int, int]]:
    """First and last row of each segment."""
    start = 0
    for _group, rows in groupby(points.rebase_group):
        end = start + len(list(rows))
        yield start, end - 1
        start = end


def _path(points: Points, x_of: Callable, y_of: Callable) -> str:
    pieces, is_open = [], False
    for date, value in zip(points.date, points.value, strict=True):
        if value is not None:
            pieces.append(f"{'L' if is_open else 'M'}{x_of(date):g} {y_of(value):g}")
        is_open = value is not None
    return "".join(pieces)


def _x_ticks(points: Points, figures: Sequence[Figure], x_of: Callable, size: Size) -> list[Tick]:
    """The periods of as many rows as there is room for, evenly chosen, the last one always among them."""
    rows = len(figures)
    fit = max(1, (size.width - size.left - size.right) // size.label)
    every = max(1, math.ceil((rows - 1) / fit))
    return [Tick(x_of(points.date[at]), figures[at].period) for at in range((rows - 1) % every, rows, every)]
