"""Programmes: who leads them, where they run, what they serve; and what their kind asks of them."""

import pytest

from programmes.models import Participation, Programme, Statement
from tests.factories import (
    AimFactory,
    AreaFactory,
    BoardFactory,
    BoardMemberFactory,
    BuddyingArrangementFactory,
    LocalCareNetworkFactory,
    OrganisationFactory,
    ParticipationFactory,
    PartnershipFactory,
    PlaceFactory,
    ProgrammeFactory,
    SatelliteSiteFactory,
    SiteFactory,
    StatementFactory,
)
from trustportal.publishing import workflow

pytestmark = pytest.mark.django_db
Kind = Programme.Kind


# The words


def test_under_keeps_those_of_a_partnership():
    partnership = PartnershipFactory()
    own = ProgrammeFactory(partnership=partnership)
    ProgrammeFactory()

    assert list(Programme.objects.under(partnership)) == [own]


def test_with_partner_finds_every_way_to_be_in_a_programme():
    trust = OrganisationFactory()
    ways = {
        ProgrammeFactory(lead=trust),
        ParticipationFactory(organisation=trust).programme,
        BoardMemberFactory(organisation=trust).programme,
        BuddyingArrangementFactory(supporting=trust).programme,
        BuddyingArrangementFactory(supported=trust).programme,
    }
    ProgrammeFactory(local_care_network=True, with_partners=True)

    assert set(Programme.objects.with_partner(trust)) == ways


def test_with_partner_finds_each_programme_once():
    trust = OrganisationFactory()
    programme = ProgrammeFactory(lead=trust)
    for role in ["delivery", "funder"]:
        ParticipationFactory(programme=programme, organisation=trust, role=role)

    assert list(Programme.objects.with_partner(trust)) == [programme]


def test_at_site_finds_those_with_a_place_and_those_hosted_there():
    site = SiteFactory()
    has_place = PlaceFactory(site=site).programme
    is_hosted = SatelliteSiteFactory(host_site=site).programme
    ProgrammeFactory(satellite_site=True)

    assert set(Programme.objects.at_site(site)) == {has_place, is_hosted}


def test_serving_keeps_those_that_say_they_serve_an_aim():
    aim = AimFactory()
    serves = ProgrammeFactory(aims=[aim])
    ProgrammeFactory(aims=[AimFactory()])

    assert list(Programme.objects.serving(aim)) == [serves]


def test_latest_start_first_puts_unknown_dates_last():
    for name, date in [("B", None), ("C", "2017"), ("D", "2019-05"), ("A", "2017")]:
        ProgrammeFactory(name=name, started_on=date)

    assert [p.name for p in Programme.objects.latest_start_first()] == ["D", "A", "C", "B"]


def test_kind_order_is_that_of_the_list_then_a_to_z():
    for name, kind in [("C", "employment"), ("B", "research"), ("D", "local-care-network"), ("A", "research")]:
        ProgrammeFactory(name=name, kind=kind)

    assert [p.name for p in Programme.objects.in_kind_order()] == ["D", "A", "B", "C"]


def test_linked_with_tells_what_came_before_from_what_followed():
    earlier, middle, later = ProgrammeFactory.create_batch(3)
    middle.builds_on.add(earlier)
    later.builds_on.add(middle)
    ProgrammeFactory()

    found = {programme: programme.came_before for programme in Programme.objects.linked_with(middle)}

    assert found == {earlier: True, later: False}


def test_with_roles_of_brings_what_says_the_roles(django_assert_num_queries):
    trust = OrganisationFactory()
    network = BoardMemberFactory(organisation=trust).programme
    delivered = ParticipationFactory(organisation=trust).programme
    supported = BuddyingArrangementFactory(supported=trust).programme
    ParticipationFactory(programme=delivered)
    ProgrammeFactory(local_care_network=True)
    found = {programme: programme for programme in Programme.objects.with_roles_of(trust)}

    with django_assert_num_queries(0):
        assert set(found) == {network, delivered, supported}
        assert {p.total for p in found} == {3}
        assert [p for p in found if p.has_board_seat] == [network]
        assert [row.organisation_id for row in found[delivered].own_participations] == [trust.pk]
        assert found[supported].buddying_arrangement.supported_id == trust.pk


def test_partners_on_a_page_are_the_published_ones_by_role_and_name():
    programme = ProgrammeFactory()
    for name, role in [("B", "funder"), ("A", "funder"), ("C", "delivery")]:
        ParticipationFactory(
            programme=programme, organisation=OrganisationFactory(name=name, published=True), role=role
        )
    ParticipationFactory(programme=programme)  # a draft

    assert [p.organisation.name for p in Participation.objects.for_page()] == ["C", "A", "B"]


@pytest.mark.parametrize("kind", ["local_care_network", "satellite_site", "buddying"])
def test_for_page_brings_the_facts_of_its_kind_along(kind, django_assert_num_queries):
    ProgrammeFactory(**{kind: True}, with_partners=True, aims=[AimFactory(published=True)], areas=[AreaFactory()])
    programme = Programme.objects.for_page().get()

    with django_assert_num_queries(0):
        assert programme.lead.name
        assert hasattr(programme, "local_care_network") == (kind == "local_care_network")
        assert hasattr(programme, "board") == (kind == "local_care_network")
        assert hasattr(programme, "satellite_site") == (kind == "satellite_site")
        assert hasattr(programme, "buddying_arrangement") == (kind == "buddying")
        assert len(programme.participations.all()) == 3
        assert [aim.priority.strategy.name for aim in programme.aims.all()]


