"""How soon the first rows of 100,000 come, how long all of them take, and how much memory: part of `make bench`.

100,000 made-up partners and 100,000 made-up figures, in a database that is thrown away. The time of the first rows is
that until the piece after the names of the columns.
"""

import gc
import io
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.pages import database

RECORDS, METRICS, MONTHS = 100_000, 1000, 100
AIM_FIRST, AIM_MEMORY = 300, 50  # milliseconds, megabytes
ADDRESSES = ["/partners.csv", "/partners.json", "/partners.csv?kind=council&sort=updated", "/data/observations.csv"]


def memory() -> float:
    """What this process holds of the machine's memory, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def measured(address: str) -> None:
    """Print when the names and the first rows came, how long all took, and by how much the memory grew meanwhile."""
    from django.test import Client

    gc.collect()
    before = most = memory()
    began = time.perf_counter()
    size, times = 0, []
    for piece in Client(SERVER_NAME="127.0.0.1").get(address).streaming_content:
        size += len(piece)
        times.append(time.perf_counter() - began)
        most = max(most, memory())
    names, rows = (at * 1000 for at in times[:2])
    above = "" if rows <= AIM_FIRST and most - before <= AIM_MEMORY else "  above the aim"
    print(
        f"  {address:40} names {names:4.0f} ms, rows {rows:4.0f} ms, all {times[-1]:5.1f} s, "
        f"{size / 1e6:5.1f} MB; memory +{most - before:3.0f} MB{above}",
        flush=True,
    )


def measure_files() -> None:
    """Print how long all files take, how large they are, by how much the memory grows."""
    from django.core.management import call_command

    with TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        gc.collect()
        before, began = memory(), time.perf_counter()
        seen = Seen()
        call_command("export_open_data", str(out), stdout=seen)
        took = time.perf_counter() - began
        size = sum(path.stat().st_size for path in out.iterdir()) / 1e6
    print(f"  {'export_open_data':40} all {took:5.1f} s, {size:5.1f} MB; memory +{seen.most - before:3.0f} MB")


class Seen(io.StringIO):
    """What the command says, with the memory that it then held."""

    most = 0.0

    def write(self, text: str) -> int:
        """Look at the memory whenever something is said."""
        self.most = max(self.most, memory())
        return super().write(text)


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
        del partners, metrics
        made_up.let_the_database_take_stock()
        print(f"\n{connection.display_name}, {RECORDS:,} records and {METRICS * MONTHS:,} figures\n")
        Client(SERVER_NAME="127.0.0.1").get("/partners.csv?q=nothing").getvalue()  # what is read once a process
        for address in ADDRESSES:
            measured(address)
        measure_files()


if __name__ == "__main__":
    main()
