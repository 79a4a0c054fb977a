"""Programmes that people use, and where, as Open Referral UK 3.0 says them: services, services at locations.

Which programmes are services is said once, in `SERVICES_ARE` in words and in `ProgrammeQuerySet.that_people_use()`. A
service is "active" while its programme runs, "inactive" before its first day, "defunct" once it has ended, so that
directories take it away. Opening hours, fees, contacts and accessibility are not known here and are left out. The
address of the assurer is the portal's contact: who keeps a page right is not told to the public.
"""

import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.open_referral import (
    Said,
    location,
    organization,
    service_area,
    told,
    whole_location,
    whole_organization,
)
from programmes.models import Place, Programme, Service
from trustportal.opendata.open_referral.taxonomies import Taxonomy, Term, attribute, terms_of
from trustportal.opendata.open_referral.values import known, moment, whole_address

SERVICES_ARE = _(
    "A programme is a service when people use it themselves: local care networks, satellite sites, integrated care, "
    "and employment and skills. Support from one organisation to another, research, innovation and the training of "
    "staff are not services. A service is listed while its programme runs, and as defunct once it has ended. "
    "A programme that is only planned, or whose stage is not known, is left out."
)
MOST_PLACES = 100  # of one service

KINDS_OF_PROGRAMME = Taxonomy(
    "kinds of programme", _("Kinds of programme"), _("What a programme that people use is about.")
)
KINDS_OF_CARE = Taxonomy("kinds of care", _("Kinds of care"), _("What a place offers, such as radiotherapy."))
Kind = Programme.Kind
PROGRAMME_TERMS = terms_of(
    KINDS_OF_PROGRAMME,
    [Kind.LOCAL_CARE_NETWORK, Kind.SATELLITE_SITE, Kind.INTEGRATED_CARE, Kind.EMPLOYMENT],
    {
        Kind.LOCAL_CARE_NETWORK: _("The services of one place work as one."),
        Kind.SATELLITE_SITE: _("A service of a hospital comes nearer to people."),
        Kind.INTEGRATED_CARE: _("Several organisations join up their care for the people of an area."),
        Kind.EMPLOYMENT: _("People are helped to find work or to learn for it."),
    },
)
_PROGRAMME_TERM = {term.value: term for term in PROGRAMME_TERMS}


def services() -> QuerySet:
    """The programmes that are services."""
    return Programme.objects.published().that_people_use()


def term_of(service: Service) -> Term:
    """A kind of care as a term."""
    return Term(KINDS_OF_CARE, str(service.uuid), service.name, _("A kind of care that a place offers."))


def status_of(programme: Programme, on: datetime.date | None = None) -> str:
    """Whether people can use it on a day."""
    today = on or timezone.localdate()
    if programme.stage == Programme.Stage.FINISHED or (programme.ended_on and programme.ended_on.latest < today):
        return "defunct"
    return "inactive" if programme.started_on and programme.started_on.earliest > today else "active"


def minimal_service(programme: Programme, on: datetime.date) -> Said:
    """What tells those who keep a copy what to read again and what is gone.

    The specification's text asks for id and modified_date; its schema says last_modified, and wants name and status.
    """
    changed = moment(programme.modified_at)
    return known(
        id=str(programme.uuid),
        name=programme.name,
        status=status_of(programme, on),
        last_modified=changed,
        modified_date=changed,
    )


def plain_service(programme: Programme, assurer: str) -> Said:
    """A service without its lists and without its organisation."""
    reviewed = programme.last_reviewed_on
    return known(
        id=str(programme.uuid),
        organization_id=str(programme.lead.uuid),
        name=programme.name,
        description=told(programme.summary, programme.description),
        url=whole_address(programme.get_absolute_url()),
        status=status_of(programme),
        assured_date=reviewed.isoformat() if reviewed else None,
        assurer_email=assurer if reviewed else None,
        last_modified=moment(programme.modified_at),
    )


def service(programme: Programme, assurer: str) -> Said:
    """A service without its lists, as it stands in a list; `with_lead()` has read what it needs."""
    lead = programme.lead
    return plain_service(programme, assurer) | known(organization=organization(lead) if lead.is_published else None)


def whole_service(programme: Programme, assurer: str) -> Said:
    """A service with all that is known of it; `for_service()` has read what it needs."""
    lead, places = programme.lead, programme.public_places
    offered = sorted({offer for place in places for offer in place.services.all()}, key=lambda offer: offer.name)
    return plain_service(programme, assurer) | known(
        organization=whole_organization(lead) if lead.is_published else None,
        service_areas=[service_area(area, programme.uuid) for area in programme.areas.all()],
        service_at_locations=[_at(place, programme) | known(location=whole_location(place.site)) for place in places],
        attributes=[
            attribute(programme.uuid, _PROGRAMME_TERM[programme.kind], "kind of programme"),
            *(attribute(programme.uuid, term_of(offer), "kind of care") for offer in offered),
        ],
    )


def _at(place: Place, programme: Programme) -> Said:
    """That a service is at a site, with what is offered there."""
    return known(
        id=str(place.uuid),
        service_id=str(programme.uuid),
        location_id=str(place.site.uuid),
        description=place.note,
        attributes=[attribute(place.uuid, term_of(offer), "kind of care") for offer in place.services.all()],
    )


def service_at_location(place: Place, assurer: str) -> Said:
    """A service at a site, as it stands in a list."""
    programme = place.programme
    return _at(place, programme) | {"location": location(place.site), "service": service(programme, assurer)}


def whole_service_at_location(place: Place, assurer: str) -> Said:
    """A service at a site with all that is known of both."""
    programme = place.programme
    return _at(place, programme) | {
        "location": whole_location(place.site),
        "service": whole_service(programme, assurer),
    }


def with_whole_programme(places: QuerySet) -> QuerySet:
    """Places with all that is said of their services."""
    return places.prefetch_related(Prefetch("programme", Programme.objects.for_service(MOST_PLACES)))


def with_services_led(organisations: QuerySet, most: int, *, whole: bool) -> QuerySet:
    """Organisations with the services that each leads as `services_led`: one more than `most`, where there are more."""
    led = services().order_by("pk")
    led = led.for_service(MOST_PLACES) if whole else led.with_lead()
    return organisations.prefetch_related(Prefetch("programmes_led", led[: most + 1], to_attr="services_led"))


def simple_service(programme: Programme) -> Said:
    """No more of a service than tells which it is."""
    return known(id=str(programme.uuid), name=programme.name, status=status_of(programme))
