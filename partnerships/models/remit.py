"""To the records of which organisations a person is limited."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models.organisation import Organisation
from trustportal.constraints import unique


class Remit(models.Model):
    """One organisation whose records a person works on. Who has none works on the records of all."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="remits", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,  # with the last limit gone, the person might do everything: whoever deletes lifts it first
        related_name="remits",
        verbose_name=_("organisation"),
        help_text=_("The person works on the records for which this organisation answers, and on no others."),
    )

    class Meta:
        verbose_name = _("limit to an organisation")
        verbose_name_plural = _("limits to organisations")
        constraints = [
            unique("person", "organisation", name="once", message=_("The person has this organisation already."))
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.organisation}"
