"""The rules of a list page."""

import pytest

from partnerships.models import Organisation
from programmes.models import Programme
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, ProgrammeFactory
from tests.strict_client import StrictClient
from trustportal.finder.views import FinderView

pytestmark = pytest.mark.django_db


def test_a_list_shows_published_records_only(client: StrictClient) -> None:
    OrganisationFactory(name="Shown Trust", published=True)
    OrganisationFactory(name="Draft Trust")
    OrganisationFactory(name="Waiting Trust", in_review=True)
    OrganisationFactory(name="Gone Trust", withdrawn=True)
    page = client.get("/partners/").content.decode()
    assert "Shown Trust" in page
    assert not any(name in page for name in ["Draft Trust", "Waiting Trust", "Gone Trust"])
    assert "1 partner<" in page


def test_a_facet_says_how_many_each_value_leaves(client: StrictClient) -> None:
    OrganisationFactory.create_batch(2, published=True)
    OrganisationFactory(kind=Organisation.Kind.COUNCIL, name="City Council", published=True)
    response = client.get("/partners/?kind=council")
    counts = {value.label: value.count for value in response.context["facet_values"]}
    assert counts == {"NHS trust": 2, "Council": 1}
    assert [row.name for row in response.context["object_list"]] == ["City Council"]
    assert response.context["total"] == 3


def test_a_value_that_leaves_nothing_is_still_shown_as_chosen(client: StrictClient) -> None:
    OrganisationFactory(published=True)
    response = client.get("/partners/?kind=charity")
    assert [value.label for value in response.context["facet_values"] if value.is_chosen] == ["Charity"]
    assert "Nothing has been published here yet." in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/partners/?kind=bakery",
        "/partners/?page=99",
        "/partners/?page=x",
        "/programmes/?partner=nobody",
        "/partnerships/?aim=a%20b",
    ],
)
def test_an_unknown_value_in_the_address_is_not_found(client: StrictClient, address: str) -> None:
    OrganisationFactory(published=True)
    assert client.get(address).status_code == 404


def test_a_list_can_be_narrowed_to_one_partner(client: StrictClient) -> None:
    partner = OrganisationFactory(published=True)
    mine = PartnershipFactory(published=True)
    MembershipFactory(partnership=mine, organisation=partner)
    PartnershipFactory(published=True)
    response = client.get(f"/partnerships/?partner={partner.slug}")
    assert list(response.context["object_list"]) == [mine]
    assert partner.name in response.content.decode()


def test_a_draft_cannot_be_guessed_by_narrowing(client: StrictClient) -> None:
    assert client.get(f"/programmes/?partner={OrganisationFactory().slug}").status_code == 404


def test_pages_keep_the_choice(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FinderView, "paginate_by", 2)
    ProgrammeFactory.create_batch(3, published=True, lead=OrganisationFactory(published=True))
    page = client.get(f"/programmes/?kind={Programme.Kind.RESEARCH}").content.decode()
    assert "?kind=research&amp;page=2" in page
    assert "page 1 of 2" in page
    second = client.get("/programmes/?kind=research&page=2")
    assert len(second.context["object_list"]) == 1


def test_choosing_another_value_starts_at_the_first_page(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FinderView, "paginate_by", 2)
    ProgrammeFactory.create_batch(3, published=True, lead=OrganisationFactory(published=True))
    response = client.get("/programmes/?page=2")
    assert all("page=" not in value.address for value in response.context["facet_values"])
