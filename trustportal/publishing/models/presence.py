"""Who has which form open."""

import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import unique
from trustportal.publishing.models.history import OfRecord, OfRecordQuerySet

if TYPE_CHECKING:
    from trustportal.accounts.models import User


class PresenceQuerySet(OfRecordQuerySet):
    """The words for presences."""

    def since(self, at: datetime.datetime) -> Self:
        """Those who had it open at that time or later."""
        return self.filter(seen_at__gte=at)

    def but(self, person: "User") -> Self:
        """Everybody else, with their names."""
        others = self.exclude(person=person).select_related("person")
        return others.order_by("person__first_name", "person__last_name", "pk")


class Presence(OfRecord):
    """Somebody who has the form of a record open, as far as their browser last said so."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    seen_at = models.DateTimeField(_("seen"))

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        constraints = [
            unique("content_type", "object_id", "person", name="once", message=_("This person has it open already."))
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.record}"
