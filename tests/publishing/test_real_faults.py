"""What goes wrong in the world: a process dies in the middle, ten editors save at once, two do the same thing at once.

Each editor here is a process of its own, and all of them share a database that is really written to.
"""

import copy
import datetime
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programmes.models import Place, Programme
from tests.factories import PlaceFactory, ProgrammeFactory, StatementFactory, UserFactory
from tests.publishing.worker import WRITES
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.publishing import scheduling, sharing, workflow
from trustportal.publishing.models import Act, Schedule, ShareLink, State, Version
from trustportal.publishing.snapshot import snapshot

START = "import django; django.setup(); from tests.publishing.worker import main; main()"
PATIENCE = 60  # seconds that a worker may take
EDITORS = 10
SAVES = 3


class Worker:
    """A process that does what it is told; see `tests/publishing/worker.py`."""

    def __init__(self, database: str) -> None:
        self.is_busy = False
        self.complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed by end()
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", START],
            cwd=settings.BASE_DIR,
            env={**os.environ, "TEST_DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.complaints,
            text=True,
        )

    def order(self, deed: str, **details: object) -> None:
        """Say what to do, once it is told to go."""
        self.is_busy = True
        self.tell(json.dumps({"deed": deed, **details}))

    def tell(self, line: str) -> None:
        """Send one line."""
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def hear(self) -> object:
        """The next line. Fails the test, with what the process complained of, where there is none."""
        is_there, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if is_there else ""
        if not line:
            pytest.fail(f"A worker {'ended' if is_there else 'said nothing'}.\n{self._complained()}")
        said = json.loads(line)
        if isinstance(said, dict) and "fault" in said:
            pytest.fail(f"A worker failed.\n{said['fault']}\n{self._complained()}")
        return said

    def answer(self) -> object:
        """What it answers when it has done what it was told."""
        answer = self.hear()["answer"]
        self.is_busy = False
        return answer

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.kill()
        self.process.stdin.close()
        self.process.stdout.close()
        self.complaints.close()

    def _complained(self) -> str:
        self.complaints.seek(0)
        return self.complaints.read()


def all_at_once(workers: list[Worker]) -> list[object]:
    """Wait until all are ready, let them go at the same moment, and give what each answers."""
    for worker in workers:
        assert worker.hear() == "ready"
    for worker in workers:
        worker.tell("go")
    return [worker.answer() for worker in workers]


def address_of(database: dict[str, object]) -> str:
    """A database of the settings as TEST_DATABASE_URL would name it: on PostgreSQL, one on the same server."""
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    usual = urlsplit(os.environ["TEST_DATABASE_URL"])
    folder, _, _ = usual.path.rpartition("/")
    return usual._replace(path=f"{folder}/{database['NAME']}").geturl()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: object) -> Iterator[str]:
    """The address of a database that other processes see too. The tests of this module use it as their own."""
    usual = connections["default"]
    own = copy.deepcopy(usual.settings_dict)
    if usual.vendor == "sqlite":
        own["NAME"] = str(tmp_path_factory.mktemp("faults") / "db.sqlite3")
        own["TEST"]["NAME"] = own["NAME"]
    else:
        own["TEST"]["NAME"] = f"faults_{os.getpid()}"
    named_before = settings.DATABASES["default"]["NAME"]
    shared = type(usual)(own, "default")
    with django_db_blocker.unblock():
        connections["default"] = shared
        try:
            shared.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            forget_other_database()
            yield address_of(shared.settings_dict)
        finally:
            shared.creation.destroy_test_db(named_before, verbosity=0)
            connections["default"] = usual
            settings.DATABASES["default"]["NAME"] = named_before
            forget_other_database()


def forget_other_database() -> None:
    """What was read from another database is not true of this one."""
    ContentType.objects.clear_cache()
    cache.clear()


@pytest.fixture(scope="module")
def crew(database: str) -> Iterator[list[Worker]]:
    """The workers that are there."""
    crew: list[Worker] = []
    yield crew
    for worker in crew:
        worker.end()


@pytest.fixture
def workers(database: str, crew: list[Worker]) -> list[Worker]:
    """Ten workers with nothing to do; one that a failed test has left in the middle of something goes."""
    for worker in [worker for worker in crew if worker.is_busy]:
        crew.remove(worker)
        worker.end()
    while len(crew) < EDITORS:
        crew.append(Worker(database))
    return crew


@pytest.fixture
def publisher(database: str) -> User:
    return UserFactory(superuser=True)


def an_author() -> User:
    person = UserFactory(staff=True)
    person.groups.set(Group.objects.filter(name="Author"))
    return person


def rewritten(programme: Programme, by: User) -> Programme:
    """A change of a programme in which every row of it says something else."""
    change = workflow.start_change(programme, by=by)
    change.name, change.summary, change.change_note = "New name", "The new summary.", "All of it is new."
    change.save()
    change.places.update(note="New place.")
    change.statements.update(text="New statement.")
    change.participations.update(note="New part.")
    for place in change.places.all():
        place.services.remove(place.services.first())
    workflow.note_saved(change, by=by)
    return change


