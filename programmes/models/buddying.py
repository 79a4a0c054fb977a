"""The facts of a buddying arrangement: which trust supported which, and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models import CitedPart, Organisation
from programmes.models.programme import Programme
from trustportal.constraints import differ
from trustportal.publishing.models import PartQuerySet


class BuddyingArrangement(CitedPart):
    """One trust supports another. Focus areas, support and legacy are statements of the programme."""

    record_field = "programme"
    natural_key_fields = ("programme__slug",)

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="buddying_arrangement")
    supporting = models.ForeignKey(
        Organisation, models.PROTECT, related_name="buddying_given", verbose_name=_("supporting trust")
    )
    supported = models.ForeignKey(
        Organisation, models.PROTECT, related_name="buddying_received", verbose_name=_("supported trust")
    )
    trigger = models.TextField(_("what led to it"), max_length=600, help_text=_("In a sentence or two."))

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("facts of the buddying arrangement")
        verbose_name_plural = _("facts of the buddying arrangement")
        constraints = [differ("supported", "supporting", message=_("A trust does not support itself."))]

    def __str__(self) -> str:
        return str(self.programme)
