"""Sums that cannot mislead: numbers too small to show, what would give them away, and what may be added to what.

Plain Python: figures in, keys and codes out; others find the words. The rules are common practice of statistical
disclosure control: a number below a threshold is left out (primary suppression), and so are further figures from which
it could be worked out by subtraction (complementary suppression).
"""

import unicodedata
from bisect import bisect
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Decimal, localcontext
from enum import StrEnum
from itertools import pairwise
from operator import add, sub


def is_small(
    fewest: int | None,
    value: Decimal | None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    *,
    is_part: bool = False,
) -> bool:
    """Whether a figure tells of fewer people or things than `fewest`, the smallest number shown; None: there is none.

    Zero and negative numbers are below it, too. A rate is judged by its numerator and its denominator, whatever
    `value` says. Where the numerator counts some of those in the denominator (`is_part`), as that of a percentage does,
    those who are left are judged as well: subtraction finds them. What is None is not known, and not small.

    Source: common practice of statistical disclosure control (primary suppression).
    """
    if fewest is None:
        return False
    numbers = [value] if numerator is None and denominator is None else [numerator, denominator]
    if is_part and numerator is not None and denominator is not None:
        numbers.append(denominator - numerator)
    return any(number is not None and number < fewest for number in numbers)


@dataclass(frozen=True)
class Counted:
    """A figure of one metric for the days from `start` to `end`, both among them, and whether it is small.

    `key` is whatever its owner knows it by; no two figures have the same. `numbers` is what readers learn of it if it
    is shown, each of which adds up from day to day: the value; or the numerator and the denominator, and where the one
    is a part of the other those who are left. They stand in the same order in all figures of a metric. Those of a small
    figure are not read, and of figures without numbers the periods alone are judged.
    """

    key: Hashable
    start: date
    end: date
    is_small: bool
    numbers: tuple[Decimal, ...]


def also_hidden(figures: Iterable[Counted], fewest: int) -> set[Hashable]:
    """The keys of the figures to hide besides the small ones, so that no small number can be found by subtraction.

    The figures are of one metric that counts what happens day by day, so that a year is the sum of its quarters. A
    figure is an edge between the day on which its period begins and the day after it ends, worth the difference of two
    running totals. What is shown then says something of small figures exactly where a cycle is made of both. And where
    days hang together by what is shown, the numbers between any two of them are known, whether or not there is a figure
    of that period: one below `fewest` counts as a small figure, too, zero and what is below it as in `is_small`.

    So the others are taken in turn, the shortest first and of those the newest, so that totals are hidden rather than
    what they are made of. One is hidden if it would close a cycle with small figures, or would tell a small number of a
    period; between the days that it would have joined, nothing else is told then. A sum of several small figures counts
    as telling of each, and figures that are small all round tell of nothing.

    Figures may contradict each other: who comes in two quarters may count once in the year. Then the shorter ones hold,
    and a longer one is hidden if by it, instead of them, the number of a period without a figure would be small.

    The order of the input is of no account: figures with the very same period and numbers have the same fate, so that
    ties need no rule. Compares each figure with few others: takes n log² n time, and n² for the copying of short lists.
    What it does not judge: what is left of a period around figures within it that share no day of beginning or end
    with it, the difference of two overlapping periods, and estimates, such as that a part is no more than the whole.

    Source: common practice of statistical disclosure control (complementary suppression).
    """
    small, others = [], []
    for figure in figures:
        # Days by number: the day after the last one of the calendar has no date.
        ends = (figure.start.toordinal(), figure.end.toordinal() + 1)
        if figure.is_small:
            small.append(ends)
        else:
            others.append((ends[1] - ends[0], -ends[0], figure.numbers, ends, figure.key))

    shown, known = _RunningTotals(fewest), _Groups()  # days joined by what is shown, and by that or small figures
    for first, last in small:
        known.join(first, last)
    hidden, again = set(), []
    for _length, _age, numbers, (first, last), key in sorted(others, key=lambda other: other[:3]):
        if shown.of(first) == shown.of(last):
            again.append((first, last, numbers, key))
        elif known.of(first) == known.of(last) or not shown.join(first, last, numbers):
            hidden.add(key)
        known.join(first, last)
    return hidden | {key for first, last, numbers, key in again if shown.is_contradicted(first, last, numbers)}


