"""The timeline as a page and as calendar files."""

from urllib.parse import urlencode

from django.contrib.admin.sites import site
from django.core.cache import cache
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from trustportal.accounts.models import CalendarAddress
from trustportal.opendata.forms import add_links
from trustportal.opendata.freshness import if_new
from trustportal.opendata.linked import document, name_of
from trustportal.opendata.openness import open_to_all
from trustportal.website import linked
from trustportal.website.calendars import to_come, work_to_come
from trustportal.website.timeline import MOST_RUNS, Timeline, by_year, kinds
from trustportal.website.timeline_forms import RECORDS, chosen

AN_HOUR = 60 * 60  # seconds
MOST_AN_HOUR = 30  # calendar programs ask every few minutes at most


def timeline(request: HttpRequest) -> HttpResponse:
    """What happened, what runs and what is to come: as a picture and as a list. 400 where a date cannot be read."""
    choice, form = chosen(request.GET)
    newest_first = request.GET.get("order", "newest") == "newest"
    shown = Timeline(choice, newest_first=newest_first, today=timezone.localdate())
    asked = request.GET.get("page", 1)
    try:
        page = shown.paginator.page(shown.paginator.num_pages if asked == "last" else asked)
    except InvalidPage as error:
        raise Http404(_("There is no such page of the timeline.")) from error
    events = list(page)
    undated, undated_count = shown.undated
    kept = {name: request.GET[name] for name in RECORDS if request.GET.get(name)}
    around = {name: request.GET[name] for name in ("from", "to") if request.GET.get(name)}
    filters = [*kept.items(), *[("kind", kind) for kind in choice.kinds], *around.items()]
    last_page = shown.paginator.num_pages
    context = {
        "choice": choice,
        "form": form,
        "kinds": [(name, label, choice.shows(name)) for name, label in kinds().items()],
        "kept": kept.items(),
        "page_obj": page,
        "page_numbers": shown.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "years_shown": by_year(page),
        "years": shown.years,
        "newest_first": newest_first,
        "pictures": shown.pictures(events) if page.number == 1 else [],
        "overviews": shown.overviews(kept) if page.number == 1 else [],
        "sentence": shown.sentence,
        "runs_said": runs_said(shown),
        "undated": undated if page.number == last_page else [],
        "undated_said": undated_said(undated_count),
        "undated_more": undated_count - len(undated),
        "is_filtered": bool(choice.kinds or around),
        "whole": f"{request.path}?{urlencode(kept)}" if kept else request.path,
        "calendar": f"{reverse('timeline-calendar')}?{urlencode(filters)}" if filters else reverse("timeline-calendar"),
    }
    name = _("Timeline of %(name)s") % {"name": choice.record.name} if choice.record else _("Timeline")
    about = {"@id": name_of(choice.record)} if choice.record else None
    files = [(context["calendar"], linked.CALENDAR)]
    said = linked.picture_page(request.get_full_path(), name, context["sentence"], files, about)
    context["linked_data"] = document(said)
    response = render(request, "website/timeline.html", context, status=400 if form.errors else 200)
    add_links(response, [(context["calendar"], "alternate", linked.CALENDAR)])
    return response


def runs_said(shown: Timeline) -> str:
    """How many runs are not drawn; "" where all are."""
    if shown.run_count <= MOST_RUNS:
        return ""
    words = _("Drawn are the %(drawn)s of %(count)s programmes, partnerships and strategies that began last.")
    return words % {"drawn": MOST_RUNS, "count": number_format(shown.run_count, force_grouping=True)}


def undated_said(count: int) -> str:
    """How many things have no known date; "" where all have one."""
    if not count:
        return ""
    words = ngettext("%(count)s more has no known date.", "%(count)s more have no known dates.", count)
    return words % {"count": number_format(count, force_grouping=True)}


@open_to_all
def timeline_calendar(request: HttpRequest) -> HttpResponseBase:
    """What is to come, as a calendar file, of what the address asks for: everything, or one partner or programme."""
    choice, form = chosen(request.GET)
    if form.errors:
        raise Http404(_("The portal cannot read the dates in this address."))
    name = str(choice.record) if choice.record else ""
    return if_new(request, as_file(to_come(choice, timezone.localdate(), name), "timeline.ics"))


def work_calendar(request: HttpRequest) -> HttpResponse:
    """What falls due for whoever asks: reviews, figures, renewals. For people who work here alone."""
    return as_file(work_to_come(request.user, timezone.localdate()), "work.ics")


def as_file(content: bytes, name: str) -> HttpResponse:
    """A calendar file to be downloaded, or subscribed to."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


work_calendar_for_staff = site.admin_view(work_calendar)


@require_safe
def personal_calendar(request: HttpRequest, key: str) -> HttpResponse:
    """What falls due for the person who made this address, for their calendar program, which does not sign in.

    404 once it was revoked or the person works here no longer; 429 where a program asks more often than it needs to.
    """
    address = CalendarAddress.objects.of_key(key)
    if address is None:
        response = render(request, "errors/404.html", status=404)
    elif _asks_too_often(address):
        response = HttpResponse(status=429, headers={"Retry-After": str(AN_HOUR)})
    else:
        response = as_file(work_to_come(address.person, timezone.localdate()), "work.ics")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response


def _asks_too_often(address: CalendarAddress) -> bool:
    """Whether an address was asked more than MOST_AN_HOUR times since the first time within an hour."""
    counter = f"calendar-{address.digest}"
    if cache.add(counter, 1, AN_HOUR):
        return False
    try:
        return cache.incr(counter) > MOST_AN_HOUR
    except ValueError:  # the hour has ended just now
        return False
