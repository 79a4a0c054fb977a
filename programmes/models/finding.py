"""The words with which outcome metrics are narrowed and handed on."""

from typing import Self

from django.db import models
from django.db.models import Q

from partnerships.models import Aim, CitedRecordQuerySet, Organisation, Partnership, Priority, Source
from programmes.models.programme import Programme
from trustportal.constraints import may_overlap
from trustportal.partial_date import Span


class FoundMetricQuerySet(CitedRecordQuerySet):
    """The words for finders and files of outcome metrics."""

    def counted_during(self, span: Span) -> Self:
        """Those with an approved observation whose period does not rule out that it lies within a span."""
        within = may_overlap("period_start", "period_end", span.first_day, span.last_day)
        return self.filter(pk__in=self.approved_observations().filter(within).order_by().values("metric"))

    def of_partner(self, organisation: Organisation) -> Self:
        """Those that an organisation publishes, and those of programmes and partnerships in which it has a part."""
        programmes = Programme.objects.published().with_partner(organisation)
        partnerships = Partnership.objects.published().with_partner(organisation)
        return self.filter(Q(lead=organisation) | Q(programme__in=programmes) | Q(partnership__in=partnerships))

    def for_priority(self, priority: Priority) -> Self:
        """Those of programmes and partnerships that say they serve an aim of a priority."""
        return self.filter(
            Q(programme__in=Programme.objects.published().filter(aims__priority=priority))
            | Q(partnership__in=Partnership.objects.published().filter(aims__priority=priority))
        )

    def partners(self) -> models.QuerySet:
        """The public organisations that publish them or take part in the programmes that they measure, A to Z."""
        measured = Programme.objects.published().measured_by(self)
        found = Q(pk__in=self.order_by().values("lead")) | Q(participations__programme__in=measured)
        return Organisation.objects.published().filter(found).distinct().in_name_order()

    def priorities(self) -> models.QuerySet:
        """The public priorities that they serve, A to Z."""
        programmes, partnerships = (self.order_by().values(name) for name in ("programme", "partnership"))
        aims = Aim.objects.filter(Q(programmes__in=programmes) | Q(partnerships__in=partnerships))
        return Priority.objects.published().filter(pk__in=aims.values("priority")).in_name_order()

    def for_aim(self, aim: Aim) -> Self:
        """Those of programmes and partnerships that say they serve an aim."""
        programmes, partnerships = (model.objects.published().serving(aim) for model in (Programme, Partnership))
        return self.filter(Q(programme__in=programmes) | Q(partnership__in=partnerships))

    def for_export(self) -> Self:
        """What a row of a file needs."""
        rows = self.with_named("lead", "programme", "partnership").with_latest_observation()
        return rows.with_rows(sources=Source.objects.for_reference().in_name_order())
