"""A feed as a reader's program reads it."""

import datetime

import feedparser
import pytest
from defusedxml import ElementTree
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from trustportal.opendata.feed import MOST_ENTRIES, Entry, feed_of, for_xml
from trustportal.opendata.freshness import if_new

pytestmark = pytest.mark.either_database

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
ADDRESSES = ("/updates/", "/updates.atom")


@pytest.fixture(autouse=True)
def _address(settings: object) -> None:
    settings.SITE_URL = "https://portal.example"


def entry(key: str = "programme/1/1", title: str = "Dialysis", summary: str = "A new clinic.", **more: object) -> Entry:
    return Entry(key, title, "/programmes/dialysis/", summary, "Programmes", NOON, NOON, **more)


def read(*entries: Entry, title: str = "What is new") -> object:
    feed = feedparser.parse(feed_of(title, *ADDRESSES, entries, "The trust"))
    assert not feed.bozo, feed.bozo_exception
    return feed


def test_a_reader_finds_who_publishes_where_to_read_on_and_what_is_new() -> None:
    later = NOON + datetime.timedelta(days=1)
    feed = read(entry(about="Near home."), Entry("o/2", "Rate", "/o/", "5%.", "Outcomes", NOON, later))

    assert feed.version == "atom10"
    assert (feed.feed.title, feed.feed.author) == ("What is new", "The trust")
    assert feed.feed.id == "https://portal.example/updates.atom"
    assert {link.rel: link.href for link in feed.feed.links} == {
        "alternate": "https://portal.example/updates/",
        "self": "https://portal.example/updates.atom",
    }
    assert feed.feed.updated == later.isoformat()
    first, second = feed.entries
    assert first.id == "tag:portal.example,2026:programme/1/1"
    assert (first.title, first.link) == ("Dialysis", "https://portal.example/programmes/dialysis/")
    assert first.summary == "<p>A new clinic.</p><p>Near home.</p>"
    assert [tag.term for tag in first.tags] == ["Programmes"]
    assert (first.published, first.updated) == (NOON.isoformat(), NOON.isoformat())
    assert second.updated == later.isoformat()


def test_a_feed_of_one_record_has_a_name_that_stays() -> None:
    feed = feedparser.parse(feed_of("Dialysis", "/d/", "/d.atom", [entry()], key="programme/1"))

    assert feed.feed.id == "tag:portal.example,2026:programme/1"


def test_a_feed_of_nothing_is_a_feed() -> None:
    feed = read()

    assert feed.entries == []
    assert feed.feed.updated == "2000-01-01T00:00:00+00:00"


def test_a_feed_is_bounded() -> None:
    assert len(read(*[entry(f"programme/1/{n}") for n in range(80)]).entries) == MOST_ENTRIES


@given(st.text(max_size=60))
def test_any_title_makes_good_xml_and_is_read_as_it_was_written(text: str) -> None:
    content = feed_of(text, *ADDRESSES, [entry(title=text, summary=text, about=text)], text)
    [title] = ElementTree.fromstring(content).iterfind("{*}entry/{*}title")

    # XML makes one line end of all kinds of them.
    assert (title.text or "") == for_xml(text).replace("\r\n", "\n").replace("\r", "\n")
    assert not feedparser.parse(content).bozo


@pytest.mark.parametrize("text", ["bell \x07", "escape \x1b[0m", "\x00\x0b", "half \ud800", "\ufffe\uffff"])
def test_characters_that_xml_forbids_are_left_out(text: str) -> None:
    feed = read(entry(title=text, summary=text, about=text), title=text)

    assert feed.entries[0].title == for_xml(text).strip()


def test_what_looks_like_html_is_text() -> None:
    [only] = read(entry(title="Under <5 & over", summary="<script>alert(1)</script> <5 & more")).entries

    assert only.title == "Under <5 & over"
    assert only.summary == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;5 &amp; more</p>"


def test_what_somebody_has_already_is_not_sent_again() -> None:
    def ask(content: str = "one", changed_at: datetime.datetime = NOON, **headers: str) -> object:
        return if_new(RequestFactory().get("/updates.atom", headers=headers), HttpResponse(content), changed_at)

    first = ask()
    known = {"if-none-match": first["ETag"], "if-modified-since": first["Last-Modified"]}

    assert ask(**known).status_code == 304
    assert ask("another", **known).status_code == 200  # whatever the date says
    assert ask(**{"if-none-match": f"W/{first['ETag']}"}).status_code == 304  # as it is once it was compressed
    assert ask(**{"if-modified-since": first["Last-Modified"]}).status_code == 304
    later = NOON + datetime.timedelta(seconds=1)
    assert ask(changed_at=later, **{"if-modified-since": first["Last-Modified"]}).status_code == 200
    assert "Last-Modified" not in if_new(RequestFactory().get("/"), HttpResponse(""))
