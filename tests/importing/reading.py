"""How these tests open a table: three columns, one of which may be missing."""

import io

import pytest

from trustportal.importing.tables import Row, Table, Unreadable, open_table

COLUMNS = ["metric", "period_start", "value"]
REQUIRED = ["metric", "value"]
HEADINGS = "metric,period_start,value\n"
MB = 1_000_000


def opened(content: str | bytes, **options: object) -> Table:
    data = content.encode() if isinstance(content, str) else content
    return open_table(io.BytesIO(data), COLUMNS, REQUIRED, **options)


def rows(content: str | bytes, **options: object) -> list[Row]:
    return list(opened(content, **options).rows)


def why(content: str | bytes, **options: object) -> str:
    """What is said about a file that cannot be read."""
    with pytest.raises(Unreadable) as caught:
        rows(content, **options)
    return str(caught.value)


def read_or_refuse(content: bytes) -> None:
    """Any bytes give rows, or the one error with a sentence."""
    refusal = ""
    try:
        for row in opened(content).rows:
            assert list(row.cells) == COLUMNS
            assert any(cell is not None for cell in row.cells.values()) or row.fault
    except Unreadable as error:
        refusal = str(error)
    assert refusal == "" or refusal.endswith((".", "?"))
