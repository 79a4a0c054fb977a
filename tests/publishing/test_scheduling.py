"""Schedules: kept at their time and not a second before, once, and one by one."""

import datetime
from io import StringIO
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from programmes.models import Programme
from tests.admin.conftest import person_in
from tests.factories import OrganisationFactory, ProgrammeFactory, UserFactory
from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Act, Notice, Schedule, State
from trustportal.publishing.offers import TimeForm

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 3, 28, 12, tzinfo=datetime.UTC)
DUE = NOW + datetime.timedelta(hours=1)
SECOND = datetime.timedelta(seconds=1)
PUBLISH, WITHDRAW = Schedule.What.PUBLISH, Schedule.What.WITHDRAW


@pytest.fixture
def publisher():
    return UserFactory(superuser=True)


def kept(at) -> list[tuple[str, bool]]:
    return [(words, is_done) for _, words, is_done in scheduling.keep_due(at)]


def state_of(record) -> str:
    record.refresh_from_db()
    return record.state


def test_a_draft_is_published_at_its_time_and_not_a_second_before(publisher):
    programme = ProgrammeFactory(in_review=True)
    scheduling.schedule(programme, PUBLISH, due_at=DUE, by=publisher, at=NOW)

    assert kept(DUE - SECOND) == []
    assert state_of(programme) == State.IN_REVIEW
    assert kept(DUE) == [(programme.name, True)]
    assert state_of(programme) == State.PUBLISHED
    assert Act.objects.on(programme).updates()[0].done_by == publisher


def test_late_is_better_than_never_and_twice_is_once(publisher):
    programme = ProgrammeFactory()
    scheduling.schedule(programme, PUBLISH, due_at=DUE, by=publisher, at=NOW)

    assert kept(DUE + datetime.timedelta(days=3)) == [(programme.name, True)]
    assert kept(DUE + datetime.timedelta(days=3)) == []
    assert Act.objects.on(programme).filter(verb=Act.Verb.PUBLISHED).count() == 1


def test_a_change_is_published_at_its_time(publisher):
    programme = ProgrammeFactory(published=True)
    change = workflow.start_change(programme, by=publisher)
    change.name, change.change_note = "New name", "It has a new name."
    change.save()
    scheduling.schedule(change, PUBLISH, due_at=DUE, by=publisher, at=NOW)

    kept(DUE)

    programme.refresh_from_db()
    assert programme.name == "New name"
    assert not Schedule.objects.exists()


def test_a_page_is_withdrawn_at_its_time_with_reason_and_where_to_go(publisher):
    programme = ProgrammeFactory(published=True)
    scheduling.schedule(
        programme, WITHDRAW, due_at=DUE, by=publisher, reason="It ends.", see_instead="/programmes/", at=NOW
    )

    kept(DUE - SECOND)
    assert state_of(programme) == State.PUBLISHED
    kept(DUE)

    assert state_of(programme) == State.WITHDRAWN
    assert (programme.withdrawal_reason, programme.see_instead) == ("It ends.", "/programmes/")


def test_one_that_fails_stops_none_of_the_others_and_whoever_set_it_is_told(publisher):
    bad, good = ProgrammeFactory(), ProgrammeFactory()
    for record in (bad, good):
        scheduling.schedule(record, PUBLISH, due_at=DUE, by=publisher, at=NOW)
    Programme.objects.filter(pk=bad.pk).update(summary="")

    assert [is_done for _, is_done in kept(DUE)] == [False, True]

    assert (state_of(bad), state_of(good)) == (State.DRAFT, State.PUBLISHED)
    failed = Schedule.objects.get()
    assert failed.record == bad
    assert "cannot be blank" in failed.fault
    told = Notice.objects.get(kind="schedule-failed")
    assert (told.person, "cannot be blank" in told.text) == (publisher, True)
    assert kept(DUE + SECOND) == [], "it is not tried again each minute"


def test_a_fault_that_nobody_foresaw_stops_none_of_the_others_either(publisher):
    first, second = ProgrammeFactory(), OrganisationFactory()
    for record in (first, second):
        scheduling.schedule(record, PUBLISH, due_at=DUE, by=publisher, at=NOW)

    with mock.patch.object(Programme, "faults_as_a_whole", side_effect=ZeroDivisionError("oops")):
        assert [is_done for _, is_done in kept(DUE)] == [False, True]

    assert (state_of(first), state_of(second)) == (State.DRAFT, State.PUBLISHED)
    assert "log says what" in Schedule.objects.get().fault
    assert "oops" not in Schedule.objects.get().fault


