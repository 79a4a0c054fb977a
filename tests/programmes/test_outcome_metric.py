"""Outcome metrics and their observations: what is counted, and how a figure is said."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from programmes.models import Observation, OutcomeMetric
from tests.factories import ObservationFactory, OutcomeMetricFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
Kind = OutcomeMetric.Kind


def read_again(row):
    """The row as the database holds it."""
    row.refresh_from_db()
    return row


# The words


def test_of_partnership_keeps_those_of_one_partnership():
    partnership = PartnershipFactory()
    own = OutcomeMetricFactory(partnership=partnership)
    OutcomeMetricFactory()

    assert list(OutcomeMetric.objects.of_partnership(partnership)) == [own]


def test_for_list_brings_the_newest_figure_of_each_metric(django_assert_num_queries):
    with_figures = OutcomeMetricFactory(name="A", with_observations=True)
    OutcomeMetricFactory(name="B")

    with django_assert_num_queries(3):
        first, second = OutcomeMetric.objects.for_list()
        assert first == with_figures
        assert str(first.latest_observation.period_end) == "2017"
        assert second.latest_observation is None


def test_the_newest_figure_is_that_of_the_latest_period_whenever_it_was_typed():
    metric = OutcomeMetricFactory()
    for period in ["2018", "2019-03", "2017"]:
        ObservationFactory(metric=metric, period_start=period)
    ObservationFactory(metric=metric, period_start=None)

    assert [str(o.period_end) for o in Observation.objects.latest_of_each_metric()] == ["2019-03"]
    assert [str(o.period_end) for o in metric.observations.newest_first()] == ["2019-03", "2018", "2017", "None"]


def test_headline_figures_are_those_of_published_metrics_with_a_place_in_their_order(django_assert_num_queries):
    second = ObservationFactory(metric__headline_position=2, metric__published=True)
    first = ObservationFactory(metric__headline_position=1, metric__published=True)
    ObservationFactory(metric=first.metric, period_start="2010")
    ObservationFactory(metric__headline_position=3)  # a draft
    ObservationFactory(metric__published=True)  # without a place

    with django_assert_num_queries(1):
        figures = list(Observation.objects.of_headline_metrics())
        assert [figure.metric.lead.name for figure in figures]
    assert figures == [first, second]


def test_the_table_of_a_page_is_newest_first_with_sources(django_assert_num_queries):
    metric = OutcomeMetricFactory(with_observations=True)

    with django_assert_num_queries(2):  # the figures, and what stood there before
        rows = list(metric.observations.for_page())
        assert [str(row.period_end) for row in rows] == ["2017", "2016", "2015"]
        assert [row.source for row in rows] == [None, None, None]


# How a figure is said


def test_a_rate_is_worked_out_from_what_it_is_made_of():
    row = read_again(ObservationFactory(metric__rate=True, numerator=29, denominator=49))

    assert row.figure_in_words == "59.2%"
    assert row.numerator_in_words == "29"
    assert row.denominator_in_words == "49"


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (Kind.TOTAL, "2477", "2,477"),
        (Kind.COUNT, "0", "0"),
        (Kind.COUNT, "2.5", "2.5"),
        (Kind.COUNT, "1000000.0000", "1,000,000"),
        (Kind.RANKING, "1", "1st"),
        (Kind.RANKING, "2", "2nd"),
        (Kind.RANKING, "11", "11th"),
        (Kind.YES_NO, "1", "Yes"),
        (Kind.YES_NO, "0", "No"),
        (Kind.PERCENTAGE, "59.1837", "59.2%"),
        (Kind.PERCENTAGE, "59.25", "59.3%"),
        (Kind.PERCENTAGE, "100", "100.0%"),
        (Kind.RATE, "1234.56", "1,234.6"),
    ],
)
def test_a_figure_is_said_as_its_kind_asks(kind, value, words):
    assert OutcomeMetric(kind=kind).in_words(Decimal(value)) == words


def test_no_figure_is_no_words():
    assert OutcomeMetric(kind=Kind.COUNT).in_words(None) == ""


def test_a_rate_per_1000_is_worked_out_per_1000():
    metric = OutcomeMetricFactory(kind=Kind.RATE, per=1000, numerator_label="falls", denominator_label="bed days")
    row = read_again(ObservationFactory(metric=metric, numerator=3, denominator=2000))

    assert row.figure == Decimal("1.5")
    assert row.figure_in_words == "1.5"


def test_a_missing_figure_says_why():
    row = read_again(ObservationFactory(missing_reason="Not published."))

    row.full_clean()
    assert row.figure is None
    assert row.figure_in_words == "No figure"


def test_a_rate_is_not_typed_in():
    row = ObservationFactory.build(metric=OutcomeMetricFactory(rate=True), value=59, numerator=None, denominator=None)

    with pytest.raises(ValidationError, match="give the numerator and the denominator, not the rate itself"):
        row.full_clean()


@pytest.mark.parametrize(
    ("rule", "target", "due", "words"),
    [
        ("more-than", 3000, "2017", "More than 3,000 by the end of 2017"),
        ("at-least", 95, None, "At least 95"),
        ("at-most", 5, "2018-03", "At most 5 by the end of March 2018"),
        ("less-than", 5, None, "Less than 5"),
        ("exactly", 0, None, "Exactly 0"),
        ("", None, None, ""),
    ],
)
def test_a_target_is_said_in_a_sentence(rule, target, due, words):
    metric = read_again(OutcomeMetricFactory(target_rule=rule, target=target, target_due_on=due))

    assert metric.target_in_words == words


def test_a_baseline_is_said_with_its_date():
    metric = read_again(OutcomeMetricFactory(rate=True, baseline=41, baseline_on="2016"))

    assert metric.baseline_in_words == "41.0% (2016)"
    assert OutcomeMetricFactory().baseline_in_words == ""


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2017-04", "2019-03", "April 2017 to March 2019"),
        ("2017", "2017", "2017"),
        (None, None, "Period not stated"),
    ],
)
def test_a_period_is_said_in_words(start, end, words):
    row = ObservationFactory(period_start=start, period_end=end)

    assert row.period == words
    assert str(row) == f"{row.metric}, {words}"


def test_figures_go_with_their_metric():
    metric = OutcomeMetricFactory(with_observations=True)

    metric.delete()

    assert not Observation.objects.exists()
