"""What a download says, one statement after the other, and what is wrong with it; and how single values are read.

Each reader of a value raises ValueError with a sentence that says what to do.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trustportal.importing.cells import Cell, shown
from trustportal.importing.values import read_text
from trustportal.partial_date import PartialDate

CODE = re.compile(r"[A-Za-z0-9]{3,10}")
COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
ISO_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T.*)?)?)?")
LONGEST_NAME = 200
LONGEST_TOWN = 100


@dataclass(frozen=True)
class Stated:
    """What a file says of one organisation. What it does not say is "" or None.

    at is where it stands ("Line 3", "Entry 3"), role the kind of organisation as the service numbers it ("RO197"),
    is_active whether it is said to be at work still.
    """

    at: str
    code: str
    name: str
    town: str = ""
    country: str = ""
    role: str = ""
    opened_on: PartialDate | None = None
    closed_on: PartialDate | None = None
    is_active: bool | None = None


@dataclass(frozen=True)
class Followed:
    """That one organisation took over work of another, since a day."""

    at: str
    code: str
    successor: str
    since: PartialDate | None = None


@dataclass(frozen=True)
class Fault:
    """Why something in a file is refused: where, in which column, what stands there, and what to do."""

    at: str
    column: str
    value: str
    words: str


Statement = Stated | Followed | Fault


class Unfit(ValueError):
    """A value that cannot be read, with the column in which it stands. Its text says what to do."""

    def __init__(self, column: str, value: object, words: str) -> None:
        super().__init__(words)
        self.column = column
        self.value = "" if value is None else shown(value)

    def as_fault(self, at: str) -> Fault:
        """The same with where it stands."""
        return Fault(at, self.column, self.value, str(self))


def read_code(cell: Cell) -> str:
    """A code of the service, such as RJ1, in capital letters."""
    text = read_text(cell, LONGEST_NAME)
    if not CODE.fullmatch(text):
        raise ValueError(_("A code of the Organisation Data Service is 3 to 10 letters and digits, such as RJ1."))
    return text.upper()


def read_name(cell: Cell) -> str:
    """The name of an organisation, on one line."""
    name = read_line(cell, LONGEST_NAME)
    if not name:
        raise ValueError(_("The name of the organisation is missing."))
    return name


def read_line(cell: Cell, most: int) -> str:
    """A text on one line, with single spaces."""
    return " ".join(read_text(cell, most).split())


def read_date(cell: Cell) -> PartialDate | None:
    """A date as the service writes it: 20220701, 2022-07-01, or less of the latter. None for an empty cell."""
    text = read_text(cell, LONGEST_NAME)
    if not text:
        return None
    if found := COMPACT_DAY.fullmatch(text) or ISO_DATE.fullmatch(text):
        try:
            year, month, day = (None if part is None else int(part) for part in found.groups())
            return PartialDate(year or 0, month, day)
        except ValueError:
            pass  # a day that does not exist
    raise ValueError(_("A date is written as year, month and day: 20220701 or 2022-07-01."))
