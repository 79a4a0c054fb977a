"""Partners who confirm a page: who may ask, who may answer, what stands on the public page, which mails go out."""

import datetime
import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships import confirmations
from partnerships.models import Confirmation, Organisation, Partnership
from programmes.models import Statement
from tests.factories import (
    ConfirmationFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PortalFactory,
    ProgrammeFactory,
    RemitFactory,
    StatementFactory,
    UserFactory,
)
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.publishing import mail as portal_mail
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, Notice, Publishable

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
RIGHTS = ("change_partnership", "change_organisation", "change_programme")
COMMAND = "send_confirmation_reminders"


@pytest.fixture
def editor() -> User:
    """May write in records of every kind."""
    return UserFactory(rights=RIGHTS)


@pytest.fixture
def council() -> Organisation:
    return OrganisationFactory(name="Bexley Council", published=True)


@pytest.fixture
def draft(council: Organisation) -> Partnership:
    partnership = PartnershipFactory(name="Healthy Bexley", description="They meet.", owner=UserFactory())
    MembershipFactory(partnership=partnership, organisation=council)
    return partnership


@pytest.fixture
def public(draft: Partnership, publisher: User) -> Partnership:
    return workflow.publish(draft, by=publisher)


def ask(record: Publishable, partner: Organisation, by: User, **more: object) -> Confirmation:
    return confirmations.ask(record, partner, by=by, email="jo@example.org", **more)


def confirm(asked: Confirmation, **more: object) -> Confirmation:
    return confirmations.answer(asked, answer="confirmed", name="Jo Smith", **more)


def change_of(record: Publishable, by: User, **values: object) -> Publishable:
    """A change of a published record, in which something reads differently."""
    change = workflow.start_change(record, by=by)
    for name, value in ({"change_note": "Said more."} | values).items():
        setattr(change, name, value)
    change.save()
    return change


def names_on_page(client: StrictClient, record: Publishable) -> list[str]:
    """Who has confirmed, as the public page has it from its view."""
    return [str(one.organisation) for one in client.get(record.get_absolute_url()).context["confirmations"]]


def answer_page(asked: Confirmation, client: StrictClient) -> str:
    return client.get(asked.get_address()).content.decode()


def typed(asked: Confirmation, client: StrictClient, **boxes: str) -> dict[str, str]:
    """What a browser would send from the page, with what is typed."""
    page = answer_page(asked, client)
    return {"read": re.search(r'name="read" value="(\w+)"', page)[1], "name": "Jo Smith, director"} | boxes


# Asking


@pytest.mark.parametrize("stage", ["draft", "change", "public"])
def test_a_draft_a_change_and_a_public_record_can_be_asked_about(stage, draft, council, editor, publisher):
    record = draft if stage == "draft" else workflow.publish(draft, by=publisher)
    text = workflow.start_change(record, by=editor) if stage == "change" else record

    asked = ask(text, council, editor, days=5)

    assert asked.record == record
    assert asked.expires_at - asked.asked_at == 5 * DAY
    assert confirmations.read_text(asked) == text
    act = Act.objects.on(record).get(verb=Act.Verb.ASKED)
    assert (act.done_by, act.note) == (editor, "Bexley Council")


def test_a_withdrawn_record_cannot_be_asked_about_until_somebody_works_on_it_again(public, council, editor, publisher):
    withdrawn = workflow.withdraw(public, by=publisher, reason="It ended.")
    with pytest.raises(workflow.WrongState):
        ask(withdrawn, council, editor)
    change = workflow.start_change(withdrawn, by=editor)
    assert confirmations.read_text(ask(change, council, editor)) == change


def test_only_an_organisation_that_the_page_names_is_asked(draft, editor):
    with pytest.raises(workflow.NotReady, match="does not name"):
        ask(draft, OrganisationFactory(published=True), editor)
    assert not Confirmation.objects.exists()


def test_whoever_may_not_change_the_record_asks_nobody(draft, council):
    with pytest.raises(workflow.NotAllowed):
        ask(draft, council, UserFactory())
    limited = RemitFactory(person=UserFactory(rights=RIGHTS)).person
    with pytest.raises(workflow.NotAllowed):
        ask(draft, council, limited)
    assert not Confirmation.objects.exists()


