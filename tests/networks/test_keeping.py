"""The network is in step with what the public sees, and what stood somewhere stays there."""

import io
import math

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from partnerships.models import Membership, Organisation, Partnership, Succession
from programmes.models import Participation, Programme
from tests import made_up
from tests.factories import (
    BuddyingArrangementFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    ProgrammeFactory,
    SuccessionFactory,
)
from trustportal.networks.keeping import keep, placing_once
from trustportal.networks.models import Node, Tie, Work
from trustportal.publishing import workflow

pytestmark = pytest.mark.django_db


def shown() -> set[tuple[str, str, str]]:
    """Who is tied by what, in which role, as readers see it."""
    rows = Tie.objects.shown().values_list("work__name", "node__name", "role")
    return set(rows)


def places() -> dict[str, tuple[float, float]]:
    return {key: (x, y) for key, x, y in Node.objects.exclude(x=None).values_list("key", "x", "y")}


def network_as_made_anew() -> tuple[list, list, list]:
    call_command("rebuild_network", stdout=io.StringIO())
    return kept()


def kept() -> tuple[list, list, list]:
    hidden = {"x", "y", "id"}
    return tuple(
        sorted(
            model.objects.values_list(*[f.attname for f in model._meta.concrete_fields if f.name not in hidden]),
            key=repr,
        )
        for model in (Node, Work, Tie)
    )


def test_a_published_partnership_ties_its_lead_and_its_members(publisher):
    trust, council = OrganisationFactory.create_batch(2, published=True)
    partnership = PartnershipFactory(name="Care together", lead=trust)
    MembershipFactory(partnership=partnership, organisation=council, role="funder", started_on="2018-05")
    workflow.publish(partnership, by=publisher)

    assert shown() == {("Care together", trust.name, "lead"), ("Care together", council.name, "funder")}
    [tie] = Tie.objects.filter(role="funder")
    assert (str(tie.started_on), tie.ended_on) == ("2018-05", None)
    assert set(places()) == {trust.network_key, council.network_key}


def test_a_programme_ties_the_board_and_who_was_supported():
    programme = ProgrammeFactory(name="Networked", local_care_network=True, published=True)
    buddying = ProgrammeFactory(name="Buddied", buddying=True, published=True)

    assert {role for work, _, role in shown() if work == "Networked"} == {"lead", "board"}
    assert {role for work, _, role in shown() if work == "Buddied"} == {"lead", "supporting", "supported"}
    assert Work.objects.get(name="Buddied").is_over
    assert not Work.objects.get(key=f"programme-{programme.pk}").is_over
    assert buddying.to_network().works[0].sort == "programme"


def test_a_supporting_trust_that_leads_is_tied_once():
    programme = ProgrammeFactory(kind=Programme.Kind.BUDDYING, stage="finished")
    BuddyingArrangementFactory(programme=programme, supporting=programme.lead)

    assert [tie.role for tie in programme.to_network().works[0].ties] == ["lead", "supported"]


def test_what_followed_a_closed_organisation_is_in_the_network():
    closed = OrganisationFactory(name="Old group", closed=True, published=True)
    successor = Succession.objects.get(organisation=closed).successor

    assert shown() == {("Old group", "Old group", "lead"), ("Old group", successor.name, "successor")}
    assert str(Node.objects.get(name="Old group").closed_on) == "2022-06"


def test_nothing_of_a_draft_a_working_copy_or_what_was_withdrawn_is_shown(publisher):
    seen, hidden = OrganisationFactory(published=True), OrganisationFactory(name="Secret draft")
    draft = PartnershipFactory(name="Secret plan", lead=seen)
    MembershipFactory(partnership=draft, organisation=seen)
    live = PartnershipFactory(name="Public", lead=seen, with_members=True, published=True)
    MembershipFactory(partnership=live, organisation=hidden)  # as a fixture could have it
    workflow.start_change(live, by=publisher)
    gone = PartnershipFactory(name="Past", lead=seen, with_members=True, withdrawn=True)

    call_command("rebuild_network", stdout=io.StringIO())

    assert {work for work, _, _ in shown()} == {"Public"}
    assert hidden.name not in {node for _, node, _ in shown()}
    assert not Node.objects.filter(name=hidden.name).exists()
    assert not Work.objects.filter(name=gone.name).exists()
    assert Work.objects.count() == 1


def test_who_is_withdrawn_is_gone_with_all_ties_and_who_comes_back_has_them_again(publisher):
    partnership = PartnershipFactory(with_members=True, published=True)
    member = partnership.memberships.first().organisation
    before = shown()

    workflow.withdraw(member, by=publisher, reason="It was a mistake.")
    without = shown()
    workflow.publish(Organisation.objects.get(pk=member.pk), by=publisher)

    assert before - without == {(partnership.name, member.name, "member")}
    assert shown() == before


