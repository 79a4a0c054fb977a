"""Reading what entries say besides the columns of their records: one short query for each kind of part.

Making a query takes Django longer than the database needs to answer it, and objects longer than rows. So each query is
made once and kept, with places for the keys, and gives plain rows.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models

SIZES = (1, 50, 500)  # for so many records a query is kept
A_KEY = -1  # in a query that is kept, the place of the first key; -2 that of the second

Told = dict[str, list[tuple]]
"""The rows of one record by their names, without its key."""


class Rows:
    """Some columns of the rows that belong to a record, in the order of the queryset; `of` leads to the record's key.

    Nothing in them may depend on the time or the language, since the query is kept; and no column may be a date, since
    rows come as the database gives them.
    """

    def __init__(self, queryset: models.QuerySet, of: str, *columns: Any) -> None:
        self.queryset, self.of, self.columns = queryset, of, columns

    def sql_for(self, keys: list[int]) -> tuple[str, tuple]:
        """The query for some keys."""
        rows = self.queryset.filter(**{f"{self.of}__in": keys}).values_list(self.of, *self.columns)
        return rows.query.get_compiler(connection=connection).as_sql()


@dataclass(frozen=True)
class Kept:
    """A query that is kept; the numbers below 0 among its parameters are places for keys."""

    name: str
    sql: str
    parameters: tuple

    def rows(self, cursor: Any, keys: list[int]) -> list[tuple]:
        """The rows of as many keys as it has places."""
        of = [keys[-one - 1] if isinstance(one, int) and one < 0 else one for one in self.parameters]
        cursor.execute(self.sql, of)
        return cursor.fetchall()


@lru_cache
def queries_of(model: Any, size: int, vendor: str) -> list[Kept]:
    """The queries for what so many records of a model say, kept for each database that there is."""
    places = [A_KEY - at for at in range(size)]
    made = {name: rows.sql_for(places) for name, rows in model._default_manager.all().for_search().items()}
    return [Kept(name, sql, tuple(parameters)) for name, (sql, parameters) in made.items()]


def told_of(model: Any, keys: list[int]) -> dict[int, Told]:
    """What some records say besides, by their keys, in short queries."""
    told: dict[int, Told] = {}
    for some in _in_sizes(keys):
        with connection.cursor() as cursor:
            for kept in queries_of(model, len(some), connection.vendor):
                told_rows: dict[int, list[tuple]] = defaultdict(list)
                for key, *row in kept.rows(cursor, some):
                    told_rows[key].append(tuple(row))
                for key in some:
                    told.setdefault(key, {})[kept.name] = told_rows.get(key, [])
    return told


def _in_sizes(keys: list[int]) -> Iterator[list[int]]:
    """The keys in lists of sizes for which queries are kept; the last key fills what is empty."""
    for start in range(0, len(keys), SIZES[-1]):
        some = keys[start : start + SIZES[-1]]
        size = next(size for size in SIZES if size >= len(some))
        yield [*some, *some[-1:] * (size - len(some))]
