"""Rows of a dataset as CSV and as JSON, written while they are read, so that any number of them fits into memory."""

import csv
import datetime
import json
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from trustportal.opendata.cells import cell
from trustportal.opendata.dataset import BETWEEN, Dataset

TOGETHER = 200  # rows that are sent in one piece


class Line:
    """A file for `csv.writer` that gives each line back instead of keeping it."""

    def write(self, text: str) -> str:
        """The line."""
        return text


def for_csv(value: object) -> object:
    """A fact as a cell of a table."""
    if isinstance(value, list):
        value = BETWEEN.join(map(str, value))
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


def csv_lines(dataset: Dataset, records: QuerySet) -> Iterator[str]:
    """The names of the columns, then a line for each record."""
    writer = csv.writer(Line())
    yield str(writer.writerow([column.name for column in dataset.columns]))
    for row in dataset.rows(records):
        yield str(writer.writerow([for_csv(value) for value in row.values()]))


def json_lines(dataset: Dataset, records: QuerySet, about: dict[str, object]) -> Iterator[str]:
    """One object: what is said about the list, and its records, one a line."""
    head = json.dumps(about, default=for_json, ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}") + ',\n "records": ['
    between = "\n"
    for row in dataset.rows(records):
        yield between + json.dumps(row, default=for_json, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def in_pieces(lines: Iterator[str]) -> Iterator[bytes]:
    """Lines, the first at once, the others together, so that few pieces go out."""
    gathered: list[str] = []
    for number, line in enumerate(lines):
        gathered.append(line)
        if number == 0 or len(gathered) == TOGETHER:
            yield "".join(gathered).encode()
            gathered = []
    if gathered:
        yield "".join(gathered).encode()


def csv_response(dataset: Dataset, records: QuerySet) -> StreamingHttpResponse:
    """The records as a table to keep."""
    response = StreamingHttpResponse(in_pieces(csv_lines(dataset, records)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{dataset.name}.csv"'
    return response


def json_response(dataset: Dataset, records: QuerySet, about: dict[str, object]) -> StreamingHttpResponse:
    """The records as JSON, with what is said about the list."""
    lines = json_lines(dataset, records, about)
    return StreamingHttpResponse(in_pieces(lines), content_type="application/json; charset=utf-8")
