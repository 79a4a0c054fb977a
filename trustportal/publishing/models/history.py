"""What became of a record: its old addresses, who did what, and how it read at each step."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import unique

if TYPE_CHECKING:
    from trustportal.accounts.models import User
    from trustportal.publishing.models.record import Publishable


class OfRecordQuerySet(models.QuerySet):
    """Rows that point at records of any kind."""

    def within_remit_of(self, person: "User") -> Self:
        """Those that point at records on which a person may work."""
        if person.remit is None:
            return self
        within = models.Q(pk__in=[])
        for model in apps.get_models():
            if hasattr(model, "answered_for_by"):
                keys = model._default_manager.within_remit_of(person).values("pk")
                within |= models.Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
        return self.filter(within)

    def on_any(self, records: Iterable[models.QuerySet]) -> Self:
        """Those that point at one of some records, given as a queryset for each kind."""
        there = models.Q(pk__in=[])
        for rows in records:
            keys = rows.order_by().values("pk")
            there |= models.Q(content_type=ContentType.objects.get_for_model(rows.model), object_id__in=keys)
        return self.filter(there)

    def on(self, record: "Publishable") -> Self:
        """Those that point at one record."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)


class OfRecord(models.Model):
    """A row that points at a record of any kind."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.PositiveBigIntegerField(_("record"))
    record = GenericForeignKey()

    objects = OfRecordQuerySet.as_manager()

    class Meta:
        abstract = True


class FormerSlug(OfRecord):
    """An address that a record once had: whoever follows it is led to the present one for good."""

    slug = models.SlugField(_("former address"), max_length=100)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [
            unique(
                "content_type",
                "slug",
                name="leads_to_one_record",
                message=_("This former address already leads to a record."),
            )
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="formerslug_record")]

    def __str__(self) -> str:
        return self.slug


class ActQuerySet(OfRecordQuerySet):
    """The words for acts."""

    def newest_first(self) -> Self:
        """With who did them, the latest first."""
        return self.select_related("done_by").order_by("-pk")

    def updates(self) -> Self:
        """Those of which readers hear, the latest first."""
        return self.filter(verb__in=[Act.Verb.PUBLISHED, Act.Verb.UPDATED]).order_by("-done_at", "-pk")

    def updates_of_newest(self, records: Iterable[models.QuerySet], most: int) -> Self:
        """The newest updates of some records, given as a queryset for each kind; at most so many.

        Only the records that were updated last are looked at: no others can have one of the newest updates.
        """
        there = models.Q(pk__in=[])
        for rows in records:
            newest = rows.order_by("-updated_at", "-pk")[:most].values("pk")
            there |= models.Q(content_type=ContentType.objects.get_for_model(rows.model), object_id__in=newest)
        return self.updates().filter(there)[:most]

    def of_present_text(self) -> Self:
        """Those since the text in work was begun: as a draft, as a change, or from an old version."""
        began = self.filter(verb__in=BEGINNINGS).order_by("-pk").values("pk")[:1]
        return self.filter(pk__gte=models.functions.Coalesce(models.Subquery(began), 0))

    def noting(self, words: str) -> Self:
        """Those whose note begins with some words."""
        return self.filter(note__startswith=words)

    def writing_by(self, person: "User") -> Self:
        """Those with which a person wrote in the text."""
        return self.filter(verb__in=WRITING, done_by=person)


class Act(OfRecord):
    """One step in a record's life: who did what, when, with which note. Written once, never changed.

    What is done to a working copy is noted on the record itself, where it outlives the copy.
    """

    class Verb(models.TextChoices):
        """What was done."""

        ADDED = "added", _("Added")
        EDITED = "edited", _("Edited")
        STARTED = "started", _("Change started")
        RESTORED = "restored", _("Change started from an old version")
        DISCARDED = "discarded", _("Change discarded")
        SUBMITTED = "submitted", _("Submitted for review")
        RETURNED = "returned", _("Returned to draft")
        SCHEDULED = "scheduled", _("Scheduled")
        UNSCHEDULED = "unscheduled", _("Schedule cancelled")
        FAILED = "failed", _("Schedule could not be kept")
        PUBLISHED = "published", _("Published")
        UPDATED = "updated", _("Updated")
        CORRECTED = "corrected", _("Corrected")
        REVIEWED = "reviewed", _("Reviewed, still right")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SHARED = "shared", _("Shared by link")
        UNSHARED = "unshared", _("Link revoked")
        ASKED = "asked", _("Partner asked to confirm")
        ANSWERED = "answered", _("Partner answered")

    verb = models.CharField(_("act"), max_length=12, choices=Verb)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    done_at = models.DateTimeField(_("time"))
    note = models.TextField(_("note"), blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        indexes = [models.Index(fields=["content_type", "object_id", "done_at"], name="act_record")]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}, {self.done_at:%Y-%m-%d %H:%M}"


BEGINNINGS = (Act.Verb.STARTED, Act.Verb.RESTORED)  # of a text that is on its way to the public
WRITING = (Act.Verb.ADDED, Act.Verb.EDITED, Act.Verb.RESTORED)  # with which somebody wrote in it


class VersionQuerySet(OfRecordQuerySet):
    """The words for versions."""

    def newest_first(self) -> Self:
        """With who made them and without their text, the latest first."""
        return self.select_related("made_by").defer("data").order_by("-number")


class Version(OfRecord):
    """How a record read when somebody saved, submitted or published it. Written once, never changed.

    The saved ones of a text go when it is published or discarded; what was submitted or published stays.
    """

    class Occasion(models.TextChoices):
        """When it was kept."""

        SAVED = "saved", _("Saved")
        SUBMITTED = "submitted", _("Submitted for review")
        PUBLISHED = "published", _("Published")

    number = models.PositiveIntegerField(_("number"))
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion)
    data = models.JSONField(_("text"), encoder=DjangoJSONEncoder)
    edit_number = models.PositiveIntegerField(_("save"), default=0)  # of the text in work at that time
    made_at = models.DateTimeField(_("time"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            unique(
                "content_type", "object_id", "number", name="number_once", message=_("This version is there already.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.get_occasion_display()}"
