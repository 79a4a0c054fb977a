"""All datasets as one SQLite file: a table for each, and one for each column that leads to several rows."""

import datetime
import json
import sqlite3
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from trustportal.opendata.csvw import in_words
from trustportal.opendata.dataset import Column, Dataset, Datatype, Row

TYPES = {
    Datatype.WHOLE_NUMBER: "INTEGER",
    Datatype.NUMBER: "NUMERIC",
    Datatype.YES_NO: "INTEGER",
}


class NotWholeError(Exception):
    """Rows lead to rows that are not there."""


def table_name(dataset: Dataset | str) -> str:
    """The name of a dataset's table: "other_names"."""
    name = dataset if isinstance(dataset, str) else dataset.name
    return name.replace("-", "_")


def links_of(dataset: Dataset) -> list[tuple[str, Column]]:
    """The columns that lead to several rows, each with the name of the table of its links: "partnerships_area"."""
    found = [column for column in dataset.columns if column.has_many and column.refers_to]
    return [(f"{table_name(dataset)}_{column.name.removesuffix('_ids')}", column) for column in found]


def statements_for(dataset: Dataset) -> Iterable[str]:
    """What makes the tables of a dataset."""
    name, columns = table_name(dataset), []
    for column in dataset.columns:
        said = f'"{column.name}" {TYPES.get(column.datatype, "TEXT") if not column.has_many else "TEXT"}'
        said += " PRIMARY KEY" if column.name == dataset.key else ""
        said += " NOT NULL" if column.is_required else ""
        if column.refers_to and not column.has_many:
            said += f' REFERENCES "{table_name(column.refers_to)}" ("id")'
        columns.append(said)
    yield f'CREATE TABLE "{name}" ({", ".join(columns)})'
    for link, column in links_of(dataset):
        other = f"{column.name.removesuffix('_ids')}_id"
        yield (
            f'CREATE TABLE "{link}" ("id" TEXT NOT NULL REFERENCES "{name}" ("id"), '
            f'"{other}" TEXT NOT NULL REFERENCES "{table_name(column.refers_to)}" ("id"), '
            f'PRIMARY KEY ("id", "{other}"))'
        )


def as_stored(value: object) -> object:
    """A fact as SQLite keeps it; nothing is NULL."""
    if value in ("", None):
        return None
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, datetime.date) else value


class SQLiteFile:
    """The file while it is written. Close it with `finish`, which checks that all links lead somewhere."""

    def __init__(self, path: Path, datasets: Iterable[Dataset]) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = OFF")  # nobody else reads it yet
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("BEGIN")
        self.connection.execute("CREATE TABLE dictionary (dataset TEXT, name TEXT, datatype TEXT, description TEXT)")
        for dataset in datasets:
            for statement in statements_for(dataset):
                self.connection.execute(statement)
            rows = [(table_name(dataset), one.name, one.datatype.value, in_words(one)) for one in dataset.columns]
            self.connection.executemany("INSERT INTO dictionary VALUES (?, ?, ?, ?)", rows)

    def add(self, dataset: Dataset, rows: list[Row]) -> None:
        """Write some rows of a dataset."""
        if not rows:
            return
        marks = ", ".join("?" * len(dataset.columns))
        stored = [[as_stored(value) for value in row.values()] for row in rows]
        self.connection.executemany(f'INSERT INTO "{table_name(dataset)}" VALUES ({marks})', stored)  # noqa: S608
        for name, column in links_of(dataset):
            pairs = [(row["id"], other) for row in rows for other in dict.fromkeys(row[column.name])]  # type: ignore[call-overload]
            self.connection.executemany(f'INSERT INTO "{name}" VALUES (?, ?)', pairs)  # noqa: S608

    def finish(self) -> None:
        """Check it and close it. Raises NotWholeError."""
        self.connection.execute("COMMIT")
        wrong = self.connection.execute("PRAGMA foreign_key_check").fetchmany(5)
        self.connection.close()
        if wrong:
            raise NotWholeError(", ".join(f"{table} leads to {there}" for table, _row, there, _key in wrong))

    def drop(self) -> None:
        """Close it, whatever is in it."""
        self.connection.close()
