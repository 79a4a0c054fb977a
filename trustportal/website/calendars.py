"""Calendar files: what is to come for readers, and what falls due for whoever works here."""

import datetime
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import CharField, QuerySet, Value
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.models import Partnership
from partnerships.timelines import renewals
from programmes.models import OutcomeMetric
from trustportal.accounts.models import User
from trustportal.partial_date import PartialDate
from trustportal.publishing.rights import may
from trustportal.timelines.calendars import Entry, calendar_of
from trustportal.timelines.events import Event
from trustportal.timelines.gathering import Telling, counts_by_year, events_between
from trustportal.website.models import Portal
from trustportal.website.timeline import Choice
from trustportal.website.work import KINDS

MOST = 200  # entries of one sort
LOOKS_AHEAD = datetime.timedelta(days=366)
NEVER = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # for what does not say when it was changed


def to_come(choice: Choice, on: datetime.date, name: str) -> bytes:
    """The events from a day on. Fixed number of queries; at most MOST entries, the next ones first."""
    today = PartialDate(on.year, on.month, on.day)
    if choice.first is None or choice.first.latest < on:
        choice = replace(choice, first=today)
    entries = [_entry(event) for event in _next(choice.tellings()) if event.latest >= on]
    portal = Portal.objects.current()
    return calendar_of(entries, name=_("%(portal)s: timeline") % {"portal": name or portal.name}, host=_host())


def _next(tellings: list[Telling]) -> list[Event]:
    return events_between(tellings, counts_by_year(tellings), 0, MOST, newest_first=False)


def _entry(event: Event, *, is_private: bool = False) -> Entry:
    words = event.words
    if event.record and event.record not in words:
        words = f"{event.words} ({event.record})"
    elif event.record == event.words:
        words = f"{event.what}: {event.words}"
    return Entry(
        event.key,
        words,
        event.on,
        f"{settings.SITE_URL}{event.address}",
        event.updated_at or NEVER,
        event.text,
        is_private,
    )


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def work_to_come(person: User, on: datetime.date) -> bytes:
    """What falls due for a person in a year, and what is overdue: their own, and as a publisher what nobody owns.

    They see here what their home in the admin would tell them on the day, and nothing beyond their remit.
    """
    until = on + LOOKS_AHEAD
    entries = [*_reviews(person, until), *_figures(person, until), *_renewals(person, on)]
    return calendar_of(entries, name=_("Partnerships portal: your work"), host=_host())


def _falling_to(person: User, rows: QuerySet) -> QuerySet:
    return rows.within_remit_of(person).falling_to(person, as_publisher=may(person, "publish", rows.model))


def _reviews(person: User, until: datetime.date) -> list[Entry]:
    """Reviews, of all kinds that the person may see. One query."""
    parts = [
        _falling_to(person, model.objects.overdue(until + datetime.timedelta(days=1)))
        .annotate(label=Value(model._meta.label_lower, output_field=CharField()))
        .order_by()
        .values_list("label", "pk", "name", "next_review_due_on", "updated_at")
        for model in KINDS
        if may(person, "view", model)
    ]
    if not parts:
        return []
    models = {model._meta.label_lower: model for model in KINDS}
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found = []
    for label, key, name, due_on, updated_at in rows.order_by("next_review_due_on", "name")[:MOST]:
        options = models[label]._meta
        words = {"kind": capfirst(str(options.verbose_name)), "name": name}
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[key])
        found.append(
            _due(f"review/{label}/{key}", _("Review due: %(kind)s “%(name)s”") % words, due_on, address, updated_at)
        )
    return found


def _figures(person: User, until: datetime.date) -> list[Entry]:
    """Figures that are to be entered. One query."""
    if not may(person, "change", OutcomeMetric):
        return []
    due = _falling_to(person, OutcomeMetric.objects.with_figure_due(until + datetime.timedelta(days=1)))
    return [
        _due(
            f"figure/{metric.pk}",
            _("Figure due: %(metric)s") % {"metric": metric.name},
            metric.next_figure_due_on,
            reverse("admin:programmes_observation_add", query={"metric": metric.pk}),
            metric.updated_at,
        )
        for metric in due[:MOST]
    ]


def _renewals(person: User, on: datetime.date) -> list[Entry]:
    """Agreements that fall due for renewal. Three queries."""
    if not may(person, "view", Partnership):
        return []
    partnerships = _falling_to(person, Partnership.objects.published())
    telling = renewals(partnerships).between(PartialDate(on.year, on.month, on.day), None)
    return [_entry(event, is_private=True) for event in _next([telling])]


def _due(key: str, words: str, on: datetime.date, address: str, changed_at: datetime.datetime | None) -> Entry:
    date = PartialDate(on.year, on.month, on.day)
    return Entry(key, words, date, f"{settings.SITE_URL}{address}", changed_at or NEVER, is_private=True)
