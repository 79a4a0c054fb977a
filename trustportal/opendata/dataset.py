"""What a set of data is made of, as data: its columns, each with what it means, and how its rows hang together."""

import datetime
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any, TypeAlias

from django.db.models import Max, Model, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

Words: TypeAlias = str | Promise
Row: TypeAlias = dict[str, object]
BETWEEN = "; "  # the values of a cell that has several
AT_ONCE = 500  # records that are in memory together
AT_FIRST = 50  # so that the first rows are there at once


class Datatype(StrEnum):
    """What the values of a column are."""

    STRING = "string"
    IDENTIFIER = "uuid"
    ADDRESS = "address"
    WHOLE_NUMBER = "whole-number"
    NUMBER = "number"
    YES_NO = "yes-no"
    DATE = "date"
    TIME = "time"
    PARTIAL_DATE = "partial-date"  # 2016, 2016-05 or 2016-05-12, as far as it is known


AS_THEY_ARE = {Datatype.WHOLE_NUMBER, Datatype.NUMBER, Datatype.YES_NO, Datatype.DATE, Datatype.TIME}


@dataclass(frozen=True)
class Column:
    """One fact about each record.

    `source` is the name of an attribute, or a function that takes the record; it gives text, a number, True or False, a
    date, a time, None, or a list of texts where `has_many`. Text is "" where nothing is known, all else None.
    `refers_to` is the name of the dataset whose `id` the column holds: of a record that readers can see, or None.
    `path` is then the look-up that leads there, by which rows can be narrowed.
    """

    name: str  # in files: small letters and _
    source: str | Callable[[Any], object]
    description: Words
    example: str
    datatype: Datatype = Datatype.STRING
    has_many: bool = False
    refers_to: str = ""
    path: str = ""
    is_required: bool = False  # whether each record has it
    codes: tuple[tuple[str, Words], ...] = ()  # all values that there can be, each with what it means

    @cached_property
    def value(self) -> Callable[[Any], object]:
        """What gives the fact, of one record. Put together once, since it is asked of each column of each row."""
        fact: Callable[[Any], Any] = attrgetter(self.source) if isinstance(self.source, str) else self.source
        if self.has_many:
            return lambda record: [str(one) for one in fact(record)]
        if self.datatype in AS_THEY_ARE:
            return fact
        return lambda record: None if (value := fact(record)) is None else str(value)


@dataclass(frozen=True)
class Part:
    """Rows of another dataset that belong to a record: the members of a partnership.

    `name` is under what they stand in the record; `by` is the foreign key that leads from such a row to the record.
    """

    name: str
    dataset: "Dataset"
    by: str

    def rows_of(self, record: Model) -> Iterator[Row]:
        """The rows of one record, of which there may be many, read a few at a time."""
        return self.dataset.rows(self.dataset.records().filter(**{self.by: record.pk}).order_by("pk"))

    def of(self, records: Iterable[Model]) -> dict[int, list[Row]]:
        """The rows of some records, of which there are few, by key of the record. A few queries for all of them."""
        found: dict[int, list[Row]] = {record.pk: [] for record in records}
        rows = self.dataset.records().filter(**{f"{self.by}__in": list(found)}).order_by("pk")
        for row in rows.for_export():
            found[getattr(row, f"{self.by}_id")].append(self.dataset.row(row))
        return found


@dataclass(frozen=True)
class Dataset:
    """All rows of a kind that the public may see, as others read them. `name` is that of its files.

    `records` gives the rows, in no order; what it gives knows `for_export()`, which reads what the columns need.
    `list_page` is the name of the address of the list that shows the same records, "" where no page does.
    """

    name: str
    title: Words
    description: Words
    records: Callable[[], QuerySet] = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
    list_page: str = ""
    parts: tuple[Part, ...] = field(default=(), repr=False)
    key: str = "id"

    @property
    def path(self) -> str:
        """The address of its files, from the first slash and without their ending: "/partners", "/data/memberships"."""
        page = reverse(self.list_page) if self.list_page else reverse("dataset", args=[self.name])
        return page.removesuffix("/")

    @property
    def is_of_records(self) -> bool:
        """Whether each row has a page of its own."""
        return any(column.name == "modified" for column in self.columns)

    def newest_change(self) -> datetime.datetime | None:
        """When anything of them last changed: of parts, when the records did. None where that is not known.

        A withdrawal is a change too, of a record and of what a row must name: it takes rows or links away.
        """
        model = self.records().model
        record = "" if self.is_of_records else getattr(model, "record_field", "")
        if not (self.is_of_records or record):
            return None
        looks = [(self.records(), f"{record}__modified_at" if record else "modified_at")]
        if self.is_of_records:
            looks.append((model.objects.withdrawn(), "modified_at"))
        for key in model._meta.concrete_fields:
            withdrawn = getattr(getattr(key.related_model, "objects", None), "withdrawn", None)
            if withdrawn and not key.null:
                rows = model.objects.filter(**{f"{key.name}__in": withdrawn().values("pk")})
                looks.append((rows, f"{key.name}__modified_at"))
        newest = [rows.aggregate(newest=Max(path))["newest"] for rows, path in looks]
        return max(filter(None, newest), default=None)

    def column(self, name: str) -> Column:
        """The column of a name. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]

    def row(self, record: Model) -> Row:
        """The facts of a record that was read `for_export()`."""
        return {column.name: column.value(record) for column in self.columns}

    def rows(self, records: QuerySet | None = None, at_once: int = AT_ONCE) -> Iterator[Row]:
        """The facts of records in their order; without any, of all of them in the order in which they came."""
        for some in self.read(records, at_once):
            yield from map(self.row, some)

    def whole_rows(self, records: QuerySet | None = None, at_once: int = AT_ONCE) -> Iterator[Row]:
        """As `rows`, each with its parts."""
        for some in self.read(records, at_once):
            parts = self.parts_of(some)
            for record in some:
                yield self.row(record) | parts[record.pk]

    def parts_of(self, records: Iterable[Model], names: Iterable[str] | None = None) -> dict[int, dict[str, list[Row]]]:
        """The parts of some records, of which there are few, by key: all parts, or those that are named."""
        records = list(records)
        found: dict[int, dict[str, list[Row]]] = {record.pk: {} for record in records}
        for part in self.parts:
            if names is None or part.name in names:
                for key, rows in part.of(records).items():
                    found[key][part.name] = rows
        return found

    def read(self, records: QuerySet | None = None, at_once: int = AT_ONCE) -> Iterator[list[Model]]:
        """Records in their order, so many at a time, each with what the columns need.

        The keys come first, which takes one quick question and little memory; so neither the number of records nor the
        order that was asked hold up the first rows, and no question stays open while a slow reader takes them. What is
        withdrawn meanwhile is left out.
        """
        if records is None:
            records = self.records().order_by("pk")
        keys = array("q", records.values_list("pk", flat=True).iterator(chunk_size=10 * AT_ONCE))
        left, size = iter(keys), AT_FIRST
        while some := list(islice(left, size)):
            found = {row.pk: row for row in self.records().filter(pk__in=some).for_export()}
            yield [found[key] for key in some if key in found]
            size = at_once


def by_name(datasets: Iterable[Dataset]) -> Mapping[str, Dataset]:
    """Datasets by their names."""
    return {dataset.name: dataset for dataset in datasets}
