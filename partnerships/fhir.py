"""What FHIR's Organization, Location and OrganizationAffiliation say of partners, partnerships, sites and members.

A partnership is an Organization too, so that its members can be affiliated with it. Who leads it is told as an
affiliation of its own, with the id of the partnership. Records that the public may not see are neither told nor named.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import Area, Membership, Organisation, OrganisationIdentifier, Partnership, Role, Site
from trustportal.opendata.fhir.elements import (
    Resource,
    about,
    filled,
    in_words,
    narrative,
    newest,
    period,
    reference,
)
from trustportal.opendata.fhir.kinds import Holding, Kind, Narrowing, Parameter, each
from trustportal.opendata.fhir.values import Token, Words
from trustportal.partial_date import PartialDate
from trustportal.publishing.models import Publishable

UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"
ORGANISATION_PERIOD = "http://hl7.org/fhir/StructureDefinition/organization-period"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
Scheme = OrganisationIdentifier.Scheme
# Whose codes they are: FHIR's name of each list, the scheme here, and the shape that tells lists of one scheme apart.
SYSTEMS = {
    ODS: (Scheme.ODS, ""),
    "http://org-id.guide/list/GB-CHC": (Scheme.CHARITY, r"^[0-9]"),  # England and Wales
    "http://org-id.guide/list/GB-SC": (Scheme.CHARITY, r"^SC"),  # Scotland
    "http://org-id.guide/list/GB-NIC": (Scheme.CHARITY, r"^NIC"),  # Northern Ireland
    "http://org-id.guide/list/GB-COH": (Scheme.COMPANY, ""),
    "http://org-id.guide/list/GB-UKPRN": (Scheme.UKPRN, ""),
    "http://statistics.data.gov.uk/id/statistical-geography": (Scheme.ONS, ""),
    "https://ror.org": (Scheme.ROR, ""),
}
DISTRICTS = {Area.Kind.DISTRICT, Area.Kind.COUNTY}  # what an address means by its district

# What services an organisation offers in a partnership: for (partnership, organisation), both by key.
ServicesOf = Callable[[Iterable[int]], dict[tuple[int, int], list[Resource]]]


def public(kind: str, record: Publishable | None) -> Resource:
    """A reference to a record, where the public may read it."""
    return reference(kind, record.uuid, record.name) if record is not None and record.is_published else {}


def is_over(ended_on: PartialDate | None) -> bool:
    """Whether a date says that something has ended; a vague one does once all its days are past."""
    return ended_on is not None and ended_on.latest < timezone.localdate()


def why_gone(record: Publishable) -> str:
    """Why a withdrawn record is no longer told, and what to read instead."""
    instead = f" See {record.see_instead}." if record.see_instead else ""
    return f"It was withdrawn: {record.withdrawal_reason}{instead}"


def system_of(identifier: OrganisationIdentifier) -> str:
    """FHIR's name of the list in which a code stands."""
    return next(
        system
        for system, (scheme, shape) in SYSTEMS.items()
        if scheme == identifier.scheme and re.match(shape, identifier.value)
    )


# Organization


def organisation(record: Organisation) -> Resource:
    """A partner."""
    codes = [{"system": system_of(code), "value": code.value} for code in record.identifiers.all()]
    keeps_to_profile = sum(code["system"] == ODS for code in codes) <= 1
    names = dict.fromkeys([record.short_name, *(other.name for other in record.other_names.all())])
    return filled(
        resourceType="Organization",
        id=str(record.uuid),
        meta=about(record.modified_at, record.get_absolute_url(), f"{UK_CORE}Organization" if keeps_to_profile else ""),
        text=narrative(record.name, record.summary, record.what_followed),
        extension=_period_of(None, record.closed_on),
        identifier=codes,
        active=not record.is_closed,
        type=[in_words(type(record).Kind(record.kind).label)],
        name=record.name,
        alias=[name for name in names if name and name != record.name],
        telecom=[{"system": "url", "value": record.website}] if record.website else [],
        address=[place] if (place := filled(city=record.place, country=record.country.code or "")) else [],
        partOf=public("Organization", record.parent),
    )


