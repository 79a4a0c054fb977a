"""People are told by mail what happened: at once or once a day, never twice, and a failure loses nothing."""

import datetime
import io
from collections.abc import Callable

import pytest
from django.core import mail as outbox
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from tests.admin.conftest import person_in
from tests.factories import ProgrammeFactory, UserFactory
from trustportal.accounts.models import User
from trustportal.publishing import mail, workflow
from trustportal.publishing.models import Act, Notice, Publishable

pytestmark = pytest.mark.django_db


def notice_for(person: User, record: Publishable, words: str = "") -> Notice:
    """Something that a person is told and has no mail of yet."""
    mail.tell([person], Notice.Kind.RETURNED, record, "Ada", timezone.now(), words)
    return Notice.objects.filter(person=person).latest("pk")


def reader(name: str, choice: str = "at-once", **more: object) -> User:
    """Somebody who gets mails."""
    return UserFactory(username=name, mail_choice=choice, **more)


def run(*options: str) -> str:
    """What the command says."""
    said = io.StringIO()
    call_command("send_notices", *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def fails_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Exception], None]:
    """Have the mail server refuse what goes to an address."""

    def fail(address: str, error: Exception) -> None:
        def send(subject: str, text: str, sender: str | None, to: list[str]) -> int:
            if to == [address]:
                raise error
            return send_mail(subject, text, sender, to)

        monkeypatch.setattr(mail, "send_mail", send)

    return fail


# When something happens


def test_who_wants_it_at_once_gets_a_mail_when_the_act_is_done(django_capture_on_commit_callbacks: Callable) -> None:
    author, publisher = person_in("Author"), person_in("Publisher")
    programme = ProgrammeFactory(owner=author, in_review=True)
    outbox.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        workflow.return_to_draft(programme, by=publisher, note="Name the area.")
    [sent] = outbox.outbox
    assert sent.to == [author.email]
    for words in [
        programme.name,
        "Name the area.",
        f"http://127.0.0.1:8000/admin/programmes/programme/{programme.pk}/",
    ]:
        assert words in sent.body
    assert not Notice.objects.filter(person=author).unsent().exists()


def test_nobody_is_told_what_they_did_themselves() -> None:
    publisher = person_in("Publisher")
    programme = ProgrammeFactory(owner=publisher)
    workflow.submit(programme, by=publisher)
    assert not Notice.objects.filter(person=publisher).exists()


def test_what_is_undone_tells_nobody(django_capture_on_commit_callbacks: Callable) -> None:
    author = person_in("Author")
    programme = ProgrammeFactory(owner=author)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(workflow.WrongState):
        workflow.return_to_draft(programme, by=person_in("Publisher"))
    assert (outbox.outbox, Notice.objects.count()) == ([], 0)


def test_who_wants_a_digest_gets_no_mail_at_once(django_capture_on_commit_callbacks: Callable) -> None:
    person = reader("ada", "digest")
    with django_capture_on_commit_callbacks(execute=True):
        notice = notice_for(person, ProgrammeFactory())
    assert outbox.outbox == []
    assert notice.sent_at is None


# What waits


def test_what_could_not_be_sent_is_sent_by_the_next_run_and_never_again() -> None:
    ada, bob = reader("ada"), reader("bob", "digest")
    programme = ProgrammeFactory()
    first, second = notice_for(ada, programme, "One."), notice_for(ada, programme, "Two.")
    notice_for(bob, programme)
    assert run("--dry-run") == "ada: 2 to send.\n"
    assert outbox.outbox == []
    assert run() == "ada: 2 sent, 0 not.\n"
    assert [sent.to for sent in outbox.outbox] == [[ada.email], [ada.email]]
    assert "One." in outbox.outbox[0].body
    assert Notice.objects.get(pk=first.pk).sent_at
    assert Notice.objects.get(pk=second.pk).sent_at
    assert run() == ""
    assert len(outbox.outbox) == 2


def test_a_digest_is_one_mail_a_person_with_all_that_waits() -> None:
    ada, bob = reader("ada", "digest"), reader("bob", "digest")
    programme = ProgrammeFactory()
    for words in ["One.", "Two.", "Three."]:
        notice_for(ada, programme, words)
    notice_for(bob, programme)
    notice_for(reader("cleo"), programme)
    assert run("--digest", "--dry-run") == "ada: 3 to send.\nbob: 1 to send.\n"
    assert run("--digest") == "ada: 3 sent, 0 not.\nbob: 1 sent, 0 not.\n"
    of_ada, of_bob = outbox.outbox
    assert (of_ada.to, of_bob.to) == ([ada.email], [bob.email])
    assert "3 things" in of_ada.subject
    assert all(words in of_ada.body for words in ["One.", "Two.", "Three."])
    assert run("--digest") == ""
    assert len(outbox.outbox) == 2


def test_who_gets_an_address_later_gets_what_waited() -> None:
    person = reader("ada", email="")
    waiting = notice_for(person, ProgrammeFactory())
    assert mail.send_each([waiting.pk]) == 0

    person.email = "ada@example.org"
    person.save()

    assert "1 sent" in run()
    assert [message.to for message in outbox.outbox] == [["ada@example.org"]]


