"""What is new on the portal: of which kinds of records readers are told, and what concerns one record."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models import Aim, Organisation, Partnership, Priority, Site, Source, Strategy
from programmes.models import OutcomeMetric, Programme
from trustportal.publishing.models import Publishable, State
from trustportal.publishing.updates import Update
from trustportal.website.search_views import TYPES

MOST_SHOWN = 500  # updates on the page of what is new; older ones stand on the pages of the records
PER_PAGE = 50


@dataclass(frozen=True)
class Kind:
    """A kind of record by which readers narrow what is new."""

    label: str | Promise
    models: tuple[type[Publishable], ...]


KINDS = {
    "partners": Kind(_("Partners"), (Organisation,)),
    "partnerships": Kind(_("Partnerships"), (Partnership,)),
    "programmes": Kind(_("Programmes"), (Programme,)),
    "outcomes": Kind(_("Outcomes"), (OutcomeMetric,)),
    "sites": Kind(_("Sites"), (Site,)),
    "strategy": Kind(_("Strategy"), (Strategy, Priority, Aim)),
    "sources": Kind(_("Sources"), (Source,)),
}
LABELS = {model: kind.label for kind in KINDS.values() for model in kind.models}


def records_of(kind: str = "") -> list[QuerySet]:
    """The public records of a kind, or of all kinds, model by model."""
    kinds = [KINDS[kind]] if kind else list(KINDS.values())
    return [model.objects.searched() for one in kinds for model in one.models]


def of_partner(organisation: Organisation) -> list[QuerySet]:
    """All that concerns a partner: its page, its sites, what it leads or takes part in, and the figures of that."""
    return [
        Organisation.objects.published().filter(pk=organisation.pk),
        Site.objects.published().run_by(organisation),
        Partnership.objects.published().with_partner(organisation),
        Programme.objects.published().with_partner(organisation),
        OutcomeMetric.objects.published().with_partner(organisation),
    ]


def of_partnership(partnership: Partnership) -> list[QuerySet]:
    """All that concerns a partnership: its page, the programmes under it, and the figures of both."""
    return [
        Partnership.objects.published().filter(pk=partnership.pk),
        Programme.objects.published().under(partnership),
        OutcomeMetric.objects.published().around(partnership),
    ]


def of_programme(programme: Programme) -> list[QuerySet]:
    """All that concerns a programme: its page and its figures."""
    return [
        Programme.objects.published().filter(pk=programme.pk),
        OutcomeMetric.objects.published().of_programme(programme),
    ]


def of_outcome(metric: OutcomeMetric) -> list[QuerySet]:
    """An outcome stands alone."""
    return [OutcomeMetric.objects.published().filter(pk=metric.pk)]


CONCERNING: dict[type[Publishable], Callable[[Any], list[QuerySet]]] = {
    Organisation: of_partner,
    Partnership: of_partnership,
    Programme: of_programme,
    OutcomeMetric: of_outcome,
}


def last_change(models: Iterable[type[Publishable]]) -> datetime.datetime | None:
    """When anything that the public sees of some kinds last changed, a correction and a withdrawal too.

    None before there is any. A question for each kind and state, which an index answers.
    """
    newest = [
        model.objects.filter(state=state).order_by("-modified_at").values_list("modified_at", flat=True).first()
        for model in models
        for state in (State.PUBLISHED, State.WITHDRAWN)
    ]
    return max(filter(None, newest), default=None)


@dataclass(frozen=True)
class Day:
    """What was new on a day: each update, with the kind of what it is an update of."""

    on: datetime.date
    updates: list[tuple[Update, str | Promise]]


def by_day(updates: Iterable[Update]) -> list[Day]:
    """Updates under their days, in their order."""
    days: list[Day] = []
    for update in updates:
        on = timezone.localdate(update.on)
        if not days or days[-1].on != on:
            days.append(Day(on, []))
        days[-1].updates.append((update, TYPES[update.record._meta.model_name][0]))
    return days
