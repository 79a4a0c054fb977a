"""What is new: as a page, and as Atom feeds of the portal and of single records."""

from collections.abc import Sequence

from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from programmes.feeds import entries_of
from programmes.models import OutcomeMetric
from trustportal.opendata.feed import CONTENT_TYPE, MOST_ENTRIES, Entry, entry_of, feed_of
from trustportal.opendata.freshness import if_new
from trustportal.opendata.openness import open_to_all
from trustportal.publishing.models import Act, Publishable
from trustportal.publishing.updates import Update, newest_updates, told, updates_of
from trustportal.publishing.views import RecordDetail
from trustportal.website.models import Portal
from trustportal.website.updates import (
    CONCERNING,
    KINDS,
    LABELS,
    MOST_SHOWN,
    PER_PAGE,
    by_day,
    last_change,
    records_of,
)


def _chosen(request: HttpRequest) -> str:
    """The kind of record that an address asks for; "" for all. Raises Http404 for one that there is not."""
    kind = request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise Http404(_("There is no such kind of record."))
    return kind


def _address(name: str, kind: str) -> str:
    return reverse(name, query={"kind": kind}) if kind else reverse(name)


def updates_page(request: HttpRequest) -> HttpResponseBase:
    """What was published and what changed, day by day, the newest first, of all kinds of records or of one."""
    kind = _chosen(request)
    records = records_of(kind)
    paginator = Paginator(Act.objects.updates_of_newest(records, MOST_SHOWN), PER_PAGE)
    try:
        page = paginator.page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(_("There is no such page of updates.")) from error
    models = [rows.model for rows in records]
    shown = told(list(page.object_list), models)
    context = {
        "days": by_day(shown),
        "kind": KINDS[kind].label if kind else "",
        "kinds": [
            (_("All"), reverse("updates"), not kind),
            *((one.label, _address("updates", name), name == kind) for name, one in KINDS.items()),
        ],
        "feed": _address("updates-feed", kind),
        "page_obj": page,
        "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "has_all": paginator.count < MOST_SHOWN,
        "most": MOST_SHOWN,
    }
    return if_new(request, render(request, "website/updates.html", context), last_change(models))


def as_feed(
    request: HttpRequest,
    title: str,
    addresses: tuple[str, str],
    entries: Sequence[Entry],
    models: Sequence[type[Publishable]],
    key: str = "",
) -> HttpResponseBase:
    """Entries about records of some kinds as a feed; the addresses are those of the page and of the feed.

    `key` names the feed for good where its address can change.
    """
    portal = Portal.objects.current()
    author = portal.host.name if portal.host and portal.host.may_be_named else portal.name
    content = feed_of(f"{title} – {portal.name}", *addresses, entries, author, key)
    return if_new(request, HttpResponse(content, content_type=CONTENT_TYPE), last_change(models))


def entries(updates: Sequence[Update]) -> list[Entry]:
    """Updates as entries."""
    return [entry_of(update, str(LABELS[type(update.record)])) for update in updates]


@open_to_all
def updates_feed(request: HttpRequest) -> HttpResponseBase:
    """The newest updates of the portal, of all kinds of records or of one."""
    kind = _chosen(request)
    records = records_of(kind)
    title = _("What is new: %(kind)s") % {"kind": KINDS[kind].label} if kind else _("What is new")
    found = entries(newest_updates(records, MOST_ENTRIES))
    addresses = _address("updates", kind), _address("updates-feed", kind)
    return as_feed(request, title, addresses, found, [rows.model for rows in records])


@method_decorator(open_to_all, name="dispatch")
class RecordFeed(RecordDetail):
    """What is new about one record and all that belongs to it, at the address of its page with another ending."""

    def get_queryset(self) -> QuerySet:
        """The published records."""
        return self.model.objects.published()

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The records whose updates are told."""
        return {"records": CONCERNING[self.model](self.object)}

    def entries(self, records: Sequence[QuerySet]) -> list[Entry]:
        """What is new."""
        return entries(newest_updates(records, MOST_ENTRIES))

    def render_to_response(self, context: dict[str, object], **kwargs: object) -> HttpResponseBase:
        """The feed."""
        records = context["records"]
        return as_feed(
            self.request,
            self.object.name,
            (self.object.get_absolute_url(), self.request.path),
            self.entries(records),
            [rows.model for rows in records],
            f"{self.object._meta.model_name}/{self.object.uuid}",
        )


class OutcomeMetricFeed(RecordFeed):
    """The figures of an outcome, and what else changed on its page."""

    model = OutcomeMetric

    def entries(self, records: Sequence[QuerySet]) -> list[Entry]:
        """Each figure is an entry of its own."""
        return entries_of(self.object, updates_of(self.object, MOST_ENTRIES), str(LABELS[OutcomeMetric]))
