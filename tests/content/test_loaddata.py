"""A broken fixture is refused as a whole, and the message names the file, the record and the fault."""

import datetime
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from partnerships.models import Area, Organisation, Site, Source
from tests.content.conftest import FIXTURES, all_rows

pytestmark = pytest.mark.usefixtures("content")

ROWS = [row for path in FIXTURES for row in json.loads(Path(path).read_text(encoding="utf-8"))]


def row(model: str, **changes: object) -> dict:
    """A row as the fixtures have it, with a slug and an identifier of its own and changes; "_" leaves a field out."""
    fields = next(row["fields"] for row in ROWS if row["model"] == model)
    own = {"uuid": "_"} | ({"slug": "broken"} if "slug" in fields else {})
    return {"model": model, "fields": {k: v for k, v in {**fields, **own, **changes}.items() if v != "_"}}


def part(model: str, **changes: object) -> dict:
    """A row of a published programme, with changes."""
    return row(model, **{"programme": ["medway-integrated-care"], **changes})


GOOD = row("partnerships.area", slug="somewhere", name="Somewhere", code="")

BROKEN = {
    "a reference to nothing": (
        part("programmes.participation", organisation=["nobody"]),
        ["programmes.participation medway-integrated-care, nobody", "organisation: There is no organisation “nobody”."],
    ),
    "a record that belongs to nothing": (
        part("programmes.statement", programme=["no-programme"]),
        ["programmes.statement no-programme, ", "programme: There is no programme “no-programme”."],
    ),
    "an optional reference to nothing": (
        row("partnerships.site", area=["nowhere"]),
        ["partnerships.site broken", "area: There is no area “nowhere”."],
    ),
    "one of several references to nothing": (
        row("partnerships.site", sources=[["together-we-care-page"], ["no-source"]]),
        ["partnerships.site broken", "sources: There is no source “no-source”."],
    ),
    "a number that leads nowhere": (
        row("partnerships.site", area=999_999),
        ["partnerships.site broken", "area: There is no area “999999”."],
    ),
    "a reference left empty": (
        row("partnerships.source", publisher=None),
        ["partnerships.source broken", "publisher: It cannot be empty."],
    ),
    "a reference left out": (
        row("partnerships.source", publisher="_"),
        ["partnerships.source broken", "publisher: It cannot be empty."],
    ),
    "one key where a list belongs": (
        row("partnerships.site", sources="together-we-care-page"),
        ["partnerships.site broken", "sources: Write a list"],
    ),
    "an unknown field": (
        row("partnerships.site", colour="red"),
        ["partnerships.site broken", "There is no field “colour”."],
    ),
    "the other end of a relation": (
        row("partnerships.site", places=[]),
        ["partnerships.site broken", "There is no field “places”."],
    ),
    "an unknown model": (
        {"model": "partnerships.planet", "fields": {}},
        ["record 2", "There is no model “partnerships.planet”."],
    ),
    "a record without fields": ({"model": "partnerships.site"}, ["record 2", "needs a “model” and “fields”"]),
    "a wrong choice": (
        row("partnerships.organisation", kind="planet"),
        ["partnerships.organisation broken", "kind: ", "planet"],
    ),
    "a wrong choice in a field that no form has": (
        row("partnerships.organisation", state="famous"),
        ["partnerships.organisation broken", "state: “famous” is not one of the choices."],
    ),
    "a malformed partial date": (
        row("partnerships.source", changed_on="2022-13"),
        ["partnerships.source broken", "changed_on: “2022-13” is not a date"],
    ),
    "a malformed date": (
        row("partnerships.source", last_reviewed_on="soon"),
        ["partnerships.source broken", "last_reviewed_on: “soon”"],
    ),
    "a malformed number": (
        row("partnerships.site", latitude="north"),
        ["partnerships.site broken", "latitude: ", "north"],
    ),
    "an empty text": (row("partnerships.site", summary=""), ["partnerships.site broken", "summary: "]),
    "a text that is too long": (
        row("partnerships.site", summary="long " * 100),
        ["partnerships.site broken", "summary: It is longer than 400 characters."],
    ),
    "a slug with a space": (row("partnerships.area", slug="two words"), ["partnerships.area two words", "slug: "]),
    "malformed fact ids": (row("partnerships.site", provenance="GST 1"), ["partnerships.site broken", "provenance: "]),
    "a rule of the database": (
        row("partnerships.organisation", slug="broken", closed_on="2020"),
        [
            "partnerships.organisation broken",
            "For a closed organisation fill in when it closed, why, and what followed.",
        ],
    ),
    "a code that another has": (
        row(
            "partnerships.organisationidentifier",
            organisation=["medway-nhs-foundation-trust"],
            value="RJ1",
            scheme="ods",
        ),
        [
            "partnerships.organisationidentifier medway-nhs-foundation-trust, ods, RJ1",
            "Another organisation has this code.",
        ],
    ),
    "a rule of the row": (
        row("partnerships.organisationidentifier", value="rj1"),
        ["partnerships.organisationidentifier guys-and-st-thomas, ods, rj1", "value: An ODS code is"],
    ),
    "a rate that is stored": (
        row("programmes.observation", metric=["gained-employment"], numerator=None, denominator=None, value="59"),
        ["programmes.observation gained-employment", "value: This outcome is a rate"],
    ),
    "a programme without the facts of its kind": (
        row("programmes.programme", slug="broken", kind="buddying"),
        ["programmes.programme broken", "Fill in the facts of the buddying arrangement."],
    ),
    "a statement that does not apply": (
        part("programmes.statement", kind="step", position=1, happened_on=None, progress="", audience=""),
        ["programmes.statement medway-integrated-care, step, 1", "it does not apply to this kind of programme"],
    ),
    "a gap in the numbers": (
        part("programmes.statement", kind="lesson", position=2, happened_on=None, progress="", audience=""),
        ["programmes.statement medway-integrated-care, lesson, 2", "without gaps"],
    ),
    "the same record again": (GOOD, ["partnerships.area somewhere", "This record stands twice in the file."]),
}


