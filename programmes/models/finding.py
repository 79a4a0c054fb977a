"""The words with which outcome metrics are narrowed and handed on."""

from typing import Self

from partnerships.models import CitedRecordQuerySet
from trustportal.constraints import may_overlap
from trustportal.partial_date import Span


class FoundMetricQuerySet(CitedRecordQuerySet):
    """The words for finders and files of outcome metrics."""

    def counted_during(self, span: Span) -> Self:
        """Those with an approved observation whose period does not rule out that it lies within a span."""
        within = may_overlap("period_start", "period_end", span.first_day, span.last_day)
        return self.filter(pk__in=self.approved_observations().filter(within).order_by().values("metric"))

    def for_export(self) -> Self:
        """What a row of a file needs."""
        return self.select_related("lead", "programme", "partnership").with_latest_observation()
