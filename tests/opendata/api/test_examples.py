"""The examples of the page about the API do what it says, against the portal itself."""

import datetime
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from partnerships.models import Membership, Organisation
from programmes.models import Observation, Programme
from tests.factories import UserFactory
from trustportal.publishing import workflow
from trustportal.website.api.examples import EXAMPLE_SITE, EXAMPLES, FOLDER

pytestmark = pytest.mark.either_database

Runner = Callable[[str], str]
PROGRAMS = {".sh": ["sh"], ".py": [sys.executable], ".R": ["Rscript"]}
NEEDED = {".sh": ["curl", "--version"], ".R": ["Rscript", "-e", "library(jsonlite)"]}  # what must work before
INSTALL = {".sh": "curl", ".R": "r-base-core r-cran-jsonlite"}


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing."""


def works(command: list[str]) -> bool:
    """Whether the program is there, with what it needs."""
    return shutil.which(command[0]) is not None and subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def run(open_connection: None, tmp_path: Path, settings: object) -> Runner:
    """Runs an example in a folder of its own, while this thread answers it: so it sees the test's own transaction."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    server.timeout = 0.05
    settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"

    def run(name: str) -> str:
        kind = Path(name).suffix
        program = PROGRAMS[kind]
        if kind in NEEDED and not works(NEEDED[kind]):
            reason = f"{name} cannot run on this machine. On Debian: apt-get install {INSTALL[kind]}"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
        example = tmp_path / name
        example.write_text((FOLDER / name).read_text().replace(EXAMPLE_SITE, settings.SITE_URL))
        without_proxies = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        with subprocess.Popen(
            [*program, str(example)], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=without_proxies
        ) as process:
            while process.poll() is None:
                server.handle_request()
            said, errors = process.communicate()
        assert process.returncode == 0, errors.decode()
        return said.decode()

    with server:
        yield run


def test_every_example_is_tested():
    assert {path.name for path in FOLDER.iterdir()} == {example.file for example in EXAMPLES}
    source = Path(__file__).read_text()
    assert [example.file for example in EXAMPLES if f'run("{example.file}")' not in source] == []


def test_begin(run: Runner):
    records = json.loads(run("begin.sh"))["records"]
    assert len(records) == 3
    assert {frozenset(record) for record in records} == {frozenset({"id", "name", "kind_name", "href"})}


def test_unchanged(run: Runner, tmp_path: Path):
    assert run("unchanged.sh") == "304\n"
    assert (
        len(json.loads((tmp_path / "programmes.json").read_text())["records"]) == Programme.objects.published().count()
    )


def test_everything(run: Runner):
    assert (
        len(run("everything.py").splitlines()) == Membership.objects.with_public().with_public("organisation").count()
    )


def test_keep_a_copy(run: Runner, tmp_path: Path):
    there = Programme.objects.published().count()
    assert run("keep_a_copy.py").startswith(f"{there} programmes")
    programme = Programme.objects.published().first()
    workflow.withdraw(programme, by=UserFactory(superuser=True), reason="It ended.")
    assert run("keep_a_copy.py").startswith(f"{there - 1} programmes")
    assert str(programme.uuid) not in json.loads((tmp_path / "programmes.json").read_text())["records"]


def test_a_copy_of_an_earlier_week_is_read_anew(run: Runner, tmp_path: Path):
    programme = Programme.objects.published().first()
    Programme.objects.filter(pk=programme.pk).update(modified_at=datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC))
    run("keep_a_copy.py")
    file = tmp_path / "programmes.json"
    Organisation.objects.filter(pk=programme.lead_id).update(name="Another name")
    for week, is_new in ((None, False), ("2020-W01", True)):
        copy = json.loads(file.read_text())
        file.write_text(json.dumps(copy | ({"week": week} if week else {})))
        run("keep_a_copy.py")
        lead = json.loads(file.read_text())["records"][str(programme.uuid)]["lead"]
        assert (lead["name"] == "Another name") == is_new


def test_errors(run: Runner):
    assert run("errors.py").splitlines() == [
        "400 The question cannot be answered",
        "limit - Write a whole number from 1 to 100.",
    ]


def test_table_in_r(run: Runner):
    assert run("table.R").strip().endswith(str(Observation.objects.told().with_public().count()))


def test_examples_name_the_address_of_this_portal(db: None, client):
    page = client.get("/data/api/").content.decode()
    assert EXAMPLE_SITE not in page
    assert f"{settings.SITE_URL}/api/v1/partners?limit=3" in page
