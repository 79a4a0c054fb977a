"""Reminds people of figures that are due."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from programmes.reminders import remind
from trustportal.publishing.reminders import Outcome


class Command(BaseCommand):
    """One mail a person with all the metrics whose next figure is due."""

    help = (
        "Tells owners of outcome metrics, and publishers where nobody owns one, that the next figure is due within a "
        "week or late. Run it every day: nobody gets more than one such mail in seven days. Running it twice or two at "
        "once sends nothing twice."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say who would be told.")

    def handle(self, *args: object, **options: object) -> None:
        failed = 0
        for person, count, outcome in remind(timezone.localdate(), only_say=options["dry_run"]):
            failed += outcome == Outcome.FAILED
            self.stdout.write(f"{person} ({count} due) {outcome.value}.")
        if failed:
            raise CommandError(f"{failed} could not be told. The next run tries again.")
