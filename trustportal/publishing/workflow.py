"""The acts that change what the public sees, or lead there. Nothing else sets a record's state or its dates.

Each act locks the record, checks its state and the person, changes it and notes who did what, in one transaction. What
is done to a working copy is noted on the record itself.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trustportal.accounts.models import User
from trustportal.publishing import mail
from trustportal.publishing.ledger import REFUSALS as REFUSALS  # for those who call an act
from trustportal.publishing.ledger import (
    NotAllowed,
    NotReady,
    WrongState,
    is_scheduled,
    keep_version,
    locked,
    write_down,
)
from trustportal.publishing.models import Act, Notice, Publishable, Schedule, ShareLink, State, Version, leads_somewhere
from trustportal.publishing.reminders import spread
from trustportal.publishing.rights import may, needs_other_eyes
from trustportal.publishing.snapshot import apply, digest, mended, snapshot

SPREAD = 0.1  # of the review interval: what was reviewed on one day does not all fall due on one day


def checked(record: Publishable, by: User, *, act: str, states: set[State]) -> Publishable:
    """The record, locked and read anew, once its state and the person are checked. Raises WrongState or NotAllowed."""
    current = locked(record)
    if current.state not in states:
        raise WrongState(
            _("“%(record)s” is now: %(state)s.") % {"record": current, "state": current.get_state_display()}
        )
    if not may(by, act, current):
        raise NotAllowed(_("You may not do this to “%(record)s”.") % {"record": current})
    return current


def review_due(record: Publishable, on: datetime.date) -> datetime.date:
    """When the next review is due after one on a given day: up to a tenth of the interval early, by the key."""
    days = record.review_interval.days
    return on + datetime.timedelta(days=days - (record.pk * 7919) % max(1, int(days * SPREAD)))


def _mark_reviewed(record: Publishable, on: datetime.date) -> None:
    record.last_reviewed_on = on
    record.next_review_due_on = review_due(record, on)


# Writing


@transaction.atomic
def note_saved(
    record: Publishable, *, by: User, is_new: bool = False, words: str = "", at: datetime.datetime | None = None
) -> None:
    """Note that somebody saved a draft or a change with all its rows, and keep how it reads; words say from where."""
    at = at or timezone.now()
    record.edit_number += 1
    type(record)._base_manager.filter(pk=record.pk).update(edit_number=record.edit_number)
    keep_version(record, Version.Occasion.SAVED, by, at)
    write_down(record, Act.Verb.ADDED if is_new else Act.Verb.EDITED, by, at, words)


@transaction.atomic
def start_change(record: Publishable, *, by: User, at: datetime.datetime | None = None) -> Publishable:
    """Begin a working copy of a record that the public has seen. Returns the copy; raises WrongState or NotAllowed."""
    record = checked(record, by, act="change", states={State.PUBLISHED, State.WITHDRAWN})
    return _copy_of(record, snapshot(record), Act.Verb.STARTED, by, at or timezone.now())


@transaction.atomic
def restore(version: Version, *, by: User, at: datetime.datetime | None = None) -> tuple[Publishable, list[str]]:
    """Begin a working copy that reads like an old version. Returns the copy, and what had to be left out, in words.

    Only what was public: other words may be those of somebody who would then publish them without other eyes. Raises
    WrongState (there is an open change), NotAllowed, or NotReady where the version can no longer stand.
    """
    if version.occasion != Version.Occasion.PUBLISHED:
        raise WrongState(_("Version %(number)s was never public.") % {"number": version.number})
    record = checked(version.record, by, act="change", states={State.PUBLISHED, State.WITHDRAWN})
    try:
        data, lost = mended(version.data, type(record))
    except ValidationError as error:
        raise NotReady(" ".join(error.messages)) from error
    words = _("Version %(number)s") % {"number": version.number}
    copy = _copy_of(record, data, Act.Verb.RESTORED, by, at or timezone.now(), words)
    if not copy.is_within_remit_of(by):
        raise NotAllowed(
            _("At that time “%(record)s” belonged to an organisation for which you do not work.") % {"record": record}
        )
    return copy, lost


def _copy_of(
    record: Publishable, data: dict, verb: Act.Verb, by: User, at: datetime.datetime, words: str = ""
) -> Publishable:
    if type(record)._base_manager.filter(draft_of=record).exists():
        raise WrongState(_("“%(record)s” has an open change already.") % {"record": record})
    if not Version.objects.on(record).exists():  # it was loaded, not published here: keep how it read
        keep_version(record, Version.Occasion.PUBLISHED, None, record.updated_at)
    copy = type(record)(draft_of=record, owner_id=record.owner_id)
    copy = _applied(data, copy)
    keep_version(copy, Version.Occasion.SAVED, by, at)
    write_down(record, verb, by, at, words)
    return copy


def _applied(data: dict, onto: Publishable) -> Publishable:
    """Apply, and say in plain words which rule stands against it. Raises NotReady; then nothing has changed."""
    try:
        with transaction.atomic():
            return apply(data, onto)
    except ValidationError as error:
        raise NotReady(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise NotReady(_clash(data, onto)) from error


def _clash(data: dict, onto: Publishable) -> str:
    """What an editor should know where the database refused a record."""
    try:
        onto.validate_unique()
        onto.validate_constraints()
    except ValidationError as error:
        return " ".join(error.messages)
    return _("Something in “%(record)s” clashes with another record. Open it, save it, and mend what is marked.") % {
        "record": data["fields"]["name"]
    }


@transaction.atomic
def discard(record: Publishable, *, by: User, at: datetime.datetime | None = None) -> Publishable:
    """Throw a working copy away. Returns the record itself, which never changed; raises WrongState or NotAllowed."""
    record = checked(record, by, act="change", states={State.DRAFT, State.IN_REVIEW})
    if not record.is_change:
        raise WrongState(_("“%(record)s” is no change of a published record.") % {"record": record})
    if record.state == State.IN_REVIEW and not may(by, "publish", record):
        raise NotAllowed(_("A publisher is reading this change, so a publisher alone can discard it."))
    if is_scheduled(record) and not may(by, "publish", record):
        raise NotAllowed(_("A publisher scheduled this change, so a publisher alone can discard it."))
    at, live = at or timezone.now(), record.itself
    _unschedule(record, by, at)
    _end_work_on(record, at)
    record.delete()
    write_down(live, Act.Verb.DISCARDED, by, at)
    return live


def _unschedule(record: Publishable, by: User, at: datetime.datetime) -> None:
    for made in Schedule.objects.on(record).filter(act=Schedule.What.PUBLISH).select_related("set_by"):
        unschedule(made, record, by, at)


def unschedule(made: Schedule, record: Publishable, by: User, at: datetime.datetime) -> bool:
    """End a schedule before its time; whoever set it is told. Gives whether it was still there. The caller checks."""
    deleted, _rows = Schedule.objects.filter(pk=made.pk).delete()
    if deleted:
        words = made.in_words
        write_down(record, Act.Verb.UNSCHEDULED, by, at, words)
        mail.tell([made.set_by], Notice.Kind.UNSCHEDULED, record.itself, by, at, words)
    return bool(deleted)


def _end_work_on(record: Publishable, at: datetime.datetime) -> None:
    """What belonged to the text in work ends with it: its links, its schedule, its saved versions, its mails."""
    links = ShareLink.objects.on(record)
    links.filter(ended_at__isnull=True).update(ended_at=at)
    if record.is_change:
        links.update(object_id=record.draft_of_id)  # the copy goes: whoever follows one is led to what is public
    Schedule.objects.on(record).filter(act=Schedule.What.PUBLISH).delete()
    Version.objects.on(record.itself).filter(occasion=Version.Occasion.SAVED).delete()
    mail.end_with(record)


# Review


def _says_what_changed(record: Publishable) -> None:
    if record.is_change and not record.is_small_correction and not record.change_note.strip():
        raise NotReady(
            _("Say in one line what changed in “%(record)s”, for readers, or mark it as a small correction.")
            % {"record": record}
        )


@transaction.atomic
def submit(record: Publishable, *, by: User, at: datetime.datetime | None = None) -> Publishable:
    """Hand a draft or a change to somebody else to read. Returns it; raises WrongState, NotAllowed or NotReady."""
    record = checked(record, by, act="change", states={State.DRAFT})
    _says_what_changed(record)
    if is_scheduled(record):
        raise WrongState(_("“%(record)s” is scheduled already. Cancel the schedule first.") % {"record": record})
    at = at or timezone.now()
    record.state = State.IN_REVIEW
    record.save()
    keep_version(record, Version.Occasion.SUBMITTED, by, at)
    write_down(record, Act.Verb.SUBMITTED, by, at)
    mail.tell(mail.publishers_of(record), Notice.Kind.REVIEW_ASKED, record, by, at)
    return record


@transaction.atomic
def return_to_draft(
    record: Publishable, *, by: User, note: str = "", at: datetime.datetime | None = None
) -> Publishable:
    """Give a record in review back to its author. Returns the record; raises WrongState or NotAllowed."""
    record = checked(record, by, act="publish", states={State.IN_REVIEW})
    at = at or timezone.now()
    record.state = State.DRAFT
    record.save()
    _unschedule(record, by, at)
    Notice.objects.on(record).unsent().filter(kind=Notice.Kind.REVIEW_ASKED).delete()  # it has been reviewed
    write_down(record, Act.Verb.RETURNED, by, at, note)
    mail.tell(mail.writers_of(record), Notice.Kind.RETURNED, record, by, at, note)
    return record


# Publication


@transaction.atomic
def publish(record: Publishable, *, by: User, at: datetime.datetime | None = None) -> Publishable:
    """Show a record to the public, or put a change in the place of what the public sees.

    It counts as a review of the whole page, but for a small correction, which moves no date. Returns the record itself;
    raises WrongState, NotAllowed, or NotReady with every rule that it breaks. Then nothing has changed.
    """
    record = checked(record, by, act="publish", states={State.DRAFT, State.IN_REVIEW, State.WITHDRAWN})
    if needs_other_eyes(by, record):
        raise NotAllowed(_("You wrote in “%(record)s” yourself: somebody else has to publish it.") % {"record": record})
    _says_what_changed(record)
    at = at or timezone.now()
    told = mail.writers_of(record)
    verb, words, is_news = Act.Verb.PUBLISHED, "", True
    if record.is_in_work:
        _end_work_on(record, at)
    if record.is_change:
        is_news = not record.is_small_correction
        words = record.change_note if is_news else ""
        if record.itself.is_published:
            verb = Act.Verb.UPDATED if is_news else Act.Verb.CORRECTED
        record = _in_place(record)
    _check_whole(record)
    data = _make_public(record, at, moves_dates=is_news or verb == Act.Verb.PUBLISHED)
    keep_version(record, Version.Occasion.PUBLISHED, by, at, data)
    write_down(record, verb, by, at, words)
    mail.tell(told, Notice.Kind.PUBLISHED, record, by, at, words)
    return record


def _in_place(change: Publishable) -> Publishable:
    """Put a change in the place of the record's text and delete the working copy. Returns the record itself."""
    data, live = snapshot(change), change.itself
    live.owner_id = change.owner_id
    change.delete()
    _applied(data, live)
    return type(live)._base_manager.get(pk=live.pk)  # nothing that was read before hangs on it


