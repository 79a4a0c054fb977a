"""All that the migrations named below made, step by step, at once."""

import django.core.serializers.json
import django.db.models.deletion
import trustportal.publishing.models.record
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('publishing', '0001_initial'),
        ('publishing', '0002_versions_schedules_links_notices'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='record')),
                ('slug', models.SlugField(max_length=100, verbose_name='former address')),
            ],
            options={
                'verbose_name': 'former address',
                'verbose_name_plural': 'former addresses',
                'indexes': [models.Index(fields=['content_type', 'object_id'], name='formerslug_record')],
                'constraints': [models.UniqueConstraint(fields=('content_type', 'slug'), name='publishing_formerslug_leads_to_one_record', violation_error_message='This former address already leads to a record.')],
            },
        ),
        migrations.CreateModel(
            name='Act',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='record')),
                ('verb', models.CharField(choices=[('added', 'Added'), ('edited', 'Edited'), ('started', 'Change started'), ('restored', 'Change started from an old version'), ('discarded', 'Change discarded'), ('submitted', 'Submitted for review'), ('returned', 'Returned to draft'), ('scheduled', 'Scheduled'), ('unscheduled', 'Schedule cancelled'), ('failed', 'Schedule could not be kept'), ('published', 'Published'), ('updated', 'Updated'), ('corrected', 'Corrected'), ('reviewed', 'Reviewed, still right'), ('withdrawn', 'Withdrawn'), ('shared', 'Shared by link'), ('unshared', 'Link revoked'), ('asked', 'Partner asked to confirm'), ('answered', 'Partner answered')], max_length=12, verbose_name='act')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('done_at', models.DateTimeField(verbose_name='time')),
                ('note', models.TextField(blank=True, verbose_name='note')),
            ],
            options={
                'verbose_name': 'act',
                'verbose_name_plural': 'acts',
                'indexes': [models.Index(fields=['content_type', 'object_id', 'done_at'], name='act_record')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='record')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('occasion', models.CharField(choices=[('saved', 'Saved'), ('submitted', 'Submitted for review'), ('published', 'Published')], max_length=10, verbose_name='occasion')),
                ('data', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='text')),
                ('edit_number', models.PositiveIntegerField(default=0, verbose_name='save')),
                ('made_at', models.DateTimeField(verbose_name='time')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'version',
                'verbose_name_plural': 'versions',
                'constraints': [models.UniqueConstraint(fields=('content_type', 'object_id', 'number'), name='publishing_version_number_once', violation_error_message='This version is there already.')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='record')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('kind', models.CharField(choices=[('review-asked', 'Review asked'), ('returned', 'Returned to draft'), ('published', 'Published'), ('partner-answered', 'Partner answered'), ('schedule-failed', 'Schedule could not be kept'), ('unscheduled', 'Schedule cancelled')], max_length=20, verbose_name='about')),
                ('text', models.TextField(verbose_name='text')),
                ('address', models.CharField(max_length=250, verbose_name='address')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'indexes': [models.Index(fields=['sent_at', 'person'], name='notice_unsent')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='record')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('seen_at', models.DateTimeField(verbose_name='seen')),
            ],
            options={
                'verbose_name': 'open form',
                'verbose_name_plural': 'open forms',
                'constraints': [models.UniqueConstraint(fields=('content_type', 'object_id', 'person'), name='publishing_presence_once', violation_error_message='This person has it open already.')],
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='record')),
                ('act', models.CharField(choices=[('publish', 'Publish'), ('withdraw', 'Withdraw')], max_length=10, verbose_name='act')),
                ('due_at', models.DateTimeField(verbose_name='time')),
                ('reason', models.TextField(blank=True, max_length=400, verbose_name='reason for withdrawal')),
                ('see_instead', models.CharField(blank=True, max_length=250, validators=[trustportal.publishing.models.record.leads_somewhere], verbose_name='see instead')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                ('fault', models.TextField(blank=True, verbose_name='why it could not be kept')),
            ],
            options={
                'verbose_name': 'schedule',
                'verbose_name_plural': 'schedules',
                'indexes': [models.Index(fields=['due_at'], name='schedule_due')],
                'constraints': [models.UniqueConstraint(fields=('content_type', 'object_id', 'act'), name='publishing_schedule_once', violation_error_message='This is scheduled already. Cancel the schedule first.')],
            },
        ),
        migrations.CreateModel(
            name='ShareLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='record')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
            ],
            options={
                'verbose_name': 'share link',
                'verbose_name_plural': 'share links',
                'indexes': [models.Index(fields=['content_type', 'object_id'], name='sharelink_record')],
            },
        ),
    ]
