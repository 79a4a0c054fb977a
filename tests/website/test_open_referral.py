"""The Open Referral UK feed: what is in it, what is asked of it, what it refuses, and what never leaves by it."""

import datetime
from unittest.mock import Mock
from urllib.parse import quote, urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.models import Area, Organisation
from programmes.models import Place, Programme, Service
from tests import made_up
from tests.factories import (
    AreaFactory,
    OrganisationFactory,
    OrganisationIdentifierFactory,
    PlaceFactory,
    PortalFactory,
    PostcodeDistrictFactory,
    ProgrammeFactory,
    ServiceFactory,
    SiteFactory,
    UserFactory,
)
from tests.open_referral import BASE, LISTS, faults_in, walk
from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Schedule

pytestmark = pytest.mark.django_db

MARCH = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
APRIL = MARCH + datetime.timedelta(days=30)
Kind, Stage = Programme.Kind, Programme.Stage


def names(client: Client, address: str, **parameters: object) -> list[str]:
    """What a list is of, in its order; services at locations by the name of the site."""
    response = client.get(f"{BASE}{address}", parameters)
    assert response.status_code == 200, response.content
    return [one["name"] if "name" in one else one["location"]["name"] for one in response.json()["contents"]]


def satellite(*, site: dict | None = None, service: Service | None = None, at=MARCH, **values: object) -> Programme:
    """A satellite site with one place, which became public at a time."""
    programme = ProgrammeFactory(satellite_site=True, its_places=None, **values)
    services = [service] if service else []
    PlaceFactory(programme=programme, site=SiteFactory(published=True, **site or {}), services=services)
    workflow.publish(programme, by=UserFactory(superuser=True), at=at)
    programme.refresh_from_db()
    return programme


# The whole of it


def test_a_larger_portal_is_as_the_standard_wants_it_page_by_page(client):
    made_up.make(24)

    seen = walk(client, per_page=3)

    assert seen.faults == []
    assert len(seen.ids["/services"]) == 8
    assert len(seen.ids["/organizations"]) == 24


@pytest.mark.either_database
def test_the_schemas_refuse_what_is_wrong():
    right = {"id": "ac148810-d857-441c-9679-408f346de14b", "name": "Dialysis", "status": "active"}
    assert faults_in("/services/{id}", right) == []
    for wrong in [
        {"id": "1"},
        {"status": "running"},
        {"description": None},
        {"url": "/programmes/dialysis/"},
        {"last_modified": "2 March 2026"},
        {"organization": {"id": right["id"], "name": "A trust"}},
    ]:
        assert len(faults_in("/services/{id}", right | wrong)) == 1, wrong


def test_lists_and_records_take_few_questions_and_no_more_when_there_are_more(client):
    made_up.make(48)
    addresses = [
        f"{path}?per_page=100&{whole}=true" for path in LISTS for whole in ("top_only", "full", "full_service")
    ]
    addresses += ["/services?minimal=true"]
    for path, records in [
        ("services", Programme.objects.that_people_use().filter(kind=Kind.SATELLITE_SITE)),
        ("organizations", Organisation.objects),
        ("service_at_locations", Place.objects.of_services()),
    ]:
        addresses.append(f"/{path}/{records.order_by('pk').first().uuid}")

    def numbers() -> dict[str, int]:
        found = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(BASE + address).status_code == 200
            found[address] = len(asked.captured_queries)
        return found

    with_few = numbers()
    made_up.make(144, after=48)

    assert numbers() == with_few
    assert max(with_few.values()) <= 12, with_few


def test_faults_of_ours_are_problems_in_json_too(monkeypatch):
    anybody = Client(raise_request_exception=False)
    for fault, status in [(OperationalError(), 503), (ValueError(), 500)]:
        monkeypatch.setattr("trustportal.website.open_referral.views.span_of", Mock(side_effect=fault))
        answer = anybody.get(f"{BASE}/services")
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert ("Retry-After" in answer) == (status == 503)


