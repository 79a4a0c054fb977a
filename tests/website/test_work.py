"""The editors' home says what waits for whoever opens it, and nothing else."""

import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.models import Programme
from tests.admin.conftest import boxes, client_of, person_in, url_of
from tests.factories import (
    AreaFactory,
    ConfirmationFactory,
    OrganisationFactory,
    PageFeedbackFactory,
    ProgrammeFactory,
    RemitFactory,
    SiteFactory,
    UserFactory,
)
from tests.factories.accounts import somebody_who_publishes
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Act, Publishable, Schedule, State
from trustportal.website.work import SHOWN, Section, work_of

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 3, 2)
MOST_QUERIES = 40


@pytest.fixture
def author() -> User:
    return person_in("Author")


@pytest.fixture
def publisher() -> User:
    return person_in("Publisher")


def section_of(person: User, name: str, on: datetime.date | None = None) -> Section | None:
    """One section of a person's home."""
    person = User.objects.get(pk=person.pk)  # rights and remit are remembered on the object
    return next((section for section in work_of(person, on) if section.name == name), None)


def names_in(person: User, name: str, on: datetime.date | None = None) -> list[str]:
    """What a section lists."""
    section = section_of(person, name, on)
    return [row.name for row in section.rows] if section else []


def write_in(record: Publishable, person: User) -> None:
    """Note that a person wrote in a record or a change."""
    workflow.write_down(record, Act.Verb.EDITED, person, timezone.now())


def fall_due(record: Publishable, on: datetime.date, owner: User | None = None) -> Publishable:
    """Have the review of a published record fall due on a day."""
    rows = type(record).objects.filter(pk=record.pk)
    rows.update(last_reviewed_on=on - datetime.timedelta(days=100), next_review_due_on=on, owner=owner)
    return record


# The page


def test_where_nothing_waits_the_page_says_so_before_the_list_of_all_there_is(author: User) -> None:
    page = client_of(author).get(reverse("admin:index")).content.decode()
    assert page.index("Nothing waits for you.") < page.index("What the portal holds") < page.index("Programmes")


def test_the_page_shows_what_waits_with_a_link_to_it_and_leaves_out_what_is_empty(author: User) -> None:
    draft = ProgrammeFactory(name="Borough dialysis", owner=author)
    workflow.write_down(draft, Act.Verb.ADDED, author, timezone.now())
    page = client_of(author).get(reverse("admin:index")).content.decode()
    assert f'<a href="{url_of(draft, "change")}">Borough dialysis</a>' in page
    assert f"Programme · Added on {timezone.localdate():%-d %B %Y} by {author.get_full_name()}" in page
    assert "Your drafts and changes" in page
    for empty in ["Returned to you", "To review", "Scheduled", "Overdue", "Nothing waits"]:
        assert empty not in page


def test_a_page_shows_ten_and_leads_to_the_lists_of_all(publisher: User) -> None:
    lead = OrganisationFactory(published=True)
    site = SiteFactory(published=True)
    change = workflow.start_change(site, by=publisher)
    drafts = ProgrammeFactory.create_batch(12, lead=lead, owner=publisher)
    section = section_of(publisher, "drafts")
    assert (section.count, len(section.rows)) == (13, SHOWN)
    client = client_of(publisher)
    pages = {link.words: client.get(link.url).content.decode() for link in section.more}
    assert set(pages) == {"Programmes", "Changes of sites"}
    assert all(draft.name in pages["Programmes"] for draft in drafts)
    assert url_of(change, "change") in pages["Changes of sites"]


# Drafts and changes


def test_my_drafts_are_those_that_i_own_or_wrote_in(author: User) -> None:
    own, written = ProgrammeFactory(owner=author), SiteFactory()
    write_in(written, author)
    others = SiteFactory(owner=UserFactory())
    write_in(others, UserFactory())
    ProgrammeFactory(owner=author, in_review=True)
    assert sorted(names_in(author, "drafts")) == sorted([own.name, written.name])


def test_a_change_is_named_after_its_record_and_leads_to_the_working_copy(author: User) -> None:
    live = SiteFactory(name="Guy's", published=True)
    change = workflow.start_change(live, by=author)
    change.name = "Guy's Hospital"
    change.save()
    [row] = section_of(author, "drafts").rows
    assert (row.name, row.kind, row.url) == ("Change of “Guy's”", "Site", url_of(change, "change"))
    assert row.facts.startswith("Change started on ")


