"""Organisations, their names and codes, and what followed them."""

import factory

from partnerships.models import Organisation, OrganisationIdentifier, OrganisationName, Succession
from tests.factories.base import ModelFactory
from tests.factories.publishing import PublishableFactory


class OrganisationFactory(PublishableFactory):
    """An NHS trust that exists."""

    class Meta:
        model = Organisation

    class Params:
        closed = factory.Trait(
            kind=Organisation.Kind.COMMISSIONER,
            closed_on="2022-06",
            closure_reason=Organisation.ClosureReason.REPLACED,
            what_followed="Its work passed to the integrated care board.",
            succession=factory.RelatedFactory("tests.factories.organisation.SuccessionFactory", "organisation"),
        )
        with_code = factory.Trait(
            code=factory.RelatedFactory("tests.factories.organisation.OrganisationIdentifierFactory", "organisation")
        )

    name = factory.Sequence(lambda n: f"Trust {n}")
    kind = Organisation.Kind.NHS_TRUST
    place = "London"
    country = "GB"


class OrganisationNameFactory(ModelFactory):
    """A name that it had."""

    class Meta:
        model = OrganisationName

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Former name {n}")
    kind = OrganisationName.Kind.FORMER
    ended_on = "2004"


class OrganisationIdentifierFactory(ModelFactory):
    """A code of the Organisation Data Service."""

    class Meta:
        model = OrganisationIdentifier

    organisation = factory.SubFactory(OrganisationFactory)
    scheme = OrganisationIdentifier.Scheme.ODS
    value = factory.Sequence(lambda n: f"R{n:03}")


class SuccessionFactory(ModelFactory):
    """Another organisation took over."""

    class Meta:
        model = Succession

    organisation = factory.SubFactory(OrganisationFactory, closed=True, succession=None)
    successor = factory.SubFactory(OrganisationFactory, kind=Organisation.Kind.COMMISSIONER, published=True)
    succeeded_on = "2022-07"
