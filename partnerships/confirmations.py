"""Asking partners whether a page that names them is right, and what comes of their answers.

The partner has no account: whoever holds the address of a question can read the page and answer, once.
"""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import Confirmation, Organisation
from partnerships.models.confirmation import LONGEST_COMMENT
from trustportal.accounts.models import User
from trustportal.publishing import mail, workflow
from trustportal.publishing.models import Act, Notice, Publishable, State
from trustportal.publishing.rights import may
from trustportal.publishing.snapshot import digest, snapshot

USUAL_DAYS = 21
MOST_DAYS = 90
REMIND_BEFORE = datetime.timedelta(days=7)


class TextChanged(workflow.WrongState):
    """What the partner confirmed is no longer the text that is there."""


# What the partner reads


def text_of(record: Publishable) -> Publishable:
    """What a partner is asked about: the open change of a record, otherwise the record itself."""
    itself = record.itself
    changes = type(itself)._base_manager.select_related("draft_of").filter(draft_of=itself)
    return changes.first() or itself


def _text_asked_about(confirmation: Confirmation, record: Publishable) -> Publishable:
    """The change that was asked about as long as there is one, then the record itself; never a change begun since."""
    text = text_of(record)
    return text if text.pk == confirmation.change_key else record


def can_be_read(text: Publishable) -> bool:
    """Whether there is something to confirm: what is withdrawn, nobody reads."""
    return text.state != State.WITHDRAWN


def read_text(confirmation: Confirmation) -> Publishable | None:
    """The record whose text the partner reads; None where it was deleted or withdrawn meanwhile."""
    record = confirmation.record
    text = record and _text_asked_about(confirmation, record)
    return text if text and can_be_read(text) else None


def _locked_text(confirmation: Confirmation) -> Publishable | None:
    """As read_text, and nobody changes, publishes or withdraws it until the transaction ends."""
    record = confirmation.record
    try:
        live = record and workflow.locked(record)
    except workflow.WrongState:  # deleted a moment ago
        return None
    text = live and _text_asked_about(confirmation, live)
    return text if text and can_be_read(text) else None


@transaction.atomic
def reading(confirmation: Confirmation) -> tuple[Publishable, dict] | None:
    """The record whose text the partner reads, and that text as data (see snapshot); None where there is none."""
    text = _locked_text(confirmation)
    return (text, snapshot(text)) if text else None


def _digest_to_keep(text: Publishable, data: dict) -> str:
    """By which the confirmed text is known later.

    A public text goes by the name under which it was published, which its small corrections share. One that was loaded
    has no such name: "", and then the dates tell.
    """
    return text.text_digest if text.is_published else digest(data)


def standing_confirmations(record: Publishable) -> list[Confirmation]:
    """What the public page of a record may say: who confirmed just the text that it shows, the newest first."""
    return Confirmation.objects.standing_for(record)


# The acts


@transaction.atomic
def ask(
    record: Publishable,
    organisation: Organisation,
    *,
    by: User,
    email: str,
    message: str = "",
    days: int = USUAL_DAYS,
    at: datetime.datetime | None = None,
) -> Confirmation:
    """Ask a partner whether the page of a record that names it is right; it has some days (1 to 90) to answer.

    One mail goes out once this is committed; where that fails, `manage.py send_confirmation_reminders` sends it later.
    Raises WrongState (withdrawn, no longer there), NotAllowed, or NotReady (not named there, asked already, no email).
    """
    at = at or timezone.now()
    record = workflow.locked(record).itself
    text = text_of(record)
    if not can_be_read(text):
        raise workflow.WrongState(
            _("“%(record)s” is now: %(state)s.") % {"record": record, "state": record.get_state_display()}
        )
    if not may(by, "change", text):
        raise workflow.NotAllowed(_("You may not do this to “%(record)s”.") % {"record": record})
    if not text.organisations_named().filter(pk=organisation.pk).exists():
        raise workflow.NotReady(
            _("“%(record)s” does not name %(partner)s.") % {"record": record, "partner": organisation}
        )
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"a partner has 1 to {MOST_DAYS} days, not {days}")
    own = Confirmation.objects.on(record)
    own.expired(at).filter(organisation=organisation).update(cancelled_at=at)  # so that it can be asked anew
    asked = Confirmation(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        organisation=organisation,
        change_key=text.pk if text.is_change else None,
        email=email,
        message=message,
        asked_by=by,
        asked_at=at,
        expires_at=at + datetime.timedelta(days=days),
    )
    _save_whole(asked)
    workflow.write_down(record, Act.Verb.ASKED, by, at, str(organisation))

    def send() -> None:  # Django logs a fault under the name of a function, which a partial does not have
        send_request(asked, at)

    transaction.on_commit(send, robust=True)  # the question stands, whatever becomes of its mail
    return asked


def _save_whole(confirmation: Confirmation) -> None:
    """Save a row that keeps every rule. Raises NotReady in the words of the rules."""
    try:
        confirmation.full_clean()
    except ValidationError as error:
        raise workflow.NotReady(" ".join(error.messages)) from error
    confirmation.save()


def may_deal_with(person: User, confirmation: Confirmation) -> bool:
    """Whether a person may cancel a question and deal with its answer: whoever may change the record."""
    if confirmation.record:
        return may(person, "change", confirmation.record)
    return person.remit is None and may(person, "change", confirmation.content_type.model_class())