def _make_public(record: Publishable, at: datetime.datetime, *, moves_dates: bool) -> dict:
    """Set what a public record says of itself, and save it. Returns its text as data."""
    record.state = State.PUBLISHED
    record.withdrawal_reason = record.see_instead = ""
    record.first_published_at = record.first_published_at or at
    record.modified_at = at
    data = snapshot(record)
    if moves_dates:
        record.updated_at = at
        record.text_digest = digest(data)
        _mark_reviewed(record, timezone.localdate(at))
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:  # a rule for public records alone
        raise NotReady(_clash(data, record)) from error
    record.on_published()
    return data


def _check_whole(record: Publishable) -> None:
    """Raises NotReady with what keeps a record from being public, but for what the database holds of every row."""
    try:
        record.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise NotReady(" ".join(error.messages)) from error
    if faults := record.faults_as_a_whole():
        raise NotReady(" ".join(faults))


@contextmanager
def as_if_published(record: Publishable) -> Iterator[Publishable]:
    """The record itself as it would be if a draft or a change were published now, as long as the block runs.

    Whatever is asked of the database in the block answers as if it were public; afterwards nothing has happened, and
    nobody else saw it. What is public stays as it is. Raises NotReady where a rule of the database stands against it.
    """
    with transaction.atomic():
        current = locked(record)
        live = current.itself
        if current.is_change:
            live = _applied(snapshot(current), live)
        if not current.is_published:
            is_correction = current.is_change and current.is_small_correction and live.is_published
            _make_public(live, timezone.now(), moves_dates=not is_correction)
        try:
            yield live
        finally:
            transaction.set_rollback(True)


