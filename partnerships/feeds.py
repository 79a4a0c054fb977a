"""What is new in a list, as a feed."""

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase

from trustportal.finder.views import FinderView
from trustportal.opendata.feed import CONTENT_TYPE, MOST_ENTRIES, entry_of, feed_of
from trustportal.opendata.freshness import if_new
from trustportal.publishing.updates import newest_updates


def as_atom(view: FinderView, records: QuerySet) -> HttpResponseBase:
    """The newest updates of the records of a list."""
    address = view.question.but("sort", "size", "more", "named").address(view.list_path)
    narrowed = ", ".join(chip.words for chip in view.finding.chips)
    title = f"{view.finder.title}: {narrowed}" if narrowed else str(view.finder.title)
    entries = [entry_of(update, str(view.finder.title)) for update in newest_updates([records], MOST_ENTRIES)]
    content = feed_of(title, address, view.file_path("atom"), entries)
    return if_new(view.request, HttpResponse(content, content_type=CONTENT_TYPE))
