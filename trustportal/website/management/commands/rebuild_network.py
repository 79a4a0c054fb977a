"""`manage.py rebuild_network`: the network anew from the records, and its layout anew."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import QuerySet

from partnerships.models import Organisation, Partnership
from programmes.models import Programme
from trustportal.networks import placing
from trustportal.networks.keeping import take_down
from trustportal.networks.models import Node, Work

RECORDS = [Organisation, Partnership, Programme]
SAID_EVERY = 500  # records


class Command(BaseCommand):
    """Takes down what every public record says of the network, and lays all of it out."""

    help = "Make the network anew from the public records, and lay it out anew. Readers see the old one meanwhile."

    def handle(self, *args: object, **options: object) -> None:
        """Forget, keep, place; all or nothing."""
        with transaction.atomic():
            Work.objects.all().delete()
            Node.objects.all().delete()
            for model in RECORDS:
                self.keep_all(model.objects.published().for_network())
            placed = placing.place_all()
        self.stdout.write(f"{Node.objects.count()} nodes, {Work.objects.count()} works, {placed} places.")

    def keep_all(self, records: QuerySet) -> None:
        """Keep what each record says, and say how far it is."""
        count, name = records.count(), records.model._meta.verbose_name_plural
        waiting, done = [], 0
        for record in records.iterator(chunk_size=SAID_EVERY):
            waiting.append(record.to_network())
            if len(waiting) == SAID_EVERY or done + len(waiting) == count:
                take_down(waiting)
                waiting, done = [], done + len(waiting)
                self.stdout.write(f"{done} of {count} {name}")
        take_down(waiting)
