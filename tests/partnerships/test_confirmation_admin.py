"""Partners who confirm a page, in the admin: who asks, who sees the answers, who deals with them."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships import confirmations
from partnerships.models import Confirmation, Organisation
from programmes.models import Programme
from tests.admin.conftest import client_of, messages_of, person_in, url_of
from tests.factories import (
    ConfirmationFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    ProgrammeFactory,
    RemitFactory,
    UserFactory,
)
from tests.strict_client import StrictClient
from trustportal.publishing import workflow
from trustportal.publishing.models import Publishable

pytestmark = pytest.mark.django_db
TYPED = {"email": "jo@example.org", "message": "Please look.", "days": "14"}


@pytest.fixture
def author(db: None) -> StrictClient:
    """An author's browser."""
    return client_of(person_in("Author"))


def limited_to(organisation: Organisation) -> StrictClient:
    """The browser of an author who works on the records of one organisation alone."""
    person = person_in("Author")
    RemitFactory(person=person, organisation=organisation)
    return client_of(person)


def ask(client: StrictClient, record: Publishable, partner: Organisation, **more: str) -> object:
    return client.post(url_of(record, "ask"), TYPED | {"organisation": partner.pk} | more, follow=True)


def keys_in_list(client: StrictClient, **query: str) -> set[int]:
    return {row.pk for row in client.get(url_of(Confirmation, "changelist"), query).context["cl"].result_list}


# Asking


@pytest.mark.parametrize("factory", [OrganisationFactory, PartnershipFactory, ProgrammeFactory])
def test_an_author_asks_from_the_page_of_a_record(factory, author):
    record = factory()
    page = author.get(url_of(record, "change")).content.decode()
    assert f'href="{url_of(record, "ask")}"' in page
    partner = record.organisations_named().get()
    ask(author, record, partner)
    asked = Confirmation.objects.get()
    assert (asked.record, asked.organisation, asked.email, asked.message) == (
        record, partner, "jo@example.org", "Please look.",
    )  # fmt: skip
    assert (asked.expires_at - asked.asked_at).days == 14


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_hears_that_the_mail_is_on_its_way():
    organisation = OrganisationFactory()
    person = UserFactory(is_staff=True, rights=("view_organisation", "change_organisation"))
    assert "the mail is on its way" in messages_of(ask(client_of(person), organisation, organisation))
    assert [sent.to for sent in mail.outbox] == [["jo@example.org"]]


def test_a_question_about_a_change_stands_on_the_record_itself(author):
    record = PartnershipFactory(published=True)
    change = workflow.start_change(record, by=person_in("Author"))
    member = MembershipFactory(partnership=change, organisation__published=True).organisation
    ask(author, change, member)
    assert Confirmation.objects.get().record == record
    assert member.name in author.get(url_of(record, "ask")).content.decode()


def test_looking_at_the_form_asks_nobody(author):
    record = OrganisationFactory()
    author.get(url_of(record, "ask"), TYPED | {"organisation": record.pk})
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("box", [{"email": "nobody"}, {"days": "91"}, {"days": "0"}, {"message": "x" * 1001}])
def test_a_question_with_a_fault_is_given_back(box, author):
    record = OrganisationFactory()
    response = ask(author, record, record, **box)
    assert "Please correct what is marked below." in response.content.decode()
    assert not Confirmation.objects.exists()


def test_a_forged_partner_changes_nothing(author):
    record, other = PartnershipFactory(), OrganisationFactory(published=True)
    response = ask(author, record, other)
    assert response.context["form"].errors["organisation"]
    assert not Confirmation.objects.exists()


def test_asking_twice_says_why_not(author):
    record = OrganisationFactory()
    ask(author, record, record)
    assert "This partner has been asked already." in ask(author, record, record).content.decode()
    assert Confirmation.objects.count() == 1


def test_who_works_for_another_organisation_cannot_ask(author):
    own = OrganisationFactory(published=True)
    client = limited_to(own)
    for record in [PartnershipFactory(published=True), PartnershipFactory()]:
        assert client.get(url_of(record, "ask")).status_code == 403
        assert ask(client, record, record.lead).status_code == 403
    public = PartnershipFactory(published=True)
    assert url_of(public, "ask") not in client.get(url_of(public, "change")).content.decode()
    assert not Confirmation.objects.exists()
    ours = PartnershipFactory(lead=own)
    ask(client, ours, own)
    assert Confirmation.objects.get().record == ours


def test_who_may_only_look_cannot_ask():
    client = client_of(person_in(""))
    record = OrganisationFactory(published=True)
    assert ask(client, record, record).status_code == 403
    assert not Confirmation.objects.exists()


def test_asking_needs_the_token_of_the_form(author):
    record = OrganisationFactory()
    author.handler.enforce_csrf_checks = True
    assert ask(author, record, record).status_code == 403
    assert not Confirmation.objects.exists()


def test_a_withdrawn_record_offers_no_question(author):
    record = OrganisationFactory(withdrawn=True)
    page = author.get(url_of(record, "ask")).content.decode()
    assert "ask_form" not in page
    assert url_of(record, "ask") not in author.get(url_of(record, "change")).content.decode()


def test_the_page_lists_what_was_asked_before_and_the_answers(author):
    record = OrganisationFactory(published=True)
    ConfirmationFactory(record=record, answered=True, answer="commented", comments=[["Sources", "One <b> is old."]])
    waiting = ConfirmationFactory(record=record)
    page = author.get(url_of(record, "ask")).content.decode()
    for words in ["Something should change", "Jo Smith", "One &lt;b&gt; is old.", waiting.get_address()]:
        assert words in page


