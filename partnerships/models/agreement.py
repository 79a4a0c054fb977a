"""What partners have signed, and what they have agreed to put first."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.source import CitedPart
from trustportal.constraints import holds, not_before, unique
from trustportal.partial_date import PartialDateField
from trustportal.publishing.models import PartQuerySet


class Agreement(CitedPart):
    """What was signed: a memorandum of understanding, a contract, a fellowship."""

    class Kind(models.TextChoices):
        """What sort of paper."""

        MEMORANDUM = "memorandum", _("Memorandum of understanding")
        CONTRACT = "contract", _("Contract")
        FELLOWSHIP = "fellowship", _("Fellowship")
        SERVICE = "service", _("Service agreement")

    record_field = "partnership"
    natural_key_fields = ("partnership__slug", "name")

    partnership = models.ForeignKey("partnerships.Partnership", models.CASCADE, related_name="agreements")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=200, help_text=_("For example: Second contract to train physicists."))
    summary = models.TextField(_("what it says"), max_length=400, blank=True)
    signed_on = PartialDateField(_("signed"), null=True, blank=True)
    ended_on = PartialDateField(_("ends or ended"), null=True, blank=True)
    renewal_due_on = PartialDateField(_("renewal due"), null=True, blank=True)
    document = models.ForeignKey(
        "partnerships.Source", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        indexes = [
            models.Index(fields=["signed_on"], name="agreement_signed"),
            models.Index(fields=["ended_on"], name="agreement_ended"),
            models.Index(fields=["renewal_due_on"], name="agreement_renewal"),
        ]
        constraints = [
            unique("partnership", "name", name="once", message=_("An agreement of this name is there already.")),
            not_before("ended_on", "signed_on", message=_("An agreement does not end before it is signed.")),
            not_before("renewal_due_on", "signed_on", message=_("An agreement is not renewed before it is signed.")),
        ]

    def __str__(self) -> str:
        return self.name


class PartnershipPriority(CitedPart):
    """Something that the partners have agreed to put first."""

    record_field = "partnership"
    natural_key_fields = ("partnership__slug", "position")

    partnership = models.ForeignKey("partnerships.Partnership", models.CASCADE, related_name="priorities")
    position = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=100)
    text = models.TextField(_("text"), blank=True, max_length=600)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority of the partners")
        verbose_name_plural = _("priorities of the partners")
        constraints = [
            unique("partnership", "position", name="once", message=_("Two priorities have this number.")),
            holds(Q(position__gte=1), name="counted_from_one", message=_("Numbers begin with 1.")),
        ]

    def __str__(self) -> str:
        return self.name