def partnership(record: Partnership) -> Resource:
    """A partnership, as the organisation with which its members are affiliated."""
    return filled(
        resourceType="Organization",
        id=str(record.uuid),
        meta=about(record.modified_at, record.get_absolute_url(), f"{UK_CORE}Organization"),
        text=narrative(record.name, record.summary),
        extension=_period_of(record.started_on, record.ended_on),
        active=not is_over(record.ended_on),
        type=[in_words(_("Partnership")), in_words(type(record).Kind(record.kind).label)],
        name=record.name,
        partOf=public("Organization", record.part_of),
    )


def _period_of(start: PartialDate | None, end: PartialDate | None) -> list[Resource]:
    """Since when and until when an organisation exists, as the extension that says it."""
    known = period(start, end)
    return [{"url": ORGANISATION_PERIOD, "valuePeriod": known}] if known else []


def with_code(rows: QuerySet, code: Token) -> QuerySet:
    """Those partners with a code."""
    if code.system is None:
        return rows.with_code(Scheme.values, code.value) if code.value else rows.none()
    if code.system not in SYSTEMS:
        return rows.none()
    scheme, shape = SYSTEMS[code.system]
    return rows.with_code([scheme], code.value, shape)


def _named(rows: QuerySet, words: Words) -> QuerySet:
    return rows.with_name(words.text, words.how)


def _leading_to(field: str) -> Narrowing:
    return lambda rows, identifier: rows.leading_to_public(field, identifier)


NAME = Parameter(
    "name", "string", "How a name begins; with :contains what is in it, with :exact the whole.", "Organization-name"
)
ORGANISATIONS = Holding(
    public=lambda: Organisation.objects.published(),
    once_public=lambda: Organisation.objects.ever_published(),
    write=each(organisation),
    why_gone=why_gone,
    narrow={
        "name": _named,
        "identifier": with_code,
        "active": lambda rows, token: rows.not_closed() if token.truth else rows.closed(),
        "partof": _leading_to("parent"),
    },
)
PARTNERSHIPS = Holding(
    public=lambda: Partnership.objects.published(),
    once_public=lambda: Partnership.objects.ever_published(),
    write=each(partnership),
    why_gone=why_gone,
    narrow={
        "name": _named,
        "active": lambda rows, token: _going_on(rows, token),
        "partof": _leading_to("part_of"),
    },
)


def _going_on(rows: QuerySet, token: Token) -> QuerySet:
    today = timezone.localdate()
    return rows.not_ended(today) if token.truth else rows.ended(today)


ORGANIZATION = Kind(
    "Organization",
    "Partners, with the codes by which others know them, and partnerships, whose first type is “Partnership”.",
    (ORGANISATIONS, PARTNERSHIPS),
    (
        Parameter(
            "identifier",
            "token",
            f"A code by which others know it: {ODS}|RJ1, or RJ1 alone, or the list and a bar for any code of it.",
            "Organization-identifier",
        ),
        NAME,
        Parameter("active", "token", "true, or false for what has closed or ended.", "Organization-active"),
        Parameter("partof", "reference", "What it is a part of.", "Organization-partof", of="Organization"),
    ),
    profile=f"{UK_CORE}Organization",
)


# Location


def site(record: Site) -> Resource:
    """A site. Codes of sites are not known here, so none is told."""
    district = record.area.name if record.area and record.area.kind in DISTRICTS else ""
    position = {"longitude": float(record.longitude), "latitude": float(record.latitude)} if record.position else {}
    how = _("The position is approximate.") if position and record.is_approximate else ""
    address = filled(text=record.whole_address, district=district, postalCode=record.postcode)
    return filled(
        resourceType="Location",
        id=str(record.uuid),
        meta=about(record.modified_at, record.get_absolute_url(), f"{UK_CORE}Location"),
        text=narrative(record.name, record.summary, how),
        status="active",
        name=record.name,
        description=" ".join(filter(None, [record.summary, how])),
        mode="instance",
        type=[in_words(type(record).Kind(record.kind).label)],
        address=address,
        position=position,
        managingOrganization=public("Organization", record.organisation),
    )


