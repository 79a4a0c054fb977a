"""What every published record has in common, and the rows that belong to it."""

import datetime
import uuid
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import all_or_none, holds, unique
from trustportal.partial_date import PartialDate
from trustportal.publishing.models.changed import ChangedQuerySet
from trustportal.publishing.models.history import FormerSlug
from trustportal.publishing.models.identified import Identified, Traceable
from trustportal.publishing.models.waiting import WaitingQuerySet

if TYPE_CHECKING:
    from trustportal.accounts.models import User

SHOWN_PER_PAGE = 50  # rows of each list of other records on the page of a record


def leads_somewhere(address: str) -> None:
    """Refuse an address that is neither a page of this portal ("/programmes/…/") nor one that begins with https://."""
    try:
        if address.startswith("https://"):
            URLValidator(schemes=["https"])(address)
            return
        resolve(address.partition("#")[0].partition("?")[0])
    except (Resolver404, ValidationError) as error:
        raise ValidationError(
            _("Write the address of a page of this portal, such as /programmes/, or one that begins with https://.")
        ) from error


class State(models.TextChoices):
    """Where a record stands on its way to the public."""

    DRAFT = "draft", _("Draft")  # being written; editors alone see it
    IN_REVIEW = "in_review", _("In review")  # somebody else reads it before the public does
    PUBLISHED = "published", _("Published")  # the public sees it
    WITHDRAWN = "withdrawn", _("Withdrawn")  # was public once and is no longer, for a stated reason


class PublishableQuerySet(ChangedQuerySet, WaitingQuerySet):
    """The words that every published kind of record shares."""

    def published(self) -> Self:
        """What the public may see. A working copy is never published, so this leaves copies out too."""
        return self.filter(state=State.PUBLISHED)

    def ever_published(self) -> Self:
        """What the public sees, and what it saw once and no longer does."""
        return self.filter(state__in=[State.PUBLISHED, State.WITHDRAWN])

    def withdrawn(self) -> Self:
        """What the public saw once and no longer does."""
        return self.filter(state=State.WITHDRAWN)

    def modified_since(self, at: datetime.datetime) -> Self:
        """Those of which anything that the public sees changed at that time or later, a withdrawal too."""
        return self.filter(modified_at__gte=at)

    def modified_before(self, at: datetime.datetime) -> Self:
        """Those of which nothing that the public sees changed at that time or later."""
        return self.filter(modified_at__lt=at)

    def live(self) -> Self:
        """The records themselves, without the working copies in which somebody prepares a change."""
        return self.filter(draft_of__isnull=True)

    def within_remit_of(self, person: "User") -> Self:
        """Those that a person may work on, where some organisations' records alone are theirs."""
        if person.remit is None:
            return self
        path = self.model.answered_for_by
        of_record = Q(draft_of__isnull=True) | Q(**{f"draft_of__{path}__in": person.remit})
        if path == "pk":  # an organisation answers for itself, and for the working copy of itself
            return self.filter(Q(pk__in=person.remit) | of_record & Q(draft_of__isnull=False))
        return self.filter(of_record, **{f"{path}__in": person.remit})

    def visible_to(self, person: "User") -> Self:
        """Those that a person may see in the admin: what they may work on, and what the public sees anyway."""
        if person.remit is None:
            return self
        return self.filter(Q(state=State.PUBLISHED) | Q(**{f"{self.model.answered_for_by}__in": person.remit}))

    def overdue(self, on: datetime.date) -> Self:
        """What the public sees and somebody should have read again before that day."""
        return self.filter(state=State.PUBLISHED, next_review_due_on__lt=on)

    def due_for_review(self, first: datetime.date, last: datetime.date) -> Self:
        """What the public sees and somebody should read again between two days."""
        return self.filter(state=State.PUBLISHED, next_review_due_on__range=(first, last))

    def in_name_order(self) -> Self:
        """By name, A to Z."""
        return self.order_by("name", "pk")

    def for_links(self) -> Self:
        """No more than links to them need."""
        return self.only("name", "slug", "state")

    def for_updates(self, *also: str) -> Self:
        """No more than is said of them where their updates are told."""
        return self.only("name", "slug", "state", "uuid", "summary", "first_published_at", *also)

    def get_by_natural_key(self, slug: str) -> "Publishable":
        """The live record of that slug, for fixtures."""
        return self.live().get(slug=slug)


