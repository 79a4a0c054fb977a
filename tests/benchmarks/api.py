"""How long the API takes with 100,000 made-up records of each main kind: `make bench`.

Everything measured is made up (see `tests/made_up.py`), in a database that is thrown away. Times are milliseconds of
processor time in this process (SQLite's too; PostgreSQL works elsewhere, so the clock is shown beside it), without
network and server: pages of 100, the 95th of 100 of 40 requests. The aim is at most 60.
"""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.benchmarks.pages import database

TIMES = 40
AIM = 60  # milliseconds
AT_ONCE = 10_000  # records that are made
LISTS = ("partners", "partnerships", "programmes", "outcomes", "sites", "sources", "memberships", "statements",
         "observations")  # fmt: skip


def main() -> None:
    """Make the records, ask for each kind of page, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many of each main kind")
    records = parser.parse_args().records
    with database():
        from django.db import connection

        from programmes.models import Observation
        from tests import made_up

        began = time.perf_counter()
        for after in range(0, records, AT_ONCE):  # all at once would not fit into memory
            made_up.make(min(AT_ONCE, records - after), after=after)
        Observation.objects.update(approved_at=made_up.NOON)
        made_up.let_the_database_take_stock()
        gc.collect()
        gc.freeze()  # as the server does, see deploy/gunicorn.conf.py
        print(f"\n{connection.display_name}, {records:,} made-up records of each main kind", end=" ")
        print(f"(made in {time.perf_counter() - began:.0f} s)\n")
        print(f"| {'what was asked':62} | queries | records | JSON KB | CPU ms | CPU p95 | clock p95 |")
        print(f"| {'-' * 62} | ------: | ------: | ------: | -----: | ------: | --------: |")
        slow = [address for address in addresses(records) if row(address) > AIM]
    if slow:
        print(f"\nMore than {AIM} ms: {', '.join(slow)}")


def addresses(records: int) -> Iterator[str]:
    """The first page and one from deep in each list; then narrowed ones, and single records."""
    from partnerships.models import Organisation, Site
    from programmes.models import Programme

    for name in LISTS:
        yield f"{name}?limit=100"
        yield f"{name}?limit=100&cursor={deep(name)}"
    yield "partners?limit=100&fields=name,kind,modified"
    yield "partners?limit=100&modified_since=1990-01-01T00:00:00Z"
    yield "partners?limit=100&kind=council"
    yield "sites?limit=100&kind=hospital&q=made"
    yield f"programmes?limit=100&partner_id={some(Organisation, records)}"
    yield "programmes?limit=100&active-from=2016&active-to=2017"
    yield f"memberships?limit=100&partner_id={some(Organisation, records)}"
    yield f"partners/{some(Organisation, records)}"
    yield f"programmes/{some(Programme, records)}"
    yield f"sites/{some(Site, records)}"
    yield "openapi.json"


def some(model: type, records: int) -> object:
    """The identifier of a record in the middle."""
    return model.objects.published().order_by("pk").values_list("uuid", flat=True)[records // 2]


def deep(name: str) -> str:
    """The cursor of a page nine tenths down a list."""
    from trustportal.opendata.api.cursors import cursor_of
    from trustportal.website.api.interface import BY_NAME

    dataset = BY_NAME[name].dataset
    names = ("modified_at", "pk") if dataset.is_of_records else ("uuid",)
    rows = dataset.records().order_by(*names).values_list(*names)
    found = rows[rows.count() * 9 // 10]
    return cursor_of(name, found if dataset.is_of_records else found[0])


def row(path: str) -> float:
    """Ask again and again, print the line of the table; gives the 95th of 100 times of the processor."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, address = Client(HTTP_HOST="127.0.0.1"), f"/api/v1/{path}"
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    queries = len(asked.captured_queries)
    if response.status_code != 200:
        sys.exit(f"{address} answers {response.status_code}")
    cpu, clock = [], []
    for _ in range(TIMES):
        began, began_at = time.process_time(), time.perf_counter()
        client.get(address)
        cpu.append((time.process_time() - began) * 1000)
        clock.append((time.perf_counter() - began_at) * 1000)
    at_most, on_clock = (statistics.quantiles(times, n=20)[-1] for times in (cpu, clock))
    number = len(response.json().get("records", ""))
    shown = f"{urlsplit(path).path}?{urlsplit(path).query}".removesuffix("?")
    print(
        f"| {shown[:62]:62} | {queries:7} | {number:7} | {len(response.content) / 1024:7.0f} "
        f"| {statistics.median(cpu):6.1f} | {at_most:7.1f} | {on_clock:9.1f} |",
        flush=True,
    )
    return at_most


if __name__ == "__main__":
    main()
