"""`manage.py send_confirmation_reminders`: the mails to partners that wait. For a timer, once a day or more often."""

import logging
from collections.abc import Callable

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import timezone

from partnerships.confirmations import REMIND_BEFORE, read_text, send_reminder, send_request
from partnerships.models import Confirmation

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """Sends the questions whose mail has not gone out, then one reminder for each question that ends soon."""

    help = "Mail partners the questions that have not gone out, and remind those whose question ends within 7 days."

    def add_arguments(self, parser: object) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would be sent, and send nothing.")

    def handle(self, *args: object, dry_run: bool, **options: object) -> None:
        now = timezone.now()
        self.sent = self.failed = 0
        for what, waiting, send in [
            ("Question", Confirmation.objects.to_send(now), send_request),
            ("Reminder", Confirmation.objects.to_remind(now, REMIND_BEFORE), send_reminder),
        ]:
            self.send_each(what, waiting, None if dry_run else send)
        self.stdout.write(f"{'Would be sent' if dry_run else 'Sent'}: {self.sent}. Failed: {self.failed}.")
        if self.failed:
            raise CommandError(f"{self.failed} could not be sent. They wait for the next run.")

    def send_each(self, what: str, waiting: QuerySet, send: Callable[[Confirmation], bool] | None) -> None:
        """Send one by one, each read when its turn comes. One that fails stops none of the others."""
        for key in list(waiting.values_list("pk", flat=True)):
            confirmation = waiting.select_related("organisation", "asked_by").filter(pk=key).first()
            if confirmation is None or read_text(confirmation) is None:  # sent or answered since, or nothing to read
                continue
            outcome = "to be sent"
            if send:
                try:
                    is_sent = send(confirmation)
                except Exception:
                    log.exception("A mail to a partner could not be made.")
                    is_sent = False
                if not is_sent and not waiting.filter(pk=key).exists():  # somebody else has just sent it
                    continue
                outcome = "sent" if is_sent else "FAILED"
            self.failed += outcome == "FAILED"
            self.sent += outcome != "FAILED"
            self.stdout.write(f"{what}: {confirmation}: {outcome}")
