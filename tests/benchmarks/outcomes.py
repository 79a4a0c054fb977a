"""How long the summary of outcomes and one chart take: part of `make bench`.

1,000 made-up metrics of 120 months each, in a database that is thrown away.
"""

import random
import statistics
import time

from tests.benchmarks.pages import database, row

METRICS, MONTHS, CHARTS = 1000, 120, 200
POINTS = 60  # of the one chart


def make_series() -> None:
    """Make the metrics, each with a figure a month from January 2015 on."""
    from django.utils import timezone

    from programmes.models import Observation, OutcomeMetric
    from tests import made_up

    made_up.make(METRICS)
    Observation.objects.all().delete()
    OutcomeMetric.objects.update(
        kind="count", frequency="monthly", numerator_label="", denominator_label="", per=100, target=90,
        target_rule="at-least",
    )  # fmt: skip
    now, chance = timezone.now(), random.Random(20260729)
    months = [f"{2015 + at // 12}-{at % 12 + 1:02}" for at in range(MONTHS)]
    for metric in OutcomeMetric.objects.all():
        Observation.objects.bulk_create(
            Observation(
                metric=metric, period_start=month, period_end=month, value=round(chance.gauss(100, 10)), approved_at=now
            )
            for month in months
        )
    made_up.let_the_database_take_stock()


def main() -> None:
    """Measure, and print what was measured."""
    with database():
        from django.db import connection
        from django.template.loader import render_to_string

        from programmes.charts import picture_of
        from programmes.models import OutcomeMetric

        make_series()
        print(f"\n{connection.display_name}, {METRICS:,} made-up metrics of {MONTHS} months\n")
        print(f"| {'page':46} | queries | median ms |   HTML KB | gzipped KB |")
        print(f"| {'-' * 46} | ------: | --------: | --------: | ---------: |")
        print(row("summary of outcomes, 100 lines", "/outcomes/summary/"))
        metric = OutcomeMetric.objects.published().order_by("pk").first()
        print(row(f"outcome with a chart of {MONTHS} points", metric.get_absolute_url()))
        newest = metric.observations.newest_first()[:POINTS].values_list("pk", flat=True)
        metric.observations.exclude(pk__in=list(newest)).delete()
        times, svg = [], ""
        for _ in range(CHARTS):
            picture = picture_of(metric)  # anew, for it keeps its words
            began = time.perf_counter()
            svg = render_to_string(
                picture.template,
                {"chart": picture.wide, "label": picture.label, "page": metric.get_absolute_url(), "is_file": False},
            )
            times.append((time.perf_counter() - began) * 1000)
        print(
            f"\n  {POINTS} points to SVG: median {statistics.median(times):.2f} ms, {len(svg.encode()) / 1024:.1f} KB"
        )


if __name__ == "__main__":
    main()
