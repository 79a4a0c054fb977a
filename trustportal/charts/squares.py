"""Yes or no over time: a square for each period, filled with a tick for yes, hollow with a cross for no."""

from collections.abc import Sequence
from dataclasses import dataclass

from trustportal.charts.drawing import LETTER, Figure, Paper

SIDE, GAP, EDGE = 28, 8, 16  # of a square, between two, around all
ABOVE, BELOW = 22, 24  # room for the words above a row, or below a square
MOST_APART = 120
# From the upper left corner of a square.
SQUARE = f"h{SIDE}v{SIDE}h-{SIDE}z"
FRAME = f"h{SIDE + 6}v{SIDE + 6}h-{SIDE + 6}z"
# What stands in a square, as strokes from place to place: a tick, a cross, a dash.
SIGNS: dict[str, list[list[tuple[float, float]]]] = {
    "yes": [[(7, 14), (12, 20), (21, 8)]],
    "no": [[(8, 8), (20, 20)], [(20, 8), (8, 20)]],
    "missing": [[(8, 14), (20, 14)]],
}


@dataclass(frozen=True)
class Square:
    """An answer; x and y are those of its upper left corner. `kind` is "yes", "no" or "missing"."""

    x: float
    y: float
    kind: str
    figure: Figure
    is_labelled: bool

    @property
    def is_yes(self) -> bool:
        """Whether it is filled."""
        return self.kind == "yes"

    @property
    def outline(self) -> str:
        """The square, as an SVG path; "" where there is no answer."""
        return "" if self.kind == "missing" else f"M{self.x:g} {self.y:g}{SQUARE}"

    @property
    def strokes(self) -> list[list[tuple[float, float]]]:
        """What stands in it: lines from place to place."""
        return [[(self.x + right, self.y + down) for right, down in stroke] for stroke in SIGNS[self.kind]]

    @property
    def sign(self) -> str:
        """What stands in it, as an SVG path."""
        return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in stroke) for stroke in self.strokes)

    @property
    def frame(self) -> str:
        """What stands round a provisional answer, as an SVG path."""
        return f"M{self.x - 3:g} {self.y - 3:g}{FRAME}"

    @property
    def middle(self) -> float:
        """The x of its middle."""
        return self.x + SIDE / 2

    @property
    def foot(self) -> float:
        """The y of the words below it."""
        return self.y + SIDE + 16


@dataclass(frozen=True)
class RowName:
    """The words above a row of squares: its first and last period."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Squares:
    """Answers, ready to be drawn."""

    size: Paper
    squares: list[Square]
    names: list[RowName]


def draw_squares(
    answers: Sequence[bool | None], figures: Sequence[Figure], *, name: str, width: int, row_name: str
) -> Squares:
    """Lay out answers in time order, in as many rows as they need.

    Each square has its period below it where all fit into one row. Otherwise each row has its first and last period
    above it, put into `row_name`, for example "%(first)s to %(last)s".
    """
    room = width - 2 * EDGE
    apart = max(SIDE + GAP, min(MOST_APART, LETTER * max((len(one.period) for one in figures), default=0) + GAP))
    is_labelled = apart * len(answers) <= room
    if not is_labelled:
        apart = SIDE + GAP
    in_row = room // apart
    height = SIDE + BELOW if is_labelled else ABOVE + SIDE + GAP
    squares, names = [], []
    for at, (answer, figure) in enumerate(zip(answers, figures, strict=True)):
        row, column = divmod(at, in_row)
        top = EDGE + row * height
        if column == 0 and not is_labelled:
            last = figures[at : at + in_row][-1]
            words = figure.period if last is figure else row_name % {"first": figure.period, "last": last.period}
            names.append(RowName(EDGE, top + 12, words))
        x = EDGE + column * apart + ((apart - SIDE) / 2 if is_labelled else 0)
        kind = "missing" if answer is None else "yes" if answer else "no"
        squares.append(Square(x, top if is_labelled else top + ABOVE, kind, figure, is_labelled))
    rows = -(-len(answers) // in_row)
    return Squares(Paper(name, width, EDGE + rows * height + GAP), squares, names)