@pytest.mark.parametrize("fault", [OperationalError("database is locked"), InterfaceError("connection closed")])
def test_where_the_database_was_busy_the_next_run_tries_again(fault, publisher):
    programme, other = ProgrammeFactory(), OrganisationFactory()
    for record in (programme, other):
        scheduling.schedule(record, PUBLISH, due_at=DUE, by=publisher, at=NOW)

    with mock.patch.object(Programme, "faults_as_a_whole", side_effect=fault):
        assert [is_done for _, is_done in kept(DUE)] == [False, True]
    assert Schedule.objects.get().fault == ""
    assert not Notice.objects.filter(kind=Notice.Kind.SCHEDULE_FAILED).exists()

    assert kept(DUE + SECOND) == [(programme.name, True)]
    assert state_of(programme) == State.PUBLISHED


def test_where_whoever_set_it_has_left_those_who_may_publish_hear_that_it_failed(publisher):
    colleague = person_in("Publisher")
    programme = ProgrammeFactory()
    scheduling.schedule(programme, PUBLISH, due_at=DUE, by=publisher, at=NOW)
    publisher.is_active = False
    publisher.save()

    kept(DUE)

    told = {notice.person for notice in Notice.objects.filter(kind=Notice.Kind.SCHEDULE_FAILED)}
    assert colleague in told
    assert publisher not in told


def test_a_withdrawn_page_does_not_come_back_by_itself_with_a_scheduled_change(publisher):
    programme, boss = ProgrammeFactory(published=True), UserFactory(superuser=True)
    change = workflow.start_change(programme, by=publisher)
    change.is_small_correction = True
    change.save()
    scheduling.schedule(change, PUBLISH, due_at=DUE, by=publisher, at=NOW)

    workflow.withdraw(programme, by=boss, reason="It names a patient.")

    assert kept(DUE) == []
    assert state_of(programme) == State.WITHDRAWN
    assert Act.objects.on(programme).filter(verb=Act.Verb.UNSCHEDULED, done_by=boss).exists()
    assert Notice.objects.get(kind=Notice.Kind.UNSCHEDULED).person == publisher


def test_an_author_neither_discards_nor_submits_what_a_publisher_scheduled(publisher):
    author = person_in("Author")
    change = workflow.start_change(ProgrammeFactory(published=True), by=author)
    change.is_small_correction = True
    change.save()
    scheduling.schedule(change, PUBLISH, due_at=DUE, by=publisher, at=NOW)

    with pytest.raises(workflow.NotAllowed):
        workflow.discard(change, by=author)
    with pytest.raises(workflow.WrongState):
        workflow.submit(change, by=author)

    assert state_of(change) == State.DRAFT
    assert Schedule.objects.get().set_by == publisher


def test_whoever_set_a_schedule_hears_that_somebody_else_cancelled_it(publisher):
    boss = UserFactory(superuser=True)
    made = scheduling.schedule(ProgrammeFactory(), PUBLISH, due_at=DUE, by=publisher, at=NOW)

    scheduling.cancel(made, by=boss)

    assert Notice.objects.get(kind=Notice.Kind.UNSCHEDULED).person == publisher


def test_a_failed_schedule_of_a_draft_that_was_deleted_can_be_cancelled(publisher):
    programme = ProgrammeFactory()
    scheduling.schedule(programme, PUBLISH, due_at=DUE, by=publisher, at=NOW)
    Schedule.objects.update(fault="It could not be.")
    programme.delete()

    scheduling.cancel(Schedule.objects.get(), by=publisher)

    assert not Schedule.objects.exists()


