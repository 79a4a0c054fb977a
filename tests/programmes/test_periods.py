"""Periods that follow each other, the ways in which one is written, and when the next figure is due."""

import datetime
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programmes.models import Observation, OutcomeMetric
from programmes.models.due import LONG_OVERDUE
from programmes.models.periods import LAST_YEAR, next_period, spellings_of_end, spellings_of_start
from tests.factories import ObservationFactory, OutcomeMetricFactory
from trustportal.partial_date import PartialDate, period_in_words

A_DAY = datetime.timedelta(days=1)
AGAIN = ["weekly", "monthly", "quarterly", "yearly"]
DAYS = st.dates(datetime.date(1000, 1, 1), datetime.date(9980, 12, 31))


def at(text: str) -> PartialDate:
    return PartialDate.parse(text)


def of_day(day: datetime.date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    """A date known to the year, the month or the day."""
    day = draw(DAYS)
    parts = draw(st.integers(1, 3))
    return PartialDate(*(day.year, day.month, day.day)[:parts])


@st.composite
def periods(draw: st.DrawFn) -> tuple[PartialDate, PartialDate]:
    """A beginning and an end that is not before it, each written as vaguely as may be."""
    start, end = draw(partial_dates()), draw(partial_dates())
    assume(start.earliest <= end.latest)
    return start, end


# What comes next


@pytest.mark.either_database
@given(periods(), st.sampled_from(AGAIN))
def test_the_next_period_begins_on_the_day_after_the_last(
    period: tuple[PartialDate, PartialDate], frequency: str
) -> None:
    following = next_period(*period, frequency)

    assert following is not None
    assert following[0].earliest == period[1].latest + A_DAY
    assert following[1].latest > period[1].latest


@pytest.mark.either_database
@given(periods(), st.sampled_from(AGAIN))
def test_period_after_period_none_overlaps_and_no_day_is_left_out(
    period: tuple[PartialDate, PartialDate], frequency: str
) -> None:
    found = [period]
    for _ in range(14):
        found.append(next_period(*found[-1], frequency))

    for before, after in pairwise(found):
        assert after[0].earliest == before[1].latest + A_DAY
        assert after[0].earliest <= after[1].latest


@pytest.mark.either_database
@given(periods(), st.sampled_from(AGAIN))
def test_the_next_period_is_as_long_as_the_frequency_says(
    period: tuple[PartialDate, PartialDate], frequency: str
) -> None:
    start, end = next_period(*period, frequency)
    days = (end.latest - start.earliest).days + 1
    least, most = {"weekly": (7, 7), "monthly": (28, 31), "quarterly": (89, 92), "yearly": (365, 366)}[frequency]

    assert least <= days <= most


@pytest.mark.either_database
@given(periods(), st.sampled_from(AGAIN))
def test_the_next_period_is_not_written_more_vaguely_than_its_days_allow(
    period: tuple[PartialDate, PartialDate], frequency: str
) -> None:
    start, end = next_period(*period, frequency)

    assert at(str(start)) == start  # a date that exists
    assert at(str(end)) == end
    assert bool(start.day) == bool(end.day)
    assert bool(start.month) == bool(end.month)
    if period[0].day or period[1].day or frequency == "weekly":
        assert start.day
    else:
        assert not start.day


@pytest.mark.either_database
@given(periods(), st.sampled_from(["once", "", "daily"]))
def test_nothing_follows_what_is_counted_once(period: tuple[PartialDate, PartialDate], frequency: str) -> None:
    assert next_period(*period, frequency) is None


@pytest.mark.either_database
@pytest.mark.parametrize("end", [str(LAST_YEAR), f"{LAST_YEAR}-01-01", "9999-12-31", "9999"])
@pytest.mark.parametrize("frequency", AGAIN)
def test_nothing_follows_the_end_of_the_calendar(end: str, frequency: str) -> None:
    assert next_period(at("2017"), at(end), frequency) is None


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("start", "end", "frequency", "following"),
    [
        ("2017", "2017", "yearly", "2018"),
        ("2017-04", "2018-03", "yearly", "April 2018 to March 2019"),
        ("2017-04-01", "2018-03-31", "yearly", "1 April 2018 to 31 March 2019"),
        ("2016-03-01", "2017-02-28", "yearly", "1 March 2017 to 28 February 2018"),
        ("2017", "2017-12", "yearly", "January 2018 to December 2018"),
        ("2017-11", "2017-11", "monthly", "December 2017"),
        ("2017-12", "2017-12", "monthly", "January 2018"),
        ("2017-01-01", "2017-01-31", "monthly", "1 February 2017 to 28 February 2017"),
        ("2017-02-01", "2017-02-28", "monthly", "1 March 2017 to 31 March 2017"),
        ("2017-04", "2017-06", "quarterly", "July 2017 to September 2017"),
        ("2017-10", "2017-12", "quarterly", "January 2018 to March 2018"),
        ("2017-12-25", "2017-12-31", "weekly", "1 January 2018 to 7 January 2018"),
        ("2016-02-22", "2016-02-28", "weekly", "29 February 2016 to 6 March 2016"),
        ("2017", "2017", "monthly", "January 2018"),
        ("2017", "2017", "quarterly", "January 2018 to March 2018"),
    ],
)
def test_a_period_is_followed_by_one_written_alike(start: str, end: str, frequency: str, following: str) -> None:
    assert period_in_words(*next_period(at(start), at(end), frequency)) == following


