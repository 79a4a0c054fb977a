"""Programmes with the facts of their kind and their statements."""

import factory
from django.utils.text import slugify

from partnerships.models import Role
from programmes.models import (
    Board,
    BoardMember,
    BuddyingArrangement,
    LocalCareNetwork,
    Participation,
    Place,
    Programme,
    SatelliteSite,
    Service,
    Statement,
)
from tests.factories.base import ModelFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.place import SiteFactory
from tests.factories.publishing import PublishableFactory

HERE = "tests.factories.programme"


def part(name: str, **kwargs: object) -> factory.RelatedFactory:
    """One row that belongs to the programme in hand."""
    return factory.RelatedFactory(f"{HERE}.{name}", "programme", **kwargs)


def parts(name: str, size: int, **kwargs: object) -> factory.RelatedFactoryList:
    """Several rows that belong to the programme in hand."""
    return factory.RelatedFactoryList(f"{HERE}.{name}", "programme", size, **kwargs)


class ProgrammeFactory(PublishableFactory):
    """A research programme that is running. The kinds with facts of their own are traits."""

    class Meta:
        model = Programme

    class Params:
        local_care_network = factory.Trait(
            kind=Programme.Kind.LOCAL_CARE_NETWORK,
            facts=part("LocalCareNetworkFactory"),
            its_board=part("BoardFactory"),
            members=parts("BoardMemberFactory", 3, organisation__published=True),
            steps=parts("StatementFactory", 6, kind=Statement.Kind.STEP),
        )
        satellite_site = factory.Trait(
            kind=Programme.Kind.SATELLITE_SITE,
            facts=part("SatelliteSiteFactory", host_site__published=True),
            its_places=parts("PlaceFactory", 2, site__published=True),
        )
        buddying = factory.Trait(
            kind=Programme.Kind.BUDDYING,
            stage=Programme.Stage.FINISHED,
            ended_on="2019",
            facts=part("BuddyingArrangementFactory", supporting__published=True, supported__published=True),
            focus_areas=parts("StatementFactory", 2, kind=Statement.Kind.FOCUS_AREA),
            support=parts("StatementFactory", 2, kind=Statement.Kind.SUPPORT),
            legacy=parts("StatementFactory", 1, kind=Statement.Kind.LEGACY),
        )
        with_statements = factory.Trait(
            milestones=parts("StatementFactory", 2, milestone=True),
            achievements=parts("StatementFactory", 2, achievement=True),
            lessons=parts("StatementFactory", 1, kind=Statement.Kind.LESSON),
            expectations=parts("StatementFactory", 1, expectation=True),
            endorsements=parts("StatementFactory", 1, endorsement=True),
        )
        with_partners = factory.Trait(partners=parts("ParticipationFactory", 3, organisation__published=True))

    name = factory.Sequence(lambda n: f"Programme {n}")
    kind = Programme.Kind.RESEARCH
    stage = Programme.Stage.RUNNING
    lead = factory.SubFactory(OrganisationFactory, published=True)
    started_on = "2017"

    @factory.post_generation
    def areas(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        """The areas given."""
        self.areas.set(extracted or [])

    @factory.post_generation
    def aims(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        """The aims given."""
        self.aims.set(extracted or [])


class PartFactory(ModelFactory):
    """A row that belongs to a programme."""

    class Meta:
        abstract = True

    programme = factory.SubFactory(ProgrammeFactory)


class ParticipationFactory(PartFactory):
    """A partner that delivers a part of the programme."""

    class Meta:
        model = Participation

    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.DELIVERY


class LocalCareNetworkFactory(PartFactory):
    """The facts of a local care network."""

    class Meta:
        model = LocalCareNetwork

    people_served = "People with three or more long-term conditions."
    reason = "They told the same story to each service."
    care_model_name = "Coordinated care"


class BoardFactory(PartFactory):
    """A board."""

    class Meta:
        model = Board

    name = "Network board"
    remit = "It agrees the plan for the year."


class BoardMemberFactory(PartFactory):
    """An organisation with a seat on the board."""

    class Meta:
        model = BoardMember

    organisation = factory.SubFactory(OrganisationFactory)


class SatelliteSiteFactory(PartFactory):
    """The facts of a satellite site."""

    class Meta:
        model = SatelliteSite

    main_service = "Cancer Centre"
    host_site = factory.SubFactory(SiteFactory)
    opened_on = "2017-05"


class ServiceFactory(ModelFactory):
    """A kind of care."""

    class Meta:
        model = Service

    name = factory.Sequence(lambda n: f"Service {n}")
    slug = factory.LazyAttribute(lambda service: slugify(service.name))


class PlaceFactory(PartFactory):
    """A place where a satellite site offers two services."""

    class Meta:
        model = Place

    site = factory.SubFactory(SiteFactory)
    opened_on = "2017-05"

    @factory.post_generation
    def services(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        """The services given, or two."""
        self.services.set(ServiceFactory.create_batch(2) if extracted is None else extracted)


class BuddyingArrangementFactory(PartFactory):
    """The facts of a buddying arrangement."""

    class Meta:
        model = BuddyingArrangement

    supporting = factory.SubFactory(OrganisationFactory)
    supported = factory.SubFactory(OrganisationFactory)
    trigger = "The regulator asked for support."


class StatementFactory(PartFactory):
    """A lesson, numbered after those that are there. The kinds that say more are traits."""

    class Meta:
        model = Statement

    class Params:
        milestone = factory.Trait(kind=Statement.Kind.MILESTONE, happened_on="2018-03")
        achievement = factory.Trait(kind=Statement.Kind.ACHIEVEMENT, progress=Statement.Progress.DONE)
        expectation = factory.Trait(kind=Statement.Kind.EXPECTATION, audience=Statement.Audience.PATIENTS)
        endorsement = factory.Trait(
            kind=Statement.Kind.ENDORSEMENT,
            said_by="Grace Example, chief nurse",
            organisation=factory.SubFactory(OrganisationFactory, published=True),
        )

    kind = Statement.Kind.LESSON
    position = factory.LazyAttribute(lambda row: row.programme.statements.filter(kind=row.kind).count() + 1)
    text = factory.Sequence(lambda n: f"What happened in sentence {n}.")
