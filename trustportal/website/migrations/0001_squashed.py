"""All that the migrations named below made, step by step, at once."""

import django.core.validators
import django.db.models.deletion
import trustportal.website.models
from django.db import migrations, models

from trustportal.accounts.roles import make_permissions_and_roles


class Migration(migrations.Migration):

    replaces = [
        ('website', '0001_initial'),
        ('website', '0002_roles'),
        ('website', '0003_roles_for_changes'),
        ('website', '0004_roles_for_new_limits'),
        ('website', '0005_roles_for_corrections'),
        ('website', '0006_roles_for_search'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_squashed'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('feedback', '0001_initial'),
        ('programmes', '0001_squashed'),
        ('publishing', '0001_squashed'),
        ('search', '0003_synonyms'),
        ('partnerships', '0001_squashed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Portal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='Partnerships portal', help_text='Shown at the top of every page.', max_length=60, verbose_name='name')),
                ('purpose', models.CharField(default='Who we work with, what we do together, where, and what came of it.', help_text='The first sentence of the home page.', max_length=250, verbose_name='what it is, in one sentence')),
                ('accent', models.CharField(default='#005eb8', help_text='The band at the top, for example: #005eb8. White text on it must be easy to read.', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}\\Z', 'Write the colour as # and six digits or small letters, such as #005eb8.'), trustportal.website.models.readable_under_white], verbose_name='accent colour')),
                ('logo', models.BinaryField(blank=True, null=True, verbose_name='logo')),
                ('logo_alt', models.CharField(blank=True, help_text='What the logo says, for those who do not see it.', max_length=100, verbose_name='logo in words')),
                ('uses_nhs_identity', models.BooleanField(default=False, help_text='Tick it only when the trust may use the NHS identity here: the logo that you upload then stands on the NHS blue band, and the NHS icons are used in browser tabs.', verbose_name='uses the NHS identity')),
                ('contact_team', models.CharField(blank=True, help_text='For example: Partnerships team.', max_length=100, verbose_name='team to contact')),
                ('contact_email', models.EmailField(blank=True, max_length=254, verbose_name='email')),
                ('contact_phone', models.CharField(blank=True, max_length=30, verbose_name='telephone')),
                ('contact_address', models.TextField(blank=True, max_length=300, verbose_name='postal address')),
                ('host', models.ForeignKey(blank=True, help_text='The organisation whose portal this is.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.organisation', verbose_name='host')),
            ],
            options={
                'verbose_name': 'portal settings',
                'verbose_name_plural': 'portal settings',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='website_portal_one_row', violation_error_message='The settings exist already: change them.'), models.CheckConstraint(condition=models.Q(models.Q(('logo__isnull', True), ('logo_alt', '')), models.Q(models.Q(('logo__isnull', True), _negated=True), models.Q(('logo_alt', ''), _negated=True)), _connector='OR'), name='website_portal_logo_in_words', violation_error_message='A logo needs its words, and words need a logo.')],
            },
        ),
        migrations.RunPython(make_permissions_and_roles, migrations.RunPython.noop, elidable=False),
    ]