# The same days in other words


@pytest.mark.either_database
@given(partial_dates())
def test_every_spelling_of_a_beginning_is_the_same_day_and_the_own_one_is_among_them(start: PartialDate) -> None:
    found = spellings_of_start(start)

    assert start in found
    assert {one.earliest for one in found} == {start.earliest}


@pytest.mark.either_database
@given(partial_dates())
def test_every_spelling_of_an_end_is_the_same_day_and_the_own_one_is_among_them(end: PartialDate) -> None:
    found = spellings_of_end(end)

    assert end in found
    assert {one.latest for one in found} == {end.latest}


@pytest.mark.either_database
@given(partial_dates(), partial_dates())
def test_two_dates_have_the_same_spellings_just_where_they_are_one_day(one: PartialDate, other: PartialDate) -> None:
    assert (spellings_of_start(one) == spellings_of_start(other)) == (one.earliest == other.earliest)
    assert (spellings_of_end(one) == spellings_of_end(other)) == (one.latest == other.latest)


@pytest.mark.either_database
@given(DAYS)
def test_no_way_to_write_a_day_is_forgotten(day: datetime.date) -> None:
    ways = {PartialDate(day.year), PartialDate(day.year, day.month), of_day(day)}

    assert spellings_of_start(of_day(day)) == {way for way in ways if way.earliest == day}
    assert spellings_of_end(of_day(day)) == {way for way in ways if way.latest == day}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end"),
    [("2017", "2017"), ("2017-01", "2017-12"), ("2017-01-01", "2017-12-31"), ("2017-01", "2017"), ("2017", "2017-12")],
)
def test_the_same_days_are_found_however_they_are_written(start: str, end: str) -> None:
    year = ObservationFactory(period_start="2017", period_end="2017")
    for other in [("2017-01", "2017-01"), ("2017-02", "2017-12"), ("2018", "2018"), ("2016", "2017")]:
        ObservationFactory(metric=year.metric, period_start=other[0], period_end=other[1])
    ObservationFactory(metric=year.metric, period_start=None, period_end=None)

    assert list(Observation.objects.in_period(at(start), at(end))) == [year]


@pytest.mark.django_db
def test_without_a_period_those_without_one_are_found() -> None:
    figure = ObservationFactory(period_start=None, period_end=None)
    ObservationFactory(metric=figure.metric)

    assert list(Observation.objects.in_period(None, None)) == [figure]


# When the next figure is due


def metric(**facts: object) -> OutcomeMetric:
    return OutcomeMetric(**{"frequency": "monthly"} | facts)


@pytest.mark.either_database
@given(periods(), st.sampled_from(AGAIN), st.integers(0, 730))
def test_a_figure_is_due_so_many_days_after_its_period_has_ended(
    period: tuple[PartialDate, PartialDate], frequency: str, days: int
) -> None:
    due_on = metric(frequency=frequency, due_after_days=days).due_after(*period)

    assert due_on == next_period(*period, frequency)[1].latest + datetime.timedelta(days=days)
    assert due_on > period[1].latest


