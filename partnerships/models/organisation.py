"""Organisations (partners, to the public): who they are, what they are called, what followed them."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Case, Count, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partnerships.models.belonging import NAMED
from partnerships.models.finding import known, published_name
from partnerships.models.identity import OrganisationIdentifier, OrganisationName
from partnerships.models.source import CitedRecord, CitedRecordQuerySet, Source
from trustportal.constraints import all_or_none, facet_index, holds, may_overlap
from trustportal.networks.keeping import LEAD, Networked, NodeSaid, Said, TieSaid, WorkSaid
from trustportal.networks.models import Work
from trustportal.partial_date import PartialDateField, Span
from trustportal.publishing.models import SHOWN_PER_PAGE, State
from trustportal.search.models import SearchText, label_of, plain
from trustportal.search.reading import Rows, Told


class Role(models.TextChoices):
    """The part that an organisation plays in a partnership or a programme. The lead is named on the record itself."""

    FOUNDER = "founder", _("Founding member")
    MEMBER = "member", _("Member")
    DELIVERY = "delivery", _("Delivery partner")
    HOST = "host", _("Host")
    COMMISSIONER = "commissioner", _("Commissioner")
    FUNDER = "funder", _("Funder")
    CLIENT = "client", _("Client")
    COMMERCIAL = "commercial", _("Commercial partner")
    ACADEMIC = "academic", _("Academic partner")
    SUPPORTER = "supporter", _("Supporter")
    OVERSIGHT = "oversight", _("Oversight")


def network_key(organisation_id: int) -> str:
    """By what the network knows an organisation, also where only its key is at hand."""
    return f"organisation-{organisation_id}"


class OrganisationQuerySet(CitedRecordQuerySet):
    """The words for organisations."""

    other_names_at = ("short_name", "other_names__name")

    def with_ods_code(self, code: str) -> Self:
        """The one that has (or had) this code of the Organisation Data Service."""
        return self.filter(
            identifiers__scheme=OrganisationIdentifier.Scheme.ODS,
            identifiers__value=code.upper(),
            identifiers__is_live=True,
        )

    def with_code(self, schemes: Iterable[str], value: str = "", shape: str = "") -> Self:
        """Those with a code of one of some schemes, in capitals or not, or with any; of a shape where one is given."""
        codes = OrganisationIdentifier.objects.filter(is_live=True, scheme__in=list(schemes))
        if value:
            codes = codes.filter(value__in={value, value.upper(), value.lower()})
        if shape:
            codes = codes.filter(value__regex=shape)
        return self.filter(pk__in=codes.values("organisation"))

    def closed(self) -> Self:
        """Those that no longer exist as they were."""
        return self.filter(closed_on__isnull=False)

    def not_closed(self) -> Self:
        """All others."""
        return self.filter(closed_on__isnull=True)

    def abroad(self) -> Self:
        """Those known to be outside the United Kingdom."""
        return self.exclude(country__in=["", "GB"])

    def in_country_order(self) -> Self:
        """By code of the country, A to Z within each."""
        return self.order_by("country", "name", "pk")

    def with_partnership_count(self) -> Self:
        """Adds `partnership_count`: the published partnerships that it leads or belongs to, each counted once."""
        partnerships = self.model._meta.get_field("partnerships_led").related_model
        memberships = self.model._meta.get_field("memberships").related_model
        led = partnerships.objects.published().filter(lead=OuterRef("pk")).values("lead").annotate(n=Count("pk"))
        joined = (
            memberships.objects.filter(organisation=OuterRef("pk"), partnership__state=State.PUBLISHED)
            .exclude(partnership__lead=OuterRef("pk"))
            .values("organisation")
            .annotate(n=Count("partnership", distinct=True))
        )
        return self.annotate(
            partnership_count=Coalesce(Subquery(led.values("n")), 0) + Coalesce(Subquery(joined.values("n")), 0)
        )

    def for_network(self) -> Self:
        """What the network takes down of each."""
        return self.prefetch_related("successions")

    def with_standing(self) -> Self:
        """Adds `standing`: "open" or "closed"."""
        standing = Case(When(closed_on__isnull=True, then=Value("open")), default=Value("closed"))
        return self.annotate(standing=standing)

    def with_country(self) -> Self:
        """Adds `country_code`, or what stands for one that is not known."""
        return self.annotate(country_code=known("country"))

    def taking_part_during(self, span: Span, also: Iterable[models.QuerySet] = ()) -> Self:
        """Those not closed before a span, whose dates do not rule out that they then led or belonged to a partnership.

        `also` gives the keys of others that took part in something else.
        """
        partnerships = self.model._meta.get_field("partnerships_led").related_model.objects.published()
        memberships = self.model._meta.get_field("memberships").related_model.objects
        took_part = Q(pk__in=partnerships.overlapping(span).values("lead"))
        took_part |= Q(pk__in=memberships.during(span).values("organisation"))
        for others in also:
            took_part |= Q(pk__in=others)
        return self.filter(took_part, may_overlap("", "closed_on", span.first_day, span.last_day))

    def for_export(self) -> Self:
        """What a row of a file needs."""
        rows = self.with_partnership_count().with_named("parent")
        sources = Source.objects.for_reference().in_name_order()
        return rows.with_rows(other_names=OrganisationName.objects.all(), sources=sources).prefetch_related(
            "identifiers"
        )

    def with_codes(self) -> Self:
        """With its codes, and with what it is a part of."""
        return self.select_related("parent").prefetch_related("identifiers")

    def for_list(self) -> Self:
        """What a row of the list needs."""
        return self.with_partnership_count().prefetch_related("identifiers").in_name_order()

    def for_comparison(self) -> Self:
        """What is compared with what a register says of it, and its open change."""
        return self.select_related("open_change").prefetch_related("identifiers", "other_names", "successions")

    def for_fhir(self) -> Self:
        """What its FHIR resource needs."""
        own = ["kind", "short_name", "place", "country", "website", "closed_on", "what_followed"]
        rows = self.select_related("parent").only(*NAMED, "summary", *own, *(f"parent__{name}" for name in NAMED))
        return rows.prefetch_related("identifiers", "other_names")

    def for_search(self) -> dict[str, Rows]:
        """What the search needs to know besides."""
        names, identifiers = (self.model._meta.get_field(name).related_model for name in ("other_names", "identifiers"))
        return {
            "record": Rows(self.searched(), "pk", published_name("parent")),
            "other_names": Rows(names.objects.order_by("pk"), "organisation", "name"),
            "identifiers": Rows(identifiers.objects.order_by("pk"), "organisation", "value"),
        }

    def for_page(self) -> Self:
        """What the organisation's own page needs besides its roles."""
        return self.select_related("parent").prefetch_related(
            "identifiers",
            "other_names",
            Prefetch("sources", Source.objects.for_foot()),
            Prefetch("children", self.model.objects.published().in_name_order()[:SHOWN_PER_PAGE], to_attr="parts"),
        )


