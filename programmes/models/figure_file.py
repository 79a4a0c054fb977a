"""Tables of figures that people upload, from the upload until the import."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

KEPT = datetime.timedelta(days=1)  # what is not imported by then is thrown away


class FigureFileQuerySet(models.QuerySet):
    """The words for uploaded tables."""

    def forgotten(self, at: datetime.datetime) -> Self:
        """Those that nobody imported in time."""
        return self.filter(imported_at__isnull=True, uploaded_at__lt=at - KEPT)


class FigureFile(models.Model):
    """A table of figures: its rows are looked at first, and imported once somebody has seen what they would do."""

    name = models.CharField(_("name"), max_length=200)
    content = models.BinaryField(_("content"))  # empty once imported
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    counts = models.JSONField(_("counts"), default=dict)  # rows by what becomes of them
    digest = models.CharField(max_length=64)  # of what was shown
    imported_at = models.DateTimeField(_("imported"), null=True, blank=True)

    objects = FigureFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of figures")
        verbose_name_plural = _("files of figures")

    def __str__(self) -> str:
        return self.name
