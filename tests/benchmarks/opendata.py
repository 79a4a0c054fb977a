"""How soon the first rows of 100,000 come, how long all of them take, and how much memory: part of `make bench`.

100,000 made-up partners and 100,000 made-up figures, in a database that is thrown away. The time of the first rows is
that until the piece after the names of the columns.
"""

import io
import time
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.pages import database

RECORDS, METRICS, MONTHS = 100_000, 1000, 100
AIM_FIRST, AIM_MEMORY = 300, 50  # milliseconds, megabytes
ADDRESSES = ["/partners.csv", "/partners.json", "/partners.csv?kind=council&sort=updated", "/data/observations.csv"]


def measured(address: str) -> None:
    """Print when the names and the first rows came, and how long all took; then, asked again, how much memory."""
    from django.test import Client

    began = time.perf_counter()
    pieces = iter(Client(SERVER_NAME="127.0.0.1").get(address).streaming_content)
    sizes, times = [], []
    for piece in pieces:
        sizes.append(len(piece))
        times.append(time.perf_counter() - began)
    names, rows = (at * 1000 for at in times[:2])
    tracemalloc.start()
    for _piece in Client(SERVER_NAME="127.0.0.1").get(address).streaming_content:
        pass
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    above = "" if rows <= AIM_FIRST and memory <= AIM_MEMORY else "  above the aim"
    print(
        f"  {address:40} names {names:4.0f} ms, rows {rows:4.0f} ms, all {times[-1]:5.1f} s, "
        f"{sum(sizes) / 1e6:5.1f} MB; memory {memory:4.1f} MB{above}"
    )


def measure_files() -> None:
    """Print how long all files take, how large they are, how much memory they need."""
    from django.core.management import call_command

    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        began = time.perf_counter()
        call_command("export_open_data", str(out), stdout=io.StringIO())
        took = time.perf_counter() - began
        size = sum(path.stat().st_size for path in out.iterdir()) / 1e6
        tracemalloc.start()
        call_command("export_open_data", str(out), stdout=io.StringIO())
        memory = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
    print(f"  {'export_open_data':40} all {took:5.1f} s, {size:5.1f} MB; memory {memory:4.1f} MB")


def main() -> None:
    """Measure, and print what was measured."""
    with database():
        from django.db import connection
        from django.test import Client

        from partnerships.models import Organisation
        from programmes.models import Observation, OutcomeMetric
        from tests import made_up

        kinds = ["council", "charity", "company"]
        partners = made_up.published(
            Organisation, "partner", range(RECORDS), kind=kinds, description=[made_up.DESCRIPTION]
        )
        metrics = made_up.published(
            OutcomeMetric, "metric", range(METRICS), kind=["count"], unit=["people"], lead=partners[:1]
        )
        months = [f"{2015 + at // 12}-{at % 12 + 1:02}" for at in range(MONTHS)]
        made_up.store(
            Observation,
            (
                {"metric": metric, "period_start": month, "period_end": month, "value": at, "approved_at": made_up.NOON}
                for metric in metrics
                for at, month in enumerate(months)
            ),
        )
        made_up.let_the_database_take_stock()
        print(f"\n{connection.display_name}, {RECORDS:,} records and {METRICS * MONTHS:,} figures\n")
        Client(SERVER_NAME="127.0.0.1").get("/partners.csv?q=nothing").getvalue()  # what is read once a process
        for address in ADDRESSES:
            measured(address)
        measure_files()


if __name__ == "__main__":
    main()