def test_who_wrote_in_an_earlier_text_has_nothing_to_do_with_a_change_of_another(author: User) -> None:
    live = SiteFactory()
    write_in(live, author)
    workflow.publish(live, by=somebody_who_publishes())
    workflow.start_change(live, by=somebody_who_publishes())
    assert names_in(author, "drafts") == []


def test_what_was_returned_stands_apart_with_the_note_until_it_is_submitted_again(
    author: User, publisher: User
) -> None:
    draft = ProgrammeFactory(owner=author)
    workflow.submit(draft, by=author)
    assert section_of(author, "returned") is None
    workflow.return_to_draft(draft, by=publisher, note="Name the area.")
    [row] = section_of(author, "returned").rows
    assert (row.name, row.note) == (draft.name, "Name the area.")
    assert row.facts.endswith(f"by {publisher.get_full_name()}")
    assert names_in(author, "drafts") == []
    draft.refresh_from_db()
    workflow.submit(draft, by=author)
    assert work_of(author) == []


def test_what_was_returned_once_is_not_returned_in_its_next_change(author: User, publisher: User) -> None:
    live = SiteFactory()
    workflow.submit(live, by=author)
    live = workflow.return_to_draft(live, by=publisher)
    live = workflow.publish(live, by=publisher)
    workflow.start_change(live, by=author)
    assert names_in(author, "returned") == []
    assert names_in(author, "drafts") == [f"Change of “{live}”"]


# Review


def test_a_publisher_reviews_what_others_wrote_the_longest_waiting_first(author: User, publisher: User) -> None:
    first, second = ProgrammeFactory(name="Z"), SiteFactory(name="A")
    for record in [first, second]:
        write_in(record, author)
        workflow.submit(record, by=author)
    own = ProgrammeFactory()
    write_in(own, publisher)
    workflow.submit(own, by=publisher)
    assert names_in(publisher, "review") == ["Z", "A"]
    assert section_of(author, "review") is None
    with override_settings(FOUR_EYES=False):
        assert names_in(publisher, "review") == ["Z", "A", own.name]


def test_a_change_that_waits_for_review_is_named_as_one(author: User, publisher: User) -> None:
    live = SiteFactory(published=True)
    change = workflow.start_change(live, by=author)
    change.change_note = "The address is new."
    change.save()
    workflow.submit(change, by=author)
    [row] = section_of(publisher, "review").rows
    assert (row.name, row.url) == (f"Change of “{live}”", url_of(change, "change"))


# Schedules


def test_what_could_not_be_kept_stands_before_what_is_scheduled(publisher: User) -> None:
    soon = timezone.now() + datetime.timedelta(hours=1)
    waiting, failed = SiteFactory(name="Waiting"), SiteFactory(name="Failed")
    for record, due_at in [(waiting, soon), (failed, soon + datetime.timedelta(days=1))]:
        scheduling.schedule(record, Schedule.What.PUBLISH, due_at=due_at, by=publisher)
    Schedule.objects.on(failed).update(fault="Publish the trust first.")
    first, second = section_of(publisher, "scheduled").rows
    assert (first.name, first.note, second.name, second.note) == ("Failed", "Publish the trust first.", "Waiting", "")
    assert first.facts.startswith("Not done. Publish on ")
    assert second.facts.endswith(f"set by {publisher.get_full_name()}")


# Reviews that are overdue


def test_overdue_reviews_are_my_own_first_then_for_publishers_those_of_nobody(author: User, publisher: User) -> None:
    late = TODAY - datetime.timedelta(days=30)
    gone = UserFactory(is_active=False)
    own = {
        person: fall_due(SiteFactory(published=True), TODAY - datetime.timedelta(days=1), person)
        for person in [author, publisher]
    }
    orphan = fall_due(ProgrammeFactory(published=True), late)
    left_behind = fall_due(SiteFactory(published=True), late + datetime.timedelta(days=1), gone)
    fall_due(SiteFactory(published=True), TODAY, publisher)  # due today is not overdue
    assert names_in(author, "overdue", TODAY) == [own[author].name]
    assert names_in(publisher, "overdue", TODAY) == [own[publisher].name, orphan.name, left_behind.name]
    mine, orphaned, _left = section_of(publisher, "overdue", TODAY).rows
    assert mine.facts == "1 day overdue, due on 1 March 2026"
    assert (orphaned.facts, orphaned.note) == (
        "30 days overdue, due on 31 January 2026",
        "Nobody who may change it owns it.",
    )