def test_who_works_for_the_lead_alone_may_ask(draft, council):
    limited = RemitFactory(person=UserFactory(rights=RIGHTS), organisation=draft.lead).person
    assert ask(draft, council, limited).asked_by == limited


def test_a_partner_is_asked_once_at_a_time(draft, council, editor):
    first = ask(draft, council, editor)
    with pytest.raises(workflow.NotReady, match="asked already"):
        ask(draft, council, editor)
    assert ask(draft, draft.lead, editor).organisation == draft.lead
    confirmations.cancel(first, editor)
    assert ask(draft, council, editor).pk != first.pk


def test_a_partner_whose_time_went_by_is_asked_anew(draft, council, editor):
    late = ask(draft, council, editor, at=timezone.now() - 30 * DAY)
    again = ask(draft, council, editor)
    late.refresh_from_db()
    assert late.cancelled_at
    assert again.is_open(timezone.now())


@pytest.mark.parametrize("days", [0, 91])
def test_a_question_lasts_one_to_ninety_days(days, draft, council, editor):
    with pytest.raises(ValueError, match="1 to 90"):
        ask(draft, council, editor, days=days)


def test_what_is_no_email_is_refused(draft, council, editor):
    with pytest.raises(workflow.NotReady):
        confirmations.ask(draft, council, by=editor, email="nobody")


# Answering


@pytest.mark.parametrize("answer", Confirmation.Answer.values)
def test_an_answer_is_recorded_with_name_and_time_and_told(answer, draft, council, editor):
    asked, at = ask(draft, council, editor), timezone.now()

    confirmations.answer(asked, answer=answer, name=" Jo Smith ", comments=[("Sources", "One is old.")], at=at)

    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by, asked.answered_at) == (answer, "Jo Smith", at)
    assert asked.comments == ([] if answer == "confirmed" else [["Sources", "One is old."]])
    act = Act.objects.on(draft).get(verb=Act.Verb.ANSWERED)
    assert (act.done_by, act.note) == (None, f"Bexley Council (Jo Smith): {asked.get_answer_display()}")
    notices = Notice.objects.filter(kind=Notice.Kind.PARTNER_ANSWERED)
    assert {notice.person for notice in notices} == {draft.owner, editor}
    assert asked.get_answer_display() in notices[0].text


def test_where_neither_owner_nor_asker_is_left_the_publishers_hear_of_it(council, editor, publisher):
    record = PartnershipFactory(lead=council)
    asked = ask(record, council, editor)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    confirm(asked)
    assert [notice.person for notice in Notice.objects.all()] == [publisher]


def test_the_second_answer_changes_nothing(draft, council, editor):
    asked = ask(draft, council, editor)
    in_another_window = Confirmation.objects.get(pk=asked.pk)
    confirm(asked)
    with pytest.raises(workflow.WrongState, match="answered already"):
        confirmations.answer(in_another_window, answer="declined", name="Sam Poe")
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by) == ("confirmed", "Jo Smith")
    assert Act.objects.filter(verb=Act.Verb.ANSWERED).count() == 1
    assert Notice.objects.filter(person=editor).count() == 1


def test_a_question_that_is_over_takes_no_answer(draft, council, editor):
    asked = ask(draft, council, editor)
    with pytest.raises(workflow.WrongState, match="no longer"):
        confirm(asked, at=asked.expires_at)
    confirmations.cancel(asked, editor)
    with pytest.raises(workflow.WrongState, match="no longer"):
        confirm(asked)
    assert not Confirmation.objects.exclude(answer="").exists()


def test_what_was_withdrawn_or_deleted_meanwhile_takes_no_answer(public, council, editor, publisher):
    asked = ask(public, council, editor)
    workflow.withdraw(public, by=publisher, reason="It ended.")
    with pytest.raises(workflow.WrongState):
        confirm(Confirmation.objects.get(pk=asked.pk))
    draft = PartnershipFactory(lead=council)
    asked = ask(draft, council, editor)
    draft.delete()
    with pytest.raises(workflow.WrongState):
        confirm(Confirmation.objects.get(pk=asked.pk))


