"""An Excel workbook that can be filled in and read back: texts stay texts, and no cell is a formula."""

import re
import warnings
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

AS_TEXT = "@"  # Excel's format for texts: it leaves "2026-05" alone
NARROWEST, WIDEST = 12, 40  # characters
NOT_IN_A_NAME = re.compile(r"[\\*?:/\[\]]")
LONGEST_NAME = 31  # of a sheet


def write_xlsx(
    file: BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    sheet: str,
    numbers: Collection[str] = (),
) -> None:
    """Write one sheet with the headings `columns`, in bold and frozen, and the rows beneath, one after the other.

    numbers names the columns that hold numbers; every other is formatted as text, so that Excel leaves what is typed
    there as it is. int, float and Decimal become numbers (in columns of numbers alone), None an empty cell, everything
    else its text, without control characters. The file is left open.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"openpyxl\.")
        book = Workbook(write_only=True)
        page = book.create_sheet(NOT_IN_A_NAME.sub(" ", sheet)[:LONGEST_NAME])
        page.freeze_panes = "A2"
        is_number = [column in numbers for column in columns]
        for at, column in enumerate(columns):
            dimension = page.column_dimensions[get_column_letter(at + 1)]
            dimension.width = min(max(len(column) + 2, NARROWEST), WIDEST)
            if not is_number[at]:
                dimension.number_format = AS_TEXT
        headings = [_text_cell(page, column) for column in columns]
        for cell in headings:
            cell.font = Font(bold=True)
        page.append(headings)
        for row in rows:
            page.append([_cell(page, value, number) for value, number in zip(row, is_number, strict=True)])
        book.save(file)


def _cell(page: object, value: object, is_number: bool) -> object:
    if value is None or value == "":
        return None
    if is_number and isinstance(value, int | float | Decimal):
        return value
    return _text_cell(page, str(value))


def _text_cell(page: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"  # also where it begins with =
    cell.number_format = AS_TEXT
    return cell
