"""What pages of FHIR resources cost with 10,000 made-up records of each kind: `make bench`.

Everything measured is made up (see `tests/made_up.py`), in a database that is thrown away. CPU and clock are
milliseconds of this process alone, the median of 30 requests, without network and server; on PostgreSQL the database
works in another process, so there the clock says more than the CPU.
"""

import argparse
import statistics
import sys
import time

from tests.benchmarks.pages import database

TIMES = 30
SEARCHES = {
    "100 organizations": "Organization?_count=100",
    "100 organizations without a total": "Organization?_count=100&_total=none",
    "100 organizations in the middle": "Organization?_count=100&_after=80000000-0000-4000-8000-000000000000",
    "by a code of the NHS": "Organization?identifier=https://fhir.nhs.uk/Id/ods-organization-code|X00077",
    "by a code": "Organization?identifier=X00077",
    "by the beginning of a name": "Organization?name=made-up organisation 77",
    "by a name that many have": "Organization?name=made-up&_count=100",
    "by a name that nobody has": "Organization?name=nobody",
    "by what is in a name": "Organization?name:contains=77",
    "by 5 texts in names that nobody has": "Organization?name:contains=" + ",".join(f"nobody {n}" for n in range(5)),
    "how many are active": "Organization?active=true&_summary=count",
    "changed lately": "Organization?_lastUpdated=ge2026-03-02T11:00:00Z&_count=100",
    "100 locations": "Location?_count=100",
    "100 services": "HealthcareService?_count=100",
    "100 affiliations": "OrganizationAffiliation?_count=100",
    "100 active affiliations": "OrganizationAffiliation?_count=100&active=true",
    "affiliations changed lately": "OrganizationAffiliation?_lastUpdated=ge2026-03-02T11:00:00Z&_count=100",
}


def main() -> None:
    """Make the records, ask each search, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000, help="how many of each main kind")
    records = parser.parse_args().records
    with database():
        from django.db import connection

        from partnerships.models import Membership, Organisation
        from tests import made_up

        made_up.make(records)
        made_up.let_the_database_take_stock()
        print(f"\n{connection.display_name}, {records:,} made-up records of each main kind\n")
        print("| answer                              | found | queries | CPU ms | clock ms |   KB |")
        print("| ----------------------------------- | ----: | ------: | -----: | -------: | ---: |")
        for name, address in SEARCHES.items():
            print(row(name, address))
        partner = Organisation.objects.published().order_by("pk").first()
        member = Membership.objects.order_by("pk").first()
        print(row("one organization", f"Organization/{partner.uuid}"))
        print(row("the affiliations of one", f"OrganizationAffiliation?participating-organization={partner.uuid}"))
        print(row("one affiliation", f"OrganizationAffiliation/{member.uuid}"))


def row(name: str, address: str) -> str:
    """Ask again and again; gives its line of the table."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    with CaptureQueriesContext(connection) as asked:
        response = client.get(f"/fhir/{address}")
    queries = len(asked.captured_queries)
    if response.status_code != 200:
        sys.exit(f"{address} answers {response.status_code}")
    clock, cpu = [], []
    for _ in range(TIMES):
        began, began_cpu = time.perf_counter(), time.process_time()
        client.get(f"/fhir/{address}")
        clock.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - began_cpu) * 1000)
    found, size = response.json().get("total", ""), len(response.content) / 1024
    middle = (statistics.median(times) for times in (cpu, clock))
    return f"| {name:35} | {found:5} | {queries:7} | " + "{:6.1f} | {:8.1f} ".format(*middle) + f"| {size:4.0f} |"


if __name__ == "__main__":
    main()