SITES = Holding(
    public=lambda: Site.objects.published(),
    once_public=lambda: Site.objects.ever_published(),
    in_full=lambda rows: rows.for_list(),
    write=each(site),
    why_gone=why_gone,
    narrow={
        "name": _named,
        "address-postalcode": lambda rows, words: rows.with_postcode(words.text, words.how),
        "organization": _leading_to("organisation"),
        "status": lambda rows, token: rows if token.value == "active" else rows.none(),
    },
)
LOCATION = Kind(
    "Location",
    "Sites: the hospitals, centres and places in the community where the work happens.",
    (SITES,),
    (
        Parameter("name", "string", NAME.documentation, "Location-name"),
        Parameter("address-postalcode", "string", "How the postcode begins.", "Location-address-postalcode"),
        Parameter("organization", "reference", "Who runs it.", "Location-organization", of="Organization"),
        Parameter("status", "token", "All that are told are active.", "Location-status"),
    ),
    profile=f"{UK_CORE}Location",
)


# OrganizationAffiliation


def membership(row: Membership, services: list[Resource]) -> Resource:
    """An organisation's place in a partnership."""
    whole, part, role = row.partnership, row.organisation, Role(row.role).label
    return filled(
        resourceType="OrganizationAffiliation",
        id=str(row.uuid),
        meta=about(newest(whole.modified_at, part.modified_at), whole.get_absolute_url()),
        text=narrative(f"{part.name}: {role}, {whole.name}", row.note),
        active=not (is_over(row.ended_on) or is_over(whole.ended_on)),
        period=period(row.started_on, row.ended_on),
        organization=public("Organization", whole),
        participatingOrganization=public("Organization", part),
        code=[in_words(role)],
        healthcareService=services,
    )


def lead(record: Partnership, services: list[Resource]) -> Resource:
    """Who leads a partnership. Since when is not known."""
    return filled(
        resourceType="OrganizationAffiliation",
        id=str(record.uuid),
        meta=about(newest(record.modified_at, record.lead.modified_at), record.get_absolute_url()),
        text=narrative(f"{record.lead.name}: {_('Lead')}, {record.name}"),
        active=not is_over(record.ended_on),
        organization=public("Organization", record),
        participatingOrganization=public("Organization", record.lead),
        code=[in_words(_("Lead"))],
        healthcareService=services,
    )


def _members(rows: Sequence[Membership], services_of: ServicesOf) -> list[Resource]:
    services = services_of({row.partnership_id for row in rows})
    return [membership(row, services.get((row.partnership_id, row.organisation_id), [])) for row in rows]


def _leads(rows: Sequence[Partnership], services_of: ServicesOf) -> list[Resource]:
    services = services_of({row.pk for row in rows})
    return [lead(row, services.get((row.pk, row.lead_id), [])) for row in rows]


def _why_not_both(row: Membership | Partnership) -> str:
    return "The partnership or the organisation was withdrawn."


def affiliations(services_of: ServicesOf) -> Kind:
    """The kind, told with the services that each organisation offers in a partnership."""
    members = Holding(
        public=lambda: Membership.objects.between_public(),
        once_public=lambda: Membership.objects.between_once_public(),
        write=partial(_members, services_of=services_of),
        why_gone=_why_not_both,
        narrow={
            "active": _going_on,
            "primary-organization": lambda rows, identifier: rows.in_partnership(identifier),
            "participating-organization": lambda rows, identifier: rows.of_organisation(identifier),
        },
    )
    leads = Holding(
        public=lambda: Partnership.objects.led_by_public(),
        once_public=lambda: Partnership.objects.led_by_once_public(),
        since=lambda rows, at: rows.modified_with_lead_since(at),
        before=lambda rows, at: rows.modified_with_lead_before(at),
        write=partial(_leads, services_of=services_of),
        why_gone=_why_not_both,
        narrow={
            "active": _going_on,
            "primary-organization": lambda rows, identifier: rows.filter(uuid=identifier),
            "participating-organization": _leading_to("lead"),
        },
    )
    return Kind(
        "OrganizationAffiliation",
        "Who belongs to a partnership, in which role and since when; the lead has an affiliation of its own.",
        (members, leads),
        (
            Parameter("active", "token", "true, or false for what has ended.", "OrganizationAffiliation-active"),
            Parameter(
                "primary-organization",
                "reference",
                "The partnership.",
                "OrganizationAffiliation-primary-organization",
                of="Organization",
            ),
            Parameter(
                "participating-organization",
                "reference",
                "The partner.",
                "OrganizationAffiliation-participating-organization",
                of="Organization",
            ),
        ),
    )