class Organisation(Networked, CitedRecord):
    """Anyone the trust works with, and the trust itself."""

    class Kind(models.TextChoices):
        """What sort of organisation it is."""

        NHS_TRUST = "nhs-trust", _("NHS trust")
        NATIONAL_NHS = "national-nhs", _("National NHS body")
        COMMISSIONER = "commissioner", _("NHS commissioner")
        CARE_SYSTEM = "care-system", _("Integrated care system")
        GP_FEDERATION = "gp-federation", _("GP federation")
        COUNCIL = "council", _("Council")
        GOVERNMENT = "government", _("Government department or ministry")
        REGULATOR = "regulator", _("Regulator")
        UNIVERSITY = "university", _("University")
        ACADEMIC_HEALTH = "academic-health", _("Academic or innovation body in health")
        TRAINING = "training", _("Training body")
        JOINT = "joint", _("Joint body of several partners")
        CHARITY = "charity", _("Charity")
        COMMUNITY = "community", _("Community or voluntary group")
        COMPANY = "company", _("Company")
        HEALTH_ABROAD = "health-abroad", _("Health body abroad")

    class ClosureReason(models.TextChoices):
        """Why it no longer exists as it was."""

        MERGED = "merged", _("Merged into another organisation")
        SPLIT = "split", _("Split into several organisations")
        REPLACED = "replaced", _("Replaced by another organisation")
        DISSOLVED = "dissolved", _("Closed")

    answered_for_by = "pk"
    search_standing = 1
    is_named_in_search = True
    not_versioned = CitedRecord.not_versioned | {"remits"}  # who works on its records is no part of its page
    wanted = {
        "place": _("where it is"),
        "sources": _("the sources"),
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    short_name = models.CharField(
        _("short name"), max_length=50, blank=True, help_text=_("What people call it for short, for example: GSTT.")
    )
    place = models.CharField(_("place"), max_length=100, blank=True, help_text=_("Town or city, for example: Leeds."))
    country = CountryField(_("country"), blank=True, blank_label=_("Not known"))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
        help_text=_("The organisation to which it belongs, for example the trust of a children's hospital."),
    )
    website = models.URLField(_("website"), blank=True, help_text=_("Beginning with https://."))
    description = models.TextField(
        _("description"), blank=True, help_text=_("Who they are and what they do with the trust, in Markdown.")
    )
    closed_on = PartialDateField(
        _("closed"), null=True, blank=True, help_text=_("As far as it is known: 2020, April 2020 or 1 April 2020.")
    )
    closure_reason = models.CharField(_("why it closed"), max_length=10, choices=ClosureReason, blank=True)
    what_followed = models.TextField(
        _("what followed"),
        max_length=400,
        blank=True,
        help_text=_("Who does its work now, in a sentence. For example: Its work passed to the integrated care board."),
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta(CitedRecord.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [
            *CitedRecord.Meta.indexes,
            facet_index("kind", "country", "closed_on"),
            models.Index(fields=["state", "closed_on"], name="organisation_closed"),
        ]
        constraints = [
            *CitedRecord.Meta.constraints,
            all_or_none(
                "closed_on",
                "closure_reason",
                "what_followed",
                empty={"closure_reason": "", "what_followed": ""},
                name="closed_why_and_what_followed",
                message=_("For a closed organisation fill in when it closed, why, and what followed."),
            ),
            holds(
                Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="not_its_own_parent",
                message=_("An organisation is not a part of itself."),
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("organisation-detail", args=[self.slug])

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search."""
        [(parent,)] = told["record"]
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=self.get_absolute_url(),
            updated_at=self.updated_at,
            names=(
                self.short_name,
                *(name for (name,) in told["other_names"]),
                *(code for (code,) in told["identifiers"]),
            ),
            body=(
                plain(self.description),
                self.what_followed,
                label_of(self.Kind(self.kind)),
                self.where,
                parent,
            ),
            kind=f"organisation.{self.kind}",
            places=tuple(filter(None, [self.place, self.country.name if self.is_abroad else ""])),
        )

    def organisations_named(self) -> models.QuerySet:
        """The organisations whose people can say whether the page is right: itself."""
        return Organisation.objects.filter(pk=self.itself.pk)

    @property
    def network_key(self) -> str:
        """By what the network knows it."""
        return network_key(self.pk)

    def to_network(self) -> Said:
        """Its node, and who followed it. Those who did not are in the network through what they take part in."""
        key, page = self.network_key, self.get_absolute_url()
        node = NodeSaid(key, self.name, self.short_name, self.slug, page, self.kind, self.closed_on)
        followed = [
            WorkSaid(
                f"{key}-followed-by-{row.successor_id}",
                Work.Sort.SUCCESSION,
                self.name,
                self.slug,
                page,
                started_on=row.succeeded_on,
                ties=[TieSaid(key, LEAD), TieSaid(network_key(row.successor_id), "successor", row.succeeded_on)],
            )
            for row in self.successions.all()
        ]
        return Said(key, node, followed)

    @property
    def is_closed(self) -> bool:
        """Whether it no longer exists as it was."""
        return self.closed_on is not None

    @property
    def is_abroad(self) -> bool:
        """Whether it is known to be outside the United Kingdom."""
        return bool(self.country) and self.country.code != "GB"

    @property
    def where(self) -> str:
        """Place and, where it is abroad, country: "Amman, Jordan"; "" where neither is known."""
        return ", ".join(part for part in (self.place, self.country.name if self.is_abroad else "") if part)

    @property
    def called(self) -> str:
        """The short name where there is one, for places where the full name is too long."""
        return self.short_name or self.name

    @property
    def ods_codes(self) -> list[str]:
        """Its codes in the Organisation Data Service; whoever was renumbered has several."""
        return [i.value for i in self.identifiers.all() if i.scheme == OrganisationIdentifier.Scheme.ODS]

    @property
    def ods_code(self) -> str:
        """Its code in the Organisation Data Service, or ""."""
        return next(iter(self.ods_codes), "")
