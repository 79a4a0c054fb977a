"""What readers are told of figures: what is approved, and of that nothing from which a small number could be found."""

import csv
import datetime
import io
import re

import pytest
from django.utils import timezone

from programmes import figures
from programmes.models import Observation, OutcomeMetric
from tests.factories import CorrectionFactory, ObservationFactory, OutcomeMetricFactory, ProgrammeFactory, SourceFactory
from tests.factories.accounts import UserFactory
from tests.programmes.test_charts import address, monthly
from tests.strict_client import StrictClient
from trustportal.publishing import workflow
from trustportal.publishing.models import State

pytestmark = pytest.mark.django_db

EVERYWHERE = [
    "/",
    "/outcomes/",
    "/outcomes/summary/",
    "/outcomes/summary.csv",
    "/programmes/",
    "/sources/",
    "/sitemap.xml",
]
NUMBER = re.compile(r"\d[\d,.]*\d|\d")
IDENTIFIER = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def addresses_of(metric: OutcomeMetric) -> list[str]:
    own = [metric.get_absolute_url(), *(address(metric, ending) for ending in (".csv", ".svg", "/embed/"))]
    return [*EVERYWHERE, *own, *([metric.programme.get_absolute_url()] if metric.programme else [])]


def told(client: StrictClient, addresses: list[str]) -> dict[str, str]:
    """What each address answers, without the identifiers: their digits are no figures, and others in each run."""
    answers = {url: client.get(url) for url in addresses}
    return {
        url: IDENTIFIER.sub("", f"{answer.status_code} {answer.getvalue().decode()}") for url, answer in answers.items()
    }


def table_of(client: StrictClient, metric: OutcomeMetric) -> dict[str, dict[str, str]]:
    """The rows of the file with the figures, by the beginning and end of their periods."""
    text = client.get(address(metric, ".csv")).getvalue().decode()
    return {f"{row['period_start']} {row['period_end']}": row for row in csv.DictReader(io.StringIO(text))}


# What nobody has approved


@pytest.mark.parametrize("known", [0, 5])
def test_what_is_entered_and_not_approved_is_nowhere(known: int, client: StrictClient) -> None:
    sources = SourceFactory.create_batch(2, published=True)
    programme = ProgrammeFactory(published=True)
    metric = monthly(list(range(100, 100 + known)), programme=programme, headline_position=1)
    addresses = [*addresses_of(metric), *(source.get_absolute_url() for source in sources)]
    before = told(client, addresses)

    ObservationFactory(
        metric=metric, entered=True, period_start="2024-01", value=7654321, note="Entered.", source=sources[0]
    )
    ObservationFactory(metric=metric, entered=True, period_start=None, value=8765432)
    for standing in metric.observations.approved():
        CorrectionFactory(observation=standing, value=9876543, reason="Kept back.", source=sources[1])

    assert told(client, addresses) == before
    assert ("Not known yet: the figures" in before[metric.get_absolute_url()]) == (not known)


def test_what_was_approved_is_everywhere(client: StrictClient) -> None:
    source = SourceFactory(published=True)
    metric = monthly([100, 110, 120], programme=ProgrammeFactory(published=True), headline_position=1)
    entered = ObservationFactory(metric=metric, entered=True, period_start="2024-01", value=7654321, source=source)

    figures.approve([entered], by=UserFactory(superuser=True))

    answers = told(client, [*addresses_of(metric), source.get_absolute_url()])
    for url, answer in answers.items():
        if url in {"/programmes/", "/sources/", "/sitemap.xml"}:
            continue
        words = metric.name if url == source.get_absolute_url() else "7654321" if url.endswith("csv") else "7,654,321"
        assert words in answer, url


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN])
def test_approved_figures_of_what_is_not_public_are_nowhere(state: State, client: StrictClient) -> None:
    metric = monthly([], headline_position=1, **dict.fromkeys(("published", "withdrawn"), state == State.WITHDRAWN))
    addresses = addresses_of(metric)
    before = told(client, addresses)
    entered = [ObservationFactory(metric=metric, entered=True, period_start=f"2024-0{at}") for at in (1, 2, 3)]
    figures.approve(entered, by=UserFactory(superuser=True))

    assert told(client, addresses) == before
    metric.refresh_from_db()
    assert metric.state == state


# When the next figure is late


def test_readers_are_told_of_a_figure_only_once_it_is_long_overdue(client: StrictClient) -> None:
    metric = monthly([], due_after_days=0)
    today = timezone.localdate()
    for days, is_told in [(-1, False), (1, False), (62, False), (63, True)]:
        due_on = today - datetime.timedelta(days=days)
        OutcomeMetric.objects.filter(pk=metric.pk).update(next_figure_due_on=due_on)
        page = client.get(metric.get_absolute_url()).content.decode()
        assert ("The next figure was due by" in page) == is_told


# Small numbers

# A year and its quarters, with numbers that stand nowhere else.
SHOWN = {"2018-01 2018-03": 81111, "2018-04 2018-06": 82222, "2018-07 2018-09": 83333}
SMALL, YEAR = 23456, 270122
GIVEN_AWAY = {"23456", "23,456", "270122", "270,122"}


def year_of_quarters(end: str = "2018", **facts: object) -> OutcomeMetric:
    """The last quarter is small, and newer than the year that ends with it, however its end is written."""
    facts = {"frequency": "quarterly", "fewest_shown": 30000, "headline_position": 1, "name": "Visits"} | facts
    metric = OutcomeMetricFactory(programme=ProgrammeFactory(published=True), **facts)
    for period, value in {**SHOWN, "2018-10 2018-12": SMALL, f"2018 {end}": YEAR}.items():
        start, last = period.split()
        ObservationFactory(metric=metric, period_start=start, period_end=last, value=value)
    return workflow.publish(metric, by=UserFactory(superuser=True))


