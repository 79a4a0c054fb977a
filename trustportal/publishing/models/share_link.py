"""Links with which somebody without an account reads a text before the public does."""

import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from trustportal.publishing.models.history import OfRecord, OfRecordQuerySet

SIGNER = Signer(salt="trustportal.publishing.share_link")


class ShareLinkQuerySet(OfRecordQuerySet):
    """The words for share links."""

    def of_token(self, token: str) -> "ShareLink | None":
        """The link of an address; None where nobody gave it out or somebody tampered with it."""
        try:
            return self.filter(pk=int(SIGNER.unsign(token))).first()
        except (BadSignature, ValueError):
            return None


class ShareLink(OfRecord):
    """A link to one draft or change, for whoever has it. Ends when it expires or is revoked, or the text is public."""

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        indexes = [models.Index(fields=["content_type", "object_id"], name="sharelink_record")]

    def __str__(self) -> str:
        return f"{self.record}, {self.expires_at:%Y-%m-%d}"

    def get_address(self) -> str:
        """The address, from the first slash."""
        return reverse("shared-preview", args=[SIGNER.sign(self.pk)])

    def works(self, at: datetime.datetime) -> bool:
        """Whether it still opens the text."""
        return self.ended_at is None and self.expires_at > at
