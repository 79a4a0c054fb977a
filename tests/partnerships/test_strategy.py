"""Strategies, priorities and aims."""

import pytest

from partnerships.models import Aim, Priority, Strategy
from tests.factories import AimFactory, OrganisationFactory, PriorityFactory, StrategyFactory, StrategyValueFactory

pytestmark = pytest.mark.django_db


def test_of_strategies_led_by_keeps_the_priorities_of_one_trusts_published_strategies():
    trust = OrganisationFactory(published=True)
    own = PriorityFactory(strategy=StrategyFactory(lead=trust, published=True))
    PriorityFactory(strategy=StrategyFactory(lead=trust))  # of a draft
    PriorityFactory(published=True)  # of another trust

    assert list(Priority.objects.of_strategies_led_by(trust)) == [own]


def test_strategy_order_is_as_the_strategy_counts():
    strategy = StrategyFactory()
    for position in [3, 1, 2]:
        PriorityFactory(strategy=strategy, position=position)

    assert [p.position for p in Priority.objects.in_strategy_order()] == [1, 2, 3]


def test_priority_order_is_as_the_priorities_count():
    first, second = PriorityFactory(position=1), PriorityFactory(position=2)
    for priority, position in [(second, 1), (first, 2), (first, 1)]:
        AimFactory(priority=priority, position=position)

    assert [(a.priority.position, a.position) for a in Aim.objects.in_priority_order()] == [(1, 1), (1, 2), (2, 1)]


def test_links_lead_to_published_aims_alone(django_assert_num_queries):
    AimFactory()
    shown = AimFactory(published=True)

    found = list(Aim.objects.for_row())

    assert found == [shown]
    with django_assert_num_queries(0):
        assert found[0].priority.strategy.name


def test_a_page_shows_published_priorities_with_their_published_aims(django_assert_num_queries):
    aim = AimFactory(published=True)
    AimFactory(priority=aim.priority)
    PriorityFactory(strategy=aim.priority.strategy)
    StrategyValueFactory(strategy=aim.priority.strategy)
    strategy = Strategy.objects.for_page().get(pk=aim.priority.strategy_id)

    with django_assert_num_queries(0):
        assert [p.published_aims for p in strategy.published_priorities] == [[aim]]
        assert len(strategy.values.all()) == 1


@pytest.mark.parametrize(
    ("dates", "length", "words"),
    [(("2018", "2023"), 5, "2018 to 2023"), ((None, None), 5, "5 years"), ((None, None), 1, "1 year"),
     ((None, None), None, ""), (("2018", None), 5, "Since 2018")],
)  # fmt: skip
def test_its_period_or_else_its_length_is_said_in_words(dates, length, words):
    strategy = StrategyFactory(started_on=dates[0], ended_on=dates[1], length_in_years=length)
    strategy.refresh_from_db()

    assert strategy.period == words


def test_a_value_is_called_by_its_beginning():
    assert str(StrategyValueFactory(text="Put patients first")) == "Put patients first"
