"""The CSV files: organisations (etr.csv, ect.csv, eccg.csv and their like) and successors (succ.csv, succarc.csv).

They come without headings: 27 columns an organisation, five a succession. What is exported by choice of columns has
headings; then the columns may stand in any order, and others beside them are not read. What the file is called plays
no part. Nothing here holds more than one line in memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustportal.importing.cells import Cell, Unreadable, plain_heading, shown
from trustportal.importing.delimited import read_delimited
from trustportal.importing.ods.statements import (
    LONGEST_TOWN,
    Fault,
    Followed,
    Stated,
    Statement,
    Unfit,
    read_code,
    read_date,
    read_line,
    read_name,
)

Readers = dict[str, tuple[str, Callable[[Cell], object]]]


@dataclass(frozen=True)
class Layout:
    """One kind of file: how many columns it has without headings, where those stand that are read, and what a line is.

    readers says for each value of a statement the heading and how its cell is read; needed are the headings that a
    file with headings must have.
    """

    width: int
    places: dict[str, int]
    needed: tuple[str, ...]
    readers: Readers
    statement: type[Stated] | type[Followed]


ORGANISATIONS = Layout(
    width=27,
    places={"organisation code": 0, "name": 1, "address line 4": 7, "open date": 10, "close date": 11},
    needed=("organisation code", "name", "close date"),
    readers={
        "code": ("organisation code", read_code),
        "name": ("name", read_name),
        "town": ("address line 4", partial(read_line, most=LONGEST_TOWN)),
        "opened_on": ("open date", read_date),
        "closed_on": ("close date", read_date),
    },
    statement=Stated,
)
SUCCESSORS = Layout(
    width=5,
    places={"organisation code": 0, "succession organisation code": 1, "succession effective date": 3},
    needed=("organisation code", "succession organisation code", "succession effective date"),
    readers={
        "code": ("organisation code", read_code),
        "successor": ("succession organisation code", read_code),
        "since": ("succession effective date", read_date),
    },
    statement=Followed,
)
LAYOUTS = (SUCCESSORS, ORGANISATIONS)
HEADINGS = frozenset(heading for layout in LAYOUTS for heading in layout.places)


def read_table(file: BinaryIO) -> Iterator[Statement]:
    """What each line of a CSV file states, or why it is refused. Raises Unreadable where the whole file is no such."""
    _separator, rows = read_delimited(file, HEADINGS)
    first = next(rows, None)
    if first is None:
        raise Unreadable(_("The file is empty."))
    line, cells = first
    if (places := _headed(cells)) and "organisation code" in places:
        layout = _with_headings(line, places)
    else:
        layout, places = _without_headings(line, cells)
        rows = chain([first], rows)
    at = _("Line %(line)s")  # translated once: files are long
    for number, row in rows:
        yield _stated(layout, places, len(cells), at % {"line": number}, row)


def _headed(cells: list[Cell]) -> dict[str, int]:
    """Where the headings that are known stand; spaces in them may be missing."""
    known = {heading.replace(" ", ""): heading for heading in HEADINGS}
    names = [plain_heading(str(cell or "")).replace(" ", "") for cell in cells]
    return {known[name]: place for place, name in reversed(list(enumerate(names))) if name in known}


def _with_headings(line: int, places: dict[str, int]) -> Layout:
    for layout in LAYOUTS:
        if set(layout.needed) <= set(places):
            return layout
    message = _("Line %(line)s holds headings, but not all that are needed: %(organisations)s; or %(successors)s.")
    needed = {
        "line": line,
        "organisations": ", ".join(f"“{heading}”" for heading in ORGANISATIONS.needed),
        "successors": ", ".join(f"“{heading}”" for heading in SUCCESSORS.needed),
    }
    raise Unreadable(message % needed)


def _without_headings(line: int, cells: list[Cell]) -> tuple[Layout, dict[str, int]]:
    for layout in LAYOUTS:
        if len(cells) == layout.width:
            return layout, layout.places
    message = ngettext(
        "Line %(line)s has %(count)s cell (“%(value)s”). A file of the Organisation Data Service has %(organisations)s"
        " where it lists organisations (etr.csv) and %(successors)s where it lists successors (succ.csv), or else"
        " headings in its first line.",
        "Line %(line)s has %(count)s cells (“%(value)s”). A file of the Organisation Data Service has %(organisations)s"
        " where it lists organisations (etr.csv) and %(successors)s where it lists successors (succ.csv), or else"
        " headings in its first line.",
        len(cells),
    )
    values = {
        "line": line,
        "count": len(cells),
        "value": _first(cells),
        "organisations": ORGANISATIONS.width,
        "successors": SUCCESSORS.width,
    }
    raise Unreadable(message % values)


def _first(cells: list[Cell]) -> str:
    return shown(next(cell for cell in cells if cell is not None))


def _stated(layout: Layout, places: dict[str, int], width: int, at: str, cells: list[Cell]) -> Statement:
    if len(cells) != width:
        message = _("The number of cells is %(count)s here and %(width)s in the first line.")
        return Fault(at, "", _first(cells), message % {"count": len(cells), "width": width})
    values: dict[str, object] = {}
    for name, (heading, read) in layout.readers.items():
        if heading in places:
            cell = cells[places[heading]]
            try:
                values[name] = read(cell)
            except ValueError as error:
                return Unfit(heading, cell, str(error)).as_fault(at)
    if values["code"] == values.get("successor"):
        words = _("No organisation succeeds itself.")
        return Fault(at, "succession organisation code", str(values["successor"]), words)
    return layout.statement(at=at, **values)  # type: ignore[arg-type]
