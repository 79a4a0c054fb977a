"""The picture of a graph as plain data that a template turns into SVG: points with their labels, and lines.

Lengths are in the units of the drawing (pixels at full size), x to the right and y downwards. Shapes and letters tell
kinds apart without colour; dashes tell sorts of tie apart.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trustportal.networks.arranging import arranged
from trustportal.networks.graph import Graph, Line, Point
from trustportal.networks.layout import Place

LINE_HEIGHT = 15
LETTER = 6.7  # about how wide a letter of a label is
SMALLEST, LARGEST = 12.5, 24.0  # radius of a point; never less than a finger or pointer needs
HUB = 12.0
RING = 600  # the height of a picture of groups, at least
ARROW = 9.0
SAMPLES = [0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85]  # where along a line it is asked what it runs through
DOWNWARDS = 0.35  # from here on lines run mostly down; 1 is straight down


@dataclass(frozen=True)
class Paper:
    """The paper: for which screens it is meant, how wide it is, and how labels are broken on it.

    `filled` is the part of the paper that points and labels cover. What is laid out wider than high is turned on paper
    that `is_upright`. `evened` is how much of the way from crowded to evenly spread the points go, from 0 to 1.
    """

    name: str
    width: int
    lowest: int
    letters: int
    lines: int
    filled: float
    is_upright: bool = False
    evened: float = 0.5


WIDE = Paper("wide", 960, 380, letters=19, lines=3, filled=0.46)
NARROW = Paper("narrow", 328, 300, letters=14, lines=3, filled=0.44, is_upright=True)


@dataclass(frozen=True)
class Mark:
    """How a kind is told from the others: its letters, the shape in which they stand, its colour."""

    letters: str
    shape: str  # circle, square, diamond, hexagon or octagon
    colour: str

    def outline(self, x: float, y: float, radius: float) -> str:
        """The shape around a middle, as an SVG path."""
        if self.shape == "circle":
            r = f"{radius:g}"
            return f"M{x - radius:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * radius:g} 0a{r} {r} 0 1 0 {-2 * radius:g} 0z"
        sides, turn, stretch = SHAPES[self.shape]
        corners = [
            (
                x + radius * stretch * math.cos(turn + 2 * math.pi * corner / sides),
                y + radius * stretch * math.sin(turn + 2 * math.pi * corner / sides),
            )
            for corner in range(sides)
        ]
        return "M" + "L".join(f"{at_x:.1f} {at_y:.1f}" for at_x, at_y in corners) + "z"

    @property
    def key_outline(self) -> str:
        """The shape in a square of 24, for the key."""
        return self.outline(12, 12, 10)


# Corners, where the first stands, and how much larger they are than a circle that fits inside.
SHAPES = {
    "square": (4, math.pi / 4, 1.415),
    "diamond": (4, 0.0, 1.25),
    "hexagon": (6, 0.0, 1.155),
    "octagon": (8, math.pi / 8, 1.083),
}
HUB_MARK = Mark("", "diamond", "#4c6272")


@dataclass(frozen=True)
class Said:
    """What a point or a line says and where it leads; "" where it leads nowhere."""

    words: str
    address: str = ""
    label: str = ""


@dataclass(frozen=True)
class DrawnPoint:
    """A point with its label. x, y are its middle."""

    key: str
    number: int
    x: float
    y: float
    radius: float
    mark: Mark
    letters: str
    label: list[str]
    said: Said
    is_label_above: bool = False
    is_hollow: bool = False
    is_hub: bool = False
    is_group: bool = False
    is_marked: bool = False

    @property
    def outline(self) -> str:
        """Its shape, as an SVG path."""
        return self.mark.outline(self.x, self.y, self.radius)

    @property
    def ring(self) -> str:
        """The ring around one that is marked, and the second outline of a group."""
        return self.mark.outline(self.x, self.y, self.radius + 4)

    @property
    def label_lines(self) -> list[tuple[str, str, str]]:
        """Its label: x, y and words of each line."""
        beside = self.radius + (5 if self.is_marked or self.is_group else 1)
        top = self.y + beside + LINE_HEIGHT - 2
        if self.is_label_above:
            top = self.y - beside - 4 - LINE_HEIGHT * (len(self.label) - 1)
        return [(f"{self.x:.1f}", f"{top + LINE_HEIGHT * row:.1f}", words) for row, words in enumerate(self.label)]

    @property
    def letters_at(self) -> tuple[str, str]:
        """Where its letters stand."""
        return f"{self.x:.1f}", f"{self.y + 4:.1f}"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """What it covers with its label: left, top, right, foot."""
        width, height, above = extent(self.radius, self.label, self.is_label_above)
        return self.x - width / 2, self.y - above, self.x + width / 2, self.y - above + height


@dataclass(frozen=True)
class DrawnLine:
    """A line between two points; `dash` is an SVG pattern, `arrow` the head of an arrow or ""."""

    path: str
    width: float
    dash: str
    arrow: str
    is_over: bool
    said: Said
    ends: str  # the numbers of its points, for a script that shows who belongs together


@dataclass(frozen=True)
class Drawing:
    """A picture, ready to be drawn."""

    paper: Paper
    height: int
    points: list[DrawnPoint]
    lines: list[DrawnLine]

    @property
    def box(self) -> str:
        """Width and height, as an SVG's viewBox has them."""
        return f"{self.paper.width} {self.height}"


