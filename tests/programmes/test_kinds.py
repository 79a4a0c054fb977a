"""The facts of the kinds: local care networks, satellite sites, buddying arrangements."""

import pytest

from programmes.models import BoardMember, Place, Service
from tests.factories import (
    BoardFactory,
    BoardMemberFactory,
    BuddyingArrangementFactory,
    LocalCareNetworkFactory,
    OrganisationFactory,
    PlaceFactory,
    ProgrammeFactory,
    SatelliteSiteFactory,
    ServiceFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db


def test_members_of_a_board_on_a_page_are_the_published_ones_a_to_z(django_assert_num_queries):
    programme = ProgrammeFactory()
    for name in ["B", "A"]:
        BoardMemberFactory(programme=programme, organisation=OrganisationFactory(name=name, published=True))
    BoardMemberFactory(programme=programme)  # a draft

    with django_assert_num_queries(1):
        assert [str(member) for member in BoardMember.objects.for_page()] == ["A", "B"]


def test_places_on_a_page_are_at_published_sites_the_newest_first(django_assert_num_queries):
    programme = ProgrammeFactory()
    for name, date in [("B", "2015"), ("C", None), ("A", "2017-04")]:
        PlaceFactory(programme=programme, site=SiteFactory(name=name, published=True), opened_on=date)
    PlaceFactory(programme=programme)  # at a draft

    with django_assert_num_queries(2):
        places = list(Place.objects.for_page())
        assert [str(place) for place in places] == ["A", "B", "C"]
        assert all(len(place.services.all()) == 2 and place.site.area.name for place in places)


def test_services_in_name_order_are_a_to_z():
    for name in ["Radiotherapy", "Chemotherapy"]:
        ServiceFactory(name=name)

    assert [str(service) for service in Service.objects.in_name_order()] == ["Chemotherapy", "Radiotherapy"]


@pytest.mark.parametrize(
    "factory", [LocalCareNetworkFactory, BoardFactory, SatelliteSiteFactory, BuddyingArrangementFactory]
)
def test_a_programme_has_the_facts_of_its_kind_once(factory):
    facts = factory()

    with pytest.raises(Exception, match=r"(?i)unique"):
        factory(programme=facts.programme)


@pytest.mark.parametrize("factory", [LocalCareNetworkFactory, SatelliteSiteFactory, BuddyingArrangementFactory])
def test_the_facts_are_called_by_their_programme(factory):
    facts = factory()

    assert str(facts) == facts.programme.name


def test_a_board_is_called_by_its_name():
    assert str(BoardFactory(name="LCN Board")) == "LCN Board"
