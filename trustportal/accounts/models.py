"""The people who work in the admin."""

import datetime
import secrets
from hashlib import sha256

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

KEY_BYTES = 32  # so many that no digest can be searched for its key


def digest_of(key: str) -> str:
    """A key as it is kept."""
    return sha256(key.encode()).hexdigest()


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


class CalendarAddressQuerySet(models.QuerySet):
    """The words for calendar addresses."""

    def make_for(self, person: User, at: datetime.datetime | None = None) -> str:
        """Make the address of a person; one that they had before ends. Gives its key, which nobody can read again."""
        key = secrets.token_urlsafe(KEY_BYTES)
        self.update_or_create(person=person, defaults={"digest": digest_of(key), "made_at": at or timezone.now()})
        return key

    def of_key(self, key: str) -> "CalendarAddress | None":
        """The address with a key, where it still works and its person works here; otherwise None."""
        rows = self.filter(digest=digest_of(key), person__is_active=True, person__is_staff=True)
        return rows.select_related("person").first()


class CalendarAddress(models.Model):
    """A secret address at which a person's calendar program reads what falls due for them, without signing in.

    There is one a person. The key in it is kept as a digest alone; to revoke it is to delete the row.
    """

    person = models.OneToOneField(
        User, models.CASCADE, related_name="calendar_address", verbose_name=_("person"), editable=False
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), editable=False)

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        default_permissions = ()  # each person makes and revokes their own

    def __str__(self) -> str:
        return str(self.person)
