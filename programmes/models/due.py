"""When the next figure of a metric is due, and who is told that it is late."""

import datetime
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from programmes.models.periods import next_period
from trustportal.partial_date import PartialDate, PartialDateField
from trustportal.publishing.models import PublishableQuerySet

TOLD_BEFORE = datetime.timedelta(days=7)  # so many days before a figure is due
LONG_OVERDUE = {  # after so many days readers are told, by how often a figure comes
    "weekly": datetime.timedelta(days=28),
    "monthly": datetime.timedelta(days=62),
    "quarterly": datetime.timedelta(days=92),
    "yearly": datetime.timedelta(days=183),
}


class FiguresDueQuerySet(PublishableQuerySet):
    """The words for what is due."""

    def with_figure_due(self, before: datetime.date) -> Self:
        """Published ones whose next figure is due before a day, the longest waited for first."""
        return self.published().filter(next_figure_due_on__lt=before).order_by("next_figure_due_on", "name", "pk")

    def with_figure_due_soon(self, on: datetime.date) -> Self:
        """Published ones whose next figure is late on a day, or due within a week of it, and was not entered yet."""
        return self.with_figure_due(on + TOLD_BEFORE + datetime.timedelta(days=1)).without_figures_entered()

    def without_figures_entered(self) -> Self:
        """Those of which no figure waits to be approved that would be their newest."""
        observations = self.model._meta.get_field("observations").related_model.objects
        return self.exclude(pk__in=observations.waiting().newer_than_approved().order_by().values("metric"))

    def whose_due_date_is_not_known(self) -> Self:
        """Published ones that are counted again and again, have figures, and were never asked when the next is due."""
        again = self.published().filter(next_figure_due_on__isnull=True, last_period__isnull=True)
        with_figures = self.approved_observations().with_period().order_by().values("metric")
        return again.exclude(frequency=self.model.Frequency.ONCE).filter(pk__in=with_figures)


class FiguresDue(models.Model):
    """Something of which a figure is due again and again, as its `frequency` says."""

    due_after_days = models.PositiveSmallIntegerField(
        _("figure due after"),
        default=30,
        validators=[MaxValueValidator(730)],
        help_text=_("How many days after the end of a period its figure is due."),
    )
    last_period = PartialDateField(
        _("last period"),
        null=True,
        blank=True,
        help_text=_("Only where no more figures come: the last period that was counted, for example: March 2019."),
    )
    next_figure_due_on = models.DateField(_("next figure due"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def following(self, start: PartialDate, end: PartialDate) -> tuple[PartialDate, PartialDate] | None:
        """The period after one; None where no more figures come."""
        period = next_period(start, end, self.frequency)
        if period and self.last_period and period[1].latest > self.last_period.latest:
            return None
        return period

    def due_after(self, start: PartialDate, end: PartialDate) -> datetime.date | None:
        """The day by which the figure after that of a period is due, or None."""
        period = self.following(start, end)
        return period[1].latest + datetime.timedelta(days=self.due_after_days) if period else None

    def late_by(self, on: datetime.date | None = None) -> str:
        """How late the next figure is on a day, in words: "5 weeks"; "" where it is not."""
        on = on or timezone.localdate()
        due_on = self.next_figure_due_on
        return timesince(due_on, on, depth=1).replace("\xa0", " ") if due_on and due_on < on else ""

    def overdue_in_words(self, on: datetime.date | None = None) -> str:
        """What readers are told where a figure has been due for long; otherwise ""."""
        on = on or timezone.localdate()
        due_on = self.next_figure_due_on
        long = LONG_OVERDUE.get(self.frequency)
        if not due_on or not long or on <= due_on + long:
            return ""
        words = {"date": date_format(due_on, "j F Y"), "time": self.late_by(on)}
        return _now("The next figure was due by %(date)s. It is %(time)s late.") % words
