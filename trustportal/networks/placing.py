"""Gives the kept network its places: new ones at publication, all of them anew by the command."""

from django.db import transaction

from trustportal.networks import layout
from trustportal.networks.models import Node, Tie, Work

MOST_PLACED = 5_000  # ties that a layout looks at
MOST_MOVED = 250  # places that a publication moves a little; beyond, it places what is new and leaves the rest
MEMBERS_OF_HUB = 6  # so many with a part in a work, and the picture gives the work a place of its own


def pairs_of(parts: dict[str, list[tuple[str, bool]]]) -> tuple[list[layout.Pair], set[str]]:
    """Which places are tied, and the works that have a place of their own. By work: who has a part, and who leads."""
    pairs: list[layout.Pair] = []
    hubs: set[str] = set()
    for work, members in parts.items():
        others = sorted({node for node, is_lead in members if not is_lead})
        leads = sorted({node for node, is_lead in members if is_lead})
        if is_hub(len({*others, *leads}), bool(leads)):
            hubs.add(work)
            pairs += [(work, node) for node in sorted({*others, *leads})]
        else:
            pairs += [(lead, node) for lead in leads for node in others]
    return pairs, hubs


def is_hub(members: int, has_lead: bool) -> bool:
    """Whether a work is drawn as a point of its own to which its members are tied: where many belong to it."""
    return members >= MEMBERS_OF_HUB or (members > 1 and not has_lead)


def place_new(*, ties_changed: bool = True) -> int:
    """Place what has no place yet; where ties changed and there are few, move all a little. Gives how many were new."""
    pairs, hubs, old, keys = _kept()
    new = [key for key in keys if key not in old]
    if not new and not ties_changed:
        return 0
    places = layout.with_new(old, keys, pairs)
    if old and len(places) <= MOST_MOVED:
        places = layout.gentle(places, pairs)
    _store(places, hubs, old)
    return len(new)


@transaction.atomic
def place_all() -> int:
    """Lay the whole network out anew. Gives how many places there are."""
    pairs, hubs, _old, keys = _kept()
    places = layout.whole(keys, pairs)
    Node.objects.update(x=None, y=None)
    Work.objects.update(x=None, y=None)
    _store(places, hubs, {})
    return len(places)


def _kept() -> tuple[list[layout.Pair], set[str], dict[str, layout.Place], list[str]]:
    """Pairs, hubs, the places that are there, and the keys that have or need one: what is tied, and the hubs."""
    parts: dict[str, list[tuple[str, bool]]] = {}
    rows = Tie.objects.shown().order_by("work", "node").values_list("work_id", "node_id", "is_lead")
    for work, node, is_lead in rows[:MOST_PLACED]:
        parts.setdefault(work, []).append((node, is_lead))
    pairs, hubs = pairs_of(parts)
    keys = sorted({key for pair in pairs for key in pair})
    old = {key: (x, y) for key, x, y in Node.objects.exclude(x=None).values_list("key", "x", "y")}
    old |= {key: (x, y) for key, x, y in Work.objects.exclude(x=None).values_list("key", "x", "y")}
    return pairs, hubs, old, keys


def _store(places: dict[str, layout.Place], hubs: set[str], old: dict[str, layout.Place]) -> None:
    """Write down what moved."""
    moved = {key: place for key, place in places.items() if place != old.get(key)}
    nodes = [Node(key=key, x=x, y=y) for key, (x, y) in moved.items() if key not in hubs]
    works = [Work(key=key, x=x, y=y) for key, (x, y) in moved.items() if key in hubs]
    Node.objects.bulk_update(nodes, ["x", "y"], batch_size=500)
    Work.objects.bulk_update(works, ["x", "y"], batch_size=500)
