"""Cuts lines and shapes at the edges of a window, so that a picture holds only what it shows."""

from collections.abc import Callable
from itertools import pairwise

from trustportal.maps.projection import Box, Point


def clip_ring(ring: list[Point], box: Box) -> list[Point]:
    """The part of a shape inside a box, as one ring (closed: the last point is the first); [] where there is none.

    Source: Sutherland and Hodgman, Reentrant polygon clipping, 1974. Parts that the edge cuts apart stay joined by a
    line along the edge, which a filled shape does not show.
    """
    points = ring[:-1] if ring and ring[0] == ring[-1] else ring
    for axis, limit, is_least in (
        (0, box.left, True),
        (0, box.right, False),
        (1, box.top, True),
        (1, box.bottom, False),
    ):
        points = _cut(points, axis, limit, is_least)
    return [*points, points[0]] if len(points) > 2 else []


def _cut(points: list[Point], axis: int, limit: float, is_least: bool) -> list[Point]:
    inside: Callable[[Point], bool] = (
        (lambda point: point[axis] >= limit) if is_least else (lambda point: point[axis] <= limit)
    )
    kept: list[Point] = []
    for at, point in enumerate(points):
        before = points[at - 1]
        if inside(before) != inside(point):
            kept.append(_crossing(before, point, axis, limit))
        if inside(point):
            kept.append(point)
    return kept


def _crossing(first: Point, second: Point, axis: int, limit: float) -> Point:
    share = (limit - first[axis]) / (second[axis] - first[axis])
    other = first[1 - axis] + share * (second[1 - axis] - first[1 - axis])
    low, high = sorted((first[1 - axis], second[1 - axis]))
    other = min(high, max(low, other))  # rounding may not lead out of the line
    return (limit, other) if axis == 0 else (other, limit)


def clip_line(line: list[Point], box: Box) -> list[list[Point]]:
    """The parts of a line inside a box. Source: Liang and Barsky, A new concept and method for line clipping, 1984."""
    parts: list[list[Point]] = []
    for first, second in pairwise(line):
        piece = _inside(first, second, box)
        if piece is None:
            continue
        if parts and parts[-1][-1] == piece[0] and piece[0] == first:
            parts[-1].append(piece[1])
        else:
            parts.append(list(piece))
    return parts


def _inside(first: Point, second: Point, box: Box) -> tuple[Point, Point] | None:
    if box.holds(first) and box.holds(second):
        return first, second
    (x, y), right, down = first, second[0] - first[0], second[1] - first[1]
    enters, leaves = 0.0, 1.0
    for towards, room in ((-right, x - box.left), (right, box.right - x), (-down, y - box.top), (down, box.bottom - y)):
        if towards == 0:
            if room < 0:
                return None
        elif towards < 0:
            enters = max(enters, room / towards)
        else:
            leaves = min(leaves, room / towards)
    if enters >= leaves:
        return None
    start = first if enters == 0 else _held((x + enters * right, y + enters * down), box)
    end = second if leaves == 1 else _held((x + leaves * right, y + leaves * down), box)
    return start, end


def _held(point: Point, box: Box) -> Point:
    """A point on the edge, where rounding has moved it out."""
    return min(box.right, max(box.left, point[0])), min(box.bottom, max(box.top, point[1]))
