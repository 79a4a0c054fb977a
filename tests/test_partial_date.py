"""Dates known to the year, the month or the day."""

import datetime
from calendar import monthrange

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import Partnership
from tests.factories import PartnershipFactory, SourceFactory
from trustportal.partial_date import PartialDate, PartialDateField, PartialDateFormField, period_in_words


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    """Any date that the portal can hold, to the year, the month or the day."""
    date = draw(st.dates(min_value=datetime.date(1000, 1, 1)))
    parts = draw(st.sampled_from([1, 2, 3]))
    return PartialDate(*[date.year, date.month, date.day][:parts])


@pytest.mark.parametrize(
    ("typed", "stored", "words"),
    [
        ("2014", "2014", "2014"),
        ("2017-05", "2017-05", "May 2017"),
        ("2021-03-15", "2021-03-15", "15 March 2021"),
        ("05/2017", "2017-05", "May 2017"),
        ("5/2017", "2017-05", "May 2017"),
        ("15/03/2021", "2021-03-15", "15 March 2021"),
        ("May 2017", "2017-05", "May 2017"),
        ("may 2017", "2017-05", "May 2017"),
        ("Sept 2019", "2019-09", "September 2019"),
        ("15 March 2021", "2021-03-15", "15 March 2021"),
        ("  15   march  2021 ", "2021-03-15", "15 March 2021"),
        ("29 February 2020", "2020-02-29", "29 February 2020"),
    ],
)
def test_a_date_is_read_as_people_write_it_and_shown_as_known(typed, stored, words):
    date = PartialDate.parse(typed)

    assert str(date) == stored
    assert date.words == words


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "17", "201", "20177", "2017-13", "2017-00", "2017-5", "2021-02-29", "31/04/2021", "Ma 2017",
     "Ju 2017", "Mayor 2017", "32 May 2017", "0 May 2017", "May", "0999", "spring 2017", "2017 May", "13/2017"],
)  # fmt: skip
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011  (the reasons differ)
        PartialDate.parse(typed)


def test_a_month_may_be_cut_short_when_it_is_clear_which():
    assert PartialDate.parse("Jun 2017") == PartialDate(2017, 6)
    assert PartialDate.parse("Jul 2017") == PartialDate(2017, 7)


def test_a_day_needs_its_month():
    with pytest.raises(ValueError, match="month"):
        PartialDate(2017, None, 5)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2016", datetime.date(2016, 1, 1), datetime.date(2016, 12, 31)),
        ("2016-02", datetime.date(2016, 2, 1), datetime.date(2016, 2, 29)),
        ("2017-02", datetime.date(2017, 2, 1), datetime.date(2017, 2, 28)),
        ("2016-02-03", datetime.date(2016, 2, 3), datetime.date(2016, 2, 3)),
    ],
)
def test_a_vague_date_spans_the_days_that_it_can_be(text, earliest, latest):
    date = PartialDate.parse(text)

    assert (date.earliest, date.latest) == (earliest, latest)


@given(partial_dates())
def test_reading_what_was_stored_gives_the_same_date(date):
    assert PartialDate.parse(str(date)) == date


@given(partial_dates())
def test_reading_the_words_gives_the_same_date(date):
    assert PartialDate.parse(date.words) == date


@given(partial_dates(), partial_dates())
def test_stored_text_sorts_by_the_earliest_day_and_the_vaguer_date_first(one, other):
    def in_time(date):
        return date.earliest, date.month is not None, date.day is not None

    assert (str(one) < str(other)) == (in_time(one) < in_time(other))


@given(partial_dates())
def test_a_date_spans_a_day_a_month_or_a_year(date):
    days = (date.latest - date.earliest).days + 1

    if date.day:
        assert days == 1
    elif date.month:
        assert days == monthrange(date.year, date.month)[1]
    else:
        assert days in {365, 366}


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2017-04", "2019-03", "April 2017 to March 2019"),
        ("2019", "2019", "2019"),
        ("2017-05", None, "Since May 2017"),
        (None, "2016", "Until 2016"),
        (None, None, ""),
    ],
)
def test_a_period_is_said_as_far_as_it_is_known(start, end, words):
    start, end = (PartialDate.parse(text) if text else None for text in (start, end))

    assert period_in_words(start, end) == words


