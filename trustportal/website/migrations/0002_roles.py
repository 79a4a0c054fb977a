"""The roles Author, Publisher and Administrator as groups."""

from django.db import migrations

from trustportal.accounts.roles import make_permissions_and_roles


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("feedback", "0001_initial"),
        ("partnerships", "0001_initial"),
        ("programmes", "0001_initial"),
        ("publishing", "0001_initial"),
        ("website", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_permissions_and_roles, migrations.RunPython.noop, elidable=False)]
