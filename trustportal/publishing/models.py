"""What every published record has in common, and the old addresses that lead to it."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import all_or_none, holds, unique

SHOWN_PER_PAGE = 50  # rows of each list of other records on the page of a record

FACT_IDS = RegexValidator(
    r"^[A-Z]{2,5}-\d{2,4}( [A-Z]{2,5}-\d{2,4})*$",
    _("Write the ids with one space between them, for example: GST-12 GST-13."),
)


class State(models.TextChoices):
    """Where a record stands on its way to the public."""

    DRAFT = "draft", _("Draft")  # being written; editors alone see it
    IN_REVIEW = "in_review", _("In review")  # somebody else reads it before the public does
    PUBLISHED = "published", _("Published")  # the public sees it
    WITHDRAWN = "withdrawn", _("Withdrawn")  # was public once and is no longer, for a stated reason


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


class PublishableQuerySet(models.QuerySet):
    """The words that every published kind of record shares."""

    def published(self) -> Self:
        """What the public may see. A working copy is never published, so this leaves copies out too."""
        return self.filter(state=State.PUBLISHED)

    def live(self) -> Self:
        """The records themselves, without the working copies in which somebody prepares a change."""
        return self.filter(draft_of__isnull=True)

    def in_name_order(self) -> Self:
        """By name, A to Z."""
        return self.order_by("name", "pk")

    def for_links(self) -> Self:
        """No more than links to them need."""
        return self.only("name", "slug", "state")

    def get_by_natural_key(self, slug: str) -> "Publishable":
        """The live record of that slug, for fixtures."""
        return self.live().get(slug=slug)


class Publishable(Traceable):
    """A record that is drafted, reviewed, published and one day withdrawn."""

    review_interval = datetime.timedelta(days=365)

    name = models.CharField(_("name"), max_length=200, help_text=_("As people say it, for example: Borough dialysis."))
    slug = models.SlugField(
        _("address"),
        max_length=100,
        help_text=_(
            "The last part of the page's address: small letters, digits and hyphens. "
            "When you change the address of a published page, the old one goes on leading here."
        ),
    )
    summary = models.TextField(
        _("summary"),
        max_length=400,
        help_text=_("One or two plain sentences that can stand alone: in a list, in a search result, at the top."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("Who keeps this page right and answers for it. Not shown to the public."),
    )
    draft_of = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="open_change",
        verbose_name=_("working copy of"),
    )
    first_published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("last substantive update"), null=True, blank=True, editable=False)
    last_reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True, editable=False)
    next_review_due_on = models.DateField(_("next review due"), null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField(
        _("reason for withdrawal"),
        max_length=400,
        blank=True,
        help_text=_("Readers who come to the old address see it. For example: The service has moved."),
    )
    former_slugs = GenericRelation("publishing.FormerSlug")

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish")
        indexes = [
            models.Index(fields=["state", "name"], name="%(class)s_state_name"),
            models.Index(fields=["state", "-updated_at"], name="%(class)s_newest"),
        ]
        constraints = [
            unique(
                "slug",
                condition=Q(draft_of__isnull=True),
                name="slug_unique",
                message=_("Another record has this address. Choose a different one."),
            ),
            holds(
                Q(draft_of__isnull=True) | Q(state__in=[State.DRAFT, State.IN_REVIEW]),
                name="copy_is_not_public",
                message=_("A working copy is a draft or in review; it is never public itself."),
            ),
            holds(
                ~Q(state__in=[State.PUBLISHED, State.WITHDRAWN])
                | Q(first_published_at__isnull=False, updated_at__isnull=False),
                name="published_since",
                message=_("A published record says when it was first published and last updated."),
            ),
            holds(
                ~Q(state=State.WITHDRAWN) | ~Q(withdrawal_reason=""),
                name="withdrawn_why",
                message=_("A withdrawn record says why it was withdrawn."),
            ),
            all_or_none(
                "last_reviewed_on",
                "next_review_due_on",
                name="review_dates",
                message=_("A record that was reviewed says when its next review is due."),
            ),
            holds(
                Q(last_reviewed_on__isnull=True) | Q(next_review_due_on__gt=models.F("last_reviewed_on")),
                name="review_due_after_review",
                message=_("The next review is due after the last one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """The slug, for fixtures."""
        return (self.slug,)

    @classmethod
    def from_db(cls, *args: object) -> Self:
        """Remember the slug under which the public knows the record."""
        record = super().from_db(*args)
        record._stored_slug = record.__dict__.get("slug")
        return record

    def save(self, *args: object, **kwargs: object) -> None:
        """Save; a changed slug of a record that the public has seen leaves the old one behind as a redirect."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            former = getattr(self, "_stored_slug", None)
            if former and former != self.slug and self.first_published_at:
                FormerSlug.objects.update_or_create(
                    content_type=ContentType.objects.get_for_model(self),
                    slug=former,
                    defaults={"object_id": self.pk},
                )
            self._stored_slug = self.slug

    @property
    def is_published(self) -> bool:
        """Whether the public sees it."""
        return self.state == State.PUBLISHED

    @property
    def kind_in_plural(self) -> str:
        """What records of this model are called, for headings."""
        return capfirst(self._meta.verbose_name_plural)

    @property
    def was_published(self) -> bool:
        """Whether the public has ever seen it."""
        return self.first_published_at is not None

    @property
    def may_be_named(self) -> bool:
        """Whether other pages may name it: what is only being drafted is nobody's business yet."""
        return self.state in {State.PUBLISHED, State.WITHDRAWN}

    def faults_as_a_whole(self) -> list[str]:
        """What is wrong with the record and its parts taken together, as sentences. Checked before publication.

        Here: a page cannot be public while it must name a record that the public may not see.
        """
        needed = [
            getattr(self, field.name)
            for field in self._meta.concrete_fields
            if field.is_relation and not field.null and issubclass(field.related_model, Publishable)
        ]
        return [
            _now("Publish “%(record)s” first: this page names it.") % {"record": record}
            for record in needed
            if not record.may_be_named
        ]


