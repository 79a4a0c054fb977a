"""What is new as an Atom feed. Source: RFC 4287 (Atom), RFC 4151 (the names of entries and feeds)."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
MOST_ENTRIES = 50
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # a feed must have a date, also where nothing is in it
OWNED_IN = 2026  # a year in which the portal had its host name: RFC 4151 asks for one, and it never changes
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def for_xml(text: object) -> str:
    """A text without the characters that no XML may have."""
    return NOT_IN_XML.sub("", str(text))


@dataclass(frozen=True)
class Entry:
    """Something new: what it is about (its title, and `about` in a sentence), what is new, and where to read it.

    `key` tells it from all others for good, whatever becomes of the name and the address of what it is about.
    """

    key: str
    title: str
    address: str  # from the first slash
    summary: str
    kind: str
    published_at: datetime.datetime
    updated_at: datetime.datetime
    about: str = ""


class Told(Protocol):
    """An update of a record, as readers are told it."""

    number: int
    on: datetime.datetime
    words: str
    record: Any


def entry_of(update: Told, kind: str) -> Entry:
    """An update as an entry. The same one has the same key in every feed."""
    record = update.record
    return Entry(
        key=f"{record._meta.model_name}/{record.uuid}/{update.number}",
        title=record.name,
        address=record.get_absolute_url(),
        summary=update.words,
        kind=kind,
        published_at=update.on,
        updated_at=update.on,
        about=record.summary,
    )


def _in_html(*paragraphs: str) -> str:
    """Paragraphs of plain text as the HTML that readers of feeds expect in a summary."""
    return str(format_html_join("", "<p>{}</p>", ((for_xml(text),) for text in paragraphs if text)))


class Feed(Atom1Feed):
    """A feed that is as new as its newest entry, and never newer."""

    def latest_post_date(self) -> datetime.datetime:
        """When the newest entry was updated."""
        return max((item["updateddate"] for item in self.items), default=NEVER)


def feed_of(
    title: str, address: str, feed_address: str, entries: Iterable[Entry], author: str = "", key: str = ""
) -> bytes:
    """Entries as a feed, the first MOST_ENTRIES of them; the addresses of the page and of the feed begin with a slash.

    The author is who publishes all of it, never a person: the portal's host name where nobody is named. `key` tells
    the feed from all others for good, as those of entries do; without one, its address does.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    names = f"tag:{host},{OWNED_IN}:"
    feed = Feed(
        title=for_xml(title),
        link=settings.SITE_URL + address,
        feed_url=settings.SITE_URL + feed_address,
        description=None,
        language="en-gb",
        author_name=for_xml(author or host),
        feed_guid=names + key if key else settings.SITE_URL + feed_address,
    )
    for entry in list(entries)[:MOST_ENTRIES]:
        feed.add_item(
            title=for_xml(entry.title),
            link=settings.SITE_URL + entry.address,
            description=_in_html(entry.summary, entry.about),
            unique_id=names + entry.key,
            categories=[for_xml(entry.kind)],
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
        )
    return feed.writeString("utf-8").encode()
