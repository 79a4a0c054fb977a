"""The engine of the control charts: agreement with the reference, and the properties that hold for every series."""

import datetime
import json
import math
import random
import statistics
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trustportal.charts.series import analysis_of, as_data
from trustportal.charts.spc import (
    COMMON_CAUSE,
    DIRECTIONS,
    SHORT,
    SIDE,
    Analysis,
    UnfitSeries,
    analyse,
    mean_of,
)

pytestmark = pytest.mark.either_database

# From NHSRplotthedots 0.2.2; the licence of its data stands in the file.
CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "golden.json").read_text())["cases"]}
FIRST = datetime.date(2020, 1, 1)
FLAGS = ("outside_limits", "close_to_limits", "rule_trend", "rule_two_in_three", "rule_shift", "special_cause_flag")
MIRRORED = {
    "Above UCL": "Below LCL",
    "7 Point Trend (Increasing)": "7 Point Trend (Decreasing)",
    "2 in 3 Above CL": "2 in 3 Below CL",
    "7 Points Above CL": "7 Points Below CL",
    COMMON_CAUSE: COMMON_CAUSE,
}
MIRRORED |= {there: here for here, there in MIRRORED.items()}


def days(count: int) -> list[datetime.date]:
    return [FIRST + datetime.timedelta(days=at) for at in range(count)]


def of(values: list[float | None], **options: object) -> Analysis:
    """The analysis of values on successive days."""
    return analyse(days(len(values)), values, **options)


# Few different numbers, so that ties, runs and points on the mean come about; with gaps.
numbers = st.one_of(
    st.integers(-5, 5).map(float),
    st.integers(-400, 400).map(lambda whole: whole / 8),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 4)),
)
series = st.lists(st.one_of(st.none(), numbers, numbers, numbers), min_size=1, max_size=45)
directions = st.sampled_from(DIRECTIONS)
targets = st.one_of(st.none(), numbers)


# The reference


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_case_of_the_reference_agrees(case: dict) -> None:
    found, expected = as_data(analysis_of(case["input"])), case["expected"]
    size = max((abs(value) for value in case["input"]["values"] if value is not None), default=1.0)

    assert list(found["points"]) == list(expected["points"])
    for name, column in expected["points"].items():
        for here, there in zip(found["points"][name], column, strict=True):
            if type(there) is float:
                assert here == pytest.approx(there, rel=1e-9, abs=1e-9 * size), name
            else:
                assert here == there, name
    assert found["overall"] == expected["overall"]
    assert found["summary"] == expected["summary"]


def test_all_cases_are_there() -> None:
    assert len(CASES) == 78


def test_the_worked_example_of_the_specification() -> None:
    values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    screened, whole = of(values).points, of(values, screen_outliers=False).points

    assert screened.mean[0] == pytest.approx(35 / 18)
    assert screened.mean_moving_range[0] == 1
    assert (screened.lpl[0], screened.upl[0]) == (pytest.approx(-0.7156, abs=5e-5), pytest.approx(4.6044, abs=5e-5))
    assert [value for value, is_out in zip(values, screened.outside_limits, strict=True) if is_out] == [10]
    assert (whole.lpl[0], whole.upl[0]) == (pytest.approx(-3.0626, abs=5e-5), pytest.approx(6.9515, abs=5e-5))


# Numbers


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=60))
def test_the_mean_is_the_exact_one_rounded_once(values: list[float]) -> None:
    try:
        exact = statistics.mean(values)
    except OverflowError:
        assume(False)
    assert mean_of(values) == exact


@pytest.mark.parametrize("values", [[0.1] * 3, [0.1] * 10, [1e308, 1e308], [5e-324, 5e-324, 0.0], [2.0**53, 1.0, 1.0]])
def test_the_mean_is_right_where_quicker_ways_are_not(values: list[float]) -> None:
    assert mean_of(values) == statistics.mean(values)


def test_a_constant_series_has_no_limits_and_no_shift() -> None:
    points = of([0.1] * 20).points

    assert set(points.relative_to_mean) == {0}
    assert set(points.lpl) == {None}
    assert set(points.special_cause_type) == {COMMON_CAUSE}


