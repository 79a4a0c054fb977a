"""The people who work in the admin."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who drafts, publishes or administers. Readers have no account."""

    class MailChoice(models.TextChoices):
        """How often the portal writes."""

        AT_ONCE = "at-once", _("At once, a mail for each thing")
        DIGEST = "digest", _("One mail a day with everything")

    mail_choice = models.CharField(_("mails"), max_length=10, choices=MailChoice, default=MailChoice.AT_ONCE)
    reminded_on = models.DateField(_("last reminded of reviews"), null=True, blank=True, editable=False)
    figures_reminded_on = models.DateField(_("last reminded of figures"), null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")

    @cached_property
    def remit(self) -> frozenset[int] | None:
        """The keys of the organisations to whose records the person is limited; None where there is no limit.

        The rows (`partnerships.Remit`) belong to a higher layer, which knows what an organisation is.
        """
        if self.is_superuser:
            return None
        return frozenset(self.remits.values_list("organisation_id", flat=True)) or None
