"""The portal's own settings."""

import factory

from tests.factories.base import ModelFactory
from tests.factories.organisation import OrganisationFactory
from trustportal.website.models import Portal


class PortalFactory(ModelFactory):
    """A portal with a published host and somebody to ask."""

    class Meta:
        model = Portal

    host = factory.SubFactory(OrganisationFactory, published=True)
    contact_team = "Partnerships team"
    contact_email = "partnerships@example.nhs.uk"