# Properties


@given(series, directions, targets, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    values: list, direction: str, target: float | None, chance: random.Random
) -> None:
    rows = list(zip(days(len(values)), values, strict=True))
    chance.shuffle(rows)
    options = {"improvement_direction": direction, "target": target}

    assert analyse(*map(list, zip(*rows, strict=True)), **options) == of(values, **options)


@given(st.lists(series, min_size=2, max_size=3), directions)
def test_a_facet_reads_the_same_alone_and_among_others(several: list[list], direction: str) -> None:
    names = [f"facet {at}" for at in range(len(several)) for _ in several[at]]
    dates = [date for values in several for date in days(len(values))]
    together = analyse(
        dates, [value for values in several for value in values], facets=names, improvement_direction=direction
    )

    start = 0
    for at, values in enumerate(several):
        alone = of(values, improvement_direction=direction)
        for name, column in alone.points.columns().items():
            assert together.points.columns()[name][start : start + len(values)] == column, name
        assert asdict(together.overall[at]) | {"facet": None} == asdict(alone.overall[0])
        start += len(values)


@given(series, series, directions)
def test_a_segment_reads_the_same_alone_and_after_another(first: list, second: list, direction: str) -> None:
    whole = of([*first, *second], improvement_direction=direction, rebase=[days(len(first) + 1)[-1]])

    for values, part in ((first, slice(0, len(first))), (second, slice(len(first), None))):
        alone = of(values, improvement_direction=direction).points.columns()
        for name in set(alone) - {"date", "rebase_group"}:
            assert whole.points.columns()[name][part] == alone[name], name


@given(st.lists(numbers, min_size=12, max_size=20), series, st.integers(12, 20))
def test_rows_after_a_fixed_baseline_move_no_limit(first: list, later: list, fix: int) -> None:
    fix = min(fix, len(first))
    before, after = (of(values, fix_after_n_points=fix).points for values in (first, [*first, *later]))

    for name in ("mean", "lpl", "upl", "near_lpl", "near_upl"):
        assert getattr(after, name)[0] == getattr(before, name)[0], name


@given(series, st.sampled_from(["increase", "decrease"]), targets)
def test_what_is_mirrored_reads_mirrored(values: list, direction: str, target: float | None) -> None:
    turned = [None if value is None else -value for value in values]
    other = "decrease" if direction == "increase" else "increase"
    here = of(values, improvement_direction=direction, target=target)
    there = of(turned, improvement_direction=other, target=None if target is None else -target)

    # Where two trends meet in a tie the reference calls the last point of the first one decreasing, on either side.
    ties = {
        at
        for at in range(len(values) - 1)
        if values[at] == values[at + 1] and here.points.rule_trend[at] and here.points.rule_trend[at + 1]
    }
    for name in FLAGS:
        assert getattr(here.points, name) == getattr(there.points, name), name
    for at, name in enumerate(here.points.special_cause_type):
        if at not in ties:
            assert there.points.special_cause_type[at] == MIRRORED[name]
            assert there.points.point_type[at] == here.points.point_type[at]
    assert here.overall[0].assurance_type == there.overall[0].assurance_type


@given(series)
def test_the_screen_never_widens_limits(values: list) -> None:
    screened, whole = of(values).points, of(values, screen_outliers=False).points

    if screened.upl[0] is not None:
        assert screened.upl[0] <= whole.upl[0]
        assert screened.lpl[0] >= whole.lpl[0]


@given(series, targets, st.integers(-20, 20))
def test_another_scale_changes_no_flag(values: list, target: float | None, power: int) -> None:
    scaled = [None if value is None else math.ldexp(value, power) for value in values]
    here = of(values, target=target)
    there = of(scaled, target=None if target is None else math.ldexp(target, power))

    for name in (*FLAGS, "relative_to_mean", "special_cause_type"):
        assert getattr(here.points, name) == getattr(there.points, name), name
    assert here.overall == there.overall


@given(series, directions)
def test_the_direction_changes_types_and_icons_alone(values: list, direction: str) -> None:
    here, there = of(values).points.columns(), of(values, improvement_direction=direction).points.columns()

    assert {name for name in here if here[name] != there[name]} <= {"point_type"}


