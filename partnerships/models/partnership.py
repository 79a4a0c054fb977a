"""Partnerships: dated relationships between organisations, and what was signed."""

from typing import Self

from django.db import models
from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, Value, When, Window
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from partnerships.models.agreement import Agreement, PartnershipPriority
from partnerships.models.belonging import BelongingQuerySet, LedQuerySet
from partnerships.models.finding import published_name, year_of
from partnerships.models.organisation import Organisation, Role, network_key
from partnerships.models.place import Area, ServingQuerySet
from partnerships.models.role import PartnerQuerySet
from partnerships.models.source import CitedPart, CitedRecord, CitedRecordQuerySet, Source
from partnerships.models.strategy import Aim, published_priority
from trustportal.constraints import facet_index, holds, may_overlap, not_before, run_indexes, unique
from trustportal.networks.keeping import LEAD, Networked, Said, TieSaid, WorkSaid
from trustportal.networks.models import Work
from trustportal.partial_date import PartialDateField, Span, period_in_words
from trustportal.publishing.models import SHOWN_PER_PAGE, State
from trustportal.search.models import SearchText, label_of, plain
from trustportal.search.reading import Rows, Told


class PartnershipQuerySet(LedQuerySet, ServingQuerySet, CitedRecordQuerySet):
    """The words for partnerships."""

    def with_partner(self, organisation: Organisation) -> Self:
        """Those that an organisation leads or belongs to."""
        return self.filter(Q(lead=organisation) | Q(pk__in=organisation.memberships.values("partnership")))

    def with_roles_of(self, organisation: Organisation) -> Self:
        """Those with an organisation, the latest first; adds what is needed to say its roles, and `total`."""
        own = Membership.objects.filter(organisation=organisation).order_by("role")
        return (
            self.with_partner(organisation)
            .annotate(total=Window(Count("pk")))
            .prefetch_related(Prefetch("memberships", own, to_attr="own_memberships"))
            .latest_start_first()
        )

    def serving(self, aim: Aim) -> Self:
        """Those that say they serve an aim."""
        return self.filter(aims=aim)

    def in_scope_order(self) -> Self:
        """Local first, then national, then international; A to Z within each."""
        ranks = [When(scope=scope, then=Value(rank)) for rank, scope in enumerate(Partnership.Scope.values)]
        return self.alias(rank=Case(*ranks, output_field=IntegerField())).order_by("rank", "name", "pk")

    def with_year(self) -> Self:
        """Adds `year`: when they began."""
        return self.annotate(year=year_of("started_on"))

    def latest_start_first(self) -> Self:
        """Those that began last come first, those without a known date at the end."""
        return self.order_by(F("started_on").desc(nulls_last=True), "name", "pk")

    def for_export(self) -> Self:
        """What a row of a file needs."""
        return self.with_named("lead", "part_of").with_rows(
            memberships=Membership.objects.for_row(),
            areas=Area.objects.in_name_order(),
            aims=Aim.objects.published().for_reference().in_name_order(),
            sources=Source.objects.for_reference().in_name_order(),
        )

    def with_member_count(self) -> Self:
        """Adds `member_count`: how many published organisations belong to it besides the lead."""
        others = Q(memberships__organisation__state=State.PUBLISHED) & ~Q(memberships__organisation=F("lead"))
        return self.annotate(member_count=Count("memberships__organisation", filter=others, distinct=True))

    def for_list(self) -> Self:
        """What a row of the list needs."""
        return self.select_related("lead").with_member_count()

    def for_network(self) -> Self:
        """What the network takes down of each."""
        return self.prefetch_related("memberships")

    def for_search(self) -> dict[str, Rows]:
        """What the search needs to know besides."""
        of, member = "partnership", (published_name("organisation"), "organisation__short_name", "note")
        areas, aims = self.model.areas.through.objects, self.model.aims.through.objects
        return {
            "record": Rows(self.searched(), "pk", published_name("lead")),
            "members": Rows(Membership.objects.order_by("pk"), of, *member),
            "agreements": Rows(Agreement.objects.order_by("signed_on", "pk"), of, "name", "summary"),
            "priorities": Rows(PartnershipPriority.objects.order_by("position"), of, "name", "text"),
            "areas": Rows(areas.order_by("area__name"), of, "area__name"),
            "aims": Rows(aims.all(), of, published_priority()),
        }

    def for_page(self) -> Self:
        """What the partnership's own page needs besides its programmes."""
        return self.select_related("lead", "part_of").prefetch_related(
            Prefetch("memberships", Membership.objects.for_page()),
            Prefetch("agreements", Agreement.objects.select_related("document", "source").order_by("signed_on", "pk")),
            Prefetch("priorities", PartnershipPriority.objects.select_related("source").order_by("position")),
            Prefetch("areas", Area.objects.in_name_order()),
            Prefetch("aims", Aim.objects.for_row()),
            Prefetch("sources", Source.objects.for_foot()),
            Prefetch(
                "smaller_partnerships",
                self.model.objects.published().in_name_order()[:SHOWN_PER_PAGE],
                to_attr="includes",
            ),
        )


