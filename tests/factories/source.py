"""Sources."""

import factory

from partnerships.models import Source
from tests.factories.publishing import PublishableFactory


class SourceFactory(PublishableFactory):
    """A report that can be read on the web."""

    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"Annual report {n}")
    kind = Source.Kind.REPORT
    publisher = factory.SubFactory("tests.factories.organisation.OrganisationFactory", published=True)
    url = factory.LazyAttribute(lambda source: f"https://www.example.nhs.uk/{source.slug}")
    published_on = "2018-07"
