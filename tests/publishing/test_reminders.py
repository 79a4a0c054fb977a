"""Overdue reviews are told to those whom they concern, once a week; bulk-loaded records do not fall due on one day."""

import datetime
import io
from collections import Counter
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.models import Organisation
from programmes.models import Programme
from tests.admin.conftest import person_in
from tests.factories import OrganisationFactory, ProgrammeFactory, RemitFactory, SiteFactory, UserFactory
from trustportal.accounts.models import User
from trustportal.publishing import mail, workflow
from trustportal.publishing.models import Publishable
from trustportal.publishing.reminders import MOST_IN_A_MAIL, Outcome, remind, spread

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 3, 2)
A_DAY = datetime.timedelta(days=1)


def overdue(record: Publishable, days: int, owner: User | None = None, on: datetime.date = TODAY) -> Publishable:
    """Have the review of a published record be late by some days."""
    due_on = on - days * A_DAY
    rows = type(record).objects.filter(pk=record.pk)
    rows.update(last_reviewed_on=due_on - 100 * A_DAY, next_review_due_on=due_on, owner=owner)
    return record


def outcomes(on: datetime.date = TODAY, **more: object) -> dict[str, tuple[int, Outcome]]:
    """What became of each person's reminder."""
    return {person.username: (count, outcome) for person, count, outcome in remind(on, **more)}


def owner(name: str, **facts: object) -> User:
    """Somebody who works here and may change any page."""
    person = UserFactory(username=name, staff=True, **facts)
    person.groups.set(Group.objects.filter(name="Author"))
    return person


# Who is reminded of what


def test_an_owner_gets_one_mail_with_all_that_is_overdue_the_latest_first() -> None:
    ada = owner("ada")
    lead = OrganisationFactory(published=True)
    overdue(SiteFactory(name="Guy's", organisation=lead, published=True), 1, ada)
    overdue(ProgrammeFactory(name="Borough dialysis", lead=lead, published=True), 12, ada)
    overdue(SiteFactory(name="Not due yet", organisation=lead, published=True), 0, ada)
    overdue(SiteFactory(name="Withdrawn", organisation=lead, withdrawn=True), 50, ada)
    overdue(SiteFactory(name="Of another", organisation=lead, published=True), 50, owner("bob"))
    assert outcomes()["ada"] == (2, Outcome.SENT)
    sent = next(sent for sent in outbox.outbox if sent.to == [ada.email])
    programme = Programme.objects.get()
    address = f"http://127.0.0.1:8000/admin/programmes/programme/{programme.pk}/change/"
    for words in [
        f"Borough dialysis (programme)\n12 days overdue: the review was due on 18 February 2026.\n{address}\n",
        "Guy's (site)\n1 day overdue: ",
    ]:
        assert words in sent.body
    assert sent.body.index("Borough") < sent.body.index("Guy's")
    assert "2 pages wait for your review" in sent.subject
    for words in ["Not due yet", "Withdrawn", "Of another", "Nobody"]:
        assert words not in sent.body


def test_what_nobody_owns_who_works_here_goes_to_those_who_may_publish_it() -> None:
    here, elsewhere = OrganisationFactory(published=True), OrganisationFactory(published=True)
    publisher, limited, author = person_in("Publisher"), person_in("Publisher"), person_in("Author")
    RemitFactory(person=limited, organisation=here)
    gone = UserFactory(is_active=False)
    overdue(SiteFactory(name="Orphan here", organisation=here, published=True), 3)
    overdue(SiteFactory(name="Left behind elsewhere", organisation=elsewhere, published=True), 2, gone)
    overdue(SiteFactory(name="Owned", organisation=here, published=True), 1, author)
    UserFactory(superuser=True)
    assert outcomes() == {
        publisher.username: (2, Outcome.SENT),
        limited.username: (1, Outcome.SENT),
        author.username: (1, Outcome.SENT),
        "publisher": (2, Outcome.NO_EMAIL),  # who published all this
    }
    bodies = {sent.to[0]: sent.body for sent in outbox.outbox}
    assert "Left behind elsewhere" in bodies[publisher.email]
    assert "Left behind elsewhere" not in bodies[limited.email]
    assert "Nobody who may change this page owns it." in bodies[limited.email]
    assert "Owned" not in bodies[publisher.email]


def test_nobody_is_reminded_twice_in_seven_days() -> None:
    ada = owner("ada")
    overdue(SiteFactory(published=True), 1, ada)
    assert outcomes()["ada"] == (1, Outcome.SENT)
    assert outcomes()["ada"] == outcomes(TODAY + 6 * A_DAY)["ada"] == (1, Outcome.RECENT)
    assert len(outbox.outbox) == 1
    assert outcomes(TODAY + 7 * A_DAY)["ada"] == (1, Outcome.SENT)
    assert len(outbox.outbox) == 2


def test_two_runs_at_once_remind_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    overdue(SiteFactory(published=True), 1, owner("ada"))
    others, deliver = [], mail.deliver

    def slowly(*words: str) -> bool:
        others.append(outcomes())
        return deliver(*words)

    monkeypatch.setattr(mail, "deliver", slowly)
    assert outcomes() == {"ada": (1, Outcome.SENT)}
    assert others == [{"ada": (1, Outcome.RECENT)}]
    assert len(outbox.outbox) == 1


