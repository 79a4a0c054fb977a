"""Words that mean the same to most readers of such a portal. Editors add to them and change them in the admin."""

from django.db import migrations

GROUPS = [
    "A&E, accident and emergency, emergency department, casualty",
    "CCG, clinical commissioning group",
    "GP, general practice, general practitioner, family doctor",
    "ICB, integrated care board",
    "ICS, integrated care system",
    "LCN, local care network",
    "MoU, memorandum of understanding",
    "cancer, oncology",
    "child, children, paediatric, pediatric",
    "heart, cardiac",
    "kidney, renal",
    "lung, respiratory, breathing",
    "mental health, psychiatric",
    "outcome, result",
    "partner, organisation",
    "radiotherapy, radiation therapy",
    "voluntary sector, third sector, charity",
]


def add(apps, schema_editor):
    model = apps.get_model("search", "Synonym")
    for words in GROUPS:
        model.objects.using(schema_editor.connection.alias).get_or_create(words=words)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