# What a service says


def test_a_service_says_who_leads_it_what_it_is_and_when_it_was_checked(client):
    PortalFactory()
    lead = OrganisationFactory(published=True, website="https://münchen.example/über", parent=OrganisationFactory())
    OrganisationIdentifierFactory(organisation=lead, value="RJ1")
    programme = satellite(lead=lead, name="Dialysis", description="## Why\n\n**Near** [home](/partners/).")
    said = client.get(f"{BASE}/services/{programme.uuid}").json()

    assert said["description"] == "What Dialysis is, in a sentence.\n\nWhy\n\nNear home."
    assert said["url"] == f"http://127.0.0.1:8000{programme.get_absolute_url()}"
    assert said["assured_date"] == programme.last_reviewed_on.isoformat()
    assert said["assurer_email"] == "partnerships@example.nhs.uk"
    assert said["last_modified"] == "2026-03-02T12:00:00.000Z"
    assert said["organization_id"] == said["organization"]["id"] == str(lead.uuid)
    assert said["organization"]["website"].isascii()
    assert "parent_organization_id" not in said["organization"]  # it is a draft
    assert faults_in("/services/{id}", said) == []


def test_a_location_has_an_address_where_all_of_it_is_known(client):
    surrey = AreaFactory(name="Surrey", kind=Area.Kind.COUNTY)
    satellite(site={"area": AreaFactory(parent=surrey), "address": "1 High Street, Reigate"})
    satellite(site={"address": "High Street"})
    satellite(site={"postcode": ""})
    whole = client.get(f"{BASE}/service_at_locations", {"full": "true"}).json()["contents"]

    [address] = whole[0]["location"]["addresses"]
    assert {"address_1": "1 High Street", "city": "Reigate", "state_province": "Surrey"}.items() <= address.items()
    assert ["addresses" in one["location"] for one in whole] == [True, False, False]


def test_which_programmes_are_services(client):
    for kind in [Kind.INTEGRATED_CARE, Kind.EMPLOYMENT, Kind.RESEARCH, Kind.INNOVATION, Kind.EDUCATION]:
        ProgrammeFactory(name=f"{kind} runs", kind=kind, published=True)
    for stage in [Stage.FINISHED, Stage.NOT_STATED, Stage.PLANNED]:
        ProgrammeFactory(name=f"It is {stage}", kind=Kind.EMPLOYMENT, stage=stage, published=True)
    ProgrammeFactory(name="Buddying", buddying=True, published=True)
    ProgrammeFactory(name="It is over", kind=Kind.EMPLOYMENT, ended_on="2019", published=True)
    ProgrammeFactory(name="It has not begun", kind=Kind.EMPLOYMENT, started_on="2999", published=True)
    listed = client.get(f"{BASE}/services").json()["contents"]

    assert {one["name"]: one["status"] for one in listed} == {
        "integrated-care runs": "active",
        "employment runs": "active",
        "It is finished": "defunct",
        "It is over": "defunct",
        "It has not begun": "inactive",
    }


# What is asked of it