def broken(words: str, letters: int, lines: int) -> list[str]:
    """A name in lines of so many letters, at words; what does not fit is left out with a sign that says so."""
    rows = [""]
    for word in words.split():
        if len(word) > letters:
            word = f"{word[: letters - 1]}…"
        if rows[-1] and len(rows[-1]) + 1 + len(word) > letters:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}".strip()
    if len(rows) > lines:
        rows = [*rows[: lines - 1], f"{rows[lines - 1][: letters - 1]}…"]
    return [row for row in rows if row]


def extent(radius: float, label: Sequence[str], is_label_above: bool = False) -> tuple[float, float, float]:
    """Width and height of what a point covers with its label, and how much of that is above its middle."""
    width = max([2 * (radius + 5), *(LETTER * len(row) + 6 for row in label)])
    above, words = radius + 6, LINE_HEIGHT * len(label) + 2
    return width, above + radius + 6 + words, above + (words if is_label_above else 0)


def radius_of(point: Point) -> float:
    """How large a point is: by the number of its works, moderately."""
    if point.work:
        return HUB
    grown = SMALLEST + 1.9 * math.sqrt(max(0, point.count - 1 if point.group else point.weight - 1))
    return min(LARGEST, grown)


def draw(
    graph: Graph,
    paper: Paper,
    *,
    marks: Mapping[str, Mark],
    said: Mapping[str, Said],
    line_said: Mapping[int, Said],
    marked: str = "",
) -> Drawing:
    """Lay a graph out on paper. `said` is by key of a point, `line_said` by the number of a line; `marked` is a key."""
    points = graph.points
    radii = [radius_of(point) for point in points]
    labels = [broken(said[point.key].label, paper.letters, paper.lines) for point in points]
    places = {key: (y, x) if paper.is_upright else (x, y) for key, (x, y) in graph.places.items()}
    above = labels_above(graph, places)
    extents = [
        extent(radius, label, point.key in above) for point, radius, label in zip(points, radii, labels, strict=True)
    ]
    sizes = [(width, height) for width, height, _above in extents]
    if graph.is_grouped:  # a ring stays a ring
        paper = replace(paper, lowest=max(paper.lowest, RING), evened=0.0)
    corners, height = arranged(
        [places[point.key] for point in points],
        sizes,
        width=paper.width,
        lowest=paper.lowest,
        filled=paper.filled,
        evened=paper.evened,
    )
    drawn = []
    for number, (point, (left, top), (width, _height, middle)) in enumerate(zip(points, corners, extents, strict=True)):
        kind = point.group or (point.node.kind if point.node else "")
        mark = HUB_MARK if point.work else marks[kind]
        drawn.append(
            DrawnPoint(
                key=point.key,
                number=number,
                x=round(left + width / 2, 1),
                y=round(top + middle, 1),
                radius=round(radii[number], 1),
                mark=mark,
                letters=mark.letters,
                label=labels[number],
                said=said[point.key],
                is_label_above=point.key in above,
                is_hollow=point.is_closed,
                is_hub=bool(point.work),
                is_group=bool(point.group),
                is_marked=point.key == marked,
            )
        )
    by_key = {point.key: point for point in drawn}
    most = max((len(line.works) for line in graph.lines), default=1)
    lines = [
        drawn_line(line, by_key[line.one], by_key[line.other], drawn, line_said[number], most)
        for number, line in enumerate(graph.lines)
    ]
    return Drawing(paper, height, drawn, lines)


