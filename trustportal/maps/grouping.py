"""Markers that would lie on each other are drawn as one, with their number."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from trustportal.maps.projection import Point

T = TypeVar("T")


@dataclass
class Group(Generic[T]):
    """Things at one place of a picture: where it is, and what they are, the first the one that stands there."""

    x: float
    y: float
    members: list[T] = field(default_factory=list)


def grouped(things: Sequence[tuple[Point, T]], distance: float) -> list[Group[T]]:
    """Each thing in exactly one group; the groups are at least so far apart.

    Things earlier in the list keep their place, the others join the nearest of those within the distance.
    """
    found: list[Group[T]] = []
    cells: dict[tuple[int, int], list[Group[T]]] = defaultdict(list)
    for (x, y), thing in things:
        column, row = math.floor(x / distance), math.floor(y / distance)
        near = [
            group
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for group in cells.get((column + across, row + down), ())
        ]
        nearest = min(near, key=lambda group: math.hypot(group.x - x, group.y - y), default=None)
        if nearest is None or math.hypot(nearest.x - x, nearest.y - y) >= distance:
            nearest = Group(x, y)
            found.append(nearest)
            cells[column, row].append(nearest)
        nearest.members.append(thing)
    return found