# A process that dies


@pytest.fixture
def programme(database: str) -> Programme:
    """A published programme with more than thirty rows, some with lists of their own."""
    programme = ProgrammeFactory(satellite_site=True, with_statements=True, with_partners=True)
    PlaceFactory.create_batch(10, programme=programme, site__published=True)
    StatementFactory.create_batch(10, programme=programme)
    workflow.publish(programme, by=UserFactory(superuser=True))
    assert sum(map(len, snapshot(programme)["parts"].values())) > 30
    return programme


def writes_to_publish(change: Programme, by: User) -> int:
    """How many statements write when a change is published; it is not."""
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        workflow.publish(change, by=by)
        transaction.set_rollback(True)
    return sum(query["sql"].startswith(WRITES) for query in asked.captured_queries)


@pytest.mark.parametrize("part", [0, 0.25, 0.5, 0.75, 1])
def test_a_process_killed_while_it_publishes_leaves_the_old_page_whole(
    database: str, programme: Programme, publisher: User, part: float
) -> None:
    change = rewritten(programme, UserFactory(superuser=True))
    link = sharing.share(change, by=publisher)
    old, new = snapshot(programme), snapshot(change)
    acts, versions = Act.objects.on(programme).count(), Version.objects.on(programme).count()
    writes = writes_to_publish(change, publisher)
    assert writes > 20
    worker = Worker(database)
    try:
        worker.order(
            "publish",
            model="programmes.programme",
            key=change.pk,
            person=publisher.username,
            stops_at=max(1, round(part * writes)),
        )
        assert worker.hear() == "ready"
        worker.tell("go")
        assert worker.hear() == "in the middle"
        worker.kill()
    finally:
        worker.end()

    assert snapshot(programme) == old
    assert snapshot(change) == new
    programme.refresh_from_db()
    assert programme.state == State.PUBLISHED
    assert (Act.objects.on(programme).count(), Version.objects.on(programme).count()) == (acts, versions)
    assert ShareLink.objects.get(pk=link.pk).works(timezone.now())
    page = StrictClient().get(programme.get_absolute_url())
    assert page.status_code == 200
    assert programme.summary in page.content.decode()
    assert "The new summary." not in page.content.decode()
    shared = StrictClient().get(link.get_address())
    assert "The new summary." in shared.content.decode()

    workflow.publish(change, by=publisher)
    assert snapshot(programme) == new
    assert "The new summary." in StrictClient().get(programme.get_absolute_url()).content.decode()


# Ten editors


def test_ten_editors_who_save_at_once_lose_nothing(workers: list[Worker]) -> None:
    drafts = [ProgrammeFactory(with_statements=True) for _ in workers]
    people = [an_author() for _ in workers]
    texts = [[f"What editor {at} wrote in save {save}." for save in range(SAVES)] for at in range(EDITORS)]
    for worker, draft, person, own in zip(workers, drafts, people, texts, strict=True):
        worker.order("save", model="programmes.programme", key=draft.pk, person=person.username, texts=own)

    answers = all_at_once(workers)

    assert answers == [[[302, ""]] * SAVES] * EDITORS
    for draft, person, own in zip(drafts, people, texts, strict=True):
        draft.refresh_from_db()
        assert draft.edit_number == SAVES
        assert draft.summary == own[-1]
        versions = list(Version.objects.on(draft).order_by("number"))
        assert [version.number for version in versions] == list(range(1, SAVES + 1))
        assert [version.data["fields"]["summary"] for version in versions] == own
        assert {version.made_by for version in versions} == {person}
        acts = Act.objects.on(draft).values_list("verb", "done_by")
        assert list(acts) == [(Act.Verb.EDITED, person.pk)] * SAVES


def test_of_ten_who_save_the_same_text_at_once_one_is_heard_and_nine_are_told(workers: list[Worker]) -> None:
    draft = ProgrammeFactory(with_statements=True)
    people = [an_author() for _ in workers]
    texts = [f"What editor {at} wrote." for at in range(EDITORS)]
    for worker, person, text in zip(workers, people, texts, strict=True):
        worker.order("save", model="programmes.programme", key=draft.pk, person=person.username, texts=[text])

    answers = [answer for [answer] in all_at_once(workers)]

    assert Counter(status for status, _ in answers) == {302: 1, 200: EDITORS - 1}
    assert all("newer text" in said or "saved this text" in said for status, said in answers if status == 200)
    [winner] = [at for at, (status, _) in enumerate(answers) if status == 302]
    draft.refresh_from_db()
    assert draft.summary == texts[winner]
    assert draft.edit_number == 1
    [version] = Version.objects.on(draft)
    assert (version.made_by, version.data["fields"]["summary"]) == (people[winner], texts[winner])
    assert [act.done_by for act in Act.objects.on(draft)] == [people[winner]]


# Two who do the same