def test_for_list_brings_lead_and_areas_along(django_assert_num_queries):
    ProgrammeFactory(areas=[AreaFactory()])
    programme = Programme.objects.for_list().get()

    with django_assert_num_queries(0):
        assert programme.lead.name
        assert len(programme.areas.all()) == 1


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"started_on": "2017", "ended_on": "2019-03"}, "2017 to March 2019"),
        ({"started_on": None, "length": "three years"}, "three years"),
        ({"started_on": "2017", "length": "three years"}, "Since 2017"),
        ({"started_on": None}, ""),
    ],
)
def test_its_period_or_else_its_length_is_said_in_words(dates, words):
    assert ProgrammeFactory(**dates).period == words


# What its kind asks of it


@pytest.mark.parametrize("kind", ["local_care_network", "satellite_site", "buddying"])
def test_a_programme_with_the_facts_of_its_kind_can_be_published(kind):
    assert ProgrammeFactory(**{kind: True}, with_statements=True, published=True).is_published


@pytest.mark.parametrize("kind", [Kind.INTEGRATED_CARE, Kind.RESEARCH, Kind.EDUCATION, Kind.EMPLOYMENT])
def test_the_other_kinds_have_no_facts_of_their_own(kind):
    assert ProgrammeFactory(kind=kind, with_statements=True).faults_as_a_whole() == []


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (Kind.LOCAL_CARE_NETWORK, "Fill in the facts of the local care network."),
        (Kind.SATELLITE_SITE, "Fill in the facts of the satellite site."),
        (Kind.BUDDYING, "Fill in the facts of the buddying arrangement."),
    ],
)
def test_the_facts_of_its_kind_must_be_there(kind, fault):
    assert ProgrammeFactory(kind=kind).faults_as_a_whole() == [fault]


@pytest.mark.parametrize(
    ("factory", "fault"),
    [
        (LocalCareNetworkFactory, "Remove the facts of a local care network, or change the kind."),
        (SatelliteSiteFactory, "Remove the facts of a satellite site, or change the kind."),
        (BuddyingArrangementFactory, "Remove the facts of a buddying arrangement, or change the kind."),
        (BoardFactory, "Only a local care network has a board."),
        (PlaceFactory, "Only a satellite site has places with services."),
    ],
)
def test_the_facts_of_another_kind_must_not_be_there(factory, fault):
    programme = factory(programme__kind=Kind.RESEARCH).programme

    assert programme.faults_as_a_whole() == [fault]


def test_members_of_a_board_need_the_board():
    programme = ProgrammeFactory(local_care_network=True, its_board=None)

    assert programme.faults_as_a_whole() == ["Fill in the board to which the members belong."]


def test_numbered_statements_have_no_gaps():
    programme = ProgrammeFactory()
    for position in [1, 2, 4]:
        StatementFactory(programme=programme, position=position)

    assert programme.faults_as_a_whole() == ["Number the rows of “Lesson learned” 1, 2, 3 and so on, without gaps."]


def test_each_kind_of_statement_is_counted_by_itself():
    programme = ProgrammeFactory()
    StatementFactory(programme=programme)
    StatementFactory(programme=programme, milestone=True)
    StatementFactory(programme=programme)

    assert programme.faults_as_a_whole() == []


@pytest.mark.parametrize(
    ("own", "of_its_own"),
    [
        (Kind.LOCAL_CARE_NETWORK, {"step"}),
        (Kind.BUDDYING, {"focus-area", "support", "legacy"}),
        (Kind.SATELLITE_SITE, set()),
        (Kind.RESEARCH, set()),
    ],
)
def test_steps_belong_to_networks_and_support_to_buddying(own, of_its_own):
    shared = {"milestone", "achievement", "lesson", "expectation", "endorsement"}

    assert set(Statement.kinds_for(own)) == shared | of_its_own


def test_statements_of_another_kind_of_programme_must_not_be_there():
    programme = ProgrammeFactory()
    StatementFactory(programme=programme, kind=Statement.Kind.STEP)

    assert programme.faults_as_a_whole() == ["Remove “Care-model step”: it does not apply to this kind of programme."]


def test_a_programme_with_faults_is_refused_with_all_of_them_named(publisher):
    programme = ProgrammeFactory(kind=Kind.BUDDYING)
    PlaceFactory(programme=programme)

    with pytest.raises(workflow.NotReady) as refused:
        workflow.publish(programme, by=publisher)

    assert "Fill in the facts of the buddying arrangement." in str(refused.value)
    assert "Only a satellite site has places with services." in str(refused.value)


def test_what_a_programme_needs_elsewhere_is_not_deleted():
    programme = ProgrammeFactory()

    with pytest.raises(Exception, match="protected"):
        programme.lead.delete()
