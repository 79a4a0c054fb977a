"""Periods that follow each other: which figure is due next, and whether two spellings are one period."""

import datetime
from calendar import monthrange

from trustportal.partial_date import PartialDate

LAST_YEAR = 9990  # no calendar goes on for long after it
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


def next_period(start: PartialDate, end: PartialDate, frequency: str) -> tuple[PartialDate, PartialDate] | None:
    """The period after one, as long as the frequency says and written as precisely; None for what is counted once."""
    if end.year >= LAST_YEAR:
        return None
    begins = end.latest + datetime.timedelta(days=1)
    if frequency == "weekly":
        last = begins + datetime.timedelta(days=6)
        return _day(begins), _day(last)
    if frequency not in MONTHS:
        return None
    ends = _months_later(begins, MONTHS[frequency]) - datetime.timedelta(days=1)
    if start.day or end.day:
        return _day(begins), _day(ends)
    if frequency == "yearly" and not (start.month or end.month):
        return PartialDate(begins.year), PartialDate(ends.year)
    return PartialDate(begins.year, begins.month), PartialDate(ends.year, ends.month)


def _day(date: datetime.date) -> PartialDate:
    return PartialDate(date.year, date.month, date.day)


def _months_later(date: datetime.date, months: int) -> datetime.date:
    years, month = divmod(date.month - 1 + months, 12)
    year = date.year + years
    return datetime.date(year, month + 1, min(date.day, monthrange(year, month + 1)[1]))


def spellings_of_start(start: PartialDate) -> set[PartialDate]:
    """Every way to write the first day of a period: 1 April 2017 is also April 2017."""
    first = start.earliest
    ways = {_day(first)}
    if first.day == 1:
        ways.add(PartialDate(first.year, first.month))
        if first.month == 1:
            ways.add(PartialDate(first.year))
    return ways


def spellings_of_end(end: PartialDate) -> set[PartialDate]:
    """Every way to write the last day of a period: 30 April 2017 is also April 2017."""
    last = end.latest
    ways = {_day(last)}
    if last.day == monthrange(last.year, last.month)[1]:
        ways.add(PartialDate(last.year, last.month))
        if last.month == 12:
            ways.add(PartialDate(last.year))
    return ways


def as_counted(start: PartialDate, end: PartialDate, frequency: str) -> tuple[PartialDate, PartialDate]:
    """A period as the portal writes it: whole months as months. A spreadsheet makes 1 May 2026 of May 2026.

    So of what is counted every month, a period of the first day of a month alone is that month.
    """
    if frequency not in {"monthly", "quarterly", "yearly"} or start.day != 1:
        return start, end
    month = PartialDate(start.year, start.month)
    if start == end and frequency == "monthly":
        return month, month
    last = PartialDate(end.year, end.month or 12)
    return (month, last) if end.latest == last.latest else (start, end)
