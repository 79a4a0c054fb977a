"""A chart as a picture (PNG), for slides and papers: what `drawing.py` and `squares.py` laid out, painted with Pillow.

Points differ by shape as well as by colour, so the picture also serves in print and to the colour-blind.
"""

import io
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from trustportal.charts.drawing import Chart, Dot
from trustportal.charts.squares import SIDE, Squares

SCALE = 2  # pixels of the picture for each unit of the drawing
SMOOTH = 2  # Pillow draws with jagged edges, so it draws larger than that and the picture is reduced
FINE = SCALE * SMOOTH

WHITE, BLACK, TEXT = "white", "#000000", "#212b32"
GRID, SLATE, RED, BLUE = "#d8dde0", "#4c6272", "#d5281b", "#005eb8"
MARGIN = 12  # around title and caption
EDGE = 3  # no text comes nearer to the edge
BESIDE = 8  # from the field to the labels beside it
LEADING = 1.3
TITLE, SMALL, TINY = 18, 12, 11  # sizes of text
NOTE = 8  # radius of a note's circle

# Corners of the shape, in radii from the point; none for a circle.
Corners = tuple[tuple[float, float], ...]
DIAMOND: Corners = ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0))
SQUARE: Corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
UP: Corners = ((0, -1.5), (1.35, 0.9), (-1.35, 0.9))
DOWN: Corners = ((0, 1.5), (1.35, -0.9), (-1.35, -0.9))
SHAPES: dict[str, Corners] = {
    "common_cause": (),
    "special_cause_improvement": DIAMOND,
    "special_cause_concern": SQUARE,
    "special_cause_neutral_high": UP,
    "special_cause_neutral_low": DOWN,
}
RADIUS, LEAST_RADIUS = 4.5, 2.0
HOLLOW = 0.55  # of the radius


@dataclass(frozen=True)
class Style:
    """How a level is drawn: dashes as (drawn, left out), none for a solid line."""

    colour: str
    width: float
    dashes: tuple[float, float] | None = None


DASHED, DOTTED = (6.0, 4.0), (1.5, 3.0)
STYLES = {
    "upl": Style(SLATE, 1.25, DASHED),
    "target": Style(RED, 1.5, DASHED),
    "mean": Style(BLACK, 1.5),
    "baseline": Style(SLATE, 1.5, DOTTED),
    "lpl": Style(SLATE, 1.25, DASHED),
}

# Pillow's own font has ASCII and little else. What it lacks is said otherwise, for an empty box says nothing.
BEYOND_ASCII = "‘’“”…·°"
INSTEAD = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
        **{"£": "GBP ", "€": "EUR ", "×": "x", "≥": ">=", "≤": "<=", "±": "+/-", "•": "·"},
        **{"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "²": "^2", "³": "^3", "µ": "u", "ß": "ss", "ł": "l"},
        **{"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "«": "“", "»": "”"},
    }
)


def paint(chart: Chart | Squares, *, title: str, caption: str = "") -> bytes:
    """The chart as a PNG, twice the size of the drawing, under its title and above its caption.

    Title and caption take as many lines as they need. Where a label beside the field needs more room than the drawing
    has there, the picture is wider by that much: numbers are not cut, and no name hides a point.
    """
    scale, names, left, right = ([], [], 0.0, 0.0) if isinstance(chart, Squares) else _beside(chart)
    width = math.ceil(left + chart.size.width + right)
    head = _wrapped(title, TITLE, width - 2 * MARGIN)
    foot = _wrapped(caption, SMALL, width - 2 * MARGIN)
    top = math.ceil(MARGIN + len(head) * TITLE * LEADING) if head else 0
    below = top + chart.size.height
    paper = _Paper(width, below + (math.ceil(len(foot) * SMALL * LEADING + MARGIN) if foot else 0))
    paper.lines(head, TITLE, MARGIN, TEXT)
    paper.origin = left, top
    if isinstance(chart, Squares):
        _paint_squares(paper, chart)
    else:
        _paint_scale(paper, chart, scale)
        _paint_levels(paper, chart)
        _paint_values(paper, chart)
        _paint_notes(paper, chart)
        _paint_names(paper, chart, names)
    paper.origin = 0, below
    paper.lines(foot, SMALL, 0, SLATE)
    return paper.as_png()


def _beside(chart: Chart) -> tuple[list[str], list[str], float, float]:
    """The labels left and right of the field, and how much more room than the drawing has they need on each side."""
    most = chart.size.width / 3
    scale = [_fitted(_plain(tick.label), SMALL, most) for tick in chart.y_ticks]
    names = [_fitted(_plain(level.label), TINY, most) for level in chart.last_levels]
    left = max(0, _widest(scale, SMALL) + BESIDE + EDGE - chart.size.left)
    right = max(0, _widest(names, TINY) + BESIDE + EDGE - chart.size.right)
    return scale, names, left, right