def check_ready(record: Publishable) -> None:
    """Raises NotReady with what would keep a draft or a change from being published now."""
    _says_what_changed(record)
    with as_if_published(record) as page:
        _check_whole(page)


@transaction.atomic
def note_update(
    record: Publishable, *, by: User, substantive: bool, words: str = "", at: datetime.datetime | None = None
) -> Publishable:
    """Note that something which belongs to a published record was changed: a figure. A correction moves no date.

    Returns the record; raises WrongState or NotAllowed.
    """
    record = checked(record, by, act="publish", states={State.PUBLISHED})
    at = at or timezone.now()
    record.modified_at = at
    if substantive:
        record.updated_at = at
    record.save()
    if substantive:
        record.on_updated()
    write_down(record, Act.Verb.UPDATED if substantive else Act.Verb.CORRECTED, by, at, words)
    return record


@transaction.atomic
def confirm_reviewed(record: Publishable, *, by: User, at: datetime.datetime | None = None) -> Publishable:
    """Say that the whole page was checked and is still right. Changes no text and no date of update.

    Returns the record; raises WrongState or NotAllowed.
    """
    record = checked(record, by, act="publish", states={State.PUBLISHED})
    at = at or timezone.now()
    _mark_reviewed(record, timezone.localdate(at))
    record.modified_at = at
    record.save()
    write_down(record, Act.Verb.REVIEWED, by, at)
    return record


