"""The addresses of the network: those of before lead on, and the page and its files name each other to machines."""

import re
from xml.etree import ElementTree

import pytest

from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, ProgrammeFactory
from tests.factories.accounts import somebody_who_publishes
from tests.strict_client import StrictClient
from trustportal.publishing import workflow

pytestmark = pytest.mark.django_db

ADDRESSES = ["/network/", "/network.svg", "/network.json", "/network.graphml"]


@pytest.fixture(autouse=True)
def network(db: None) -> None:
    """A trust and a council in a partnership, and a programme of the trust; all were called otherwise before."""
    trust = OrganisationFactory(name="Trust", slug="former-trust", published=True)
    council = OrganisationFactory(name="Council", slug="former-council", published=True)
    partnership = PartnershipFactory(name="City", slug="former-city", lead=trust)
    MembershipFactory(partnership=partnership, organisation=council)
    programme = ProgrammeFactory(name="Study", slug="former-study", lead=trust, published=True)
    workflow.publish(partnership, by=somebody_who_publishes())
    for record, slug in [(trust, "trust"), (council, "council"), (partnership, "city"), (programme, "study")]:
        record.refresh_from_db()
        record.slug = slug
        record.save()
        record.on_published()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("query", "present"),
    [
        ("partner=former-trust", "partner=trust"),
        ("steps=2&partner=former-trust&kind=council", "steps=2&partner=trust&kind=council"),
        ("partner=trust&with=former-council", "partner=trust&with=council"),
        ("partner=former-trust&with=former-council", "partner=trust&with=council"),
        ("partnership=former-city&as-at=1+May+2018", "partnership=city&as-at=1+May+2018"),
        ("programme=former-study", "programme=study"),
    ],
)
def test_a_former_name_leads_to_the_same_question_with_the_present_one(
    client: StrictClient, address: str, query: str, present: str
):
    response = client.get(f"{address}?{query}")

    assert (response.status_code, response["Location"]) == (301, f"{address}?{present}")
    assert client.get(response["Location"]).status_code == 200


def test_what_the_date_was_called_before_leads_on(client: StrictClient):
    response = client.get("/network/?at=2018&kind=council")

    assert (response.status_code, response["Location"]) == (301, "/network/?kind=council&as-at=2018")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_withdrawn_record_says_why(client: StrictClient, address: str):
    ProgrammeFactory(slug="gone", withdrawn=True)
    OrganisationFactory(slug="left", withdrawn=True)

    for query in ("programme=gone", "partner=left", "partner=trust&with=left"):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 410
        assert "It was moved." in response.content.decode()


def test_a_former_name_of_what_is_only_a_draft_now_says_nothing(client: StrictClient):
    draft = ProgrammeFactory(slug="plan")
    draft.slug = "new-plan"
    draft.save()

    assert {client.get(f"/network/?programme={slug}").status_code for slug in ("plan", "new-plan")} == {404}


@pytest.mark.parametrize("query", ["", "?partner=trust&as-at=2018"])
def test_the_page_names_its_files_in_its_header_and_its_head(client: StrictClient, query: str):
    page = client.get(f"/network/{query}")

    named = re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"', page["Link"])
    in_head = re.findall(r'<link rel="alternate" type="([^"]*)" href="([^"]*)">', page.content.decode())
    assert [address.partition("?")[0] for address, _ in named] == ["/network.svg", "/network.graphml", "/network.json"]
    assert named == [(address.replace("&amp;", "&"), media_type) for media_type, address in in_head]
    for address, media_type in named:
        response = client.get(address)
        assert response.status_code == 200
        assert response["Content-Type"].startswith(media_type)


def test_the_page_answers_in_json_where_a_request_prefers_it(client: StrictClient):
    by_name, by_address = client.get("/network/", HTTP_ACCEPT="application/json"), client.get("/network.json")

    assert by_name["Content-Type"] == by_address["Content-Type"]
    assert by_name.content == by_address.content
    assert "Accept" in by_name["Vary"]
    assert "Accept" in client.get("/network/")["Vary"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("query", ["", "?partner=nobody", "?as-at=soon"])
def test_scripts_of_other_sites_may_read_it_and_what_was_wrong(client: StrictClient, address: str, query: str):
    assert client.get(f"{address}{query}")["Access-Control-Allow-Origin"] == "*"


def test_each_id_stands_once_in_a_graphml_file(client: StrictClient):
    root = ElementTree.fromstring(client.get("/network.graphml").content)  # noqa: S314  our own

    keys = [key.get("id") for key in root.iter("{http://graphml.graphdrawing.org/xmlns}key")]
    assert keys
    assert len(set(keys)) == len(keys)