# The list


def test_all_roles_see_the_list_and_nobody_writes_in_it():
    asked = ConfirmationFactory()
    for role in ["Author", "Publisher", "Administrator"]:
        client = client_of(person_in(role))
        assert keys_in_list(client) == {asked.pk}
        assert 'name="_save"' not in client.get(url_of(asked, "change")).content.decode()
        assert client.get(url_of(Confirmation, "add")).status_code == 403
        assert client.post(url_of(asked, "delete"), {"post": "yes"}).status_code == 403
        client.post(url_of(asked, "change"), {"answer": "confirmed"})
        asked.refresh_from_db()
        assert not asked.answer


def test_the_list_is_narrowed_by_what_waits(author):
    now = timezone.now()
    waiting = ConfirmationFactory()
    ConfirmationFactory(expires_at=now)
    ConfirmationFactory(cancelled_at=now)
    unseen = ConfirmationFactory(answered=True)
    done = ConfirmationFactory(answered=True, handled_at=now)
    found = {step: keys_in_list(author, **{"is": step}) for step in ["waiting", "unseen", "dealt-with"]}
    assert found == {"waiting": {waiting.pk}, "unseen": {unseen.pk}, "dealt-with": {done.pk}}


def test_who_works_for_one_organisation_sees_its_questions_alone():
    own = OrganisationFactory(published=True)
    ours = ConfirmationFactory(record=ProgrammeFactory(lead=own))
    others = ConfirmationFactory(record=ProgrammeFactory(published=True), answered=True)
    client = limited_to(own)
    assert keys_in_list(client) == {ours.pk}
    assert client.get(url_of(ours, "change")).status_code == 200
    assert client.get(url_of(others, "change")).status_code == 302
    client.post(url_of(others, "act", "mark-dealt-with"))
    data = {"action": "mark_as_dealt_with", "_selected_action": [others.pk]}
    client.post(url_of(Confirmation, "changelist"), data)
    others.refresh_from_db()
    assert others.handled_at is None


def test_the_answer_is_shown_section_by_section_and_the_link_as_long_as_it_works(author):
    answered = ConfirmationFactory(
        answered=True, answer="commented", comments=[["Sources", "One <b> is old."], ["Members", "One left."]]
    )
    page = author.get(url_of(answered, "change")).content.decode()
    for words in ["Sources", "One &lt;b&gt; is old.", "Members", "One left.", "Jo Smith"]:
        assert words in page
    assert answered.get_address() not in page
    waiting = ConfirmationFactory()
    assert f"http://127.0.0.1:8000{waiting.get_address()}" in author.get(url_of(waiting, "change")).content.decode()


def test_the_page_offers_what_can_be_done(author):
    def offered(row: Confirmation) -> list[str]:
        return [str(act["label"]) for act in author.get(url_of(row, "change")).context["acts"]]

    now = timezone.now()
    assert offered(ConfirmationFactory()) == ["Cancel the question"]
    assert offered(ConfirmationFactory(answered=True)) == ["Mark as dealt with"]
    assert offered(ConfirmationFactory(answered=True, handled_at=now)) == []
    assert offered(ConfirmationFactory(cancelled_at=now)) == []


def test_buttons_cancel_and_mark(author):
    waiting, answered = ConfirmationFactory(), ConfirmationFactory(answered=True)
    for row, act in [(waiting, "cancel"), (answered, "mark-dealt-with")]:
        assert author.get(url_of(row, "act", act)).status_code == 405
        author.post(url_of(row, "act", act))
        row.refresh_from_db()
    assert waiting.cancelled_at
    assert answered.handled_at
    assert author.post(url_of(waiting, "act", "forge")).status_code == 404


def test_several_are_done_at_once_and_one_that_cannot_be_stops_no_other(author):
    first, waiting, second = (
        ConfirmationFactory(answered=True),
        ConfirmationFactory(),
        ConfirmationFactory(answered=True),
    )
    data = {"action": "mark_as_dealt_with", "_selected_action": [first.pk, waiting.pk, second.pk]}
    said = messages_of(author.post(url_of(Confirmation, "changelist"), data, follow=True))
    assert "2 answers were marked as dealt with." in said
    assert "There is no answer that waits here." in said
    assert Confirmation.objects.dealt_with().count() == 2
    data = {"action": "cancel_questions", "_selected_action": [first.pk, waiting.pk]}
    author.post(url_of(Confirmation, "changelist"), data)
    waiting.refresh_from_db()
    assert waiting.cancelled_at


def test_a_question_about_what_was_deleted_can_still_be_seen(author):
    record = ProgrammeFactory()
    asked = ConfirmationFactory(record=record, answered=True)
    Programme.objects.filter(pk=record.pk).delete()
    assert "no longer there" in author.get(url_of(Confirmation, "changelist")).content.decode()
    confirmations.mark_dealt_with(Confirmation.objects.get(pk=asked.pk), person_in("Author"))
    assert Confirmation.objects.dealt_with().exists()


@pytest.mark.parametrize("page", ["changelist", "ask"])
def test_lists_take_as_many_queries_for_many_rows_as_for_few(page, author):
    record = OrganisationFactory(published=True)
    address = url_of(record, "ask") if page == "ask" else url_of(Confirmation, "changelist")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            author.get(address)
        return len(queries)

    def make(size: int) -> None:
        for _ in range(size):
            ConfirmationFactory(record=record, answered=True)

    make(2)
    author.get(address)
    few = count()
    make(12)
    assert count() == few
