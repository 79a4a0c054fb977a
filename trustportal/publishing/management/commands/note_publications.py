"""Note when records were published that were loaded; needed once, for those that were there before."""

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from trustportal.publishing.ledger import note_loaded
from trustportal.publishing.models import Publishable

AT_ONCE = 1000


class Command(BaseCommand):
    help = "Notes when records that were loaded were published and updated, so that readers are told."

    def handle(self, *args: object, **options: object) -> None:
        made = 0
        for model in apps.get_models():
            if issubclass(model, Publishable):
                keys = list(model.objects.ever_published().order_by("pk").values_list("pk", flat=True))
                for start in range(0, len(keys), AT_ONCE):
                    with transaction.atomic():
                        made += note_loaded(model, keys[start : start + AT_ONCE])
        self.stdout.write(f"{made} notes were made.")