# What others said


def test_answers_of_partners_wait_until_somebody_has_dealt_with_them(author: User) -> None:
    trust = OrganisationFactory(published=True)
    answer = ConfirmationFactory(
        record=trust, answered=True, answer="commented", comments=[["Facts", "We moved to Leeds."]]
    )
    ConfirmationFactory(answered=True, handled_at=timezone.now())
    ConfirmationFactory()
    [row] = section_of(author, "answers").rows
    assert (row.name, row.url) == (trust.name, url_of(answer, "change"))
    assert row.facts.startswith(trust.name)
    assert row.facts.endswith(": Something should change")
    assert row.note == "We moved to Leeds."


def test_feedback_shows_the_newest_five_of_those_not_dealt_with(author: User) -> None:
    said = [PageFeedbackFactory() for _ in range(7)]
    PageFeedbackFactory(is_handled=True)
    section = section_of(author, "feedback")
    assert section.count == 7
    assert [row.note for row in section.rows] == [one.comment for one in reversed(said[2:])]
    [link] = section.more
    assert "7 feedback" in client_of(author).get(link.url).content.decode()
    nobody = UserFactory(is_staff=True, rights=("view_programme",))
    assert section_of(nobody, "feedback") is None


# What is not known


def test_pages_that_lack_facts_say_which_to_owners_and_publishers(author: User, publisher: User) -> None:
    lead = OrganisationFactory(published=True)
    own = ProgrammeFactory(name="Mine", lead=lead, started_on=None, areas=[AreaFactory()], published=True)
    Programme.objects.filter(pk=own.pk).update(owner=author)
    other = SiteFactory(name="Not mine", organisation=lead, address="", published=True)
    SiteFactory(name="A draft", organisation=lead, address="", owner=author)
    [row] = section_of(author, "lacking").rows
    assert (row.name, row.note) == (
        "Mine",
        "Not known: when it began, what it is and why, who else takes part, the sources.",
    )
    rows = {row.name: row.note for row in section_of(publisher, "lacking").rows}
    assert rows["Mine"] == row.note
    assert rows[other.name] == "Not known: its address, the sources."
    assert "A draft" not in rows


# Rights and remit


@pytest.mark.parametrize("role", ["Author", "Publisher"])
def test_who_works_for_one_organisation_sees_nothing_of_others(role: str) -> None:
    person, colleague = person_in(role), UserFactory()
    elsewhere, here = OrganisationFactory(published=True), OrganisationFactory(published=True)
    RemitFactory(person=person, organisation=here)
    soon = timezone.now() + datetime.timedelta(hours=1)
    names = {}
    for lead in [elsewhere, here]:
        draft, back, waiting, timed, late, poor = ProgrammeFactory.create_batch(6, lead=lead, owner=person)
        write_in(draft, person)
        for record in [back, waiting]:
            write_in(record, colleague)
            workflow.submit(record, by=somebody_who_publishes())
        workflow.return_to_draft(back, by=somebody_who_publishes())
        scheduling.schedule(timed, Schedule.What.PUBLISH, due_at=soon, by=somebody_who_publishes())
        for record in [late, poor]:
            workflow.publish(record, by=somebody_who_publishes())
        fall_due(late, TODAY, person)
        ConfirmationFactory(record=late, answered=True)
        names[lead] = {record.name for record in [draft, back, waiting, timed, late, poor]}
        change = workflow.start_change(lead, by=somebody_who_publishes())
        write_in(change, person)
    person = User.objects.get(pk=person.pk)
    sections = [section for section in work_of(person) if section.name != "feedback"]
    shown = {row.name for section in sections for row in section.rows}
    assert names[here] - shown == (set() if role == "Publisher" else {shown_to_publishers(names, here)})
    assert f"Change of “{here}”" in shown
    assert not shown & {*names[elsewhere], elsewhere.name, f"Change of “{elsewhere}”"}
    assert all(section.count == len(section.rows) for section in sections)


