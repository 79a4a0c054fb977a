"""What the address of a record answers, whatever its state."""

import pytest

from tests.factories import OrganisationFactory, OrganisationIdentifierFactory, ProgrammeFactory
from tests.strict_client import StrictClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("situation", [{}, {"in_review": True}])
def test_a_record_that_is_not_public_has_no_page(client: StrictClient, situation: dict[str, bool]) -> None:
    programme = ProgrammeFactory(**situation)
    assert client.get(programme.get_absolute_url()).status_code == 404


def test_a_withdrawn_record_says_why_and_no_more(client: StrictClient) -> None:
    programme = ProgrammeFactory(withdrawn=True, description="A secret of old.")
    response = client.get(programme.get_absolute_url())
    assert response.status_code == 410
    page = response.content.decode()
    assert "It was moved." in page
    assert "A secret of old." not in page


def test_an_old_address_leads_to_the_new_one_for_good(client: StrictClient) -> None:
    programme = ProgrammeFactory(slug="first", published=True)
    for slug in ["second", "third"]:
        programme.slug = slug
        programme.save()
    for former in ["first", "second"]:
        response = client.get(f"/programmes/{former}/")
        assert (response.status_code, response["Location"]) == (301, "/programmes/third/")


def test_a_record_that_takes_an_old_address_is_shown_there(client: StrictClient) -> None:
    programme = ProgrammeFactory(slug="first", published=True)
    programme.slug = "second"
    programme.save()
    other = ProgrammeFactory(slug="first", published=True)
    assert client.get("/programmes/first/").context["object"] == other


def test_an_old_address_of_another_kind_of_record_leads_nowhere(client: StrictClient) -> None:
    organisation = OrganisationFactory(slug="first", published=True)
    organisation.slug = "second"
    organisation.save()
    assert client.get("/programmes/first/").status_code == 404


def test_an_old_address_of_a_withdrawn_record_leads_to_its_reason(client: StrictClient) -> None:
    programme = ProgrammeFactory(slug="first", withdrawn=True)
    programme.slug = "second"
    programme.save()
    response = client.get("/programmes/first/", follow=True)
    assert response.status_code == 410
    assert "It was moved." in response.content.decode()


def test_an_address_can_pass_from_one_record_to_another_and_on(client: StrictClient) -> None:
    first = ProgrammeFactory(slug="a", published=True)
    first.slug = "b"
    first.save()
    second = ProgrammeFactory(slug="a", published=True)
    second.slug = "c"
    second.save()
    assert client.get("/programmes/a/")["Location"] == "/programmes/c/"


@pytest.mark.parametrize("code", ["RJ1", "rj1"])
def test_a_partner_also_answers_at_its_ods_code(client: StrictClient, code: str) -> None:
    organisation = OrganisationFactory(slug="guys", published=True)
    OrganisationIdentifierFactory(organisation=organisation, value="RJ1")
    response = client.get(f"/partners/ods/{code}/")
    assert (response.status_code, response["Location"]) == (302, "/partners/guys/")


def test_an_unknown_code_or_that_of_a_draft_is_not_found(client: StrictClient) -> None:
    OrganisationIdentifierFactory(organisation=OrganisationFactory(), value="RJ1")
    assert client.get("/partners/ods/RJ1/").status_code == 404
    assert client.get("/partners/ods/ZZ9/").status_code == 404
