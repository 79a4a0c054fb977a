"""Strategies, priorities and aims."""

import factory

from partnerships.models import Aim, Priority, Strategy, StrategyValue
from tests.factories.base import ModelFactory
from tests.factories.publishing import PublishableFactory


class StrategyFactory(PublishableFactory):
    """A strategy of five years."""

    class Meta:
        model = Strategy

    name = factory.Sequence(lambda n: f"Strategy {n}")
    lead = factory.SubFactory("tests.factories.organisation.OrganisationFactory", published=True)
    vision = "Better care, nearer to people."
    started_on = "2018"
    ended_on = "2023"
    length_in_years = 5


class StrategyValueFactory(ModelFactory):
    """Something that the trust stands for."""

    class Meta:
        model = StrategyValue

    strategy = factory.SubFactory(StrategyFactory)
    position = factory.LazyAttribute(lambda value: value.strategy.values.count() + 1)
    text = factory.Sequence(lambda n: f"We keep promise {n}.")


class PriorityFactory(PublishableFactory):
    """A priority of a strategy."""

    class Meta:
        model = Priority

    name = factory.Sequence(lambda n: f"Priority {n}")
    strategy = factory.SubFactory(StrategyFactory, published=True)
    position = factory.LazyAttribute(lambda priority: priority.strategy.priorities.count() + 1)


class AimFactory(PublishableFactory):
    """An aim of a priority."""

    class Meta:
        model = Aim

    name = factory.Sequence(lambda n: f"Aim {n}")
    priority = factory.SubFactory(PriorityFactory, published=True)
    position = factory.LazyAttribute(lambda aim: aim.priority.aims.count() + 1)
