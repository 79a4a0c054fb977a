"""A list of records as an Atom feed: the newest updates of just these records. Source: RFC 4287, RFC 4151."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

MOST_ENTRIES = 50
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # a feed must have a date, also where nothing is in it


class Feed(Atom1Feed):
    """A feed that is as new as its newest entry, and never newer."""

    def latest_post_date(self) -> datetime.datetime:
        """When the newest entry was updated."""
        return max((item["updateddate"] for item in self.items), default=NEVER)


def atom_response(title: str, address: str, feed_address: str, records: QuerySet) -> HttpResponse:
    """The records that were updated last, as a feed; the addresses of the list and the feed begin with a slash.

    An entry is known by a name that stays when the record's address changes.
    """
    feed = Feed(
        title=title,
        link=settings.SITE_URL + address,
        feed_url=settings.SITE_URL + feed_address,
        description="",
        language="en-gb",
        feed_guid=settings.SITE_URL + feed_address,
    )
    host = urlsplit(settings.SITE_URL).hostname
    for record in records.newest_update_first()[:MOST_ENTRIES]:
        feed.add_item(
            title=record.name,
            link=settings.SITE_URL + record.get_absolute_url(),
            description=record.summary,
            unique_id=f"tag:{host},2026:{record._meta.model_name}/{record.pk}",
            pubdate=record.first_published_at,
            updateddate=record.updated_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
