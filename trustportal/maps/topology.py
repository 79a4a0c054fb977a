"""Reads TopoJSON: outlines as lines (arcs) that neighbours share, so that borders stay whole however they are drawn.

Source: the TopoJSON format specification, https://github.com/topojson/topojson-specification.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from trustportal.maps.projection import Point, project
from trustportal.maps.simplifying import weights_of

Ring = tuple[int, ...]
"""The numbers of the arcs round a shape, in turn; ~n is arc n walked backwards."""


class UnreadableTopology(ValueError):
    """The file is no TopoJSON that can be drawn."""


@dataclass(frozen=True)
class Outline:
    """One shape: its properties, and its polygons, each the ring round it and then the rings round its holes."""

    properties: dict[str, str]
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True)
class Topology:
    """Arcs as points of the flat square (see `projection`), how much each point matters, and the shapes of arcs."""

    arcs: list[list[Point]]
    weights: list[list[float]]
    outlines: list[Outline]


def read(data: dict[str, Any], name: str) -> Topology:
    """The shapes of one object of a TopoJSON document. Raises UnreadableTopology."""
    try:
        arcs = [_decoded(arc, data["transform"]) for arc in data["arcs"]]
        outlines = [_outline(geometry) for geometry in data["objects"][name]["geometries"]]
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise UnreadableTopology(f"This is no TopoJSON with an object {name}: {error!r}") from error
    return Topology(arcs, [weights_of(arc) for arc in arcs], outlines)


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    """The points of a quantised arc: each number is the difference to the one before."""
    (wide, high), (left, low) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for right, up in arc:
        x, y = x + right, y + up
        points.append(project(x * wide + left, y * high + low))
    return points


def _outline(geometry: dict[str, Any]) -> Outline:
    polygons = {"Polygon": [geometry["arcs"]], "MultiPolygon": geometry["arcs"]}[geometry["type"]]
    return Outline(geometry["properties"], tuple(tuple(tuple(ring) for ring in polygon) for polygon in polygons))


def points_of(ring: Ring, arcs: list[list[Point]]) -> list[Point]:
    """The points round a ring; the last is the first."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def merged(rings: Iterable[Ring], arcs: list[list[Point]]) -> list[Ring]:
    """The rings round several shapes together: arcs that two of them share fall out."""
    used = [number for ring in rings for number in ring]
    times = Counter(number if number >= 0 else ~number for number in used)
    starts: dict[Point, list[int]] = defaultdict(list)
    for number in used:
        if times[number if number >= 0 else ~number] == 1:
            starts[_ends(number, arcs)[0]].append(number)
    found = []
    while starts:
        start = here = next(iter(starts))
        ring = []
        while here in starts:
            number = starts[here].pop()
            if not starts[here]:
                del starts[here]
            ring.append(number)
            here = _ends(number, arcs)[1]
            if here == start:
                break
        found.append(tuple(ring))
    return found


def _ends(number: int, arcs: list[list[Point]]) -> tuple[Point, Point]:
    arc = arcs[number if number >= 0 else ~number]
    return (arc[0], arc[-1]) if number >= 0 else (arc[-1], arc[0])
