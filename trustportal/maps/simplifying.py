"""Lines with fewer points for smaller scales. Source: Visvalingam and Whyatt, Line generalisation by repeated
elimination of points, 1993.

Each point is weighed once: by the area of the triangle that vanishes with it. A line is then drawn at any scale with
the points that weigh enough. Since neighbours share their lines, they keep no gaps.
"""

import heapq
import math

from trustportal.maps.projection import Point

LEAST_ROUND = 2  # inner points that a closed line keeps: fewer make no shape


def weights_of(line: list[Point]) -> list[float]:
    """How much each point of a line matters: the area that vanishes with it; its ends matter without end."""
    last = len(line) - 1
    before, after = list(range(-1, last)), list(range(1, last + 2))
    weights = [math.inf] * len(line)
    heap = []
    for at in range(1, last):
        weights[at] = area_of(line[at - 1], line[at], line[at + 1])
        heap.append((weights[at], at))
    heapq.heapify(heap)
    gone, least, order = [False] * len(line), 0.0, []
    while heap:
        weight, at = heapq.heappop(heap)
        if gone[at] or weight != weights[at]:
            continue  # weighed anew since
        least = max(least, weight)
        weights[at], gone[at] = least, True
        order.append(at)
        left, right = before[at], after[at]
        after[left], before[right] = right, left
        for beside in (left, right):
            if 0 < beside < last:
                weights[beside] = max(least, area_of(line[before[beside]], line[beside], line[after[beside]]))
                heapq.heappush(heap, (weights[beside], beside))
    if line and line[0] == line[-1]:
        for at in order[-LEAST_ROUND:]:
            weights[at] = math.inf
    return weights


def area_of(first: Point, second: Point, third: Point) -> float:
    """The area of a triangle."""
    return abs((second[0] - first[0]) * (third[1] - first[1]) - (third[0] - first[0]) * (second[1] - first[1])) / 2


def simplified(line: list[Point], weights: list[float], least: float) -> list[Point]:
    """The points of a line that weigh at least so much."""
    return [point for point, weight in zip(line, weights, strict=True) if weight >= least]
