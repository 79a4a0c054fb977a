"""What a series says to a reader: one plain sentence and two verdicts, or why there are none."""

import datetime

import pytest

from trustportal.charts.reading import Reading, read
from trustportal.charts.spc import analyse

pytestmark = pytest.mark.either_database

USUAL = [10, 12, 11, 9, 10, 12, 10, 11, 9, 11, 10, 12, 9, 11, 10, 12, 11, 9, 11, 10]


def reading_of(values: list, direction: str = "increase", unit: str = "monthly", **options: object) -> Reading:
    dates = [datetime.date(2020, 1, 1) + datetime.timedelta(days=at) for at in range(len(values))]
    return read(analyse(dates, values, improvement_direction=direction, **options), direction=direction, unit=unit)


UP, DOWN = "Improving: higher than usual", "Getting worse: lower than usual"
WORSE = "Getting worse: higher than usual"


@pytest.mark.parametrize(
    ("latest", "direction", "sentence", "verdict"),
    [
        ([], "increase", "No real change: the figures go up and down as they usually do.", "No real change"),
        ([30], "increase", "The latest figure is far above what is usual: improving.", UP),
        ([30], "decrease", "The latest figure is far above what is usual: getting worse.", WORSE),
        ([-9], "neutral", "The latest figure is far below what is usual.", "Lower than usual"),
        ([11.5] * 8, "increase", "Higher than usual for 8 months: improving.", UP),
        ([9.5] * 7, "increase", "Lower than usual for 8 months: getting worse.", DOWN),
        ([9, 9.5, 10, 10.5, 11, 11.5, 12], "increase", "Rising for 7 months in a row: improving.", UP),
        ([None], "increase", "There is no figure for the latest period.", "No real change"),
    ],
)
def test_the_sentence_says_what_the_latest_figures_show(
    latest: list, direction: str, sentence: str, verdict: str
) -> None:
    reading = reading_of([*USUAL, *latest], direction)

    assert reading.sentence == sentence
    assert reading.variation.words == verdict
    assert reading.variation.sign


def test_two_of_three_near_a_limit_are_said() -> None:
    wide = [10.0, 12.0] * 12
    points = analyse([datetime.date(2020, 1, at) for at in range(1, 25)], wide).points
    near = (points.near_upl[0] + points.upl[0]) / 2
    reading = reading_of([*wide, near, near], fix_after_n_points=24)

    assert reading.sentence == "Two of the last three figures are much higher than usual: improving."


@pytest.mark.parametrize(("unit", "words"), [("weekly", "8 weeks"), ("quarterly", "8 quarters"), ("yearly", "8 years")])
def test_runs_are_counted_in_the_unit_of_the_series(unit: str, words: str) -> None:
    assert words in reading_of([*USUAL, *[11.5] * 8], unit=unit).sentence


@pytest.mark.parametrize(
    ("target", "direction", "sign"),
    [(1, "increase", "✓"), (50, "increase", "✗"), (10, "increase", "?"), (1, "decrease", "✗")],
)
def test_the_target_is_judged_by_the_limits(target: float, direction: str, sign: str) -> None:
    assert reading_of(USUAL, direction, target=target).assurance.sign == sign


def test_without_a_target_nothing_is_said_of_one() -> None:
    assert reading_of(USUAL).assurance is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (USUAL[:12], "There are only 12 figures: too few to tell what is usual. That takes 13."),
        (USUAL[:1], "There is only 1 figure"),
        ([7] * 20, "The figure has been the same throughout."),
        ([7, None, 8, None] * 5, "Too many figures are missing"),
    ],
)
def test_where_there_is_too_little_to_say_that_is_said_and_no_verdict_given(values: list, words: str) -> None:
    reading = reading_of(values, target=8)

    assert words in reading.sentence
    assert (reading.variation, reading.assurance) == (None, None)


def test_the_figures_since_new_limits_began_are_counted_alone() -> None:
    reading = reading_of([*USUAL, 30, 31], rebase=[datetime.date(2020, 1, 21)])

    assert "Since new limits began there are only 2 figures" in reading.sentence


def test_a_run_is_not_counted_across_new_limits() -> None:
    later = [*USUAL[:13], *[11.2] * 8]
    reading = reading_of([*[11.3] * 20, *later], rebase=[datetime.date(2020, 1, 21)])

    assert "for 8 months" in reading.sentence
