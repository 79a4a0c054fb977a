"""What the pages of partners, partnerships, sites, strategies, aims and sources say in schema.org's words.

Each function takes what the page has read (its template's context), asks the database nothing, and gives the page and
the things of which it tells.
"""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import (
    Aim,
    Area,
    Organisation,
    OrganisationIdentifier,
    Partnership,
    Priority,
    Site,
    Source,
    Strategy,
)
from partnerships.roles import InvolvementByRole
from trustportal.opendata.linked import (
    Node,
    code,
    collection_page,
    interval,
    known,
    page_at,
    page_of,
    reference,
    thing,
    thing_of,
    uuid_of,
)
from trustportal.publishing.models import SHOWN_PER_PAGE, Publishable

ORGANISATION = "Organization"
PROJECT = "Project"  # schema.org's word for a lasting collaboration with an aim
KINDS_OF_ORGANISATION: Mapping[str, tuple[str, ...]] = {
    Organisation.Kind.NHS_TRUST: ("GovernmentOrganization", "MedicalOrganization"),
    Organisation.Kind.NATIONAL_NHS: ("GovernmentOrganization",),
    Organisation.Kind.COMMISSIONER: ("GovernmentOrganization",),
    Organisation.Kind.CARE_SYSTEM: (ORGANISATION,),
    Organisation.Kind.GP_FEDERATION: ("MedicalOrganization",),
    Organisation.Kind.COUNCIL: ("GovernmentOrganization",),
    Organisation.Kind.GOVERNMENT: ("GovernmentOrganization",),
    Organisation.Kind.REGULATOR: ("GovernmentOrganization",),
    Organisation.Kind.UNIVERSITY: ("CollegeOrUniversity",),
    Organisation.Kind.ACADEMIC_HEALTH: ("ResearchOrganization",),
    Organisation.Kind.TRAINING: ("EducationalOrganization",),
    Organisation.Kind.JOINT: (ORGANISATION,),
    Organisation.Kind.CHARITY: ("NGO",),
    Organisation.Kind.COMMUNITY: ("NGO",),
    Organisation.Kind.COMPANY: ("Corporation",),
    Organisation.Kind.HEALTH_ABROAD: ("MedicalOrganization",),
}
KINDS_OF_SITE = {Site.Kind.HOSPITAL: "Hospital", Site.Kind.UNIT: "MedicalClinic", Site.Kind.COMMUNITY: "Place"}
KINDS_OF_SOURCE = {
    Source.Kind.WEB_PAGE: "WebPage",
    Source.Kind.REPORT: "Report",
    Source.Kind.BOOK: "Book",
    Source.Kind.VIDEO: "VideoObject",
    Source.Kind.DATA: "Dataset",
}
KINDS_OF_AREA = {  # a neighbourhood and a system are no bodies with an administration
    Area.Kind.DISTRICT: "AdministrativeArea",
    Area.Kind.COUNTY: "AdministrativeArea",
    Area.Kind.REGION: "AdministrativeArea",
    Area.Kind.COUNTRY: "Country",
}
ONS = "https://statistics.data.gov.uk/id/statistical-geography"
# Where schemes are described: those of org-id.guide, unless whoever gives out the codes has an address of their own.
SCHEMES = {
    OrganisationIdentifier.Scheme.ODS: "https://fhir.nhs.uk/Id/ods-organization-code",
    OrganisationIdentifier.Scheme.CHARITY: "https://org-id.guide/list/GB-CHC",
    OrganisationIdentifier.Scheme.COMPANY: "https://org-id.guide/list/GB-COH",
    OrganisationIdentifier.Scheme.UKPRN: "https://org-id.guide/list/GB-UKPRN",
    OrganisationIdentifier.Scheme.ONS: ONS,
    OrganisationIdentifier.Scheme.ROR: "https://ror.org",
}
CHARITIES_ELSEWHERE = {"SC": "https://org-id.guide/list/GB-SC", "NIC": "https://org-id.guide/list/GB-NIC"}


# How other pages name the records of this app


def organisation_reference(organisation: Organisation | None) -> Node | None:
    """An organisation by name."""
    return organisation and reference(organisation, KINDS_OF_ORGANISATION[organisation.kind][0])


def partnership_reference(partnership: Partnership | None) -> Node | None:
    """A partnership by name."""
    return reference(partnership, PROJECT)


def site_reference(site: Site | None) -> Node | None:
    """A site by name, with its address and position."""
    named = site and reference(site, KINDS_OF_SITE[site.kind])
    return named and (named | place_of(site) if site.is_published else named)


def source_reference(source: Source | None) -> Node | None:
    """A source by name, as those who cite it need it."""
    named = source and reference(source, KINDS_OF_SOURCE[source.kind])
    return named and (named | publication_of(source) if source.is_published else named)


