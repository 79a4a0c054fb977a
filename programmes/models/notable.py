"""Which figures of a metric are worth a place on a timeline: a rule that needs no judgement.

Told are the first and the latest figure, and the first that met the target as it stands now; of what readers are told
alone, so that nothing that is kept back shows in it. A figure that is more than one of these is noted as the one that
says most: that it met the target, then that it was the first.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Notable(models.TextChoices):
    """Why a figure is worth a place on a timeline."""

    NOTHING = "", _("Not of note")
    TARGET_MET = "target-met", _("First figure that met the target")
    FIRST = "first", _("First figure")
    LATEST = "latest", _("Latest figure")


def meets(figure: Decimal, target: Decimal, rule: str) -> bool:
    """Whether a figure is what a target asks for, as `OutcomeMetric.TargetRule` has it."""
    return {
        "at-least": figure >= target,
        "more-than": figure > target,
        "at-most": figure <= target,
        "less-than": figure < target,
        "exactly": figure == target,
    }[rule]


class NotesFigures(models.Model):
    """Something with figures and perhaps a target."""

    class Meta:
        abstract = True

    def refresh_notable(self) -> None:
        """Note anew which of the approved figures are worth a place on a timeline."""
        rows = self.observations.approved().with_period().newest_first()
        noted = self.notable_of([one for one in rows if self._of_itself(one).figure is not None][::-1])
        self.observations.exclude(notable="").exclude(pk__in=noted).update(notable="")
        for key, why in noted.items():
            self.observations.filter(pk=key).exclude(notable=why).update(notable=why)

    def notable_of(self, shown: Sequence[models.Model]) -> dict[int, str]:
        """By key, why some of the figures that readers are told, the oldest first, are worth a place."""
        if not shown:
            return {}
        noted = {shown[-1].pk: Notable.LATEST, shown[0].pk: Notable.FIRST}
        if self.target is not None:
            met = next((one for one in shown if meets(one.figure, self.target, self.target_rule)), None)
            if met is not None:
                noted[met.pk] = Notable.TARGET_MET
        return {key: why.value for key, why in noted.items()}

    def _of_itself(self, figure: models.Model) -> models.Model:
        figure.metric = self
        return figure
