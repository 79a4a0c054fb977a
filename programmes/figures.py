"""What is done to the figures of a metric: somebody enters them, somebody else approves them, then they are locked.

A figure is public once it is approved and its metric is published. An approved one is changed by a correction alone,
which goes the same way. Each act locks the metric, checks the person, changes and notes, in one transaction.
"""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programmes.models import Correction, Observation, OutcomeMetric
from programmes.models.figure import Figure
from trustportal.accounts.models import User
from trustportal.publishing import workflow

AT_ONCE = 500  # rows that are read or written together
CHANGES_PLACE = (*Figure.told, "entered_by", "entered_at", "approved_by", "approved_at")
MOST_NAMED = 3  # periods in a note to readers


def may_enter(person: User, metric: OutcomeMetric) -> bool:
    """Whether a person may enter figures of a metric, and change and delete those that nobody has approved."""
    return not metric.is_change and workflow.may(person, "change", metric)


def may_approve(person: User, figure: Figure) -> bool:
    """Whether a person may approve a figure: a publisher, and with four eyes nobody who entered it or changed it."""
    if figure.is_approved or not workflow.may(person, "publish", figure.metric):
        return False
    return not (settings.FOUR_EYES and figure.was_entered_by(person))


def waiting_for(person: User, metrics: QuerySet) -> tuple[QuerySet, QuerySet]:
    """The observations and the corrections of some metrics that a publisher may approve."""
    found = []
    for model in (Observation, Correction):
        rows = model.objects.waiting().of_metrics(metrics)
        found.append(rows.not_entered_by(person) if settings.FOUR_EYES else rows)
    return found[0], found[1]


def entered(figures: list[Figure], *, by: User | None, at: datetime.datetime | None = None) -> list[Figure]:
    """Mark figures as entered by a person now, before they are saved; whoever had entered one stays noted.

    A query for all observations among them, and one for all corrections.
    """
    at = at or timezone.now()
    for model in (Observation, Correction):
        through, own = model.also_entered_by.through, model._meta.get_field("also_entered_by").m2m_field_name()
        rows = [
            through(**{f"{own}_id": figure.pk, "user_id": figure.entered_by_id})
            for figure in figures
            if isinstance(figure, model) and figure.pk and figure.entered_by_id not in {None, by and by.pk}
        ]
        through.objects.bulk_create(rows, ignore_conflicts=True)
    for figure in figures:
        figure.entered_by, figure.entered_at = by, at
    return figures


@transaction.atomic
def approve(figures: Iterable[Figure], *, by: User, at: datetime.datetime | None = None) -> int:
    """Approve figures of one metric, all of them or none. Gives how many.

    Raises WrongState (one is gone or approved already), NotAllowed, or NotReady: a correction cannot stand, or
    the public baseline would tell what is kept back then.
    """
    asked = list(figures)
    if not asked:
        return 0
    metric = workflow.locked(asked[0].metric)
    at = at or timezone.now()
    plain = _read_again(Observation, asked, metric)
    corrections = _read_again(Correction, asked, metric)
    for figure in [*plain, *corrections]:
        figure.metric = metric
        if not may_approve(by, figure):
            words = _("You may not approve the figure of %(period)s: somebody else than who entered it does.")
            raise workflow.NotAllowed(words % {"period": figure.period})
    keys = [figure.pk for figure in plain]
    for start in range(0, len(keys), AT_ONCE):
        some = Observation.objects.filter(pk__in=keys[start : start + AT_ONCE])
        some.update(approved_by=by, approved_at=at)
        Observation.also_entered_by.through.objects.filter(observation__in=keys[start : start + AT_ONCE]).delete()
    for correction in corrections:
        _change_places(correction, by, at)
    metric.refresh_figures()
    if metric.is_published and (fault := metric.fault_of_baseline()):
        raise workflow.NotReady(fault)
    if metric.is_published:
        workflow.note_update(metric, by=by, substantive=True, words=_news(plain, corrections), at=at)
    return len(asked)


def _read_again(model: type[Figure], asked: list[Figure], metric: OutcomeMetric) -> list[Figure]:
    """Those of one kind as they are under the lock, all of the metric and still to be approved. Raises WrongState."""
    keys = [figure.pk for figure in asked if isinstance(figure, model)]
    found: list[Figure] = []
    for start in range(0, len(keys), AT_ONCE):
        rows = model.objects.waiting().filter(metric=metric, pk__in=keys[start : start + AT_ONCE])
        found += rows.prefetch_related("also_entered_by").order_by("pk")
    if len(found) != len(keys):
        raise workflow.WrongState(_("A figure was approved, changed or deleted meanwhile. Look at them again."))
    return found


def _change_places(correction: Correction, by: User, at: datetime.datetime) -> None:
    """The observation takes what the correction holds, and the correction what stood there."""
    observation = Observation.objects.select_for_update().get(pk=correction.observation_id)
    correction.approved_by, correction.approved_at = by, at
    for name in CHANGES_PLACE:
        attribute = Observation._meta.get_field(name).attname
        new, old = getattr(correction, attribute), getattr(observation, attribute)
        setattr(observation, attribute, new)
        setattr(correction, attribute, old)
    correction.replaced_at = at
    try:
        with transaction.atomic():
            observation.full_clean()
            observation.save()
            correction.save()
            correction.also_entered_by.clear()
    except (ValidationError, IntegrityError) as error:
        why = " ".join(error.messages) if isinstance(error, ValidationError) else _("It clashes with another figure.")
        words = _("The correction of %(period)s cannot stand: %(why)s")
        raise workflow.NotReady(words % {"period": correction.period, "why": why}) from error  # as it stood before


def _news(plain: list[Figure], corrections: list[Figure]) -> str:
    """One line for readers."""
    said = []
    if plain:
        first = sorted(plain, key=lambda one: str(one.period_end or ""), reverse=True)[:MOST_NAMED]
        named = "; ".join(one.period for one in first)
        words = ngettext("New figure: %(periods)s.", "%(count)d new figures: %(periods)s.", len(plain))
        more = f"{named} …" if len(plain) > MOST_NAMED else named
        said.append(words % {"count": len(plain), "periods": more})
    if corrections:
        words = ngettext("Corrected: %(periods)s.", "%(count)d figures corrected: %(periods)s.", len(corrections))
        named = "; ".join(one.period for one in corrections[:MOST_NAMED])
        more = f"{named} …" if len(corrections) > MOST_NAMED else named
        said.append(words % {"count": len(corrections), "periods": more})
    return " ".join(said)[:250]


@transaction.atomic
def discard(figure: Figure, *, by: User) -> None:
    """Delete a figure or a correction that nobody has approved. Raises WrongState or NotAllowed."""
    metric = workflow.locked(figure.metric)
    now = type(figure).objects.filter(pk=figure.pk).first()
    if now is None or now.is_approved:
        raise workflow.WrongState(_("This figure was approved or deleted meanwhile."))
    if not may_enter(by, metric):
        raise workflow.NotAllowed(_("You may not change the figures of “%(record)s”.") % {"record": metric})
    now.delete()
