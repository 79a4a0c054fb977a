"""Writes the search's entries of all public records anew."""

import time

from django.core.management.base import BaseCommand

from trustportal.search.filling import Rebuild
from trustportal.search.models import FailedSearch

EVERY = 1.0  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Writes the search's entries of all public records anew, while the site goes on searching. Run it after an "
        "upgrade, and once a night: it takes up what was renamed elsewhere, and forgets old failed searches."
    )

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        rebuild, began = Rebuild(), time.monotonic()
        total, said = rebuild.total(), began
        for read in rebuild:
            if verbosity and time.monotonic() - said > EVERY:
                said = time.monotonic()
                self.stdout.write(f"{read:,} of {total:,}", ending="\r" if self.stdout.isatty() else "\n")
        FailedSearch.objects.outdated().delete()
        if verbosity:
            seconds = f"{time.monotonic() - began:.1f} s"
            self.stdout.write(f"{rebuild.read:,} records read, {rebuild.written:,} entries written in {seconds}.")