class Publishable(Identified, Traceable):
    """A record that is drafted, reviewed, published and one day withdrawn."""

    review_interval: ClassVar[datetime.timedelta] = datetime.timedelta(days=365)
    # Where the key of the organisation stands that answers for the record, as a look-up.
    answered_for_by: ClassVar[str]
    # What a complete page says, in words that can follow "Not known:". Relations are wanted by at least one row.
    wanted: ClassVar[dict[str, object]] = {}
    # What a working copy, a version and a comparison leave out: how the record stands with the public and with us.
    not_versioned: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "uuid",
            "state",
            "owner",
            "draft_of",
            "first_published_at",
            "updated_at",
            "modified_at",
            "last_reviewed_on",
            "next_review_due_on",
            "withdrawal_reason",
            "see_instead",
            "change_note",
            "is_small_correction",
            "edit_number",
            "text_digest",
            "former_slugs",
            "presences",
            "versions",
        }
    )

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, editable=False, unique=True)
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
    # Moves with whatever the public sees, a small correction and a withdrawal too: for those who keep a copy.
    modified_at = models.DateTimeField(_("last change of any kind"), null=True, blank=True, editable=False)
    last_reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True, editable=False)
    next_review_due_on = models.DateField(_("next review due"), null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField(
        _("reason for withdrawal"),
        max_length=400,
        blank=True,
        help_text=_("Readers who come to the old address see it. For example: The service has moved."),
    )
    see_instead = models.CharField(
        _("see instead"),
        max_length=250,
        blank=True,
        validators=[leads_somewhere],
        help_text=_("Where readers should go now, if anywhere: /programmes/… or an address with https://."),
    )
    change_note = models.CharField(
        _("what changed, for readers"),
        max_length=250,
        blank=True,
        help_text=_("One line under “Updates to this page”. For example: Added the new clinic in Sidcup."),
    )
    is_small_correction = models.BooleanField(
        _("small correction"),
        default=False,
        help_text=_("Tick it for a spelling mistake or a broken link: readers see no note, and no date changes."),
    )
    # Counts the saves, so that nobody saves over a newer text unawares.
    edit_number = models.PositiveIntegerField(default=0, editable=False)
    # The text that was published last, in short, to tell whether a partner has confirmed just this one.
    text_digest = models.CharField(max_length=64, blank=True, editable=False)
    former_slugs = GenericRelation("publishing.FormerSlug")
    presences = GenericRelation("publishing.Presence")  # these two go with a draft that is deleted
    versions = GenericRelation("publishing.Version")

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish")
        indexes = [
            models.Index(fields=["state", "name"], name="%(class)s_state_name"),
            models.Index(fields=["state", "-updated_at"], name="%(class)s_newest"),
            models.Index(fields=["state", "modified_at", "id"], name="%(class)s_modified"),
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
                | Q(first_published_at__isnull=False, updated_at__isnull=False, modified_at__isnull=False),
                name="published_since",
                message=_("A published record says when it was first published, last updated and last changed."),
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
    def is_change(self) -> bool:
        """Whether it is the working copy of another record."""
        return self.draft_of_id is not None

    @property
    def itself(self) -> Self:
        """The record itself, also for its working copy."""
        return self.draft_of if self.is_change else self

    @property
    def is_in_work(self) -> bool:
        """Whether it is a draft or a change, on its way to the public."""
        return self.state in {State.DRAFT, State.IN_REVIEW}

    def is_within_remit_of(self, person: "User") -> bool:
        """Whether a person may work on it, where some organisations' records alone are theirs."""
        if person.remit is None:
            return True
        value: object = self.itself if self.answered_for_by == "pk" else self  # an organisation answers for itself
        for step in self.answered_for_by.split("__"):
            value = getattr(value, step)
        return value in person.remit and (not self.is_change or self.draft_of.is_within_remit_of(person))

    @property
    def not_known(self) -> list[str]:
        """What the page would say if anybody knew it, in words. No query where `with_lacking()` has asked already."""
        lacking = self.__dict__.get("lacking")
        if lacking is None:
            rows = type(self)._default_manager.filter(pk=self.pk)
            lacking = rows.with_lacking().values_list("lacking", flat=True).get()
        return [str(self.wanted[name]) for name in lacking.split()]

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

    def on_published(self) -> None:
        """Work out anew what rests on the public text and is kept elsewhere. Called once the text is public."""

    def on_updated(self) -> None:
        """Take up the new date of update where it is kept elsewhere. Called once something that belongs to the record
        was changed and the text was not."""

    def on_withdrawn(self) -> None:
        """Take away what rests on the public text and is kept elsewhere. Called once the record is withdrawn."""

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


class Part(Identified, Traceable):
    """A row that belongs to one record and makes no sense without it: a membership, a milestone, a step."""

    record_field: ClassVar[str]  # the foreign key that leads to the record
    natural_key_fields: ClassVar[tuple[str, ...]]  # look-ups that name one row among all live records

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[object, ...]:
        """The record's slug and what tells this row from its neighbours, for fixtures."""
        values = []
        for path in self.natural_key_fields:
            value: object = self
            for step in path.split("__"):
                value = getattr(value, step)
            values.append(str(value) if isinstance(value, PartialDate) else value)  # as JSON keeps it
        return tuple(values)
