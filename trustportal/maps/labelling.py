"""Where names stand on a map: inside what they name, beside what they mark, never on each other."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from trustportal.maps.projection import Box, Point

LETTER = 0.54  # how wide a letter is, in heights of the letters, about
LINES_TRIED = 15  # across a shape, to find where it is widest


class Label(NamedTuple):
    """A name on the map: where its middle is, the text and its height, the box that it takes."""

    x: float
    y: float
    words: str
    size: float

    @property
    def box(self) -> Box:
        """The room that it takes."""
        half = width_of(self.words, self.size) / 2
        return Box(self.x - half, self.y - self.size * 0.6, self.x + half, self.y + self.size * 0.6)


def width_of(words: str, size: float) -> float:
    """About how wide a text is, in letters of that height."""
    return len(words) * size * LETTER


class Room(NamedTuple):
    """The widest place of a shape: its middle, which lies inside the shape, and how wide it is."""

    x: float
    y: float
    width: float


def widest_place(rings: Sequence[Sequence[Point]]) -> Room | None:
    """Where there is most room for a line of text in a shape (rings, filled by the even-odd rule); None without one.

    Tries lines across the shape; a little is taken off for being far from its middle.
    """
    ys = [y for ring in rings for _x, y in ring]
    if not ys:
        return None
    top, bottom = min(ys), max(ys)
    best: tuple[float, Room] | None = None
    for number in range(LINES_TRIED):
        # Never through a corner at a round share of the height, where a line would only touch.
        y = top + (bottom - top) * (number + 0.5003) / LINES_TRIED
        crossings = sorted(crossings_at(rings, y))
        off_centre = abs((y - top) / (bottom - top) - 0.5) if bottom > top else 0.0
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            worth = (right - left) * (1 - off_centre)
            if right > left and (best is None or worth > best[0]):
                best = worth, Room((left + right) / 2, y, right - left)
    return best[1] if best else None


def crossings_at(rings: Sequence[Sequence[Point]], y: float) -> Iterable[float]:
    """The x at which the edges of a shape cross a level line."""
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 <= y) != (y2 <= y):
                yield x1 + (y - y1) / (y2 - y1) * (x2 - x1)


def is_inside(rings: Sequence[Sequence[Point]], point: Point) -> bool:
    """Whether a point lies in a shape (rings, filled by the even-odd rule)."""
    return sum(x > point[0] for x in crossings_at(rings, point[1])) % 2 == 1


def placed(wanted: Iterable[Sequence[Label]], taken: Sequence[Box], paper: Box) -> list[Label | None]:
    """For each name the first of its possible places that is free and on the paper; None where none is.

    Names earlier in the list choose first. `taken` is what no name may cover.
    """
    boxes = list(taken)
    found: list[Label | None] = []
    for candidates in wanted:
        for label in candidates:
            box = label.box
            is_on_paper = paper.holds((box.left, box.top)) and paper.holds((box.right, box.bottom))
            if is_on_paper and not any(box.overlaps(other) for other in boxes):
                boxes.append(box)
                found.append(label)
                break
        else:
            found.append(None)
    return found


def beside(x: float, y: float, words: str, size: float, gap: float) -> list[Label]:
    """The possible places of a name beside a point: right, left, above, below."""
    across = gap + width_of(words, size) / 2
    up = gap + size * 0.6
    return [
        Label(x + across, y, words, size),
        Label(x - across, y, words, size),
        Label(x, y - up, words, size),
        Label(x, y + up, words, size),
    ]
