"""Files with all data: whole at each moment, made by one run at a time, the same in each form, nothing secret."""

import csv
import fcntl
import hashlib
import io
import json
import os
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from csvw import CSVW
from django.core import checks
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, Storage
from django.core.management import CommandError, call_command

from tests.factories import OrganisationFactory, PartnershipFactory
from tests.opendata.secrets import hidden_things, nothing_leaks
from tests.strict_client import StrictClient
from trustportal.opendata import exporting, releases
from trustportal.opendata.sqlite_file import NotWholeError, table_name
from trustportal.website import data_views
from trustportal.website.checks import check_open_data_storage
from trustportal.website.datasets import DATASETS
from trustportal.website.management.commands import export_open_data

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


class ConnectionLost(Exception):
    """Errors of a driver, which need not be an OSError."""


class Unreachable(Storage):
    """A storage that does not answer."""

    def listdir(self, *arguments: object) -> None:
        raise ConnectionLost("Nobody answers,\nat all")

    exists = _open = listdir


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
    listed = {path.name for path in out.iterdir()} - {".open-data-lock"}
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
    before = {
        path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir() if path.name != ".open-data-lock"
    }
    first = releases.latest(storage)
    said = export(tmp_path / "out", to_storage=True)
    assert "Nothing has changed" in said
    assert "The storage has these data already" in said
    after = {
        path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir() if path.name != ".open-data-lock"
    }
    assert before == after
    assert releases.latest(storage) == first
    OrganisationFactory(published=True)
    export(tmp_path / "out")
    assert exporting.index_of_folder(tmp_path / "out").file("partners.jsonl").rows == 2


def test_two_do_not_run_at_once_and_the_next_run_cleans_up(tmp_path: Path):
    out = tmp_path / "out"
    (out / ".open-data-making" / "tables").mkdir(parents=True)
    (out / ".open-data-making" / "partners.jsonl").write_text("half a li")  # what a killed run left
    with (out / ".open-data-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="Another run"):
            export(out)
    export(out)
    assert not (out / ".open-data-making").exists()
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
        with pytest.raises(CommandError, match=f"made in {out}: the disk is full. Name a folder"):
            export(out, to_storage=True)
    assert {path: path.read_bytes() for path in out.iterdir()} == before
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fails)  # in the middle of the upload
        with pytest.raises(CommandError, match="the disk is full"):
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


def test_what_a_killed_copy_left_is_thrown_away_where_nothing_has_changed_too(storage: FileSystemStorage):
    export()
    first = releases.latest(storage)
    left = Path(storage.path("29990101T000000Z"))
    left.mkdir()
    (left / "open-data.zip").write_bytes(b"half")
    assert "The storage has these data already" in export()
    assert not left.exists()
    assert releases.latest(storage) == first


def test_only_releases_that_are_too_old_are_thrown_away(storage: FileSystemStorage):
    place = Path(storage.location)
    foreign = ["backups", "20200101", "20200101T000000Z.old", "x20200101T000000Z", ".making", "20200101T000000Z\n"]
    for name in foreign:
        (place / name).mkdir(parents=True)
        (place / name / "index.json").write_text("[]")
    whole = {"made_at": "2020-01-01T00:00:00+00:00", "files": []}
    (place / "backups" / "index.json").write_text(json.dumps(whole))
    (place / ".lock").write_text("theirs")
    old = ["20200101T000000Z", "20200102T000000Z", "20200103T000000Z"]
    for name in old:
        (place / name).mkdir()
        (place / name / "index.json").write_text(json.dumps(whole))
    export()
    assert (place / ".lock").read_text() == "theirs"
    assert all((place / name / "index.json").exists() for name in foreign)
    assert [(place / name).exists() for name in old] == [False, False, True]
    assert releases.latest(storage).index.files


def test_where_the_storage_fails_nothing_is_thrown_away(storage: FileSystemStorage, monkeypatch: pytest.MonkeyPatch):
    export()
    first = releases.latest(storage)

    def fails(self: object, name: str, mode: str = "rb") -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_open", fails)
        with pytest.raises(CommandError, match="storage cannot be used"):
            export(anew=True)
    assert releases.latest(storage) == first


