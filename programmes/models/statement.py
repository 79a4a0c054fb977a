"""The dated, ordered or addressed statements that make up a programme's page.

They share one table, so that a page reads all of them with one query, and one numbering: within a programme each kind
counts 1, 2, 3. Each kind is a model of its own (a proxy) with its own admin form.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models import CitedPart, Organisation
from programmes.models.programme import Programme
from trustportal.constraints import holds, unique
from trustportal.partial_date import PartialDateField
from trustportal.publishing.models import PartQuerySet


class StatementQuerySet(PartQuerySet):
    """The words for statements."""

    def for_page(self) -> Self:
        """All of them in their order, with what they cite."""
        return self.select_related("source", "organisation").order_by("kind", "position")

    def achievements(self) -> Self:
        """What came of it."""
        return self.filter(kind=Statement.Kind.ACHIEVEMENT)

    def milestones(self) -> Self:
        """What happened on its way, the earliest first."""
        return self.filter(kind=Statement.Kind.MILESTONE).order_by("happened_on", "position")


class Statement(CitedPart):
    """One statement on a programme's page."""

    class Kind(models.TextChoices):
        """What sort of statement."""

        MILESTONE = "milestone", _("Milestone")
        ACHIEVEMENT = "achievement", _("Achievement")
        LESSON = "lesson", _("Lesson learned")
        EXPECTATION = "expectation", _("Expectation")
        ENDORSEMENT = "endorsement", _("Endorsement")
        STEP = "step", _("Care-model step")
        FOCUS_AREA = "focus-area", _("Focus area")
        SUPPORT = "support", _("Support given")
        LEGACY = "legacy", _("Legacy")

    class Progress(models.TextChoices):
        """How far an achievement has come."""

        DONE = "done", _("Done")
        CONTINUING = "continuing", _("Continuing")
        BEGUN = "begun", _("Begun")

    class Audience(models.TextChoices):
        """Who can expect it."""

        PATIENTS = "patients", _("Patients")
        STAFF = "staff", _("Staff")

    record_field = "programme"
    natural_key_fields = ("programme__slug", "kind", "position")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="statements")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, editable=False)
    position = models.PositiveSmallIntegerField(
        _("number"), help_text=_("1, 2, 3: the order on the page. Rows are numbered anew when you save.")
    )
    name = models.CharField(_("heading"), max_length=150, blank=True, help_text=_("A few words, or nothing."))
    text = models.TextField(_("text"), max_length=1000, help_text=_("One or two plain sentences."))
    happened_on = PartialDateField(
        _("date"), null=True, blank=True, help_text=_("As far as it is known: 2014, May 2017 or 15 March 2021.")
    )
    progress = models.CharField(_("how far"), max_length=10, choices=Progress, blank=True)
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience, blank=True)
    said_by = models.CharField(_("who said it"), max_length=200, blank=True, help_text=_("Name and post at the time."))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
        help_text=_("For whom that person spoke."),
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        indexes = [models.Index(fields=["kind", "happened_on"], name="statement_happened")]
        constraints = [
            unique("programme", "kind", "position", name="once", message=_("Two rows have this number.")),
            holds(Q(position__gte=1), name="counted_from_one", message=_("Numbers begin with 1.")),
            holds(
                Q(kind="achievement") & ~Q(progress="") | ~Q(kind="achievement") & Q(progress=""),
                name="achievement_progress",
                message=_("Say whether the achievement is done, continuing or begun."),
            ),
            holds(
                Q(kind="expectation") & ~Q(audience="") | ~Q(kind="expectation") & Q(audience=""),
                name="expectation_audience",
                message=_("Say who can expect it: patients or staff."),
            ),
            holds(
                Q(kind="endorsement") & ~Q(said_by="")
                | ~Q(kind="endorsement") & Q(said_by="", organisation__isnull=True),
                name="endorsement_said_by",
                message=_("Say who spoke for the programme."),
            ),
            holds(
                Q(kind="milestone", happened_on__isnull=False) | ~Q(kind="milestone"),
                name="milestone_dated",
                message=_("A milestone has a date, as far as it is known."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.text[:80]

    @classmethod
    def kinds_for(cls, programme_kind: str) -> list[str]:
        """The kinds of statement that apply to a kind of programme."""
        own = {
            Programme.Kind.LOCAL_CARE_NETWORK: [cls.Kind.STEP],
            Programme.Kind.BUDDYING: [cls.Kind.FOCUS_AREA, cls.Kind.SUPPORT, cls.Kind.LEGACY],
        }
        shared = [cls.Kind.MILESTONE, cls.Kind.ACHIEVEMENT, cls.Kind.LESSON, cls.Kind.EXPECTATION, cls.Kind.ENDORSEMENT]
        return [*own.get(Programme.Kind(programme_kind), []), *shared]


class OneKindManager(models.Manager.from_queryset(StatementQuerySet)):
    """The statements of the kind that a proxy stands for."""

    def get_queryset(self) -> models.QuerySet:
        """Only rows of this kind."""
        return super().get_queryset().filter(kind=self.model.of_kind)


class OfOneKind:
    """The options of every proxy. It has no table, so constraints and permissions are those of the statement."""

    proxy = True
    default_permissions = ()


class StatementOfOneKind(Statement):
    """What the proxies share: they read and write rows of their own kind."""

    of_kind: Statement.Kind

    class Meta(OfOneKind):
        pass

    objects = OneKindManager()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not self.kind:
            self.kind = self.of_kind


class Milestone(StatementOfOneKind):
    """A dated event on the way."""

    of_kind = Statement.Kind.MILESTONE

    class Meta(OfOneKind):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")


class Achievement(StatementOfOneKind):
    """Something that came of it: done, continuing or begun."""

    of_kind = Statement.Kind.ACHIEVEMENT

    class Meta(OfOneKind):
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")


class Lesson(StatementOfOneKind):
    """Something that the partners learned and others can use."""

    of_kind = Statement.Kind.LESSON

    class Meta(OfOneKind):
        verbose_name = _("lesson learned")
        verbose_name_plural = _("lessons learned")


class Expectation(StatementOfOneKind):
    """What patients or staff can expect."""

    of_kind = Statement.Kind.EXPECTATION

    class Meta(OfOneKind):
        verbose_name = _("expectation")
        verbose_name_plural = _("expectations")


class Endorsement(StatementOfOneKind):
    """What somebody with standing said of it, in our words, with who and when."""

    of_kind = Statement.Kind.ENDORSEMENT

    class Meta(OfOneKind):
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")


class CareModelStep(StatementOfOneKind):
    """One numbered step of a local care network's care model."""

    of_kind = Statement.Kind.STEP

    class Meta(OfOneKind):
        verbose_name = _("care-model step")
        verbose_name_plural = _("care-model steps")


class FocusArea(StatementOfOneKind):
    """What a buddying arrangement worked on."""

    of_kind = Statement.Kind.FOCUS_AREA

    class Meta(OfOneKind):
        verbose_name = _("focus area")
        verbose_name_plural = _("focus areas")


class Support(StatementOfOneKind):
    """How one trust supported the other."""

    of_kind = Statement.Kind.SUPPORT

    class Meta(OfOneKind):
        verbose_name = _("way of support")
        verbose_name_plural = _("ways of support")


class Legacy(StatementOfOneKind):
    """What stayed when the arrangement had ended."""

    of_kind = Statement.Kind.LEGACY

    class Meta(OfOneKind):
        verbose_name = _("legacy")
        verbose_name_plural = _("legacies")
