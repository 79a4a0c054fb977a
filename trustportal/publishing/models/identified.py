"""What the rows that the public sees have in common: an identifier for good, and where their facts come from."""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

FACT_IDS = RegexValidator(
    r"^[A-Z]{2,5}-\d{2,4}( [A-Z]{2,5}-\d{2,4})*$",
    _("Write the ids with one space between them, for example: GST-12 GST-13."),
)


class Traceable(models.Model):
    """Something that carries facts of the source notes, so that each can be traced to its source."""

    provenance = models.CharField(
        _("fact ids"),
        max_length=250,
        blank=True,
        validators=[FACT_IDS],
        help_text=_("Ids of the facts in the source notes that this carries, for example: GST-12 GST-13."),
    )

    class Meta:
        abstract = True

    @property
    def fact_ids(self) -> list[str]:
        """The ids, one by one."""
        return self.provenance.split()


class Identified(models.Model):
    """Something that the data of others can name for good: whatever its name and its address become, this stays.

    A working copy of a record has another one; the rows of the copy keep theirs, so that they come back with it.
    """

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, editable=False, db_index=True)

    class Meta:
        abstract = True
