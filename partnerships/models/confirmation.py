"""Partners who say that a page is right."""

import datetime
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.models.organisation import Organisation
from trustportal.constraints import all_or_none, holds, unique
from trustportal.publishing.models import OfRecord, OfRecordQuerySet, Publishable, State, Version
from trustportal.publishing.snapshot import digest

SIGNER = Signer(salt="partnerships.confirmation")
SHOWN_ON_A_PAGE = 20
READ_FOR_A_PAGE = 100  # answers, the newest: older ones were given to older texts
LONGEST_COMMENT = 1000  # characters about one section
A_DAY = datetime.timedelta(days=1)


class ConfirmationQuerySet(OfRecordQuerySet):
    """The words for confirmations."""

    def of_token(self, token: str) -> "Confirmation | None":
        """The question of an address; None where nobody sent it or somebody tampered with it."""
        try:
            return self.filter(pk=int(SIGNER.unsign(token))).first()
        except (BadSignature, ValueError):
            return None

    def unanswered(self) -> Self:
        """Those to which nobody has answered and which nobody has cancelled; their time may be over."""
        return self.filter(answer="", cancelled_at__isnull=True)

    def open(self, at: datetime.datetime) -> Self:
        """Those that can still be answered."""
        return self.unanswered().filter(expires_at__gt=at)

    def expired(self, at: datetime.datetime) -> Self:
        """Those whose time went by without an answer."""
        return self.unanswered().filter(expires_at__lte=at)

    def to_send(self, at: datetime.datetime) -> Self:
        """Those that can be answered, and whose partner has had no mail yet."""
        return self.open(at).filter(sent_at__isnull=True).order_by("pk")

    def to_remind(self, at: datetime.datetime, before: datetime.timedelta) -> Self:
        """Those that end soon and whose partner has not been reminded; never on the day of the question."""
        soon = self.open(at).filter(reminded_at__isnull=True, expires_at__lte=at + before)
        return soon.filter(sent_at__lte=at - A_DAY).order_by("pk")

    def unseen(self) -> Self:
        """Answers that no editor has dealt with."""
        return self.exclude(answer="").filter(handled_at__isnull=True)

    def dealt_with(self) -> Self:
        """Answers that an editor has dealt with."""
        return self.filter(handled_at__isnull=False)

    def newest_first(self) -> Self:
        """With the partner and whoever asked, the latest question first."""
        return self.select_related("organisation", "asked_by").order_by("-pk")

    def standing_for(self, record: Publishable) -> "list[Confirmation]":
        """Those which the record's page may name, the newest first, one a partner, at most SHOWN_ON_A_PAGE.

        The partner confirmed the text that the public reads now: the one of the last substantive update, or one that
        became public as a small correction of it; and has not thought better of it since. One query, or two where an
        answer was given to a text that may be such a correction.
        """
        if record.updated_at is None:
            return []
        answers = self.on(record).exclude(answer="").filter(organisation__state=State.PUBLISHED)
        newest = list(answers.select_related("organisation").order_by("-answered_at", "-pk")[:READ_FOR_A_PAGE])
        texts = {record.text_digest} - {""}
        if any(one.digest not in {*texts, ""} and one.answered_at >= record.updated_at for one in newest):
            texts |= _public_since_last_update(record)
        last_word: dict[int, Confirmation] = {}  # of each partner on this text
        for one in newest:
            # A text that was loaded has no name of its own: then the dates tell.
            is_of_this_text = one.digest in texts or (not one.digest and one.answered_at >= record.updated_at)
            if is_of_this_text or one.answer == Confirmation.Answer.DECLINED:
                last_word.setdefault(one.organisation_id, one)
        standing = [one for one in last_word.values() if one.answer == Confirmation.Answer.CONFIRMED]
        return standing[:SHOWN_ON_A_PAGE]


def _public_since_last_update(record: Publishable) -> set[str]:
    """In short, the texts of a record that the public has read since its last substantive update."""
    versions = Version.objects.on(record).filter(occasion=Version.Occasion.PUBLISHED, made_at__gte=record.updated_at)
    return {digest(version.data) for version in versions.order_by("-number")[:SHOWN_ON_A_PAGE]}


class Confirmation(OfRecord):
    """A question to a partner whether a page that names it is right, and the partner's answer.

    The record is always the record itself. Where it had an open change when the question was put, the partner reads
    that, and the record itself once the change has gone.
    """

    class Answer(models.TextChoices):
        """What the partner said."""

        CONFIRMED = "confirmed", _("Everything is right")
        COMMENTED = "commented", _("Something should change")
        DECLINED = "declined", _("We do not want to be named")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="confirmations", verbose_name=_("partner")
    )
    change_key = models.PositiveBigIntegerField(null=True, editable=False)  # of the change that was asked about
    email = models.EmailField(_("email of the partner"))
    message = models.TextField(_("message to the partner"), max_length=1000, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("answer until"))
    sent_at = models.DateTimeField(_("mail sent"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=100, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    comments = models.JSONField(_("comments"), default=list, blank=True, encoder=DjangoJSONEncoder)  # [section, text]
    digest = models.CharField(max_length=64, blank=True, editable=False)  # of the text to which the answer was given
    handled_at = models.DateTimeField(_("dealt with"), null=True, blank=True)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner confirmation")
        verbose_name_plural = _("partner confirmations")
        constraints = [
            unique(
                "content_type",
                "object_id",
                "organisation",
                condition=Q(answer="", cancelled_at__isnull=True),
                name="asked_once",
                message=_("This partner has been asked already. Cancel that question first, or wait for the answer."),
            ),
            all_or_none(
                "answer",
                "answered_by",
                "answered_at",
                empty={"answer": "", "answered_by": ""},
                name="answer_whole",
                message=_("An answer has a name and a time."),
            ),
            holds(
                Q(handled_at__isnull=True) | ~Q(answer=""),
                name="handled_after_answer",
                message=_("Only an answer can be dealt with."),
            ),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="confirmation_record")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.record}"

    def get_address(self) -> str:
        """The address at which the partner answers, from the first slash."""
        return reverse("confirmation", args=[SIGNER.sign(self.pk)])

    def is_open(self, at: datetime.datetime) -> bool:
        """Whether it can still be answered."""
        return not self.answer and self.cancelled_at is None and self.expires_at > at

    def standing_in_words(self, at: datetime.datetime) -> str:
        """What became of the question, for editors."""
        if self.answer:
            return str(self.get_answer_display())
        if self.cancelled_at:
            return _now("Cancelled")
        if self.expires_at <= at:
            return _now("No answer came")
        return _now("Waiting for an answer") if self.sent_at else _now("The mail has not gone out yet")
