"""The system check that nothing of a record is forgotten by its versions."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.core.checks import Tags
from django.core.checks.registry import CheckRegistry
from django.db import models
from django.db.models.functions import Lower

from partnerships.models import Organisation
from trustportal.publishing.checks import check_versions, faults_of
from trustportal.publishing.models import OfRecord, Part, Publishable

pytestmark = pytest.mark.either_database


def found(isolated: object) -> list[tuple[str, str]]:
    """The errors among models made up for a test: the id's last part, and what it is about."""
    faults = list(faults_of(isolated.get_models()))
    assert all(fault.hint for fault in faults)
    return [(fault.id.removeprefix("publishing."), fault.msg) for fault in faults]


def of_record(**more: object) -> type[Publishable]:
    """A made-up kind of record."""
    body = {"__module__": __name__, "Meta": type("Meta", (Publishable.Meta,), {"app_label": "website"}), **more}
    return type("Story", (Publishable,), body)


def of_part(record: type[Publishable], name: str = "Chapter", **more: object) -> type[Part]:
    """A made-up kind of row that belongs to such a record."""
    options = more.pop("options", {})
    body = {
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "website", **options}),
        "record_field": "story",
        "natural_key_fields": ("story__slug",),
        "story": models.ForeignKey(record, models.CASCADE, related_name="chapters"),
        **more,
    }
    return type(name, (Part,), body)


def other(name: str, *bases: type, **fields: object) -> type[models.Model]:
    """Any other made-up model."""
    body = {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "website"}), **fields}
    return type(name, bases or (models.Model,), body)


def test_the_real_models_forget_nothing():
    assert check_versions(None) == []


def test_the_check_runs_with_django_s_own():
    asks = (
        "import django; django.setup(); from django.core.checks.registry import registry;"
        "print([check.__name__ for check in registry.registered_checks])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asks],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "check_versions" in done.stdout


def test_the_check_is_one_of_models():
    registry = CheckRegistry()
    registry.register(check_versions, Tags.models)

    assert registry.run_checks(tags=["models"]) == []


def test_a_relation_that_is_taken_from_the_list_is_named_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Organisation, "not_versioned", Publishable.not_versioned | {"search_entries"})

    [fault] = check_versions(None)

    assert fault.obj is Organisation
    assert "“remits” (Remit.organisation)" in fault.msg
    assert "“remits” to Organisation.not_versioned" in fault.hint


@pytest.mark.django_isolate_apps("trustportal.website")
def test_a_record_with_its_parts_is_well(django_isolated_apps):
    tag = other("Tag")
    record = of_record(tags=models.ManyToManyField(tag), part_of=models.ForeignKey("self", models.PROTECT))
    of_part(
        record, tags=models.ManyToManyField(tag, related_name="chapters"), tag=models.ForeignKey(tag, models.CASCADE)
    )

    assert found(django_isolated_apps) == []


@pytest.mark.django_isolate_apps("trustportal.website")
def test_what_hangs_on_a_record_without_being_its_part_is_named(django_isolated_apps):
    record = of_record()
    other("Comment", story=models.ForeignKey(record, models.CASCADE, related_name="comments"))
    other("Cover", story=models.OneToOneField(record, models.CASCADE))
    other("Shelf", stories=models.ManyToManyField(record, related_name="shelves"))

    assert sorted(found(django_isolated_apps)) == [
        ("E001", "“comments” (Comment.story) is neither versioned nor listed as not versioned."),
        ("E001", "“cover” (Cover.story) is neither versioned nor listed as not versioned."),
        ("E001", "“shelves” (Shelf.stories) is neither versioned nor listed as not versioned."),
    ]


@pytest.mark.django_isolate_apps("trustportal.website")
def test_what_is_listed_hidden_or_a_record_itself_is_not_named(django_isolated_apps):
    record = of_record(not_versioned=Publishable.not_versioned | {"comments"})
    other("Comment", story=models.ForeignKey(record, models.CASCADE, related_name="comments"))
    other("Counter", story=models.ForeignKey(record, models.CASCADE, related_name="+"))
    other("Question", OfRecord, story=models.ForeignKey(record, models.CASCADE, related_name="questions"))
    type(
        "Sequel",
        (Publishable,),
        {
            "__module__": __name__,
            "Meta": type("Meta", (Publishable.Meta,), {"app_label": "website"}),
            "story": models.ForeignKey(record, models.PROTECT, related_name="sequels"),
        },
    )

    assert found(django_isolated_apps) == []


