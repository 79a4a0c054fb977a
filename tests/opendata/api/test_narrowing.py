"""Lists are narrowed by all that their records lead to, by their codes, by words and by dates."""

from collections.abc import Iterator

import pytest

from tests.opendata.api.asking import Asking
from trustportal.opendata.api import resources
from trustportal.opendata.api.resources import Resource
from trustportal.website.api.interface import BY_NAME


def leading_from(row: dict, resource: Resource) -> Iterator[tuple[str, str, str]]:
    """What a row leads to: the field, the parameter that narrows by it, the identifier."""
    for field in resource.fields:
        found = row[field.name]
        for other in found if isinstance(found, list) else [found]:
            if isinstance(other, dict) and other["id"]:
                name = field.key.name
                yield field.name, name.removesuffix("s") if field.column.has_many else name, other["id"]


def test_every_list_is_narrowed_by_the_records_to_which_its_rows_lead(content, api: Asking):
    tried = set()
    for name, resource in BY_NAME.items():
        rows = api.all(f"{name}?limit=100")
        for row in rows:
            for field, parameter, key in leading_from(row, resource):
                if (name, parameter) in tried:
                    continue
                tried.add((name, parameter))
                found = {other["id"] for other in api.all(f"{name}?{parameter}={key}&limit=100&fields=id")}
                expected = {
                    other["id"] for other in rows for _f, one, k in leading_from(other, resource)
                    if _f == field and k == key
                }  # fmt: skip
                assert expected <= found, (name, parameter)
                assert len(found) < len(rows) or expected == found or len(rows) == 1, (name, parameter)
    assert len(tried) > 30


def test_every_list_is_narrowed_by_its_codes(content, api: Asking):
    tried = 0
    for name, resource in BY_NAME.items():
        rows = api.all(f"{name}?limit=100")
        for field in resource.fields:
            codes = {row[field.name] for row in rows} if field.column.codes else set()
            for code in codes - {""} if field.name in resource.parameters else ():
                found = api.all(f"{name}?{field.name}={code}&limit=100&fields=id")
                assert [row["id"] for row in found] == [row["id"] for row in rows if row[field.name] == code]
                tried += 1
    assert tried > 20


def test_lists_are_narrowed_as_their_pages_are(content, api: Asking):
    everything = {name: api.all(name) for name in ("partners", "programmes")}
    assert {row["country"] for row in api.all("partners?country=IE&country=SE")} <= {"IE", "SE"}
    assert {row["closed"] for row in api.all("partners?standing=open")} == {None}
    assert all(row["closed"] for row in api.all("partners?standing=closed"))
    some = api.all("programmes?active-from=2016&active-to=2017")
    assert 0 < len(some) <= len(everything["programmes"])
    assert not [row for row in some if row["began"] and row["began"] > "2017-12-31"]
    found = api.all("programmes?q=dialysis")
    assert 0 < len(found) < len(everything["programmes"])
    assert api.all("programmes?q=zzzz") == api.all("programmes?q=%20") == []
    role = {row["id"] for row in api.all("partners?role=commissioner")}
    assert 0 < len(role) < len(everything["partners"])


def test_a_part_with_very_many_rows_says_where_all_of_them_are(content, api: Asking, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(resources, "MOST_NESTED", 0)
    told = set()
    for name, resource in BY_NAME.items():
        if not resource.dataset.parts:
            continue
        for row in api.all(f"{name}?limit=100&fields=href"):
            record = api.read(row["href"])
            for part, address in record.get("more", {}).items():
                assert record[part] == []
                if (name, part) not in told:
                    told.add((name, part))
                    assert api.all(address)
    assert {("partnerships", "memberships"), ("programmes", "statements"), ("outcomes", "observations")} <= told
