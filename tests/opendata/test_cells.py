"""Cells that a spreadsheet would run are written so that it does not; numbers stay numbers."""

from decimal import Decimal

import pytest

from trustportal.opendata.cells import cell
from trustportal.opendata.writing import for_csv

pytestmark = pytest.mark.either_database


@pytest.mark.parametrize("text", ["=1+1", "+44", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_would_be_run_gets_a_quote(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("number", [-5, -2.5, Decimal("-0.1"), 0])
def test_a_negative_number_stays_a_number(number: object) -> None:
    assert cell(number) is number


@pytest.mark.parametrize(("value", "written"), [(None, ""), ("", ""), ("Guy's", "Guy's"), ("a=b", "a=b")])
def test_all_else_is_written_as_it_is(value: object, written: str) -> None:
    assert cell(value) == written


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (["Guy's; King's", "Trust"], ["Guy's, King's", "Trust"]),
        (["ends;", ";begins", "a;b"], ["ends;", ";begins", "a;b"]),
        (["one; two; three"], ["one, two, three"]),
    ],
)
def test_several_values_can_be_told_apart(values: list[str], written: list[str]) -> None:
    assert str(for_csv(values)).split("; ") == written
