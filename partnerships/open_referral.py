"""Partners, sites and areas as Open Referral UK 3.0 says them: organisations, locations, service areas.

An organisation's name, description and page are given while its page is public. Its codes carry the scheme by which
org-id.guide knows their register, where it knows one.
"""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerships.models import Area, Organisation, OrganisationIdentifier, Site
from trustportal.opendata.open_referral.taxonomies import Taxonomy, attribute, terms_of
from trustportal.opendata.open_referral.values import identifier_of, known, uri, whole_address
from trustportal.search.models import plain

Said = dict[str, Any]

Scheme = OrganisationIdentifier.Scheme
REGISTERS = {
    Scheme.ODS: "GB-NHS",
    Scheme.CHARITY: "GB-CHC",
    Scheme.COMPANY: "GB-COH",
    Scheme.UKPRN: "GB-UKPRN",
}
CHARITY_REGISTERS = {"SC": "GB-SC", "NIC": "GB-NIC"}  # by how a charity's number begins outside England and Wales
STATISTICAL_AREA = "http://statistics.data.gov.uk/id/statistical-geography/"

KINDS_OF_ORGANISATION = Taxonomy(
    "kinds of organisation", _("Kinds of organisation"), _("What sort of organisation a partner is.")
)
ORGANISATION_TERMS = terms_of(KINDS_OF_ORGANISATION, Organisation.Kind, {})
_ORGANISATION_TERM = {term.value: term for term in ORGANISATION_TERMS}


def told(summary: str, description: str) -> str:
    """The summary of a record and its description in plain text."""
    return "\n\n".join(filter(None, [summary, plain(description).strip()]))


def organization(organisation: Organisation) -> Said:
    """An organisation without its lists. Of an organisation that is no longer public nothing may be said."""
    parent = organisation.parent
    return known(
        id=str(organisation.uuid),
        name=organisation.name,
        description=told(organisation.summary, organisation.description),
        website=uri(organisation.website),
        uri=whole_address(organisation.get_absolute_url()),
        parent_organization_id=str(parent.uuid) if parent and parent.is_published else None,
    )


def whole_organization(organisation: Organisation) -> Said:
    """An organisation with its codes and its kind; `with_codes()` has read them."""
    return organization(organisation) | known(
        organization_identifiers=[
            organization_identifier(code, organisation) for code in organisation.identifiers.all()
        ],
        attributes=[attribute(organisation.uuid, _ORGANISATION_TERM[organisation.kind], "kind of organisation")],
    )


def organization_identifier(code: OrganisationIdentifier, organisation: Organisation) -> Said:
    """A code by which others know an organisation."""
    return known(
        id=str(code.uuid),
        organization_id=str(organisation.uuid),
        identifier_scheme=register_of(code),
        identifier_type=str(Scheme(code.scheme).label),
        identifier=code.value,
    )


def register_of(code: OrganisationIdentifier) -> str | None:
    """The register that gives out a code, by its name in org-id.guide; None where it has none there."""
    scheme = Scheme(code.scheme)
    if scheme is Scheme.CHARITY:
        for beginning, register in CHARITY_REGISTERS.items():
            if code.value.startswith(beginning):
                return register
    return REGISTERS.get(scheme)


def location(site: Site) -> Said:
    """A site without its address. The position may be approximate, and then the description says so."""
    note = str(_("The position is approximate.")) if site.position and site.is_approximate else ""
    latitude, longitude = site.position or (None, None)
    return known(
        id=str(site.uuid),
        location_type="physical",
        name=site.name,
        description=" ".join(filter(None, [site.summary, note])),
        latitude=latitude,
        longitude=longitude,
    )


def whole_location(site: Site) -> Said:
    """A site with its address. How accessible it is we do not know, so nothing is said of that."""
    address = address_of(site)
    return location(site) | known(addresses=[address] if address else [])


def address_of(site: Site) -> Said | None:
    """Its address, where street, town, postcode and area are known: the schema wants all of them, and nothing is
    made up. The town is what stands after the last comma."""
    street, _comma, town = (part.strip() for part in site.address.rpartition(","))
    if not (street and town and site.postcode and site.area):
        return None
    return {
        "id": identifier_of("address", site.uuid),
        "location_id": str(site.uuid),
        "address_1": street,
        "city": town,
        "state_province": county_of(site.area).name,
        "postal_code": site.postcode,
        "country": "GB",  # a site's postcode is one of the United Kingdom
        "address_type": "physical",
    }


def county_of(area: Area) -> Area:
    """The county in which an area lies, where that is known; otherwise the area."""
    return area.parent if area.parent and area.parent.kind == Area.Kind.COUNTY else area


def service_area(area: Area, service: uuid.UUID) -> Said:
    """That a service is there for an area."""
    return known(
        id=identifier_of(service, area.uuid),
        service_id=str(service),
        name=area.name,
        service_area=area.name,
        uri=STATISTICAL_AREA + area.code if area.code else None,
    )
