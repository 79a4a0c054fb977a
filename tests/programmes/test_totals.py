"""Sums over outcomes: only of figures that may be added, with the parts, and never with a number that is hidden."""

import pytest

from programmes.models import OutcomeMetric
from programmes.totals import roll_ups
from tests.factories import AreaFactory, ObservationFactory, OutcomeMetricFactory, ProgrammeFactory
from tests.strict_client import StrictClient

pytestmark = pytest.mark.django_db


def part(value: object, population: str | None = None, *, period: str = "2019", **facts: object) -> OutcomeMetric:
    """A public metric that adds up as people helped, with one figure."""
    facts = {
        "published": True,
        "adds_up_as": "People helped",
        "population": f"group {value}" if population is None else population,
    } | facts
    metric = OutcomeMetricFactory(**facts)
    missing = {"missing_reason": "Not counted."} if value is None else {"value": value}
    ObservationFactory(metric=metric, period_start=period, period_end=period, **missing)
    metric.refresh_figures()
    return metric


def the_roll_up() -> object:
    [found] = roll_ups(OutcomeMetric.objects.published())
    return found


def test_figures_of_different_people_in_one_period_are_added():
    part(1200), part(345)
    found = the_roll_up()
    assert (found.name, found.total, found.period, found.note) == ("People helped", "1,545 people", "2019", "")
    assert [metric.latest_observation.value for metric in found.metrics] == [1200, 345]


def test_periods_that_follow_each_other_are_added_and_the_sum_says_from_when_to_when():
    part(10, period="2018"), part(20, period="2019")
    found = the_roll_up()
    assert (found.total, found.period) == ("30 people", "1 January 2018 to 31 December 2019")


def test_periods_between_which_nobody_counted_are_not_added():
    part(10, period="2017", name="First"), part(20, period="2019", name="Second")
    found = the_roll_up()
    assert (found.total, found.period) == ("", "")
    assert "between the periods of “First” and “Second” lie days that nobody counted" in found.note
    part(5, period="2018")
    assert the_roll_up().total == "35 people"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"population": "GROUP  10"}, "may count the same people, who would be counted twice"),
        ({"period": "2019-04"}, "overlap and are not the same"),
        ({"unit": "visits"}, "do not count the same thing"),
    ],
)
def test_what_may_not_be_added_is_refused_with_the_reason_and_its_parts(other, words):
    part(10, name="First"), part(20, name="Second", **other)
    found = the_roll_up()
    assert found.total == ""
    assert words in found.note
    assert "“First”" in found.note
    assert "“Second”" in found.note
    assert len(found.metrics) == 2


def test_a_number_too_small_to_show_is_in_no_sum():
    part(10), part(20), part(3, fewest_shown=5)
    found = the_roll_up()
    assert found.total == "At least 30 people"
    assert found.note == "1 figure is too small to be shown, so it is not in the sum."


def test_a_missing_figure_makes_the_sum_the_least():
    part(10), part(20), part(None)
    assert (the_roll_up().total, the_roll_up().note) == ("At least 30 people", "1 figure is missing.")


def test_what_is_not_additive_stands_alone_or_is_a_draft_is_in_no_sum():
    part(10), part(20, published=False)
    part(5, adds_up_as="", population="")
    part(7, adds_up_as="Something else")
    assert roll_ups(OutcomeMetric.objects.published()) == []


def test_sums_take_no_more_queries_for_many_metrics(django_assert_num_queries):
    for value in range(1, 13):
        part(value, adds_up_as=f"Sum {value % 3}")
    with django_assert_num_queries(2):
        assert len(roll_ups(OutcomeMetric.objects.published())) == 3


def test_the_summary_shows_the_sum_of_what_it_is_narrowed_to_with_the_parts(client: StrictClient):
    area = AreaFactory(slug="southwark")
    programme = ProgrammeFactory(published=True, slug="clinics", areas=[area])
    part(1200, programme=programme, name="North"), part(345, programme=programme, name="South"), part(9)

    page = client.get("/outcomes/summary/?programme=clinics").content.decode()
    assert "<strong>1,545 people</strong>, 2019." in page
    assert "The parts of People helped" in page
    assert "1,545 people" in client.get("/outcomes/summary/?area=southwark").content.decode()
    assert "1,554 people" in client.get("/outcomes/summary/").content.decode()
    assert client.get("/outcomes/summary/?area=nowhere").status_code == 404
