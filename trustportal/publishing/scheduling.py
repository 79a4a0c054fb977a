"""Publishing and withdrawing at a given time, by itself."""

import datetime
import logging
from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trustportal.accounts.models import User
from trustportal.publishing import mail, workflow
from trustportal.publishing.ledger import is_scheduled as is_scheduled  # for those who schedule
from trustportal.publishing.models import Act, Notice, Publishable, Schedule, State
from trustportal.publishing.rights import needs_other_eyes

log = logging.getLogger(__name__)

LONGEST_WAIT = datetime.timedelta(days=5 * 365)


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
    is_publication = act == Schedule.What.PUBLISH
    states = {State.DRAFT, State.IN_REVIEW} if is_publication else {State.PUBLISHED}
    record = workflow.checked(record, by, act="publish", states=states)
    if is_publication and needs_other_eyes(by, record):
        raise workflow.NotAllowed(
            _("You wrote in “%(record)s” yourself: somebody else has to publish it.") % {"record": record}
        )
    if due_at <= at:
        raise workflow.NotReady(_("Choose a time to come."))
    if due_at - at > LONGEST_WAIT:
        raise workflow.NotReady(_("Choose a time within the next five years."))
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
    workflow.write_down(record, Act.Verb.SCHEDULED, by, at, made.in_words)
    return made


@transaction.atomic
def cancel(made: Schedule, *, by: User, at: datetime.datetime | None = None) -> None:
    """Cancel a schedule; one whose record has gone simply goes. Raises WrongState when it was kept, or NotAllowed."""
    if made.record is None:
        if not workflow.may(by, "publish", made.content_type.model_class()):
            raise workflow.NotAllowed(_("You may not cancel this schedule."))
        is_cancelled = bool(Schedule.objects.filter(pk=made.pk).delete()[0])
    else:
        record = workflow.checked(made.record, by, act="publish", states=set(State))
        is_cancelled = workflow.unschedule(made, record, by, at or timezone.now())
    if not is_cancelled:
        raise workflow.WrongState(_("The schedule has been kept or cancelled already."))


def keep_due(at: datetime.datetime) -> Iterator[tuple[str, str, bool]]:
    """Keep every schedule whose time has come. Yields the act, the record and whether it was done, or why not.

    Each in a transaction of its own. One that fails stays listed with its fault until somebody sets it anew; whoever
    set it is told. Where the database was busy or away, the next run tries again. Running it again, late, or twice at
    the same time does nothing twice.
    """
    for made in Schedule.objects.due(at):
        act, record = made.get_act_display(), str(made.record)
        try:
            is_kept, fault = _keep_or_mark(made.pk, at)
        except (OperationalError, InterfaceError):
            log.exception("The database did not let a schedule be kept.")
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()  # the others get a connection that works
            yield act, _("%(record)s. The database was busy: the next run tries again.") % {"record": record}, False
            continue
        if fault:
            yield act, f"{record}. {fault}", False
        elif is_kept:
            yield act, record, True


def _keep_or_mark(key: int, at: datetime.datetime) -> tuple[bool, str]:
    """Keep one schedule, or write down why it cannot be kept. Raises what the database raises when it is busy."""
    try:
        return _keep(key, at), ""
    except (OperationalError, InterfaceError):
        raise
    except workflow.REFUSALS as error:
        fault = str(error)
    except Exception:
        log.exception("A schedule could not be kept.")
        fault = _("Something went wrong in the portal. Its log says what; tell whoever looks after it.")
    _mark_failed(key, fault, at)
    return False, fault


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
    told = [made.set_by] if made.set_by.is_active else mail.publishers_of(made.record)
    mail.tell(told, Notice.Kind.SCHEDULE_FAILED, made.record, None, at, fault)