def test_a_published_change_changes_the_network_and_a_draft_does_not(publisher):
    partnership = PartnershipFactory(name="Before", with_members=True, published=True)
    change = workflow.start_change(partnership, by=publisher)
    change.name, change.is_small_correction = "After", True
    change.save()
    change.memberships.first().delete()
    before = shown()
    assert {work for work, _, _ in before} == {"Before"}

    workflow.publish(change, by=publisher)

    assert {work for work, _, _ in shown()} == {"After"}
    assert len(shown()) == len(before) - 1


def test_a_preview_leaves_nothing_behind():
    draft = PartnershipFactory(with_members=True)
    before = kept()

    with workflow.as_if_published(draft):
        assert shown()

    assert kept() == before


def test_what_publication_keeps_is_what_the_command_makes():
    PartnershipFactory(with_members=True, published=True)
    ProgrammeFactory(local_care_network=True, with_partners=True, published=True)
    ProgrammeFactory(buddying=True, published=True)
    OrganisationFactory(closed=True, published=True)

    assert kept() == network_as_made_anew()
    assert kept() == network_as_made_anew()


def test_the_command_says_how_far_it_is(capsys):
    PartnershipFactory(with_members=True, published=True)

    call_command("rebuild_network")

    said = capsys.readouterr().out
    assert "4 of 4 organisations" in said
    assert "1 of 1 partnerships" in said
    assert "4 nodes, 1 works, 4 places." in said


# Places


def distance(before: dict, after: dict) -> float:
    both = before.keys() & after.keys()
    return sum(math.dist(before[key], after[key]) for key in both) / len(both)


def test_one_partnership_more_or_less_hardly_moves_the_others(publisher):
    made_up.make_network(60)
    before = places()
    reach = max(math.dist(one, other) for one in before.values() for other in before.values())
    partnership = PartnershipFactory(with_members=True, lead=Organisation.objects.first())

    workflow.publish(partnership, by=publisher)
    with_one_more = places()
    workflow.withdraw(partnership, by=publisher, reason="It ended.")

    assert len(with_one_more) == len(before) + 3
    assert 0 < distance(before, with_one_more) < reach / 30
    assert {key: places()[key] for key in before} == {key: with_one_more[key] for key in before}


def test_a_text_that_changes_no_tie_moves_nothing(publisher):
    partnership = PartnershipFactory(with_members=True, published=True)
    before = places()
    change = workflow.start_change(partnership, by=publisher)
    change.summary, change.is_small_correction = "Better said.", True
    change.save()

    workflow.publish(change, by=publisher)

    assert places() == before


def test_a_large_work_has_a_place_of_its_own():
    partnership = PartnershipFactory(published=True, with_members=True)
    for organisation in OrganisationFactory.create_batch(4, published=True):
        MembershipFactory(partnership=partnership, organisation=organisation)

    partnership.on_published()

    assert Work.objects.exclude(x=None).count() == 1


def test_while_many_records_are_loaded_places_are_worked_out_once():
    with placing_once(), placing_once():
        PartnershipFactory(published=True, with_members=True)
        assert places() == {}

    assert len(places()) == 4


def test_keeping_takes_as_many_queries_in_a_large_network_as_in_a_small_one():
    counts = []
    for count in (30, 120):
        made_up.make_network(count)
        partnership = PartnershipFactory(published=True, with_members=True, lead=Organisation.objects.first())
        MembershipFactory(partnership=partnership, organisation=OrganisationFactory(published=True))
        with CaptureQueriesContext(connection) as asked:
            keep(partnership.to_network())
        counts.append(len(asked.captured_queries))
        for model in (Membership, Participation, Partnership, Programme, Organisation):
            model.objects.all().delete()

    assert counts[0] == counts[1]
    assert counts[0] <= 16


# Rules of the database that have no form


def test_a_place_has_two_numbers_and_a_part_stands_once():
    PartnershipFactory(with_members=True, published=True)
    tie = Tie.objects.first()
    for change in (Node.objects, Work.objects):
        with pytest.raises(IntegrityError), transaction.atomic():
            change.update(x=1.0, y=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Tie.objects.create(work=tie.work, node_id=tie.node_id, role=tie.role)


def test_a_successor_that_is_not_public_is_not_shown():
    SuccessionFactory(organisation__published=True, successor__published=False)
    call_command("rebuild_network", stdout=io.StringIO())

    assert len(shown()) == 1
