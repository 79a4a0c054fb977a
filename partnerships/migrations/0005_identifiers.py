"""Columns that may be empty first, so that the rows that are there can be given values before the rules hold."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("partnerships", "0004_dates")]

    operations = [
        migrations.AddField(model_name='agreement', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='aim', name='modified_at', field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last change of any kind')),
        migrations.AddField(model_name='aim', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='area', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='membership', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='organisation', name='modified_at', field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last change of any kind')),
        migrations.AddField(model_name='organisation', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='organisationidentifier', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='organisationname', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='partnership', name='modified_at', field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last change of any kind')),
        migrations.AddField(model_name='partnership', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='partnershippriority', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='priority', name='modified_at', field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last change of any kind')),
        migrations.AddField(model_name='priority', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='site', name='modified_at', field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last change of any kind')),
        migrations.AddField(model_name='site', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='source', name='modified_at', field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last change of any kind')),
        migrations.AddField(model_name='source', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='strategy', name='modified_at', field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last change of any kind')),
        migrations.AddField(model_name='strategy', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='strategyvalue', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='succession', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
    ]
