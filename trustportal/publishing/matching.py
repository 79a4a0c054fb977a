"""Which row of an old text became which row of a new one. Rows are made anew at each publication, so no key tells."""

import json
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from difflib import SequenceMatcher

from django.db import models

from trustportal.publishing.models import Part
from trustportal.publishing.snapshot import Data

POSITION = "position"
KIND = "kind"
ALIKE = 0.5  # how much of the text must be the same
READ_OF_TEXT = 300  # characters on which likeness is judged
MOST_PAIRS = 600  # beyond that likeness is not asked: the work would grow with the square of the rows

Pair = tuple[Data | None, Data | None]


def _key_fields(part: type[Part]) -> list[str]:
    """The fields that tell a row from its neighbours, the record and the position aside."""
    names = [path.partition("__")[0] for path in part.natural_key_fields]
    return [name for name in names if name not in {part.record_field, POSITION}]


def named_by(part: type[Part]) -> list[str]:
    """The fields that name a row among its neighbours; none where its position alone does."""
    return [] if POSITION in part.natural_key_fields else _key_fields(part)


def is_prose(field: models.Field) -> bool:
    """Whether a field holds words that somebody wrote."""
    is_text = isinstance(field, models.TextField) or type(field) is models.CharField
    return is_text and not field.choices and field.name != "provenance"


def paired(old: list[Data], new: list[Data], part: type[Part]) -> list[Pair]:
    """Each row of either text, with the row that it became or came from; None where there is none.

    Equal rows first, wherever they stand; then rows with the same natural key; then rows whose text is alike, of one
    kind. In the order of the new text, what was removed at the end.
    """
    became: dict[int, int] = {}  # place in the old list by place in the new one
    _pair_same(old, new, became, _whole)
    _pair_same(old, new, became, _but_position)
    if POSITION not in part.natural_key_fields:
        names = _key_fields(part)
        _pair_same(old, new, became, lambda row: json.dumps([row["fields"].get(name) for name in names]))
    _pair_alike(old, new, became, part)
    pairs: list[Pair] = [(old[became[at]] if at in became else None, row) for at, row in enumerate(new)]
    return pairs + [(old[at], None) for at in _left(old, became.values())]


def _whole(row: Data) -> Hashable:
    return json.dumps(row, sort_keys=True)


def _but_position(row: Data) -> Hashable:
    fields = {name: value for name, value in row["fields"].items() if name != POSITION}
    return json.dumps([fields, row["many"]], sort_keys=True)


def _left(rows: list[Data], taken: Iterable[int]) -> list[int]:
    taken = set(taken)
    return [at for at in range(len(rows)) if at not in taken]


def _pair_same(old: list[Data], new: list[Data], became: dict[int, int], key: Callable[[Data], Hashable]) -> None:
    """Pair the rows left that have the same key, in their order."""
    free: dict[Hashable, list[int]] = {}
    for at in _left(old, became.values()):
        free.setdefault(key(old[at]), []).append(at)
    for at in _left(new, became):
        if found := free.get(key(new[at])):
            became[at] = found.pop(0)


def _pair_alike(old: list[Data], new: list[Data], became: dict[int, int], part: type[Part]) -> None:
    """Pair the rows left whose words are alike, the most alike first."""
    prose = [field.name for field in part._meta.concrete_fields if is_prose(field)]

    def words_of(row: Data) -> str:
        return "\n".join(row["fields"].get(name) or "" for name in prose).strip()[:READ_OF_TEXT]

    olds, news = _left(old, became.values()), _left(new, became)
    if len(olds) * len(news) > MOST_PAIRS:
        return
    alike = []
    for at in olds:
        likeness = SequenceMatcher(autojunk=False)
        likeness.set_seq2(words_of(old[at]))
        for to in news:
            if old[at]["fields"].get(KIND) != new[to]["fields"].get(KIND) or not likeness.b:
                continue
            likeness.set_seq1(words_of(new[to]))
            if likeness.real_quick_ratio() > ALIKE and likeness.quick_ratio() > ALIKE:
                alike.append((-likeness.ratio(), at, to))
    for less, at, to in sorted(alike):
        if -less > ALIKE and to not in became and at not in became.values():
            became[to] = at


def moved(pairs: list[Pair]) -> list[Pair]:
    """Those that changed places among the rows that stayed, as few as tell the new order.

    What only has another number since rows before it were added or removed has not moved. Each kind counts by itself.
    """
    by_kind: dict[object, list[tuple[int, int, Pair]]] = {}
    for pair in pairs:
        before, after = pair
        if before and after and POSITION in after["fields"]:
            places = before["fields"].get(POSITION) or 0, after["fields"][POSITION]
            by_kind.setdefault(after["fields"].get(KIND), []).append((*places, pair))
    found = []
    for rows in by_kind.values():
        rows.sort(key=lambda row: row[:2])
        stayed = _longest_rising([place for _, place, _ in rows])
        found += [pair for at, (_, _, pair) in enumerate(rows) if at not in stayed]
    return found


def _longest_rising(numbers: list[int]) -> set[int]:
    """The places of a longest rising run of numbers (patience sorting)."""
    tops: list[int] = []  # the smallest number that ends a run of each length
    places: list[int] = []
    came_from: list[int | None] = []
    for at, number in enumerate(numbers):
        length = bisect_left(tops, number)
        came_from.append(places[length - 1] if length else None)
        tops[length : length + 1] = [number]
        places[length : length + 1] = [at]
    run: set[int] = set()
    at = places[-1] if places else None
    while at is not None:
        run.add(at)
        at = came_from[at]
    return run
