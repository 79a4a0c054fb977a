"""The rights on where the limits of control charts begin anew."""

from django.db import migrations

from trustportal.accounts.roles import make_permissions_and_roles


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0003_rebase"),
        ("website", "0003_roles_for_changes"),
    ]

    operations = [migrations.RunPython(make_permissions_and_roles, migrations.RunPython.noop, elidable=False)]
