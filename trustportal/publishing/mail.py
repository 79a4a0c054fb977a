"""Mails to the people who work here: what happened to their texts, at once or once a day."""

import datetime
import logging
from collections.abc import Iterable, Sequence
from functools import partial

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trustportal.accounts.models import User
from trustportal.publishing.models import Act, Notice, Publishable

log = logging.getLogger(__name__)

SENTENCES = {
    Notice.Kind.REVIEW_ASKED: _("%(person)s asks for a review of “%(record)s”."),
    Notice.Kind.RETURNED: _("%(person)s returned “%(record)s” to draft."),
    Notice.Kind.PUBLISHED: _("%(person)s published “%(record)s”."),
    Notice.Kind.PARTNER_ANSWERED: _("%(person)s answered about “%(record)s”."),
    Notice.Kind.SCHEDULE_FAILED: _("The portal could not keep the schedule of “%(record)s”."),
}


def publishers_of(record: Publishable) -> list[User]:
    """The people who may publish a record."""
    options = type(record)._meta
    right = f"{options.app_label}.{get_permission_codename('publish', options)}"
    people = User.objects.with_perm(right, include_superusers=False).filter(is_active=True, is_staff=True)
    return [person for person in people.order_by("pk") if record.is_within_remit_of(person)]


def writers_of(record: Publishable) -> list[User]:
    """The people who wrote in the text in work, who submitted it, and the owner."""
    verbs = [Act.Verb.ADDED, Act.Verb.EDITED, Act.Verb.RESTORED, Act.Verb.SUBMITTED]
    acts = Act.objects.on(record.itself).of_present_text().filter(verb__in=verbs)
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
    options = type(record)._meta
    sentence = SENTENCES[kind] % {"person": by, "record": record}
    notices = Notice.objects.bulk_create(
        Notice(
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            person=person,
            kind=kind,
            text=f"{sentence} {words}".strip(),
            address=reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk]),
            made_at=at,
        )
        for person in people
        if person != by
    )
    if at_once := [notice.pk for notice in notices if notice.person.mail_choice == User.MailChoice.AT_ONCE]:
        transaction.on_commit(partial(send_each, at_once))


def send_each(keys: Sequence[int]) -> int:
    """Send notices one by one; what cannot be sent waits for `manage.py send_notices`. Gives how many were sent."""
    notices = Notice.objects.unsent().filter(pk__in=keys)
    return sum(_send([notice], notice.get_kind_display()) for notice in notices)


def send_digest(person: User) -> bool:
    """Send a person all that waits for them in one mail. Gives whether there was anything, and it was sent."""
    notices = list(Notice.objects.unsent().filter(person=person))
    subject = ngettext("%d thing in the portal", "%d things in the portal", len(notices)) % len(notices)
    return bool(notices) and _send(notices, subject)


def _send(notices: list[Notice], subject: str) -> bool:
    """Send one mail with some notices of one person, and never twice: they are marked first, unmarked on a failure."""
    with transaction.atomic():
        rows = Notice.objects.select_for_update().filter(pk__in=[notice.pk for notice in notices], sent_at__isnull=True)
        claimed = {notice.pk for notice in rows}
        rows.update(sent_at=timezone.now())
    notices = [notice for notice in notices if notice.pk in claimed]
    if not notices or not notices[0].person.email:  # sent by somebody else just now, or nowhere to go
        return False
    context = {"notices": notices, "person": notices[0].person, "site_url": settings.SITE_URL}
    if deliver(notices[0].person.email, subject, render_to_string("publishing/notices.txt", context)):
        return True
    Notice.objects.filter(pk__in=claimed).update(sent_at=None)
    return False


def deliver(address: str, subject: str, text: str) -> bool:
    """Hand one mail to the mail server. Gives whether it took it; a failure is logged, without the text."""
    try:
        send_mail(f"[{_now('Partnerships portal')}] {subject}", text, None, [address])
    except (OSError, ValueError):  # smtplib's errors are OSErrors; an address that is none raises ValueError
        log.exception("A mail could not be sent.")
        return False
    return True
