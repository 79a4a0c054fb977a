"""Boxes on paper: near the places where they belong, and none over another. Lengths in the units of the drawing."""

import math
from collections.abc import Sequence
from typing import Any

from trustportal.networks.layout import Place

EDGE = 14  # around all
ROUNDS = 150


def arranged(
    places: Sequence[Place],
    sizes: Sequence[tuple[float, float]],
    *,
    width: int,
    lowest: int,
    filled: float,
    evened: float,
) -> tuple[list[Place], int]:
    """The upper left corners of boxes on paper, near their places and without overlap, and how high the paper is.

    It is as high as it takes for the boxes to cover the part `filled` of it, but at least `lowest`. `evened` is how
    much of the way from crowded to evenly spread the places go, from 0 to 1.
    """
    import numpy

    if not places:
        return [], lowest
    size: Any = numpy.array(sizes, dtype=float)
    inner = width - 2 * EDGE
    height = max(lowest - 2 * EDGE, float(size.prod(axis=1).sum()) / filled / inner, float(size[:, 1].max()))
    at: Any = numpy.column_stack([spread(places, axis, evened) for axis in (0, 1)])
    half = size / 2
    room: Any = numpy.maximum(numpy.array([inner, height]) - size, 0.0)
    middles = half + at * room
    middles = pushed_apart(middles, half, numpy.array([inner, height]))
    corners = fitted([tuple(row) for row in middles - half], sizes, inner)
    foot = max(y + box[1] for (_x, y), box in zip(corners, sizes, strict=True))
    top = min(y for _x, y in corners)
    return [(x + EDGE, y - top + EDGE) for x, y in corners], math.ceil(foot - top + 2 * EDGE)


def spread(places: Sequence[Place], axis: int, evened: float) -> list[float]:
    """Places along an axis from 0 to 1, partly as they are and partly evenly: what is crowded finds room, in order."""
    values = [place[axis] for place in places]
    low, high = min(values), max(values)
    order = sorted(range(len(values)), key=lambda row: (values[row], row))
    even = {row: number / max(1, len(values) - 1) for number, row in enumerate(order)}
    if high - low < 1e-9:
        return [0.5 for _ in values]
    return [(1 - evened) * (value - low) / (high - low) + evened * even[row] for row, value in enumerate(values)]


def pushed_apart(middles: Any, half: Any, box: Any) -> Any:
    """Boxes pushed apart step by step where they overlap, within the paper; some overlap may be left."""
    import numpy

    x, y = middles[:, 0].copy(), middles[:, 1].copy()
    nudge = numpy.arange(len(middles)) * 1e-3  # two in one place find apart
    x, y = x + nudge, y - nudge
    wide, high = half[:, 0], half[:, 1]
    needed_x, needed_y = wide[:, None] + wide[None, :], high[:, None] + high[None, :]
    numpy.fill_diagonal(needed_x, -1.0)  # none meets itself
    for _round in range(ROUNDS):
        apart_x, apart_y = x[:, None] - x[None, :], y[:, None] - y[None, :]
        over_x, over_y = needed_x - numpy.abs(apart_x), needed_y - numpy.abs(apart_y)
        meets = (over_x > 0) & (over_y > 0)
        if not meets.any():
            break
        sideways = over_x < over_y
        push_x = (numpy.sign(apart_x) * (over_x + 1) * (meets & sideways)).sum(axis=1)
        push_y = (numpy.sign(apart_y) * (over_y + 1) * (meets & ~sideways)).sum(axis=1)
        x = numpy.clip(x + 0.42 * push_x.clip(-24, 24), wide, numpy.maximum(box[0] - wide, wide))
        y = numpy.clip(y + 0.42 * push_y.clip(-24, 24), high, numpy.maximum(box[1] - high, high))
    return numpy.column_stack([x, y])


def fitted(corners: Sequence[Place], sizes: Sequence[tuple[float, float]], width: float) -> list[Place]:
    """The same corners from top to bottom, each moved down as far as it takes to overlap none before it."""
    found: dict[int, Place] = {}
    for row in sorted(range(len(corners)), key=lambda one: (corners[one][1], corners[one][0], one)):
        wide, high = sizes[row]
        x, y = min(max(0.0, corners[row][0]), max(0.0, width - wide)), corners[row][1]
        beside = [(sizes[other], found[other]) for other in found]
        beside = [(size, at) for size, at in beside if at[0] < x + wide - 0.01 and x < at[0] + size[0] - 0.01]
        moved = True
        while moved:
            moved = False
            for (_wide, other_high), (_x, other_y) in beside:
                if other_y < y + high - 0.01 and y < other_y + other_high - 0.01:
                    y, moved = other_y + other_high, True
        found[row] = (x, y)
    return [found[row] for row in range(len(corners))]
