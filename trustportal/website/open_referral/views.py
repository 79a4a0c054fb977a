"""What the feed answers about services, organisations, and where services are."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import Organisation
from partnerships.open_referral import organization, whole_organization
from programmes import open_referral as said
from programmes.models import Place, Programme
from trustportal.maps.england import england
from trustportal.maps.postcodes import district_of
from trustportal.opendata.open_referral.answering import NotThere, feed, identified
from trustportal.opendata.open_referral.paging import Said, page_of_records, span_of
from trustportal.opendata.open_referral.parameters import Parameters, Refused
from trustportal.opendata.open_referral.values import known, whole_address
from trustportal.website.map_choice import origin_of
from trustportal.website.models import Portal
from trustportal.website.open_referral.taxonomies import with_term

MOST_MINIMAL = 10_000  # services in one answer of ids and times: a directory asks for all at once
FARTHEST = 1_000_000  # metres
# Of an organisation's services: so many on its own, and in a list of organisations.
MOST_LED, MOST_LED_IN_LIST = 100, 10


@feed
def about(asked: Parameters) -> Said:
    """Which version of the standard this is, and what is in the feed."""
    return known(
        version="HSDS-UK-3.0",
        profile="https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md",
        openapi_url="https://openreferraluk.org/specifications/3.0/openapi.json",
        publisher=Portal.objects.current().name,
        license="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        description=str(said.SERVICES_ARE),
    )


@feed
def missing(asked: Parameters, **kwargs: str) -> Said:
    """An address that the feed does not have."""
    raise NotThere(_("The feed has no such address: addresses end without a slash."))


def assurer() -> str:
    """Whom to ask about what was checked; "" where the portal names nobody. One query."""
    return Portal.objects.current().contact_email


def one_of(records: QuerySet, key: str, otherwise: str) -> Any:
    """The record with an id. Raises NotThere, with a sentence that says so."""
    record = records.filter(uuid=identified(key)).first()
    if record is None:
        raise NotThere(otherwise)
    return record


# Services


@feed
def services(asked: Parameters) -> Said:
    """The programmes that people use."""
    minimal, full = asked.truth("minimal"), asked.truth("full")
    if minimal and full:
        raise Refused(_("Ask for minimal or for full, not for both."))
    found = narrowed(said.services(), asked)
    if minimal:
        span = span_of(asked, usual=MOST_MINIMAL, most=MOST_MINIMAL)
        return page_of_records(found.for_changes(), span, partial(said.minimal_service, on=timezone.localdate()))
    if full:
        whole = partial(said.whole_service, assurer=assurer())
        return page_of_records(found, span_of(asked), whole, lambda rows: rows.for_service(said.MOST_PLACES))
    return page_of_records(
        found, span_of(asked), partial(said.service, assurer=assurer()), lambda rows: rows.with_lead()
    )


def narrowed(programmes: QuerySet, asked: Parameters) -> QuerySet:
    """The services that the parameters ask for."""
    if text := asked.text("search"):
        programmes = programmes.saying(text)
    if at := asked.moment("modified_after"):
        programmes = programmes.modified_since(at)
    return with_links(programmes, asked)


def with_links(programmes: QuerySet, asked: Parameters) -> QuerySet:
    """The services of the organisation and with the terms that the parameters name."""
    if organisation := asked.identifier("organization_id"):
        programmes = programmes.filter(lead__uuid=organisation)
    return with_term(programmes, asked.identifier("taxonomy_term_id"), asked.identifier("taxonomy_id"))


@feed
def service(asked: Parameters, key: str) -> Said:
    """One of them, with all that is known of it."""
    programmes = said.services().for_service(said.MOST_PLACES)
    return said.whole_service(one_of(programmes, key, _("There is no service with this id.")), assurer())


# Where services are


@feed
def service_at_locations(asked: Parameters) -> Said:
    """The sites at which the services are."""
    found = Place.objects.of_services()
    if text := asked.text("search"):
        found = found.saying(text)
    if at := asked.moment("modified_after"):
        found = found.modified_since(at)
    if any(asked.identifier(name) for name in ("organization_id", "taxonomy_term_id", "taxonomy_id")):
        found = found.of_programmes(with_links(said.services(), asked))
    found, span, who = near(found, asked), span_of(asked), assurer()
    if asked.truth("full"):
        return page_of_records(
            found,
            span,
            partial(said.whole_service_at_location, assurer=who),
            lambda rows: said.with_whole_programme(rows.for_service()),
        )
    return page_of_records(
        found, span, partial(said.service_at_location, assurer=who), lambda rows: rows.for_service().with_programme()
    )


def near(places: QuerySet, asked: Parameters) -> QuerySet:
    """Those within `proximity` metres of a postcode; without it, those whose services are there for that postcode.

    Of a postcode only the district counts ("SE1" of "SE1 9RT"), and its middle.
    """
    postcode, metres = asked.text("postcode"), asked.number("proximity", usual=0, most=FARTHEST)
    if not postcode:
        if metres:
            raise Refused(_("proximity is a distance from a postcode: give that, too."))
        return places
    if not district_of(postcode):
        raise Refused(_("postcode is a whole postcode, such as SE1 9RT."))
    origin = origin_of(postcode)
    if origin is None or origin.position is None:
        raise Refused(_("This portal does not know where this postcode is."))
    latitude, longitude = origin.position
    if metres:
        return places.near(latitude, longitude, metres)
    district = england().district_at(longitude, latitude)
    return places.covering(district.code if district else "")


@feed
def service_at_location(asked: Parameters, key: str) -> Said:
    """One of them, with all that is known of the service and the site."""
    places = said.with_whole_programme(Place.objects.of_services().for_service())
    place = one_of(places, key, _("There is no service at a location with this id."))
    return said.whole_service_at_location(place, assurer())


# Organisations


@feed
def organizations(asked: Parameters) -> Said:
    """All partners, whether they lead a service or not."""
    found = Organisation.objects.published()
    if text := asked.text("search"):
        found = found.saying(text)
    full_service = asked.truth("full_service")
    if not (full_service or asked.truth("full")):
        return page_of_records(found, span_of(asked), organization, lambda rows: rows.select_related("parent"))
    say = partial(said.whole_service, assurer=assurer()) if full_service else said.simple_service
    return page_of_records(
        found,
        span_of(asked),
        partial(with_services, most=MOST_LED_IN_LIST, say=say),
        lambda rows: said.with_services_led(rows.with_codes(), MOST_LED_IN_LIST, whole=full_service),
    )


@feed
def organization_by_id(asked: Parameters, key: str) -> Said:
    """One of them, with its codes and the services that it leads."""
    full_service = asked.truth("full_service")
    rows = said.with_services_led(Organisation.objects.published().with_codes(), MOST_LED, whole=full_service)
    organisation = one_of(rows, key, _("There is no organisation with this id."))
    say = partial(said.whole_service, assurer=assurer()) if full_service else said.simple_service
    return with_services(organisation, most=MOST_LED, say=say)


def with_services(organisation: Organisation, *, most: int, say: Callable[[Programme], Said]) -> Said:
    """An organisation with the services that it leads; where there are more, with the address of their list."""
    led = organisation.services_led
    return whole_organization(organisation) | known(
        services=[say(programme) for programme in led[:most]],
        more_services=services_led_by(organisation.uuid) if len(led) > most else None,
    )


def services_led_by(organisation: uuid.UUID) -> str:
    """The address of the list of the services that an organisation leads."""
    return f"{whole_address(reverse('open-referral-services'))}?organization_id={organisation}"