@given(series, st.data())
def test_a_trajectory_is_carried_through_and_changes_nothing(values: list, data: st.DataObject) -> None:
    path = data.draw(st.lists(numbers, min_size=len(values), max_size=len(values)))
    here, there = of(values), of(values, trajectory=path)

    assert there.points.trajectory == path
    assert here.points.columns() == {
        name: column for name, column in there.points.columns().items() if name != "trajectory"
    }
    assert here.overall == there.overall


@given(series, directions, numbers)
def test_a_target_changes_the_assurance_alone(values: list, direction: str, target: float) -> None:
    here = of(values, improvement_direction=direction)
    there = of(values, improvement_direction=direction, target=target)

    assert {name for name, column in here.points.columns().items() if column != getattr(there.points, name)} <= {
        "target"
    }
    assert here.overall[0].variation_icon == there.overall[0].variation_icon
    assert (there.overall[0].assurance_type is None) == (direction == "neutral")


@given(series, directions)
def test_a_point_is_flagged_when_a_rule_names_it(values: list, direction: str) -> None:
    points = of(values, improvement_direction=direction).points

    assert set(points.special_cause_type) <= set(SIDE)
    assert points.special_cause_flag == [name != COMMON_CAUSE for name in points.special_cause_type]
    assert points.special_cause_flag == [kind != "common_cause" for kind in points.point_type]
    assert points.short_group_warning == [len(values) < SHORT] * len(values)


@given(series)
def test_beyond_counts_all_that_between_counts(values: list) -> None:
    between, beyond = of(values).points, of(values, two_of_three="beyond").points

    pairs = zip(between.rule_two_in_three, beyond.rule_two_in_three, strict=True)
    assert all(later or not earlier for earlier, later in pairs)


def test_beyond_two_sigma_counts_points_outside_the_limits() -> None:
    values = [0.0, 1.0] * 15 + [3.0, 9.0, 1.0, 0.0, 1.0, 0.0]
    between, beyond = of(values).points, of(values, two_of_three="beyond").points

    assert (between.close_to_limits[30], between.outside_limits[31]) == (True, True)
    assert not any(between.rule_two_in_three)
    assert beyond.rule_two_in_three[30:32] == [True, True]


# What is refused


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"values": [1.0, math.inf]}, "finite"),
        ({"values": [1.0, math.nan]}, "finite"),
        ({"values": [1.0, 10**400]}, "finite"),
        ({"values": [1.0, "2"]}, "not a number"),
        ({"values": [1.0, True]}, "not a number"),
        ({"values": [1.0]}, "2 dates and 1 values"),
        ({"dates": [FIRST, FIRST]}, "two observations on 2020-01-01"),
        ({"dates": [FIRST, "2020-01-02"]}, "not a date"),
        ({"dates": [], "values": []}, "no observations"),
        ({"improvement_direction": "up"}, "direction"),
        ({"fix_after_n_points": 11}, "12 points or more"),
        ({"fix_after_n_points": True}, "12 points or more"),
        ({"target": math.inf}, "finite"),
        ({"target": {"a": 1}}, "no facets"),
        ({"rebase": {"a": [FIRST]}}, "no facets"),
        ({"facets": ["a", "b"], "target": {"c": 1}}, "no observation has: c"),
        ({"facets": ["a", "b"], "rebase": {"c": [FIRST]}}, "no observation has: c"),
        ({"facets": ["a"]}, "2 dates and 1 facets"),
        ({"trajectory": [1.0]}, "2 dates and 1 trajectory"),
        ({"trajectory": [1.0, "x"]}, "not a number"),
        ({"two_of_three": "all"}, "two-of-three"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_words(options: dict, words: str) -> None:
    with pytest.raises(UnfitSeries, match=words):
        analyse(**({"dates": days(2), "values": [1.0, 2.0]} | options))


def test_two_facets_may_have_the_same_dates() -> None:
    assert len(analyse([FIRST, FIRST], [1.0, 2.0], facets=["b", "a"]).overall) == 2
