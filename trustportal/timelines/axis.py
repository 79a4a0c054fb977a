"""The time axis: where a day lies on the paper, and which days have a line with a name."""

import datetime
from dataclasses import dataclass

from django.utils.dates import MONTHS_3

MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
SHORTEST = 366  # days: less is widened to whole years, so that a single day has something around it
FIRST_DAY, LAST_DAY = datetime.date.min.toordinal(), datetime.date.max.toordinal()


@dataclass(frozen=True)
class Tick:
    """A line of the axis: the day on which it stands, where that is, and its name."""

    day: datetime.date
    at: float
    label: str


@dataclass(frozen=True)
class Axis:
    """The days from first to last, both of them included, between two places on the paper."""

    first: datetime.date
    last: datetime.date
    left: float
    right: float

    def at(self, ordinal: int) -> float:
        """Where a day (as `date.toordinal()` has it) begins. Days outside the axis lie on its edge."""
        first, end = self.first.toordinal(), self.last.toordinal() + 1
        inside = min(max(ordinal, first), end)
        return self.left + (inside - first) / (end - first) * (self.right - self.left)

    def across(self, first: datetime.date, last: datetime.date) -> tuple[float, float]:
        """From where the first day begins to where the last day ends."""
        return self.at(first.toordinal()), self.at(last.toordinal() + 1)

    def middle(self, day: datetime.date) -> float:
        """The noon of a day."""
        start, end = self.across(day, day)
        return (start + end) / 2


def axis_for(
    first: datetime.date, last: datetime.date, left: float, right: float, most: int
) -> tuple[Axis, list[Tick]]:
    """An axis that holds two days, begins and ends on a line, and has at most so many lines (3 or more)."""
    if last.toordinal() - first.toordinal() < SHORTEST:
        first, last = first.replace(month=1, day=1), last.replace(month=12, day=31)
    lines = _every_months(first, last, most)
    axis = Axis(
        datetime.date.fromordinal(lines[0]), datetime.date.fromordinal(min(lines[-1] - 1, LAST_DAY)), left, right
    )
    by_year = lines[1] - lines[0] > SHORTEST - 2
    days = [(ordinal, datetime.date.fromordinal(ordinal)) for ordinal in lines if ordinal <= LAST_DAY]
    ticks = [
        Tick(day, axis.at(ordinal), _label(day, by_year=by_year, with_year=at == 0 or day.month == 1))
        for at, (ordinal, day) in enumerate(days)
    ]
    return axis, ticks


def _every_months(first: datetime.date, last: datetime.date, most: int) -> list[int]:
    """Ordinals of the first days of months, as few months apart as there is room for."""
    begin, end = _months(first), _months(last) + 1
    for step in MONTH_STEPS:
        start = begin // step * step
        count = -(-(end - start) // step)
        if count + 1 <= most:
            break
    return [_first_of(start + at * step) for at in range(count + 1)]


def _months(day: datetime.date) -> int:
    """How many months after the beginning of the year 0 it is."""
    return day.year * 12 + day.month - 1


def _first_of(months: int) -> int:
    year, month = divmod(months, 12)
    if year < 1:
        return FIRST_DAY
    return datetime.date(year, month + 1, 1).toordinal() if year <= datetime.MAXYEAR else LAST_DAY + 1


def _label(day: datetime.date, *, by_year: bool, with_year: bool) -> str:
    if by_year:
        return str(day.year)
    month = str(MONTHS_3[day.month]).capitalize()
    return f"{month} {day.year}" if with_year else month