def test_services_are_narrowed_by_what_the_specification_names(client):
    radiotherapy = ServiceFactory(name="Radiotherapy")
    near, far = (
        satellite(name="Near", service=radiotherapy),
        satellite(name="Far", at=APRIL),
    )
    job = ProgrammeFactory(name="Job", kind=Kind.EMPLOYMENT, published=True, published_at=MARCH)
    terms = {one["name"]: one for one in client.get(f"{BASE}/taxonomy_terms").json()["contents"]}
    taxonomies = {one["name"]: one["id"] for one in client.get(f"{BASE}/taxonomies").json()["contents"]}

    assert names(client, "/services") == ["Near", "Far", "Job"]
    assert names(client, "/services", search="near") == ["Near"]
    assert names(client, "/services", organization_id=job.lead.uuid) == ["Job"]
    assert names(client, "/services", modified_after=APRIL.isoformat()) == ["Far"]
    assert names(client, "/services", modified_after="2026-03-03") == ["Far"]
    assert names(client, "/services", taxonomy_term_id=radiotherapy.uuid) == ["Near"]
    assert names(client, "/services", taxonomy_term_id=terms["Satellite site"]["id"]) == ["Near", "Far"]
    assert names(client, "/services", taxonomy_term_id=terms["Council"]["id"]) == []
    assert names(client, "/services", taxonomy_id=taxonomies["Kinds of care"]) == ["Near"]
    assert names(client, "/services", taxonomy_id=taxonomies["Kinds of programme"]) == ["Near", "Far", "Job"]
    assert names(client, "/services", taxonomy_id=taxonomies["Kinds of organisation"]) == []
    assert names(client, "/services", taxonomy_term_id=near.uuid) == []
    assert names(client, "/services", page=2, per_page=2, search="", whatever="is ignored") == ["Job"]
    assert far.uuid != near.uuid


def test_minimal_gives_all_at_once_with_the_time_of_the_last_change(client):
    programme = satellite(name="Dialysis")
    said = client.get(f"{BASE}/services", {"minimal": "true"}).json()

    assert said["contents"] == [
        {
            "id": str(programme.uuid),
            "name": "Dialysis",
            "status": "active",
            "last_modified": "2026-03-02T12:00:00.000Z",
            "modified_date": "2026-03-02T12:00:00.000Z",
        }
    ]
    assert faults_in("/services", said) == []


def test_full_says_in_a_list_what_the_record_says(client):
    programme = satellite(service=ServiceFactory())
    place = programme.places.get()
    for path, key in [("services", programme.uuid), ("service_at_locations", place.uuid)]:
        alone = client.get(f"{BASE}/{path}/{key}").json()
        assert client.get(f"{BASE}/{path}", {"full": "true"}).json()["contents"] == [alone]
        assert client.get(f"{BASE}/{path}").json()["contents"] != [alone]


def test_an_organisation_names_the_services_that_it_leads_and_where_the_rest_are(client):
    programme = satellite()
    lead = programme.lead
    ProgrammeFactory.create_batch(11, lead=lead, kind=Kind.EMPLOYMENT, published=True)
    alone = client.get(f"{BASE}/organizations/{lead.uuid}").json()
    whole = client.get(f"{BASE}/organizations/{lead.uuid}", {"full_service": "true"}).json()
    listed = client.get(f"{BASE}/organizations", {"full": "true", "search": lead.name}).json()["contents"]

    assert len(alone["services"]) == 12
    assert "more_services" not in alone
    assert alone["services"][0] == {"id": str(programme.uuid), "name": programme.name, "status": "active"}
    assert whole["services"][0] == client.get(f"{BASE}/services/{programme.uuid}").json()
    assert [len(one["services"]) for one in listed if one["id"] == str(lead.uuid)] == [10]
    address = listed[0]["more_services"].removeprefix("http://127.0.0.1:8000")
    assert client.get(address).json()["total_items"] == 12


def test_services_at_locations_are_narrowed_to_what_is_near_or_there_for_a_postcode(client):
    PostcodeDistrictFactory(code="SE1", latitude="51.503000", longitude="-0.087000")
    southwark = AreaFactory(name="Southwark", code="E09000028")
    london = AreaFactory(name="London", kind=Area.Kind.REGION)
    southwark.parent = london
    southwark.save()
    leeds = {"name": "Leeds", "latitude": "53.800000", "longitude": "-1.550000"}
    satellite(site={"name": "Guy's"}, areas=[southwark], name="Kidney")
    satellite(site={"name": "For London"} | {"latitude": "51.520000"}, areas=[london])
    satellite(site=leeds, areas=[AreaFactory()])
    satellite(site=leeds | {"name": "For all"}, areas=[])

    assert names(client, "/service_at_locations") == ["Guy's", "For London", "Leeds", "For all"]
    assert names(client, "/service_at_locations", postcode="SE1 9RT") == ["Guy's", "For London", "For all"]
    assert names(client, "/service_at_locations", postcode="se19rt", proximity=1000) == ["Guy's"]
    assert names(client, "/service_at_locations", postcode="SE1 9RT", proximity=2500) == ["Guy's", "For London"]
    assert names(client, "/service_at_locations", search="kidney") == ["Guy's"]
    assert names(client, "/service_at_locations", search="leeds") == ["Leeds"]