@pytest.mark.django_isolate_apps("trustportal.website")
def test_a_generic_relation_is_named_unless_it_is_listed(django_isolated_apps):
    tagging = other(
        "Tagging",
        content_type=models.ForeignKey("contenttypes.ContentType", models.CASCADE, related_name="+"),
        object_id=models.PositiveBigIntegerField(),
        record=GenericForeignKey(),
    )
    of_record(taggings=GenericRelation(tagging))

    assert found(django_isolated_apps) == [
        ("E002", "The generic relation “taggings” is neither versioned nor listed as not versioned.")
    ]


@pytest.mark.django_isolate_apps("trustportal.website")
def test_whatever_points_at_a_part_is_named(django_isolated_apps):
    part = of_part(of_record(), before=models.ForeignKey("self", models.CASCADE, null=True, related_name="+"))
    other("Bookmark", chapter=models.ForeignKey(part, models.CASCADE))
    other("Hidden", chapter=models.OneToOneField(part, models.CASCADE, related_name="+"))
    other("Reader", chapters=models.ManyToManyField(part))

    faults = found(django_isolated_apps)

    assert {fault for fault, _ in faults} == {"E003"}
    assert sorted(words.split()[0] for _, words in faults) == [
        "Bookmark.chapter", "Chapter.before", "Hidden.chapter", "Reader.chapters",
    ]  # fmt: skip


@pytest.mark.django_isolate_apps("trustportal.website")
def test_a_list_of_a_part_with_a_table_of_its_own_points_at_the_part(django_isolated_apps):
    tag = other("Tag")
    part = of_part(of_record(), tags=models.ManyToManyField(tag, through="website.Tagging"))
    other(
        "Tagging",
        chapter=models.ForeignKey(part, models.CASCADE),
        tag=models.ForeignKey(tag, models.CASCADE),
        weight=models.IntegerField(),
    )

    assert [(fault, words.split()[0]) for fault, words in found(django_isolated_apps)] == [("E003", "Tagging.chapter")]


@pytest.mark.django_isolate_apps("trustportal.website")
def test_a_part_leads_to_a_record(django_isolated_apps):
    record, tag = of_record(), other("Tag")
    of_part(record, "WrongName", record_field="tale", story=None)
    of_part(record, "Unnamed", record_field="", story=None)
    of_part(record, "NoRelation", story=models.IntegerField())
    of_part(record, "NoRecord", story=models.ForeignKey(tag, models.CASCADE, related_name="+"))
    of_part(record, "NoWayBack", story=models.ForeignKey(record, models.CASCADE, related_name="+"))

    assert [fault for fault, _ in found(django_isolated_apps)] == ["E004"] * 5


@pytest.mark.django_isolate_apps("trustportal.website")
def test_a_part_that_is_unique_across_records_says_which_rows_are_live(django_isolated_apps):
    record = of_record()
    across = {"constraints": [models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="a")]}
    code = {"code": models.CharField(max_length=5)}

    def way(at: int) -> dict:
        return {"story": models.ForeignKey(record, models.CASCADE, related_name=f"ways_{at}")}

    of_part(record, "ByRule", options=across, **code, **way(1))
    of_part(record, "ByField", code=models.CharField(max_length=5, unique=True), **way(2))
    of_part(record, "Together", options={"unique_together": [("code", "provenance")]}, **code, **way(3))
    folded = {"constraints": [models.UniqueConstraint(Lower("code"), name="b")]}
    of_part(record, "ByExpression", options=folded, **code, **way(4))
    live = {"is_live": models.BooleanField(default=True)}
    of_part(record, "Live", options={"constraints": across["constraints"]}, **code, **live, **way(5))
    within = {
        "constraints": [
            models.UniqueConstraint(fields=["story", "code"], name="c"),
            models.UniqueConstraint("story", Lower("code").desc(), name="d"),
        ],
        "unique_together": [("story", "provenance")],
    }
    of_part(record, "Within", options=within, **code, **way(6))
    of_part(record, "Once", story=models.OneToOneField(record, models.CASCADE, related_name="once"))

    faults = list(faults_of(django_isolated_apps.get_models()))

    assert {(fault.id, fault.obj.__name__) for fault in faults} == {
        ("publishing.E005", name) for name in ("ByRule", "ByField", "Together", "ByExpression")
    }


@pytest.mark.django_isolate_apps("trustportal.website")
def test_rows_with_a_life_of_their_own_may_be_pointed_at(django_isolated_apps):
    record = of_record(not_versioned=Publishable.not_versioned | {"chapters"})
    part = of_part(record, code=models.CharField(max_length=5, unique=True))
    other("Bookmark", chapter=models.ForeignKey(part, models.CASCADE))

    assert found(django_isolated_apps) == []
