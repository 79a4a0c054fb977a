"""The rights on corrections of figures."""

from django.db import migrations

from trustportal.accounts.roles import make_permissions_and_roles


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0005_figures_that_were_there"),
        ("website", "0004_roles_for_new_limits"),
    ]

    operations = [migrations.RunPython(make_permissions_and_roles, migrations.RunPython.noop, elidable=False)]
