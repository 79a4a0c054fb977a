"""A record as data and back: whatever the record says, nothing is lost and nothing is added."""

import json
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from partnerships.models import Partnership
from programmes.models import Programme
from tests.factories import (
    AimFactory,
    ObservationFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    OutcomeMetricFactory,
    PartnershipFactory,
    PartnershipPriorityFactory,
    PlaceFactory,
    PriorityFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
    StatementFactory,
    StrategyFactory,
    StrategyValueFactory,
    UserFactory,
)
from tests.publishing.random_edits import edit, pool, undone
from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.models import Publishable, State, Version
from trustportal.publishing.snapshot import apply, digest, mended, snapshot, versioned_fields, versioned_lists

pytestmark = pytest.mark.django_db

Start = Callable[..., Publishable]


def programme(**traits: object) -> Publishable:
    return ProgrammeFactory(with_statements=True, with_partners=True, published=True, **traits)


def organisation() -> Publishable:
    made = OrganisationFactory(closed=True, with_code=True)
    OrganisationNameFactory(organisation=made)
    return workflow.publish(made, by=UserFactory(superuser=True))


def partnership() -> Publishable:
    made = PartnershipFactory(with_members=True, with_agreement=True)
    PartnershipPriorityFactory.create_batch(2, partnership=made)
    return workflow.publish(made, by=UserFactory(superuser=True))


def strategy() -> Publishable:
    made = StrategyFactory()
    StrategyValueFactory.create_batch(3, strategy=made)
    return workflow.publish(made, by=UserFactory(superuser=True))


# A published record of every kind, and something that points at it.
STARTS: dict[str, tuple[Start, Start]] = {
    "organisation": (organisation, lambda record: ProgrammeFactory(lead=record)),
    "partnership": (partnership, lambda record: ProgrammeFactory(partnership=record)),
    "local care network": (
        lambda: programme(local_care_network=True),
        lambda record: OutcomeMetricFactory(programme=record),
    ),
    "satellite site": (
        lambda: programme(satellite_site=True),
        lambda record: OutcomeMetricFactory(programme=record),
    ),
    "buddying": (lambda: programme(buddying=True), lambda record: OutcomeMetricFactory(programme=record)),
    "research": (programme, lambda record: OutcomeMetricFactory(programme=record)),
    "site": (lambda: SiteFactory(published=True), lambda record: PlaceFactory(site=record)),
    "source": (lambda: SourceFactory(published=True), lambda record: ProgrammeFactory().sources.add(record)),
    "strategy": (strategy, lambda record: PriorityFactory(strategy=record)),
    "priority": (lambda: PriorityFactory(published=True), lambda record: AimFactory(priority=record)),
    "aim": (lambda: AimFactory(published=True), lambda record: ProgrammeFactory(aims=[record])),
    "metric": (
        lambda: OutcomeMetricFactory(with_observations=True, published=True),
        lambda record: ObservationFactory(metric=record),
    ),
}
every_kind = pytest.mark.parametrize("kind", STARTS)


