"""Publishes and withdraws what is scheduled."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format

from trustportal.publishing import scheduling
from trustportal.publishing.models import Schedule


class Command(BaseCommand):
    """Keeps the schedules whose time has come."""

    help = (
        "Publishes and withdraws what is scheduled and due. Run it every minute. Running it late, twice or two at once "
        "does nothing twice; a record that fails stops none of the others, and whoever scheduled it is told."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what is due.")

    def handle(self, *args: object, **options: object) -> None:
        now = timezone.now()
        if options["dry_run"]:
            for made in Schedule.objects.due(now).prefetch_related("record"):
                time = date_format(timezone.localtime(made.due_at), "j F Y, H:i")
                self.stdout.write(f"{made.get_act_display()}: {made.record} (due {time})")
            return
        failed = 0
        for act, words, is_done in scheduling.keep_due(now):
            if is_done:
                self.stdout.write(f"Done. {act}: {words}")
            else:
                failed += 1
                self.stderr.write(f"Failed. {act}: {words}")
        if failed:
            raise CommandError(f"{failed} could not be kept. The lines above say why.")
