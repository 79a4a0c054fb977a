"""Partnerships, their members, and what was signed."""

import factory

from partnerships.models import Agreement, Membership, Partnership, PartnershipPriority, Role
from tests.factories.base import ModelFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.publishing import PublishableFactory


class PartnershipFactory(PublishableFactory):
    """A local network that is still running."""

    class Meta:
        model = Partnership

    class Params:
        with_members = factory.Trait(
            members=factory.RelatedFactoryList(
                "tests.factories.partnership.MembershipFactory", "partnership", size=3, organisation__published=True
            ),
        )
        with_agreement = factory.Trait(
            agreement=factory.RelatedFactory("tests.factories.partnership.AgreementFactory", "partnership"),
        )

    name = factory.Sequence(lambda n: f"Partnership {n}")
    kind = Partnership.Kind.CLINICAL_NETWORK
    scope = Partnership.Scope.LOCAL
    lead = factory.SubFactory(OrganisationFactory, published=True)
    started_on = "2017-04"

    @factory.post_generation
    def areas(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        """The areas given."""
        self.areas.set(extracted or [])

    @factory.post_generation
    def aims(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        """The aims given."""
        self.aims.set(extracted or [])


class MembershipFactory(ModelFactory):
    """An ordinary member since the beginning."""

    class Meta:
        model = Membership

    partnership = factory.SubFactory(PartnershipFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.MEMBER


class AgreementFactory(ModelFactory):
    """A memorandum that will be renewed."""

    class Meta:
        model = Agreement

    partnership = factory.SubFactory(PartnershipFactory)
    kind = Agreement.Kind.MEMORANDUM
    name = factory.Sequence(lambda n: f"Memorandum {n}")
    signed_on = "2017-05-12"
    renewal_due_on = "2022"


class PartnershipPriorityFactory(ModelFactory):
    """Something that the partners put first."""

    class Meta:
        model = PartnershipPriority

    partnership = factory.SubFactory(PartnershipFactory)
    position = factory.LazyAttribute(lambda priority: priority.partnership.priorities.count() + 1)
    name = factory.Sequence(lambda n: f"Shared priority {n}")
