"""What FHIR's HealthcareService says of the programmes that people use themselves."""

from collections.abc import Iterable

from django.utils import timezone

from partnerships.fhir import UK_CORE, public, why_gone
from programmes.models import Participation, Programme
from trustportal.opendata.fhir.elements import Resource, about, distinct, filled, in_words, narrative, reference
from trustportal.opendata.fhir.kinds import Holding, Kind, Parameter, each

MOST_SERVICES = 20  # of one organisation in one partnership


def service(record: Programme) -> Resource:
    """A programme that people use."""
    places = [place for place in record.places.all() if place.site.is_published]
    sites = [place.site for place in places]
    satellite = getattr(record, "satellite_site", None)
    if satellite is not None:
        sites.append(satellite.host_site)
    offered = dict.fromkeys(offer.name for place in places for offer in place.services.all())
    return filled(
        resourceType="HealthcareService",
        id=str(record.uuid),
        meta=about(record.modified_at, record.get_absolute_url(), f"{UK_CORE}HealthcareService"),
        text=narrative(record.name, record.summary),
        active=record.is_running(timezone.localdate()),
        providedBy=public("Organization", record.lead),
        category=[in_words(Programme.Kind(record.kind).label)],
        type=[in_words(name) for name in offered],
        location=distinct(filter(None, (public("Location", site) for site in sites))),
        name=record.name,
        comment=record.summary,
        extraDetails=record.description,
    )


def services_under(partnerships: Iterable[int]) -> dict[tuple[int, int], list[Resource]]:
    """The services of each organisation under some partnerships, by the keys of both: those that it leads, then those
    in which it takes part. Two queries."""
    programmes = Programme.objects.published().that_people_use()
    rows = [
        *programmes.first_of_leads(partnerships, MOST_SERVICES),
        *Participation.objects.first_of_partners(programmes, partnerships, MOST_SERVICES),
    ]
    found: dict[tuple[int, int], list[Resource]] = {}
    for partnership, organisation, identifier, name in rows:
        found.setdefault((partnership, organisation), []).append(reference("HealthcareService", identifier, name))
    return {pair: distinct(services)[:MOST_SERVICES] for pair, services in found.items()}


SERVICES = Holding(
    public=lambda: Programme.objects.published().that_people_use(),
    once_public=lambda: Programme.objects.ever_published().that_people_use(),
    write=each(service),
    why_gone=why_gone,
    narrow={
        "name": lambda rows, words: rows.with_name(words.text, words.how),
        "active": lambda rows, token: (rows.running if token.truth else rows.not_running)(timezone.localdate()),
        "organization": lambda rows, identifier: rows.leading_to_public("lead", identifier),
        "location": lambda rows, identifier: rows.at_public_site(identifier),
    },
)
HEALTHCARE_SERVICE = Kind(
    "HealthcareService",
    "Programmes that people use themselves, running or ended, with the sites where they are.",
    (SERVICES,),
    (
        Parameter(
            "name",
            "string",
            "How the name begins; with :contains what is in it, with :exact the whole.",
            "HealthcareService-name",
        ),
        Parameter("active", "token", "true while it runs, otherwise false.", "HealthcareService-active"),
        Parameter("organization", "reference", "Who leads it.", "HealthcareService-organization", of="Organization"),
        Parameter("location", "reference", "Where it is.", "HealthcareService-location", of="Location"),
    ),
    profile=f"{UK_CORE}HealthcareService",
)
