"""What readers are told of the updates of pages: of one page, and of many together. Never who made them."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from trustportal.publishing.models import Act, Publishable

UPDATES_SHOWN = 20


@dataclass(frozen=True)
class Update:
    """One update of a page that the public sees: when it was, and what changed. `number` stays with it for good."""

    number: int
    on: datetime.datetime
    words: str
    record: Publishable

    @property
    def is_first(self) -> bool:
        """Whether readers learn of the record by it."""
        return self.on == self.record.first_published_at


def update_of(act: Act, record: Publishable) -> Update:
    """An act as readers are told it."""
    words = act.note
    if not words and act.verb == Act.Verb.PUBLISHED:
        words = _("First published.") if act.done_at == record.first_published_at else _("Published again.")
    return Update(act.pk, act.done_at, words or _("Updated."), record)


def updates_of(record: Publishable, most: int = UPDATES_SHOWN) -> list[Update]:
    """What readers are told of the latest updates of a page, the newest first. One query."""
    return [update_of(act, record) for act in Act.objects.on(record).updates()[:most]]


def told(acts: Sequence[Act], kinds: Iterable[type[Publishable]]) -> list[Update]:
    """Acts on records of some kinds as readers are told them. What is not public is left out. A query for each kind."""
    records = [kind.objects.published().for_updates() for kind in kinds]
    prefetch_related_objects(acts, GenericPrefetch("record", records))
    return [update_of(act, act.record) for act in acts if act.record]


def newest_updates(records: Sequence[QuerySet], most: int) -> list[Update]:
    """The newest updates of some published records, given as a queryset for each kind."""
    return told(list(Act.objects.updates_of_newest(records, most)), [rows.model for rows in records])
