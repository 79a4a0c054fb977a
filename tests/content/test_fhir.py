"""The whole content, read over its FHIR addresses, passes everything that judges FHIR."""

import pytest

from partnerships.models import Membership, Organisation, Partnership, Site
from programmes.models import Programme
from tests.fhir import (
    KINDS,
    Resource,
    ask,
    faults_in_node,
    faults_in_python,
    found,
    link,
    names,
    own_faults,
    own_faults_of_page,
    references,
    walked,
)

pytestmark = pytest.mark.usefixtures("content")
RJ1 = "https://fhir.nhs.uk/Id/ods-organization-code|RJ1"


@pytest.fixture(scope="module")
def pages(loaded_content: None, django_db_blocker: object) -> dict[str, list[Resource]]:
    """All pages of all resources, seven on each."""
    with django_db_blocker.unblock():
        return {kind: list(walked(f"/fhir/{kind}?_count=7")) for kind in KINDS}


@pytest.fixture(scope="module")
def resources(pages: dict[str, list[Resource]]) -> dict[str, Resource]:
    """All resources, by kind and id."""
    every = [entry["resource"] for bundles in pages.values() for page in bundles for entry in page.get("entry", [])]
    return {f"{resource['resourceType']}/{resource['id']}": resource for resource in every}


def test_every_public_record_is_a_resource_once(pages, resources):
    numbers = {kind: len([key for key in resources if key.startswith(f"{kind}/")]) for kind in KINDS}
    ties = Membership.objects.between_public().count() + Partnership.objects.led_by_public().count()

    assert numbers == {
        "Organization": Organisation.objects.published().count() + Partnership.objects.published().count(),
        "Location": Site.objects.published().count(),
        "HealthcareService": Programme.objects.published().that_people_use().count(),
        "OrganizationAffiliation": ties,
    }
    assert min(numbers.values()) >= 10
    assert {kind: {page["total"] for page in bundles} for kind, bundles in pages.items()} == {
        kind: {number} for kind, number in numbers.items()
    }
    assert sum(len(page["entry"]) for bundles in pages.values() for page in bundles) == len(resources)


def test_both_judges_and_our_own_pass_every_resource_and_every_page(pages, resources):
    bundles = [page for bundles in pages.values() for page in bundles]
    others = [
        ask("/fhir/metadata"),
        ask("/fhir/Organization?_summary=count"),
        ask("/fhir/Organization?name=nobody"),
        ask("/fhir/Organization/nobody", 404),
        ask("/fhir/Organization?_count=many", 400),
    ]
    ours = [f"{key}: {fault}" for key, resource in resources.items() for fault in own_faults(resource)]
    ours += [fault for page in bundles for fault in own_faults_of_page(page)]

    assert ours == []
    assert faults_in_python([*bundles, *others]) == []
    assert faults_in_node([*bundles, *others]) == []


def test_the_judges_refuse_what_is_wrong():
    good = {"resourceType": "Organization", "name": "A name", "meta": {}}
    for bad in [{"name": 1}, {"unheard": "of"}, {"meta": {"lastUpdated": "01/02/2026"}}, {"id": "no id"}]:
        assert faults_in_python([good | bad]), bad
    assert list(own_faults({"resourceType": "Organization", "meta": {}}))
    for wrong in [good | {"unheard": "of"}, {"resourceType": "Location", "status": "open"}]:
        assert faults_in_node([wrong]), wrong


def test_every_reference_leads_to_a_resource_of_that_name(resources):
    said = {reference for resource in resources.values() for reference in references(resource)}

    assert said - set(resources) == set()
    assert {reference.partition("/")[0] for reference in said} == {"Organization", "Location", "HealthcareService"}


def test_every_resource_reads_alone_as_it_does_among_others(resources):
    assert {key: ask(f"/fhir/{key}") for key in resources} == resources


def test_walking_back_shows_the_same_pages(pages):
    for kind, bundles in pages.items():
        backwards = [bundles[-1]]
        while address := link(backwards[-1], "previous"):
            backwards.append(ask(address))
        shown = [[entry["fullUrl"] for entry in page["entry"]] for page in backwards]

        forwards = [entry["fullUrl"] for page in bundles for entry in page["entry"]]
        assert [address for page in reversed(shown) for address in page] == forwards, kind
        assert link(bundles[0], "previous") == ""
        assert link(bundles[-1], "next") == ""


def test_the_trust_is_found_by_its_code_its_names_and_its_services():
    [trust] = found(f"/fhir/Organization?identifier={RJ1}")

    assert trust["name"] == "Guy's and St Thomas' NHS Foundation Trust"
    assert [trust] == found("/fhir/Organization?identifier=rj1") == found("/fhir/Organization?name=gstt")
    assert trust["name"] in names("/fhir/Organization?name=guy&active=true")
    services = found(f"/fhir/HealthcareService?organization=Organization/{trust['id']}")
    sites = {place["reference"] for service in services for place in service.get("location", [])}
    assert len(sites) >= 5
    ties = found(f"/fhir/OrganizationAffiliation?participating-organization={trust['id']}")
    assert {"Lead"} < {tie["code"][0]["text"] for tie in ties} | {"Lead", ""}
    assert {tie["participatingOrganization"]["reference"] for tie in ties} == {f"Organization/{trust['id']}"}
