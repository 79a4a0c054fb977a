"""Note anew which figures are worth a place on a timeline; needed once, for figures that were there before."""

from django.core.management.base import BaseCommand
from django.db import transaction

from programmes.models import OutcomeMetric
from trustportal.publishing import workflow


class Command(BaseCommand):
    help = (
        "Notes which approved figures are told on the timeline: the first, the latest, the first that met its target."
    )

    def handle(self, *args: object, **options: object) -> None:
        keys = list(OutcomeMetric.objects.published().order_by("pk").values_list("pk", flat=True))
        for key in keys:
            with transaction.atomic():
                workflow.locked(OutcomeMetric(pk=key)).refresh_figures()
        self.stdout.write(f"{len(keys)} outcomes were looked at.")
