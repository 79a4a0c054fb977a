"""The rights on words that mean the same, and on searches that found nothing."""

from django.db import migrations

from trustportal.accounts.roles import make_permissions_and_roles


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_synonyms"),
        ("website", "0005_roles_for_corrections"),
    ]

    operations = [migrations.RunPython(make_permissions_and_roles, migrations.RunPython.noop, elidable=False)]
