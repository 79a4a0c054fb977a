"""What a metric keeps back besides small figures: what implies one, the figure without a period, and its baseline."""

import pytest
from django.core.exceptions import ValidationError

from programmes import figures
from programmes.models import OutcomeMetric
from tests.factories import ObservationFactory, OutcomeMetricFactory, UserFactory
from tests.programmes.test_charts import address
from tests.strict_client import StrictClient
from trustportal.publishing import workflow

pytestmark = pytest.mark.django_db


def metric_with(rows: dict[str, object], **facts: object) -> OutcomeMetric:
    """A metric that keeps back what is below 5, with figures by period ("" for none); a pair is part and whole."""
    metric = OutcomeMetricFactory(**{"fewest_shown": 5} | facts)
    for period, number in rows.items():
        start, _, end = period.partition(" ")
        parts = {"numerator": number[0], "denominator": number[1]} if isinstance(number, tuple) else {"value": number}
        ObservationFactory(metric=metric, period_start=start or None, period_end=end or start or None, **parts)
    metric.refresh_figures()
    return metric


def hidden(metric: OutcomeMetric) -> set[str]:
    return {one.period for one in metric.observations.all() if one.is_hidden}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"2019-04": 20, "2019-04 2019-05": 22, "2019-04 2019-06": 40}, {"April 2019 to May 2019"}),
        ({"2019-04": (20, 40), "2019-04 2019-05": (40, 63)}, {"April 2019 to May 2019"}),
        ({"2019-04": (20, 40), "2019-04 2019-05": (40, 65)}, set()),
        ({"2017": 20, "2018": 30, "2019": 3, "": 53}, {"2019", "Period not stated"}),
        ({"2019-04": 20, "2019-04 2019-05": 22, "": 40}, {"April 2019 to May 2019", "Period not stated"}),
        ({"2017": 20, "2018": 30, "": 50}, set()),
    ],
    ids=[
        "running totals",
        "few are left",
        "enough are left",
        "all years",
        "all, where one is implied",
        "none is small",
    ],
)
def test_what_tells_a_small_number_is_not_told(rows: dict[str, object], expected: set[str]) -> None:
    facts = {"rate": True} if isinstance(next(iter(rows.values())), tuple) else {}
    assert hidden(metric_with(rows, **facts)) == expected


def test_a_rate_above_its_whole_leaves_nobody_who_could_be_few() -> None:
    rate = {"kind": "rate", "per": 1000, "numerator_label": "falls", "denominator_label": "bed days"}
    assert hidden(metric_with({"2019-04": (60, 40), "2019-04 2019-05": (80, 63)}, **rate)) == set()


def test_the_figure_without_a_period_is_told_again_once_nothing_is_kept_back() -> None:
    metric = metric_with({"2018": 30, "2019": 3, "": 33})
    assert hidden(metric) == {"2019", "Period not stated"}
    metric.observations.filter(value=3).update(value=8)
    metric.refresh_figures()
    assert hidden(metric) == set()


@pytest.mark.parametrize("baseline", [0, 3, 4])
def test_a_baseline_below_the_smallest_number_shown_is_refused_and_not_told(
    baseline: int, client: StrictClient
) -> None:
    metric = metric_with({str(year): 20 + year % 7 for year in range(2015, 2020)})
    metric.baseline = baseline
    with pytest.raises(ValidationError, match="below 5, the smallest number shown"):
        metric.full_clean()
    assert "Its baseline is below the smallest number shown: leave it empty." in metric.faults_as_a_whole()
    metric.save()
    with pytest.raises(workflow.NotReady, match="Leave the baseline empty"):
        workflow.publish(metric, by=UserFactory(superuser=True))

    metric.baseline = None
    metric.save()
    metric = workflow.publish(metric, by=UserFactory(superuser=True))
    svg = client.get(address(metric, ".svg")).content
    OutcomeMetric.objects.filter(pk=metric.pk).update(baseline=baseline, baseline_on="2014")  # from before the rule
    page = client.get(metric.get_absolute_url()).content.decode()
    assert "2014" not in page
    assert "Baseline:" not in page
    assert client.get(address(metric, ".svg")).content == svg
    assert "2014" not in client.get("/outcomes/").content.decode()


@pytest.mark.parametrize(
    "facts",
    [{"baseline": 5}, {"baseline": 3, "fewest_shown": None}, {"baseline": 3, "rate": True}],
    ids=["not small", "nothing is kept back", "a rate is of any number"],
)
def test_other_baselines_are_told(facts: dict[str, object]) -> None:
    metric = OutcomeMetricFactory(**{"fewest_shown": 5, "baseline_on": "2016"} | facts)
    metric.full_clean()
    assert metric.faults_as_a_whole() == []
    assert metric.baseline_in_words.endswith("(2016)")


BASELINES = pytest.mark.parametrize(
    ("rows", "facts"),
    [
        ({"2016": (47, 49)}, {"rate": True, "baseline": 95.9}),
        ({"2016-01 2016-12": 3}, {"baseline": 20}),
        ({"2016": 100, "2016-01 2016-06": 3, "2016-07 2016-12": 97}, {"baseline": 100}),
        ({"2016-01 2016-06": 3, "2016-07 2016-12": 97}, {"baseline": 100}),
        ({"2016-01 2016-09": 97}, {"baseline": 100}),
    ],
    ids=["a rate of few", "a small figure", "a year left out", "the rest of a year", "a part that has no figure"],
)


@BASELINES
def test_a_baseline_that_would_tell_a_small_number_is_not_published(
    rows: dict[str, object], facts: dict[str, object]
) -> None:
    metric = metric_with(rows, baseline_on="2016", **facts)
    with pytest.raises(workflow.NotReady, match="Its baseline would tell a number too small to show"):
        workflow.publish(metric, by=UserFactory(superuser=True))
    OutcomeMetric.objects.filter(pk=metric.pk).update(baseline_on="2015")
    assert not workflow.publish(metric, by=UserFactory(superuser=True)).fault_of_baseline()


@BASELINES
def test_a_figure_that_a_public_baseline_would_tell_is_not_approved(
    rows: dict[str, object], facts: dict[str, object]
) -> None:
    metric = metric_with({}, baseline_on="2016", published=True, **facts)
    waiting = metric_with(rows, rate="rate" in facts).observations.all()
    waiting.update(metric=metric, approved_at=None)
    entered = list(metric.observations.all())

    with pytest.raises(workflow.NotReady, match="Its baseline would tell"):
        figures.approve(entered, by=UserFactory(superuser=True))

    assert metric.observations.waiting().count() == len(rows)


def test_baselines_are_told_without_asking_the_database(django_assert_num_queries) -> None:
    metric_with({"2019": 3}, baseline=20, baseline_on="2016")
    [metric] = OutcomeMetric.objects.all()
    with django_assert_num_queries(0):
        assert metric.baseline_in_words == "20 (2016)"