@pytest.mark.parametrize("below", ["file", "file/x"])
def test_a_folder_in_which_nothing_can_be_made_is_said_in_one_line(tmp_path: Path, settings: object, below: str):
    (tmp_path / "file").write_text("kept")
    place = tmp_path / below
    with pytest.raises(CommandError, match="Name a folder in which") as said:
        export(place)
    assert f"No files can be made in {place}: " in str(said.value)
    settings.OPEN_DATA_FOLDER = str(place)
    with pytest.raises(CommandError, match="Set OPEN_DATA_FOLDER to a folder in which"):
        export()
    assert (tmp_path / "file").read_text() == "kept"


@pytest.mark.parametrize(
    ("backend", "options", "why"),
    [
        ("nosuch.Storage", {}, "No module named 'nosuch'"),
        ("", {}, "doesn't look like a module path"),
        ("django.core.files.storage.FileSystemStorage", {"bucket_name": "x"}, "bucket_name"),
        ("django.core.files.storage.FileSystemStorage", {"location": "/dev/null/nope"}, "/dev/null"),
        ("tests.opendata.test_export.Unreachable", {}, "ConnectionLost: Nobody answers, at all"),
    ],
)
def test_a_storage_that_cannot_be_used_is_said_in_one_line_before_anything_is_made(
    settings: object, monkeypatch: pytest.MonkeyPatch, backend: str, options: dict[str, str], why: str
):
    settings.STORAGES = settings.STORAGES | {"open_data": {"BACKEND": backend, "OPTIONS": options}}
    monkeypatch.setattr(export_open_data, "make_files", None)
    with pytest.raises(CommandError, match="OPEN_DATA_STORAGE") as said:
        export()
    assert why in str(said.value)
    assert "\n" not in str(said.value)


def test_the_system_check_says_that_the_storage_cannot_be_made_and_calls_nobody(settings: object):
    assert check_open_data_storage(None) == []
    settings.STORAGES = settings.STORAGES | {"open_data": {"BACKEND": "tests.opendata.test_export.Unreachable"}}
    assert check_open_data_storage(None) == []
    settings.STORAGES = settings.STORAGES | {"open_data": {"BACKEND": "nosuch.Storage"}}
    [warning] = checks.run_checks(tags=[checks.Tags.files])
    assert warning.id == "website.W001"
    assert "nosuch" in warning.msg
    assert "OPEN_DATA_STORAGE" in warning.hint


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


def test_pages_and_files_outlive_a_storage_that_cannot_be_reached(
    client: StrictClient, settings: object, caplog: pytest.LogCaptureFixture
):
    settings.STORAGES = settings.STORAGES | {"open_data": {"BACKEND": "tests.opendata.test_export.Unreachable"}}
    page = client.get("/data/")
    assert page.status_code == 200
    assert "The files with everything cannot be reached just now." in page.content.decode()
    assert 'href="/partners.csv"' in page.content.decode()
    file = client.get("/data/files/open-data.zip")
    assert (file.status_code, file["Retry-After"]) == (503, "60")
    assert file["Content-Type"].startswith("text/plain")
    assert "cannot be reached just now" in file.content.decode()
    [logged] = [line for line in caplog.records if line.name == data_views.log.name]  # not tried again in the minute
    assert "ConnectionLost" in logged.exc_text


def test_a_file_that_cannot_be_opened_just_now_is_503(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    export()
    assert client.get("/data/").status_code == 200
    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_open", Unreachable.listdir)
        assert client.get("/data/files/SHA256SUMS").status_code == 503
    assert "ConnectionLost" in caplog.text
    assert client.get("/data/files/SHA256SUMS").status_code == 503
    cache.clear()  # after a minute
    assert client.get("/data/files/SHA256SUMS").getvalue()


def test_a_release_that_was_deleted_within_the_minute_is_looked_up_again(
    client: StrictClient, storage: FileSystemStorage
):
    OrganisationFactory(published=True)
    export()
    newest = releases.latest(storage)
    files = tuple(replace(file, sha256="of what was there", size=1) for file in newest.index.files)
    gone = releases.Release("20200101T000000Z", replace(newest.index, files=files))
    cache.set(data_views.LOOK, data_views.Look(gone))
    response = client.get("/data/files/partners.jsonl")
    content = response.getvalue()
    assert response.status_code == 200
    assert response["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    assert int(response["Content-Length"]) == len(content) > 0
    Path(storage.path(newest.path("partners.jsonl"))).unlink()
    assert client.get("/data/files/partners.jsonl").status_code == 404


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
