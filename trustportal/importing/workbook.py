"""Excel workbooks (.xlsx), read row by row.

What is not read: formats and hidden rows, other sheets than the first that can be seen and holds something, and the
results of formulas. openpyxl uses defusedxml where it is installed, which refuses a workbook that declares entities.
"""

import datetime
import functools
import re
import warnings
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, BinaryIO, TypeVar
from zipfile import ZipFile, ZipInfo

import openpyxl
from django.utils.translation import gettext as _

from trustportal.importing.cells import Cell, Formula, Unreadable, Wrong

MOST_UNPACKED = 150_000_000  # bytes, all parts of the workbook together
MOST_PACKED = 200  # times smaller than unpacked; sheets are packed about 10 to 20 times
SMALL = 1_000_000  # bytes; a small part may be packed as tightly as it likes
LAST_LINE = 1_048_576  # no sheet of Excel goes on below
MOST_EMPTY = 200_000  # cells with a format and nothing else, row after row: what comes below is not read
MOST_COLUMNS = 1_000  # cells of a row that are looked at
ROWS_AT_ONCE = 100
STRICT = b"purl.oclc.org/ooxml"  # the names of a standard that Excel can write too, and openpyxl cannot read

T = TypeVar("T")


def read_workbook(file: BinaryIO) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that are not empty of the first visible sheet that has any: line number and cells from column A.

    Dates come as dates by their format. One that shows no day ("May-26") comes as the text "2026-05", one that shows
    only the year as "2026". The row ends with its last cell that is not empty. Raises Unreadable, here and row by row.
    """
    _check_package(file)
    return _rows(file)


def _rows(file: BinaryIO) -> Iterator[tuple[int, list[Cell]]]:
    file.seek(0)
    book = _guarded(lambda: openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False))
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            rows = _rows_of(sheet)
            has_rows = False
            while some := _next_of(rows):
                has_rows = True
                yield from some
            if has_rows:
                return
    finally:
        book.close()


def _next_of(rows: Iterator[tuple[int, list[Cell]]]) -> list[tuple[int, list[Cell]]]:
    return _guarded(lambda: list(islice(rows, ROWS_AT_ONCE)))


def _rows_of(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    sheet.reset_dimensions()  # what the file says about its size may be wrong
    empty = 0
    for line, row in enumerate(sheet.iter_rows(), 1):
        if line > LAST_LINE or empty > MOST_EMPTY:
            return
        cells = [_cell(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            empty = 0
            # The last one stays, so that a row which is far too wide is seen to be.
            yield line, cells if len(cells) <= MOST_COLUMNS else [*cells[: MOST_COLUMNS - 1], cells[-1]]
        else:
            empty += len(row)  # a row that is missing in the file costs nothing


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        # An array formula is an object that carries its text.
        return Formula(str(getattr(value, "text", None) or (value if isinstance(value, str) else "=…")))
    if cell.data_type == "e":
        return Wrong(str(value))
    if isinstance(value, str):
        text = value.replace("_x000D_\n", "\n").strip()  # so Excel writes the line ends of Windows
        # A text, and known to be one: written as in a file of ours, so that nobody takes it for a formula.
        return f"'{text}" if text.startswith("=") else text or None
    if isinstance(value, datetime.date):
        precision = _precision(cell.number_format) if isinstance(value, datetime.datetime) else "day"
        if precision != "day":
            return f"{value:%Y-%m}" if precision == "month" else f"{value:%Y}"
        if isinstance(value, datetime.datetime) and value.time() == datetime.time():
            return value.date()
    return value  # type: ignore[no-any-return]


@functools.lru_cache(maxsize=256)
def _precision(number_format: str) -> str:
    """How much of a date a format shows: "day", "month" or "year". Times count as days."""
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", number_format.lower()).split(";")[0]
    if "y" not in shown or re.search("[dhs]", shown):
        return "day"
    return "month" if "m" in shown else "year"


def _guarded(step: Callable[[], T]) -> T:
    """Let openpyxl do a step, without its warnings, and with one error for all that it may meet in a broken file."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"openpyxl\.")
            return step()
    except Exception as error:  # any: openpyxl trips over broken files in every way that there is
        raise Unreadable(_broken()) from error


def _broken() -> str:
    return _(
        "This Excel workbook is damaged or was not written as Excel writes it. Open it in Excel and save it again as an"
        " Excel workbook (.xlsx), or save it as CSV."
    )


def _check_package(file: BinaryIO) -> None:
    """Refuse by name what is packed like a workbook and is none, and what would unpack to far too much."""
    file.seek(0)
    parts = _guarded(lambda: _parts(file))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(protected())
    if kind := _other_kind({part.filename for part in parts}):
        raise Unreadable(another_kind(kind))
    if sum(part.file_size for part in parts) > MOST_UNPACKED or any(
        part.file_size > SMALL and part.file_size > MOST_PACKED * part.compress_size for part in parts
    ):
        raise Unreadable(
            _(
                "This workbook unpacks to far more than a table needs. Copy the table alone into a new workbook, or"
                " save it as CSV."
            )
        )
    if STRICT in _guarded(lambda: _start_of_book(file)):
        raise Unreadable(another_kind(_("a Strict Open XML workbook")))


def _parts(file: BinaryIO) -> list[ZipInfo]:
    with ZipFile(file) as package:
        return package.infolist()


def _start_of_book(file: BinaryIO) -> bytes:
    with ZipFile(file) as package:
        if "xl/workbook.xml" not in package.namelist():
            return b""
        with package.open("xl/workbook.xml") as book:
            return book.read(10_000)


def _other_kind(names: set[str]) -> str:
    if {"mimetype", "content.xml"} <= names:
        return _("an OpenDocument file (.ods)")
    if "xl/workbook.bin" in names:
        return _("a binary Excel workbook (.xlsb)")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return _("a document or a presentation")
    return "" if "[Content_Types].xml" in names else _("a zip file")


def protected() -> str:
    """Say that a password is in the way."""
    return _("This workbook is protected with a password. Save it without one, and upload it again.")


def another_kind(kind: str) -> str:
    """Say that a file is of another kind, and how to save it; `kind` is a phrase such as "a PDF"."""
    message = _("This is %(kind)s. Save the table as CSV or as an Excel workbook (.xlsx), and upload that.")
    return message % {"kind": kind}
