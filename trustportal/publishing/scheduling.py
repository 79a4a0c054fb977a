"""Publishing and withdrawing at a given time, by itself."""

import datetime
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from trustportal.accounts.models import User
from trustportal.publishing import mail, workflow
from trustportal.publishing.models import Act, Notice, Publishable, Schedule, State
from trustportal.publishing.rights import needs_other_eyes


def _in_words(due_at: datetime.datetime) -> str:
    return date_format(timezone.localtime(due_at), "j F Y, H:i")


@transaction.atomic
def schedule(
    record: Publishable,
    act: Schedule.What,
    *,
    due_at: datetime.datetime,
    by: User,
    reason: str = "",
    see_instead: str = "",
    at: datetime.datetime | None = None,
) -> Schedule:
    """Have a draft or a change published, or a published record withdrawn, at a time to come.

    A text that is scheduled is not edited: cancel the schedule first. Raises WrongState, NotAllowed, or NotReady (the
    time has gone by, there is a schedule already, it could not be published as it is).
    """
    at = at or timezone.now()
    record = workflow.locked(record)
    is_publication = act == Schedule.What.PUBLISH
    if not (record.is_in_work if is_publication else record.is_published):
        raise workflow.WrongState(
            _("“%(record)s” is now: %(state)s.") % {"record": record, "state": record.get_state_display()}
        )
    if not workflow.may(by, "publish", record):
        raise workflow.NotAllowed(_("You may not do this to “%(record)s”.") % {"record": record})
    if is_publication and needs_other_eyes(by, record):
        raise workflow.NotAllowed(
            _("You wrote in “%(record)s” yourself: somebody else has to publish it.") % {"record": record}
        )
    if due_at <= at:
        raise workflow.NotReady(_("Choose a time to come."))
    if not is_publication and not reason.strip():
        raise workflow.NotReady(_("Give the reason for the withdrawal of “%(record)s”.") % {"record": record})
    if Schedule.objects.on(record).filter(act=act).exists():
        raise workflow.NotReady(_("This is scheduled already. Cancel the schedule first."))
    if is_publication:
        workflow.check_ready(record)
    made = Schedule.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        act=act,
        due_at=due_at,
        reason=reason,
        see_instead=see_instead,
        set_by=by,
    )
    words = _("%(act)s: %(time)s") % {"act": made.get_act_display(), "time": _in_words(due_at)}
    workflow.write_down(record, Act.Verb.SCHEDULED, by, at, words)
    return made


@transaction.atomic
def cancel(made: Schedule, *, by: User, at: datetime.datetime | None = None) -> None:
    """Cancel a schedule. Raises WrongState when it was kept meanwhile, or NotAllowed."""
    if made.record is None:
        raise workflow.WrongState(_("The schedule has been kept or cancelled already."))
    record = workflow.locked(made.record)
    if not workflow.may(by, "publish", record):
        raise workflow.NotAllowed(_("You may not do this to “%(record)s”.") % {"record": record})
    deleted, _rows = Schedule.objects.filter(pk=made.pk).delete()
    if not deleted:
        raise workflow.WrongState(_("The schedule has been kept or cancelled already."))
    words = _("%(act)s: %(time)s") % {"act": made.get_act_display(), "time": _in_words(made.due_at)}
    workflow.write_down(record, Act.Verb.UNSCHEDULED, by, at or timezone.now(), words)


def keep_due(at: datetime.datetime) -> Iterator[tuple[str, str, bool]]:
    """Keep every schedule whose time has come. Yields the act, the record and whether it was done, or why not.

    Each in a transaction of its own. One that fails stays listed with its fault until somebody sets it anew; whoever
    set it is told. Running it again, late, or twice at the same time does nothing twice.
    """
    for made in Schedule.objects.due(at):
        act, record = made.get_act_display(), str(made.record)
        try:
            done = _keep(made.pk, at)
        except Exception as error:
            fault = str(error) or type(error).__name__
            _mark_failed(made.pk, fault, at)
            yield act, f"{record}. {fault}", False
        else:
            if done:
                yield act, record, True


@transaction.atomic
def _keep(key: int, at: datetime.datetime) -> bool:
    """Keep one schedule; gives whether it was still there to be kept."""
    found = Schedule.objects.due(at).filter(pk=key).first()
    if found is None:
        return False
    if found.record is not None:
        try:
            workflow.locked(found.record)  # before the schedule, as all other acts do, so that nobody waits in a ring
        except workflow.WrongState:  # published or discarded just now, and its schedule with it
            return False
    made = Schedule.objects.select_for_update(of=("self",)).due(at).filter(pk=key).select_related("set_by").first()
    if made is None:
        return False
    record = made.record
    made.delete()
    if record is None:
        return False
    if made.act == Schedule.What.PUBLISH:
        workflow.publish(record, by=made.set_by, at=at)
    else:
        workflow.withdraw(record, by=made.set_by, reason=made.reason, see_instead=made.see_instead, at=at)
    return True


@transaction.atomic
def _mark_failed(key: int, fault: str, at: datetime.datetime) -> None:
    made = Schedule.objects.select_for_update(of=("self",)).waiting().filter(pk=key).first()
    if made is None or made.record is None:
        return
    made.fault = fault
    made.save()
    workflow.write_down(made.record, Act.Verb.FAILED, None, at, fault)
    mail.tell([made.set_by], Notice.Kind.SCHEDULE_FAILED, made.record, None, at, fault)


def is_scheduled(record: Publishable) -> bool:
    """Whether a draft or a change waits to be published by itself, so that nobody may edit it now."""
    return record.state in {State.DRAFT, State.IN_REVIEW} and (
        Schedule.objects.on(record).waiting().filter(act=Schedule.What.PUBLISH).exists()
    )
