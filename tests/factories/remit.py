"""Limits of people to the records of some organisations."""

import factory

from partnerships.models import Remit
from tests.factories.accounts import UserFactory
from tests.factories.base import ModelFactory
from tests.factories.organisation import OrganisationFactory


class RemitFactory(ModelFactory):
    """Somebody who works on the records of one organisation alone."""

    class Meta:
        model = Remit

    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory, published=True)
