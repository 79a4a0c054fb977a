"""How figures are drawn over time: values become places on paper, as plain data that a template turns into SVG.

Nothing here knows what is counted. Lengths are in the units of the drawing (pixels at full size), x to the right and y
downwards; colours and line styles are left to the stylesheet, shapes tell points apart without colour.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils.translation import gettext as _

LABEL_HEIGHT = 15
LETTER = 7  # about how wide a letter is
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


@dataclass(frozen=True)
class Paper:
    """The paper: for which screens it is meant, and how large it is."""

    name: str
    width: int
    height: int

    @property
    def box(self) -> str:
        """Width and height, as an SVG's viewBox has them."""
        return f"{self.width} {self.height}"


@dataclass(frozen=True)
class Size(Paper):
    """Paper for a chart with scales: the room around its field, and how wide a label below it is."""

    left: int
    right: int
    top: int
    bottom: int
    label: int


WIDE = Size("wide", 760, 340, left=64, right=108, top=28, bottom=44, label=100)
NARROW = Size("narrow", 330, 300, left=48, right=44, top=28, bottom=44, label=96)


class Figure(NamedTuple):
    """One row of the series, in words: what a reader is told of the point, and where it leads."""

    period: str  # "March 2019"
    value: str  # "84.2%", or "No figure"
    says: str = ""  # what it shows, or why it is missing; "" where there is nothing to say
    anchor: str = ""  # of its row in the table
    is_provisional: bool = False

    @property
    def words(self) -> str:
        """All of it in one line: "March 2019: 84.2%. Far below what is usual"."""
        words = f"{self.period}: {self.value}"
        return f"{words}. {self.says}" if self.says else words


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

    @property
    def place(self) -> str:
        """Where it is, as SVG has it; a template would write a number as people read it."""
        return f"{self.at:g}"


class Dot(NamedTuple):
    """A point of the chart; `kind` is the point type and gives its shape."""

    x: float
    y: float
    kind: str
    figure: Figure

    @property
    def shape(self) -> str:
        """The outline, as an SVG path."""
        return f"M{self.x:g} {self.y:g}{SHAPES[self.kind]}"

    @property
    def colour(self) -> str:
        """The colour, which never tells more than the shape."""
        return COLOURS[self.kind]

    @property
    def mark(self) -> "Mark":
        """What a template needs to draw it."""
        is_ordinary = self.kind == "common_cause" and not self.figure.is_provisional
        return Mark(
            self.shape,
            self.figure.anchor,
            self.figure.words,
            "" if is_ordinary else self.colour,
            self.figure.is_provisional,
        )


class Mark(NamedTuple):
    """A point as a template draws it, which reads names of its own more than twice as fast as names of names."""

    shape: str
    anchor: str
    words: str
    colour: str  # "" where it looks as most points do
    is_hollow: bool


@dataclass(frozen=True)
class Level:
    """A level line of one segment: mean, limits; x from and to, y at."""

    name: str
    start: float
    end: float
    y: float

    @property
    def path(self) -> str:
        """The line, as an SVG path."""
        return f"M{self.start:g} {self.y:g}H{self.end:g}"

    @property
    def place(self) -> str:
        """Its y, as SVG has it."""
        return f"{self.y:g}"

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


class Written(NamedTuple):
    """A few words on the paper: the middle of the line on which they stand."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Chart:
    """Figures over time, ready to be drawn: a control chart, places in a ranking, or points alone."""

    size: Size
    line: str  # the path through the values, broken where one is missing; "" for points alone
    dots: list[Dot]
    gaps: list[Dot]  # missing values, on the lower edge
    levels: list[Level]
    breaks: list[float]  # x where limits begin anew
    notes: list[tuple[float, int]]
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    values: Sequence[Written] = ()  # each figure, where there is room to write it beside its point

    @property
    def marks(self) -> list[Mark]:
        """The points, as a template draws them."""
        return [dot.mark for dot in self.dots]

    @property
    def gap_marks(self) -> list[Mark]:
        """The missing values, as a template draws them."""
        return [gap.mark for gap in self.gaps]

    @property
    def grid(self) -> str:
        """The lines of the scale, as one SVG path."""
        return "".join([f"M{self.size.left} {tick.at:g}H{self.end}" for tick in self.y_ticks])

    @property
    def breaks_path(self) -> str:
        """Where limits begin anew, as one SVG path."""
        return "".join([f"M{x:g} {self.size.top}V{self.floor}" for x in self.breaks])

    @property
    def periods(self) -> list[Tick]:
        """The names of the periods, moved inwards where they would leave the paper."""
        half = {tick: LETTER * len(tick.label) / 2 for tick in self.x_ticks}
        return [Tick(max(half[one], min(one.at, self.size.width - half[one])), one.label) for one in self.x_ticks]

    @property
    def beside(self) -> str:
        """The x at which labels of the scale end, as SVG has it."""
        return str(self.size.left - 6)

    @property
    def below(self) -> str:
        """The y of the periods, as SVG has it."""
        return str(self.floor + 20)

    @property
    def right(self) -> str:
        """The x at which the names of the lines begin, as SVG has it."""
        return str(self.end + 12)

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
