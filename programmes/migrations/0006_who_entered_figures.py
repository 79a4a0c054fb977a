"""Whoever wrote a figure while it waited is noted, so that none of them approves it."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0005_figures_that_were_there"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name=name,
            name="also_entered_by",
            field=models.ManyToManyField(
                blank=True,
                editable=False,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="also entered by",
            ),
        )
        for name in ("observation", "correction")
    ]