def refusal(*paths: Path) -> str:
    """What `loaddata` says when it refuses; nothing may be left of any file."""
    before = all_rows()
    with pytest.raises(CommandError) as refused:
        call_command("loaddata", *map(str, paths), verbosity=0)
    assert all_rows() == before
    return str(refused.value)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_the_record_and_the_fault(tmp_path, name):
    broken, expected = BROKEN[name]
    path = tmp_path / "broken.json"
    path.write_text(json.dumps([GOOD, broken]), encoding="utf-8")
    message = refusal(path)
    assert message.startswith(f"{path}, record 2")
    assert [words for words in expected if words not in message] == [], message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"model": "partnerships.area",]', "line 1"),
        ("", "line 1"),
        ('{"model": "partnerships.area"}', "A fixture is a list of records."),
        ("[1]", "record 1: A record needs a “model” and “fields”."),
    ],
)
def test_a_file_that_is_no_list_of_records_is_refused(tmp_path, text, expected):
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    message = refusal(path)
    assert message.startswith(str(path))
    assert expected in message


def test_nothing_is_left_of_the_files_before_the_broken_one(tmp_path):
    good, broken = tmp_path / "good.json", tmp_path / "broken.json"
    good.write_text(json.dumps([GOOD]), encoding="utf-8")
    broken.write_text("[", encoding="utf-8")
    assert str(broken) in refusal(good, broken)


def test_a_part_that_breaks_its_record_is_named_though_the_record_is_in_no_file(tmp_path):
    path = tmp_path / "part.json"
    lost = part("programmes.place", site=["st-thomas-hospital"], services=[])
    path.write_text(json.dumps([lost]), encoding="utf-8")
    message = refusal(path)
    assert message.startswith(f"{path}, record 1 (programmes.place medway-integrated-care, st-thomas-hospital)")
    assert "Only a satellite site has places with services." in message


def test_a_draft_may_be_unfinished(tmp_path):
    path = tmp_path / "draft.json"
    draft = row("programmes.programme", kind="buddying", state="draft")
    path.write_text(json.dumps([draft]), encoding="utf-8")
    call_command("loaddata", str(path), verbosity=0)


