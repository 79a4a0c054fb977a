"""Dates known to the year, the month or the day, as people write them and as Excel makes them over.

Days come before months, as in Britain. Whatever could be meant in two ways is refused, with what to write.
"""

import datetime
import re
from decimal import Decimal

from django.utils.translation import gettext as _

from trustportal.importing.cells import Cell, Formula, Wrong, shown
from trustportal.importing.numbers import holds_formula
from trustportal.partial_date import ENGLISH_MONTHS, PartialDate

FIRST_YEAR, LAST_YEAR = 1900, 2200
# The days that Excel counts from 1900: 20,000 is in 1954, 80,000 in 2119.
EXCEL_DAYS = range(20_000, 80_001)
THIS_CENTURY = 70  # "May-69" is May 2069, "May-70" May 1970

NUMBER = re.compile(r"([1-9][0-9]{0,8})(?:\.([0-9]+))?")
YEAR_FIRST = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})(?:\2([0-9]{1,2}))?")
DAY_FIRST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/]([0-9]{4})")
SHORT_YEAR = re.compile(r"[0-9]{1,2}(?:[-/.][0-9]{1,2}|[- ][a-z]{3,9})?[-/. ][0-9]{1,2}", re.IGNORECASE)
IN_WORDS = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th)?[- ])?([a-z]{3,9})\.?[- ]([0-9]{4})", re.IGNORECASE)
MONTH_OF_EXCEL = re.compile(r"([a-z]{3,9})-([0-9]{2})", re.IGNORECASE)
NO_YEAR = re.compile(
    r"(?:[0-9]{1,2}(?:st|nd|rd|th)?[- ])([a-z]{3,9})|([a-z]{3,9}) [0-9]{1,2}(?:st|nd|rd|th)?", re.IGNORECASE
)
WITH_TIME = re.compile(r"(.*[0-9])(?:T| )([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)", re.IGNORECASE)
FINANCIAL_YEAR = re.compile(r"([0-9]{4})[-/–]([0-9]{2}|[0-9]{4})")


def read_period(cell: Cell) -> PartialDate | None:
    """The date of a cell, as precisely as it is written; None for an empty one. Raises ValueError in plain English.

    "May-26" is May 2026: so Excel writes a month that it has made a date of. "26-May" and "May 26" may be either and
    are refused. So is "2017/18", a financial year, and "2010/11", which may be one; "2010-11" is November 2010.
    """
    if cell is None:
        return None
    if isinstance(cell, Formula):
        raise ValueError(holds_formula(cell.text))
    if isinstance(cell, Wrong):
        raise ValueError(_("The cell shows the error %(error)s: write the date.") % {"error": shown(cell.text)})
    if isinstance(cell, datetime.datetime) and cell.time() != datetime.time():
        raise ValueError(_holds_time(str(cell)))
    if isinstance(cell, datetime.date):
        return _date(str(cell), cell.year, cell.month, cell.day)
    if isinstance(cell, bool | datetime.time | datetime.timedelta):
        raise ValueError(_not_a_date(str(cell)))
    if isinstance(cell, int | float | Decimal):
        return _read_text(f"{cell:.15g}" if isinstance(cell, float) else str(cell))
    return _read_text(" ".join(cell.split()))


def _read_text(text: str) -> PartialDate | None:
    if not text:
        return None
    if text.startswith("="):
        raise ValueError(holds_formula(text))
    if found := WITH_TIME.fullmatch(text):
        if re.sub("[0:.Zz]", "", found[2]):
            raise ValueError(_holds_time(text))
        text = found[1]
    if found := NUMBER.fullmatch(text):
        return _from_number(text, int(found[1]), is_whole=not (found[2] or "").strip("0"))
    if found := YEAR_FIRST.fullmatch(text):
        return _from_year_first(text, found)
    if found := DAY_FIRST.fullmatch(text):
        return _date(text, int(found[4]), int(found[3]), int(found[1]))
    if found := MONTH_FIRST.fullmatch(text):
        return _date(text, int(found[2]), int(found[1]))
    if found := IN_WORDS.fullmatch(text):
        return _date(text, int(found[3]), _month(text, found[2]), int(found[1]) if found[1] else None)
    if found := MONTH_OF_EXCEL.fullmatch(text):
        short = int(found[2])
        return _date(text, short + (2000 if short < THIS_CENTURY else 1900), _month(text, found[1]))
    raise ValueError(_what_is_wrong(text))