@pytest.mark.parametrize(
    "said",
    [
        {"answer": "commented", "name": "Jo"},
        {"answer": "commented", "name": "Jo", "comments": [("Sources", "  ")]},
        {"answer": "declined", "name": "Jo", "comments": [("Sources", "x" * 1001)]},
        {"answer": "confirmed", "name": "  "},
        {"answer": "confirmed", "name": "x" * 101},
    ],
)
def test_an_answer_that_is_not_whole_is_refused(said, draft, council, editor):
    asked = ask(draft, council, editor)
    with pytest.raises(workflow.NotReady):
        confirmations.answer(asked, **said)
    asked.refresh_from_db()
    assert not asked.answer


def test_a_text_that_changed_while_it_was_read_is_not_confirmed(draft, council, editor):
    asked = ask(draft, council, editor)
    with pytest.raises(confirmations.TextChanged):
        confirm(asked, read="0" * 64)
    declined = confirmations.answer(asked, answer="declined", name="Jo", read="0" * 64)
    assert declined.answer == "declined"


def test_an_answer_is_dealt_with_once_and_a_question_never(draft, council, editor):
    asked = ask(draft, council, editor)
    with pytest.raises(workflow.WrongState):
        confirmations.mark_dealt_with(asked, editor)
    confirm(asked)
    assert list(Confirmation.objects.unseen()) == [asked]
    with pytest.raises(workflow.NotAllowed):
        confirmations.mark_dealt_with(asked, UserFactory())
    confirmations.mark_dealt_with(asked, editor)
    assert not Confirmation.objects.unseen().exists()
    with pytest.raises(workflow.WrongState):
        confirmations.mark_dealt_with(asked, editor)


def test_an_answered_question_is_not_cancelled(draft, council, editor):
    asked = confirm(ask(draft, council, editor))
    with pytest.raises(workflow.WrongState):
        confirmations.cancel(asked, editor)
    with pytest.raises(workflow.NotAllowed):
        confirmations.cancel(ask(draft, council, editor), UserFactory())


# What the public page says


def test_a_confirmed_draft_says_so_once_it_is_public(draft, council, editor, publisher, client):
    confirmed = confirm(ask(draft, council, editor))
    record = workflow.publish(draft, by=publisher)
    assert confirmed.digest == record.text_digest
    assert names_on_page(client, record) == ["Bexley Council"]


def test_the_text_of_a_change_has_the_same_digest_when_it_is_public(council, editor, publisher, client):
    programme = ProgrammeFactory(lead=council, local_care_network=True, with_statements=True, published=True)
    change = change_of(programme, editor, description="Steps and more.")
    StatementFactory(programme=change)
    confirmed = confirm(ask(programme, council, editor))
    assert names_on_page(client, programme) == []

    record = workflow.publish(change, by=publisher)

    assert confirmed.digest == record.text_digest
    assert names_on_page(client, record) == ["Bexley Council"]


def test_a_text_that_was_edited_after_its_confirmation_does_not_say_so(public, council, editor, publisher, client):
    change = change_of(public, editor, summary="As the partner read it.")
    confirm(ask(public, council, editor))
    change.summary = "Quite another thing."
    change.save()
    assert names_on_page(client, workflow.publish(change, by=publisher)) == []


def test_a_confirmation_survives_small_corrections_and_ends_with_another_text(
    public, council, editor, publisher, client
):
    confirm(ask(public, council, editor))
    assert names_on_page(client, public) == ["Bexley Council"]
    for words in ["With a comma.", "With two commas."]:
        correction = change_of(public, editor, summary=words, is_small_correction=True)
        public = workflow.publish(correction, by=publisher)
        assert names_on_page(client, public) == ["Bexley Council"]
    public = workflow.publish(change_of(public, editor, summary="Another text."), by=publisher)
    assert names_on_page(client, public) == []


def test_a_text_with_small_corrections_can_be_confirmed_too(public, council, editor, publisher, client):
    correction = change_of(public, editor, summary="With a comma.", is_small_correction=True)
    public = workflow.publish(correction, by=publisher)
    confirm(ask(public, council, editor))
    assert names_on_page(client, public) == ["Bexley Council"]


