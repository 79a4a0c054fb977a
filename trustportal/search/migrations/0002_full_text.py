"""The index of words that each database has of its own."""

from django.db import migrations

from trustportal.search.backends import BACKENDS


def make(apps, schema_editor):
    for statement in BACKENDS[schema_editor.connection.vendor].MAKE:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    for statement in BACKENDS[schema_editor.connection.vendor].UNMAKE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
