"""Outcome metrics and their observations."""

import factory
from django.utils import timezone

from programmes.models import Correction, FigureFile, Observation, OutcomeMetric, Rebase
from tests.factories.accounts import UserFactory
from tests.factories.base import ModelFactory
from tests.factories.organisation import OrganisationFactory
from tests.factories.publishing import PublishableFactory

HERE = "tests.factories.outcome_metric"


class OutcomeMetricFactory(PublishableFactory):
    """A count for each year, without figures yet."""

    class Meta:
        model = OutcomeMetric

    class Params:
        rate = factory.Trait(
            kind=OutcomeMetric.Kind.PERCENTAGE,
            numerator_label="people who gained a job",
            denominator_label="people who started",
        )
        with_observations = factory.Trait(
            figures=factory.RelatedFactoryList(f"{HERE}.ObservationFactory", "metric", size=3)
        )

    name = factory.Sequence(lambda n: f"People seen {n}")
    kind = OutcomeMetric.Kind.COUNT
    unit = "people"
    lead = factory.SubFactory(OrganisationFactory, published=True)
    why_it_matters = "It says whether people are reached."
    definition = "Each person is counted once a year."
    frequency = OutcomeMetric.Frequency.YEARLY


class RebaseFactory(ModelFactory):
    """New limits from 2017 on."""

    class Meta:
        model = Rebase

    metric = factory.SubFactory(OutcomeMetricFactory)
    starts_on = "2017"
    reason = "The clinic moved to a larger building."


class ObservationFactory(ModelFactory):
    """The approved figure of one year, the years counted up from 2015; a rate is made of its two parts."""

    class Meta:
        model = Observation

    class Params:
        year = factory.LazyAttribute(lambda row: 2015 + row.metric.observations.count())
        entered = factory.Trait(approved_at=None)

    metric = factory.SubFactory(OutcomeMetricFactory)
    period_start = factory.LazyAttribute(lambda row: str(row.year))
    period_end = factory.SelfAttribute("period_start")
    value = factory.LazyAttribute(lambda row: None if row.missing_reason or row.metric.is_rate else 2477)
    numerator = factory.LazyAttribute(lambda row: 29 if row.metric.is_rate and not row.missing_reason else None)
    denominator = factory.LazyAttribute(lambda row: 49 if row.metric.is_rate and not row.missing_reason else None)
    missing_reason = ""
    approved_at = factory.LazyFunction(lambda: timezone.now().replace(microsecond=0))  # as fixtures keep it


class CorrectionFactory(ModelFactory):
    """One that waits to be approved: the same figure, with another value."""

    class Meta:
        model = Correction

    observation = factory.SubFactory(ObservationFactory)
    metric = factory.SelfAttribute("observation.metric")
    period_start = factory.SelfAttribute("observation.period_start")
    period_end = factory.SelfAttribute("observation.period_end")
    value = 2500
    reason = "Two clinics had been counted twice."


class FigureFileFactory(ModelFactory):
    """A table that somebody uploaded and nobody has imported yet."""

    class Meta:
        model = FigureFile

    name = "figures.csv"
    content = b"metric,period_start,period_end,value\n"
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = factory.LazyFunction(timezone.now)
    counts = {"ADDED": 0, "CHANGED": 0, "LEFT": 0, "REFUSED": 0}
    digest = "0" * 64