def test_a_small_correction_that_a_partner_confirmed_says_so_once_it_is_public(
    public, council, editor, publisher, client
):
    correction = change_of(public, editor, summary="With a comma.", is_small_correction=True)
    confirm(ask(correction, council, editor))
    assert names_on_page(client, public) == []
    public = workflow.publish(correction, by=publisher)
    assert names_on_page(client, public) == ["Bexley Council"]
    correction = change_of(public, editor, summary="With two commas.", is_small_correction=True)
    assert names_on_page(client, workflow.publish(correction, by=publisher)) == ["Bexley Council"]


def test_a_record_that_was_loaded_can_be_confirmed(public, council, editor, publisher, client):
    Partnership.objects.filter(pk=public.pk).update(text_digest="")
    confirmed = confirm(ask(public, council, editor))
    assert confirmed.digest == ""
    assert names_on_page(client, public) == ["Bexley Council"]
    correction = change_of(public, editor, summary="With a comma.", is_small_correction=True)
    public = workflow.publish(correction, by=publisher)
    assert names_on_page(client, public) == ["Bexley Council"]
    public = workflow.publish(change_of(public, editor, summary="Another text."), by=publisher)
    assert names_on_page(client, public) == []


def test_second_thoughts_of_a_partner_count(public, council, editor, client):
    confirm(ask(public, council, editor))
    confirm(ask(public, public.lead, editor))
    asked = ask(public, council, editor)
    confirmations.answer(asked, answer="commented", name="Jo", comments=[("Sources", "One is old.")])
    assert names_on_page(client, public) == [public.lead.name]
    confirm(ask(public, council, editor))
    assert names_on_page(client, public) == ["Bexley Council", public.lead.name]
    change_of(public, editor, summary="Another text.")
    confirmations.answer(ask(public, council, editor), answer="declined", name="Jo")
    assert names_on_page(client, public) == [public.lead.name]


def test_an_objection_to_a_correction_counts_once_the_correction_is_public(public, council, editor, publisher, client):
    confirm(ask(public, council, editor))
    change = change_of(public, editor, description="They met 7 times.", is_small_correction=True)
    objection = ask(public, council, editor)
    confirmations.answer(objection, answer="commented", name="Jo", comments=[("What it is", "7 is wrong")])
    assert names_on_page(client, public) == ["Bexley Council"]

    workflow.publish(change, by=publisher)

    assert names_on_page(client, public) == []


def test_a_partner_stands_there_once_and_never_while_it_is_a_draft_itself(draft, council, editor, publisher, client):
    hidden = MembershipFactory(partnership=draft, organisation=OrganisationFactory()).organisation
    for partner in [council, council, hidden]:
        confirm(ask(draft, partner, editor))
    record = workflow.publish(draft, by=publisher)
    assert names_on_page(client, record) == ["Bexley Council"]


def test_the_list_on_the_page_is_bounded_and_takes_one_query(public, django_assert_num_queries):
    for membership in MembershipFactory.create_batch(25, partnership=public, organisation__published=True):
        ConfirmationFactory(
            record=public, organisation=membership.organisation, digest=public.text_digest, answered=True
        )
    confirmations.standing_confirmations(public)  # reads the kinds of content once and for all
    with django_assert_num_queries(1):
        assert len(confirmations.standing_confirmations(public)) == 20


# The partner's page


def test_the_partner_reads_the_real_page_with_a_band_and_a_form(draft, council, editor, client):
    asked = ask(draft, council, editor, message="Please look at the dates.")
    page = answer_page(asked, client)
    for words in ["Healthy Bexley", "They meet.", "Is this page right?", "You answer for Bexley Council"]:
        assert words in page
    assert "Please look at the dates." in page


def test_a_partner_asked_about_a_public_page_does_not_read_a_change_begun_since(public, council, editor, client):
    asked = ask(public, council, editor)
    change_of(public, editor, description="Half a sentence that nobody")

    page = answer_page(asked, client)

    assert "They meet." in page
    assert "Half a sentence" not in page


def test_a_partner_asked_about_a_change_reads_the_page_once_the_change_has_gone(public, council, editor, client):
    change = change_of(public, editor, description="They meet weekly.")
    asked = ask(public, council, editor)
    assert "They meet weekly." in answer_page(asked, client)

    workflow.discard(change, by=editor)
    change_of(public, editor, description="Half a sentence that nobody")

    assert "They meet." in answer_page(asked, client)