@pytest.mark.parametrize("error", [None, ValueError("a malformed address")])
def test_a_failure_stops_none_of_the_others_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None
) -> None:
    ada, bob = owner("ada", reminded_on=TODAY - 30 * A_DAY), owner("bob")
    for person in [ada, bob]:
        overdue(SiteFactory(published=True), 1, person)
    deliver = mail.deliver

    def refuse_ada(address: str, subject: str, text: str) -> bool:
        if address == ada.email:
            if error:
                raise error
            return False
        return deliver(address, subject, text)

    monkeypatch.setattr(mail, "deliver", refuse_ada)
    assert outcomes() == {"ada": (1, Outcome.FAILED), "bob": (1, Outcome.SENT)}
    ada.refresh_from_db()
    assert ada.reminded_on == TODAY - 30 * A_DAY
    monkeypatch.undo()
    assert outcomes() == {"ada": (1, Outcome.SENT), "bob": (1, Outcome.RECENT)}


def test_a_mail_names_fifty_pages_and_counts_the_rest() -> None:
    ada, lead = owner("ada"), OrganisationFactory(published=True)
    site = SiteFactory(organisation=lead, published=True)
    for number in range(MOST_IN_A_MAIL + 1):
        site.pk, site.uuid, site._state.adding = None, uuid4(), True
        site.slug, site.name = f"site-{number}", f"Site {number}"
        site.save()
        overdue(site, 1, ada)
    assert outcomes()["ada"] == (MOST_IN_A_MAIL + 1, Outcome.SENT)
    body = outbox.outbox[0].body
    assert body.count("overdue: ") == MOST_IN_A_MAIL
    assert "And 1 more page." in body
    assert "http://127.0.0.1:8000/admin/\n" in body


def test_reminders_take_no_more_queries_for_thirty_pages_than_for_three() -> None:
    ada, lead = owner("ada"), OrganisationFactory(published=True)

    def queries(count: int, on: datetime.date) -> int:
        for _ in range(count):
            overdue(SiteFactory(organisation=lead, published=True), 1, ada, on)
        with CaptureQueriesContext(connection) as asked:
            assert outcomes(on)["ada"][1] == Outcome.SENT
        return len(asked)

    with_three = queries(3, TODAY)
    assert queries(27, TODAY + 30 * A_DAY) == with_three


# The command


def test_the_command_says_what_it_did_and_fails_where_a_mail_did(monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    for name, more in {"ada": {}, "bob": {"email": ""}, "cleo": {"reminded_on": today}}.items():
        overdue(SiteFactory(published=True), 1, owner(name, **more), today)

    def run(*options: str) -> list[str]:
        said = io.StringIO()
        try:
            call_command("send_review_reminders", *options, stdout=said)
        except CommandError as error:
            said.write(f"Error: {error}")
        return said.getvalue().splitlines()

    rest = [
        "bob (1 overdue) has no email address, so nobody was told.",
        "cleo (1 overdue) was reminded less than a week ago.",
    ]
    assert run("--dry-run") == ["ada (1 overdue) would be reminded.", *rest]
    assert (outbox.outbox, User.objects.get(username="ada").reminded_on) == ([], None)
    monkeypatch.setattr(mail, "deliver", lambda *words: False)
    failed = "ada (1 overdue) could not be reminded: the mail was not sent."
    assert run() == [failed, *rest, "Error: 1 could not be reminded. The next run tries again."]
    monkeypatch.undo()
    assert run() == ["ada (1 overdue) was reminded.", *rest]
    assert [sent.to for sent in outbox.outbox] == [["ada@example.nhs.uk"]]


# Records that are loaded together


def test_reviews_are_spread_evenly_over_the_second_half_of_the_interval() -> None:
    records = [Organisation(slug=f"trust-{number:03}") for number in range(365)]
    days = [(due_on - TODAY).days for _record, due_on in spread(records, TODAY)]
    assert (min(days), max(days)) == (182, 365)
    assert max(Counter(days).values()) == 2
    assert days == sorted(days)


def test_the_same_records_get_the_same_days_in_whatever_order_they_come() -> None:
    records = [Programme(slug=f"programme-{n}") for n in range(9)] + [Organisation(slug=f"trust-{n}") for n in range(9)]
    assert dict_of(spread(records, TODAY)) == dict_of(spread(reversed(records), TODAY))


def test_each_kind_keeps_to_its_own_interval() -> None:
    records = [Programme(slug="a"), Programme(slug="b"), Organisation(slug="a")]
    days = {name: (due_on - TODAY).days for name, due_on in dict_of(spread(records, TODAY)).items()}
    assert days == {"Programme a": 137, "Programme b": 183, "Organisation a": 365}
    assert spread([], TODAY) == []


def dict_of(days: list[tuple[Publishable, datetime.date]]) -> dict[str, datetime.date]:
    """By kind and address."""
    return {f"{type(record).__name__} {record.slug}": due_on for record, due_on in days}


def test_the_workflow_writes_the_dates_of_what_is_public_alone() -> None:
    at = datetime.datetime(2026, 1, 5, 23, 30, tzinfo=datetime.UTC)
    public, draft = ProgrammeFactory(published=True, published_at=at), ProgrammeFactory()
    workflow.spread_reviews([public, draft], TODAY)
    public.refresh_from_db()
    draft.refresh_from_db()
    assert public.last_reviewed_on == datetime.date(2026, 1, 5)
    assert TODAY + 91 * A_DAY <= public.next_review_due_on <= TODAY + 183 * A_DAY
    assert (draft.last_reviewed_on, draft.next_review_due_on) == (None, None)