class Part(Traceable):
    """A row that belongs to one record and makes no sense without it: a membership, a milestone, a step."""

    record_field: str  # the foreign key that leads to the record
    natural_key_fields: tuple[str, ...]  # look-ups that name one row among all live records

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[object, ...]:
        """The record's slug and what tells this row from its neighbours, for fixtures."""
        values = []
        for path in self.natural_key_fields:
            value: object = self
            for step in path.split("__"):
                value = getattr(value, step)
            values.append(value)
        return tuple(values)


class PartQuerySet(models.QuerySet):
    """Rows that belong to a record."""

    def get_by_natural_key(self, *key: object) -> Part:
        """The row of a live record, for fixtures."""
        names = dict(zip(self.model.natural_key_fields, key, strict=True))
        return self.get(**names, **{f"{self.model.record_field}__draft_of__isnull": True})


class FormerSlug(models.Model):
    """An address that a record once had: whoever follows it is led to the present one for good."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    slug = models.SlugField(_("former address"), max_length=100)
    object_id = models.PositiveBigIntegerField(_("record"))
    record = GenericForeignKey()

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


class Act(models.Model):
    """One step in a record's life: who did what, when, with which note. Written once, never changed."""

    class Verb(models.TextChoices):
        """What was done."""

        SUBMITTED = "submitted", _("Submitted for review")
        RETURNED = "returned", _("Returned to draft")
        PUBLISHED = "published", _("Published")
        UPDATED = "updated", _("Updated")
        CORRECTED = "corrected", _("Corrected")
        REVIEWED = "reviewed", _("Reviewed, still right")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.PositiveBigIntegerField(_("record"))
    record = GenericForeignKey()
    verb = models.CharField(_("act"), max_length=10, choices=Verb)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    done_at = models.DateTimeField(_("time"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        indexes = [models.Index(fields=["content_type", "object_id", "done_at"], name="act_record")]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}, {self.done_at:%Y-%m-%d %H:%M}"
