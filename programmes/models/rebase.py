"""Where the limits of a control chart begin anew, because what is counted is no longer the same."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models import CitedPart
from programmes.models.outcome_metric import OutcomeMetric
from trustportal.constraints import unique
from trustportal.partial_date import PartialDateField
from trustportal.publishing.models import PartQuerySet


class Rebase(CitedPart):
    """From this period on a metric is judged by new limits: a service moved, two trusts merged, the count changed."""

    record_field = "metric"
    natural_key_fields = ("metric__slug", "starts_on")

    metric = models.ForeignKey(OutcomeMetric, models.CASCADE, related_name="rebases", verbose_name=_("metric"))
    starts_on = PartialDateField(
        _("first period with new limits"),
        help_text=_("As the figure of that period has it, for example: April 2018."),
    )
    reason = models.CharField(
        _("reason"),
        max_length=200,
        help_text=_("What changed, for readers. For example: The clinic moved to a larger building."),
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("new limits")
        verbose_name_plural = _("new limits")
        constraints = [
            unique("metric", "starts_on", name="once", message=_("The limits begin anew in this period already."))
        ]

    def __str__(self) -> str:
        return f"{self.starts_on.words}: {self.reason}"