def shown_to_publishers(names: dict, lead: object) -> str:
    """The record in review, which an author does not review."""
    return Programme.objects.get(lead=lead, state=State.IN_REVIEW, name__in=names[lead]).name


def test_who_may_do_nothing_sees_nothing() -> None:
    ProgrammeFactory(in_review=True)
    SiteFactory(published=True)
    person = UserFactory(is_staff=True)
    ProgrammeFactory(owner=person)
    assert work_of(person) == []


# Queries


def some_of_everything(person: User, count: int) -> None:
    """So many records of two kinds in each section of a person's home."""
    lead, area = OrganisationFactory(published=True), AreaFactory()
    colleague, now = UserFactory(), timezone.now()
    for kind in [
        lambda n: ProgrammeFactory.create_batch(n, lead=lead),
        lambda n: SiteFactory.create_batch(n, area=area),
    ]:
        drafts, back, waiting, timed, public = (kind(count) for _ in range(5))
        for record in drafts:
            write_in(record, person)
        for record in back:
            write_in(record, person)
            workflow.write_down(record, Act.Verb.RETURNED, colleague, now, "Say where.")
        for record in waiting:
            workflow.write_down(record, Act.Verb.SUBMITTED, colleague, now)
            Schedule.objects.create(
                content_type=ContentType.objects.get_for_model(record),
                object_id=record.pk,
                act="publish",
                due_at=now,
                set_by=person,
            )
        model = type(timed[0])
        model.objects.filter(pk__in=[record.pk for record in waiting]).update(state=State.IN_REVIEW)
        model.objects.filter(pk__in=[record.pk for record in [*timed, *public]]).update(
            state=State.PUBLISHED,
            first_published_at=now,
            updated_at=now,
            modified_at=now,
            last_reviewed_on=TODAY,
            next_review_due_on=TODAY + datetime.timedelta(days=1),
        )
        for record in timed:
            ConfirmationFactory(record=record, organisation=lead, answered=True)
    PageFeedbackFactory.create_batch(count)


def test_the_home_of_a_publisher_takes_few_queries_and_no_more_with_thirty_records_than_with_three(
    publisher: User,
) -> None:
    client = client_of(publisher)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            response = client.get(reverse("admin:index"))
        work = response.context["work"]
        assert [section.name for section in work] == [
            "returned",
            "drafts",
            "review",
            "scheduled",
            "overdue",
            "answers",
            "feedback",
            "lacking",
        ]
        return len(asked)

    some_of_everything(publisher, 3)
    with_three = queries()
    some_of_everything(publisher, 27)
    assert queries() == with_three <= MOST_QUERIES


# Each person's mails


def test_each_person_chooses_their_own_mails_and_nothing_else(author: User) -> None:
    client, url, colleague = client_of(author), reverse("admin:my-mails"), UserFactory()
    assert f'<a href="{url}">My mails</a>' in client.get(reverse("admin:index")).content.decode()
    typed = {"mail_choice": "digest", "is_superuser": "1", "id": str(colleague.pk), "username": "root"}
    response = client.post(url, boxes(client.get(url)) | typed, follow=True)
    assert "Your choice was saved." in response.content.decode()
    before = {"username": author.username, "is_superuser": False, "is_staff": True, "email": author.email}
    author.refresh_from_db()
    colleague.refresh_from_db()
    assert author.mail_choice == "digest"
    assert {name: getattr(author, name) for name in before} == before
    assert colleague.mail_choice == "at-once"


def test_a_choice_that_is_none_is_refused(author: User) -> None:
    response = client_of(author).post(reverse("admin:my-mails"), {"mail_choice": "never"})
    assert response.status_code == 200
    author.refresh_from_db()
    assert author.mail_choice == "at-once"


def test_the_page_of_mails_is_for_people_who_work_here(client: StrictClient) -> None:
    url = reverse("admin:my-mails")
    for reader in [client, client_of(UserFactory())]:
        response = reader.get(url)
        assert (response.status_code, response["Location"]) == (302, f"{reverse('admin:login')}?next={url}")


def test_an_administrator_sees_and_sets_the_mails_of_a_person(author: User) -> None:
    client, url = client_of(person_in("Administrator")), url_of(author, "change")
    client.post(url, boxes(client.get(url)) | {"mail_choice": "digest"})
    author.refresh_from_db()
    assert author.mail_choice == "digest"
