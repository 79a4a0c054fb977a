"""What readers looked for and did not find."""

import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import holds, unique

KEPT = datetime.timedelta(days=90)
LONGEST = 60  # characters


class FailedSearchQuerySet(models.QuerySet):
    """The words for searches that found nothing."""

    def kept(self) -> Self:
        """Those of the last 90 days."""
        return self.filter(day__gte=timezone.localdate() - KEPT)

    def outdated(self) -> Self:
        """Those that are to be forgotten."""
        return self.filter(day__lt=timezone.localdate() - KEPT)

    def on(self, day: datetime.date) -> Self:
        """Those of a day."""
        return self.filter(day=day)

    def count_again(self, words: str, day: datetime.date) -> bool:
        """Count a search that failed before on that day. Gives whether it did."""
        return bool(self.filter(day=day, words=words).update(count=models.F("count") + 1))


class FailedSearch(models.Model):
    """Words that readers looked for on a day and that no public record has: no more than the words and how often."""

    words = models.CharField(_("words"), max_length=LONGEST)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("how often"), default=1)

    objects = FailedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        default_permissions = ("view",)
        constraints = [
            unique("day", "words", name="once", message=_("These words are counted on this day already.")),
            holds(models.Q(count__gte=1), name="happened", message=_("It happened once or more.")),
        ]

    def __str__(self) -> str:
        return self.words
