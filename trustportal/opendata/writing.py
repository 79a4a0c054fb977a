"""Rows of a dataset as CSV and as JSON, written while they are read, so that any number of them fits into memory."""

import csv
import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain, repeat
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse

from trustportal.opendata.cells import cell
from trustportal.opendata.dataset import AT_FIRST, BETWEEN, Dataset, Row
from trustportal.opendata.forms import LICENCE, add_links
from trustportal.opendata.table import Table

METADATA = ".csv-metadata.json"  # behind the name of a dataset: what describes its table (CSV on the Web)
METADATA_TYPE = "application/csvm+json"
Response = TypeVar("Response", bound=HttpResponseBase)
TOGETHER = 200  # rows that are sent in one piece


class Line:
    """A file for `csv.writer` that gives each line back instead of keeping it."""

    def write(self, text: str) -> str:
        """The line."""
        return text


def for_csv(value: object) -> object:
    """A fact as a cell of a table."""
    if isinstance(value, list):
        # What stands between values stands within none of them, so that the cell can be taken apart again.
        value = BETWEEN.join(str(one).replace(BETWEEN, ", ") for one in value)
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"  # 2E+3 is 2000
    if isinstance(value, datetime.datetime):
        value = value.isoformat(timespec="seconds")
    return cell(value)


def for_json(value: object) -> object:
    """A fact as JSON has it, where it has no form for it by itself. Raises TypeError."""
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{value!r} has no form in JSON")


def csv_lines(columns: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """The names of the columns, then a line for each row."""
    writer = csv.writer(Line())
    yield str(writer.writerow(columns))
    for row in rows:
        yield str(writer.writerow([for_csv(value) for value in row.values()]))


def json_lines(rows: Iterable[Row], about: Mapping[str, object]) -> Iterator[str]:
    """One object: what is said about the list, and its records, one a line."""
    head = json.dumps(about, default=for_json, ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}") + ',\n "records": ['
    between = "\n"
    for row in rows:
        yield between + json.dumps(row, default=for_json, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def in_pieces(lines: Iterator[str]) -> Iterator[bytes]:
    """Lines, the first at once, some soon, the others together, so that few pieces go out."""
    gathered: list[str] = []
    sizes = chain([1, AT_FIRST], repeat(TOGETHER))
    size = next(sizes)
    for line in lines:
        gathered.append(line)
        if len(gathered) == size:
            yield "".join(gathered).encode()
            gathered, size = [], next(sizes)
    if gathered:
        yield "".join(gathered).encode()


def table_response(name: str, columns: Iterable[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """Rows as a table to keep."""
    response = StreamingHttpResponse(in_pieces(csv_lines(columns, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return licensed(response)


def rows_response(rows: Iterable[Row], about: Mapping[str, object]) -> StreamingHttpResponse:
    """Rows as JSON, with what is said about them."""
    pieces = in_pieces(json_lines(rows, {**about, "licence": LICENCE}))
    return licensed(StreamingHttpResponse(pieces, content_type="application/json; charset=utf-8"))


def csv_response(dataset: Dataset, records: QuerySet | None = None, query: str = "") -> StreamingHttpResponse:
    """Records as a table; `query` is what narrows them in its address. It names what describes it."""
    response = table_response(dataset.name, names_of(dataset), dataset.rows(records))
    described_by = f"{dataset.path}{METADATA}" + (f"?{query}" if query else "")
    add_links(response, [(described_by, "describedby", METADATA_TYPE)])
    return response


def shown_response(table: Table, rows: Iterable[Row], described_by: str, name: str = "") -> StreamingHttpResponse:
    """Rows that a page shows as a table, which names what describes it; `name` is that of the file, where it has
    another."""
    response = table_response(name or table.name, [column.name for column in table.columns], rows)
    add_links(response, [(described_by, "describedby", METADATA_TYPE)])
    return response


def names_of(dataset: Dataset) -> list[str]:
    """The names of the columns of a dataset."""
    return [column.name for column in dataset.columns]


def json_response(dataset: Dataset, records: QuerySet | None, about: Mapping[str, object]) -> StreamingHttpResponse:
    """Records as JSON, with what is said about the list."""
    said = {"title": str(dataset.title), **about, "described_at": described_at(dataset)}
    return rows_response(dataset.rows(records), said)


def record_lines(dataset: Dataset, record: Model) -> Iterator[str]:
    """One object: the facts of a record, and its parts, each a list with one row a line."""
    said = dataset.row(record) | {"licence": LICENCE, "described_at": described_at(dataset)}
    yield json.dumps(said, default=for_json, ensure_ascii=False, indent=1).removesuffix("\n}")
    for part in dataset.parts:
        yield f',\n "{part.name}": ['
        between = "\n"
        for row in part.rows_of(record):
            yield between + json.dumps(row, default=for_json, ensure_ascii=False)
            between = ",\n"
        yield "]"
    yield "\n}\n"


def record_response(dataset: Dataset, record: Model) -> StreamingHttpResponse:
    """One record that was read `for_export()`, with its parts."""
    pieces = in_pieces(record_lines(dataset, record))
    return licensed(StreamingHttpResponse(pieces, content_type="application/json; charset=utf-8"))


def described_at(dataset: Dataset) -> str:
    """The whole address of the page that says what each column is."""
    return settings.SITE_URL + reverse("dataset", args=[dataset.name])


def licensed(response: Response) -> Response:
    """Name the licence in the header."""
    add_links(response, [(LICENCE, "license", "")])
    return response


def files_of_all(dataset: Dataset) -> dict[str, Callable[[HttpRequest], HttpResponseBase]]:
    """What writes all of a dataset under each ending, where no reader can narrow it."""
    return {"csv": lambda request: csv_response(dataset), "json": lambda request: all_as_json(dataset)}


def all_as_json(dataset: Dataset) -> HttpResponseBase:
    """All of a dataset as JSON."""
    about = {"address": f"{settings.SITE_URL}{dataset.path}.json", "total": dataset.records().count()}
    return json_response(dataset, None, about)
