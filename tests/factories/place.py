"""Areas and sites."""

import factory
from django.utils.text import slugify

from partnerships.models import Area, Site
from tests.factories.base import ModelFactory
from tests.factories.publishing import PublishableFactory
from trustportal.maps.models import PostcodeDistrict


class AreaFactory(ModelFactory):
    """A borough."""

    class Meta:
        model = Area

    name = factory.Sequence(lambda n: f"Borough {n}")
    slug = factory.LazyAttribute(lambda area: slugify(area.name))
    code = factory.Sequence(lambda n: f"E{n:08}")


class SiteFactory(PublishableFactory):
    """A hospital with an address and a position."""

    class Meta:
        model = Site

    name = factory.Sequence(lambda n: f"Hospital {n}")
    kind = Site.Kind.HOSPITAL
    organisation = factory.SubFactory("tests.factories.organisation.OrganisationFactory", published=True)
    area = factory.SubFactory(AreaFactory)
    address = "Great Maze Pond, London"
    postcode = "SE1 9RT"
    latitude = "51.503300"
    longitude = "-0.087000"


class PostcodeDistrictFactory(ModelFactory):
    """The first part of the postcodes round London Bridge."""

    class Meta:
        model = PostcodeDistrict

    code = factory.Sequence(lambda n: f"SE{n % 90 + 1}")
    latitude = "51.500000"
    longitude = "-0.090000"
