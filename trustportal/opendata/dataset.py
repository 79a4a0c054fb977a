"""What a set of data is made of, as data: its columns, each with what it means."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

Words: TypeAlias = str | Promise
BETWEEN = "; "  # the values of a cell that has several


class Datatype(StrEnum):
    """What the values of a column are, by the names of CSV on the Web (W3C, Tabular Data Model)."""

    STRING = "string"
    ADDRESS = "anyURI"
    WHOLE_NUMBER = "integer"
    NUMBER = "decimal"
    TIME = "dateTime"
    PARTIAL_DATE = "string: 2016, 2016-05 or 2016-05-12"  # as known; no datatype of CSV on the Web is all three


@dataclass(frozen=True)
class Column:
    """One fact about each record.

    `source` is the name of an attribute, or a function that takes the record; it gives text, a number, a time, None, or
    a list of texts where `has_many`. Text is "" where nothing is known.
    """

    name: str  # in files: small letters and _
    source: str | Callable[[Any], object]
    description: Words
    example: str
    datatype: Datatype = Datatype.STRING
    has_many: bool = False

    def value(self, record: Model) -> object:
        """The fact, of one record."""
        value: Any = getattr(record, self.source) if isinstance(self.source, str) else self.source(record)
        if self.has_many:
            return [str(one) for one in value]
        if value is None or self.datatype in {Datatype.WHOLE_NUMBER, Datatype.NUMBER, Datatype.TIME}:
            return value
        return str(value)


@dataclass(frozen=True)
class Dataset:
    """All published records of a kind as others read them. `name` is that of its files."""

    name: str
    title: Words
    description: Words
    columns: tuple[Column, ...]

    def rows(self, records: QuerySet, chunk: int = 500) -> Iterator[dict[str, object]]:
        """The facts of records, a dictionary each, read a chunk at a time; `records` knows `for_export()`."""
        for record in records.for_export().iterator(chunk_size=chunk):
            yield {column.name: column.value(record) for column in self.columns}
