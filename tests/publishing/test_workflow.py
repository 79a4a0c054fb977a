"""The acts that change what the public sees: from which states they lead where, who may do them, what they note."""

import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from programmes.models import Programme
from tests.factories import OrganisationFactory, ProgrammeFactory, UserFactory
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, State

pytestmark = pytest.mark.django_db

BEFORE = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
LATER = BEFORE + datetime.timedelta(days=30)
STAGES = {
    State.DRAFT: {},
    State.IN_REVIEW: {"in_review": True},
    State.PUBLISHED: {"published": True},
    State.WITHDRAWN: {"withdrawn": True},
}
ACTS = {
    "submit": workflow.submit,
    "return": workflow.return_to_draft,
    "publish": workflow.publish,
    "update": lambda record, **kwargs: workflow.note_update(record, substantive=True, **kwargs),
    "correct": lambda record, **kwargs: workflow.note_update(record, substantive=False, **kwargs),
    "review": workflow.confirm_reviewed,
    "withdraw": lambda record, **kwargs: workflow.withdraw(record, reason="It was moved.", **kwargs),
}
# Where each act leads from each state; from any other state it is refused.
LEADS_TO = {
    ("submit", State.DRAFT): State.IN_REVIEW,
    ("return", State.IN_REVIEW): State.DRAFT,
    ("publish", State.DRAFT): State.PUBLISHED,
    ("publish", State.IN_REVIEW): State.PUBLISHED,
    ("publish", State.WITHDRAWN): State.PUBLISHED,
    ("update", State.PUBLISHED): State.PUBLISHED,
    ("correct", State.PUBLISHED): State.PUBLISHED,
    ("review", State.PUBLISHED): State.PUBLISHED,
    ("withdraw", State.PUBLISHED): State.WITHDRAWN,
    ("withdraw", State.WITHDRAWN): State.WITHDRAWN,  # to state another reason
}
NOTED_AS = {
    "submit": Act.Verb.SUBMITTED,
    "return": Act.Verb.RETURNED,
    "publish": Act.Verb.PUBLISHED,
    "update": Act.Verb.UPDATED,
    "correct": Act.Verb.CORRECTED,
    "review": Act.Verb.REVIEWED,
    "withdraw": Act.Verb.WITHDRAWN,
}


@pytest.fixture
def publisher():
    """May change and publish programmes."""
    return UserFactory(rights=("change_programme", "publish_programme"))


@pytest.fixture
def author():
    """May change programmes, not publish them."""
    return UserFactory(rights=("change_programme",))


def acts_on(record) -> list[Act]:
    """What was done with a record, the oldest first."""
    return list(
        Act.objects.filter(
            content_type=ContentType.objects.get_for_model(record), object_id=record.pk
        ).order_by("pk")
    )  # fmt: skip


def dates_of(record) -> dict[str, object]:
    """The four dates that readers see."""
    names = ["first_published_at", "updated_at", "last_reviewed_on", "next_review_due_on"]
    return {name: getattr(record, name) for name in names}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", STAGES)
def test_each_act_leads_from_its_states_and_from_no_other(act, state, publisher):
    programme = ProgrammeFactory(**STAGES[state])
    acts_before = len(acts_on(programme))

    if (act, state) in LEADS_TO:
        after = ACTS[act](programme, by=publisher)
        assert after.state == LEADS_TO[act, state]
        assert acts_on(programme)[-1].verb == NOTED_AS[act]
    else:
        with pytest.raises(workflow.WrongState, match=f"“{programme}” is now: {State(state).label}"):
            ACTS[act](programme, by=publisher)
        after = programme
        assert len(acts_on(programme)) == acts_before
    assert Programme.objects.get(pk=programme.pk).state == after.state


@pytest.mark.parametrize(("act", "state"), LEADS_TO)
def test_somebody_without_the_right_changes_nothing(act, state):
    programme = ProgrammeFactory(**STAGES[state])
    before, acts_before = Programme.objects.filter(pk=programme.pk).values().get(), len(acts_on(programme))

    with pytest.raises(workflow.NotAllowed, match="You may not do this"):
        ACTS[act](programme, by=UserFactory())

    assert Programme.objects.filter(pk=programme.pk).values().get() == before
    assert len(acts_on(programme)) == acts_before


@pytest.mark.parametrize(("act", "state"), [key for key in LEADS_TO if key[0] != "submit"])
def test_an_author_may_submit_and_do_nothing_else(act, state, author):
    with pytest.raises(workflow.NotAllowed):
        ACTS[act](ProgrammeFactory(**STAGES[state]), by=author)


def test_an_author_may_submit(author):
    assert workflow.submit(ProgrammeFactory(), by=author).state == State.IN_REVIEW


def test_the_right_to_publish_one_kind_of_record_is_no_right_to_publish_another(publisher):
    with pytest.raises(workflow.NotAllowed):
        workflow.publish(OrganisationFactory(), by=publisher)


def test_the_state_in_the_database_counts_not_the_one_in_hand(publisher):
    seen_by_somebody_else = ProgrammeFactory()
    workflow.publish(seen_by_somebody_else, by=publisher)
    assert seen_by_somebody_else.state == State.DRAFT

    with pytest.raises(workflow.WrongState):
        workflow.publish(seen_by_somebody_else, by=publisher)


