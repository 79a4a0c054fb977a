"""PostgreSQL's index also tells which words stand one after another; see `postgresql.py`.

What is there already has its marks after `manage.py rebuild_search`.
"""

from django.db import migrations, models

from trustportal.search.backends import BACKENDS


def make(apps, schema_editor):
    for statement in BACKENDS[schema_editor.connection.vendor].WITH_PAIRS:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_words_of_new_entries")]

    operations = [
        migrations.AddField(
            "searchentry",
            "pair_words",
            models.TextField(blank=True, default="", verbose_name="marks of two words one after another"),
            preserve_default=False,
        ),
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
