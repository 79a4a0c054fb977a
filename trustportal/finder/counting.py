"""Counts how many records each value of the facets leaves, with one question for all facets of each sort."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True)
class Combination:
    """How many records have the same value in each of some columns, and when the newest of them was updated."""

    values: dict[str, str]
    count: int
    newest: object


@dataclass(frozen=True)
class LinkCount:
    """What to count for one facet by links.

    `records` are the records that count; `pairs` one queryset a link, each of the columns linked and record, whatever
    the records, with or without doubles. `told` gives the key and the name of the linked of which readers may be told.
    `most` values are given, after `after` others: those with the most records first, before them those that must
    always be there; or by name, A to Z.
    """

    name: str
    records: QuerySet
    pairs: list[QuerySet]
    told: QuerySet | None = None
    has_doubles: bool = True
    always: tuple[object, ...] = ()
    is_by_name: bool = False
    most: int = 10
    after: int = 0


@dataclass
class Counted:
    """The values of a facet, as text, with how many records lead there; and how many values there are in all."""

    values: dict[str, int] = field(default_factory=dict)
    total: int = 0


def compiled(queryset: QuerySet, columns: int) -> tuple[str, tuple]:
    """A queryset as SQL with its parameters; of one that is known to be empty, a question that has no answer."""
    try:
        return queryset.query.sql_with_params()
    except EmptyResultSet:
        return f"SELECT {', '.join(['CAST(NULL AS bigint)'] * columns)} WHERE 1 = 0", ()


class Counting:
    """Several counts as one question. The ORM has no count over a union, and asks for the same records again and again.

    What several counts share is asked once: which records count, and what may be told.
    """

    def __init__(self) -> None:
        self.shared: dict[tuple, str] = {}  # (SQL, parameters) → name
        self.shared_texts: list[str] = []
        self.shared_values: list[object] = []
        self.texts: list[str] = []
        self.values: list[object] = []

    def share(self, queryset: QuerySet, columns: str) -> str:
        """The name of a table with the rows of a queryset."""
        text, values = compiled(queryset, columns=1)
        key = (text, tuple(values))
        if key not in self.shared:
            self.shared[key] = name = f"shared_{len(self.shared)}"
            self.shared_texts.append(f"{name}({columns}) AS MATERIALIZED ({text})")
            self.shared_values += values
        return self.shared[key]

    def add(self, one: LinkCount) -> None:
        """Count for one more facet."""
        records = self.share(one.records, "record")
        parts = []
        for pairs in one.pairs:
            text, parameters = compiled(pairs, columns=2)
            once = "DISTINCT " if one.has_doubles and len(one.pairs) == 1 else ""  # a union takes doubles out itself
            parts.append(
                f"SELECT {once}linked, record FROM ({text}) AS part WHERE +record IN (SELECT record FROM {records})"  # noqa: S608
            )
            self.shared_values += parameters
        first = ", ".join(["%s"] * len(one.always))
        first = f"CASE WHEN linked IN ({first}) THEN 0 ELSE 1 END, " if first else ""
        # Counted before they are joined, so that no database goes through the records once for each name.
        counts = f"counts_{len(self.texts)}"
        pairs = " UNION ".join(parts)
        self.shared_texts.append(
            f"{counts} AS MATERIALIZED (SELECT linked, COUNT(*) AS records FROM ({pairs}) AS pairs GROUP BY linked)"  # noqa: S608
        )
        order = "told.name, linked" if one.is_by_name else f"{first}records DESC, linked"
        names, where = "", ""
        values: list[object] = [one.name]
        if one.told is not None and one.is_by_name:
            text, parameters = one.told.query.sql_with_params()
            names, where = f"CROSS JOIN ({text}) AS told", "WHERE told.pk = linked"
            values += parameters
        elif one.told is not None:
            text, parameters = one.told.values_list("pk").query.sql_with_params()
            where = f"WHERE linked IN ({text})"
            values += parameters
        values += () if one.is_by_name else one.always
        # Names and conditions come from querysets and from above; all values are parameters.
        self.texts.append(
            f"""SELECT * FROM (
            SELECT %s AS facet, CAST(linked AS VARCHAR(200)) AS value, records, COUNT(*) OVER () AS total
            FROM {counts} {names} {where} ORDER BY {order} LIMIT {int(one.most)} OFFSET {int(one.after)}
            ) AS facet_{len(self.texts)}"""  # noqa: S608
        )
        self.values += values

    def ask(self) -> list[tuple[str, str, int, int]]:
        """The answer: rows of facet, value, how many records, how many values there are in all."""
        text = f"WITH {', '.join(self.shared_texts)} {' UNION ALL '.join(self.texts)}"
        with connection.cursor() as cursor:
            cursor.execute(text, [*self.shared_values, *self.values])
            return cursor.fetchall()


def count_links(asked: Iterable[LinkCount]) -> dict[str, Counted]:
    """For each facet its values with how many records lead there. One question, however many facets."""
    counting, counted = Counting(), {}
    for one in asked:
        counting.add(one)
        counted[one.name] = Counted()
    if counted:
        for name, value, records, total in counting.ask():
            counted[name].values[value] = records
            counted[name].total = total
    return counted
