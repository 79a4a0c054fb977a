"""Statistical process control: XmR charts after Making Data Count (NHS England).

Agrees point for point with NHSRplotthedots 0.2.2. Plain Python: values in, figures, flags and icons out. How they are
shown, and what is held back from readers where there are too few points, is decided elsewhere. "Undefined" (missing,
or not to be worked out) is None throughout; a comparison with an undefined side is undefined, and what is undefined
raises no flag. The rules themselves are in `rules.py`.
"""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import groupby, pairwise
from typing import Literal

from trustportal.charts.rules import (
    COMMON_CAUSE,
    SIDE,
    mean_of,
    moving_ranges,
    name_of,
    shifts,
    trends,
    two_in_three,
)

Direction = Literal["increase", "decrease", "neutral"]
TwoOfThree = Literal["between", "beyond"]

DIRECTIONS: tuple[Direction, ...] = ("increase", "decrease", "neutral")
LIMIT = 2.66  # times the mean moving range, from the mean to a process limit: three sigma
NEAR_LIMIT = 2 * (LIMIT / 3)  # the same for two sigma
SHORT = 13  # rows below which limits are shaky
SHORTEST_FIX = 12

POINT_TYPES = {
    "increase": {1: "special_cause_improvement", -1: "special_cause_concern"},
    "decrease": {1: "special_cause_concern", -1: "special_cause_improvement"},
    "neutral": {1: "special_cause_neutral_high", -1: "special_cause_neutral_low"},
}
ASSURANCE_ICONS = {"consistent_pass": "pass", "consistent_fail": "fail", "inconsistent": "inconsistent"}


class UnfitSeries(ValueError):
    """The series cannot be analysed; the message says why, in words for whoever sent it."""


@dataclass(slots=True)
class Points:
    """One list a column, with a row for each observation, by facet and then by date.

    Figures are in the unit of the values, flags are booleans; None stands for what is undefined, and the flags of the
    three run rules are False there. The columns `facet` and `trajectory` are None as a whole where none were given.
    """

    date: list[datetime.date]
    facet: list[str] | None
    value: list[float | None]
    rebase_group: list[int]
    baseline_value: list[float | None]
    moving_range_used: list[float | None]
    mean_moving_range: list[float | None]
    mean: list[float | None]
    lpl: list[float | None]
    upl: list[float | None]
    near_lpl: list[float | None]
    near_upl: list[float | None]
    relative_to_mean: list[int | None]
    outside_limits: list[bool | None]
    close_to_limits: list[bool | None]
    rule_trend: list[bool]
    rule_two_in_three: list[bool]
    rule_shift: list[bool]
    special_cause_type: list[str]
    special_cause_flag: list[bool]
    point_type: list[str]
    target: list[float | None]
    trajectory: list[float | None] | None
    short_group_warning: list[bool]

    def has_limits(self, at: int) -> bool:
        """Whether limits can be shown for a row: its segment is long enough, and they could be worked out."""
        return not self.short_group_warning[at] and self.upl[at] is not None

    def since(self, start: int) -> "Points":
        """The rows from one on, counted from 0."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return Points(**{name: column and column[start:] for name, column in parts.items()})

    def columns(self) -> dict[str, list]:
        """The columns that there are, by name, in order."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: column for name, column in named if column is not None}


