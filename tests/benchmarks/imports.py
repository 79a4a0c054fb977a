"""How long an import of 100,000 figures takes, and how much memory: part of `make bench`.

1,000 made-up metrics of 100 months each, in a database that is thrown away.
"""

import io
import random
import time
import tracemalloc
from collections.abc import Callable

from tests.benchmarks.pages import database

METRICS, MONTHS = 1000, 100


def table() -> io.BytesIO:
    """The file: a row a metric and month, the months one after the other."""
    chance = random.Random(20260729)
    text = io.StringIO()
    text.write("metric,period_start,period_end,value,note\n")
    for at in range(MONTHS):
        month = f"{2015 + at // 12}-{at % 12 + 1:02}"
        for number in range(METRICS):
            text.write(f"made-up-{number},{month},{month},{chance.randint(100, 10_000)},Made up.\n")
    return io.BytesIO(text.getvalue().encode())


def measured(words: str, run: Callable[[], object]) -> None:
    """Print how long something takes."""
    began = time.perf_counter()
    result = run()
    print(f"  {words:40} {time.perf_counter() - began:6.1f} s   {result}")


def main() -> None:
    """Measure, and print what was measured."""
    with database():
        from django.db import connection

        from programmes import imports
        from programmes.models import OutcomeMetric
        from tests.factories import OrganisationFactory, OutcomeMetricFactory

        lead = OrganisationFactory(published=True)
        OutcomeMetric.objects.bulk_create(
            OutcomeMetricFactory.build(lead=lead, slug=f"made-up-{number}", frequency="monthly")
            for number in range(METRICS)
        )
        file = table()

        def in_words(report: imports.Report) -> str:
            return ", ".join(f"{count:,} {effect.value}" for effect, count in report.counts.items())

        print(f"\n{connection.display_name}, {METRICS * MONTHS:,} rows, {file.getbuffer().nbytes / 1e6:.1f} MB\n")
        measured("look at every row", lambda: in_words(imports.report_of(file, None)))
        tracemalloc.start()
        imports.report_of(file, None)
        print(f"  {'memory while looking, at most':40} {tracemalloc.get_traced_memory()[1] / 1e6:6.1f} MB")
        tracemalloc.stop()
        measured("import them", lambda: in_words(imports.import_figures(file, None)))
        measured("look again, with all of them there", lambda: in_words(imports.report_of(file, None)))


if __name__ == "__main__":
    main()