class _Groups:
    """Which days hang together: a union-find, in which each points towards the one that stands for its group."""

    def __init__(self) -> None:
        self._towards: dict[int, int] = {}

    def of(self, day: int) -> int:
        """The day that stands for a day's group; halves the way there for the next time, so that ways stay short."""
        towards = self._towards
        while (following := towards.get(day, day)) != day:
            further = towards.get(following, following)
            towards[day] = further
            day = further
        return day

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        self._towards[self.of(one)] = self.of(other)


class _RunningTotals:
    """Days that hang together by shown figures, each with its running totals, counted from any day of its group.

    Whatever is between two days of a group is known, and none of it is below `fewest`: so much lies between each day
    and the next one, of which the longer stretches are made.
    """

    def __init__(self, fewest: int) -> None:
        self._fewest = fewest
        self._groups: dict[int, _Group] = {}
        self._has_figure: set[tuple[int, int]] = set()

    def of(self, day: int) -> "_Group | int":
        """The group of a day; the day itself where it is alone."""
        return self._groups.get(day, day)

    def join(self, first: int, last: int, numbers: tuple[Decimal, ...]) -> bool:
        """Make one group of two by a figure, unless a small number would be known then. Gives whether it did."""
        nothing = tuple(Decimal() for _number in numbers)
        early, late = (self._groups.get(day) or _Group([day], {day: nothing}) for day in (first, last))
        ahead = _plus(early.totals[first], _minus(numbers, late.totals[last]))  # of those of the early group
        if len(early.days) >= len(late.days):
            large, added = early, {day: _plus(total, ahead) for day, total in late.totals.items()}
        else:
            large, added = late, {day: _minus(total, ahead) for day, total in early.totals.items()}
        for day, total in added.items():
            at = bisect(large.days, day)
            if at and self._is_small(_minus(total, large.totals[large.days[at - 1]])):
                return False
            if at < len(large.days) and self._is_small(_minus(large.totals[large.days[at]], total)):
                return False
        large.totals |= added
        large.days = sorted([*large.days, *sorted(added)])
        self._groups |= dict.fromkeys([*added, first, last], large)
        self._has_figure.add((first, last))
        return True

    def is_contradicted(self, first: int, last: int, numbers: tuple[Decimal, ...]) -> bool:
        """Whether a figure within a group says another number than the others, so much that one may be small by it."""
        group = self._groups[first]
        apart = [abs(number) for number in _minus(numbers, _minus(group.totals[last], group.totals[first]))]
        return any(apart) and any(
            self._is_small(_minus(_minus(group.totals[after], group.totals[before]), apart))
            for before, after in pairwise(group.days)
            if (before, after) not in self._has_figure
        )

    def _is_small(self, numbers: Iterable[Decimal]) -> bool:
        return any(number < self._fewest for number in numbers)


@dataclass(eq=False)
class _Group:
    days: list[int]  # sorted
    totals: dict[int, tuple[Decimal, ...]]


def _plus(some: Iterable[Decimal], others: Iterable[Decimal]) -> tuple[Decimal, ...]:
    return tuple(map(add, some, others))


def _minus(some: Iterable[Decimal], others: Iterable[Decimal]) -> tuple[Decimal, ...]:
    return tuple(map(sub, some, others))


