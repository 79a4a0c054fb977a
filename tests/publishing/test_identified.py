"""What the data of others may rely on: identifiers that stay, and a time that moves with whatever readers see."""

import datetime

import pytest

from tests.factories import MembershipFactory, ObservationFactory, OutcomeMetricFactory, PartnershipFactory, UserFactory
from trustportal.publishing import workflow
from trustportal.publishing.comparison import differences
from trustportal.publishing.snapshot import snapshot

pytestmark = pytest.mark.django_db

MARCH = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)


def days(number: int) -> datetime.datetime:
    return MARCH + datetime.timedelta(days=number)


@pytest.fixture
def editor():
    return UserFactory(superuser=True)


@pytest.fixture
def publisher():
    return UserFactory(superuser=True)


def test_a_record_and_its_rows_keep_their_identifiers_through_changes_and_old_versions(editor, publisher):
    partnership = PartnershipFactory(published=True)
    member = MembershipFactory(partnership=partnership)
    record_id, member_id = partnership.uuid, member.uuid

    change = workflow.start_change(partnership, by=editor)
    assert change.uuid != record_id
    row = change.memberships.get()
    row.note, change.change_note = "Chairs the board", "Who chairs the board."
    row.save()
    change.save()
    workflow.publish(change, by=publisher)

    partnership.refresh_from_db()
    assert partnership.uuid == record_id
    assert (partnership.memberships.get().uuid, partnership.memberships.get().note) == (member_id, "Chairs the board")


def test_a_comparison_is_silent_about_identifiers():
    partnership = PartnershipFactory(published=True)
    MembershipFactory(partnership=partnership)
    old, new = snapshot(partnership), snapshot(partnership)
    old["parts"]["memberships"][0]["fields"]["uuid"] = "00000000-0000-4000-8000-000000000001"
    assert not differences(old, new, type(partnership)).differs
    old["parts"]["memberships"] = []
    [part] = differences(old, new, type(partnership)).parts
    assert "uuid" not in [change.name for change in part.rows[0].changes]


def test_whatever_readers_see_moves_the_time_of_the_last_change(editor, publisher):
    metric = OutcomeMetricFactory(published=True, published_at=MARCH)

    def moved(at: datetime.datetime) -> bool:
        metric.refresh_from_db()
        return metric.modified_at == at

    change = workflow.start_change(metric, by=editor, at=days(1))
    assert not moved(days(1))
    change.summary, change.is_small_correction = "A summary without the mistake.", True
    change.save()
    workflow.publish(change, by=publisher, at=days(2))
    assert moved(days(2))
    assert metric.updated_at == MARCH  # a small correction is no news, but another text

    ObservationFactory(metric=metric)
    workflow.note_update(metric, by=publisher, substantive=False, at=days(3))
    assert moved(days(3))
    workflow.confirm_reviewed(metric, by=publisher, at=days(4))
    assert moved(days(4))
    workflow.withdraw(metric, by=publisher, reason="It is no longer counted.", at=days(5))
    assert moved(days(5))
    metrics = type(metric).objects.ever_published()
    assert list(metrics.modified_since(days(5))) == [metric]
    assert not metrics.modified_since(days(6)).exists()
