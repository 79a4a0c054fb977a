"""The example of the demonstration: labelled, left out when asked, and no part of the seed content."""

import json
from itertools import pairwise

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from programmes.models import OutcomeMetric, Programme
from tests.factories import OrganisationFactory
from trustportal.website.management.commands import demo

pytestmark = pytest.mark.either_database  # the demonstration has SQLite

FOLDER = settings.BASE_DIR / "fixtures"
EXAMPLE = FOLDER / "examples" / "accident-and-emergency-attendances.json"
ROWS = json.loads(EXAMPLE.read_text(encoding="utf-8"))
RECORDS = [row["fields"] for row in ROWS if "state" in row["fields"]]
NAME = "Example: accident and emergency attendances"
LICENCE = "Contains public sector information licensed under the Open Government Licence v3.0."


@pytest.fixture
def without_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration without what takes long and is no matter of content."""

    def load_alone(name: str, *args: object, **kwargs: object) -> None:
        if name == "loaddata":
            call_command(name, *args, **kwargs)

    monkeypatch.setattr(demo, "call_command", load_alone)
    monkeypatch.delenv("SEED_ONLY", raising=False)


@pytest.mark.django_db
@pytest.mark.usefixtures("without_files")
def test_the_demonstration_shows_the_example():
    call_command("demo", "--prepare-only")
    programme = Programme.objects.published().get(name=NAME)
    assert programme.outcome_metrics.published().count() == 9


@pytest.mark.django_db
@pytest.mark.usefixtures("without_files")
def test_the_demonstration_leaves_the_example_out_when_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SEED_ONLY", "1")
    call_command("demo", "--prepare-only")
    assert Programme.objects.exists()
    assert not Programme.objects.filter(name__startswith="Example").exists()
    assert not OutcomeMetric.objects.filter(name__startswith="Example").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("without_files")
def test_a_portal_with_content_is_not_given_the_example():
    OrganisationFactory()
    call_command("demo", "--prepare-only")
    assert not Programme.objects.exists()


@pytest.mark.parametrize("text", ["perhaps", "2", ""])
def test_a_wish_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("SEED_ONLY", text)
    with pytest.raises(CommandError, match="SEED_ONLY=1"):
        call_command("demo", "--prepare-only")


def test_the_example_says_that_it_is_one():
    names = [
        row["fields"]["name"] for row in ROWS if row["model"] in {"programmes.programme", "programmes.outcomemetric"}
    ]
    assert len(names) == 10
    assert all(name.startswith("Example:") for name in names)


def test_the_example_names_the_licence_wherever_it_shows_figures():
    assert all(LICENCE in row["fields"]["caveats"] for row in ROWS if row["model"] == "programmes.outcomemetric")
    assert LICENCE in (EXAMPLE.parent / "README.md").read_text(encoding="utf-8")


def test_the_example_is_no_part_of_the_seed_content():
    for name in demo.SEED:
        assert "example-" not in (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    slugs = {
        row["fields"].get("slug") for name in demo.SEED for row in json.loads((FOLDER / f"{name}.json").read_text())
    }
    assert not slugs & {record["slug"] for record in RECORDS}


def test_every_record_is_published_with_the_dates_of_the_seed_content():
    assert {record["state"] for record in RECORDS} == {"published"}
    assert {record["first_published_at"] for record in RECORDS} == {"2026-11-23T09:00:00Z"}
    assert {record["last_reviewed_on"] for record in RECORDS} == {"2026-11-23"}
    due = sorted(record["next_review_due_on"] for record in RECORDS)
    assert all(before < after for before, after in pairwise(due))
