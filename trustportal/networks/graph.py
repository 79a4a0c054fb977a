"""What is drawn of the network: points and lines, with hubs for large works and groups where there are too many."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from trustportal.networks import layout
from trustportal.networks.models import Node, Work
from trustportal.networks.placing import is_hub
from trustportal.networks.reading import Part, Relations

MOST_POINTS = 80  # organisations drawn one by one; beyond, they are grouped by kind
MOST_OPEN = 40  # of a kind that a reader opens, at a time
MOST_LINES = 60  # between groups: the strongest


@dataclass(frozen=True)
class Point:
    """An organisation (`node`), a large work (`work`), or all organisations of a kind (`group`, `count`)."""

    key: str
    weight: int  # in how many works it has a part
    node: Node | None = None
    work: Work | None = None
    group: str = ""
    count: int = 0
    is_closed: bool = False  # an organisation that has closed by the day of which the picture tells
    is_rest: bool = False  # a group that leaves out those of its kind who are drawn one by one


@dataclass
class Line:
    """What ties two points: all works that they share, or that one followed the other."""

    one: str
    other: str
    works: dict[str, Work] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)

    @property
    def is_succession(self) -> bool:
        """Whether it says that `other` followed `one`."""
        return all(work.sort == Work.Sort.SUCCESSION for work in self.works.values())

    @property
    def has_partnership(self) -> bool:
        """Whether there is a partnership among the works."""
        return any(work.sort == Work.Sort.PARTNERSHIP for work in self.works.values())

    @property
    def is_over(self) -> bool:
        """Whether all of it has ended."""
        return not self.running


@dataclass(frozen=True)
class Graph:
    """Points, lines and the places of points.

    `left_out`: how many thinner lines between groups are not drawn. `next_after`: how many of the opened kind come
    before those that are drawn next, or None where all of them are drawn.
    """

    points: list[Point]
    lines: list[Line]
    places: dict[str, layout.Place]
    is_grouped: bool = False
    left_out: int = 0
    next_after: int | None = None


def graph_of(relations: Relations, *, opened: str = "", after: int = 0) -> Graph:
    """What to draw: each organisation, or groups of one kind where there are more than can be told apart."""
    if len(relations.nodes) > MOST_POINTS:
        return _grouped(relations, opened, after)
    lines: dict[tuple[str, str, bool], Line] = {}
    hubs, is_over = [], relations.choice.is_over
    for key, parts in relations.works.items():
        leads = [part for part in parts if part.is_lead]
        if is_hub(len({part.node.key for part in parts}), bool(leads)):
            hubs.append(Point(key, len(parts), work=parts[0].work))
            for part in parts:
                _tie(lines, key, part.node.key, part, is_over=is_over(part))
        else:
            for lead in leads:
                for part in parts:
                    if not part.is_lead and part.node.key != lead.node.key:
                        over = is_over(lead) or is_over(part)
                        _tie(lines, lead.node.key, part.node.key, part, is_over=over)
    drawn = [*_points(relations, relations.nodes), *hubs]
    return Graph(drawn, list(lines.values()), _places(drawn, [(line.one, line.other) for line in lines.values()]))


def _points(relations: Relations, keys: Iterable[str]) -> list[Point]:
    """The organisations with some keys, those with a part in most first."""
    counts, wanted, has_closed = relations.counts, set(keys), relations.choice.has_closed
    return [
        Point(key, counts.get(key, 0), node=node, is_closed=has_closed(node))
        for key, node in relations.nodes.items()
        if key in wanted
    ]


def _tie(lines: dict[tuple[str, str, bool], Line], one: str, other: str, part: Part, *, is_over: bool) -> None:
    is_succession = part.work.sort == Work.Sort.SUCCESSION
    ends = (one, other) if is_succession or one < other else (other, one)
    line = lines.setdefault((*ends, is_succession), Line(*ends))
    line.works[part.work.key] = part.work
    if not is_over:
        line.running.add(part.work.key)


def _places(points: list[Point], pairs: list[tuple[str, str]]) -> dict[str, layout.Place]:
    """Where the points were placed when they were published; those that were not are placed near the others."""
    kept = {}
    for point in points:
        placed = point.node or point.work
        if placed is not None and placed.x is not None and placed.y is not None:
            kept[point.key] = (placed.x, placed.y)
    return layout.with_new(kept, [point.key for point in points], pairs)


def _grouped(relations: Relations, opened: str, after: int) -> Graph:
    nodes, counts, is_over = relations.nodes, relations.counts, relations.choice.is_over
    by_kind: dict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        by_kind[node.kind].append(node)
    of_opened = by_kind.get(opened, [])
    after = after if after < len(of_opened) else 0
    single = {node.key for node in of_opened[after : after + MOST_OPEN]}
    if relations.choice.partner:
        single.add(relations.choice.partner.key)
    points = _points(relations, single)
    for kind, members in sorted(by_kind.items()):
        rest = [node for node in members if node.key not in single]
        if rest:
            works = sum(counts.get(node.key, 0) for node in rest)
            is_rest = len(rest) < len(members)
            points.append(Point(f"kind-{kind}", works, group=kind, count=len(rest), is_rest=is_rest))

    def point_of(part: Part) -> str:
        return part.node.key if part.node.key in single else f"kind-{part.node.kind}"

    lines: dict[tuple[str, str, bool], Line] = {}
    for parts in relations.works.values():
        if parts[0].work.sort == Work.Sort.SUCCESSION:
            continue  # between kinds an arrow would say nothing
        leads = [part for part in parts if part.is_lead] or parts[:1]
        for lead in leads:
            for part in parts:
                ends = {point_of(part), point_of(lead)}
                if len(ends) > 1 and (not single or ends & single):
                    over = is_over(lead) or is_over(part)
                    _tie(lines, point_of(lead), point_of(part), part, is_over=over)
    strongest = sorted(lines.values(), key=lambda line: (-len(line.works), line.one, line.other))
    drawn = strongest if single else strongest[:MOST_LINES]
    places = layout.ringed(
        [point.key for point in points if point.group],
        [point.key for point in points if not point.group],
        [(line.one, line.other) for line in drawn],
    )
    following = after + MOST_OPEN if after + MOST_OPEN < len(of_opened) else 0
    next_after = following if len(of_opened) > MOST_OPEN else None
    return Graph(points, drawn, places, True, len(strongest) - len(drawn), next_after)
