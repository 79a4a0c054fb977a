"""What people are told by mail."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from trustportal.publishing.models.history import OfRecord, OfRecordQuerySet


class NoticeQuerySet(OfRecordQuerySet):
    """The words for notices."""

    def unsent(self) -> Self:
        """Those still to be sent, the oldest first, with the person."""
        return self.filter(sent_at__isnull=True).select_related("person").order_by("pk")

    def at_once(self) -> Self:
        """Those for people who want each one as it comes."""
        return self.filter(person__mail_choice="at-once")

    def sent_before(self, at: datetime.datetime) -> Self:
        """Those sent long ago, which nobody needs any more."""
        return self.filter(sent_at__lt=at)

    def for_digest(self) -> Self:
        """Those for people who want one mail a day."""
        return self.filter(person__mail_choice="digest")


class Notice(OfRecord):
    """One thing that one person is told by mail, at once or in the day's digest. Kept once sent, so it goes once."""

    class Kind(models.TextChoices):
        """What about."""

        REVIEW_ASKED = "review-asked", _("Review asked")
        RETURNED = "returned", _("Returned to draft")
        PUBLISHED = "published", _("Published")
        PARTNER_ANSWERED = "partner-answered", _("Partner answered")
        SCHEDULE_FAILED = "schedule-failed", _("Schedule could not be kept")
        UNSCHEDULED = "unscheduled", _("Schedule cancelled")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("about"), max_length=20, choices=Kind)
    text = models.TextField(_("text"))
    address = models.CharField(_("address"), max_length=250)  # of the page to go to, from the first slash
    made_at = models.DateTimeField(_("made"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["sent_at", "person"], name="notice_unsent")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:80]}"
