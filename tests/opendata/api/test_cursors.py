"""A walk from page to page: nothing is skipped and nothing comes twice, whatever changes meanwhile."""

import datetime
import uuid
from collections import Counter

import hypothesis
import pytest
from django.db import transaction
from hypothesis import strategies as st

from partnerships.models import Membership, Organisation
from tests.factories import MembershipFactory, PartnershipFactory
from tests.made_up import NOON, published
from tests.opendata.api.asking import Asking
from trustportal.opendata.api.cursors import BEGIN, WrongCursorError, cursor_of, place_of
from trustportal.opendata.api.parameters import CURSORS, read_time
from trustportal.publishing.models import State

MINUTE = datetime.timedelta(minutes=1)
times = st.datetimes(
    datetime.datetime(1971, 1, 1), datetime.datetime(2200, 1, 1), timezones=st.just(datetime.UTC)
)  # fmt: skip


@pytest.mark.either_database
@hypothesis.given(st.tuples(times, st.integers(0, 2**62)) | st.uuids(), st.text(max_size=40), st.integers(0, 31))
def test_a_cursor_is_read_as_it_was_written_and_cannot_be_made_up(place: object, text: str, position: int):
    is_of_records = not isinstance(place, uuid.UUID)
    cursor = cursor_of("partners", place)
    assert place_of("partners", cursor, is_of_records=is_of_records) == place
    hypothesis.assume(text != cursor)
    changed = cursor[:position] + ("A" if cursor[position] != "A" else "B") + cursor[position + 1 :]
    for name, wrong in (("partners", text), ("partners", changed), ("partners", f"{cursor} "), ("sites", cursor)):
        with pytest.raises(WrongCursorError):
            place_of(name, wrong, is_of_records=is_of_records)


@pytest.mark.either_database
@hypothesis.given(st.from_regex(CURSORS, fullmatch=True))
def test_what_looks_like_a_cursor_is_refused_too(text: str):
    with pytest.raises(WrongCursorError):
        place_of("partners", text, is_of_records=True)


@pytest.mark.either_database
@hypothesis.given(st.datetimes(), st.integers(-14 * 60, 14 * 60))
def test_a_time_is_read_as_rfc_3339_has_it(time: datetime.datetime, offset: int):
    time = time.replace(tzinfo=datetime.timezone(datetime.timedelta(minutes=offset)))
    read = read_time(time.isoformat())
    assert read >= BEGIN
    if 1971 <= time.year <= 9998:
        assert read == time.replace(microsecond=0)


CHANGES = st.lists(st.lists(st.tuples(st.sampled_from(["change", "withdraw", "add"]), st.integers(0, 11)), max_size=3))


class Portal:
    """Partners of which one now and then changes, is withdrawn or comes new, each time a minute later."""

    def __init__(self, minutes: list[int]) -> None:
        self.records = published(Organisation, "organisation", range(1, len(minutes) + 1), kind=["charity"])
        for record, minute in zip(self.records, minutes, strict=True):
            self.move(record, State.PUBLISHED, NOON + minute * MINUTE)
        self.now = NOON + 10 * MINUTE
        self.touched: set[str] = set()

    def move(self, record: Organisation, state: State, at: datetime.datetime) -> None:
        """Set how a record stands since when."""
        Organisation.objects.filter(pk=record.pk).update(state=state, modified_at=at, withdrawal_reason="Gone.")

    def happen(self, what: str, which: int) -> None:
        """Let something happen to one of the records."""
        self.now += MINUTE
        if what == "add":
            number = len(self.records) + 1
            self.records += published(Organisation, "organisation", [number], kind=["charity"])
            which = number - 1
        record = self.records[which % len(self.records)]
        self.touched.add(str(record.uuid))
        self.move(record, State.WITHDRAWN if what == "withdraw" else State.PUBLISHED, self.now)


@pytest.mark.django_db
@pytest.mark.parametrize("since", ["", "modified_since=2026-01-01T00:00:00Z&"])
@hypothesis.settings(max_examples=30)
@hypothesis.given(
    minutes=st.lists(st.integers(0, 3), min_size=1, max_size=12), limit=st.integers(1, 5), changes=CHANGES
)
def test_nothing_is_skipped_or_doubled_while_records_change(
    since: str, minutes: list[int], limit: int, changes: list[list[tuple[str, int]]]
):
    api = Asking()
    with transaction.atomic():
        portal = Portal(minutes)
        there = {str(record.uuid) for record in portal.records}
        seen: list[dict] = []
        address = f"partners?{since}kind=charity&limit={limit}&fields=modified"
        happenings = iter(changes)
        while address:
            page = api.read(address)
            assert len(page["records"]) <= limit
            seen += page["records"]
            address = page["next"]
            for what, which in next(happenings, []):
                portal.happen(what, which)
        last = {row["id"]: row for row in seen}
        states = {
            str(key): (state, at.isoformat(timespec="seconds"))
            for key, state, at in Organisation.objects.values_list("uuid", "state", "modified_at")
        }
        transaction.set_rollback(True)
    # As it was and as it became are two; the same twice would be once too often.
    assert max(Counter((row["id"], row["modified"]) for row in seen).values()) == 1
    assert {key: n for key, n in Counter(row["id"] for row in seen).items() if key in there - portal.touched} == (
        dict.fromkeys(there - portal.touched, 1)
    )
    assert [row["modified"] for row in seen] == sorted(row["modified"] for row in seen)
    assert {"withdrawn" in row for row in seen} <= ({False, True} if since else {False})
    # What changed before the last page was read is known as it then was: compare what is not touched afterwards.
    for key, (state, modified) in states.items():
        if key in last and last[key]["modified"] == modified and since:
            assert ("withdrawn" in last[key]) == (state == State.WITHDRAWN)


@pytest.mark.django_db
def test_who_asks_again_since_the_last_change_has_all_that_there_is():
    """A copy that is kept up to date by `modified_since` alone is the list."""
    api = Asking()
    portal = Portal([0, 0, 1, 2])
    copy: dict[str, dict] = {}
    mark = "1990-01-01T00:00:00Z"
    steps = [("change", 1), ("withdraw", 0), ("add", 0), ("change", 0), ("withdraw", 4), ("withdraw", 2), ("add", 0)]
    for what, which in steps:
        for row in api.all(f"partners?modified_since={mark}&limit=2"):
            if "withdrawn" in row:
                copy.pop(row["id"], None)
            else:
                copy[row["id"]] = row
            mark = row["modified"]
        assert copy == {row["id"]: row for row in api.all("partners")}
        portal.happen(what, which)


@pytest.mark.django_db
def test_a_row_that_stays_is_neither_skipped_nor_doubled_though_its_key_changes():
    """Publication writes the parts of a record anew; they keep what identifies them."""
    api = Asking()
    memberships = [MembershipFactory(partnership=PartnershipFactory(published=True)) for _ in range(6)]
    Organisation.objects.update(state=State.PUBLISHED, first_published_at=NOON, updated_at=NOON, modified_at=NOON)
    seen = []
    for page in api.pages("memberships?limit=2"):
        seen += [row["id"] for row in page["records"]]
        for membership in memberships:
            old = Membership.objects.get(uuid=membership.uuid)
            key, old.pk = old.pk, None
            Membership.objects.filter(pk=key).delete()
            old.save(force_insert=True)
    assert sorted(seen) == sorted(str(membership.uuid) for membership in memberships)