def _from_number(text: str, number: int, *, is_whole: bool) -> PartialDate:
    if number in EXCEL_DAYS:
        message = _(
            "“%(value)s” looks like the number that Excel keeps for a date: format the column as text, and write the"
            " date anew."
        )
        raise ValueError(message % {"value": shown(text)})
    if not is_whole or not 1000 <= number <= 9999:
        raise ValueError(_not_a_date(text))
    return _date(text, number)


def _from_year_first(text: str, found: re.Match[str]) -> PartialDate:
    year, sign, month, day = int(found[1]), found[2], int(found[3]), found[4]
    is_next_year = len(found[3]) == 2 and month == (year + 1) % 100
    if day is None and is_next_year and (sign == "/" or month > 12):
        raise ValueError(_financial_year(text))
    return _date(text, year, month, int(day) if day else None)


def _month(text: str, word: str) -> int:
    months = [name for name in ENGLISH_MONTHS if name.startswith(word.lower())]
    if len(months) != 1:
        raise ValueError(_not_a_date(text))
    return ENGLISH_MONTHS.index(months[0]) + 1


def _date(text: str, year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    value = {"value": shown(text)}
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = _("“%(value)s” is not between the years %(first)s and %(last)s: check the year.")
        raise ValueError(message % {**value, "first": FIRST_YEAR, "last": LAST_YEAR})
    if month is not None and not 1 <= month <= 12:
        if day is not None and 1 <= day <= 12 and 13 <= month <= 31 and DAY_FIRST.fullmatch(text):
            message = _("“%(value)s” has no month %(month)s: write the day first, as %(other)s.")
            raise ValueError(message % {**value, "month": month, "other": f"{month:02}/{day:02}/{year}"})
        message = _("“%(value)s” has no month %(month)s: write the month as a number from 1 to 12.")
        raise ValueError(message % {**value, "month": month})
    try:
        return PartialDate(year, month, day)
    except ValueError as error:
        message = _("“%(value)s” is a day that does not exist: check the day and the month.")
        raise ValueError(message % value) from error


def _what_is_wrong(text: str) -> str:
    value = {"value": shown(text)}
    if SHORT_YEAR.fullmatch(text):
        return _("“%(value)s” has no year of four digits: write the year with four digits.") % value
    if found := FINANCIAL_YEAR.fullmatch(text):
        first, last = int(found[1]), int(found[2])
        if last in {first + 1, (first + 1) % 100}:
            return _financial_year(text)
    if found := NO_YEAR.fullmatch(text):
        word = (found[1] or found[2]).lower()
        if any(name.startswith(word) for name in ENGLISH_MONTHS):
            message = _("“%(value)s” may be a day or a month: write the year with four digits, such as 26 May 2026.")
            return message % value
    return _not_a_date(text)


def _financial_year(text: str) -> str:
    message = _(
        "“%(value)s” looks like a financial year: write the month in which the period begins or ends, such as April"
        " 2017 or March 2018."
    )
    return message % {"value": shown(text)}


def _holds_time(text: str) -> str:
    return _("“%(value)s” has a time of day: write the date alone.") % {"value": shown(text)}


def _not_a_date(text: str) -> str:
    message = _(
        "“%(value)s” is not a date that can be read: write as much as is known, such as 2017, May 2017 or 15 May 2017."
    )
    return message % {"value": shown(text)}