@pytest.mark.either_database
@given(periods(), partial_dates(), st.sampled_from(AGAIN))
def test_no_figure_follows_the_last_period_and_every_one_up_to_it(
    period: tuple[PartialDate, PartialDate], last: PartialDate, frequency: str
) -> None:
    ends = metric(frequency=frequency, last_period=last)
    following = next_period(*period, frequency)

    assert ends.following(*period) == (following if following[1].latest <= last.latest else None)
    assert (ends.due_after(*period) is None) == (ends.following(*period) is None)


@pytest.mark.either_database
def test_the_last_period_itself_is_still_due() -> None:
    ends = metric(last_period=at("2019-03"), due_after_days=10)

    assert ends.due_after(at("2019-02"), at("2019-02")) == datetime.date(2019, 4, 10)
    assert ends.due_after(at("2019-03"), at("2019-03")) is None


@pytest.mark.either_database
@pytest.mark.parametrize("frequency", AGAIN)
def test_readers_are_told_only_once_a_figure_is_long_overdue(frequency: str) -> None:
    due_on = datetime.date(2024, 3, 1)
    late = metric(frequency=frequency, next_figure_due_on=due_on)
    last_quiet_day = due_on + LONG_OVERDUE[frequency]

    assert late.late_by(due_on) == late.overdue_in_words(due_on) == ""
    assert late.late_by(due_on + A_DAY) == "1 day"
    assert late.overdue_in_words(due_on + A_DAY) == ""
    assert late.overdue_in_words(last_quiet_day) == ""
    words = late.overdue_in_words(last_quiet_day + A_DAY)
    assert words.startswith("The next figure was due by 1 March 2024. It is ")
    assert words.endswith(" late.")


@pytest.mark.either_database
def test_how_late_a_figure_is_is_said_in_one_unit() -> None:
    late = metric(next_figure_due_on=datetime.date(2024, 1, 1))

    assert late.late_by(datetime.date(2024, 2, 6)) == "1 month"
    assert late.late_by(datetime.date(2024, 1, 20)) == "2 weeks"
    assert (
        late.overdue_in_words(datetime.date(2024, 4, 5))
        == "The next figure was due by 1 January 2024. It is 3 months late."
    )


@pytest.mark.either_database
@pytest.mark.parametrize("facts", [{}, {"frequency": "once", "next_figure_due_on": datetime.date(2000, 1, 1)}])
def test_what_is_not_due_is_not_said_to_be_late(facts: dict) -> None:
    assert metric(**facts).overdue_in_words(datetime.date(2024, 1, 1)) == ""


# What is kept of it


@pytest.mark.django_db
def test_the_day_is_worked_out_from_the_newest_approved_figure() -> None:
    kept = OutcomeMetricFactory(frequency="monthly", due_after_days=10)
    ObservationFactory(metric=kept, period_start="2024-01")
    ObservationFactory(metric=kept, period_start="2024-02")
    ObservationFactory(metric=kept, period_start="2024-03", entered=True)
    ObservationFactory(metric=kept, period_start=None)

    kept.refresh_figures()

    assert kept.next_figure_due_on == datetime.date(2024, 4, 10)
    kept.refresh_from_db()
    assert kept.next_figure_due_on == datetime.date(2024, 4, 10)


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"frequency": "once"}, {"last_period": "2024-02"}])
def test_where_no_figure_follows_no_day_is_kept(facts: dict) -> None:
    kept = OutcomeMetricFactory(**{"frequency": "monthly", "next_figure_due_on": "2024-01-01"} | facts)
    ObservationFactory(metric=kept, period_start="2024-02")

    kept.refresh_figures()

    kept.refresh_from_db()
    assert kept.next_figure_due_on is None


@pytest.mark.django_db
def test_metrics_whose_figure_is_due_are_found_the_longest_waited_for_first() -> None:
    today = datetime.date(2024, 6, 1)
    for name, due_on, is_public in [("B", 20, True), ("A", 10, True), ("Later", 30, True), ("Draft", 5, False)]:
        one = OutcomeMetricFactory(name=name, published=is_public)
        OutcomeMetric.objects.filter(pk=one.pk).update(next_figure_due_on=today + datetime.timedelta(days=due_on - 25))

    assert [one.name for one in OutcomeMetric.objects.with_figure_due(today)] == ["A", "B"]
