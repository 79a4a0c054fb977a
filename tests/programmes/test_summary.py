"""The summary: one line an outcome, which says what the page of the outcome says."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programmes.charts import picture_of
from tests.factories import (
    AimFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PriorityFactory,
    ProgrammeFactory,
    StrategyFactory,
)
from tests.programmes.test_charts import USUAL, monthly
from tests.strict_client import StrictClient, parsed

pytestmark = pytest.mark.django_db
SUMMARY = "/outcomes/summary/"


def names(client: StrictClient, query: str = "") -> list[str]:
    return [line.metric.name for line in client.get(SUMMARY + query).context["lines"]]


def test_each_line_says_what_the_page_says(client: StrictClient) -> None:
    metrics = [
        monthly([*USUAL, 300], name="A", target=50, target_rule="at-least"),
        monthly(USUAL[:5], name="B"),
        OutcomeMetricFactory(name="C", kind="total", frequency="once", published=True),
    ]
    ObservationFactory(metric=metrics[2], value=14)

    response = client.get(SUMMARY)

    lines = response.context["lines"]
    assert [line.metric for line in lines] == metrics
    assert [line.reading for line in lines[:2]] == [picture_of(metric).reading for metric in metrics[:2]]
    assert lines[2].reading is None
    page = response.content.decode()
    for words in [
        "Improving: higher than usual",
        "Meets the target",
        "only 5 figures",
        "One figure, no series",
        ">14<",
    ]:
        assert words in page
    assert page.count('class="portal-spark"') == 2


def test_the_summary_is_narrowed_by_programme_partner_and_priority(client: StrictClient) -> None:
    strategy = StrategyFactory(published=True)
    aim = AimFactory(priority=PriorityFactory(strategy=strategy, published=True), published=True)
    programme = ProgrammeFactory(published=True)
    programme.aims.add(aim)
    hidden = ProgrammeFactory()
    hidden.aims.add(aim)
    monthly(USUAL, name="Of the programme", programme=programme)
    monthly(USUAL, name="Of a draft", programme=hidden)
    other = OrganisationFactory(published=True)
    monthly(USUAL, name="Of another", lead=other)

    assert names(client, f"?programme={programme.slug}") == ["Of the programme"]
    assert names(client, f"?priority={aim.priority.slug}") == ["Of the programme"]
    assert names(client, f"?partner={programme.lead.slug}") == ["Of the programme"]
    assert names(client, f"?partner={other.slug}") == ["Of another"]
    assert client.get(f"{SUMMARY}?partner={hidden.slug}").status_code == 404


def test_drafts_have_no_line(client: StrictClient) -> None:
    monthly(USUAL, published=False)

    assert names(client) == []


def test_the_file_has_the_lines_of_all_pages_and_of_the_present_choice(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programmes.views.OutcomeSummary.paginate_by", 2)
    for name in ["=A", "B", "C"]:
        monthly([*USUAL, 300], name=name, slug=f"metric-{ord(name[-1])}")
    lead = OrganisationFactory(published=True)
    monthly(USUAL, name="D", lead=lead)

    whole = list(csv.DictReader(io.StringIO(client.get("/outcomes/summary.csv").getvalue().decode())))
    chosen = client.get(f"/outcomes/summary.csv?partner={lead.slug}").getvalue().decode()

    assert [row["outcome"] for row in whole] == ["'=A", "B", "C", "D"]
    assert (whole[0]["latest_value"], whole[0]["variation"]) == ("300", "Improving: higher than usual")
    assert whole[0]["address"].startswith("http")
    assert [row["outcome"] for row in csv.DictReader(io.StringIO(chosen))] == ["D"]


def test_more_metrics_and_figures_take_no_more_queries(client: StrictClient) -> None:
    asked = []
    for at in range(1, 4):
        monthly(USUAL * at, name=f"Metric {at}")
        client.get(SUMMARY)
        with CaptureQueriesContext(connection) as captured:
            client.get(SUMMARY)
        asked.append(len(captured))

    assert asked[0] == asked[1] == asked[2]
    assert asked[0] <= 11


def test_readers_narrow_the_summary_by_what_has_figures(client: StrictClient) -> None:
    programme, other = ProgrammeFactory.create_batch(2, published=True)
    metric = OutcomeMetricFactory(programme=programme, published=True, with_observations=True)
    partner = OrganisationFactory(published=True)
    ParticipationFactory(programme=programme, organisation=partner)

    page = parsed(client.get(SUMMARY).content.decode())[0]
    offered: dict[str, set[str]] = {}
    for field in page.iter("input"):
        if field.get("type") == "checkbox":
            offered.setdefault(field.get("name"), set()).add(field.get("value"))

    assert offered["programme"] == {programme.slug}
    assert offered["partner"] == {partner.slug, metric.lead.slug, programme.lead.slug}
    asked = {"programme": "", "partner": partner.slug, "priority": ""}
    shown = client.get(SUMMARY, asked, follow=True).content.decode()
    assert metric.name in shown
    assert f'value="{partner.slug}" checked' in shown
    assert client.get(SUMMARY, {"programme": other.slug}).status_code == 200
