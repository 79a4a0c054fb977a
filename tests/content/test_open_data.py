"""The seed content as open data: whole, true to its own description, the same in every form."""

import csv
import io
import json
import re
import sqlite3
import warnings
import zipfile
from pathlib import Path

import pytest
from csvw import CSVW
from django.core.management import call_command
from django.urls import resolve

from partnerships.opendata.pages import OpenRecord
from tests.opendata.test_datasets import faults_of
from tests.strict_client import StrictClient
from trustportal.website.datasets import DATASETS

SITE = "http://127.0.0.1:8000"


@pytest.mark.usefixtures("content")
def test_lists_and_files_say_the_same_and_hang_together(client: StrictClient, tmp_path: Path):
    call_command("export_open_data", str(tmp_path), stdout=io.StringIO())
    packed = zipfile.ZipFile(tmp_path / "open-data.zip")
    database = sqlite3.connect(tmp_path / "open-data.sqlite")
    rows = {dataset.name: list(dataset.rows()) for dataset in DATASETS}
    ids = {name: {row["id"] for row in found} for name, found in rows.items()}
    for dataset in DATASETS:
        assert faults_of(dataset, rows[dataset.name], ids) == []
        lines = {
            one["id"]: one for one in map(json.loads, (tmp_path / f"{dataset.name}.jsonl").read_text().splitlines())
        }
        listed = json.loads(client.get(f"{dataset.path}.json").getvalue())["records"]
        assert {one["id"]: one for one in listed} == lines, dataset.name
        table = client.get(f"{dataset.path}.csv").getvalue().decode()
        as_rows = {one["id"]: one for one in csv.DictReader(io.StringIO(table))}
        in_archive = csv.DictReader(io.StringIO(packed.read(f"{dataset.name}.csv").decode()))
        assert {one["id"]: one for one in in_archive} == as_rows
        assert as_rows.keys() == lines.keys()
        [(count,)] = database.execute(f'SELECT count(*) FROM "{dataset.name.replace("-", "_")}"')  # noqa: S608
        assert count == len(lines)
    database.close()
    packed.extractall(tmp_path / "unpacked")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert CSVW(str(tmp_path / "unpacked" / "csv-metadata.json"), validate=True).is_valid
    assert [one for one in said if not issubclass(one.category, DeprecationWarning)] == []


@pytest.mark.usefixtures("content")
def test_the_page_of_each_record_has_the_row_of_the_list_and_its_parts(client: StrictClient):
    for dataset in DATASETS:
        if not dataset.is_of_records:
            continue
        for row in dataset.rows():
            path = re.sub(r"#.*", "", row["address"].removeprefix(SITE))
            if not issubclass(resolve(path).func.view_class, OpenRecord) or "#" in row["address"]:
                continue
            said = json.loads(client.get(f"{path.removesuffix('/')}.json").getvalue())
            assert said["id"] == row["id"], path
            assert {name: said[name] for name in ("name", "summary", "address")} == {
                name: row[name] for name in ("name", "summary", "address")
            }
            parts = dataset.parts_of(dataset.records().filter(uuid=row["id"]).for_export())
            [expected] = parts.values()
            for part in dataset.parts:
                assert [one["id"] for one in said[part.name]] == [one["id"] for one in expected[part.name]], path