@dataclass(frozen=True, slots=True)
class Overall:
    """What a facet comes to: how its last row stands, and its last limits against the target."""

    facet: str | None
    last_point_type: str
    variation_icon: str
    assurance_type: str | None
    assurance_icon: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many rows of a segment are which. `rebase_group` is None where no re-basing was asked for."""

    facet: str | None
    rebase_group: int | None
    n: int
    common_cause: int
    special_cause_improvement: int
    special_cause_concern: int
    variation_type: str
    assurance_type: str | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """A series, analysed: its points, an overall result for each facet, a summary for each facet and segment."""

    points: Points
    overall: list[Overall]
    summary: list[Summary]


@dataclass(frozen=True, slots=True)
class _Row:
    date: datetime.date
    value: float | None
    trajectory: float | None


def analyse(
    dates: Sequence[datetime.date],
    values: Sequence[float | None],
    *,
    facets: Sequence[str] | None = None,
    improvement_direction: Direction = "increase",
    fix_after_n_points: int | None = None,
    rebase: Iterable[datetime.date] | Mapping[str, Iterable[datetime.date]] | None = None,
    target: float | Mapping[str, float] | None = None,
    screen_outliers: bool = True,
    trajectory: Sequence[float | None] | None = None,
    two_of_three: TwoOfThree = "between",
) -> Analysis:
    """Analyse one series, or several that are told apart by `facets`.

    `dates`, `values`, `facets` and `trajectory` have a place for each row, in any order; a missing value is None and
    keeps its row. `rebase` names the dates of the rows at which limits begin anew, and `target` a number, each for all
    facets or by facet. `fix_after_n_points` takes the limits from the first rows of each segment alone (12 or more).
    `screen_outliers` leaves outlying moving ranges out of the limits, once. `two_of_three` counts for that rule the
    points between two and three sigma, as the reference, or all "beyond" two sigma, as NHS England since 2023.

    Raises UnfitSeries for what the reference refuses, and for figures that are no finite numbers.
    """
    rows = _rows(dates, values, facets, trajectory)
    _check_options(improvement_direction, fix_after_n_points, two_of_three)
    rebase_of = _by_facet(rebase, rows, facets, "rebase")
    target_of = _by_facet(target, rows, facets, "target")
    targets = {facet: None if number is None else _number(number, "The target") for facet, number in target_of.items()}
    has_target = any(number is not None for number in targets.values())
    points = Points(**{field.name: [] for field in fields(Points)})
    names: list[str] = []
    path: list[float | None] = []
    overall, summary = [], []
    for facet, of_facet in rows.items():
        goal = targets[facet]
        groups = _segments(of_facet, frozenset(rebase_of[facet] or ()))
        for position, (group, segment) in enumerate(groups, start=1):
            start = len(points.value)
            _add_segment(
                points, segment, group, improvement_direction, fix_after_n_points, screen_outliers, two_of_three
            )
            assurance = None
            if position == len(groups) and has_target and improvement_direction != "neutral":
                assurance = _assurance(goal, points.lpl[-1], points.upl[-1], improvement_direction)
            types = points.point_type[start:]
            summary.append(
                Summary(
                    facet,
                    group if rebase else None,
                    len(segment),
                    types.count("common_cause"),
                    types.count("special_cause_improvement"),
                    types.count("special_cause_concern"),
                    types[-1],
                    assurance,
                )
            )
        names += [facet or ""] * len(of_facet)
        path += [row.trajectory for row in of_facet]
        points.target += [goal] * len(of_facet)
        last, icon = points.point_type[-1], ASSURANCE_ICONS.get(assurance or "")
        overall.append(Overall(facet, last, _variation_icon(last, improvement_direction), assurance, icon))
    points.facet = None if facets is None else names
    points.trajectory = None if trajectory is None else path
    return Analysis(points, overall, summary)


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise UnfitSeries(f"{name} “{value}” is not a number.")
    try:
        number = float(value)
    except (OverflowError, ValueError):
        number = math.inf
    if not math.isfinite(number):
        raise UnfitSeries(f"{name} “{value}” is not a finite number.")
    return number


def _check_options(direction: object, fix: object, two_of_three: object) -> None:
    if direction not in DIRECTIONS:
        raise UnfitSeries(f"The improvement direction is “increase”, “decrease” or “neutral”, not “{direction}”.")
    if two_of_three not in {"between", "beyond"}:
        raise UnfitSeries(f"The two-of-three rule counts points “between” or “beyond”, not “{two_of_three}”.")
    if fix is None:
        return
    if isinstance(fix, bool) or not isinstance(fix, int | float) or not math.isfinite(fix) or fix < SHORTEST_FIX:
        raise UnfitSeries(f"Limits are fixed after {SHORTEST_FIX} points or more, not after “{fix}”.")


def _rows(
    dates: Sequence[datetime.date],
    values: Sequence[float | None],
    facets: Sequence[str] | None,
    trajectory: Sequence[float | None] | None,
) -> dict[str | None, list[_Row]]:
    """The rows of each facet by date; facets in plain character order. Raises UnfitSeries."""
    if not dates:
        raise UnfitSeries("There are no observations.")
    columns = {"values": values, "facets": facets, "trajectory": trajectory}
    for name, column in columns.items():
        if column is not None and len(column) != len(dates):
            raise UnfitSeries(f"There are {len(dates)} dates and {len(column)} {name}.")
    if facets is None:
        rows: dict[str | None, list[_Row]] = {None: []}
    else:
        rows = {facet: [] for facet in sorted(set(facets))}
    for at, (date, value) in enumerate(zip(dates, values, strict=True)):
        if not isinstance(date, datetime.date):
            raise UnfitSeries(f"“{date}” is not a date.")
        if value is not None and not (type(value) is float and math.isfinite(value)):
            value = _number(value, "The value")
        expected = None if trajectory is None or trajectory[at] is None else _number(trajectory[at], "The trajectory")
        rows[None if facets is None else facets[at]].append(_Row(date, value, expected))
    for facet, of_facet in rows.items():
        of_facet.sort(key=lambda row: row.date)
        for earlier, later in pairwise(of_facet):
            if earlier.date == later.date:
                where = f" in “{facet}”" if facet is not None else ""
                raise UnfitSeries(f"There are two observations on {later.date.isoformat()}{where}.")
    return rows


def _by_facet(option: object, rows: Mapping[str | None, list[_Row]], facets: object, name: str) -> dict:
    """What an option says for each facet. Raises UnfitSeries."""
    if not isinstance(option, Mapping):
        return dict.fromkeys(rows, option)
    if facets is None:
        raise UnfitSeries(f"“{name}” is given by facet, but there are no facets.")
    if unknown := set(option) - set(rows):
        raise UnfitSeries(f"“{name}” names facets that no observation has: {', '.join(sorted(map(str, unknown)))}.")
    return {facet: option.get(facet) for facet in rows}


def _segments(rows: list[_Row], rebase: frozenset[datetime.date]) -> list[tuple[int, list[_Row]]]:
    """The rows between re-basing dates, each lot with its number. Dates on which there is no row count for nothing."""
    if not rebase:
        return [(0, rows)]
    group, numbered = 0, []
    for row in rows:
        group += row.date in rebase
        numbered.append((group, row))
    return [(number, [row for _, row in lot]) for number, lot in groupby(numbered, key=lambda pair: pair[0])]


def _add_segment(
    points: Points,
    rows: list[_Row],
    group: int,
    direction: Direction,
    fix: int | None,
    screen: bool,
    two_of_three: TwoOfThree,
) -> None:
    """Work out one segment, which sees nothing outside itself, and add its rows to the columns."""
    n = len(rows)
    values = [row.value for row in rows]
    baseline = values if fix is None else [value if at < fix else None for at, value in enumerate(values)]
    defined = [value for value in baseline if value is not None]
    mean = mean_of(defined) if defined else None
    ranges = moving_ranges(baseline, screen=screen)
    used = [one for one in ranges if one is not None]
    amr = mean_of(used) if used else None
    outside: list[bool | None]
    close: list[bool | None]
    if mean is None or amr is None:
        lpl = upl = near_lpl = near_upl = None
        outside, close = [None] * n, [None] * n
    else:
        lpl, upl = mean - LIMIT * amr, mean + LIMIT * amr
        near_lpl, near_upl = mean - NEAR_LIMIT * amr, mean + NEAR_LIMIT * amr
        outside = [None if y is None else y > upl or y < lpl for y in values]
        close = [
            None if y is None else not out and (y < near_lpl or y > near_upl)
            for y, out in zip(values, outside, strict=True)
        ]
    sides = [None if y is None or mean is None else (y > mean) - (y < mean) for y in values]
    counted = close
    if two_of_three == "beyond":
        counted = [None if out is None else out or near for out, near in zip(outside, close, strict=True)]
    shift, trend = shifts(sides), trends(values)
    pairs = two_in_three(counted, sides)
    types = [COMMON_CAUSE] * n
    if any(outside) or True in trend or True in pairs or True in shift:
        types = [name_of(at, values, sides, outside[at], trend, pairs[at], shift[at]) for at in range(n)]
    point_types = POINT_TYPES[direction]
    points.date += [row.date for row in rows]
    points.value += values
    points.rebase_group += [group] * n
    points.baseline_value += baseline
    points.moving_range_used += ranges
    points.mean_moving_range += [amr] * n
    points.mean += [mean] * n
    points.lpl += [lpl] * n
    points.upl += [upl] * n
    points.near_lpl += [near_lpl] * n
    points.near_upl += [near_upl] * n
    points.relative_to_mean += sides
    points.outside_limits += outside
    points.close_to_limits += close
    points.rule_trend += trend
    points.rule_two_in_three += pairs
    points.rule_shift += shift
    points.special_cause_type += types
    points.special_cause_flag += [name != COMMON_CAUSE for name in types]
    points.point_type += [point_types.get(SIDE[name], "common_cause") for name in types]
    points.short_group_warning += [n < SHORT] * n


def _variation_icon(point_type: str, direction: Direction) -> str:
    """The icon's high or low comes from the direction that is good, not from where the point lies."""
    if point_type == "common_cause":
        return point_type
    kind = point_type.removeprefix("special_cause_")
    if direction == "neutral":
        return kind
    high = (kind == "improvement") == (direction == "increase")
    return f"{kind}_{'high' if high else 'low'}"


def _assurance(target: float | None, lpl: float | None, upl: float | None, direction: Direction) -> str:
    """Whether the target will be met, judged by the last limits; "inconsistent" also where they are not known."""
    if target is not None and lpl is not None and upl is not None:
        if target > upl:
            return "consistent_fail" if direction == "increase" else "consistent_pass"
        if target < lpl:
            return "consistent_pass" if direction == "increase" else "consistent_fail"
    return "inconsistent"