@transaction.atomic
def withdraw(
    record: Publishable, *, by: User, reason: str = "", see_instead: str = "", at: datetime.datetime | None = None
) -> Publishable:
    """Take a published record from the public, for a stated reason; of a withdrawn one, state another reason.

    Returns the record; raises WrongState, NotAllowed, or NotReady when no reason is given.
    """
    record = checked(record, by, act="publish", states={State.PUBLISHED, State.WITHDRAWN})
    if not reason.strip():
        raise NotReady(_("Give the reason for the withdrawal of “%(record)s”.") % {"record": record})
    try:
        leads_somewhere(see_instead or "/")
    except ValidationError as error:
        raise NotReady(" ".join(error.messages)) from error
    record.withdrawal_reason, record.see_instead = reason, see_instead
    record.state = State.WITHDRAWN
    record.modified_at = at = at or timezone.now()
    record.save()
    record.on_withdrawn()
    Schedule.objects.on(record).filter(act=Schedule.What.WITHDRAW).delete()
    for change in type(record)._base_manager.filter(draft_of=record):
        _unschedule(change, by, at)  # what was withdrawn does not come back by itself
    write_down(record, Act.Verb.WITHDRAWN, by, at, reason)
    return record


@transaction.atomic
def spread_reviews(records: list[Publishable], on: datetime.date) -> None:
    """Give published records that were loaded together on a day their dates of review: the last when they were first
    published, the next ones spread over the days, so that they do not all fall due at once."""
    for record, due_on in spread(records, on):
        first = timezone.localdate(record.first_published_at)
        rows = type(record)._base_manager.filter(pk=record.pk, state=State.PUBLISHED)
        rows.update(last_reviewed_on=first, next_review_due_on=max(due_on, first + datetime.timedelta(days=1)))
