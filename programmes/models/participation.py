"""Who takes part in a programme besides its lead."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from partnerships.models import CitedPart, Organisation, PartnerQuerySet, Role
from trustportal.constraints import may_overlap, not_before, unique
from trustportal.partial_date import PartialDateField, Span, period_in_words


class ParticipationQuerySet(PartnerQuerySet):
    """The words for participations."""

    def during(self, programmes: models.QuerySet, span: Span) -> Self:
        """Those in some programmes whose dates do not rule out that they held within a span."""
        own = may_overlap("started_on", "ended_on", span.first_day, span.last_day)
        return self.filter(own, programme__in=programmes)

    def first_of_partners(self, programmes: models.QuerySet, partnerships: Iterable[int], most: int) -> models.QuerySet:
        """Rows of (partnership, partner, identifier of the programme, its name): so many at most of each partner under
        each of some partnerships, given by key."""
        named = ["programme__partnership", "organisation"]
        within = models.Window(RowNumber(), partition_by=named, order_by=["programme__uuid", "pk"])
        under = self.filter(programme__partnership__in=list(partnerships))
        rows = under.filter(models.Exists(programmes.filter(pk=models.OuterRef("programme"))))
        rows = rows.annotate(rank=within).filter(rank__lte=most)
        return rows.order_by("programme__uuid", "pk").values_list(*named, "programme__uuid", "programme__name")


class Participation(CitedPart):
    """An organisation's part in a programme, besides the lead: its role and dates."""

    record_field = "programme"
    natural_key_fields = ("programme__slug", "organisation__slug", "role")

    programme = models.ForeignKey("programmes.Programme", models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="participations", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.DELIVERY)
    note = models.CharField(_("what they do"), max_length=200, blank=True)
    started_on = PartialDateField(_("from"), null=True, blank=True)
    ended_on = PartialDateField(_("until"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner taking part")
        verbose_name_plural = _("partners taking part")
        indexes = [
            models.Index(fields=["started_on"], name="participation_started"),
            models.Index(fields=["ended_on"], name="participation_ended"),
        ]
        constraints = [
            unique("programme", "organisation", "role", name="once", message=_("It has this role already.")),
            not_before("ended_on", "started_on", message=_("Taking part does not end before it begins.")),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.get_role_display()}"

    @property
    def period(self) -> str:
        """When it took part, in words."""
        return period_in_words(self.started_on, self.ended_on)