def test_services_at_locations_are_narrowed_by_their_service(client):
    offered = ServiceFactory()
    first = satellite(site={"name": "First", "published_at": MARCH}, service=offered)
    satellite(site={"name": "Second", "published_at": APRIL})

    assert names(client, "/service_at_locations", organization_id=first.lead.uuid) == ["First"]
    assert names(client, "/service_at_locations", taxonomy_term_id=offered.uuid) == ["First"]
    assert names(client, "/service_at_locations", modified_after="2026-03-20T00:00:00Z") == ["Second"]


def test_terms_are_listed_a_page_at_a_time_across_both_kinds_of_taxonomy(client):
    ServiceFactory.create_batch(9)
    address = f"{BASE}/taxonomy_terms"
    everything = client.get(address).json()["contents"]
    pages = [client.get(address, {"page": n, "per_page": 6}).json()["contents"] for n in range(1, 6)]
    care = client.get(f"{BASE}/taxonomies", {"search": "care"}).json()["contents"][0]

    assert [one for page in pages for one in page] == everything
    assert len(everything) == 29
    assert len(client.get(address, {"taxonomy_id": care["id"]}).json()["contents"]) == 9
    assert names(client, "/taxonomy_terms", search="univers") == ["University"]
    assert names(client, "/taxonomy_terms", parent_id=care["id"]) == []
    assert len(care["taxonomy_terms"]) == 9


# What it refuses


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("page=0", "page is a whole number from 1"),
        ("page=-1", "page is"),
        ("page=1e3", "page is"),
        ("page=٣", "page is"),
        ("page=1&page=2", "Give page once"),
        ("per_page=101", "per_page is a whole number from 1 to 100"),
        ("minimal=true&per_page=10001", "1 to 10000"),
        ("full=perhaps", "full is true or false"),
        ("full=1&minimal=1", "not for both"),
        ("organization_id=1", "organization_id is a UUID"),
        ("taxonomy_id=x&taxonomy_term_id=", "taxonomy_id is a UUID"),
        ("modified_after=yesterday", "modified_after is a time"),
        ("modified_after=2026-02-30T00:00:00Z", "modified_after is a time"),
        ("modified_after=0001-01-01T00:00:00%2B14:00", "modified_after is a time"),
        ("search=" + "x" * 201, "longer than 200"),
        ("format=ndjson", "format is json"),
        ("whatever=" + "x" * 4000, "longer than 4000"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(client, query, words):
    response = client.get(f"{BASE}/services?{query}")

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert words in response.json()["detail"]
    assert response["Access-Control-Allow-Origin"] == "*"


def test_a_postcode_is_whole_and_known_and_a_distance_is_from_somewhere(client):
    for query, words in [
        ("proximity=5", "give that, too"),
        ("postcode=SE1", "whole postcode"),
        ("postcode=ZZ1 1ZZ", "does not know where"),
        ("postcode=SE1 9RT&proximity=far", "proximity is"),
    ]:
        response = client.get(f"{BASE}/service_at_locations?{query}")
        assert response.status_code == 400, query
        assert words in response.json()["detail"]


def test_what_is_not_there_is_404_in_json(client):
    gone = satellite()
    workflow.withdraw(gone, by=UserFactory(superuser=True), reason="It has moved.")
    known = ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"]
    addresses = [f"/{path}/{gone.uuid}" for path in known] + [f"/{path}/1" for path in known]
    for address in [*addresses, f"/service_at_locations/{gone.places.get().uuid}", "/services/", "/contacts", "/a/b/"]:
        response = client.get(BASE + address)
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json"), address
        assert response["Access-Control-Allow-Origin"] == "*"
    assert names(client, "/services") == names(client, "/service_at_locations") == []


def test_a_page_after_the_last_is_empty_and_costs_no_more_than_the_count(client):
    satellite()
    with CaptureQueriesContext(connection) as asked:
        said = client.get(f"{BASE}/services", {"page": 999_999_999}).json()

    assert (said["empty"], said["contents"], said["total_pages"], said["last_page"]) == (True, [], 1, True)
    assert len(asked.captured_queries) == 2


def test_the_feed_is_only_read(client):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{BASE}/services").status_code == 405
    response = client.options(f"{BASE}/services")
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (204, "*")
    assert client.head(f"{BASE}/services").status_code == 200


PARAMETERS = [
    "page", "per_page", "search", "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal",
    "full", "full_service", "format", "postcode", "proximity", "parent_id", "top_only",
]  # fmt: skip
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    st.sampled_from(
        ["true", "1", "0", "json", "SE1 9RT", "2026-03-02T12:00:00+01:00", "2026-W09-1", "9999-12-31", "100"]
    ),
    st.integers().map(str),
    st.uuids().map(str),
    st.datetimes().map(str),
)
ENDS = st.one_of(st.just(""), st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.uuids().map(str))