def text_reference(text: Strategy | Priority | Aim | None) -> Node | None:
    """A strategy, a priority or an aim by name."""
    return reference(text, "CreativeWork")


# What several pages say


def shown(rows: Iterable[Any]) -> list[Any]:
    """Those of other records that the page shows, where it has read one more; read once, for the page as well."""
    return list(rows)[:SHOWN_PER_PAGE]


def record_page(record: Publishable) -> Node:
    """The page of a record, with the sources at its foot."""
    return page_of(record, citation=known(map(source_reference, record.published_sources)))


def area_of(area: Area) -> Node:
    """An area that something serves or lies in."""
    codes = [code(area.code, scheme=ONS, name=_("ONS code"))] if area.code else []
    return thing(KINDS_OF_AREA.get(area.kind, "Place"), name=area.name, identifier=[uuid_of(area), *codes])


def place_of(site: Site) -> Node:
    """Address and position of a site."""
    is_addressed, is_located = site.address or site.postcode, site.latitude is not None
    facts = {
        "address": thing(
            "PostalAddress",
            streetAddress=site.address,
            postalCode=site.postcode,
            addressCountry="GB" if site.postcode else "",  # postcodes here are those of the United Kingdom
        )
        if is_addressed
        else None,
        "geo": thing(
            "GeoCoordinates",
            latitude=float(site.latitude),
            longitude=float(site.longitude),
            description=_("Approximate position") if site.is_approximate else "",
        )
        if is_located
        else None,
    }
    return {name: fact for name, fact in facts.items() if fact}


def publication_of(source: Source) -> Node:
    """Where a source is, whose it is, and when it came out."""
    facts = {
        "url": source.url,
        "publisher": organisation_reference(source.publisher),
        "datePublished": source.published_on,
        "dateModified": source.changed_on,
    }
    return {name: fact for name, fact in facts.items() if fact}


def role_of(role: object, **facts: object) -> Node:
    """A part that somebody plays, with its dates as far as they are known."""
    return thing("OrganizationRole", roleName=role, **facts)


def members_of(lead: Organisation, rows: Iterable[Any]) -> list[Node]:
    """Who belongs to something: the lead, and memberships or participations, as in `_members.html`."""
    leading = organisation_reference(lead)
    members = [role_of(_("Lead"), member=leading)] if leading else []
    return members + [
        role_of(
            row.get_role_display(),
            description=row.note,
            startDate=row.started_on,
            endDate=row.ended_on,
            member=organisation_reference(row.organisation),
        )
        for row in rows
        if row.organisation_id != lead.pk or row.role != "member"
    ]


def memberships_of(involvement: InvolvementByRole) -> list[Node]:
    """In what an organisation plays which part; the dates are said by the things themselves."""
    return [
        role_of(role, description=one.note, memberOf=reference(one.record, PROJECT))
        for role, group in involvement.groups.items()
        for one in group
    ]


# Pages of records


def organisation(context: dict[str, Any], *others: InvolvementByRole) -> list[Node]:
    """The page of a partner; `others` is what else it plays a part in besides its partnerships."""
    record: Organisation = context["object"]
    named = [record.short_name, *(other.name for other in record.other_names.all())]
    rors = [one.value for one in record.identifiers.all() if one.scheme == OrganisationIdentifier.Scheme.ROR]
    memberships = [row for one in (context["partnerships"], *others) for row in memberships_of(one)]
    kinds = KINDS_OF_ORGANISATION[record.kind]
    return [
        record_page(record),
        thing_of(
            record,
            kinds if len(kinds) > 1 else kinds[0],
            identifiers=[identifier_of(one) for one in record.identifiers.all()],
            alternateName=list(dict.fromkeys(known(named))),
            url=record.website,
            sameAs=[f"https://ror.org/{value}" for value in rors],
            address=thing("PostalAddress", addressLocality=record.place, addressCountry=record.country.code or "")
            if record.place or record.country
            else None,
            location=known(map(site_reference, shown(context["sites"]))),
            dissolutionDate=record.closed_on,
            parentOrganization=organisation_reference(record.parent),
            subOrganization=known(map(organisation_reference, record.parts)),
            memberOf=memberships,
        ),
    ]


def identifier_of(identifier: OrganisationIdentifier) -> Node:
    """A code by which others know an organisation. The three charity regulators of the United Kingdom count apart."""
    letters = identifier.value.rstrip("-0123456789")
    scheme = SCHEMES[identifier.scheme]
    if identifier.scheme == OrganisationIdentifier.Scheme.CHARITY:
        scheme = CHARITIES_ELSEWHERE.get(letters, scheme)
    return code(identifier.value, scheme=scheme, name=identifier.get_scheme_display())


