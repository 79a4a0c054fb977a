"""Keeps the network in step with the records: what a record says of it, and its upkeep at publication."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import transaction

from trustportal.networks import placing
from trustportal.networks.models import Node, Tie, Work
from trustportal.partial_date import PartialDate

ROWS_AT_ONCE = 1000
LEAD = "lead"  # the role of whoever leads a work


@dataclass(frozen=True)
class NodeSaid:
    """An organisation's own node, as its record says it."""

    key: str
    name: str
    short_name: str
    slug: str
    address: str
    kind: str
    closed_on: PartialDate | None = None


@dataclass(frozen=True)
class TieSaid:
    """A part in a work, as a record says it: whose, which, since and until when."""

    node: str
    role: str
    started_on: PartialDate | None = None
    ended_on: PartialDate | None = None


@dataclass(frozen=True)
class WorkSaid:
    """A work, as a record says it, with all who have a part in it."""

    key: str
    sort: str
    name: str
    slug: str
    address: str
    scope: str = ""
    under: str = ""
    started_on: PartialDate | None = None
    ended_on: PartialDate | None = None
    is_over: bool = False
    ties: list[TieSaid] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """All that one record says of the network. `record` is its key."""

    record: str
    node: NodeSaid | None = None
    works: list[WorkSaid] = field(default_factory=list)


# While placing waits: of each record that was kept meanwhile, whether its ties changed.
_waiting: ContextVar[list[bool] | None] = ContextVar("placing_waits", default=None)


@contextmanager
def placing_once() -> Iterator[None]:
    """While the block runs, nothing is placed; at its end all is placed at once. For many records at a time."""
    if _waiting.get() is not None:
        yield
        return
    changed: list[bool] = []
    token = _waiting.set(changed)
    try:
        yield
    finally:
        _waiting.reset(token)
    placing.place_new(ties_changed=any(changed))


def keep(said: Said) -> None:
    """Put what a record says now in the place of what it said before. What was placed keeps its place."""
    with transaction.atomic():
        if said.node:
            values = vars(said.node)
            Node.objects.update_or_create(key=said.node.key, defaults=values)
        before = Work.objects.filter(record=said.record)
        was_placed = {key: (x, y) for key, x, y in before.values_list("key", "x", "y")}
        was_tied = set(Tie.objects.filter(work__in=before).values_list("work_id", "node_id"))
        before.delete()
        works, ties = _rows_of(said)
        for work in works:
            work.x, work.y = was_placed.get(work.key, (None, None))
        Work.objects.bulk_create(works)
        Tie.objects.bulk_create(ties)
        ties_changed = {(tie.work_id, tie.node_id) for tie in ties} != was_tied
        waiting = _waiting.get()
        if waiting is None:
            placing.place_new(ties_changed=ties_changed)
        else:
            waiting.append(ties_changed)


def take_down(all_said: Iterable[Said]) -> None:
    """Keep what many records say, where nothing of them is kept yet. Nothing is placed."""
    nodes, works, ties = [], [], []
    for said in all_said:
        nodes += [Node(**vars(said.node))] if said.node else []
        more_works, more_ties = _rows_of(said)
        works += more_works
        ties += more_ties
    Node.objects.bulk_create(nodes, batch_size=ROWS_AT_ONCE)
    Work.objects.bulk_create(works, batch_size=ROWS_AT_ONCE)
    Tie.objects.bulk_create(ties, batch_size=ROWS_AT_ONCE)


def _rows_of(said: Said) -> tuple[list[Work], list[Tie]]:
    works, ties = [], []
    for work in said.works:
        facts = {name: value for name, value in vars(work).items() if name != "ties"}
        works.append(Work(**facts, record=said.record))
        for tie in {(tie.node, tie.role): tie for tie in work.ties}.values():
            dates = {"started_on": tie.started_on, "ended_on": tie.ended_on}
            ties.append(Tie(work_id=work.key, node_id=tie.node, role=tie.role, is_lead=tie.role == LEAD, **dates))
    return works, ties


def forget(said: Said) -> None:
    """Take out what a record said; its organisation has no node any longer, so nobody sees its ties."""
    with transaction.atomic():
        Work.objects.filter(record=said.record).delete()
        if said.node:
            Node.objects.filter(pk=said.node.key).delete()


class Networked:
    """A record that says its part of the network when it is published, and takes it back when it is withdrawn."""

    def to_network(self) -> Said:
        """What it says of the network."""
        raise NotImplementedError

    def on_published(self) -> None:
        """Keep the network in step."""
        super().on_published()  # type: ignore[misc]
        keep(self.to_network())

    def on_withdrawn(self) -> None:
        """Keep the network in step."""
        super().on_withdrawn()  # type: ignore[misc]
        forget(self.to_network())
