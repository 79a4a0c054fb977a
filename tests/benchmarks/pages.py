"""How long the pages take with 10,000 made-up records of each kind: `make bench`.

Everything measured is made up (see `tests/made_up.py`), in a database that is thrown away. Times are milliseconds in
this process, without network and server: the median of 50 requests.
"""

import argparse
import gzip
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TIMES = 50


def main() -> None:
    """Make the records, ask for each kind of page, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000, help="how many of each main kind")
    records = parser.parse_args().records
    with database():
        from django.db import connection

        from tests import made_up
        from tests.website.test_queries import LISTS, one_address_of_each_kind

        began = time.perf_counter()
        made_up.make(records)
        made_up.let_the_database_take_stock()
        print(f"\n{connection.display_name}, {records:,} made-up records of each main kind", end=" ")
        print(f"(made in {time.perf_counter() - began:.0f} s)\n")
        print(f"| {'page':46} | queries | median ms |   HTML KB | gzipped KB |")
        print(f"| {'-' * 46} | ------: | --------: | --------: | ---------: |")
        for kind, address in {**{path: path for path in LISTS}, **one_address_of_each_kind()}.items():
            print(row(kind, address))
        print(row("the last page of programmes", "/programmes/?page=last"))


@contextmanager
def database() -> Iterator[None]:
    """A migrated database of its own: PostgreSQL where TEST_DATABASE_URL names one, otherwise an SQLite file."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ.setdefault("TEST_DATABASE_URL", f"sqlite:///{Path(folder) / 'db.sqlite3'}")
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""  # as in production
        call_command("migrate", verbosity=0)
        yield
        connections.close_all()


def row(kind: str, address: str) -> str:
    """Ask for a page again and again; gives its line of the table."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    queries = len(asked.captured_queries)  # now: the next request clears the log
    if response.status_code != 200:
        sys.exit(f"{address} answers {response.status_code}")
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - began) * 1000)
    size, packed = (len(content) / 1024 for content in (response.content, gzip.compress(response.content, 6)))
    return f"| {kind[:46]:46} | {queries:7} | {statistics.median(times):9.1f} | {size:9.1f} | {packed:10.1f} |"


if __name__ == "__main__":
    main()
