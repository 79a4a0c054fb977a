"""How long the network takes: a layout, a publication, the page and its files. `python -m tests.benchmarks.networks`.

All content is made up (see `tests/made_up.py`), in a database that is thrown away. Times are milliseconds in this
process, without network and server: the median of 20 requests.
"""

import gzip
import statistics
import time
from collections.abc import Callable, Iterable

from tests.benchmarks.pages import database

TIMES = 20
SIZES = [60, 500]  # organisations


def main() -> None:
    """Make networks of two sizes, measure, print a table."""
    with database():
        from django.core.management import call_command
        from django.db import connection
        from django.test import Client

        from partnerships.models import Organisation
        from tests import made_up
        from trustportal.networks.models import Tie, Work

        for size in SIZES:
            call_command("flush", interactive=False, verbosity=0)
            made_up.make_network(size)
            made_up.let_the_database_take_stock()
            works, ties = Work.objects.count(), Tie.objects.count()
            print(f"\n{connection.display_name}: {size} organisations, {works} works, {ties} ties\n")
            print(f"| {'what':44} | median ms |      KB | gzipped KB |")
            print(f"| {'-' * 44} | --------: | ------: | ---------: |")
            print(row("the whole laid out anew (the command)", *timed(lay_out, range(3))))
            print(row("a publication: upkeep and places", *timed(publish, range(TIMES))))
            print(row("  of it: what the record says of it", *timed(say, range(TIMES))))
            client, slug = Client(HTTP_HOST="127.0.0.1"), Organisation.objects.order_by("pk").first().slug
            for address in [
                "/network/",
                "/network/?open=nhs-trust",
                f"/network/?partner={slug}",
                f"/network/?partner={slug}&steps=2",
                "/network/?kind=charity&as-at=2018",
                "/network.svg",
                "/network.json",
                "/network.graphml",
            ]:
                times, answers = timed(client.get, [address] * TIMES)
                print(row(address, times, answers))


def lay_out(_number: int) -> None:
    """As the command does it."""
    import io

    from django.core.management import call_command

    call_command("rebuild_network", stdout=io.StringIO())


def publish(number: int) -> None:
    """What a publication of a changed partnership adds: another partner takes part each time."""
    from django.db import transaction

    from partnerships.models import Membership, Organisation, Partnership

    with transaction.atomic():
        partnership = Partnership.objects.order_by("pk")[number]
        other = Organisation.objects.order_by("-pk")[number]
        Membership.objects.get_or_create(partnership=partnership, organisation=other, role="funder")
        partnership.on_published()


def say(number: int) -> None:
    """What it takes to read a record's own part."""
    from partnerships.models import Partnership

    Partnership.objects.order_by("pk")[number].to_network()


def timed(act: Callable, arguments: Iterable) -> tuple[list[float], list]:
    """Do something again and again: milliseconds and what came back, once for each argument."""
    times, answers = [], []
    for argument in arguments:
        began = time.perf_counter()
        answers.append(act(argument))
        times.append((time.perf_counter() - began) * 1000)
    return times, answers


def row(what: str, times: list[float], answers: list) -> str:
    """A line of the table."""
    content = answers[-1].content if answers[-1] is not None and hasattr(answers[-1], "content") else b""
    sizes = (len(content) / 1024, len(gzip.compress(content, 6)) / 1024 if content else 0)
    shown = " | ".join(f"{size:7.1f}" if content else " " * 7 for size in sizes)
    return f"| {what[:44]:44} | {statistics.median(times):9.1f} | {shown:>20} |"


if __name__ == "__main__":
    main()
