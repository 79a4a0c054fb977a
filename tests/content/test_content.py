"""The fixtures carry the facts of the sources: all of them, each in its place, in our own words."""

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import TextField

from partnerships.models import Organisation, Succession
from programmes.models import OutcomeMetric, Programme
from tests.content.carriers import carriers, plain, published_records, text_of
from tests.content.conftest import FIXTURES, SHARED, all_rows
from tests.content.facts import FACT_IDS, FIGURES

ROWS = [row for path in FIXTURES for row in json.loads(Path(path).read_text(encoding="utf-8"))]
RECORDS = [row["fields"] for row in ROWS if "state" in row["fields"]]
with_source_notes = pytest.mark.skipif(not SHARED.is_dir(), reason="the source notes are not beside the project")


@pytest.mark.usefixtures("content")
def test_every_fact_is_carried_by_a_published_record():
    assert set(carriers()) == FACT_IDS


@pytest.mark.usefixtures("content")
def test_a_record_that_carries_a_fact_says_it():
    lost = {}
    texts = {record: text_of(record) for record in published_records()}
    for fact, records in carriers().items():
        said = [texts[record] for record in records]
        missing = [figure for figure in FIGURES[fact] if not any(plain(figure) in text for text in said)]
        lost |= {fact: missing} if missing else {}
    assert lost == {}


def test_every_fact_has_words_that_a_reader_must_find():
    assert set(FIGURES) == FACT_IDS
    assert all(FIGURES.values())


@with_source_notes
def test_the_facts_are_those_of_the_source_notes():
    notes = "\n".join(path.read_text(encoding="utf-8") for path in (SHARED / "content").glob("*.md"))
    assert set(re.findall(r"^\| ([A-Z]{2,5}-\d+) ", notes, flags=re.M)) == FACT_IDS


@with_source_notes
def test_no_sentence_of_the_sources_is_repeated():
    check = subprocess.run(
        [sys.executable, SHARED / "tools" / "check_own_words.py", Path(FIXTURES[0]).parent],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.stdout.startswith("0 passages"), check.stdout


@pytest.mark.usefixtures("content")
def test_loading_again_changes_nothing():
    before = all_rows()
    call_command("loaddata", *FIXTURES, verbosity=0)
    assert all_rows() == before


def test_rows_are_known_by_their_names_and_not_by_numbers():
    assert [row["model"] for row in ROWS if "pk" in row] == ["website.portal"]
    keys = [key for row in ROWS for name, key in row["fields"].items() if is_relation(row["model"], name)]
    assert keys
    assert not [key for key in keys if isinstance(key, int)]


def is_relation(model: str, field: str) -> bool:
    """Whether a field points at another record."""
    return bool(apps.get_model(model)._meta.get_field(field).is_relation)


def test_every_record_is_published_and_reviewed():
    assert {record["state"] for record in RECORDS} == {"published"}
    assert all(record["summary"] and record["first_published_at"] and record["updated_at"] for record in RECORDS)
    assert all("2027-05-24" <= record["next_review_due_on"] <= "2027-11-23" for record in RECORDS)
    assert len({record["next_review_due_on"] for record in RECORDS}) == len(RECORDS)


def test_every_record_names_what_it_rests_on():
    assert [record["slug"] for record in RECORDS if record.get("sources") == []] == []


def test_no_web_address_is_made_up():
    assert {record.get(name, "") for record in RECORDS for name in ("url", "website")} == {""}


def test_no_text_is_longer_than_its_field():
    too_long = [
        (row["model"], field.name)
        for row in ROWS
        for field in apps.get_model(row["model"])._meta.concrete_fields
        if isinstance(field, TextField) and field.max_length
        if len(row["fields"].get(field.name) or "") > field.max_length
    ]
    assert too_long == []


def test_headings_in_texts_begin_with_the_second_level_and_skip_none():
    for row in ROWS:
        for text in row["fields"].values():
            levels = [1, *(len(marks) for marks in re.findall(r"^(#+) ", str(text), flags=re.M))]
            assert all(2 <= after <= before + 1 for before, after in pairwise(levels)), text


@pytest.mark.usefixtures("content")
def test_every_programme_has_the_facts_of_its_kind():
    programmes = Programme.objects.published()
    assert set(Programme.Kind) == {programme.kind for programme in programmes}
    assert [
        (programme.slug, programme.faults_as_a_whole()) for programme in programmes if programme.faults_as_a_whole()
    ] == []


@pytest.mark.usefixtures("content")
def test_every_metric_has_a_figure_or_says_why_not():
    assert not OutcomeMetric.objects.filter(observations__isnull=True).exists()


@pytest.mark.usefixtures("content")
def test_four_figures_stand_on_the_home_page():
    headlines = OutcomeMetric.objects.published().filter(headline_position__isnull=False).order_by("headline_position")
    figures = [metric.observations.get().figure_in_words for metric in headlines]
    assert figures == ["2,477", "59.2%", "6", "1st"]


def test_a_rate_is_worked_out_and_never_stored():
    assert "59.2" not in json.dumps(ROWS)


@pytest.mark.usefixtures("content")
def test_a_closed_organisation_leads_to_an_open_one():
    for organisation in Organisation.objects.published().filter(closed_on__isnull=False):
        followers = {organisation}
        while not any(follower.closed_on is None for follower in followers):
            followers = {succession.successor for succession in Succession.objects.filter(organisation__in=followers)}
            assert followers, organisation