@pytest.mark.parametrize("error", [RuntimeError("oops"), SystemExit(1)])
def test_a_process_that_ends_while_it_sends_loses_no_mail(error: BaseException, fails_for: Callable) -> None:
    person = reader("ada")
    waiting = notice_for(person, ProgrammeFactory())
    fails_for(person.email, error)

    with pytest.raises(type(error)):
        mail.send_each([waiting.pk])

    assert Notice.objects.unsent().get() == waiting


@pytest.mark.django_db(transaction=True)
def test_an_act_is_done_whatever_becomes_of_its_mail(fails_for: Callable) -> None:
    owner = reader("ada")
    programme = ProgrammeFactory(owner=owner)
    fails_for(owner.email, RuntimeError("oops"))

    assert workflow.publish(programme, by=UserFactory(superuser=True)).is_published
    assert Notice.objects.unsent().get().person == owner


def test_nobody_is_asked_to_review_what_is_public_and_other_mails_lead_to_the_page() -> None:
    publisher, author = person_in("Publisher"), UserFactory(superuser=True)
    change = workflow.start_change(ProgrammeFactory(published=True), by=author)
    change.is_small_correction = True
    change.save()
    workflow.submit(change, by=author)
    returned = notice_for(reader("ada", "digest"), change)

    live = workflow.publish(change, by=UserFactory(superuser=True))

    returned.refresh_from_db()
    assert returned.address == reverse("admin:programmes_programme_change", args=[live.pk])
    assert not Notice.objects.filter(person=publisher, kind=Notice.Kind.REVIEW_ASKED).exists()


def test_what_was_sent_long_ago_is_not_kept() -> None:
    old, new, waiting = (notice_for(reader(name), ProgrammeFactory()) for name in ("ada", "bo", "cy"))
    Notice.objects.filter(pk=old.pk).update(sent_at=timezone.now() - datetime.timedelta(days=91))
    Notice.objects.filter(pk=new.pk).update(sent_at=timezone.now() - datetime.timedelta(days=89))

    run()

    assert list(Notice.objects.order_by("pk")) == [new, waiting]


def test_two_runs_at_once_send_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = reader("ada", "digest")
    for words in ["One.", "Two."]:
        notice_for(ada, ProgrammeFactory(), words)
    others = []

    def deliver(address: str, subject: str, text: str) -> bool:
        others.append(run("--digest"))  # while the first run hands the mail over
        return send_mail(subject, text, None, [address]) == 1

    monkeypatch.setattr(mail, "deliver", deliver)
    assert run("--digest") == "ada: 2 sent, 0 not.\n"
    assert others == [""]
    assert len(outbox.outbox) == 1


@pytest.mark.parametrize("options", [(), ("--digest",)])
@pytest.mark.parametrize("error", [OSError("no connection"), ValueError("a malformed address")])
def test_a_failure_stops_none_of_the_others_and_is_told_at_the_end(
    fails_for: Callable, options: tuple[str, ...], error: Exception
) -> None:
    choice = "digest" if options else "at-once"
    ada, bob = reader("ada", choice), reader("bob", choice)
    for person in [ada, bob]:
        notice_for(person, ProgrammeFactory())
    fails_for(ada.email, error)
    said = io.StringIO()
    with pytest.raises(CommandError, match="1 could not be sent"):
        call_command("send_notices", *options, stdout=said)
    assert said.getvalue() == "ada: 0 sent, 1 not.\nbob: 1 sent, 0 not.\n"
    assert [sent.to for sent in outbox.outbox] == [[bob.email]]


def test_what_the_server_did_not_take_waits_for_the_next_run(
    fails_for: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = reader("ada")
    notice_for(ada, ProgrammeFactory())
    fails_for(ada.email, OSError("no connection"))
    with pytest.raises(CommandError):
        run()
    monkeypatch.undo()
    assert run() == "ada: 1 sent, 0 not.\n"
    assert len(outbox.outbox) == 1


def test_who_has_left_gets_no_mail_and_who_has_no_address_is_named() -> None:
    gone, nowhere = reader("ada", is_active=False), reader("bob", email="")
    for person in [gone, nowhere]:
        notice_for(person, ProgrammeFactory())
    assert run() == "bob has no email address: 1 cannot be sent.\n"
    assert outbox.outbox == []


def test_a_mail_names_no_more_than_the_sentence_and_the_note(fails_for: Callable, caplog: object) -> None:
    ada = reader("ada")
    programme = ProgrammeFactory(summary="A secret of a draft.")
    workflow.write_down(programme, Act.Verb.ADDED, ada, timezone.now())
    notice_for(ada, programme)
    run()
    assert "A secret of a draft." not in outbox.outbox[0].body
    notice_for(ada, programme, "A secret note.")
    fails_for(ada.email, OSError("no connection"))
    with pytest.raises(CommandError):
        run()
    assert "A secret note." not in caplog.text
