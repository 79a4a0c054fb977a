"""Where things stand so that what is tied stands near: pure functions over keys and pairs of keys.

Lengths are in units in which a tie is about 1 long. The same input gives the same places, always.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Place = tuple[float, float]
Pair = tuple[str, str]

SEED = 2005
ROUNDS = 160  # of the layout of a whole
GENTLE_ROUNDS = 30  # after something was added
GENTLE_STEP = 0.02  # the longest step of a gentle round, in lengths of a tie
APART = 1.6  # between two islands
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def whole(keys: Iterable[str], pairs: Iterable[Pair]) -> dict[str, Place]:
    """Places for all, from nothing. Islands (what is not tied with each other) are laid out alone and packed."""
    import networkx  # here, since most processes never lay anything out

    graph = networkx.Graph()
    graph.add_nodes_from(keys)
    graph.add_edges_from(pair for pair in pairs if pair[0] != pair[1])
    islands = [sorted(members) for members in networkx.connected_components(graph)]
    islands.sort(key=lambda members: (-len(members), members[0]))
    return packed([sprung(members, graph.subgraph(members).edges) for members in islands])


def sprung(keys: Sequence[str], pairs: Iterable[Pair]) -> dict[str, Place]:
    """An island laid out as if ties were springs and all pushed each other away (Fruchterman and Reingold, 1991).

    Written here since networkx asks for scipy from 500 nodes on.
    """
    import numpy

    count = len(keys)
    row = {key: number for number, key in enumerate(keys)}
    tied = numpy.zeros((count, count), dtype=numpy.float32)
    for one, other in pairs:
        tied[row[one], row[other]] = tied[row[other], row[one]] = 1
    at: Any = numpy.random.default_rng(SEED).random((count, 2)).astype(numpy.float32)
    best = 1.6 / math.sqrt(count)  # the distance that springs come to
    heat = 0.1
    for _round in range(ROUNDS):
        apart_x, apart_y = (at[:, None, axis] - at[None, :, axis] for axis in (0, 1))
        distance = numpy.maximum(numpy.sqrt(apart_x**2 + apart_y**2), 0.01)
        force = best**2 / distance**2 - tied * distance / best
        push = numpy.column_stack([(apart_x * force).sum(axis=1), (apart_y * force).sum(axis=1)])
        size = numpy.maximum(numpy.sqrt((push**2).sum(axis=1)), 0.01)
        at = at + push * (heat / size)[:, None]
        heat -= 0.1 / (ROUNDS + 1)
    at = at - at.mean(axis=0)
    reach = max(float(numpy.abs(at).max()), 1e-9)
    at = at * (max(1.0, 0.9 * math.sqrt(count)) / reach)
    return {key: (float(x), float(y)) for key, (x, y) in zip(keys, at, strict=True)}


def ringed(outer: Sequence[str], inner: Sequence[str], pairs: Sequence[Pair]) -> dict[str, Place]:
    """Some in a ring, in their order, and the others inside it, near those of the ring to which they are tied."""
    places: dict[str, Place] = {}
    for number, key in enumerate(outer):
        turn = 2 * math.pi * number / len(outer) - math.pi / 2
        places[key] = (3 * math.cos(turn), 3 * math.sin(turn))
    tied: dict[str, list[Place]] = {key: [] for key in inner}
    for one, other in pairs:
        for here, there in ((one, other), (other, one)):
            if here in tied and there in places:
                tied[here].append(places[there])
    for number, key in enumerate(inner):
        around = tied[key] or [(0.0, 0.0)]
        reach, turn = 0.75, number * GOLDEN_ANGLE
        x = reach * sum(x for x, _ in around) / len(around) + 0.3 * math.cos(turn)
        y = reach * sum(y for _, y in around) / len(around) + 0.3 * math.sin(turn)
        places[key] = (x, y)
    return places


def packed(islands: Sequence[Mapping[str, Place]]) -> dict[str, Place]:
    """Islands side by side in rows, the largest first; the whole is wider than high, as screens are."""
    boxes = [_box(list(island.values())) for island in islands]
    area = sum((right - left + APART) * (low - top + APART) for left, top, right, low in boxes)
    row_width = max([1.7 * math.sqrt(area), *[right - left for left, _top, right, _low in boxes]], default=0.0)
    x = y = row_height = 0.0
    places: dict[str, Place] = {}
    for island, (left, top, right, low) in zip(islands, boxes, strict=True):
        if x and x + right - left > row_width:
            x, y, row_height = 0.0, y + row_height + APART, 0.0
        for key, (at_x, at_y) in island.items():
            places[key] = (at_x - left + x, at_y - top + y)
        x += right - left + APART
        row_height = max(row_height, low - top)
    return places


def _box(places: Sequence[Place]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return min(xs), min(ys), max(xs), max(ys)


def with_new(old: Mapping[str, Place], keys: Iterable[str], pairs: Sequence[Pair]) -> dict[str, Place]:
    """Places for keys of which some have a place and others not: the new ones near those to which they are tied.

    What was placed stays where it is; `gentle` may move it a little afterwards. What is tied to nothing that was placed
    is laid out as a whole of its own, beside the rest.
    """
    keys = sorted(set(keys))
    places = {key: old[key] for key in keys if key in old}
    tied: dict[str, list[str]] = {key: [] for key in keys}
    for one, other in pairs:
        if one != other and one in tied and other in tied:
            tied[one].append(other)
            tied[other].append(one)
    waiting = [key for key in keys if key not in places]
    while waiting:
        near = [key for key in waiting if any(other in places for other in tied[key])]
        if not near:
            break
        taken: dict[Place, int] = {}
        for key in near:
            around = [places[other] for other in sorted(set(tied[key])) if other in places and other not in near]
            around = around or [places[other] for other in sorted(set(tied[key])) if other in places]
            middle = (sum(x for x, _ in around) / len(around), sum(y for _, y in around) / len(around))
            taken[middle] = taken.get(middle, 0) + 1
            places[key] = free_place(middle, list(places.values()), start=taken[middle])
        waiting = [key for key in waiting if key not in places]
    if waiting:
        own = whole(waiting, [(a, b) for a in waiting for b in tied[a] if b in waiting])
        if places:
            left, top, right, low = _box(list(places.values()))
            _own_left, _own_top, own_right, _own_low = _box(list(own.values()))
            beside = right - left + own_right <= 2 * (low - top)
            shift = (right + APART, top) if beside else (left, low + APART)
            own = {key: (x + shift[0], y + shift[1]) for key, (x, y) in own.items()}
        places |= own
    return places


def free_place(middle: Place, others: Sequence[Place], *, start: int = 1, room: float = 0.5) -> Place:
    """A place about one tie from a middle with room around it, found along a spiral; the roomiest of 40."""
    best, roomiest = middle, -1.0
    for turn in range(start, start + 40):
        distance = 0.7 + 0.04 * turn
        x = middle[0] + distance * math.cos(turn * GOLDEN_ANGLE)
        y = middle[1] + distance * math.sin(turn * GOLDEN_ANGLE)
        nearest = min((math.hypot(x - a, y - b) for a, b in others), default=math.inf)
        if nearest >= room:
            return x, y
        if nearest > roomiest:
            best, roomiest = (x, y), nearest
    return best


def gentle(
    places: Mapping[str, Place], pairs: Iterable[Pair], *, rounds: int = GENTLE_ROUNDS, step: float = GENTLE_STEP
) -> dict[str, Place]:
    """The same places after a few small steps towards what is tied and away from what is near.

    Nothing moves further than `rounds * step` in all, so a reader finds everything where it was.
    """
    import numpy

    keys = sorted(places)
    if len(keys) < 2:
        return dict(places)
    row = {key: number for number, key in enumerate(keys)}
    at: Any = numpy.array([places[key] for key in keys], dtype=float)
    at = at + numpy.arange(len(keys))[:, None] * [1e-6, -1e-6]  # two in one place find apart
    ends = numpy.array(
        [(row[a], row[b]) for a, b in sorted({(min(p), max(p)) for p in pairs}) if a != b and a in row and b in row],
        dtype=int,
    ).reshape(-1, 2)
    for turn in range(rounds):
        apart = at[:, None, :] - at[None, :, :]
        distance = numpy.sqrt((apart**2).sum(axis=2))
        numpy.fill_diagonal(distance, 1.0)
        near = numpy.where(distance < 2.0, 0.25 / numpy.maximum(distance, 0.05) ** 2, 0.0)
        push = (apart * near[:, :, None]).sum(axis=1)
        if len(ends):
            along = at[ends[:, 1]] - at[ends[:, 0]]
            length = numpy.maximum(numpy.sqrt((along**2).sum(axis=1)), 1e-9)
            pull = along * (0.3 * (length - 1.0) / length)[:, None]
            numpy.add.at(push, ends[:, 0], pull)
            numpy.add.at(push, ends[:, 1], -pull)
        size = numpy.maximum(numpy.sqrt((push**2).sum(axis=1)), 1e-9)
        most = step * (1 - turn / rounds)
        at = at + push * (numpy.minimum(size, most) / size)[:, None]
    return {key: (float(x), float(y)) for key, (x, y) in zip(keys, at, strict=True)}