def labels_above(graph: Graph, places: Mapping[str, Place]) -> set[str]:
    """The points whose lines come mostly from below: their labels stand above them, out of the way."""
    falls: dict[str, list[float]] = {}
    for line in graph.lines:
        for here, there in ((line.one, line.other), (line.other, line.one)):
            across, down = (places[there][axis] - places[here][axis] for axis in (0, 1))
            falls.setdefault(here, []).append(down / (math.hypot(across, down) or 1.0))
    return {key for key, found in falls.items() if sum(found) / len(found) > DOWNWARDS}


def drawn_line(
    line: Line, one: DrawnPoint, other: DrawnPoint, points: Sequence[DrawnPoint], said: Said, most: int
) -> DrawnLine:
    """A line from rim to rim, bent where it would run through a third point. `most` is the number of works of the
    thickest line."""
    bend = bend_of(one, other, points)
    across = (-(other.y - one.y), other.x - one.x)
    length = math.hypot(*across) or 1.0
    middle = (
        (one.x + other.x) / 2 + across[0] / length * bend,
        (one.y + other.y) / 2 + across[1] / length * bend,
    )
    start = on_rim(one, middle, 2)
    end = on_rim(other, middle, 2 + (ARROW if line.is_succession else 0))
    shape = f"Q{middle[0]:.1f} {middle[1]:.1f} " if bend else "L"
    dash = "2 4" if line.is_succession else "" if line.has_partnership else "7 4"
    arrow = arrow_head(end, on_rim(other, middle, 2)) if line.is_succession else ""
    return DrawnLine(
        path=f"M{start[0]:.1f} {start[1]:.1f}{shape}{end[0]:.1f} {end[1]:.1f}",
        width=round(1.2 + 0.7 * len(line.works) * min(1.0, 6 / most), 1),
        dash=dash,
        arrow=arrow,
        is_over=line.is_over and not line.is_succession,
        said=said,
        ends=f"{one.number} {other.number}",
    )


def on_rim(point: DrawnPoint, towards: Place, gap: float) -> Place:
    """Where a line that leaves a point towards a place begins."""
    length = math.hypot(towards[0] - point.x, towards[1] - point.y) or 1.0
    out = min(length, point.radius + gap + (3 if point.is_marked or point.is_group else 0))
    return point.x + (towards[0] - point.x) / length * out, point.y + (towards[1] - point.y) / length * out


def bend_of(one: DrawnPoint, other: DrawnPoint, points: Sequence[DrawnPoint]) -> float:
    """How far a line is bent, so that it runs through the fewest other points: 0 where it may be straight."""
    import numpy

    others: Any = numpy.array(
        [(point.x, point.y, point.radius + 5) for point in points if point.number not in {one.number, other.number}]
    ).reshape(-1, 3)
    start: Any = numpy.array([one.x, one.y])
    along = numpy.array([other.x, other.y]) - start
    length = float(numpy.hypot(*along)) or 1.0
    across = numpy.array([-along[1], along[0]]) / length
    parts: Any = numpy.array(SAMPLES)[:, None]

    def hits(bend: float) -> int:
        way = start + along * parts + across * (bend * 2 * parts * (1 - parts))
        apart = numpy.hypot(way[:, None, 0] - others[None, :, 0], way[:, None, 1] - others[None, :, 1])
        return int((apart < others[:, 2]).any(axis=0).sum())

    if not hits(0.0):
        return 0.0
    bends = [0.0, *(side * length * part for part in (0.14, 0.28) for side in (1, -1))]
    return min(bends, key=lambda bend: (hits(bend), abs(bend)))


def arrow_head(back: Place, tip: Place) -> str:
    """The head of an arrow, as an SVG path."""
    along = (tip[0] - back[0], tip[1] - back[1])
    side = (-along[1] * 0.5, along[0] * 0.5)
    corners = [tip, (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "z"