@dataclass(frozen=True)
class Part:
    """A figure that may be added to others: what it counts (`unit`), among whom (`population`), and from when to when.

    Both days are in its period. A hidden one is there, and its `value` is never read. One that is not hidden and has
    no value is no figure: it is missing, and needs no period.
    """

    key: Hashable
    population: str
    unit: str
    start: date | None
    end: date | None
    value: Decimal | None
    is_hidden: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether there is no figure."""
        return not self.is_hidden and self.value is None


class Refusal(StrEnum):
    """Why figures are not added, in the order in which the rules are asked."""

    TOO_FEW = "too-few"
    UNITS_DIFFER = "units-differ"
    SAME_POPULATION = "same-population"
    NO_PERIOD = "no-period"
    PERIODS_OVERLAP = "periods-overlap"
    PERIODS_APART = "periods-apart"
    NOTHING_SHOWN = "nothing-shown"
    NEGATIVE = "negative"


@dataclass(frozen=True)
class Refused:
    """No sum: why, and the keys of the parts that stand against it.

    That is two parts that do not go together; the one without a period; the only one there is, if any, where there are
    too few; and all of them where nothing is shown.
    """

    why: Refusal
    between: tuple[Hashable, ...]


@dataclass(frozen=True)
class Total:
    """The sum of the shown parts, from the first day of any shown or hidden one to the last day of any.

    `hidden` and `missing` say how many parts are not in it.
    """

    value: Decimal
    start: date
    end: date
    hidden: int
    missing: int

    @property
    def is_least(self) -> bool:
        """Whether it is "at least" so many, since not all parts are in it."""
        return bool(self.hidden or self.missing)


def add_up(parts: Sequence[Part]) -> Total | Refused:
    """The sum of figures of different metrics, or why there is none.

    The first of these rules that is broken is the answer, so that the reason does not hang on the order of the parts:

    1. There are two parts or more.
    2. They have one unit. Words are compared without case and extra blanks, here and in rule 3.
    3. No two count the same population, whatever the periods: the same people could be counted twice. One that is not
       stated may be any. Rules 2 and 3 are for missing parts, too: what may be added does not change with each figure.
    4. Those that are not missing have a period, which does not end before it begins.
    5. Their periods are the very same or do not overlap.
    6. No days lie between them: the sum would claim time in which nobody counted.
    7. Something is shown.
    8. Where a part is hidden or missing, none of those shown is below zero. A sum without some of its parts is "at
       least" so many only if those are not negative. Counts never are; where one that is shown is, those that are
       not shown may be.

    The sum is exact, and has in it what is shown alone, so that no hidden number is found by subtraction from it.
    Takes n log n time.

    Source: common practice of statistical disclosure control (complementary suppression).
    """
    if len(parts) < 2:
        return Refused(Refusal.TOO_FEW, tuple(part.key for part in parts))
    there = [part for part in parts if not part.is_missing]
    if refused := _other_units(parts) or _same_people(parts) or _no_period(there) or _not_in_a_row(there):
        return refused
    shown = [(part.key, part.value) for part in there if not part.is_hidden and part.value is not None]
    if not shown:
        return Refused(Refusal.NOTHING_SHOWN, tuple(part.key for part in parts))
    unseen = [part.key for part in parts if part.is_hidden or part.is_missing]
    below_zero = [key for key, value in shown if value < 0]
    if below_zero and unseen:
        return Refused(Refusal.NEGATIVE, (below_zero[0], unseen[0]))
    with localcontext() as context:
        # The usual 28 digits would round, and by the order of the parts.
        context.prec, context.Emax, context.Emin = MAX_PREC, MAX_EMAX, MIN_EMIN
        value = sum((value for _key, value in shown), Decimal())
    starts, ends = zip(*_periods(there), strict=True)
    return Total(value, min(starts), max(ends), hidden=len(there) - len(shown), missing=len(parts) - len(there))


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def _other_units(parts: Sequence[Part]) -> Refused | None:
    unit = _plain(parts[0].unit)
    other = next((part for part in parts if _plain(part.unit) != unit), None)
    return Refused(Refusal.UNITS_DIFFER, (parts[0].key, other.key)) if other else None


def _same_people(parts: Sequence[Part]) -> Refused | None:
    seen: dict[str, Hashable] = {}
    for at, part in enumerate(parts):
        people = _plain(part.population)
        if not people:
            return Refused(Refusal.SAME_POPULATION, (part.key, parts[at - 1].key))  # before the first comes the last
        if people in seen:
            return Refused(Refusal.SAME_POPULATION, (seen[people], part.key))
        seen[people] = part.key
    return None


def _no_period(parts: Iterable[Part]) -> Refused | None:
    for part in parts:
        if part.start is None or part.end is None or part.end < part.start:
            return Refused(Refusal.NO_PERIOD, (part.key,))
    return None


def _periods(parts: Iterable[Part]) -> dict[tuple[date, date], Hashable]:
    """Each period once, with the key of the first part that has it."""
    first: dict[tuple[date, date], Hashable] = {}
    for part in parts:
        if part.start is not None and part.end is not None:
            first.setdefault((part.start, part.end), part.key)
    return first


def _not_in_a_row(parts: Iterable[Part]) -> Refused | None:
    # Sorted by their beginnings, if any two overlap, two neighbours do; and then no two count as apart.
    neighbours = list(pairwise(sorted(_periods(parts).items(), key=lambda item: item[0])))
    for (before, one), (after, other) in neighbours:
        if after[0] <= before[1]:
            return Refused(Refusal.PERIODS_OVERLAP, (one, other))
    for (before, one), (after, other) in neighbours:
        if (after[0] - before[1]).days > 1:
            return Refused(Refusal.PERIODS_APART, (one, other))
    return None