class Partnership(Networked, CitedRecord):
    """A dated relationship between two or more organisations."""

    class Kind(models.TextChoices):
        """What sort of relationship."""

        CLINICAL_NETWORK = "clinical-network", _("Clinical network")
        COLLABORATIVE = "collaborative", _("Collaboration of providers")
        INTEGRATED_CARE = "integrated-care", _("Integrated care")
        ACADEMIC = "academic", _("Academic and research")
        TRAINING = "training", _("Training and education")
        COMMISSIONING = "commissioning", _("Commissioning and supply")
        CIVIC = "civic", _("Council and city")
        CHARITABLE = "charitable", _("Charity and community")
        COMMERCIAL = "commercial", _("Commercial")

    class Scope(models.TextChoices):
        """How far it reaches. The order is that of the lists."""

        LOCAL = "local", _("Local")
        NATIONAL = "national", _("National")
        INTERNATIONAL = "international", _("International")

    answered_for_by = "lead_id"
    search_standing = 2
    is_named_in_search = True
    wanted = {
        "started_on": _("when it began"),
        "description": _("what the partners do together"),
        "governance": _("who decides"),
        "memberships": _("who the other partners are"),
        "sources": _("the sources"),
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    scope = models.CharField(_("scope"), max_length=15, choices=Scope)
    lead = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="partnerships_led",
        verbose_name=_("lead"),
        help_text=_("The organisation that answers for this page, usually the one that publishes it."),
    )
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="smaller_partnerships",
        verbose_name=_("part of"),
        help_text=_("A wider partnership to which this one belongs."),
    )
    started_on = PartialDateField(_("began"), null=True, blank=True, help_text=_("For example: 2017 or April 2017."))
    ended_on = PartialDateField(_("ended"), null=True, blank=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("What the partners do together, and why, in Markdown.")
    )
    governance = models.TextField(
        _("governance"), blank=True, help_text=_("Who decides, who oversees, how often they meet. In Markdown.")
    )
    population_served = models.PositiveIntegerField(
        _("people served"),
        null=True,
        blank=True,
        help_text=_("How many people live in the area, for example: 2600000."),
    )
    population_note = models.CharField(
        _("who they are"),
        max_length=200,
        blank=True,
        help_text=_("For example: people in West Yorkshire and Harrogate."),
    )
    areas = models.ManyToManyField(Area, blank=True, related_name="partnerships", verbose_name=_("areas"))
    aims = models.ManyToManyField(
        Aim,
        blank=True,
        related_name="partnerships",
        verbose_name=_("aims served"),
        help_text=_("Aims of the strategy."),
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta(CitedRecord.Meta):
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        indexes = [*CitedRecord.Meta.indexes, facet_index("scope", "kind", "started_on", "ended_on"), *run_indexes()]
        constraints = [
            *CitedRecord.Meta.constraints,
            not_before("ended_on", "started_on", message=_("A partnership does not end before it begins.")),
            holds(
                Q(part_of__isnull=True) | ~Q(part_of=models.F("id")),
                name="not_part_of_itself",
                message=_("A partnership is not a part of itself."),
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("partnership-detail", args=[self.slug])

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search."""
        [(lead,)] = told["record"]
        areas = tuple(area for (area,) in told["areas"])
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=self.get_absolute_url(),
            updated_at=self.updated_at,
            body=(
                plain(self.description),
                plain(self.governance),
                *(f"{name}. {text}" for name, text in [*told["priorities"], *told["agreements"]]),
                *(f"{name} ({short or name}) {note}" for name, short, note in told["members"] if name),
                self.population_in_words,
                ", ".join(areas),
                lead,
                f"{label_of(self.Kind(self.kind))}. {label_of(self.Scope(self.scope))}",
            ),
            kind=f"partnership.{self.kind}",
            scope=self.scope,
            year=str(self.started_on.year) if self.started_on else "",
            lead_key=self.lead_id,
            places=areas,
            priorities=tuple(sorted({priority for (priority,) in told["aims"] if priority})),
        )

    def organisations_named(self) -> models.QuerySet:
        """The organisations whose people can say whether the page is right: the lead and the members."""
        members = self.memberships.values("organisation")
        return Organisation.objects.live().filter(Q(pk=self.lead_id) | Q(pk__in=members))

    def to_network(self) -> Said:
        """The work that ties its lead and its members."""
        key = f"partnership-{self.pk}"
        ties = [TieSaid(network_key(self.lead_id), LEAD)]
        ties += [
            TieSaid(network_key(row.organisation_id), row.role, row.started_on, row.ended_on)
            for row in self.memberships.all()
            if row.organisation_id != self.lead_id
        ]
        work = WorkSaid(
            key,
            Work.Sort.PARTNERSHIP,
            self.name,
            self.slug,
            self.get_absolute_url(),
            self.scope,
            started_on=self.started_on,
            ended_on=self.ended_on,
            ties=ties,
        )
        return Said(key, works=[work])

    @property
    def period(self) -> str:
        """When it ran, in words."""
        return period_in_words(self.started_on, self.ended_on)

    @property
    def population_in_words(self) -> str:
        """How many people it serves, and who they are: "2,600,000 people in West Yorkshire"; "" where not known."""
        number = number_format(self.population_served, force_grouping=True) if self.population_served else ""
        return " ".join(part for part in (number, self.population_note) if part)


class MembershipQuerySet(BelongingQuerySet, PartnerQuerySet):
    """The words for memberships."""

    def during(self, span: Span) -> Self:
        """Those in public partnerships that may have held within a span, by their own dates and the partnership's."""
        partnerships = Partnership.objects.published().overlapping(span)
        own = may_overlap("started_on", "ended_on", span.first_day, span.last_day)
        return self.filter(own, partnership__in=partnerships.values("pk"))


class Membership(CitedPart):
    """An organisation's place in a partnership, with its role and dates."""

    record_field = "partnership"
    natural_key_fields = ("partnership__slug", "organisation__slug", "role")

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    note = models.CharField(_("what they do"), max_length=200, blank=True)
    started_on = PartialDateField(_("from"), null=True, blank=True)
    ended_on = PartialDateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        indexes = [
            models.Index(fields=["started_on"], name="membership_started"),
            models.Index(fields=["ended_on"], name="membership_ended"),
        ]
        constraints = [
            unique("partnership", "organisation", "role", name="once", message=_("It has this role already.")),
            not_before("ended_on", "started_on", message=_("A membership does not end before it begins.")),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.get_role_display()}"

    @property
    def period(self) -> str:
        """When it held, in words."""
        return period_in_words(self.started_on, self.ended_on)
