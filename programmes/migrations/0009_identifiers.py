"""Columns that may be empty first, so that the rows that are there can be given values before the rules hold."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("programmes", "0008_dates_and_figures_of_note")]

    operations = [
        migrations.AddField(model_name='board', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='boardmember', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='buddyingarrangement', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='correction', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='localcarenetwork', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='observation', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='outcomemetric', name='modified_at', field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last change of any kind')),
        migrations.AddField(model_name='outcomemetric', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='participation', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='place', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='programme', name='modified_at', field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last change of any kind')),
        migrations.AddField(model_name='programme', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='rebase', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='satellitesite', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='service', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
        migrations.AddField(model_name='statement', name='uuid', field=models.UUIDField(editable=False, null=True, verbose_name='identifier')),
    ]
