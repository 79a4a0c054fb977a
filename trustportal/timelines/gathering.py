"""How the rows of many models become one list in time order, page by page, however many there are.

A list takes one query for how many there are in each year, one for the keys of a page, which reads those years alone,
and one a model for what the page shows.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trustportal.partial_date import PartialDate
from trustportal.timelines.events import Ending, Event, Span

# Sets of rows are Django's, which come without types: those of models whose words are `DatedQuerySet`'s.
Rows = Any


@dataclass(frozen=True)
class Telling:
    """One way in which rows of a model are events: "agreement-signed" tells the dates `signed_on` of agreements.

    `rows` are those that may be told; `shown` is how to read them with all that `event_of` needs.
    """

    name: str
    kind: str
    date: str
    rows: Rows
    shown: Rows
    event_of: Callable[[Any], Event]

    def between(self, first: PartialDate | None, last: PartialDate | None) -> "Telling":
        """The same of those alone that can be in a time."""
        rows = self.rows.with_date(self.date).that_can_be_from(self.date, first).that_can_be_until(self.date, last)
        return replace(self, rows=rows)


@dataclass(frozen=True)
class Run:
    """Rows of a model that ran for a time, with `started_on` and `ended_on`."""

    kind: str
    rows: Rows
    span_of: Callable[[Any], Span]

    def between(self, first: PartialDate | None, last: PartialDate | None) -> "Run":
        """The same of those alone that can have run in a time."""
        rows = self.rows.that_ran_between(first, last)
        return replace(self, rows=rows)


@dataclass(frozen=True)
class Undated:
    """Rows of a model of which no date is known. `columns` are the look-ups of name and slug; both make a link."""

    name: str
    rows: Rows
    columns: tuple[str, str]


Counts = dict[tuple[str, int], int]  # by name of the telling and year


def _union(parts: Sequence[Rows]) -> Rows:
    first, *others = parts
    return first.union(*others, all=True) if others else first


def counts_by_year(tellings: Sequence[Telling]) -> Counts:
    """How many events each telling has in each year. One query."""
    if not tellings:
        return {}
    rows = _union([one.rows.by_year(one.name, one.date) for one in tellings])
    return {(name, int(year)): count for name, year, count in rows}


def totals_by_year(counts: Counts) -> dict[int, int]:
    """How many events there are in each year."""
    totals: dict[int, int] = defaultdict(int)
    for (_name, year), count in counts.items():
        totals[year] += count
    return dict(totals)


def events_between(
    tellings: Sequence[Telling], counts: Counts, start: int, size: int, *, newest_first: bool
) -> list[Event]:
    """So many events from a place on (0: the first), in time order. One query, and one a model."""
    totals, skip, found = totals_by_year(counts), start, 0
    years: list[int] = []
    for year in sorted(totals, reverse=newest_first):
        if not years and skip >= totals[year]:
            skip -= totals[year]
            continue
        years.append(year)
        found += totals[year]
        if found - skip >= size:
            break
    if not years:
        return []
    first, last = PartialDate(min(years)), PartialDate(max(years))
    there = {name for (name, year) in counts if first.year <= year <= last.year}
    parts = [
        one.rows.that_can_be_from(one.date, first).that_can_be_until(one.date, last).in_time(one.name, one.date)
        for one in tellings
        if one.name in there
    ]
    order = "-dated" if newest_first else "dated"
    keys = [(name, key) for _date, name, key in _union(parts).order_by(order, "telling", "pk")[skip : skip + size]]
    return _read(tellings, keys)


def _read(tellings: Sequence[Telling], keys: Sequence[tuple[str, int]]) -> list[Event]:
    by_name = {one.name: one for one in tellings}
    wanted: dict[Any, set[int]] = defaultdict(set)
    shown: dict[Any, Rows] = {}
    for name, key in keys:
        model = by_name[name].rows.model
        wanted[model].add(key)
        shown[model] = by_name[name].shown
    rows = {model: shown[model].in_bulk(some) for model, some in wanted.items()}
    found = [(by_name[name], rows[by_name[name].rows.model].get(key)) for name, key in keys]
    return [telling.event_of(row) for telling, row in found if row is not None]


def spans_of(runs: Sequence[Run], most: int) -> tuple[list[Span], int]:
    """The runs that began last, at most so many, in the order of their beginning; and how many there are in all.

    A query for each sort of run, and one more where there are more than are drawn.
    """
    found = [(run, list(run.rows.latest_run_first()[: most + 1])) for run in runs]
    spans = [run.span_of(row) for run, rows in found for row in rows]
    count = len(spans)
    if any(len(rows) > most for _run, rows in found):
        count = sum(run.rows.count() for run in runs)
    spans.sort(key=lambda span: (str(span.start or ""), span.key), reverse=True)
    return sorted(spans[:most], key=lambda span: (str(span.start or ""), str(span.end or ""), span.name)), count


def undated_of(rows: Sequence[Undated], most: int) -> tuple[list[tuple[str, str, str]], int]:
    """Of what no date is known: sort, name and slug, at most so many, A to Z; and how many in all. Two queries."""
    if not rows:
        return [], 0
    found = list(_union([one.rows.named(one.name, *one.columns) for one in rows]).order_by("called", "at")[: most + 1])
    count = len(found) if len(found) <= most else sum(one.rows.count() for one in rows)
    return [(name, called, slug) for called, slug, name in found[:most]], count


def ending_of(end: PartialDate | None, *, goes_on: bool) -> Ending:
    """What is known of an end: its date, or that it goes on, or nothing."""
    if end:
        return Ending.KNOWN
    return Ending.OPEN if goes_on else Ending.NOT_STATED
