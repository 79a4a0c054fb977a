"""The roles Author, Publisher and Administrator as groups."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from trustportal.accounts.roles import make_roles


def make_permissions_and_roles(apps, schema_editor):
    """Permissions are otherwise made only after the last migration."""
    using = schema_editor.connection.alias
    for app_config in apps.get_app_configs():
        app_config.models_module = True  # a migration's apps have none, and are passed over without
        create_permissions(app_config, apps=apps, verbosity=0, using=using)
        app_config.models_module = None
    make_roles(apps, using)


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
