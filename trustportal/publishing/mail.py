"""Mails to the people who work here: what happened to their texts, at once or once a day."""

import datetime
import logging
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trustportal.accounts.models import User
from trustportal.publishing.models import WRITING, Act, Notice, Publishable

log = logging.getLogger(__name__)

SENTENCES = {
    Notice.Kind.REVIEW_ASKED: _("%(person)s asks for a review of “%(record)s”."),
    Notice.Kind.RETURNED: _("%(person)s returned “%(record)s” to draft."),
    Notice.Kind.PUBLISHED: _("%(person)s published “%(record)s”."),
    Notice.Kind.PARTNER_ANSWERED: _("%(person)s answered about “%(record)s”."),
    Notice.Kind.SCHEDULE_FAILED: _("The portal could not keep the schedule of “%(record)s”."),
    Notice.Kind.UNSCHEDULED: _("%(person)s ended the schedule of “%(record)s”."),
}


def publishers(model: type[Publishable]) -> QuerySet:
    """The people who may publish records of a kind. Superusers are for emergencies, so they are left out."""
    right = f"{model._meta.app_label}.{get_permission_codename('publish', model._meta)}"
    return User.objects.with_perm(right, include_superusers=False).filter(is_active=True, is_staff=True)


def publishers_of(record: Publishable) -> list[User]:
    """The people who may publish a record."""
    people = publishers(type(record)).order_by("pk")
    return [person for person in people if record.is_within_remit_of(person)]


def writers_of(record: Publishable) -> list[User]:
    """The people who wrote in the text in work, who submitted it, and the owner."""
    acts = Act.objects.on(record.itself).of_present_text().filter(verb__in=[*WRITING, Act.Verb.SUBMITTED])
    keys = {*acts.values_list("done_by_id", flat=True), record.owner_id}
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk"))


def tell(
    people: Iterable[User],
    kind: Notice.Kind,
    record: Publishable,
    by: object,
    at: datetime.datetime,
    words: str = "",
) -> None:
    """Tell people that something was done; not the person who did it. Those who want to know at once get a mail.

    by is a person with an account, or a name; words are added in quotes.
    """
    sentence = SENTENCES[kind] % {"person": by, "record": record}
    notices = Notice.objects.bulk_create(
        Notice(
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            person=person,
            kind=kind,
            text=f"{sentence} {words}".strip(),
            address=_address_of(record),
            made_at=at,
        )
        for person in people
        if person != by
    )
    if at_once := [notice.pk for notice in notices if notice.person.mail_choice == User.MailChoice.AT_ONCE]:

        def send() -> None:  # Django logs a fault under the name of a function, which a partial does not have
            send_each(at_once)

        transaction.on_commit(send, robust=True)  # what was done is done, whatever becomes of the mail


def _address_of(record: Publishable) -> str:
    options = type(record)._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])


def end_with(text: Publishable) -> None:
    """What waits to be sent about a text that is no longer in work: nobody is asked to review it any more, and the rest
    leads to the record itself, for a copy goes."""
    waiting = Notice.objects.on(text).unsent()
    waiting.filter(kind=Notice.Kind.REVIEW_ASKED).delete()
    if text.is_change:
        waiting.update(object_id=text.draft_of_id, address=_address_of(text.itself))


def send_each(keys: Sequence[int]) -> int:
    """Send notices one by one; what cannot be sent waits for `manage.py send_notices`. Gives how many were sent."""
    notices = Notice.objects.unsent().filter(pk__in=keys, person__is_active=True)
    return sum(_send([notice], notice.get_kind_display()) for notice in notices)


def send_digest(person: User) -> bool:
    """Send a person all that waits for them in one mail. Gives whether there was anything, and it was sent."""
    notices = list(Notice.objects.unsent().filter(person=person))
    subject = ngettext("%d thing in the portal", "%d things in the portal", len(notices)) % len(notices)
    return bool(notices) and _send(notices, subject)


def _send(notices: list[Notice], subject: str) -> bool:
    """Send one mail with some notices of one person, and never twice: they are marked first, unmarked on a failure."""
    person = notices[0].person
    if not person.email:  # nowhere to go yet
        return False
    with transaction.atomic():
        rows = Notice.objects.select_for_update().filter(pk__in=[notice.pk for notice in notices], sent_at__isnull=True)
        claimed = {notice.pk for notice in rows}
        rows.update(sent_at=timezone.now())
    notices = [notice for notice in notices if notice.pk in claimed]
    if not notices:  # sent by somebody else just now
        return False
    is_sent = False
    try:
        context = {"notices": notices, "person": person, "site_url": settings.SITE_URL}
        is_sent = deliver(person.email, subject, render_to_string("publishing/notices.txt", context))
    finally:
        if not is_sent:
            Notice.objects.filter(pk__in=claimed).update(sent_at=None)
    return is_sent


def deliver(address: str, subject: str, text: str) -> bool:
    """Hand one mail to the mail server. Gives whether it took it; a failure is logged, without the text."""
    try:
        send_mail(f"[{_now('Partnerships portal')}] {subject}", text, None, [address])
    except (OSError, ValueError):  # smtplib's errors are OSErrors; an address that is none raises ValueError
        log.exception("A mail could not be sent.")
        return False
    return True