def _check_right(confirmation: Confirmation, by: User) -> None:
    if not may_deal_with(by, confirmation):
        raise workflow.NotAllowed(_("You may not do this to “%(record)s”.") % {"record": confirmation.record})


@transaction.atomic
def cancel(confirmation: Confirmation, by: User, at: datetime.datetime | None = None) -> None:
    """End a question that nobody has answered. Raises NotAllowed, or WrongState where it is answered or cancelled."""
    _check_right(confirmation, by)
    waiting = Confirmation.objects.unanswered().filter(pk=confirmation.pk)
    if not waiting.update(cancelled_at=at or timezone.now()):
        raise workflow.WrongState(_("This question has been answered or cancelled already."))


@transaction.atomic
def mark_dealt_with(confirmation: Confirmation, by: User, at: datetime.datetime | None = None) -> None:
    """Say that an answer needs nothing more. Raises NotAllowed, or WrongState where there is none or it is done."""
    _check_right(confirmation, by)
    waiting = Confirmation.objects.unseen().filter(pk=confirmation.pk)
    if not waiting.update(handled_at=at or timezone.now()):
        raise workflow.WrongState(_("There is no answer that waits here."))


@transaction.atomic
def answer(
    confirmation: Confirmation,
    *,
    answer: str,
    name: str,
    comments: Iterable[tuple[str, str]] = (),
    read: str | None = None,
    at: datetime.datetime | None = None,
) -> Confirmation:
    """Record what the partner says; comments are pairs of section and text, and count unless everything is right.

    read is the digest of the text that the partner had before them, where the caller knows it. The owner and whoever
    asked are told. Raises WrongState (answered, cancelled, expired, gone), TextChanged where a text is confirmed that
    is no longer there, NotReady (no name, nothing said, too long).
    """
    at = at or timezone.now()
    kind = Confirmation.Answer(answer)
    text = _locked_text(confirmation)  # the record first, then the question: always in this order
    rows = Confirmation.objects.select_for_update(of=("self",)).select_related("organisation", "asked_by")
    current = rows.get(pk=confirmation.pk)
    if current.answer:
        raise workflow.WrongState(_("This question has been answered already."))
    if text is None or not current.is_open(at):
        raise workflow.WrongState(_("This question can no longer be answered."))
    data = snapshot(text)
    is_right = kind == Confirmation.Answer.CONFIRMED
    if is_right and read is not None and read != digest(data):
        raise TextChanged(_("The page has changed since you opened it. Read it again, then answer."))
    current.comments = [] if is_right else _tidy(comments)
    if kind == Confirmation.Answer.COMMENTED and not current.comments:
        raise workflow.NotReady(_("Write what should change."))
    current.answer, current.answered_by, current.answered_at = kind, name.strip(), at
    current.digest = _digest_to_keep(text, data)
    _save_whole(current)
    record, who = text.itself, f"{current.organisation} ({current.answered_by})"
    workflow.write_down(record, Act.Verb.ANSWERED, None, at, f"{who}: {kind.label}")
    mail.tell(_to_be_told(current, record), Notice.Kind.PARTNER_ANSWERED, record, who, at, f"{kind.label}.")
    return current


def _tidy(comments: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The comments that say something. Raises NotReady where one is too long."""
    said = [[str(section), text.strip()] for section, text in comments if text.strip()]
    if any(len(text) > LONGEST_COMMENT for _section, text in said):
        raise workflow.NotReady(_("Write at most %d characters about each section.") % LONGEST_COMMENT)
    return said


def _to_be_told(confirmation: Confirmation, record: Publishable) -> list[User]:
    """The owner and whoever asked; where neither works here any more, those who may publish the record."""
    keys = {record.owner_id, confirmation.asked_by_id} - {None}
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk")) or mail.publishers_of(record)


# Mails


def send_request(confirmation: Confirmation, at: datetime.datetime | None = None) -> bool:
    """Mail the question to the partner, once. Gives whether it went out now."""
    at = at or timezone.now()
    subject = _("Please check a page that names %(partner)s") % {"partner": confirmation.organisation}
    waiting = Confirmation.objects.to_send(at)
    return _send_once(waiting, confirmation, "sent_at", at, subject, "partnerships/confirmation_request.txt")


def send_reminder(confirmation: Confirmation, at: datetime.datetime | None = None) -> bool:
    """Remind the partner of the question, once. Gives whether it went out now."""
    at = at or timezone.now()
    subject = _("Reminder: please check a page that names %(partner)s") % {"partner": confirmation.organisation}
    waiting = Confirmation.objects.to_remind(at, REMIND_BEFORE)
    return _send_once(waiting, confirmation, "reminded_at", at, subject, "partnerships/confirmation_reminder.txt")


def _send_once(
    waiting: QuerySet, confirmation: Confirmation, mark: str, at: datetime.datetime, subject: str, template: str
) -> bool:
    """Send a mail that nobody else has sent: the row is marked first, and unmarked where the mail did not go out."""
    if read_text(confirmation) is None:  # there is nothing to read any more
        return False
    if not waiting.filter(pk=confirmation.pk).update(**{mark: at}):
        return False
    context = {"confirmation": confirmation, "record": confirmation.record, "site_url": settings.SITE_URL}
    is_sent = False
    try:
        is_sent = mail.deliver(confirmation.email, " ".join(subject.split()), render_to_string(template, context))
    finally:
        if not is_sent:
            Confirmation.objects.filter(pk=confirmation.pk).update(**{mark: None})
    return is_sent
