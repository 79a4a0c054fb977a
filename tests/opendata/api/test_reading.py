"""Lists, single records, pages and fields: what programs read is what there is, and as it is described."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.opendata.api.asking import Asking, names_in
from trustportal.website.api.interface import BY_NAME, MODELS
from trustportal.website.datasets import DATASETS


def test_every_list_and_record_is_as_it_is_described(content, api: Asking):
    """All lists are walked, some of their records read; pydantic, strict about names, judges each answer."""
    index = api.read("")
    assert [one["name"] for one in index["lists"]] == [dataset.name for dataset in DATASETS]
    for entry in index["lists"]:
        models, dataset = MODELS[entry["name"]], BY_NAME[entry["name"]].dataset
        pages = list(api.pages(f"{entry['href']}?limit=100"))
        for page in pages:
            models.page.model_validate(page)
        rows = [row for page in pages for row in page["records"]]
        assert sorted(row["id"] for row in rows) == sorted(row["id"] for row in dataset.rows())
        for row in rows[:2]:
            record = api.read(row["href"])
            models.record.model_validate(record)
            assert {name: record[name] for name in row} == row
            assert {part.name for part in dataset.parts} <= set(record)


def test_records_lead_to_records_that_are_there(content, api: Asking):
    seen: set[str] = set()

    def references(value: object):
        if isinstance(value, dict):
            if value.get("href") and set(value) == {"id", "name", "href"}:
                yield value
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    there = {name: {row["href"] for row in api.all(f"{name}?fields=href&limit=100")} for name in BY_NAME}
    for name in BY_NAME:
        for row in api.all(f"{name}?limit=100"):
            for reference in references(row):
                kind = reference["href"].split("/")[-2]
                assert reference["href"] in there[kind]
                assert reference["href"].endswith(reference["id"])
                seen.add(kind)
    assert {"partners", "partnerships", "programmes", "sites", "areas", "aims", "sources", "services"} <= seen


def test_a_page_takes_few_questions(content, api: Asking):
    """Those of the lists with the most parts; one question for each row would be many more."""
    for name in BY_NAME:
        with CaptureQueriesContext(connection) as captured:
            page = api.read(f"{name}?limit=100")
        assert len(captured) <= 10, f"{name}: {len(page['records'])} records"


def test_pages_lead_on_by_link_and_header(content, api: Asking):
    first = api.ask("partners?limit=3&kind=charity&kind=nhs-trust")
    page = first.json()
    assert len(page["records"]) == 3
    assert names_in(first["Link"])["next"] == page["next"]
    assert page["next"].startswith(f"{settings.SITE_URL}/api/v1/partners?")
    everything = api.all("partners?limit=3&kind=charity&kind=nhs-trust")
    assert {row["kind"] for row in everything} <= {"charity", "nhs-trust"}
    assert [row["id"] for row in everything] == [row["id"] for row in api.all("partners?kind=charity&kind=nhs-trust")]
    last = list(api.pages("partners?limit=100"))[-1]
    assert last["next"] is last["cursor"] is None


@pytest.mark.parametrize("name", ["partners", "memberships"])
def test_fields_are_left_out_where_others_are_asked_for(content, api: Asking, name: str):
    column = {"partners": "kind_name", "memberships": "role"}[name]
    rows = api.all(f"{name}?fields={column},href")
    assert {frozenset(row) for row in rows} == {frozenset({"id", "href", column})}


def test_parts_can_be_asked_for_alone(content, api: Asking):
    [first, *_others] = api.all("partnerships?limit=1&fields=href")
    assert set(api.read(f"{first['href']}?fields=memberships")) == {"id", "memberships", "licence"}
