"""What every act needs: how it refuses, the lock on the record, and what is written down of it."""

import datetime
from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from trustportal.accounts.models import User
from trustportal.publishing.models import Act, Publishable, Schedule, Version
from trustportal.publishing.snapshot import snapshot


class WrongState(Exception):
    """The record is not in a state from which this act leads."""


class NotAllowed(Exception):
    """The person may not do this."""


class NotReady(Exception):
    """The record breaks a rule, so the public must not see it yet; the message says what to mend."""


REFUSALS = (WrongState, NotAllowed, NotReady)


def locked(record: Publishable) -> Publishable:
    """The record as the database has it now, and nobody else until the transaction ends; of a copy, its record too.

    Others may go on naming the record (no_key): so two changes that name each other's records never wait in a ring, and
    nobody waits for a preview. Raises WrongState where it has gone meanwhile: a copy that was published or discarded.
    """
    rows = type(record)._base_manager.select_for_update(of=("self",), no_key=True)
    live = rows.get(pk=record.draft_of_id) if record.is_change else None  # always first, so that nobody waits in a ring
    current = rows.filter(pk=record.pk).first()
    if current is None:
        raise WrongState(_("“%(record)s” is no longer there: it was published or discarded.") % {"record": record})
    if live:
        current.draft_of = live
    return current


def is_scheduled(record: Publishable) -> bool:
    """Whether a draft or a change waits to be published by itself, so that nobody may edit it now."""
    waiting = Schedule.objects.on(record).waiting().filter(act=Schedule.What.PUBLISH)
    return record.is_in_work and waiting.exists()


def write_down(record: Publishable, verb: Act.Verb, by: User | None, at: datetime.datetime, words: str = "") -> None:
    """Write down what was done, on the record itself."""
    Act.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.itself.pk,
        verb=verb,
        done_by=by,
        done_at=at,
        note=words,
    )


def keep_version(
    record: Publishable, occasion: Version.Occasion, by: User | None, at: datetime.datetime, data: dict | None = None
) -> Version:
    """Keep how a record reads now, under the next number of the record itself."""
    of = Version.objects.on(record.itself)
    return Version.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.itself.pk,
        number=(of.aggregate(last=models.Max("number"))["last"] or 0) + 1,
        occasion=occasion,
        data=data or snapshot(record),
        edit_number=record.edit_number,
        made_at=at,
        made_by=by,
    )


def note_loaded(model: type[Publishable], keys: Sequence[int]) -> int:
    """Note when records that were loaded, and not published here, were first published and last updated.

    Readers are told what is noted. What is noted already is left alone. Gives how many notes were made.
    """
    kind = ContentType.objects.get_for_model(model)
    noted = set(Act.objects.updates().filter(content_type=kind, object_id__in=keys).values_list("object_id", "done_at"))
    rows = model.objects.ever_published().filter(pk__in=keys).order_by("updated_at", "pk")
    acts = [
        Act(content_type=kind, object_id=key, verb=verb, done_at=at)
        for key, first, last in rows.values_list("pk", "first_published_at", "updated_at")
        for at, verb in {last: Act.Verb.UPDATED, first: Act.Verb.PUBLISHED}.items()
        if (key, at) not in noted
    ]
    Act.objects.bulk_create(acts)
    return len(acts)