@given(st.sampled_from(LISTS), ENDS, st.lists(st.tuples(st.sampled_from(PARAMETERS), VALUES), max_size=4))
@settings(max_examples=200)
def test_whatever_is_asked_the_answer_is_json_and_no_fault_of_ours(path, end, parameters):
    address = f"{BASE}{path}{'/' if end else ''}{quote(end, safe='')}?{urlencode(parameters)}"
    response = Client().get(address)

    assert response.status_code in {200, 400, 404}, address
    assert response["Content-Type"].startswith(("application/json", "application/problem+json")), address
    if response.status_code == 200 and not end:
        assert faults_in(path, response.json()) == []


# What never leaves


def test_nothing_that_is_not_public_leaves(client, publisher):
    """A draft, a draft's site, a withdrawn record, a change that is waiting, who keeps a page: none is told."""
    secret = "Zebra"
    owner = UserFactory(username="zebra", email="zebra@example.nhs.uk")
    programme = satellite(name="Dialysis", owner=owner, provenance="ZEBRA-12")
    PlaceFactory(programme=programme, site=SiteFactory(name=f"{secret} draft site"), note=f"{secret} note")
    offered = ServiceFactory(name="Offered nowhere")
    PlaceFactory(programme=programme, site=SiteFactory(name=f"{secret} gone site", withdrawn=True), services=[offered])
    satellite(name=f"{secret} withdrawn", summary=secret)
    workflow.withdraw(Programme.objects.get(name=f"{secret} withdrawn"), by=publisher, reason=f"{secret} reason.")
    scheduled = ProgrammeFactory(name=f"{secret} draft", kind=Kind.EMPLOYMENT)
    scheduling.schedule(
        scheduled, Schedule.What.PUBLISH, due_at=timezone.now() + datetime.timedelta(days=30), by=publisher
    )
    change = workflow.start_change(programme, by=publisher)
    change.name = change.description = f"{secret} change"
    change.save()
    lead_gone = ProgrammeFactory(
        kind=Kind.EMPLOYMENT, published=True, lead=OrganisationFactory(name=f"{secret} lead", published=True)
    )
    workflow.withdraw(lead_gone.lead, by=publisher, reason="It closed.")

    seen = walk(client)

    assert seen.faults == []
    assert secret.lower() not in seen.text.lower()
    assert len(seen.ids["/services"]) == 2
    assert len(seen.ids["/service_at_locations"]) == 1
    assert names(client, "/services", search=secret) == []
    assert names(client, "/service_at_locations", search=secret) == []
    assert names(client, "/services", taxonomy_term_id=offered.uuid) == []
