"""Figures that are due: who is told of which."""

import datetime
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from programmes.models import OutcomeMetric
from trustportal.accounts.models import User
from trustportal.publishing import mail, workflow
from trustportal.publishing.reminders import MOST_IN_A_MAIL, Outcome, at_most_weekly


def remind(on: datetime.date, *, only_say: bool = False) -> Iterator[tuple[User, int, Outcome]]:
    """Send each person one mail with the metrics of which a figure is due within a week, or late.

    The owner of a metric is told; where nobody owns it who works here and may change it, those who may publish it.
    Where a newer figure waits to be approved nobody is. Yields the person, how many metrics and what became of it. At
    most one mail a person in seven days; a failure stops none of the others. With only_say nothing is sent and nothing
    noted.
    """
    if only_say:
        with transaction.atomic():
            _find_unknown_due_dates()
            found = list(_remind_all(on, only_say=True))
            transaction.set_rollback(True)
        yield from found
    else:
        _find_unknown_due_dates()
        yield from _remind_all(on, only_say=False)


def _find_unknown_due_dates() -> None:
    """Those of metrics that came here without having been published here."""
    for key in list(OutcomeMetric.objects.whose_due_date_is_not_known().order_by("pk").values_list("pk", flat=True)):
        with suppress(workflow.WrongState), transaction.atomic():  # one may be deleted meanwhile
            workflow.locked(OutcomeMetric(pk=key)).refresh_figures()


def _remind_all(on: datetime.date, *, only_say: bool) -> Iterator[tuple[User, int, Outcome]]:
    due = OutcomeMetric.objects.with_figure_due_soon(on)
    publishers = set(mail.publishers(OutcomeMetric).values_list("pk", flat=True))
    owners = due.with_owner().order_by().values_list("owner", flat=True).distinct()
    for person in User.objects.filter(pk__in=publishers | set(owners)).order_by("username"):
        metrics = due.falling_to(person, as_publisher=person.pk in publishers)
        if count := metrics.count():
            yield person, count, _remind(person, metrics, count, on, only_say=only_say)


def _remind(person: User, metrics: QuerySet, count: int, on: datetime.date, *, only_say: bool) -> Outcome:
    def send() -> bool:
        rows = [
            {
                "metric": metric,
                "late_by": metric.late_by(on),
                "address": reverse("admin:programmes_observation_add", query={"metric": metric.pk}),
            }
            for metric in metrics[:MOST_IN_A_MAIL]
        ]
        context = {"person": person, "rows": rows, "more": count - len(rows), "site_url": settings.SITE_URL}
        subject = ngettext("%d figure is due", "%d figures are due", count) % count
        return mail.deliver(person.email, subject, render_to_string("programmes/figure_reminder.txt", context))

    return at_most_weekly(person, "figures_reminded_on", on, send, only_say=only_say)
