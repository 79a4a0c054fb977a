"""The numbers beside a chart span what it shows, and are round."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trustportal.charts.scales import places_for, ticks_for

pytestmark = pytest.mark.either_database


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
@example(0.0, 5e-324)
def test_the_scale_spans_what_it_shows(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = ticks_for(low, high)

    slack = max(abs(low), abs(high)) * 1e-6
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert ticks == sorted(set(ticks))


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(0, 10, [0, 2, 4, 6, 8, 10]), (83, 97, [80, 85, 90, 95, 100]), (5, 5, [2, 3, 4, 5, 6, 7, 8]), (0, 0, None)],
)
def test_the_scale_has_round_numbers(low: float, high: float, ticks: list | None) -> None:
    found = ticks_for(low, high)

    assert ticks is None or [round(tick, 9) for tick in found] == ticks
    assert len(found) > 1


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_scale_of_places_has_whole_places_and_spans_them(one: int, other: int) -> None:
    ticks = places_for(min(one, other), max(one, other))

    assert all(tick == int(tick) >= 1 for tick in ticks)
    assert ticks[0] <= min(one, other) <= max(one, other) <= ticks[-1]
    assert ticks == sorted(set(ticks))
    assert 2 <= len(ticks) <= 12


@pytest.mark.parametrize(
    ("best", "worst", "places"),
    [(3, 5, [1, 2, 3, 4, 5]), (1, 1, [1, 2]), (2, 9, [1, 3, 5, 7, 9]), (47, 52, [47, 48, 49, 50, 51, 52])],
)
def test_a_scale_of_places_begins_with_the_first_where_that_is_not_far(best: int, worst: int, places: list) -> None:
    assert places_for(best, worst) == places
