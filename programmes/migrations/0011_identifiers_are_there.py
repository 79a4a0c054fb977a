"""Now that every row has one, each must have one."""

import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0007_identifiers_are_there'),
        ('programmes', '0010_identifiers_of_what_is_there'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='outcomemetric',
            name='programmes_outcomemetric_published_since',
        ),
        migrations.RemoveConstraint(
            model_name='programme',
            name='programmes_programme_published_since',
        ),
        migrations.AlterField(
            model_name='board',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='boardmember',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='buddyingarrangement',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='correction',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='localcarenetwork',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='observation',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='outcomemetric',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='participation',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='place',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='rebase',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='satellitesite',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='service',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='statement',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AddIndex(
            model_name='outcomemetric',
            index=models.Index(fields=['state', 'modified_at', 'id'], name='outcomemetric_modified'),
        ),
        migrations.AddIndex(
            model_name='programme',
            index=models.Index(fields=['state', 'modified_at', 'id'], name='programme_modified'),
        ),
        migrations.AddConstraint(
            model_name='outcomemetric',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'withdrawn']), _negated=True), models.Q(('first_published_at__isnull', False), ('modified_at__isnull', False), ('updated_at__isnull', False)), _connector='OR'), name='programmes_outcomemetric_published_since', violation_error_message='A published record says when it was first published, last updated and last changed.'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'withdrawn']), _negated=True), models.Q(('first_published_at__isnull', False), ('modified_at__isnull', False), ('updated_at__isnull', False)), _connector='OR'), name='programmes_programme_published_since', violation_error_message='A published record says when it was first published, last updated and last changed.'),
        ),
    ]
