"""Figures that were there before somebody had to approve them count as approved."""

from django.db import migrations
from django.utils import timezone


def approve(apps, schema_editor):
    observations = apps.get_model("programmes", "Observation").objects.using(schema_editor.connection.alias)
    observations.filter(approved_at__isnull=True).update(approved_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_figures_are_approved")]

    operations = [migrations.RunPython(approve, migrations.RunPython.noop, elidable=True)]
