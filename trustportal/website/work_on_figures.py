"""Figures that wait for a person: to be approved, or to be entered."""

import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programmes.figures import waiting_for
from programmes.models import Observation, OutcomeMetric
from programmes.models.figure import Figure
from trustportal.accounts.models import User
from trustportal.publishing.rights import may
from trustportal.publishing.wording import name_of
from trustportal.website.sections import SHOWN, Link, Row, Section


def figures_to_approve(person: User) -> Section | None:
    """Figures and corrections that others entered and the person may approve, the longest waiting first."""
    if not may(person, "publish", OutcomeMetric):
        return None
    waiting = waiting_for(person, OutcomeMetric.objects.live().within_remit_of(person))
    counts = [rows.count() for rows in waiting]
    if not sum(counts):
        return None
    first: list[Figure] = []
    for rows in waiting:
        first += rows.select_related("metric", "entered_by").order_by("entered_at", "pk")[:SHOWN]
    first.sort(key=lambda one: (one.entered_at is None, one.entered_at, one.pk))
    more = [
        Link(words, reverse(f"admin:programmes_{name}_changelist", query={"standing": "waiting"}))
        for words, name, count in [
            (_("Figures that wait"), "observation", counts[0]),
            (_("Corrections that wait"), "correction", counts[1]),
        ]
        if count and sum(counts) > SHOWN
    ]
    rows_shown = [_row_of(one) for one in first[:SHOWN]]
    return Section("figures", _("Figures to approve"), sum(counts), rows_shown, more)


def _row_of(figure: Figure) -> Row:
    is_plain = isinstance(figure, Observation)
    words = {"figure": figure.in_full, "person": name_of(figure.entered_by)}
    facts = (_("%(figure)s, entered by %(person)s") if figure.entered_by else "%(figure)s") % words
    address = f"admin:programmes_{figure._meta.model_name}_change"
    kind = _("Figure") if is_plain else _("Correction")
    return Row(figure.metric.name, kind, reverse(address, args=[figure.pk]), facts, "" if is_plain else figure.reason)


def figures_due(person: User, on: datetime.date) -> Section | None:
    """Metrics whose next figure is late, or due within a week, that fall to the person. Two queries."""
    if not may(person, "change", OutcomeMetric):
        return None
    due = OutcomeMetric.objects.with_figure_due_soon(on)
    mine = due.falling_to(person, as_publisher=may(person, "publish", OutcomeMetric))
    count = mine.count()
    if not count:
        return None
    rows = []
    for metric in mine[:SHOWN]:
        words = {"date": date_format(metric.next_figure_due_on, "j F Y"), "time": metric.late_by(on)}
        facts = (_("Late by %(time)s, due on %(date)s") if words["time"] else _("Due on %(date)s")) % words
        note = "" if metric.is_own else _("Nobody who may change it owns it.")
        address = reverse("admin:programmes_observation_add", query={"metric": metric.pk})
        rows.append(Row(metric.name, _("Figure"), address, facts, note))
    lists = reverse("admin:programmes_outcomemetric_changelist", query={"figures": "late"})
    more = [Link(_("All outcomes whose next figure is late"), lists)] if count > SHOWN else []
    return Section("due", _("Figures that are due"), count, rows, more)
