"""Areas and sites."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from partnerships.models import Area, Site
from tests.factories import AreaFactory, OrganisationFactory, SiteFactory

pytestmark = pytest.mark.django_db


def test_areas_in_name_order_are_a_to_z():
    AreaFactory(name="Southwark")
    AreaFactory(name="Lambeth")

    assert [area.name for area in Area.objects.in_name_order()] == ["Lambeth", "Southwark"]


def test_run_by_keeps_the_sites_of_one_organisation():
    trust = OrganisationFactory()
    own = SiteFactory(organisation=trust)
    SiteFactory()

    assert list(Site.objects.run_by(trust)) == [own]


def test_for_list_brings_area_and_organisation_along(django_assert_num_queries):
    SiteFactory()
    for words in [Site.objects.for_list(), Site.objects.for_page()]:
        [site] = words
        with django_assert_num_queries(0):
            assert site.area.name
            assert site.organisation.name


@pytest.mark.parametrize("postcode", ["SE1 9RT", "M1 1AE", "EC1A 1BB", "CR2 6XH", "DN55 1PT"])
def test_a_postcode_is_taken(postcode):
    SiteFactory(postcode=postcode).full_clean()


@pytest.mark.parametrize("postcode", ["SE19RT", "se1 9rt", "SE1  9RT", "9RT SE1", "SE1"])
def test_a_malformed_postcode_is_refused(postcode):
    with pytest.raises(ValidationError, match="Write the postcode in capitals with a space"):
        SiteFactory.build(organisation=None, area=None, postcode=postcode).full_clean()


@pytest.mark.parametrize(("latitude", "longitude"), [("90.1", "0"), ("-91", "0"), ("0", "180.5"), ("0", "-181")])
def test_a_position_is_on_the_globe(latitude, longitude):
    site = SiteFactory.build(organisation=None, area=None, latitude=Decimal(latitude), longitude=Decimal(longitude))

    with pytest.raises(ValidationError):
        site.full_clean()


def test_a_position_is_approximate_unless_somebody_says_otherwise():
    assert SiteFactory().is_approximate


def test_the_address_is_said_as_far_as_it_is_known():
    assert SiteFactory(address="Great Maze Pond", postcode="SE1 9RT").whole_address == "Great Maze Pond, SE1 9RT"
    assert SiteFactory(address="", postcode="").whole_address == ""
