"""The arithmetic and the rules of an XmR chart, each on its own, inside one segment.

Lists have a place for each row, by date; None stands for what is undefined.
"""

import math
import statistics
from collections.abc import Sequence
from itertools import groupby, pairwise

RUN = 7  # points in a shift or a trend
SCREEN = 3.267  # times the mean moving range: what lies there or beyond is left out of the limits (Nelson, 1982)
COMMON_CAUSE = "Common Cause"
# The side of the process on which a rule says that something happened.
SIDE = {
    "Above UCL": 1,
    "Below LCL": -1,
    "7 Point Trend (Increasing)": 1,
    "7 Point Trend (Decreasing)": -1,
    "2 in 3 Above CL": 1,
    "2 in 3 Below CL": -1,
    "7 Points Above CL": 1,
    "7 Points Below CL": -1,
    COMMON_CAUSE: 0,
}


def mean_of(values: Sequence[float]) -> float:
    """The exact mean, rounded once to a double; flags turn on it, so `sum()/n` and `fmean` will not do.

    Takes the quick mean, and asks with an exact remainder whether it is the nearest double; most often it is.
    """
    n = len(values)
    try:
        quick = math.fsum(values) / n
        rest = math.fsum([*values, *[-quick] * n])
    except OverflowError:
        return statistics.mean(values)
    # Half the distance to the next double; below a power of two it is a quarter, which frexp's 0.5 gives away.
    half = math.ulp(quick) / (4 if abs(math.frexp(quick)[0]) == 0.5 else 2)
    return quick if rest == 0 or abs(rest) < n * half else statistics.mean(values)


def moving_ranges(baseline: list[float | None], *, screen: bool) -> list[float | None]:
    """From each row to the one before; with the screen, without those that lie far out. One pass only."""
    ranges: list[float | None] = [None]
    ranges += [None if before is None or value is None else abs(value - before) for before, value in pairwise(baseline)]
    defined = [one for one in ranges if one is not None]
    if not screen or not defined:
        return ranges
    cut = SCREEN * mean_of(defined)
    return [one if one is not None and one < cut else None for one in ranges]


def shifts(sides: list[int | None]) -> list[bool]:
    """All members of runs of seven or more on one side of the mean."""
    flags: list[bool] = []
    for side, run in groupby(sides):
        length = len(list(run))
        flags += [bool(side) and length >= RUN] * length
    return flags


def trends(values: list[float | None]) -> list[bool]:
    """All members of runs of seven or more that rise, or fall, at each step. A missing value ends a run."""
    flags = [False] * len(values)
    steps = [
        0 if before is None or value is None else (value > before) - (value < before)
        for before, value in pairwise(values)
    ]
    start = 0
    for step, run in groupby(steps):
        length = len(list(run))
        if step and length >= RUN - 1:
            flags[start : start + length + 1] = [True] * (length + 1)
        start += length
    return flags


def two_in_three(counted: list[bool | None], sides: list[int | None]) -> list[bool]:
    """Those that count in a window of three on one side of the mean in which at least two count."""
    flags = [False] * len(counted)
    if counted.count(True) < 2:
        return flags
    for at in range(len(counted) - 2):
        window = counted[at : at + 3]
        if window.count(True) >= 2 and None not in window and sides[at] == sides[at + 1] == sides[at + 2] != 0:
            for place, counts in enumerate(window, start=at):
                flags[place] |= bool(counts)
    return flags


def name_of(
    at: int,
    values: list[float | None],
    sides: list[int | None],
    outside: bool | None,
    trend: list[bool],
    pair: bool,
    shift: bool,
) -> str:
    """Which rule names the point: the first that holds."""
    if outside:
        return "Above UCL" if sides[at] == 1 else "Below LCL"
    if trend[at]:
        return f"7 Point Trend ({'Increasing' if _rises(at, values, trend) else 'Decreasing'})"
    if pair:
        return "2 in 3 Above CL" if sides[at] == 1 else "2 in 3 Below CL"
    if shift:
        return "7 Points Above CL" if sides[at] == 1 else "7 Points Below CL"
    return COMMON_CAUSE


def _rises(at: int, values: list[float | None], trend: list[bool]) -> bool:
    """Whether a point in a trend rises: to the next point where that is in a trend too, otherwise from the one before.

    So what two trends share belongs to the later one; and where two rising trends meet in a tie, the first ends as
    falling, as in the reference.
    """
    follows = at + 1 < len(values) and trend[at + 1]
    before, after = (values[at], values[at + 1]) if follows else (values[at - 1], values[at])
    return before is not None and after is not None and after > before