def partnership(context: dict[str, Any], *, under: Iterable[Node] = (), measured_by: Iterable[Node] = ()) -> list[Node]:
    """The page of a partnership; `under` are things that run under it, `measured_by` are sets of figures."""
    record: Partnership = context["object"]
    return [
        record_page(record),
        thing_of(
            record,
            PROJECT,
            url=page_at(record),
            keywords=[record.get_scope_display(), record.get_kind_display()],
            foundingDate=record.started_on,
            dissolutionDate=record.ended_on,
            areaServed=[area_of(area) for area in record.areas.all()],
            member=members_of(record.lead, record.memberships.all()),
            parentOrganization=partnership_reference(record.part_of),
            subOrganization=[*known(map(partnership_reference, record.includes)), *under],
            subjectOf=[*map(agreement_of, record.agreements.all()), *measured_by],
        ),
    ]


def agreement_of(agreement: Any) -> Node:
    """What was signed, and how long it holds."""
    return thing(
        "CreativeWork",
        name=agreement.name,
        description=agreement.summary,
        identifier=uuid_of(agreement),
        dateCreated=agreement.signed_on,
        expires=agreement.ended_on,
        citation=source_or_name(agreement.document),
    )


def source_or_name(source: Source | None) -> Node | None:
    """A source by name alone: who published it was not read."""
    return source and reference(source, KINDS_OF_SOURCE[source.kind])


def site(context: dict[str, Any]) -> list[Node]:
    """The page of a site. A place that is no organisation has nobody to whom it belongs in schema.org's words."""
    record: Site = context["object"]
    kind = KINDS_OF_SITE[record.kind]
    return [
        record_page(record),
        thing_of(
            record,
            kind,
            url=page_at(record),
            containedInPlace=area_of(record.area) if record.area else None,
            parentOrganization=None if kind == "Place" else organisation_reference(record.organisation),
        )
        | place_of(record),
    ]


def strategy(context: dict[str, Any]) -> list[Node]:
    """The page of a strategy, with its priorities and their aims."""
    record: Strategy = context["object"]
    return [
        record_page(record),
        thing_of(
            record,
            "CreativeWork",
            url=page_at(record),
            abstract=record.vision,
            author=organisation_reference(record.lead),
            temporalCoverage=interval(record.started_on, record.ended_on),
            hasPart=[priority_of(priority) for priority in record.published_priorities],
        ),
    ]


def priority_of(priority: Priority) -> Node:
    """A priority with its aims, as the strategy counts them."""
    aims = [{**(text_reference(aim) or {}), "position": aim.position} for aim in priority.published_aims]
    facts = {"position": priority.position, "description": priority.summary, "hasPart": aims}
    return {**(text_reference(priority) or {}), **{name: fact for name, fact in facts.items() if fact}}


def aim(context: dict[str, Any], *, served_by: Iterable[Node] = ()) -> list[Node]:
    """The page of an aim; `served_by` is what serves it besides partnerships."""
    record: Aim = context["object"]
    whole_text = record.priority.strategy
    priority = text_reference(record.priority)
    strategy_said = text_reference(whole_text)
    partnerships = known(map(partnership_reference, shown(context["partnerships"])))
    return [
        record_page(record),
        thing_of(
            record,
            "CreativeWork",
            url=page_at(record),
            author=organisation_reference(whole_text.lead),
            isPartOf=priority and (priority | ({"isPartOf": strategy_said} if strategy_said else {})),
            mentions=[*partnerships, *served_by],
        ),
    ]


def source(context: dict[str, Any]) -> list[Node]:
    """The page of a source, and the pages that rest on it."""
    record: Source = context["object"]
    described = thing_of(record, KINDS_OF_SOURCE[record.kind]) | publication_of(record)
    resting = [one for records in context["citing"] for one in shown(records)]
    pages = {page_at(one): one for one in reversed(resting)}  # priorities of one strategy stand on one page
    return [
        page_of(record),
        described,
        *(thing("WebPage", at, citation={"@id": described["@id"]}) for at in reversed(pages)),
    ]


# Pages of lists


def list_page(refer_to: Any, context: dict[str, Any]) -> list[Node]:
    """One page of a list that readers narrow; `refer_to` says how its records are named."""
    page = context["page_obj"]
    return [
        collection_page(
            context["title"],
            context["canonical"],
            page,
            map(refer_to, context["object_list"]),
            endings=dict(context["files"]),
            dateModified=context["newest"],
        )
    ]


def strategies(context: dict[str, Any]) -> list[Node]:
    """The page of all strategies."""
    page = context["page_obj"]
    return [
        collection_page(
            gettext_lazy("Strategy"),
            context["address"],
            page,
            map(text_reference, page),
            dateModified=context["newest"],
        )
    ]


organisations = partial(list_page, organisation_reference)
partnerships = partial(list_page, partnership_reference)
sites = partial(list_page, site_reference)
sources = partial(list_page, source_reference)