@pytest.mark.parametrize("end", ["2018", "2018-12", "2018-12-31"])
def test_a_small_number_and_the_sum_that_would_give_it_away_stand_nowhere(end: str, client: StrictClient) -> None:
    metric = year_of_quarters(end)

    answers = told(client, addresses_of(metric))

    for url, answer in answers.items():
        assert not [number for number in GIVEN_AWAY if number in answer], url
    for url in ("/", "/outcomes/", metric.get_absolute_url(), metric.programme.get_absolute_url()):
        assert "Fewer than 30,000" in answers[url], url
    page = answers[metric.get_absolute_url()]
    for words in ["Fewer than 30,000", "Too few to show", "Not shown", "cannot be worked out", "81,111", "83,333"]:
        assert words in page
    table = table_of(client, metric)
    assert {period: int(row["value"]) for period, row in table.items() if row["value"]} == SHOWN
    assert all(table[period]["missing_reason"] for period in set(table) - set(SHOWN))


def test_fewer_than_five_of_a_quarter_are_not_told(client: StrictClient) -> None:
    metric = OutcomeMetricFactory(frequency="quarterly", fewest_shown=5, headline_position=1)
    values = {"2018-01": 40, "2018-04": 30, "2018-07": 27, "2018-10": 3}
    for start, value in values.items():
        end = f"{start[:5]}{int(start[5:]) + 2:02}"
        ObservationFactory(metric=metric, period_start=start, period_end=end, value=value)
    ObservationFactory(metric=metric, period_start="2018", value=100)
    workflow.publish(metric, by=UserFactory(superuser=True))

    page = client.get(metric.get_absolute_url()).content.decode()
    cells = re.findall(r'portal-number">.*?</span><span>(.*?)</span>', page)
    assert cells == ["Fewer than 5", "Not shown", "27", "30", "40"]
    assert [row["value"] for row in table_of(client, metric).values()] == ["40", "30", "27", "", ""]
    for url in ("/", "/outcomes/", "/outcomes/summary/"):
        answer = client.get(url).getvalue().decode()
        assert not re.search(r">\s*(3|100)\s*<", answer), url
    [row] = csv.DictReader(io.StringIO(client.get("/outcomes/summary.csv").getvalue().decode()))
    assert row["latest_value"] == ""


@pytest.mark.parametrize("values", [[81111, 23456, 82222, 83333], [81111, 82222, 83333, 23456]], ids=["amid", "last"])
def test_the_chart_has_a_gap_where_a_number_is_small(values: list[int], client: StrictClient) -> None:
    metric = monthly(values, fewest_shown=30000)

    answers = told(client, addresses_of(metric))

    for url, answer in answers.items():
        assert not [number for number in GIVEN_AWAY if number in answer], url
    assert "Fewer than 30,000" in answers[address(metric, ".svg")]
    assert answers[address(metric, ".svg")].count("<title>") >= 3


def test_a_percentage_of_which_few_are_left_is_not_told(client: StrictClient) -> None:
    metric = OutcomeMetricFactory(rate=True, fewest_shown=5, headline_position=1, frequency="monthly")
    parts = [(40, 50), (41, 50), (42, 51), (61, 64)]  # three of the last were not counted
    for at, (numerator, denominator) in enumerate(parts, start=1):
        ObservationFactory(metric=metric, period_start=f"2018-0{at}", numerator=numerator, denominator=denominator)
    workflow.publish(metric, by=UserFactory(superuser=True))

    for url, answer in told(client, addresses_of(metric)).items():
        # What Django calls a token, the coordinates of a drawing, and the numbers in made-up names are no figures.
        text = re.sub(r'<(?:path|circle|line|rect|text|svg|use)\b[^>]*>|value="[^"]*"', " ", answer)
        text = re.sub(r"\b(trust|people.seen)[ -]\d+", " ", text, flags=re.IGNORECASE)
        assert not {"61", "64", "95.3", "95.3125"} & set(NUMBER.findall(text)), url
    row = table_of(client, metric)["2018-04 2018-04"]
    assert (row["value"], row["numerator"], row["denominator"]) == ("", "", "")
    assert table_of(client, metric)["2018-01 2018-01"]["numerator"] == "40"


@pytest.mark.parametrize("now_small", [True, False])
def test_what_a_corrected_figure_was_is_not_told_where_small_numbers_are_hidden(
    now_small: bool, client: StrictClient
) -> None:
    metric = monthly([81111, 82222, 83333, 23456], fewest_shown=30000)
    old, new = (81111, 21234) if now_small else (23456, 84444)
    standing = Observation.objects.get(value=old)

    figures.approve([CorrectionFactory(observation=standing, value=new)], by=UserFactory(superuser=True))

    answers = told(client, addresses_of(metric))
    for url, answer in answers.items():
        for number in {"23456", "23,456", "21234", "21,234"} | ({"81111", "81,111"} if now_small else set()):
            assert number not in answer, (url, number)
    page = answers[metric.get_absolute_url()]
    assert "Two clinics had been counted twice." in page
    assert "It was:" not in page


def test_those_who_enter_figures_see_what_readers_do_not(admin_client: StrictClient) -> None:
    metric = year_of_quarters()
    page = admin_client.get(f"/admin/programmes/outcomemetric/{metric.pk}/change/").content.decode()
    assert "23,456" in page
    assert "270,122" in page
