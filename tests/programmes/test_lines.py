"""The figures on the pages of programmes, partnerships, strategies and aims: each says what its own page says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.charts import MOST_PER_PRIORITY, line_of, picture_of
from programmes.models import OutcomeMetric
from tests.factories import (
    AimFactory,
    ObservationFactory,
    OutcomeMetricFactory,
    PartnershipFactory,
    PriorityFactory,
    ProgrammeFactory,
    StrategyFactory,
)
from tests.programmes.test_charts import USUAL, monthly
from tests.strict_client import StrictClient

pytestmark = pytest.mark.django_db


def aim_of(strategy_facts: dict | None = None) -> object:
    strategy = StrategyFactory(published=True, **(strategy_facts or {}))
    return AimFactory(priority=PriorityFactory(strategy=strategy, published=True), published=True)


def queries_for(client: StrictClient, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_a_programme_shows_what_the_figures_of_its_metrics_say(client: StrictClient) -> None:
    programme = ProgrammeFactory(published=True)
    real = monthly([*USUAL, 300], name="A", programme=programme, target=50, target_rule="at-least")
    ranked = monthly([5, 3], name="B", programme=programme, kind="ranking", direction="down")
    asked = monthly([1, 0], name="C", programme=programme, kind="yes-no")
    single = OutcomeMetricFactory(name="D", kind="total", frequency="once", programme=programme, published=True)
    ObservationFactory(metric=single, value=14)
    OutcomeMetricFactory(name="E", programme=programme, published=True)
    monthly(USUAL, name="A draft", programme=programme, published=False)

    response = client.get(programme.get_absolute_url())
    page, lines = response.content.decode(), response.context["lines"]

    assert [line.metric.name for line in lines] == ["A", "B", "C", "D", "E"]
    for line, metric in zip(lines, (real, ranked, asked), strict=False):
        assert line.reading == picture_of(metric).reading
    assert [line.end is not None for line in lines] == [True, True, False, False, False]
    for words in [
        "Improving: higher than usual",
        "Meets the target again and again",
        "at least 50",
        "3rd in May 2016, up from 5th in April 2016: better.",
        "Yes in 1 of 2 periods; the latest is no.",
        ">14 <",
        "No figure has been published yet.",
    ]:
        assert words in page
    assert page.count('class="portal-spark"') == 3


def test_a_small_drawing_of_a_ranking_has_the_first_place_at_the_top() -> None:

    ends = {}
    for direction in ("down", "up"):
        monthly([5, 3], name=direction, kind="ranking", direction=direction)
        metric = OutcomeMetric.objects.for_list().with_series(10).get(name=direction)
        ends[direction] = line_of(metric).end[1]

    assert ends["down"] < ends["up"]


def test_a_partnership_shows_the_figures_of_its_own_metrics(client: StrictClient) -> None:
    partnership = PartnershipFactory(published=True)
    monthly([*USUAL, 300], name="Ours", partnership=partnership)
    monthly(USUAL, name="Of others")

    response = client.get(partnership.get_absolute_url())

    assert [line.metric.name for line in response.context["lines"]] == ["Ours"]
    assert "Improving: higher than usual" in response.content.decode()


def test_a_strategy_shows_by_priority_what_came_of_what_serves_it(client: StrictClient) -> None:
    first = aim_of()
    second = AimFactory(priority=PriorityFactory(strategy=first.priority.strategy, published=True), published=True)
    both = ProgrammeFactory(published=True)
    both.aims.add(first, second)
    partnership = PartnershipFactory(published=True)
    partnership.aims.add(second)
    draft = ProgrammeFactory()
    draft.aims.add(first)
    monthly(USUAL, name="Of the programme", programme=both)
    monthly(USUAL, name="Of the partnership", partnership=partnership)
    monthly(USUAL, name="Of a draft", programme=draft)

    response = client.get(first.priority.strategy.get_absolute_url())

    priorities = response.context["object"].published_priorities
    assert [[line.metric.name for line in priority.outcome_lines] for priority in priorities] == [
        ["Of the programme"],
        ["Of the partnership", "Of the programme"],
    ]
    page = response.content.decode()
    for priority in priorities:
        assert f"/outcomes/summary/?priority={priority.slug}" in page


def test_a_strategy_shows_a_few_figures_of_each_priority_and_leads_to_the_rest(client: StrictClient) -> None:
    aim = aim_of()
    programme = ProgrammeFactory(published=True)
    programme.aims.add(aim)
    for at in range(MOST_PER_PRIORITY + 1):
        monthly([1, 2], name=f"Metric {at}", programme=programme)

    page = client.get(aim.priority.strategy.get_absolute_url()).content.decode()

    assert page.count('class="portal-spark"') == MOST_PER_PRIORITY
    assert "All figures of this priority" in page


def test_an_aim_shows_what_came_of_what_serves_it(client: StrictClient) -> None:
    aim = aim_of()
    programme, partnership = ProgrammeFactory(published=True), PartnershipFactory(published=True)
    programme.aims.add(aim)
    partnership.aims.add(aim)
    monthly(USUAL, name="Of the programme", programme=programme)
    monthly(USUAL, name="Of the partnership", partnership=partnership)
    monthly(USUAL, name="Of others")

    lines = client.get(aim.get_absolute_url()).context["lines"]

    assert [line.metric.name for line in lines] == ["Of the partnership", "Of the programme"]


def test_more_metrics_and_figures_take_no_more_queries(client: StrictClient) -> None:
    aim = aim_of()
    partnership = PartnershipFactory(published=True)
    partnership.aims.add(aim)
    programme = ProgrammeFactory(published=True)
    programme.aims.add(aim)
    pages = {
        "programme": programme.get_absolute_url(),
        "partnership": partnership.get_absolute_url(),
        "strategy": aim.priority.strategy.get_absolute_url(),
        "aim": aim.get_absolute_url(),
    }
    asked = []
    for at in range(1, 4):
        monthly(USUAL * at, name=f"Of the programme {at}", programme=programme)
        monthly(USUAL * at, name=f"Of the partnership {at}", partnership=partnership)
        asked.append({name: queries_for(client, address) for name, address in pages.items()})

    assert asked[0] == asked[1] == asked[2]
    assert max(asked[0].values()) <= 18
