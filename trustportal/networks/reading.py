"""What a reader asked to see of the network, read from the database: who has which part in which work."""

import datetime
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet
from django.utils import timezone

from trustportal.networks.models import Node, Tie, Work
from trustportal.partial_date import PartialDate

MOST_TIES, MOST_NODES = 5_000, 500  # more is never read; a reader is told


@dataclass(frozen=True)
class Choice:
    """What a reader asked for.

    It starts from a partner or a work, or from nothing: then it is the whole network. `steps` is 1 for what those have
    a part in, 2 for what their partners have a part in as well. `other` narrows it to what two partners share.
    What has ended or closed is judged here alone, so that pictures, tables and files say the same.
    """

    partner: Node | None = None
    other: Node | None = None
    work: Work | None = None
    steps: int = 1
    kind: str = ""
    scope: str = ""
    sort: str = ""
    at: PartialDate | None = None
    today: datetime.date = field(default_factory=timezone.localdate)

    @property
    def start(self) -> Node | Work | None:
        """From what it starts; None for the whole network."""
        return self.partner or self.work

    @property
    def day(self) -> datetime.date:
        """The day of which it is told: the last that its date can be, or today."""
        return self.at.latest if self.at else self.today

    def has_closed(self, node: Node) -> bool:
        """Whether an organisation has certainly closed by its day."""
        return self._is_past(node.closed_on)

    def has_ended(self, work: Work) -> bool:
        """Whether a work has ended by its day."""
        # That it is over, nobody knowing since when, is known of today: on an earlier day it may have run.
        return self._is_past(work.ended_on) or (work.is_over and self.day >= self.today)

    def is_over(self, part: "Part") -> bool:
        """Whether a part has ended by its day, or the work has, or the organisation has closed."""
        return self._is_past(part.ended_on) or self.has_ended(part.work) or self.has_closed(part.node)

    def _is_past(self, end: PartialDate | None) -> bool:
        return end is not None and end.latest < self.day


@dataclass(frozen=True)
class Part:
    """An organisation's part in a work, as it holds: with the dates of the work where it has none of its own."""

    work: Work
    node: Node
    role: str
    is_lead: bool
    started_on: PartialDate | None
    ended_on: PartialDate | None


@dataclass(frozen=True)
class Relations:
    """Parts, work by work, the lead first; every work has at least two organisations. `is_cut`: there are more."""

    choice: Choice
    parts: list[Part]
    is_cut: bool = False
    works: dict[str, list[Part]] = field(default_factory=dict)

    @property
    def nodes(self) -> dict[str, Node]:
        """The organisations, those with a part in most works first."""
        found = {part.node.key: part.node for part in self.parts}
        if self.choice.partner:
            found.setdefault(self.choice.partner.key, self.choice.partner)
        counts = self.counts
        return dict(sorted(found.items(), key=lambda row: (-counts.get(row[0], 0), row[1].name, row[0])))

    @property
    def counts(self) -> dict[str, int]:
        """In how many partnerships and programmes each organisation has a part."""
        together = {(part.node.key, part.work.key) for part in self.parts if part.work.sort != Work.Sort.SUCCESSION}
        counts: dict[str, int] = {}
        for node, _work in together:
            counts[node] = counts.get(node, 0) + 1
        return counts

    def works_of(self, sort: str) -> int:
        """How many works of a sort there are."""
        return sum(parts[0].work.sort == sort for parts in self.works.values())


def ties_for(choice: Choice) -> QuerySet:
    """The ties that a reader asked for.

    Step by step, each step one query of keys: nested into one query, PostgreSQL guesses wrong and takes seconds.
    """
    ties = Tie.objects.shown()
    if choice.sort:
        ties = ties.of_sort(choice.sort)
    if choice.scope:
        ties = ties.of_scope(choice.scope)
    if choice.at:
        ties = ties.at(choice.at)
    start = ties
    if choice.work:
        start = ties.of_works([choice.work.key])
    if choice.partner:
        start = ties.of_works(ties.of_node(choice.partner).work_keys(MOST_TIES))
    if choice.other:
        return ties.of_works(start.of_node(choice.other).work_keys(MOST_TIES))
    if choice.steps == 2 and choice.start:
        start = ties.of_works(ties.of_nodes(start.node_keys(MOST_NODES)).work_keys(MOST_TIES))
    if choice.kind:
        start = start.of_works(start.of_kind(choice.kind).work_keys(MOST_TIES))
    return start


def read(choice: Choice, *, first: str = "") -> Relations:
    """Read what was asked for, in seven queries at most. `first` is the key of a node that is never cut, the host's."""
    rows = list(
        ties_for(choice)
        .in_work_order()
        .values_list("work_id", "node_id", "role", "is_lead", "started_on", "ended_on")[: MOST_TIES + 1]
    )
    is_cut, rows = len(rows) > MOST_TIES, rows[:MOST_TIES]
    works = Work.objects.in_bulk(list(dict.fromkeys(row[0] for row in rows)))
    nodes = Node.objects.in_bulk(list(dict.fromkeys(row[1] for row in rows)))
    parts = [
        Part(
            works[work],
            nodes[node],
            role,
            is_lead,
            started_on or works[work].started_on,
            ended_on or works[work].ended_on,
        )
        for work, node, role, is_lead, started_on, ended_on in rows
        if work in works and node in nodes
    ]
    relations = together(choice, of_kind(parts, choice.kind), is_cut=is_cut)
    if len(relations.nodes) > MOST_NODES:
        starts = {first, choice.partner.key if choice.partner else ""}
        order = sorted(relations.nodes, key=lambda key: key not in starts)  # stable: most tied first
        kept = set(order[:MOST_NODES])
        relations = together(choice, [part for part in relations.parts if part.node.key in kept], is_cut=True)
    return relations


def of_kind(parts: list[Part], kind: str) -> list[Part]:
    """Parts of one kind of organisation and of those who lead them; where such a one leads, all of the work."""
    if not kind:
        return parts
    led = {part.work.key for part in parts if part.is_lead and part.node.kind == kind}
    return [part for part in parts if part.is_lead or part.node.kind == kind or part.work.key in led]


def together(choice: Choice, parts: list[Part], *, is_cut: bool) -> Relations:
    """The parts in works that tie somebody: two organisations at least."""
    works: dict[str, list[Part]] = {}
    for part in parts:
        works.setdefault(part.work.key, []).append(part)
    works = {key: found for key, found in works.items() if len({part.node.key for part in found}) > 1}
    kept = [part for found in works.values() for part in found]
    return replace(Relations(choice, kept, is_cut), works=works)


@dataclass(frozen=True)
class Relation:
    """A row of the table: who works with whom through what. Without `lead`, with the others who have a part in it."""

    part: Part
    lead: Node | None
    is_over: bool

    @property
    def period_unknown(self) -> bool:
        """Whether nobody knows since when."""
        return self.part.started_on is None


def relations_in_rows(relations: Relations) -> list[Relation]:
    """Every part but the lead's as a row, in the order of names."""
    rows, is_over = [], relations.choice.is_over
    for parts in relations.works.values():
        leads = [part for part in parts if part.is_lead]
        lead = leads[0] if leads else None
        over = is_over(lead) if lead else False
        rows += [
            Relation(part, lead.node if lead else None, over or is_over(part)) for part in parts if not part.is_lead
        ]
    return sorted(
        rows, key=lambda row: (row.part.node.name, row.lead.name if row.lead else "", row.part.work.name, row.part.role)
    )