def test_the_partner_reads_the_true_dates_of_a_public_page(council, editor, client):
    long_ago = timezone.now() - datetime.timedelta(days=400)
    page = PartnershipFactory(published=True, published_at=long_ago)
    MembershipFactory(partnership=page, organisation=council)

    context = client.get(ask(page, council, editor).get_address()).context

    assert context["object"].updated_at == long_ago
    assert context["object"].next_review_due_on == Partnership.objects.get(pk=page.pk).next_review_due_on


def test_the_boxes_are_those_of_the_sections_that_say_something(editor, client):
    programme = ProgrammeFactory(description="", with_partners=True)
    StatementFactory(programme=programme, milestone=True)
    page = answer_page(ask(programme, programme.lead, editor), client)
    for there in ["summary", "participations", "statements_milestone", "rest"]:
        assert f'name="comment_{there}"' in page
    for missing in ["description", "places", f"statements_{Statement.Kind.LESSON}", "statements"]:
        assert f'name="comment_{missing}"' not in page
    assert "Partners taking part" in page
    assert "Milestones" in page


def test_the_address_is_secret(public, council, editor, client):
    asked = ask(public, council, editor)
    token = asked.get_address().split("/")[2]
    closed = ask(public, public.lead, editor)
    confirmations.cancel(closed, editor)
    for one, status in [(asked, 200), (closed, 410)]:
        response = client.get(one.get_address())
        assert response.status_code == status
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] in {"no-referrer", "strict-origin"}
        assert token not in response.content.decode()
        assert one.get_address().split("/")[2] not in response.content.decode()
    assert "/feedback/?page=/partnerships/" in answer_page(asked, client)


def test_reading_needs_no_account_makes_no_session_and_changes_nothing(public, council, editor, client):
    asked = ask(public, council, editor)
    before = Partnership.objects.filter(pk=public.pk).values().get()
    response = client.get(asked.get_address())
    assert set(response.cookies) == {"csrf"}
    client.head(asked.get_address())
    asked.refresh_from_db()
    assert not asked.answer
    assert Partnership.objects.filter(pk=public.pk).values().get() == before


def test_the_form_needs_its_token(public, council, editor):
    asked = ask(public, council, editor)
    client = StrictClient(enforce_csrf_checks=True)
    data = typed(asked, client, answer="confirmed")
    assert client.post(asked.get_address(), data).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer_page(asked, client))[1]
    assert client.post(asked.get_address(), data | {"csrfmiddlewaretoken": token}).status_code == 302
    asked.refresh_from_db()
    assert asked.answer == "confirmed"