def test_a_reference_may_lead_to_a_record_that_comes_later(tmp_path):
    path = tmp_path / "later.json"
    earlier = row("partnerships.site", slug="earlier", area=["somewhere"], sources=[["later"]])
    path.write_text(json.dumps([earlier, GOOD, row("partnerships.source", slug="later")]), encoding="utf-8")
    call_command("loaddata", str(path), verbosity=0)


def load(path: Path, *rows: dict) -> None:
    """Write rows into a file and load it."""
    path.write_text(json.dumps(rows), encoding="utf-8")
    call_command("loaddata", str(path), verbosity=0)


def test_published_records_that_state_no_review_get_dates_spread_over_the_second_half_of_the_interval(tmp_path):
    undated = {"last_reviewed_on": "_", "next_review_due_on": None, "first_published_at": "2026-01-05T23:30:00Z"}
    rows = [row("partnerships.organisation", slug=f"undated-{n}", **undated) for n in range(4)]
    load(tmp_path / "undated.json", *rows)
    today = timezone.localdate()
    loaded = Organisation.objects.filter(slug__startswith="undated-").order_by("slug")
    assert {record.last_reviewed_on for record in loaded} == {datetime.date(2026, 1, 5)}
    assert [(record.next_review_due_on - today).days for record in loaded] == [227, 273, 319, 365]


def test_fixtures_that_state_their_reviews_keep_them_and_drafts_get_none(tmp_path):
    dated = row("partnerships.site", slug="dated", last_reviewed_on="2025-01-01", next_review_due_on="2025-07-01")
    draft = row("partnerships.site", slug="draft", state="draft", last_reviewed_on="_", next_review_due_on="_")
    load(tmp_path / "dated.json", dated, draft)
    dates = dict.fromkeys(["dated", "draft"])
    for site in Site.objects.filter(slug__in=dates):
        dates[site.slug] = (str(site.last_reviewed_on), str(site.next_review_due_on))
    assert dates == {"dated": ("2025-01-01", "2025-07-01"), "draft": ("None", "None")}


def test_a_file_that_states_one_of_the_two_dates_is_refused_as_before(tmp_path):
    path = tmp_path / "half.json"
    path.write_text(json.dumps([row("partnerships.site", slug="half", next_review_due_on="_")]), encoding="utf-8")
    assert "A record that was reviewed says when its next review is due." in refusal(path)


def test_another_format_is_refused(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    assert refusal(path) == f"{path}: The portal loads fixtures in JSON only."


def test_a_row_that_is_loaded_again_keeps_its_identifier_unless_the_file_says_another(tmp_path):
    path = tmp_path / "again.json"
    path.write_text(json.dumps([GOOD]), encoding="utf-8")
    call_command("loaddata", str(path), verbosity=0)
    first = Area.objects.get(slug="somewhere").uuid
    call_command("loaddata", str(path), verbosity=0)
    assert Area.objects.get(slug="somewhere").uuid == first
    another = "00000000-0000-4000-8000-000000000001"
    path.write_text(json.dumps([row("partnerships.area", slug="somewhere", code="", uuid=another)]), encoding="utf-8")
    call_command("loaddata", str(path), verbosity=0)
    assert str(Area.objects.get(slug="somewhere").uuid) == another


def test_a_published_record_changed_when_a_file_first_said_what_it_says(tmp_path):
    path = tmp_path / "source.json"
    path.write_text(json.dumps([row("partnerships.source", slug="later")]), encoding="utf-8")
    before = timezone.now()
    call_command("loaddata", str(path), verbosity=0)
    source = Source.objects.get(slug="later")
    assert source.modified_at >= before
    once = source.modified_at
    call_command("loaddata", str(path), verbosity=0)
    source.refresh_from_db()
    assert source.modified_at == once
    path.write_text(json.dumps([row("partnerships.source", slug="later", summary="Another one.")]), encoding="utf-8")
    call_command("loaddata", str(path), verbosity=0)
    source.refresh_from_db()
    assert once < source.modified_at
