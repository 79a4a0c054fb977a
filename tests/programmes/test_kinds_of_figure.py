"""Figures are figures of the kind of their metric: when they are entered, and when the kind changes beneath them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from programmes import figures
from programmes.models import Correction, Observation, OutcomeMetric
from tests.factories import CorrectionFactory, ObservationFactory, OutcomeMetricFactory
from tests.factories.accounts import UserFactory
from trustportal.publishing import workflow
from trustportal.publishing.models import Version

pytestmark = pytest.mark.django_db

Kind = OutcomeMetric.Kind
PARTS = {"numerator_label": "people who gained a job", "denominator_label": "people who started"}
RANKING = {"kind": Kind.RANKING, "direction": "down"}


def figure_of(facts: dict, **counted: object) -> Observation:
    """A figure as it is typed in, not yet checked."""
    metric = OutcomeMetricFactory(**facts)
    return ObservationFactory.build(metric=metric, **{"value": None, "numerator": None, "denominator": None} | counted)


WRONG = [
    ({"rate": True}, {"value": Decimal(59)}, "value", "not the rate itself"),
    ({"rate": True}, {"numerator": Decimal(490), "denominator": Decimal(49)}, "numerator", "above its denominator"),
    ({"rate": True}, {"numerator": Decimal(-3), "denominator": Decimal(49)}, "numerator", "0 or more"),
    ({"rate": True, "kind": Kind.RATE}, {"numerator": Decimal(-3), "denominator": Decimal(49)}, "numerator", "0 or"),
    ({}, {"numerator": Decimal(3), "denominator": Decimal(49)}, "numerator", "no rate"),
    ({"kind": Kind.YES_NO}, {"value": Decimal(2477)}, "value", "1 for yes or 0 for no"),
    (RANKING, {"value": Decimal(0)}, "value", "whole number"),
    (RANKING, {"value": Decimal("2.5")}, "value", "whole number"),
]
RIGHT = [
    ({"rate": True}, {"numerator": Decimal(49), "denominator": Decimal(49)}),
    ({"rate": True, "kind": Kind.RATE}, {"numerator": Decimal(490), "denominator": Decimal(49)}),
    ({}, {"value": Decimal("-2.5")}),
    ({"kind": Kind.YES_NO}, {"value": Decimal(0)}),
    (RANKING, {"value": Decimal(1)}),
    ({"kind": Kind.YES_NO}, {"missing_reason": "Not asked."}),
    (RANKING, {"missing_reason": "Not published."}),
    ({"rate": True}, {"missing_reason": "Not published."}),
]


@pytest.mark.parametrize(("facts", "counted", "field", "words"), WRONG)
def test_what_cannot_be_is_refused(facts: dict, counted: dict, field: str, words: str) -> None:
    row = figure_of(facts, **counted)

    with pytest.raises(ValidationError, match=words) as refused:
        row.full_clean()

    assert field in refused.value.message_dict
    row.save()
    assert Observation.objects.that_cannot_be(row.metric.kind).exists()


@pytest.mark.parametrize(("facts", "counted"), RIGHT)
def test_what_can_be_is_taken(facts: dict, counted: dict) -> None:
    row = figure_of(facts, **counted)

    row.full_clean()

    row.save()
    assert not Observation.objects.that_cannot_be(row.metric.kind).exists()


@pytest.mark.parametrize(("value", "is_exact"), [("99999999999999.9", True), ("99999999999999.9999", False)])
def test_a_number_that_a_database_would_round_is_refused(value: str, is_exact: bool) -> None:
    row = figure_of({}, value=Decimal(value))

    if is_exact:
        row.full_clean()
        row.save()
        assert Observation.objects.get().value == Decimal(value)
    else:
        with pytest.raises(ValidationError, match="more than 15 digits"):
            row.full_clean()


@pytest.mark.parametrize("kind", [Kind.PERCENTAGE, Kind.RATE])
def test_a_rate_of_which_few_are_left_is_not_told_and_not_called_few(kind: str) -> None:
    metric = OutcomeMetricFactory(rate=True, kind=kind, fewest_shown=5)
    row = ObservationFactory(metric=metric, numerator=47, denominator=49)

    assert row.figure is None
    assert row.figure_in_words == "Not shown"
    assert row.why_no_figure


@pytest.mark.parametrize("model", [Observation, Correction])
def test_an_older_change_does_not_make_percentages_of_counts(model: type) -> None:
    metric = OutcomeMetricFactory(published=True)
    change = workflow.start_change(metric, by=UserFactory(superuser=True))
    OutcomeMetric.objects.filter(pk=change.pk).update(kind=Kind.PERCENTAGE, is_small_correction=True, **PARTS)
    if model is Observation:
        ObservationFactory(metric=metric, value=12, entered=True)
    else:
        missing = ObservationFactory(metric=metric, missing_reason="Lost.")
        CorrectionFactory(observation=missing, value=12)

    with pytest.raises(workflow.NotReady, match="none of the kind “Percentage”"):
        workflow.publish(OutcomeMetric.objects.get(pk=change.pk), by=UserFactory(superuser=True))

    assert OutcomeMetric.objects.get(pk=metric.pk).kind == Kind.COUNT


def test_an_old_version_of_another_kind_is_not_published_over_figures() -> None:
    ada, grace = UserFactory(superuser=True), UserFactory(superuser=True)
    metric = OutcomeMetricFactory(published=True, fewest_shown=5)
    change = workflow.start_change(metric, by=ada)
    OutcomeMetric.objects.filter(pk=change.pk).update(kind=Kind.PERCENTAGE, is_small_correction=True, **PARTS)
    workflow.publish(OutcomeMetric.objects.get(pk=change.pk), by=grace)
    figures.approve([ObservationFactory(metric=metric, numerator=47, denominator=49, value=None, entered=True)], by=ada)

    first = Version.objects.on(metric).filter(occasion=Version.Occasion.PUBLISHED).order_by("number").first()
    restored, _lost = workflow.restore(first, by=ada)
    OutcomeMetric.objects.filter(pk=restored.pk).update(is_small_correction=True)

    with pytest.raises(workflow.NotReady, match="none of the kind"):
        workflow.publish(OutcomeMetric.objects.get(pk=restored.pk), by=grace)


@pytest.mark.parametrize(
    "in_order",
    [
        [("2019-01", "2019-06"), ("2019", "2019")],
        [("2019", "2019"), ("2019-10", "2019-12"), ("2019-12-30", "2020-01-05")],
        [(None, None), ("2018", "2018"), ("2019-01-01", "2019-01-01"), ("2019-01", "2019-01")],
    ],
)
def test_the_newest_figure_is_the_one_that_ends_last(in_order: list[tuple]) -> None:
    metric = OutcomeMetricFactory()
    for start, end in reversed(in_order):
        ObservationFactory(metric=metric, period_start=start, period_end=end)

    newest = [
        (one.period_start and str(one.period_start), one.period_end and str(one.period_end))
        for one in metric.observations.newest_first()
    ]

    assert newest == in_order[::-1]
