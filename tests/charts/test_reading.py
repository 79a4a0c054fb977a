"""What a series says to a reader: one plain sentence and two verdicts, or why there are none."""

import datetime

import pytest

from trustportal.charts.reading import Reading, Told, read, read_answers, read_pair, read_places
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
        ([*USUAL, None], "There is no figure for the latest period."),
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


@pytest.mark.parametrize(
    ("now", "before", "direction", "sentence"),
    [
        (3, 5, "decrease", "3 in 2025, up from 5 in 2024: better."),
        (5, 3, "decrease", "5 in 2025, down from 3 in 2024: worse."),
        (3, 3, "decrease", "3 in 2025, as in 2024."),
        (3, 5, "increase", "3 in 2025, after 5 in 2024: worse."),
        (5, 3, "increase", "5 in 2025, after 3 in 2024: better."),
        (5, 3, "neutral", "5 in 2025, after 3 in 2024."),
    ],
)
def test_a_place_is_compared_with_the_one_before(now: int, before: int, direction: str, sentence: str) -> None:
    reading = read_places(
        Told(str(now), "in 2025"), Told(str(before), "in 2024"), climbed=before - now, direction=direction
    )

    assert reading == Reading(sentence)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (True, "2,477 in 2019, 310 more than in 2018."),
        (False, "2,477 in 2019, 310 less than in 2018."),
        (None, "2,477 in 2019, the same as in 2018."),
    ],
)
def test_two_figures_are_compared_without_a_verdict(more: bool | None, sentence: str) -> None:
    told = Told("2,477", "in 2019"), Told("2,167", "in 2018")

    assert read_pair(*told, more=more, difference="310") == Reading(sentence)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([True] * 5 + [False], "Yes in 5 of 6 periods; the latest is no."),
        ([False, True], "Yes in 1 of 2 periods; the latest is yes."),
        ([True, True], "Yes in both periods."),
        ([False, False, False], "No in all 3 periods."),
        ([True, False, None], "Yes in 1 of 2 periods. There is no figure for the latest period."),
        ([None, True, True, None], "Yes in both periods. There is no figure for the latest period."),
        ([None, True, False], "Yes in 1 of 2 periods; the latest is no."),
    ],
)
def test_answers_are_counted_and_the_latest_is_said(answers: list, sentence: str) -> None:
    assert read_answers(answers) == Reading(sentence)
