"""Small drawings beside a line of words."""

import pytest

from trustportal.charts.sparks import MOST_IN_SPARK, MOST_SIGNS, SIGNS, signs, sparkline

pytestmark = pytest.mark.either_database


def test_one_known_value_makes_no_line() -> None:
    assert sparkline([]) is None
    assert sparkline([None, 4.0, None]) is None


def test_a_line_rises_with_its_values_and_breaks_where_one_is_missing() -> None:
    path, x, y = sparkline([1.0, None, 2.0, 3.0])

    assert path == "M4 24M78.7 14L116 4"
    assert (x, y) == (116, 4)


def test_equal_values_lie_in_the_middle_and_old_ones_are_left_out() -> None:
    path, _x, y = sparkline([100.0] + [5.0] * MOST_IN_SPARK)

    assert y == 14
    assert path.count("L") == MOST_IN_SPARK - 1


def test_the_newest_answers_are_signs_that_differ_in_shape() -> None:
    drawn = signs([True] * 20 + [False, None])

    assert drawn.count(SIGNS[True]) == MOST_SIGNS - 2
    assert drawn.endswith(SIGNS[None])
    assert drawn.count(SIGNS[False]) == 1
    assert len(set(SIGNS.values())) == 3
