"""Tables that people upload, as CSV or as an Excel workbook: the rows under the headings that the caller knows.

A table can be large: the rows come one after the other and are not kept. Open it again to read it again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustportal.importing.cells import Cell, Formula, Unreadable, Wrong, plain_heading, shown
from trustportal.importing.delimited import read_delimited
from trustportal.importing.workbook import another_kind, protected, read_workbook

__all__ = ["Cell", "Formula", "Row", "Table", "Unreadable", "Wrong", "open_table"]

MOST_NAMED = 5  # headings in one message
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # how a workbook with a password says so


@dataclass(frozen=True)
class Row:
    """One row under the headings, never empty.

    line is the number that the spreadsheet or the text editor shows; the headings usually have 1. A row of a CSV file
    with line breaks inside its cells has the line where it begins. cells has every known column, in the order of the
    caller; None where nothing stands. fault is "" or a sentence: why the row as a whole cannot be trusted.
    """

    line: int
    cells: dict[str, Cell]
    fault: str = ""


@dataclass(frozen=True)
class Table:
    """An open table. rows can be gone through once, while the file is open; each step may raise Unreadable.

    separator is "," or ";" or a tab for a CSV file and "" for a workbook; columns are those that the file has.
    """

    separator: str
    columns: tuple[str, ...]
    rows: Iterator[Row]

    @property
    def comma_is_certain(self) -> bool:
        """Whether a comma in a number separates thousands: in a file separated by ; it may be a decimal comma."""
        return self.separator != ";"


def open_table(
    file: BinaryIO,
    columns: Sequence[str],
    required: Sequence[str],
    most_rows: int = 100_000,
    most_bytes: int = 20_000_000,
) -> Table:
    """Read the headings of a CSV file or an Excel workbook and make its rows ready. The file must be seekable.

    columns are the headings that are known, required those of them that must be there. Raises Unreadable, here or from
    `rows`, where the file is no such table, has more than most_rows rows or most_bytes bytes, or has no rows.
    """
    _check_size(file, most_bytes)
    file.seek(0)
    start = file.read(1024)
    _check_kind(file, start, most_bytes)
    known = {plain_heading(column): column for column in columns}
    separator = ""
    if start.startswith(b"PK\x03\x04"):
        rows = read_workbook(file)
    else:
        separator, rows = read_delimited(file, frozenset(known))
    line, headings = next(rows, (1, []))
    if not headings:
        raise Unreadable(_no_rows())
    places = _places(line, headings, known, required)
    return Table(separator, tuple(places), _rows(rows, places, columns, separator, most_rows))


def _check_size(file: BinaryIO, most_bytes: int) -> None:
    file.seek(0, 2)
    if file.tell() > most_bytes:
        message = _("The file has more than %(most)s MB. Split it, and upload one part after the other.")
        raise Unreadable(message % {"most": f"{most_bytes / 1_000_000:g}"})


def _check_kind(file: BinaryIO, start: bytes, most_bytes: int) -> None:
    """Refuse by name what is neither CSV nor a workbook. What the file is called plays no part."""
    if start.startswith(OLD_OFFICE):
        file.seek(0)
        if ENCRYPTED in file.read(most_bytes):
            raise Unreadable(protected())
        raise Unreadable(another_kind(_("an old Excel workbook (.xls)")))
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"%PDF"):
        raise Unreadable(another_kind(_("a PDF")))
    if text.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise Unreadable(another_kind(_("a web page or an XML file")))


def _no_rows() -> str:
    return _("The file has no rows. Write at least one below the headings, and upload it again.")


def _places(line: int, headings: list[Cell], known: dict[str, str], required: Sequence[str]) -> dict[str, int]:
    """Where each column stands; raises Unreadable for headings that are unknown, there twice or missing."""
    places: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(headings):
        if heading is None:
            continue
        text = heading.text if isinstance(heading, Formula | Wrong) else str(heading)
        column = known.get(plain_heading(text))
        if column is None:
            unknown.append(text)
        elif column in places:
            message = _("The heading “%(heading)s” is there twice. Delete one of the two columns.")
            raise Unreadable(message % {"heading": column})
        else:
            places[column] = place
    if unknown:
        message = ngettext(
            "Line %(line)s must hold the headings. Nothing is known of the heading %(unknown)s. Known are: %(known)s.",
            "Line %(line)s must hold the headings. Nothing is known of the headings %(unknown)s. Known are: %(known)s.",
            len(unknown),
        )
        named = ", ".join(f"“{shown(heading)}”" for heading in unknown[:MOST_NAMED])
        if len(unknown) > MOST_NAMED:
            named = _("%(headings)s and %(count)s more") % {"headings": named, "count": len(unknown) - MOST_NAMED}
        raise Unreadable(message % {"line": line, "unknown": named, "known": ", ".join(known.values())})
    if missing := [column for column in required if column not in places]:
        message = ngettext(
            "The heading %(missing)s is missing. Add the column, with the heading in line %(line)s.",
            "The headings %(missing)s are missing. Add the columns, with the headings in line %(line)s.",
            len(missing),
        )
        raise Unreadable(message % {"line": line, "missing": ", ".join(f"“{column}”" for column in missing)})
    return places


def _rows(
    rows: Iterator[tuple[int, list[Cell]]],
    places: dict[str, int],
    columns: Sequence[str],
    separator: str,
    most_rows: int,
) -> Iterator[Row]:
    taken = set(places.values())
    count = 0
    for line, cells in rows:
        count += 1
        if count > most_rows:
            message = _(
                "The file has more than %(most)s rows. Split it into files of at most so many, each with the headings."
            )
            raise Unreadable(message % {"most": f"{most_rows:,}"})
        found: dict[str, Cell] = dict.fromkeys(columns)
        found.update((column, cells[place]) for column, place in places.items() if place < len(cells))
        beyond = next((cell for at, cell in enumerate(cells) if cell is not None and at not in taken), None)
        yield Row(line, found, "" if beyond is None else _beyond(line, beyond, separator))
    if not count:
        raise Unreadable(_no_rows())


def _beyond(line: int, cell: Cell, separator: str) -> str:
    if separator == ",":
        message = _(
            "Line %(line)s has more cells than the heading line (“%(value)s”): is a number or a text with a comma"
            " written without quotation marks?"
        )
    else:
        message = _(
            "Line %(line)s has more cells than the heading line (“%(value)s”): delete what stands in a column without"
            " a heading, or give it one."
        )
    value = cell.text if isinstance(cell, Formula | Wrong) else cell
    return message % {"line": line, "value": shown(value)}
