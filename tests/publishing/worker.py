"""A process at work on a portal whose database others use at the same time.

It reads its orders from standard input, one a line, as JSON. It gets ready, says so, waits for the line "go", does what
it was told, and answers with one line of JSON. The database is that of TEST_DATABASE_URL.
"""

import json
import sys
import traceback
from collections.abc import Callable
from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment

from tests.admin.conftest import boxes, url_of
from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.models import Publishable

PATIENCE = 60  # seconds

Deed = Callable[[], object]

WRITES = ("INSERT", "UPDATE", "DELETE")


def record_of(model: str, key: int) -> Publishable:
    """A record by its label and key."""
    return apps.get_model(model)._base_manager.get(pk=key)


def to_save(*, model: str, key: int, person: str, texts: list[str]) -> Deed:
    """Open the form of a record as a person, then save it once with each text as its summary."""
    client = Client()
    client.force_login(User.objects.get(username=person))
    address = url_of(record_of(model, key), "change")
    typed = boxes(client.get(address)) | {"_save": "Save"}

    def save() -> list[tuple[int, str]]:
        """Gives for each save the status, and what the form complained of."""
        answers = []
        for text in texts:
            answer = client.post(address, typed | {"summary": text})
            said = "" if answer.status_code == 302 else " ".join(map(str, answer.context["errors"]))
            answers.append((answer.status_code, said))
            typed["opened_at"] = str(int(typed["opened_at"]) + 1)  # as the form that comes after a save would have it
        return answers

    return save


def to_publish(*, model: str, key: int, person: str) -> Deed:
    """Publish a draft or a change."""
    record, by = record_of(model, key), User.objects.get(username=person)

    def publish() -> str:
        """Gives "published", or why not."""
        try:
            workflow.publish(record, by=by)
        except workflow.REFUSALS as refusal:
            return f"{type(refusal).__name__}: {refusal}"
        return "published"

    return publish


def to_keep_schedules() -> Deed:
    """Do what the timer does each minute."""

    def keep() -> dict[str, str]:
        """Gives what the command said."""
        said, complained = StringIO(), StringIO()
        call_command("publish_scheduled", stdout=said, stderr=complained)
        return {"said": said.getvalue(), "complained": complained.getvalue()}

    return keep


DEEDS = {"save": to_save, "publish": to_publish, "keep": to_keep_schedules}


class StopsAt:
    """Stops in the middle of a deed, right after the given write to the database, from 1, until told to go on."""

    def __init__(self, write: int) -> None:
        self.left = write

    def __call__(self, execute: Callable, sql: str, *args: object) -> object:
        """Let the statement through, then look whether it was the one."""
        done = execute(sql, *args)
        if sql.startswith(WRITES):
            self.left -= 1
            if self.left == 0:
                say("in the middle")
                sys.stdin.readline()
        return done


def say(what: object) -> None:
    """Tell the test."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Take orders until there are no more."""
    setup_test_environment()
    if connection.vendor == "postgresql":  # on a busy machine ten at once wait longer than the portal lets anybody wait
        connection.settings_dict["OPTIONS"]["options"] = f"-c lock_timeout={PATIENCE * 1000}"
    for line in sys.stdin:
        order = json.loads(line)
        stops_at = order.pop("stops_at", None)
        try:
            deed = DEEDS[order.pop("deed")](**order)
            say("ready")
            if sys.stdin.readline().strip() != "go":
                return
            if stops_at:
                with connection.execute_wrapper(StopsAt(stops_at)):
                    answer = deed()
            else:
                answer = deed()
        except Exception:
            say({"fault": traceback.format_exc()})
        else:
            say({"answer": answer})