# In forms


def test_an_empty_box_is_no_date():
    assert PartialDateFormField(required=False).clean("  ") is None


def test_a_box_refuses_what_it_cannot_read_and_says_how_to_write_it():
    with pytest.raises(ValidationError, match=r"“soonish” is not a date.*May 2017"):
        PartialDateFormField().clean("soonish")


def test_a_box_shows_a_stored_date_in_words_and_leaves_a_wrong_one_as_typed():
    field = PartialDateFormField()

    assert field.prepare_value(PartialDate(2017, 5)) == "May 2017"
    assert field.prepare_value("soonish") == "soonish"


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [("2017-05", "May 2017", False), (PartialDate(2017, 5), "05/2017", False), ("2017-05", "2017", True),
     (None, "", False), (None, "2017", True), ("2017", "soonish", True)],
)  # fmt: skip
def test_another_spelling_of_the_same_date_is_no_change(initial, typed, changed):
    assert PartialDateFormField(required=False).has_changed(initial, typed) is changed


def test_the_field_of_a_model_is_typed_into_the_same_box():
    assert isinstance(Partnership._meta.get_field("started_on").formfield(), PartialDateFormField)


# In the database


@pytest.mark.django_db
@pytest.mark.parametrize("date", ["2017", "2017-05", "2017-05-03"])
def test_a_date_comes_back_from_the_database_as_known(date):
    partnership = PartnershipFactory(started_on=date)
    partnership.refresh_from_db()

    assert partnership.started_on == PartialDate.parse(date)


@pytest.mark.django_db
def test_an_unknown_date_comes_back_as_none():
    partnership = PartnershipFactory(started_on=None)
    partnership.refresh_from_db()

    assert partnership.started_on is None


@pytest.mark.django_db
def test_a_record_with_a_partial_date_passes_its_own_checks():
    partnership = PartnershipFactory(started_on="2017-05", ended_on="2018")
    partnership.refresh_from_db()

    partnership.full_clean()


@pytest.mark.django_db
def test_a_date_that_cannot_be_read_is_not_stored():
    with pytest.raises(ValidationError):
        PartnershipFactory(started_on="soonish")


@pytest.mark.django_db
def test_rows_are_found_and_ordered_by_their_dates():
    for text in ["2017-05-03", "2018", "2017", "2017-05"]:
        PartnershipFactory(name=text, started_on=text)

    assert [p.name for p in Partnership.objects.order_by("started_on")] == ["2017", "2017-05", "2017-05-03", "2018"]
    assert Partnership.objects.get(started_on=PartialDate(2017, 5)).name == "2017-05"


def test_a_fixture_holds_the_stored_form():
    partnership = Partnership(started_on=PartialDate(2017, 5))
    field: PartialDateField = Partnership._meta.get_field("started_on")

    assert field.value_to_string(partnership) == "2017-05"
    assert field.value_to_string(Partnership()) is None


@pytest.mark.django_db
def test_the_database_agrees_with_the_calendar_on_what_is_not_before_what(random_pairs_of_dates):
    """The constraint compares text. For every pair it must come to `end.latest >= start.earliest`."""
    source = SourceFactory()
    [rule] = [c for c in source._meta.constraints if c.name.endswith("changed_on_not_before_published_on")]
    judged = {}
    for start, end in random_pairs_of_dates:
        source.published_on, source.changed_on = start, end
        try:
            rule.validate(type(source), source)
            judged[start, end] = True
        except ValidationError:
            judged[start, end] = False

    assert judged == {(start, end): end.latest >= start.earliest for start, end in random_pairs_of_dates}
    assert set(judged.values()) == {True, False}


@pytest.fixture
def random_pairs_of_dates() -> list[tuple[PartialDate, PartialDate]]:
    """Pairs near to each other, of all precisions."""
    dates = [
        PartialDate.parse(text)
        for text in ["2016", "2016-12", "2016-12-31", "2017", "2017-01", "2017-01-01", "2017-05", "2017-05-03",
                     "2017-05-31", "2017-10", "2017-12", "2017-12-31", "2018", "2018-01-01", "1999", "2000-02-29"]
    ]  # fmt: skip
    return [(start, end) for start in dates for end in dates]