def test_a_time_in_the_far_future_is_refused(publisher):
    far = datetime.datetime(9999, 12, 31, 23, 59, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
    with pytest.raises(workflow.NotReady, match="five years"):
        scheduling.schedule(ProgrammeFactory(), PUBLISH, due_at=far, by=publisher, at=NOW)


def test_somebody_who_lost_the_right_publishes_nothing_any_more(publisher):
    programme = ProgrammeFactory()
    scheduling.schedule(programme, PUBLISH, due_at=DUE, by=publisher, at=NOW)
    publisher.is_active = False
    publisher.save()

    kept(DUE)

    assert state_of(programme) == State.DRAFT


def test_a_schedule_that_is_cancelled_is_not_kept(publisher):
    programme = ProgrammeFactory()
    scheduling.cancel(scheduling.schedule(programme, PUBLISH, due_at=DUE, by=publisher, at=NOW), by=publisher)

    assert kept(DUE) == []
    assert state_of(programme) == State.DRAFT


def test_returning_publishing_or_discarding_ends_the_schedule(publisher):
    returned, public = ProgrammeFactory(in_review=True), ProgrammeFactory()
    change = workflow.start_change(ProgrammeFactory(published=True), by=publisher)
    change.is_small_correction = True
    change.save()
    for record in (returned, public, change):
        scheduling.schedule(record, PUBLISH, due_at=DUE, by=publisher, at=NOW)

    workflow.return_to_draft(returned, by=publisher, note="Not yet.")
    workflow.publish(public, by=publisher)
    workflow.discard(change, by=publisher)

    assert not Schedule.objects.exists()


def test_what_cannot_be_scheduled_is_refused_with_the_reason(publisher):
    draft, public = ProgrammeFactory(), ProgrammeFactory(published=True)

    def refused(record, act=PUBLISH, error=workflow.NotReady, **kwargs) -> str:
        with pytest.raises(error) as caught:
            scheduling.schedule(record, act, **({"due_at": DUE, "by": publisher, "at": NOW} | kwargs))
        return str(caught.value)

    assert "a time to come" in refused(draft, due_at=NOW)
    assert "is now: Published" in refused(public, error=workflow.WrongState)
    assert "is now: Draft" in refused(draft, WITHDRAW, error=workflow.WrongState, reason="x")
    assert "Give the reason" in refused(public, WITHDRAW)
    assert "may not" in refused(draft, error=workflow.NotAllowed, by=UserFactory(rights=("change_programme",)))
    assert "Fill in the facts" in refused(ProgrammeFactory(kind="local-care-network"))
    workflow.note_saved(draft, by=publisher)
    assert "somebody else" in refused(draft, error=workflow.NotAllowed)
    assert not Schedule.objects.exists()


def test_the_command_does_what_is_due_and_says_so(publisher):
    due, later, bad = ProgrammeFactory(), ProgrammeFactory(), ProgrammeFactory()
    long_ago = timezone.now() - datetime.timedelta(days=1000)
    scheduling.schedule(due, PUBLISH, due_at=long_ago + SECOND, by=publisher, at=long_ago)
    scheduling.schedule(bad, PUBLISH, due_at=long_ago + SECOND, by=publisher, at=long_ago)
    scheduling.schedule(later, PUBLISH, due_at=long_ago + datetime.timedelta(days=1800), by=publisher, at=long_ago)
    Programme.objects.filter(pk=bad.pk).update(summary="")

    out = StringIO()
    call_command("publish_scheduled", "--dry-run", stdout=out)
    assert due.name in out.getvalue()
    assert later.name not in out.getvalue()
    assert state_of(due) == State.DRAFT

    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 could not be kept"):
        call_command("publish_scheduled", stdout=out, stderr=err)
    assert due.name in out.getvalue()
    assert bad.name in err.getvalue()
    assert [state_of(record) for record in (due, later, bad)] == [State.PUBLISHED, State.DRAFT, State.DRAFT]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-29T00:59", "2026-03-29T00:59+00:00"),  # the clocks go forward at 1:00
        ("2026-03-29T02:00", "2026-03-29T01:00+00:00"),
        ("2026-07-01T09:00", "2026-07-01T08:00+00:00"),
        ("2026-10-25T02:30", "2026-10-25T02:30+00:00"),  # and back at 2:00
    ],
)
def test_a_time_is_as_clocks_in_london_show_it(typed, meant):
    form = TimeForm({"due_at": typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["due_at"] == datetime.datetime.fromisoformat(meant)


@pytest.mark.parametrize("typed", ["2026-03-29T01:30", "2026-10-25T01:30", "soon", ""])
def test_an_hour_that_does_not_exist_or_comes_twice_is_refused(typed):
    assert not TimeForm({"due_at": typed}).is_valid()
