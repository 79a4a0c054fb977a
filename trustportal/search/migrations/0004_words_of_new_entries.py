"""SQLite's table of words is filled with the entries, no longer by a trigger; see `sqlite.py`."""

from django.db import migrations


def drop_trigger(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS search_words_added")


class Migration(migrations.Migration):
    dependencies = [("search", "0003_synonyms")]

    operations = [migrations.RunPython(drop_trigger, migrations.RunPython.noop)]
