"""Calendar files, read back as a calendar program would read them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from tests.timelines.test_drawing import dates
from trustportal.partial_date import PartialDate
from trustportal.timelines.calendars import Entry, calendar_of

pytestmark = pytest.mark.either_database

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


def entry(date: PartialDate, words: str = "Renewal due", **more: object) -> Entry:
    return Entry("agreement-renewal/1/MoU", words, date, "https://portal.example/a/", NOON, **more)


def read(*entries: Entry) -> list:
    return Calendar.from_ical(calendar_of(entries, name="Timeline", host="portal.example")).walk("VEVENT")


@given(dates(1900, 2200))
def test_an_entry_is_all_day_over_just_the_days_that_its_date_can_be(date: PartialDate) -> None:
    [event] = read(entry(date))

    assert event.decoded("dtstart") == date.earliest
    assert event.decoded("dtend") == date.latest + datetime.timedelta(days=1)
    assert event["transp"] == "TRANSPARENT"


@pytest.mark.parametrize(
    ("date", "said", "status"),
    [
        ("2027-05-12", "Renewal due", "CONFIRMED"),
        ("2027-05", "Renewal due (expected in May 2027)", "TENTATIVE"),
        ("2027", "Renewal due (expected in 2027)", "TENTATIVE"),
    ],
)
def test_what_is_not_known_to_the_day_says_so(date: str, said: str, status: str) -> None:
    [event] = read(entry(PartialDate.parse(date)))

    assert event["summary"] == said
    assert event["status"] == status


def test_keys_stay_and_are_told_apart() -> None:
    day = PartialDate(2027, 5, 1)
    [one], [same], [moved] = read(entry(day)), read(entry(day, "Other words")), read(entry(PartialDate(2028)))
    [other] = read(Entry("agreement-renewal/2/MoU", "Renewal due", day, "https://portal.example/b/", NOON))

    assert one["uid"] == same["uid"] == moved["uid"] != other["uid"]
    assert one["uid"].endswith("@portal.example")
    assert one.decoded("dtstamp") == NOON


@given(st.text(min_size=1, max_size=300).filter(lambda text: text.isprintable()))
def test_any_words_survive_and_no_line_is_longer_than_75_bytes(words: str) -> None:
    content = calendar_of([entry(PartialDate(2027, 5, 1), words, text=words)], name="Timeline", host="portal.example")
    [event] = Calendar.from_ical(content).walk("VEVENT")

    assert event["summary"] == words
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_a_calendar_of_nothing_is_still_a_calendar() -> None:
    content = calendar_of([], name="Timeline", host="portal.example")
    calendar = Calendar.from_ical(content)

    assert not calendar.walk("VEVENT")
    assert len(calendar.subcomponents) == 1  # RFC 5545 wants one part at least
    assert {"PRODID", "VERSION"} <= set(calendar)
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")


def test_the_last_day_that_there_is_ends_too() -> None:
    [event] = read(entry(PartialDate(9999, 12, 31)))

    assert event.decoded("dtend") <= datetime.date.max


def test_what_is_private_says_so() -> None:
    assert read(entry(PartialDate(2027), is_private=True))[0]["class"] == "PRIVATE"