def test_of_two_who_publish_the_same_change_at_once_one_does(workers: list[Worker], publisher: User) -> None:
    programme = ProgrammeFactory(satellite_site=True, published=True)
    change = rewritten(programme, UserFactory(superuser=True))
    new = snapshot(change)
    for worker in workers[:2]:
        worker.order("publish", model="programmes.programme", key=change.pk, person=publisher.username)

    answers = all_at_once(workers[:2])

    assert sorted(answers) == ["WrongState: “New name” is no longer there: it was published or discarded.", "published"]
    assert snapshot(programme) == new
    assert not Programme.objects.filter(pk=change.pk).exists()
    assert Act.objects.on(programme).filter(verb=Act.Verb.UPDATED).count() == 1
    assert Version.objects.on(programme).filter(occasion=Version.Occasion.PUBLISHED).count() == 2


def test_two_changes_that_name_each_other_are_published_at_once(workers: list[Worker], publisher: User) -> None:
    author, changes = UserFactory(superuser=True), []
    pair = [ProgrammeFactory(published=True), ProgrammeFactory(published=True)]
    for programme, other in (pair, reversed(pair)):
        change = workflow.start_change(programme, by=author)
        change.builds_on.set([other])
        change.is_small_correction = True
        change.save()
        changes.append(change)
    first, second = workers[:2]
    stops_at = writes_to_publish(changes[0], publisher)
    for worker, change, more in ((first, changes[0], {"stops_at": stops_at}), (second, changes[1], {})):
        worker.order("publish", model="programmes.programme", key=change.pk, person=publisher.username, **more)
        assert worker.hear() == "ready"
    first.tell("go")
    assert first.hear() == "in the middle"

    second.tell("go")
    if connection.features.has_select_for_update:  # SQLite lets nobody write beside somebody else
        assert second.answer() == "published"
    first.tell("go")

    assert first.answer() == "published"
    assert not second.is_busy or second.answer() == "published"
    assert [list(programme.builds_on.all()) for programme in pair] == [[pair[1]], [pair[0]]]


def test_of_two_who_publish_the_same_draft_at_once_one_does(workers: list[Worker], publisher: User) -> None:
    draft = ProgrammeFactory(satellite_site=True)
    for worker in workers[:2]:
        worker.order("publish", model="programmes.programme", key=draft.pk, person=publisher.username)

    answers = all_at_once(workers[:2])

    assert sorted(answers) == [f"WrongState: “{draft.name}” is now: Published.", "published"]
    assert [act.verb for act in Act.objects.on(draft)] == [Act.Verb.PUBLISHED]


def test_two_timers_at_once_keep_each_schedule_once(workers: list[Worker], publisher: User) -> None:
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    day_ago = hour_ago - datetime.timedelta(days=1)
    drafts = [ProgrammeFactory(satellite_site=True) for _ in range(4)]
    changes = [rewritten(ProgrammeFactory(published=True), UserFactory(superuser=True)) for _ in range(4)]
    gone = [ProgrammeFactory(published=True) for _ in range(2)]
    for record in [*drafts, *changes]:
        scheduling.schedule(record, Schedule.What.PUBLISH, due_at=hour_ago, by=publisher, at=day_ago)
    for record in gone:
        scheduling.schedule(
            record, Schedule.What.WITHDRAW, due_at=hour_ago, by=publisher, reason="It ended.", at=day_ago
        )
    for worker in workers[:2]:
        worker.order("keep")

    answers = all_at_once(workers[:2])

    said = [line for answer in answers for line in answer["said"].splitlines()]
    assert len(said) == len(drafts + changes + gone)
    assert [answer["complained"] for answer in answers] == ["", ""]
    assert not Schedule.objects.exists()
    for records, verb in [(drafts, "published"), ([c.itself for c in changes], "updated"), (gone, "withdrawn")]:
        for record in records:
            record.refresh_from_db()
            assert Act.objects.on(record).filter(verb=verb).count() == 1
            assert record.is_published == (verb != "withdrawn")
    assert Place.objects.filter(programme__in=drafts).count() == 2 * len(drafts)


def test_publishing_by_hand_while_the_timer_publishes_it_too_is_refused(workers: list[Worker], publisher: User) -> None:
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    change = rewritten(ProgrammeFactory(published=True), UserFactory(superuser=True))
    scheduling.schedule(
        change, Schedule.What.PUBLISH, due_at=hour_ago, by=publisher, at=hour_ago - datetime.timedelta(days=1)
    )
    timer, person = workers[:2]
    timer.order("keep", stops_at=1)
    person.order("publish", model="programmes.programme", key=change.pk, person=publisher.username)
    assert timer.hear() == person.hear() == "ready"
    timer.tell("go")
    assert timer.hear() == "in the middle"
    person.tell("go")
    wait_until_somebody_waits_for_a_lock()
    timer.tell("go on")

    assert timer.answer() == {"said": "Done. Publish: New name\n", "complained": ""}
    assert person.answer() == "WrongState: “New name” is no longer there: it was published or discarded."
    assert Act.objects.on(change.itself).filter(verb=Act.Verb.UPDATED).count() == 1


def wait_until_somebody_waits_for_a_lock() -> None:
    """On PostgreSQL. On SQLite nobody else gets so far as to hold one."""
    end = time.monotonic() + PATIENCE
    while connection.vendor == "postgresql" and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
