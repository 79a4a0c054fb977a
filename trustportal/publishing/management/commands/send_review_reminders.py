"""Reminds people of overdue reviews."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from trustportal.publishing.reminders import Outcome, remind


class Command(BaseCommand):
    """One mail a person with all the pages that wait for their review."""

    help = (
        "Reminds owners of the pages whose review is overdue, and publishers of those that nobody owns. Run it every "
        "day: nobody gets more than one reminder in seven days. Running it twice or two at once sends nothing twice."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say who would be reminded.")

    def handle(self, *args: object, **options: object) -> None:
        failed = 0
        for person, count, outcome in remind(timezone.localdate(), only_say=options["dry_run"]):
            failed += outcome == Outcome.FAILED
            self.stdout.write(f"{person} ({count} overdue) {outcome.value}.")
        if failed:
            raise CommandError(f"{failed} could not be reminded. The next run tries again.")
