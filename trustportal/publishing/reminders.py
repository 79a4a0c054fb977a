"""Reviews that are overdue: who is reminded of what; and when the reviews of bulk-loaded records fall due."""

import datetime
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.apps import apps
from django.conf import settings
from django.db.models import CharField, QuerySet, Value
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trustportal.accounts.models import User
from trustportal.publishing import mail
from trustportal.publishing.models import Publishable

log = logging.getLogger(__name__)

REMIND_AGAIN = datetime.timedelta(days=7)
MOST_IN_A_MAIL = 50


class Outcome(Enum):
    """What became of the reminder of one person."""

    SENT = _("was reminded")
    DUE = _("would be reminded")
    RECENT = _("was reminded less than a week ago")
    NO_EMAIL = _("has no email address, so nobody was told")
    FAILED = _("could not be reminded: the mail was not sent")


@dataclass(frozen=True)
class Overdue:
    """A page that should have been read again, as the reminder names it."""

    name: str
    kind: str
    due_on: datetime.date
    days: int
    is_own: bool
    address: str  # in the admin, from the first slash


def publishable_models() -> list[type[Publishable]]:
    """Every kind of record."""
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


# Who is reminded of what


def _publishers() -> dict[type[Publishable], set[int]]:
    """By kind of record, the keys of those who may publish it."""
    return {model: set(mail.publishers(model).values_list("pk", flat=True)) for model in publishable_models()}


def _people(on: datetime.date, publishers: dict[type[Publishable], set[int]]) -> QuerySet:
    """Everybody who may have to be reminded: owners who work here, and publishers."""
    keys = set().union(*publishers.values())
    for model in publishers:
        owners = model.objects.overdue(on).filter(owner__is_active=True).order_by().values_list("owner", flat=True)
        keys |= set(owners.distinct())
    return User.objects.filter(pk__in=keys).order_by("username")


def _overdue_for(person: User, on: datetime.date, publishers: dict[type[Publishable], set[int]]) -> QuerySet:
    """What one person is reminded of, of all kinds, the earliest due first. One query."""
    first, *others = [
        model.objects.overdue(on)
        .falling_to(person, as_publisher=person.pk in keys)
        .annotate(label=Value(model._meta.label_lower, output_field=CharField()))
        .order_by()
        .values_list("label", "pk", "name", "next_review_due_on", "is_own")
        for model, keys in publishers.items()
    ]
    return first.union(*others, all=True).order_by("next_review_due_on", "name")


def _in_words(rows: Iterable[tuple], on: datetime.date) -> list[Overdue]:
    found = []
    for label, key, name, due_on, is_own in rows:
        options = apps.get_model(label)._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[key])
        found.append(Overdue(name, str(options.verbose_name), due_on, (on - due_on).days, bool(is_own), address))
    return found


def remind(on: datetime.date, *, only_say: bool = False) -> Iterator[tuple[User, int, Outcome]]:
    """Send each person one mail with the pages that wait for their review.

    Yields the person, how many pages and what became of it. At most one mail a person in seven days; running it twice,
    or two at once, sends none twice. A failure stops none of the others, and the next run tries again. With only_say
    nothing is sent and nothing noted.
    """
    publishers = _publishers()
    for person in _people(on, publishers):
        rows = _overdue_for(person, on, publishers)
        if count := rows.count():
            yield person, count, _remind(person, rows, count, on, only_say=only_say)


def _remind(person: User, rows: QuerySet, count: int, on: datetime.date, *, only_say: bool) -> Outcome:
    def send() -> bool:
        return _send(person, _in_words(rows[:MOST_IN_A_MAIL], on), count)

    return at_most_weekly(person, "reminded_on", on, send, only_say=only_say)


def at_most_weekly(
    person: User, noted_in: str, on: datetime.date, send: Callable[[], bool], *, only_say: bool = False
) -> Outcome:
    """Remind a person, but not twice in seven days. Gives what became of it.

    noted_in names the field of the person that keeps the day of the last reminder; send sends the mail and gives
    whether it went.
    """
    if not person.email:
        return Outcome.NO_EMAIL
    before = getattr(person, noted_in)
    if only_say:
        return Outcome.RECENT if before and before > on - REMIND_AGAIN else Outcome.DUE
    # Noted before it is sent, so that two runs at once do not both send it.
    due = User.objects.filter(pk=person.pk).exclude(**{f"{noted_in}__gt": on - REMIND_AGAIN})
    if not due.update(**{noted_in: on}):
        return Outcome.RECENT
    try:
        is_sent = send()
    except Exception:
        log.exception("A reminder could not be sent.")
        is_sent = False
    if not is_sent:
        User.objects.filter(pk=person.pk, **{noted_in: on}).update(**{noted_in: before})
    return Outcome.SENT if is_sent else Outcome.FAILED


def _send(person: User, pages: list[Overdue], count: int) -> bool:
    context = {"person": person, "pages": pages, "more": count - len(pages), "site_url": settings.SITE_URL}
    subject = ngettext("%d page waits for your review", "%d pages wait for your review", count) % count
    return mail.deliver(person.email, subject, render_to_string("publishing/review_reminder.txt", context))


# Records that are loaded together


def spread(records: Iterable[Publishable], on: datetime.date) -> list[tuple[Publishable, datetime.date]]:
    """When the first review of each of some records is due that were loaded on one day.

    Spread evenly over the second half of the review interval from that day, those with the same interval among
    themselves, in the order of kind and address: the same records always get the same days.
    """
    by_interval: dict[datetime.timedelta, list[Publishable]] = {}
    for record in sorted(records, key=lambda record: (record._meta.label, record.slug)):
        by_interval.setdefault(record.review_interval, []).append(record)
    days = []
    for interval, together in by_interval.items():
        half = interval.days // 2
        rest = interval.days - half
        for place, record in enumerate(together, start=1):
            days.append((record, on + datetime.timedelta(days=half + rest * place // len(together))))
    return days
