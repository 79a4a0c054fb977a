"""One cell of a table as a number, a date, yes or no, or a text.

Each reader gives None (a text "") for an empty cell and raises ValueError for one that it cannot read: a sentence that
names the value and says what to do. Where the cell stands, the caller says.
"""

import datetime
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustportal.importing.cells import Cell, Formula, Wrong, shown
from trustportal.importing.numbers import holds_formula, read_number
from trustportal.importing.periods import read_period

__all__ = ["read_number", "read_period", "read_text", "read_yes_no"]

YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
RUNS = ("=", "+", "-", "@")  # with these a text of ours has an apostrophe before it


def read_yes_no(cell: Cell) -> bool | None:
    """Whether a cell says yes ("yes", "y", "true", 1) or no ("no", "n", "false", 0), in any case of letters."""
    if cell is None or isinstance(cell, bool):
        return cell
    text = read_text(cell, 1000).casefold()
    if not text or text in YES | NO:
        return text in YES if text else None
    raise ValueError(_("“%(value)s” is neither yes nor no: write yes or no.") % {"value": shown(text)})


def read_text(cell: Cell, most: int) -> str:
    """A cell as text of at most `most` characters; numbers and dates as they are written, dates in ISO form.

    An apostrophe before = + - or @, which keeps a spreadsheet from running a text, is taken off. Line breaks stay.
    """
    if isinstance(cell, Formula):
        raise ValueError(holds_formula(cell.text))
    if isinstance(cell, Wrong):
        message = _("The cell shows the error %(error)s: write the text, or leave the cell empty.")
        raise ValueError(message % {"error": shown(cell.text)})
    text = _as_written(cell)
    if text.startswith("="):
        raise ValueError(holds_formula(text))
    if text.startswith("'") and text[1:].startswith(RUNS):
        text = text[1:]
    if not text.isprintable() and any(
        unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in text
    ):
        message = _("“%(value)s” holds letters that cannot be seen or printed: type it anew.")
        raise ValueError(message % {"value": shown(text)})
    if len(text) > most:
        message = ngettext(
            "“%(value)s” has %(length)s characters, and there is room for %(most)s: shorten it by %(less)s character.",
            "“%(value)s” has %(length)s characters, and there is room for %(most)s: shorten it by %(less)s characters.",
            len(text) - most,
        )
        raise ValueError(message % {"value": shown(text), "length": len(text), "most": most, "less": len(text) - most})
    return text


def _as_written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip().replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float | Decimal):
        number = Decimal(f"{cell:.15g}") if isinstance(cell, float) else cell
        return f"{number:f}" if number.is_finite() and number.adjusted() <= 100 else str(number)
    if isinstance(cell, datetime.datetime):
        return str(cell.date()) if cell.time() == datetime.time() else cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)
