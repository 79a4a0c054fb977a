"""Each row that was there gets an identifier of its own; a record last changed when it was last updated."""

import uuid

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

IDENTIFIED = ['agreement', 'aim', 'area', 'membership', 'organisation', 'organisationidentifier', 'organisationname', 'partnership', 'partnershippriority', 'priority', 'site', 'source', 'strategy', 'strategyvalue', 'succession']
RECORDS = ['aim', 'organisation', 'partnership', 'priority', 'site', 'source', 'strategy']
TOGETHER = 1000


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A thousand rows at a time."""
    for name in IDENTIFIED:
        model = apps.get_model("partnerships", name)
        rows = model._base_manager.filter(uuid__isnull=True).order_by("pk").only("pk")
        while some := list(rows[:TOGETHER]):
            for row in some:
                row.uuid = uuid.uuid4()
            model._base_manager.bulk_update(some, ["uuid"])
    for name in RECORDS:
        apps.get_model("partnerships", name)._base_manager.update(modified_at=F("updated_at"))


class Migration(migrations.Migration):

    dependencies = [("partnerships", "0005_identifiers")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