def test_a_note_says_who_did_what_when(publisher):
    programme = ProgrammeFactory(in_review=True)

    workflow.return_to_draft(programme, by=publisher, note="The dates are missing.", at=LATER)

    act = acts_on(programme)[-1]
    assert (act.verb, act.done_by, act.done_at, act.note) == (
        Act.Verb.RETURNED, publisher, LATER, "The dates are missing.",
    )  # fmt: skip
    assert act.record == programme


def test_first_publication_sets_all_dates(publisher):
    programme = workflow.publish(ProgrammeFactory(), by=publisher, at=BEFORE)

    assert dates_of(programme) == {
        "first_published_at": BEFORE,
        "updated_at": BEFORE,
        "last_reviewed_on": datetime.date(2026, 3, 2),
        "next_review_due_on": workflow.review_due(programme, datetime.date(2026, 3, 2)),
    }


def test_a_review_falls_due_after_the_interval_or_up_to_a_tenth_of_it_earlier():
    day, interval = datetime.date(2026, 3, 2), Programme.review_interval
    due = [workflow.review_due(Programme(pk=key), day) for key in range(1, 200)]

    assert max(due) == day + interval
    assert min(due) >= day + interval * 0.9
    assert len(set(due)) >= 15, "what is reviewed on one day does not all fall due on one day"


def test_the_day_of_a_review_is_the_day_in_london(publisher):
    just_before_midnight_utc = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)

    programme = workflow.publish(ProgrammeFactory(), by=publisher, at=just_before_midnight_utc)

    assert programme.last_reviewed_on == datetime.date(2026, 7, 2)


def test_publishing_again_keeps_the_first_date_and_clears_the_reason(publisher):
    programme = ProgrammeFactory(withdrawn=True, published_at=BEFORE)
    assert programme.withdrawal_reason

    programme = workflow.publish(programme, by=publisher, at=LATER)

    assert (programme.first_published_at, programme.updated_at) == (BEFORE, LATER)
    assert programme.withdrawal_reason == ""


def test_a_review_confirms_without_moving_the_date_of_update(publisher):
    programme = ProgrammeFactory(published=True, published_at=BEFORE)

    programme = workflow.confirm_reviewed(programme, by=publisher, at=LATER)

    assert programme.updated_at == BEFORE
    assert programme.last_reviewed_on == LATER.date()
    assert programme.next_review_due_on == workflow.review_due(programme, LATER.date())


def test_a_substantive_update_moves_the_date_of_update_alone(publisher):
    programme = ProgrammeFactory(published=True, published_at=BEFORE)
    before = dates_of(programme)

    programme = workflow.note_update(programme, by=publisher, substantive=True, at=LATER)

    assert dates_of(programme) == before | {"updated_at": LATER}


def test_a_small_correction_moves_no_date(publisher):
    programme = ProgrammeFactory(published=True, published_at=BEFORE)
    before = dates_of(programme)

    workflow.note_update(programme, by=publisher, substantive=False, at=LATER)

    programme.refresh_from_db()
    assert dates_of(programme) == before


def test_withdrawal_needs_a_reason(publisher):
    programme = ProgrammeFactory(published=True)

    with pytest.raises(workflow.NotReady, match="Give the reason for the withdrawal"):
        workflow.withdraw(programme, by=publisher)

    programme.refresh_from_db()
    assert programme.state == State.PUBLISHED


def test_withdrawal_keeps_the_reason_and_where_to_go_and_notes_it(publisher):
    programme = ProgrammeFactory(published=True)

    programme = workflow.withdraw(programme, by=publisher, reason="It has moved.", see_instead="/programmes/")

    assert (programme.withdrawal_reason, programme.see_instead) == ("It has moved.", "/programmes/")
    assert acts_on(programme)[-1].note == "It has moved."


def test_a_withdrawn_record_can_be_given_another_reason(publisher):
    programme = ProgrammeFactory(withdrawn=True)

    programme = workflow.withdraw(programme, by=publisher, reason="It was merged.")

    assert (programme.state, programme.withdrawal_reason) == (State.WITHDRAWN, "It was merged.")


def test_withdrawal_keeps_all_dates(publisher):
    programme = ProgrammeFactory(published=True, published_at=BEFORE)
    before = dates_of(programme)

    assert dates_of(workflow.withdraw(programme, by=publisher, reason="Moved.", at=LATER)) == before


def test_a_record_that_breaks_a_rule_is_not_published_and_says_which(publisher):
    programme = ProgrammeFactory()
    Programme.objects.filter(pk=programme.pk).update(summary="")

    with pytest.raises(workflow.NotReady):
        workflow.publish(programme, by=publisher)

    programme.refresh_from_db()
    assert programme.state == State.DRAFT
    assert acts_on(programme) == []


def test_a_record_with_a_gap_in_its_parts_is_not_published(publisher):
    with pytest.raises(workflow.NotReady, match="Fill in the facts of the local care network"):
        workflow.publish(ProgrammeFactory(kind="local-care-network"), by=publisher)


def test_without_a_time_the_act_is_now(publisher):
    before = timezone.now()

    programme = workflow.publish(ProgrammeFactory(), by=publisher)

    assert before <= programme.updated_at <= timezone.now()


def test_the_note_outlives_the_person(publisher):
    programme = workflow.publish(ProgrammeFactory(), by=publisher)

    publisher.delete()

    assert acts_on(programme)[-1].done_by is None
