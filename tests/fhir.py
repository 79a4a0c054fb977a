"""What tests ask of FHIR: to read the answers over their addresses, and to have them judged.

Two judges that others wrote, since neither sees everything: `fhir.resources` (of R4B, which these resources share with
R4) knows types, dates and ids, but takes any code; `fhir` for Node knows the codes, but takes any date. What neither
sees is in `own_faults`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from tests import node

SCRIPT = Path(__file__).parent / "node" / "validate_fhir.js"
BASE = f"{settings.SITE_URL}/fhir"
KINDS = ["Organization", "Location", "HealthcareService", "OrganizationAffiliation"]
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
ODS_SITE_CODE = "https://fhir.nhs.uk/Id/ods-site-code"
UK_CORE = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-"

Resource = dict


def ask(address: str, status: int = 200, **headers: str) -> Resource:
    """What an address answers, whole or without the part that all share; it is FHIR's JSON whatever it says."""
    response = Client().get(address.removeprefix(settings.SITE_URL), headers=headers)
    assert response.status_code == status, (address, response.status_code, response.content[:500])
    assert response["Content-Type"] == "application/fhir+json; fhirVersion=4.0", address
    assert response["Access-Control-Allow-Origin"] == "*", address
    return response.json()


def link(bundle: Resource, relation: str) -> str:
    """Where a link of a bundle leads, or ""."""
    return next((link["url"] for link in bundle["link"] if link["relation"] == relation), "")


def walked(address: str) -> Iterator[Resource]:
    """All pages of a search, from the first on."""
    while address:
        bundle = ask(address)
        yield bundle
        address = link(bundle, "next")


def found(address: str) -> list[Resource]:
    """All resources that a search finds."""
    return [entry["resource"] for bundle in walked(address) for entry in bundle.get("entry", [])]


def names(address: str) -> set[str]:
    """The names of all that a search finds."""
    return {resource["name"] for resource in found(address)}


def ids(address: str) -> set[str]:
    """The ids of all that a search finds."""
    return {resource["id"] for resource in found(address)}


def faults_in_python(resources: Iterable[Resource]) -> list[str]:
    """What `fhir.resources` finds wrong."""
    faults = []
    for resource in resources:
        try:
            get_fhir_model_class(resource["resourceType"]).model_validate(resource)
        except ValidationError as error:
            faults.append(f"{resource['resourceType']} {resource.get('id', '')}: {error}")
    return faults


def faults_in_node(resources: Iterable[Resource]) -> list[str]:
    """What `fhir` for Node finds wrong. Skips the test where there is no Node."""
    done = node.run(SCRIPT, given=json.dumps(list(resources)))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def own_faults(resource: Resource) -> Iterator[str]:
    """What neither judge sees: an invariant of FHIR, and the slices of UK Core where a resource says it keeps to it."""
    codes = list(resource.get("identifier", []))
    if resource["resourceType"] == "Organization" and not (resource.get("name") or codes):
        yield "org-1: neither name nor identifier"
    for profile in resource["meta"].get("profile", []):
        if profile != f"{UK_CORE}{resource['resourceType']}":
            yield f"the profile {profile} is another resource's"
        for system in (ODS_CODE, ODS_SITE_CODE):
            of_system = [code for code in codes if code["system"] == system]
            if len(of_system) > 1:
                yield f"{len(of_system)} codes of {system}"
            if not all(re.fullmatch(r"[A-Z0-9]{3,10}", code.get("value", "")) for code in of_system):
                yield f"a code of {system} that is none"
    if not all(code.get("system", "").startswith("http") and code.get("value") for code in codes):
        yield "an identifier without system or value"
    yield from (f"{path} is empty" for path, value in _leaves(resource) if value in (None, "", [], {}))


def own_faults_of_page(bundle: Resource) -> Iterator[str]:
    """What is wrong with a page of a search as such."""
    addresses = [entry["fullUrl"] for entry in bundle.get("entry", [])]
    if bundle["type"] != "searchset":
        yield f"the type is {bundle['type']}"
    if len(set(addresses)) != len(addresses):
        yield "an entry stands twice"
    for entry in bundle.get("entry", []):
        resource = entry["resource"]
        if entry["fullUrl"] != f"{BASE}/{resource['resourceType']}/{resource['id']}":
            yield f"{entry['fullUrl']} is not where {resource['id']} is"
        if entry["search"] != {"mode": "match"}:
            yield f"{entry['search']} is no match"
    if "entry" in bundle and not addresses:
        yield "an empty list"
    relations = [link["relation"] for link in bundle["link"]]
    if relations[0] != "self" or len(set(relations)) != len(relations):
        yield f"links {relations}"
    if not all(link["url"].startswith(BASE) and urlsplit(link["url"]).query for link in bundle["link"]):
        yield "a link that leads elsewhere"


def references(value: object) -> Iterator[str]:
    """All references in a resource."""
    return (found for path, found in _leaves(value) if path.endswith(".reference"))


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if not inside:
        yield path, value
        return
    for name, part in inside:
        yield from _leaves(part, f"{path}.{name}")
