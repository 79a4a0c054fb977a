"""Maps as drawings: windows of England with their outlines, as plain data that a template turns into SVG.

Lengths on paper are in the units of the drawing (pixels at full size), x to the right and y downwards. Paths are
written in quarters of them, as whole numbers, which halves their size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from trustportal.maps.clipping import clip_line, clip_ring
from trustportal.maps.england import arcs_at, england, level_for, rings_of
from trustportal.maps.labelling import Room, widest_place
from trustportal.maps.projection import Box, Point, length_of, project, unproject

QUARTERS = 4
EDGE = 4  # pixels beyond the paper to which shapes reach, so that the line round them is not seen along its edge
MARGIN = 0.04  # of a window, round what it shows
LEAST_AREA = 0.4  # square pixels; smaller islands are left out


@dataclass(frozen=True)
class Frame:
    """A window of the flat square on paper so many pixels wide, drawn with `coarse` levels of detail less."""

    box: Box
    width: int
    coarse: int = 0

    @property
    def scale(self) -> float:
        """Pixels to the flat square."""
        return self.width / self.box.width

    @property
    def level(self) -> int:
        """How much detail it needs, see `england.arcs_at`."""
        return level_for(self.scale) - self.coarse

    @property
    def height(self) -> int:
        """How high the paper is."""
        return round(self.width * self.box.height / self.box.width)

    @property
    def paper(self) -> Box:
        """The paper."""
        return Box(0, 0, self.width, self.height)

    def on_paper(self, point: Point) -> Point:
        """Where a point of the flat square is on the paper."""
        return (point[0] - self.box.left) * self.scale, (point[1] - self.box.top) * self.scale

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a place, given in degrees, is on the paper."""
        return self.on_paper(project(longitude, latitude))

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """South, west, north and east of the window, in degrees."""
        west, north = unproject((self.box.left, self.box.top))
        east, south = unproject((self.box.right, self.box.bottom))
        return south, west, north, east


def frame_round(box: Box, *, width: int, ratio: float, coarse: int = 0) -> Frame:
    """A frame of that width, `ratio` times as wide as high, with a box of the flat square in its middle."""
    return Frame(box.grown(max(box.width, box.height) * MARGIN).fitted(ratio), width, coarse)


def box_around(longitude: float, latitude: float, *, kilometres: float) -> Box:
    """A square so many kilometres wide with a place in its middle."""
    half = length_of(kilometres, latitude) / 2
    x, y = project(longitude, latitude)
    return Box(x - half, y - half, x + half, y + half)


@dataclass(frozen=True)
class Shape:
    """One district or region in a window: what it is, its path, and where there is room for its name."""

    slug: str
    name: str
    path: str
    room: Room


@dataclass(frozen=True)
class Outlines:
    """What a window shows of England: shapes to fill and to draw a line round, and the lines within regions."""

    frame: Frame
    districts: dict[str, Shape]  # by ONS code
    regions: dict[str, Shape]  # by slug
    borders: str  # between districts of the same region


@lru_cache(maxsize=64)
def outlines(frame: Frame) -> Outlines:
    """What a window shows of England."""
    whole = england()
    arcs = arcs_at(frame.level)
    seen = {district.code: district for district in whole.districts if district.box.meets(frame.box)}
    districts = {
        code: shape
        for code, district in seen.items()
        if (shape := _shape(district.slug, district.name, frame, rings_of(district.rings, arcs)))
    }
    regions = {
        slug: shape
        for slug, districts_of in whole.by_region.items()
        if any(district.code in seen for district in districts_of)
        and (shape := _shape(slug, str(districts_of[0].region.name), frame, rings_of(whole.region_rings[slug], arcs)))
    }
    borders = [
        part
        for arc, users in zip(arcs, whole.users, strict=True)
        if len(users) > 1 and users[0].region is users[1].region and any(district.code in seen for district in users)
        for part in clip_line([frame.on_paper(point) for point in arc], frame.paper)
    ]
    return Outlines(frame, districts, regions, path_of(borders))


def _shape(slug: str, name: str, frame: Frame, rings: list[list[Point]]) -> Shape | None:
    """A shape as far as the window shows it; None where it shows nothing of it."""
    on_paper = [[frame.on_paper(point) for point in ring] for ring in rings]
    clipped = [part for ring in on_paper if (part := clip_ring(ring, frame.paper.grown(EDGE)))]
    clipped.sort(key=area_within, reverse=True)
    clipped = clipped[:1] + [ring for ring in clipped[1:] if area_within(ring) >= LEAST_AREA]
    room = widest_place([part for ring in clipped if (part := clip_ring(ring, frame.paper))])
    return Shape(slug, name, path_of(clipped, is_closed=True), room) if room else None


def area_within(ring: Sequence[Point]) -> float:
    """The area within a ring."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2


def path_of(lines: Iterable[Sequence[Point]], *, is_closed: bool = False) -> str:
    """Lines as an SVG path in quarters, each step from the point before; points that fall together are left out."""
    pieces = []
    for line in lines:
        quarters = [(round(x * QUARTERS), round(y * QUARTERS)) for x, y in (line[:-1] if is_closed else line)]
        steps = [
            f"{right}{down}" if down < 0 else f"{right} {down}"
            for (x1, y1), (x2, y2) in pairwise(quarters)
            if (right := x2 - x1, down := y2 - y1) != (0, 0)
        ]
        if steps:
            text = steps[0] + "".join(step if step[0] == "-" else f" {step}" for step in steps[1:])
            pieces.append(f"M{quarters[0][0]} {quarters[0][1]}l{text}{'z' if is_closed else ''}")
    return "".join(pieces)
