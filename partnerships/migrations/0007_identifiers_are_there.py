"""Now that every row has one, each must have one."""

import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0006_identifiers_of_what_is_there'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='aim',
            name='partnerships_aim_published_since',
        ),
        migrations.RemoveConstraint(
            model_name='organisation',
            name='partnerships_organisation_published_since',
        ),
        migrations.RemoveConstraint(
            model_name='partnership',
            name='partnerships_partnership_published_since',
        ),
        migrations.RemoveConstraint(
            model_name='priority',
            name='partnerships_priority_published_since',
        ),
        migrations.RemoveConstraint(
            model_name='site',
            name='partnerships_site_published_since',
        ),
        migrations.RemoveConstraint(
            model_name='source',
            name='partnerships_source_published_since',
        ),
        migrations.RemoveConstraint(
            model_name='strategy',
            name='partnerships_strategy_published_since',
        ),
        migrations.AlterField(
            model_name='agreement',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='aim',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='area',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='organisationidentifier',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='organisationname',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='partnership',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='partnershippriority',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='priority',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='site',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='source',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='strategy',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='strategyvalue',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AlterField(
            model_name='succession',
            name='uuid',
            field=models.UUIDField(db_index=True, default=uuid.uuid4, editable=False, verbose_name='identifier'),
        ),
        migrations.AddIndex(
            model_name='aim',
            index=models.Index(fields=['state', 'modified_at', 'id'], name='aim_modified'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['state', 'modified_at', 'id'], name='organisation_modified'),
        ),
        migrations.AddIndex(
            model_name='partnership',
            index=models.Index(fields=['state', 'modified_at', 'id'], name='partnership_modified'),
        ),
        migrations.AddIndex(
            model_name='priority',
            index=models.Index(fields=['state', 'modified_at', 'id'], name='priority_modified'),
        ),
        migrations.AddIndex(
            model_name='site',
            index=models.Index(fields=['state', 'modified_at', 'id'], name='site_modified'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(fields=['state', 'modified_at', 'id'], name='source_modified'),
        ),
        migrations.AddIndex(
            model_name='strategy',
            index=models.Index(fields=['state', 'modified_at', 'id'], name='strategy_modified'),
        ),
        migrations.AddConstraint(
            model_name='aim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'withdrawn']), _negated=True), models.Q(('first_published_at__isnull', False), ('modified_at__isnull', False), ('updated_at__isnull', False)), _connector='OR'), name='partnerships_aim_published_since', violation_error_message='A published record says when it was first published, last updated and last changed.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'withdrawn']), _negated=True), models.Q(('first_published_at__isnull', False), ('modified_at__isnull', False), ('updated_at__isnull', False)), _connector='OR'), name='partnerships_organisation_published_since', violation_error_message='A published record says when it was first published, last updated and last changed.'),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'withdrawn']), _negated=True), models.Q(('first_published_at__isnull', False), ('modified_at__isnull', False), ('updated_at__isnull', False)), _connector='OR'), name='partnerships_partnership_published_since', violation_error_message='A published record says when it was first published, last updated and last changed.'),
        ),
        migrations.AddConstraint(
            model_name='priority',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'withdrawn']), _negated=True), models.Q(('first_published_at__isnull', False), ('modified_at__isnull', False), ('updated_at__isnull', False)), _connector='OR'), name='partnerships_priority_published_since', violation_error_message='A published record says when it was first published, last updated and last changed.'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'withdrawn']), _negated=True), models.Q(('first_published_at__isnull', False), ('modified_at__isnull', False), ('updated_at__isnull', False)), _connector='OR'), name='partnerships_site_published_since', violation_error_message='A published record says when it was first published, last updated and last changed.'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'withdrawn']), _negated=True), models.Q(('first_published_at__isnull', False), ('modified_at__isnull', False), ('updated_at__isnull', False)), _connector='OR'), name='partnerships_source_published_since', violation_error_message='A published record says when it was first published, last updated and last changed.'),
        ),
        migrations.AddConstraint(
            model_name='strategy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'withdrawn']), _negated=True), models.Q(('first_published_at__isnull', False), ('modified_at__isnull', False), ('updated_at__isnull', False)), _connector='OR'), name='partnerships_strategy_published_since', violation_error_message='A published record says when it was first published, last updated and last changed.'),
        ),
    ]