def test_an_answer_is_thanked_and_a_second_one_is_told_of_the_first(draft, council, editor, client):
    asked = ask(draft, council, editor)
    data = typed(asked, client, answer="commented", comment_summary="Say\r\nmore.", comment_memberships="One left.")
    thanks = client.post(asked.get_address(), data, follow=True)
    assert "What happens next" in thanks.content.decode()
    asked.refresh_from_db()
    assert asked.comments == [["Name and summary", "Say\nmore."], ["Members", "One left."]]
    assert asked.answered_by == "Jo Smith, director"
    for again in [client.get(asked.get_address()), client.post(asked.get_address(), data | {"name": "Sam Poe"})]:
        assert again.status_code == 200
        assert "You have answered already on" in again.content.decode()
    asked.refresh_from_db()
    assert asked.answered_by == "Jo Smith, director"


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        ({}, "Choose one of the three answers."),
        ({"answer": "forged"}, "Select a valid choice"),
        ({"answer": "commented"}, "Write what should change, in at least one box."),
        ({"answer": "confirmed", "comment_summary": "Kept <b>"}, "You wrote that something should change."),
        ({"answer": "declined", "name": ""}, "Write your name and post."),
        ({"answer": "declined", "comment_summary": "x" * 1001}, "write at most 1000 characters"),
    ],
)
def test_an_answer_with_a_fault_is_given_back_as_it_was_typed(boxes, said, draft, council, editor, client):
    asked = ask(draft, council, editor)
    data = typed(asked, client, comment_rest="Kept too.") | boxes
    if data.get("answer") == "commented":
        del data["comment_rest"]
    response = client.post(asked.get_address(), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in page
    assert said in page
    assert data["name"] in page
    for name in ["comment_rest", "comment_summary"]:
        assert data.get(name, "").replace("<b>", "&lt;b&gt;") + "</textarea>" in page
    asked.refresh_from_db()
    assert not asked.answer


def test_a_text_that_changed_meanwhile_is_shown_again_before_it_is_confirmed(draft, council, editor, client):
    asked = ask(draft, council, editor)
    data = typed(asked, client, answer="confirmed")
    Partnership.objects.filter(pk=draft.pk).update(description="They fight.")
    response = client.post(asked.get_address(), data)
    assert response.status_code == 422
    assert "The page has changed since you opened it." in response.content.decode()
    assert "They fight." in response.content.decode()
    again = re.search(r'name="read" value="(\w+)"', response.content.decode())[1]
    assert client.post(asked.get_address(), data | {"read": again}).status_code == 302


def test_a_comment_on_a_section_that_has_gone_is_kept(draft, council, editor, client):
    asked = ask(draft, council, editor)
    data = typed(asked, client, answer="commented", comment_description="They do not meet.")
    Partnership.objects.filter(pk=draft.pk).update(description="")
    assert client.post(asked.get_address(), data).status_code == 302
    asked.refresh_from_db()
    assert asked.comments == [["Description", "They do not meet."]]


def test_a_question_that_is_over_says_whom_to_ask(public, council, editor, publisher, client):
    PortalFactory(contact_email="partners@example.nhs.uk")
    now = timezone.now()
    gone = PartnershipFactory(lead=council)
    over = [
        ConfirmationFactory(record=public, organisation=council, expires_at=now),
        ConfirmationFactory(record=public, organisation=council, cancelled_at=now),
        ask(gone, council, editor),
        ask(public, public.lead, editor),
    ]
    gone.delete()
    workflow.withdraw(public, by=publisher, reason="It ended.")
    for asked in over:
        for response in [client.get(asked.get_address()), client.post(asked.get_address(), {"answer": "confirmed"})]:
            assert response.status_code == 410
            assert "partners@example.nhs.uk" in response.content.decode()
    assert not Confirmation.objects.exclude(answer="").exists()


def test_an_address_that_nobody_gave_out_leads_nowhere(public, council, editor, client):
    asked = ask(public, council, editor)
    key, signature = asked.get_address().split("/")[2].split(":")
    for token in [f"{int(key) + 1}:{signature}", key, "x", f"{key}:{signature}é"]:
        response = client.get(reverse("confirmation", args=[token]))
        assert response.status_code == 404
        assert "no-store" in response["Cache-Control"]


def test_the_page_takes_as_many_queries_for_many_rows_as_for_few(council, editor, client):
    def count(size: int) -> int:
        partnership = PartnershipFactory(lead=council)
        MembershipFactory.create_batch(size, partnership=partnership, organisation__published=True)
        asked = ask(partnership, council, editor)
        answer_page(asked, client)
        with CaptureQueriesContext(connection) as queries:
            answer_page(asked, client)
        return len(queries)

    assert count(7) == count(20)  # from 6 members on, the network gives a partnership a place of its own


# Mails


def test_a_question_is_mailed_once_when_it_is_certain(draft, council, editor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        asked = ask(draft, council, editor, message="Please look at the dates.")
        assert not mail.outbox
    [sent] = mail.outbox
    assert sent.to == ["jo@example.org"]
    for words in ["Healthy Bexley", "Bexley Council", "Please look at the dates.", editor.get_full_name()]:
        assert words in sent.body
    assert f"http://127.0.0.1:8000{asked.get_address()}" in sent.body
    for again in callbacks:
        again()
    call_command(COMMAND, stdout=StringIO())
    assert len(mail.outbox) == 1


def test_a_mail_that_failed_goes_out_later_and_once(
    draft, council, editor, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(portal_mail, "deliver", lambda *_: False)
    with django_capture_on_commit_callbacks(execute=True):
        asked = ask(draft, council, editor)
    asked.refresh_from_db()
    assert asked.sent_at is None
    monkeypatch.undo()
    for _ in range(2):
        call_command(COMMAND, stdout=StringIO())
    assert [sent.to for sent in mail.outbox] == [["jo@example.org"]]
    asked.refresh_from_db()
    assert asked.sent_at


@pytest.mark.django_db(transaction=True)
def test_a_fault_in_a_mail_does_not_undo_the_question(draft, council, editor, monkeypatch):
    def fail(*_: object) -> bool:
        raise ValueError("a header with two lines")

    monkeypatch.setattr(portal_mail, "deliver", fail)
    asked = ask(draft, council, editor)
    asked.refresh_from_db()
    assert asked.sent_at is None


@pytest.mark.parametrize(
    ("facts", "is_reminded"),
    [
        ({"expires_at": 6 * DAY}, True),
        ({"expires_at": 8 * DAY}, False),
        ({"expires_at": -DAY}, False),
        ({"expires_at": 6 * DAY, "reminded_at": -DAY}, False),
        ({"expires_at": 6 * DAY, "cancelled_at": -DAY}, False),
        ({"expires_at": 6 * DAY, "sent_at": -DAY / 2}, False),
    ],
)
def test_only_partners_whose_question_ends_soon_are_reminded_once(facts, is_reminded):
    now = timezone.now()
    asked = ConfirmationFactory(**{name: now + value for name, value in facts.items()})
    for _ in range(2):
        call_command(COMMAND, stdout=StringIO())
    assert len(mail.outbox) == is_reminded
    if is_reminded:
        assert mail.outbox[0].subject.endswith(f"Reminder: please check a page that names {asked.organisation}")
        assert asked.get_address() in mail.outbox[0].body


def test_who_has_answered_is_not_reminded():
    ConfirmationFactory(answered=True, expires_at=timezone.now() + DAY)
    call_command(COMMAND, stdout=StringIO())
    assert not mail.outbox


def test_a_question_and_its_reminder_never_go_out_together():
    ConfirmationFactory(sent_at=None, expires_at=timezone.now() + DAY)
    call_command(COMMAND, stdout=StringIO())
    assert len(mail.outbox) == 1


def test_two_who_remind_at_the_same_time_send_one_mail():
    asked = ConfirmationFactory(expires_at=timezone.now() + DAY)
    in_another_process = Confirmation.objects.get(pk=asked.pk)
    assert [confirmations.send_reminder(one) for one in (asked, in_another_process)] == [True, False]
    assert len(mail.outbox) == 1


def test_nobody_is_asked_to_read_what_has_gone():
    asked = ConfirmationFactory(record=OrganisationFactory(withdrawn=True), sent_at=None)
    out = StringIO()
    call_command(COMMAND, stdout=out)
    assert not confirmations.send_request(asked)
    assert not mail.outbox
    assert "Sent: 0. Failed: 0." in out.getvalue()


def test_a_dry_run_says_what_would_go_out_and_sends_nothing():
    asked = ConfirmationFactory(sent_at=None)
    late = ConfirmationFactory(expires_at=timezone.now() + DAY)
    out = StringIO()
    call_command(COMMAND, dry_run=True, stdout=out)
    said = out.getvalue()
    assert f"Question: {asked}: to be sent" in said
    assert f"Reminder: {late}: to be sent" in said
    assert "Would be sent: 2." in said
    assert not mail.outbox
    asked.refresh_from_db()
    assert asked.sent_at is None


@pytest.mark.parametrize("how", ["refused", "broken"])
def test_one_mail_that_fails_stops_no_other_and_is_not_hidden(how, monkeypatch):
    first, second = ConfirmationFactory(sent_at=None, email="bad@example.org"), ConfirmationFactory(sent_at=None)
    deliver = portal_mail.deliver

    def deliver_some(address: str, subject: str, text: str) -> bool:
        if address != "bad@example.org":
            return deliver(address, subject, text)
        if how == "broken":
            raise ValueError(address)
        return False

    monkeypatch.setattr(portal_mail, "deliver", deliver_some)
    out = StringIO()
    with pytest.raises(CommandError, match="1 could not be sent"):
        call_command(COMMAND, stdout=out)
    assert f"{first}: FAILED" in out.getvalue()
    assert f"{second}: sent" in out.getvalue()
    assert [sent.to for sent in mail.outbox] == [[second.email]]
    first.refresh_from_db()
    assert first.sent_at is None
