"""What a metric keeps back so that a small number is neither told nor found by subtraction."""

from collections.abc import Hashable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now

from trustportal.charts.sums import Counted, also_hidden, is_small

BASELINE = "baseline"  # among the keys of figures


class KeepsBack(models.Model):
    """Something with figures, a baseline, and `fewest_shown`, the smallest number that readers are told."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """A baseline is told as it is, so that it is no small number."""
        super().clean()
        if self.baseline != self.baseline_shown:
            raise ValidationError(
                {
                    "baseline": _now("Leave the baseline empty: it is below %(fewest)s, the smallest number shown.")
                    % {"fewest": self.fewest_shown}
                }
            )

    def faults_as_a_whole(self) -> list[str]:
        """As any record; and the baseline tells nothing that is kept back in the figures."""
        fault = self.fault_of_baseline()
        return [*super().faults_as_a_whole(), *([fault] if fault else [])]

    @property
    def baseline_shown(self) -> Decimal | None:
        """The baseline as readers are told it: None where it is small, or where there is none.

        The baseline of a rate does not say of how many it is, so that it may be of any number.
        """
        return None if not self.is_rate and is_small(self.fewest_shown, self.baseline) else self.baseline

    @property
    def baseline_in_words(self) -> str:
        """For example: "41.0% (2016)", or ""."""
        words = self.in_words(self.baseline_shown)
        return f"{words} ({self.baseline_on.words})" if words and self.baseline_on else words

    def fault_of_baseline(self) -> str:
        """Why the baseline cannot be told beside the approved figures, or ""."""
        if self.fewest_shown is None or self.baseline is None:
            return ""
        if self.baseline_shown is None:
            return _now("Its baseline is below the smallest number shown: leave it empty.")
        if BASELINE in self.left_out():
            return _now(
                "Its baseline would tell a number too small to show: that of a figure of the same period, or one that "
                "can be worked out from it. Leave the baseline empty, and publish that."
            )
        return ""

    def left_out(self) -> set[Hashable]:
        """The keys of the approved figures to hide besides the small ones; and BASELINE where that would tell one.

        A figure without a period may be the sum of all others, so that it is told only where nothing is kept back.
        """
        if self.fewest_shown is None:
            return set()
        dated, undated = [], set()
        for one in self.observations.approved().iterator(chunk_size=500):
            one.metric = self
            if one.counted is None:
                continue
            if one.period_start is None:
                undated.add(one.pk)
            else:
                dated.append(one)
        is_part = all(one.numerator is None or one.numerator <= one.denominator for one in dated)
        counted = []
        for one in dated:
            numbers = (one.value,) if one.numerator is None else (one.numerator, one.denominator)
            if is_part and one.numerator is not None:
                numbers += (one.denominator - one.numerator,)
            counted.append(Counted(one.pk, one.period_start.earliest, one.period_end.latest, one.is_small, numbers))
        days = (self.baseline_on.earliest, self.baseline_on.latest) if self.baseline_on else None
        if days and not self.is_rate and self.baseline_shown is not None:
            counted.append(Counted(BASELINE, *days, is_small=False, numbers=(self.baseline,)))
        hidden = also_hidden(counted, self.fewest_shown)
        small = {one.key for one in counted if one.is_small}
        if any((one.start, one.end) == days for one in counted if one.key in small | hidden):
            hidden.add(BASELINE)
        return hidden | undated if small or hidden else hidden
