"""Which organisations took over the work of closed ones."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.organisation import Organisation
from trustportal.constraints import differ, unique
from trustportal.partial_date import PartialDateField
from trustportal.publishing.models import Part, PartQuerySet, State


class SuccessionQuerySet(PartQuerySet):
    """The words for successions."""

    def of_public(self) -> Self:
        """Those among organisations that the public may see."""
        return self.filter(organisation__state=State.PUBLISHED, successor__state=State.PUBLISHED)

    def later_than_closure(self) -> Self:
        """Those on another date than that of the closure, which says what followed already."""
        return self.exclude(succeeded_on=models.F("organisation__closed_on"))

    def seen_from(self, organisation: Organisation) -> Self:
        """What an organisation followed; and what followed it, unless its closure says so already."""
        followed = Q(organisation=organisation) & ~Q(succeeded_on=models.F("organisation__closed_on"))
        return self.filter(followed | Q(successor=organisation))

    def around(self, organisation: Organisation) -> Self:
        """What an organisation followed and what followed it, among published organisations; the oldest first."""
        return (
            self.filter(Q(organisation=organisation) | Q(successor=organisation))
            .filter(organisation__state=State.PUBLISHED, successor__state=State.PUBLISHED)
            .select_related("organisation", "successor")
            .order_by("succeeded_on", "pk")
        )


class Succession(Part):
    """One organisation that took over work of a closed one."""

    record_field = "organisation"
    natural_key_fields = ("organisation__slug", "successor__slug")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="predecessions", verbose_name=_("successor")
    )
    succeeded_on = PartialDateField(_("since"), null=True, blank=True, help_text=_("For example: 1 July 2022."))
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("What passed on, where not everything did.")
    )

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("successor")
        verbose_name_plural = _("successors")
        constraints = [
            unique("organisation", "successor", name="once", message=_("This successor is there already.")),
            differ("successor", "organisation", message=_("An organisation does not succeed itself.")),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} → {self.successor}"