def examples(number: int) -> Callable:
    """So many random records; drawing one takes its time, and making a failing one smaller would take minutes."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
    return settings(max_examples=number, suppress_health_check=slow, phases=[Phase.generate])


@pytest.fixture
def people(db: None) -> tuple[User, User]:
    """Somebody who writes and somebody who publishes."""
    return UserFactory(superuser=True), UserFactory(superuser=True)


def again(record: Publishable) -> Publishable:
    """The record as the database has it."""
    return type(record)._base_manager.get(pk=record.pk)


def published(change: Publishable, by: User) -> Publishable:
    """The record itself after a change of it was published."""
    type(change).objects.filter(pk=change.pk).update(is_small_correction=True)
    return again(workflow.publish(change, by=by))


def pointing_at(record: Publishable) -> dict[str, set[int]]:
    """The keys of all rows of other records that point at a record, and of its figures."""
    found = {}
    for relation in record._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        if getattr(model, "record_field", None) != name or relation.get_accessor_name() in record.not_versioned:
            rows = model._base_manager.filter(**{name: record.pk})
            if issubclass(model, type(record)):
                rows = rows.filter(draft_of__isnull=True)
            found[relation.get_accessor_name()] = set(rows.values_list("pk", flat=True))
    return found


def test_every_kind_of_record_is_tried():
    kinds = {model for model in apps.get_models() if issubclass(model, Publishable)}

    assert {type(start()) for start, _ in STARTS.values()} == kinds


# Taking and applying


@every_kind
def test_what_is_applied_is_what_was_taken_and_json_can_keep_it(kind):
    record, rows = STARTS[kind][0](), pool()
    stored = type(record)._base_manager.filter(pk=record.pk).values()

    @examples(9)
    @given(st.data())
    def rule(data):
        with undone():
            edited = edit(again(record), data.draw, rows)
            old, before = snapshot(edited), stored.get()
            assert snapshot(apply(old, onto=edited)) == old
            assert stored.get() == before

            workflow.keep_version(record, Version.Occasion.SAVED, None, record.updated_at, old)
            kept = Version.objects.on(record).newest_first().first().data
            assert kept == old == json.loads(json.dumps(old))
            assert digest(kept) == digest(old)

            new = snapshot(edit(again(record), data.draw, rows))
            assert (digest(new) == digest(old)) == (new == old)
            assert snapshot(apply(kept, onto=again(record))) == old

    rule()


def test_another_value_in_any_field_is_another_text():
    taken = snapshot(programme(satellite_site=True))
    rows = [taken, *(row for part in taken["parts"].values() for row in part)]
    seen = {digest(taken)}

    for row in rows:
        for part in (row["fields"], row["many"]):
            for name, value in part.items():
                part[name] = [] if value == [9] else [9] if isinstance(value, list) else f"not {value}"
                seen.add(digest(taken))
                part[name] = value

    assert len(seen) == 1 + sum(len(row["fields"]) + len(row["many"]) for row in rows)


def test_equal_numbers_and_dates_are_one_text_however_they_were_written():
    metric = OutcomeMetricFactory(target="3000", target_rule="at-least", target_due_on="May 2017")
    written = snapshot(metric)

    metric.target, metric.target_due_on = 3000.0, "05/2017"
    metric.save()

    assert digest(snapshot(metric)) == digest(written)
    assert (written["fields"]["target"], written["fields"]["target_due_on"]) == ("3000.0000", "2017-05")


# Changes


@every_kind
def test_a_change_begins_as_the_record_stands_and_leaves_it_alone(kind, people):
    start, pointer = STARTS[kind]
    record, rows = start(), pool()
    pointer(record)

    @examples(4)
    @given(st.data())
    def rule(data):
        with undone():
            live = edit(again(record), data.draw, rows)
            taken, points = snapshot(live), pointing_at(live)
            change = workflow.start_change(live, by=people[0])
            assert snapshot(change) == taken
            edit(change, data.draw, rows)
            assert snapshot(again(record)) == taken
            workflow.discard(again(change), by=people[0])
            assert (snapshot(again(record)), pointing_at(again(record))) == (taken, points)

    rule()


@every_kind
def test_what_was_published_once_can_be_published_again(kind, people):
    start, pointer = STARTS[kind]
    record, rows = start(), pool()
    pointer(record)
    writer, reader = people
    points = pointing_at(record)
    assert any(points.values())

    @examples(4)
    @given(st.data())
    def rule(data):
        with undone():
            first = snapshot(edit(workflow.start_change(record, by=writer), data.draw, rows))
            published(type(record).objects.get(draft_of=record), reader)
            version = Version.objects.on(record).newest_first().first()
            assert version.data == first == snapshot(again(record))
            second = snapshot(edit(workflow.start_change(again(record), by=writer), data.draw, rows))
            published(type(record).objects.get(draft_of=record), reader)
            assert snapshot(again(record)) == second

            change, lost = workflow.restore(version, by=writer)

            assert (snapshot(change), lost) == (first, [])
            assert snapshot(again(record)) == second
            live = published(change, reader)
            assert (live.pk, live.state, snapshot(live)) == (record.pk, State.PUBLISHED, first)
            assert not type(record).objects.filter(draft_of=record).exists()
            assert pointing_at(live) == points

    rule()


def test_the_figures_of_a_metric_stay_through_every_change(people):
    metric = OutcomeMetricFactory(with_observations=True, published=True)
    figures = list(metric.observations.order_by("pk").values())
    change = workflow.start_change(metric, by=people[0])

    assert change.observations.count() == 0
    published(change, people[1])

    assert len(figures) == 3
    assert list(metric.observations.order_by("pk").values()) == figures


# What is no longer there

GONE = 987_654_321_987_654  # a key that nothing has, and no identifier holds by chance


def with_gaps(data: dict, model: type[Publishable], chosen: Callable[[], bool]) -> tuple[dict, int, bool]:
    """The data with some of the keys in it gone; how many; whether the record itself cannot do without one of them."""
    gone, is_needed = 0, False

    def pierced(row_model: type[models.Model], row: dict) -> dict:
        nonlocal gone, is_needed
        fields, many = dict(row["fields"]), {name: list(keys) for name, keys in row["many"].items()}
        for field in versioned_fields(row_model):
            if field.is_relation and fields[field.name] is not None and chosen():
                fields[field.name] = GONE
                gone += 1
                is_needed |= row_model is model and not field.null
        for field in versioned_lists(row_model):
            keys = many[field.name]
            many[field.name] = [GONE if chosen() else key for key in keys]
            gone += many[field.name].count(GONE)
        return {"fields": fields, "many": many}

    parts = {
        name: [pierced(model._meta.get_field(name).related_model, row) for row in rows]
        for name, rows in data["parts"].items()
    }
    return {**pierced(model, data), "parts": parts}, gone, is_needed


@every_kind
def test_what_is_no_longer_there_is_left_out_and_all_else_stays(kind):
    record, rows = STARTS[kind][0](), pool()
    model = type(record)

    @examples(4)
    @given(st.data())
    def rule(data):
        with undone():
            taken = snapshot(edit(again(record), data.draw, rows))
            assert mended(taken, model) == (taken, [])
            odds = st.integers(0, 4).map(lambda number: number == 4)
            pierced, gone, is_needed = with_gaps(taken, model, lambda: data.draw(odds))
            if is_needed:
                with pytest.raises(ValidationError, match="no longer there"):
                    mended(pierced, model)
                return
            whole, lost = mended(pierced, model)
            assert str(GONE) not in json.dumps([whole["fields"], whole["many"]])
            assert bool(lost) == bool(gone)
            assert len(lost) <= gone
            for name, value in pierced["fields"].items():
                assert whole["fields"][name] == (None if value == GONE else value)
            for name, part in pierced["parts"].items():
                untouched = [row for row in part if str(GONE) not in json.dumps(row)]
                assert [row for row in whole["parts"][name] if row in untouched] == untouched
            assert snapshot(apply(whole, onto=again(record))) == whole

    rule()


def test_a_part_that_cannot_do_without_what_is_gone_goes_as_a_whole():
    record = programme(satellite_site=True)
    taken = snapshot(record)
    taken["parts"]["places"][0]["fields"]["site"] = GONE
    taken["parts"]["places"][1]["many"]["services"].append(GONE)
    taken["parts"]["satellite_site"][0]["fields"]["host_site"] = GONE

    whole, lost = mended(taken, Programme)

    assert sorted(lost) == ["facts of the satellite site: host site", "place: services", "place: site"]
    assert len(whole["parts"]["places"]) == 1
    assert len(whole["parts"]["places"][0]["many"]["services"]) == 2
    assert whole["parts"]["satellite_site"][0]["fields"]["host_site"] is None


def test_a_record_that_cannot_do_without_what_is_gone_cannot_be_taken_up_again():
    taken = snapshot(partnership())
    taken["fields"]["lead"] = GONE

    with pytest.raises(ValidationError, match="cannot be taken up again"):
        mended(taken, Partnership)


# Queries


def test_a_change_of_a_record_with_many_rows_takes_few_queries(people, django_assert_max_num_queries):
    record = programme(satellite_site=True)
    PlaceFactory.create_batch(6, programme=record, site__published=True)
    StatementFactory.create_batch(14, programme=record)
    assert sum(len(rows) for rows in snapshot(record)["parts"].values()) >= 30
    assert record.places.count() == 8
    writer, reader = people

    with django_assert_max_num_queries(150):
        change = workflow.start_change(record, by=writer)
    change.places.first().delete()
    change.statements.filter(kind="lesson", position=1).update(text="Another lesson.")
    type(record).objects.filter(pk=change.pk).update(change_note="One place closed.")
    with django_assert_max_num_queries(160):  # with what the search and the network take down
        workflow.publish(change, by=reader)

    assert record.places.count() == 7
