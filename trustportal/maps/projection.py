"""Web Mercator: places on the earth as points on a flat square.

All maps of the portal use it. It keeps shapes (England looks as people know it, 15% larger in the north than in the
south), north is up everywhere, and pictures of any tile server lie under the same outlines.

A point has x from 0 (180° west) to 1 (180° east) and y from 0 (85° north) downwards to 1 (85° south).
"""

import math
from typing import NamedTuple

Point = tuple[float, float]
MOST_NORTH = 85.0511287798  # degrees; beyond it Web Mercator has no map
KILOMETRES_ROUND = 40075.017  # the equator


class Box(NamedTuple):
    """A rectangle, in whatever units its points have; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, point: Point) -> bool:
        """Whether a point lies in it or on its edge."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def meets(self, other: "Box") -> bool:
        """Whether two boxes share a point."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def overlaps(self, other: "Box") -> bool:
        """Whether two boxes share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def grown(self, by: float) -> "Box":
        """The box with so much more on each side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def fitted(self, ratio: float) -> "Box":
        """The smallest box round it, with the same middle, that is `ratio` times as wide as high."""
        (x, y), width = self.middle, max(self.width, self.height * ratio)
        return Box(x - width / 2, y - width / ratio / 2, x + width / 2, y + width / ratio / 2)


def box_round(points: "list[Point]") -> Box:
    """The smallest box round some points, at least one."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def box_of_boxes(boxes: "list[Box]") -> Box:
    """The smallest box round some boxes, at least one."""
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def project(longitude: float, latitude: float) -> Point:
    """The point of a place given in degrees; places beyond the map's edge come to its edge."""
    latitude = max(-MOST_NORTH, min(MOST_NORTH, latitude))
    return (longitude + 180) / 360, 0.5 - math.asinh(math.tan(math.radians(latitude))) / (2 * math.pi)


def unproject(point: Point) -> tuple[float, float]:
    """Longitude and latitude of a point, in degrees."""
    return point[0] * 360 - 180, math.degrees(math.atan(math.sinh((0.5 - point[1]) * 2 * math.pi)))


def length_of(kilometres: float, latitude: float) -> float:
    """How long so many kilometres are on the flat square, at a latitude in degrees."""
    return kilometres / (KILOMETRES_ROUND * math.cos(math.radians(latitude)))
