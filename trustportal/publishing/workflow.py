"""The acts that change what the public sees. Nothing else sets a record's state or its dates.

Each act checks the state, checks the person, changes the record and notes who did it, in one transaction.
"""

import datetime

from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trustportal.publishing.models import Act, Publishable, State


class WrongState(Exception):
    """The record is not in a state from which this act leads."""


class NotAllowed(Exception):
    """The person may not do this."""


class NotReady(Exception):
    """The record breaks a rule, so the public must not see it yet; the message says what to mend."""


def may(by: object, act: str, of: models.Model | type[models.Model]) -> bool:
    """Whether a person has the right to an act ("view", "change", "publish") on rows of this kind.

    A proxy has the rights of the model behind it.
    """
    options = of._meta.concrete_model._meta
    return by.has_perm(f"{options.app_label}.{get_permission_codename(act, options)}")  # type: ignore[attr-defined]


def _check(record: Publishable, by: object, *, act: str, states: set[State]) -> Publishable:
    """Lock and re-read the record, then check its state and the person."""
    current = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if current.state not in states:
        raise WrongState(
            _("“%(record)s” is now: %(state)s.") % {"record": current, "state": current.get_state_display()}
        )
    if not may(by, act, current):
        raise NotAllowed(_("You may not do this to “%(record)s”.") % {"record": current})
    return current


def _note(record: Publishable, verb: Act.Verb, by: object, at: datetime.datetime, note: str = "") -> None:
    Act.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        verb=verb,
        done_by=by,
        done_at=at,
        note=note,
    )


def _mark_reviewed(record: Publishable, on: datetime.date) -> None:
    record.last_reviewed_on = on
    record.next_review_due_on = on + record.review_interval


@transaction.atomic
def submit(record: Publishable, *, by: object, at: datetime.datetime | None = None) -> Publishable:
    """Hand a draft to somebody else to read. Returns the record; raises WrongState or NotAllowed."""
    record = _check(record, by, act="change", states={State.DRAFT})
    record.state = State.IN_REVIEW
    record.save()
    _note(record, Act.Verb.SUBMITTED, by, at or timezone.now())
    return record


@transaction.atomic
def return_to_draft(
    record: Publishable, *, by: object, note: str = "", at: datetime.datetime | None = None
) -> Publishable:
    """Give a record in review back to its author. Returns the record; raises WrongState or NotAllowed."""
    record = _check(record, by, act="publish", states={State.IN_REVIEW})
    record.state = State.DRAFT
    record.save()
    _note(record, Act.Verb.RETURNED, by, at or timezone.now(), note)
    return record


@transaction.atomic
def publish(record: Publishable, *, by: object, at: datetime.datetime | None = None) -> Publishable:
    """Show a record to the public, counting this as a review of the whole page.

    Returns the record; raises WrongState, NotAllowed, or NotReady with every rule that it breaks.
    """
    record = _check(record, by, act="publish", states={State.DRAFT, State.IN_REVIEW, State.WITHDRAWN})
    at = at or timezone.now()
    try:
        record.full_clean()
    except ValidationError as error:
        raise NotReady(" ".join(error.messages)) from error
    if faults := record.faults_as_a_whole():
        raise NotReady(" ".join(faults))
    record.state = State.PUBLISHED
    record.withdrawal_reason = ""
    record.first_published_at = record.first_published_at or at
    record.updated_at = at
    _mark_reviewed(record, timezone.localdate(at))
    record.save()
    _note(record, Act.Verb.PUBLISHED, by, at)
    return record


@transaction.atomic
def note_update(
    record: Publishable, *, by: object, substantive: bool, at: datetime.datetime | None = None
) -> Publishable:
    """Note that a published record was changed. A small correction (not substantive) moves no date.

    Returns the record; raises WrongState or NotAllowed.
    """
    record = _check(record, by, act="publish", states={State.PUBLISHED})
    at = at or timezone.now()
    if substantive:
        record.updated_at = at
        record.save()
    _note(record, Act.Verb.UPDATED if substantive else Act.Verb.CORRECTED, by, at)
    return record


@transaction.atomic
def confirm_reviewed(record: Publishable, *, by: object, at: datetime.datetime | None = None) -> Publishable:
    """Say that the whole page was checked and is still right. Changes no text and no date of update.

    Returns the record; raises WrongState or NotAllowed.
    """
    record = _check(record, by, act="publish", states={State.PUBLISHED})
    at = at or timezone.now()
    _mark_reviewed(record, timezone.localdate(at))
    record.save()
    _note(record, Act.Verb.REVIEWED, by, at)
    return record


@transaction.atomic
def withdraw(record: Publishable, *, by: object, reason: str = "", at: datetime.datetime | None = None) -> Publishable:
    """Take a published record from the public, for a stated reason (given here or already on the record).

    Returns the record; raises WrongState, NotAllowed, or NotReady when no reason is given.
    """
    record = _check(record, by, act="publish", states={State.PUBLISHED})
    record.withdrawal_reason = reason or record.withdrawal_reason
    if not record.withdrawal_reason:
        raise NotReady(_("Give the reason for the withdrawal of “%(record)s”.") % {"record": record})
    record.state = State.WITHDRAWN
    record.save()
    _note(record, Act.Verb.WITHDRAWN, by, at or timezone.now(), record.withdrawal_reason)
    return record
