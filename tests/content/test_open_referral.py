"""The content as directories of services take it: the whole feed, address by address."""

import pytest

from programmes.models import Programme
from tests.open_referral import LISTS, walk

pytestmark = pytest.mark.usefixtures("content")

SERVICES = {
    "cancer-centre-sidcup": "active",
    "satellite-dialysis": "active",
    "lane-fox-remeo": "active",
    "slic": "defunct",
    "adult-local-services": "active",
    "evelina-children-and-young-people": "active",
    "lincoln-green-employment-and-skills": "defunct",
    "narrowing-inequalities": "active",
    "medway-integrated-care": "active",
    "north-southwark-local-care-network": "active",
}


def test_the_feed_is_as_the_standard_wants_it_on_every_page_and_for_every_id(client):
    seen = walk(client)

    assert seen.faults == []
    assert {path for path in LISTS if not seen.ids[path]} == set()


def test_the_services_are_the_programmes_that_people_use(client):
    slugs = dict(Programme.objects.values_list("name", "slug"))
    listed = client.get("/open-referral/services").json()["contents"]

    assert {slugs[one["name"]]: one["status"] for one in listed} == SERVICES


def test_a_satellite_site_says_where_it_is_and_what_is_offered_there(client):
    key = Programme.objects.get(slug="cancer-centre-sidcup").uuid
    said = client.get(f"/open-referral/services/{key}").json()

    assert said["organization"]["name"] == "Guy's and St Thomas' NHS Foundation Trust"
    assert {"identifier_scheme": "GB-NHS", "identifier": "RJ1"}.items() <= said["organization"][
        "organization_identifiers"
    ][0].items()
    assert [(area["name"], area["uri"]) for area in said["service_areas"]] == [
        ("Bexley", "http://statistics.data.gov.uk/id/statistical-geography/E09000004")
    ]
    [at] = said["service_at_locations"]
    assert at["location"]["name"] == "Queen Mary's Hospital, Sidcup"
    assert [one["taxonomy_term"]["name"] for one in said["attributes"]] == [
        "Satellite site",
        "Chemotherapy",
        "Holistic support and advice",
        "Radiotherapy",
    ]