@cache
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size * FINE)
    # Without FreeType Pillow has one bitmap font of one size: better to fail than to paint what nobody can read.
    assert isinstance(font, ImageFont.FreeTypeFont)  # noqa: S101
    return font


def _plain(text: str) -> str:
    """The text in characters that the font has; accents are dropped, and a "?" stands for what is left."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).translate(INSTEAD))
    kept = (letter for letter in letters if not unicodedata.combining(letter))
    return "".join(one if (one.isascii() and one.isprintable()) or one in BEYOND_ASCII else "?" for one in kept)


def _width(text: str, size: float) -> float:
    return _font(size).getlength(text) / FINE


def _widest(texts: Iterable[str], size: float) -> float:
    return max((_width(text, size) for text in texts), default=0)


def _fitted(text: str, size: float, room: float) -> str:
    """The text, cut where it is wider than its room."""
    if _width(text, size) <= room:
        return text
    while text and _width(text + "…", size) > room:
        text = text[:-1].rstrip()
    return text + "…"


def _wrapped(text: str, size: float, room: float) -> list[str]:
    """The lines of a text; a word that is wider than its room is broken."""
    lines = []
    for paragraph in text.splitlines():
        line = ""
        for word in _plain(" ".join(paragraph.split())).split():
            joined = f"{line} {word}".strip()
            if _width(joined, size) <= room:
                line = joined
                continue
            lines += [line] if line else []
            line = word
            while _width(line, size) > room and len(line) > 1:
                fit = next(at for at in range(len(line) - 1, 0, -1) if at == 1 or _width(line[:at], size) <= room)
                lines.append(line[:fit])
                line = line[fit:]
        lines += [line] if line else []
    return lines


def _apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places in rising order, moved as little as is simple so that a gap lies between any two, from low to high."""
    if len(places) > 1:
        gap = min(gap, (high - low) / (len(places) - 1))
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + gap if moved else low))
    limit = high
    for at in range(len(moved) - 1, -1, -1):
        moved[at] = min(moved[at], limit)
        limit = moved[at] - gap
    return moved


class _Paper:
    """White paper on which one draws in the units of the drawing; `origin` is where those begin."""

    def __init__(self, width: float, height: float) -> None:
        self.image = Image.new("RGB", (round(width * FINE), round(height * FINE)), WHITE)
        self.pen = ImageDraw.Draw(self.image)
        self.width = width
        self.origin: tuple[float, float] = 0, 0

    def at(self, x: float, y: float) -> tuple[float, float]:
        return (x + self.origin[0]) * FINE, (y + self.origin[1]) * FINE

    def path(self, points: Iterable[tuple[float, float]], colour: str, width: float) -> None:
        self.pen.line([self.at(*point) for point in points], fill=colour, width=round(width * FINE), joint="curve")

    def rule(self, start: tuple[float, float], end: tuple[float, float], style: Style) -> None:
        """A straight line, dashed or not."""
        length = math.dist(start, end)
        if not style.dashes or not length:
            return self.path((start, end), style.colour, style.width)
        drawn, left_out = style.dashes
        across, down = (end[0] - start[0]) / length, (end[1] - start[1]) / length
        for dash in range(math.ceil(length / (drawn + left_out))):
            first = dash * (drawn + left_out)
            last = min(first + drawn, length)
            ends = [(start[0] + across * along, start[1] + down * along) for along in (first, last)]
            self.path(ends, style.colour, style.width)

    def box(self, x: float, y: float, side: float, colour: str) -> None:
        """A square, from its upper left corner."""
        self.pen.rectangle([self.at(x, y), self.at(x + side, y + side)], fill=colour)

    def shape(self, x: float, y: float, radius: float, corners: Corners, colour: str) -> None:
        if corners:
            self.pen.polygon([self.at(x + right * radius, y + down * radius) for right, down in corners], fill=colour)
        else:
            self.pen.circle(self.at(x, y), radius * FINE, fill=colour)

    def text(self, x: float, y: float, words: str, size: float, colour: str, anchor: str = "lm") -> None:
        """Words with a white rim, which keeps them legible across a line; `anchor` is Pillow's."""
        rim: dict = {"stroke_width": 1.5 * FINE, "stroke_fill": WHITE}
        self.pen.text(self.at(x, y), words, colour, _font(size), anchor, **rim)

    def lines(self, lines: Sequence[str], size: float, y: float, colour: str) -> None:
        for row, line in enumerate(lines):
            self.text(MARGIN, y + (row + 0.5) * size * LEADING, line, size, colour)

    def as_png(self) -> bytes:
        file = io.BytesIO()
        self.image.reduce(SMOOTH).save(file, "PNG", optimize=True, dpi=(96 * SCALE, 96 * SCALE))
        return file.getvalue()


