"""Sends the mails that wait."""

import argparse
import datetime
import logging

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from trustportal.accounts.models import User
from trustportal.publishing import mail
from trustportal.publishing.models import Notice

KEPT = datetime.timedelta(days=90)  # what was sent

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """What waits for people who want it at once, or the day's digests."""

    help = (
        "Sends the notices that wait: without an option to those who want each at once (what could not be sent when it "
        "was made; run it every ten minutes), with --digest one mail to each person who wants one a day (run it every "
        "morning). Running it twice or two at once sends nothing twice; a mail that fails stops none of the others."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--digest", action="store_true", help="Send each person who wants it one mail with all.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what waits.")

    def handle(self, *args: object, **options: object) -> None:
        notices = Notice.objects.unsent()
        notices = notices.for_digest() if options["digest"] else notices.at_once()
        waiting = notices.filter(person__is_active=True)  # who has left gets no mail
        failed = 0
        for person in User.objects.filter(pk__in=waiting.order_by().values("person")).order_by("username"):
            keys = list(waiting.filter(person=person).values_list("pk", flat=True))
            if options["dry_run"]:
                self.stdout.write(f"{person}: {len(keys)} to send.")
            elif not person.email:
                self.stdout.write(f"{person} has no email address: {len(keys)} cannot be sent.")
            else:
                not_sent = self.send(person, keys, as_digest=options["digest"])
                self.stdout.write(f"{person}: {len(keys) - not_sent} sent, {not_sent} not.")
                failed += not_sent
        if not options["dry_run"]:
            Notice.objects.sent_before(timezone.now() - KEPT).delete()
        if failed:
            raise CommandError(f"{failed} could not be sent. What the mail server did not take waits for the next run.")

    def send(self, person: User, keys: list[int], *, as_digest: bool) -> int:
        """Send one person what waits. Gives how many notices could not be sent."""
        failed: set[int] = set()
        for together in [keys] if as_digest else [[key] for key in keys]:
            try:
                if as_digest:
                    mail.send_digest(person)
                else:
                    mail.send_each(together)
            except Exception:
                log.exception("Notices could not be sent.")
                failed |= set(together)
        return len(failed | set(Notice.objects.unsent().filter(pk__in=keys).values_list("pk", flat=True)))
