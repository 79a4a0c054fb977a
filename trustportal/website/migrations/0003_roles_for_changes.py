"""The rights that came with changes, schedules and confirmations by partners."""

from django.db import migrations

from trustportal.accounts.roles import make_permissions_and_roles


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_mails"),
        ("partnerships", "0002_changes_and_confirmations"),
        ("programmes", "0002_changes"),
        ("publishing", "0002_versions_schedules_links_notices"),
        ("website", "0002_roles"),
    ]

    operations = [migrations.RunPython(make_permissions_and_roles, migrations.RunPython.noop, elidable=False)]
