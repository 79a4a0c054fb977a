"""The example of the demonstration on top of the seed content."""

import pytest
from django.conf import settings
from django.core.management import call_command

from programmes.models import Observation, OutcomeMetric

pytestmark = pytest.mark.usefixtures("content")

EXAMPLE = settings.BASE_DIR / "fixtures" / "examples" / "accident-and-emergency-attendances.json"
NAME = "Example: accident and emergency attendances"


def test_it_loads_twice_and_has_every_month_and_its_parts_make_up_the_whole():
    call_command("loaddata", EXAMPLE, verbosity=0)
    number = Observation.objects.count()
    call_command("loaddata", EXAMPLE, verbosity=0)
    assert Observation.objects.count() == number

    months = [f"{year}-{month:02}" for year in range(2016, 2020) for month in range(1, 13)][3:39]
    metrics = OutcomeMetric.objects.filter(programme__name=NAME)
    assert metrics.count() == 9
    for metric in metrics:
        figures = metric.observations.order_by("period_start")
        assert [str(figure.period_start) for figure in figures] == months
        assert [str(figure.period_end) for figure in figures] == months
        assert all(figure.figure is not None for figure in figures)

    for trust in ("kings-college-hospital", "leeds-teaching-hospitals", "university-hospitals-birmingham"):
        everybody, long, short = (
            Observation.objects.filter(metric__slug=f"example-{trust}-{part}").order_by("period_start")
            for part in ("attendances", "long-waits", "within-four-hours")
        )
        for month, waited, seen in zip(everybody, long, short, strict=True):
            assert seen.denominator == month.value
            assert seen.numerator == month.value - waited.value
