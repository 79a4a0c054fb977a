"""What shall be published or withdrawn by itself at a given time."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import unique
from trustportal.publishing.models.history import OfRecord, OfRecordQuerySet
from trustportal.publishing.models.record import leads_somewhere


class ScheduleQuerySet(OfRecordQuerySet):
    """The words for schedules."""

    def waiting(self) -> Self:
        """Those that are still to be kept."""
        return self.filter(fault="")

    def failed_first(self) -> Self:
        """Those that could not be kept, then the others, the earliest first."""
        failed = models.Case(models.When(fault="", then=1), default=0, output_field=models.IntegerField())
        return self.order_by(failed, "due_at", "pk")

    def due(self, at: datetime.datetime) -> Self:
        """Those whose time has come, the earliest first."""
        return self.waiting().filter(due_at__lte=at).order_by("due_at", "pk")


class Schedule(OfRecord):
    """One act that the portal does by itself at a given time, in the name of whoever set it. Gone once it is kept."""

    class What(models.TextChoices):
        """Which act."""

        PUBLISH = "publish", _("Publish")
        WITHDRAW = "withdraw", _("Withdraw")

    act = models.CharField(_("act"), max_length=10, choices=What)
    due_at = models.DateTimeField(_("time"))
    reason = models.TextField(_("reason for withdrawal"), max_length=400, blank=True)
    see_instead = models.CharField(_("see instead"), max_length=250, blank=True, validators=[leads_somewhere])
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by"))
    fault = models.TextField(_("why it could not be kept"), blank=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            unique(
                "content_type",
                "object_id",
                "act",
                name="once",
                message=_("This is scheduled already. Cancel the schedule first."),
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="schedule_due")]

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.record}"

    @property
    def in_words(self) -> str:
        """What shall be done when: "Publish: 1 April 2027, 09:00"."""
        time = date_format(timezone.localtime(self.due_at), "j F Y, H:i")
        return _now("%(act)s: %(time)s") % {"act": self.get_act_display(), "time": time}
