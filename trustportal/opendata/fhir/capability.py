"""What this server can do, as a CapabilityStatement. It says what works, and nothing else."""

from collections.abc import Iterable

from django.conf import settings

from trustportal.opendata.fhir.elements import Resource, filled
from trustportal.opendata.fhir.kinds import SEARCHED, Kind, Parameter
from trustportal.opendata.fhir.outcome import BASE
from trustportal.opendata.fhir.search import MOST, MOST_TEXTS, MOST_VALUES

CHANGED_ON = "2026-11-26"  # when what the server can do last changed: to be moved with it

HOW_IT_WORKS = f"""Read-only, for everybody, without a key. Searches are asked with GET alone.
The order is that of the ids. A page has at most {MOST} resources (_count); follow the link “next”, which goes on after
the last id (_after). _summary=count gives the number alone, _total=none leaves it out.
Parameters that are not known are left out of the search and of its link “self”; with the header Prefer: handling=strict
they are refused. A search has at most {MOST_VALUES} values besides ids, {MOST_TEXTS} of them texts.
What was withdrawn answers 410. A resource's version changes with anything that it says; _lastUpdated is when the
record itself last changed, and does not move when another that it names is withdrawn."""


def capability_statement(kinds: Iterable[Kind]) -> Resource:
    """The statement for a server with these kinds of resource."""
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{settings.SITE_URL}{BASE}/metadata",
        "name": "PartnershipsPortal",
        "title": "Partnerships portal",
        "status": "active",
        "date": CHANGED_ON,
        "kind": "instance",
        "software": {"name": "Partnerships portal"},
        "implementation": {
            "description": "What a trust publishes about whom it works with, what they do together, and where.",
            "url": settings.SITE_URL + BASE,
        },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "documentation": HOW_IT_WORKS,
                "security": {"cors": True, "description": "Open to all; nothing can be written."},
                "resource": [_resource(kind) for kind in kinds],
            }
        ],
    }


def _resource(kind: Kind) -> Resource:
    return filled(
        type=kind.name,
        supportedProfile=[kind.profile] if kind.profile else [],
        documentation=kind.documentation,
        interaction=[{"code": "read"}, {"code": "search-type"}],
        versioning="versioned",
        readHistory=False,
        updateCreate=False,
        conditionalCreate=False,
        conditionalRead="not-match",
        conditionalUpdate=False,
        conditionalDelete="not-supported",
        referencePolicy=["literal"],
        searchParam=[_parameter(parameter) for parameter in kind.searched_by.values()],
    )


def _parameter(parameter: Parameter) -> Resource:
    return {
        "name": parameter.name,
        "definition": SEARCHED + parameter.definition,
        "type": parameter.type,
        "documentation": parameter.documentation,
    }
