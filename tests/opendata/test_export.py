"""Files with all data: whole at each moment, made by one run at a time, the same in each form, nothing secret."""

import csv
import fcntl
import hashlib
import io
import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest
from csvw import CSVW
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command

from tests.factories import OrganisationFactory, PartnershipFactory
from tests.opendata.secrets import hidden_things, nothing_leaks
from tests.strict_client import StrictClient
from trustportal.opendata import exporting, releases
from trustportal.opendata.sqlite_file import NotWholeError, table_name
from trustportal.website.datasets import DATASETS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: object) -> FileSystemStorage:
    """A storage of this test's own."""
    settings.OPEN_DATA_FOLDER = str(tmp_path / "kept")
    settings.STORAGES = settings.STORAGES | {
        "open_data": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "kept")},
        }
    }
    return releases.open_data_storage()


def export(*arguments: object, **options: object) -> str:
    said = io.StringIO()
    call_command("export_open_data", *map(str, arguments), stdout=said, **options)
    cache.clear()
    return said.getvalue()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_all_forms_have_the_same_rows_and_nothing_that_is_not_public(tmp_path: Path):
    hidden_things()
    said = export(tmp_path / "out")
    out = tmp_path / "out"
    assert "partnerships: 1\n" in said
    index = exporting.index_of_folder(out)
    listed = {path.name for path in out.iterdir()} - {".lock"}
    assert listed == {"index.json", *(one.name for one in index.files)}
    for line in (out / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
        assert index.file(name).size == (out / name).stat().st_size
    database = sqlite3.connect(out / "open-data.sqlite")
    packed = zipfile.ZipFile(out / "open-data.zip")
    packed.extractall(tmp_path / "unpacked")
    for dataset in DATASETS:
        lines = (out / f"{dataset.name}.jsonl").read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        table = list(csv.DictReader(io.StringIO(packed.read(f"{dataset.name}.csv").decode())))
        stored = database.execute(f'SELECT "id" FROM "{table_name(dataset)}"').fetchall()  # noqa: S608
        ids = [row["id"] for row in rows]
        assert ids == [row["id"] for row in table]
        assert sorted(ids) == sorted(one for (one,) in stored)
        assert index.file(f"{dataset.name}.jsonl").rows == len(ids)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert database.execute("SELECT count(*) FROM partnerships_aim").fetchone() == (1,)
    nothing_leaks("\n".join(database.iterdump()), "SQLite")
    database.close()
    for name in packed.namelist():
        nothing_leaks(packed.read(name), name)
    assert "memberships.csv (1)" in packed.read("README.txt").decode()
    group = json.loads(packed.read("csv-metadata.json"))
    assert len(group["tables"]) == len(DATASETS)
    assert CSVW(str(tmp_path / "unpacked" / "csv-metadata.json"), validate=True).is_valid


def test_where_nothing_has_changed_the_old_files_stay(tmp_path: Path, storage: FileSystemStorage):
    OrganisationFactory(published=True)
    export(tmp_path / "out", to_storage=True)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir() if path.name != ".lock"}
    first = releases.latest(storage)
    said = export(tmp_path / "out", to_storage=True)
    assert "Nothing has changed" in said
    assert "The storage has these data already" in said
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir() if path.name != ".lock"}
    assert before == after
    assert releases.latest(storage) == first
    OrganisationFactory(published=True)
    export(tmp_path / "out")
    assert exporting.index_of_folder(tmp_path / "out").file("partners.jsonl").rows == 2


def test_two_do_not_run_at_once_and_the_next_run_cleans_up(tmp_path: Path):
    out = tmp_path / "out"
    (out / ".making" / "tables").mkdir(parents=True)
    (out / ".making" / "partners.jsonl").write_text("half a li")  # what a killed run left
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="Another run"):
            export(out)
    export(out)
    assert not (out / ".making").exists()
    assert (out / "partners.jsonl").read_text() == ""


def test_a_run_that_fails_leaves_the_old_files_as_they_were(
    tmp_path: Path, storage: FileSystemStorage, monkeypatch: pytest.MonkeyPatch
):
    PartnershipFactory(published=True)
    out = tmp_path / "out"
    export(out, to_storage=True)
    before = {path: path.read_bytes() for path in out.iterdir()}
    first = releases.latest(storage)
    PartnershipFactory(published=True)

    def fails(*arguments: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(exporting, "_pack", fails)
        with pytest.raises(OSError, match="full"):
            export(out, to_storage=True)
    assert {path: path.read_bytes() for path in out.iterdir()} == before
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fails)  # in the middle of the upload
        with pytest.raises(OSError, match="full"):
            export(out, to_storage=True)
    assert releases.latest(storage) == first
    export(to_storage=True)
    assert releases.latest(storage).index.file("partnerships.jsonl").rows == 2


def test_a_release_that_is_not_whole_is_not_served_and_thrown_away(storage: FileSystemStorage, tmp_path: Path):
    assert releases.latest(storage) is None
    export()
    first = releases.latest(storage)
    newer = Path(storage.path("29990101T000000Z"))
    newer.mkdir()
    (newer / "open-data.zip").write_bytes(b"half")
    assert releases.latest(storage) == first
    (newer / "index.json").write_text('{"made_at": "2999')
    assert releases.latest(storage) == first
    (newer / "index.json").unlink()
    OrganisationFactory(published=True)
    export(anew=True)
    assert not newer.exists()
    assert releases.latest(storage).folder >= first.folder


def test_files_are_served_with_what_a_download_needs(client: StrictClient):
    hidden_things()
    assert client.get("/data/files/open-data.zip").status_code == 404
    export()
    page = client.get("/data/").content.decode()
    release = releases.latest(releases.open_data_storage())
    types = {
        "open-data.zip": "application/zip",
        "open-data.sqlite": "application/vnd.sqlite3",
        "aims.jsonl": "application/jsonl",
    }
    for file in release.index.files:
        response = client.get(f"/data/files/{file.name}")
        assert response.status_code == 200
        content = response.getvalue()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert int(response["Content-Length"]) == len(content)
        assert response["ETag"] == f'"{file.sha256}"'
        assert response["Last-Modified"]
        assert response["Access-Control-Allow-Origin"] == "*"
        packed = client.get(f"/data/files/{file.name}", HTTP_ACCEPT_ENCODING="gzip")
        assert int(packed["Content-Length"]) == len(packed.getvalue()) == file.size
        assert response["Content-Type"].startswith(types.get(file.name, ""))
        assert f'href="/data/files/{file.name}"' in page
        again = client.get(f"/data/files/{file.name}", HTTP_IF_NONE_MATCH=response["ETag"])
        assert (again.status_code, again.content) == (304, b"")
    assert release.index.file("open-data.zip").sha256 in page
    for name in ["index.json", "..%2fsettings.py", "nothing.zip"]:
        assert client.get(f"/data/files/{name}").status_code == 404


def test_rows_that_lead_nowhere_are_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    PartnershipFactory(published=True)
    partners = next(dataset for dataset in DATASETS if dataset.name == "partners")
    monkeypatch.setattr(type(partners), "read", _without(partners, type(partners).read))
    with pytest.raises(CommandError, match="do not hang together"):
        export(tmp_path / "out")
    assert not (tmp_path / "out" / "open-data.zip").exists()
    assert NotWholeError.__doc__


def _without(left_out: object, read: object) -> object:
    return lambda self, *args, **kwargs: iter(()) if self.name == left_out.name else read(self, *args, **kwargs)