def _paint_scale(paper: _Paper, chart: Chart, labels: Sequence[str]) -> None:
    size, grid = chart.size, Style(GRID, 1)
    for tick, label in zip(chart.y_ticks, labels, strict=True):
        paper.rule((size.left, tick.at), (chart.end, tick.at), grid)
        paper.text(size.left - BESIDE, tick.at, label, SMALL, SLATE, "rm")
    first, free = EDGE - paper.origin[0], paper.width - paper.origin[0] - EDGE
    for tick in reversed(chart.x_ticks):  # from the last, which is always there
        lines = _wrapped(tick.label, SMALL, size.label - 6)[:2]
        half = _widest(lines, SMALL) / 2
        middle = min(max(tick.at, first + half), paper.width - paper.origin[0] - EDGE - half)
        if middle + half > free:  # rows may lie unevenly in time
            continue
        free = middle - half - 6
        paper.rule((tick.at, chart.floor), (tick.at, chart.floor + 5), Style(SLATE, 1))
        for row, line in enumerate(lines):
            paper.text(middle, chart.floor + 15 + row * SMALL * LEADING, line, SMALL, SLATE, "mm")
    paper.rule((size.left, chart.floor), (chart.end, chart.floor), Style(SLATE, 1))


def _paint_levels(paper: _Paper, chart: Chart) -> None:
    for x in chart.breaks:
        paper.rule((x, chart.size.top), (x, chart.floor), Style(SLATE, 1, DOTTED))
    for level in chart.levels:
        paper.rule((level.start, level.y), (level.end, level.y), STYLES[level.name])


def _paint_values(paper: _Paper, chart: Chart) -> None:
    for piece in chart.line.split("M")[1:]:
        places = [tuple(map(float, place.split())) for place in piece.split("L")]
        if len(places) > 1:
            paper.path([(x, y) for x, y in places], SLATE, 1.5)
    for gap in chart.gaps:
        for slope in (-1, 1):
            paper.path(((gap.x - 3, gap.y - 3 * slope), (gap.x + 3, gap.y + 3 * slope)), SLATE, 1.25)
    # Many points are drawn small, so that neighbours do not hide each other.
    spacing = (chart.end - chart.size.left) / max(1, len(chart.dots))
    radius = max(LEAST_RADIUS, min(RADIUS, spacing))
    for dot in sorted(chart.dots, key=_is_special):
        corners = SHAPES[dot.kind]
        paper.shape(dot.x, dot.y, radius, corners, dot.colour)
        if dot.figure.is_provisional:
            paper.shape(dot.x, dot.y, radius * HOLLOW, corners, WHITE)
    for x, y, words in chart.values:
        paper.text(x, y, _plain(words), SMALL, TEXT, "ms")


def _is_special(dot: Dot) -> bool:
    """What is told of lies above what is not."""
    return dot.kind != "common_cause"


def _paint_notes(paper: _Paper, chart: Chart) -> None:
    """Numbers in circles on the upper edge, beside one another where the days are too close."""
    notes, top = sorted(chart.notes), chart.size.top
    places = _apart([x for x, _number in notes], 2 * NOTE + 2, NOTE + EDGE, chart.size.width - NOTE - EDGE)
    for (x, number), place in zip(notes, places, strict=True):
        paper.path(((place, top - NOTE - 4), (x, top + 2)), SLATE, 1)
        paper.shape(place, top - NOTE - 4, NOTE, (), SLATE)
        paper.shape(place, top - NOTE - 4, NOTE - 1, (), WHITE)
        words = str(number)
        paper.pen.text(paper.at(place, top - NOTE - 4), words, TEXT, _font(TINY if len(words) < 3 else 8), "mm")


def _paint_names(paper: _Paper, chart: Chart, names: Sequence[str]) -> None:
    """What the levels are called, right of the field."""
    levels = chart.last_levels
    places = _apart([level.y for level in levels], TINY * LEADING, chart.size.top, chart.floor - TINY / 2)
    for level, name, y in zip(levels, names, places, strict=True):
        paper.text(chart.end + BESIDE, y, name, TINY, STYLES[level.name].colour)


def _paint_squares(paper: _Paper, squares: Squares) -> None:
    """Answers of yes or no, the periods above their rows or below each of them."""
    for name in squares.names:
        paper.text(name.x, name.y - SMALL * 0.35, _plain(name.words), SMALL, TEXT)
    for square in squares.squares:
        x, y = square.x, square.y
        if square.outline:
            paper.box(x, y, SIDE, BLUE)
        if square.outline and not square.is_yes:
            paper.box(x + 2, y + 2, SIDE - 4, WHITE)
        for stroke in square.strokes:
            paper.path(stroke, WHITE if square.is_yes else TEXT, 3)
        if square.figure.is_provisional:
            corners = [(x - 3, y - 3), (x + SIDE + 3, y - 3), (x + SIDE + 3, y + SIDE + 3), (x - 3, y + SIDE + 3)]
            for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
                paper.rule(start, end, Style(SLATE, 1, DOTTED))
        if square.is_labelled:
            paper.text(square.middle, square.foot - SMALL * 0.35, _plain(square.figure.period), SMALL, TEXT, "mm")
