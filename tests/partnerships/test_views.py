"""The pages of partners, partnerships, sites, strategies, aims and sources say what is known, and what is not."""

import pytest

from partnerships.models import Organisation, Role
from tests.factories import (
    AgreementFactory,
    AimFactory,
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    OrganisationIdentifierFactory,
    OrganisationNameFactory,
    ParticipationFactory,
    PartnershipFactory,
    PartnershipPriorityFactory,
    PriorityFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
    StrategyFactory,
    StrategyValueFactory,
)
from tests.strict_client import StrictClient

pytestmark = pytest.mark.django_db


def read(client: StrictClient, record: object) -> str:
    """The words of a record's page."""
    response = client.get(record.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_a_partner_says_who_it_is(client: StrictClient) -> None:
    organisation = OrganisationFactory(
        short_name="KHCC", kind=Organisation.Kind.HEALTH_ABROAD, place="Amman", country="JO", published=True
    )
    OrganisationIdentifierFactory(organisation=organisation, value="RJ1")
    OrganisationNameFactory(organisation=organisation, name="The old name", ended_on="2004")
    page = read(client, organisation)
    for words in ["Health body abroad", "KHCC", "Amman, Jordan", "RJ1", "The old name", "until 2004"]:
        assert words in page


def test_a_closed_partner_says_so_at_the_top_with_what_followed(client: StrictClient) -> None:
    organisation = OrganisationFactory(closed=True, published=True)
    successor = organisation.successions.get().successor
    page = read(client, organisation)
    assert page.index("This organisation closed: June 2022.") < page.index("nhsuk-lede-text")
    assert "Its work passed to the integrated care board." in page
    assert f'Followed by <a href="{successor.get_absolute_url()}">' in page
    assert organisation.name in read(client, successor)


def test_a_partner_gathers_by_role_what_it_takes_part_in(client: StrictClient) -> None:
    organisation = OrganisationFactory(published=True)
    MembershipFactory(
        partnership=PartnershipFactory(name="City links", published=True), organisation=organisation, role=Role.FUNDER
    )
    ProgrammeFactory(name="Own work", lead=organisation, published=True)
    ProgrammeFactory(name="Own draft", lead=organisation)
    ParticipationFactory(
        programme=ProgrammeFactory(name="Joint work", published=True),
        organisation=organisation,
        role=Role.HOST,
        note="Gives the rooms",
    )
    response = client.get(organisation.get_absolute_url())
    programmes, partnerships = response.context["programmes"], response.context["partnerships"]
    assert {role: [row.record.name for row in rows] for role, rows in programmes.groups.items()} == {
        "Leads": ["Own work"],
        "Host": ["Joint work"],
    }
    assert {role: [row.record.name for row in rows] for role, rows in partnerships.groups.items()} == {
        "Funder": ["City links"]
    }
    assert "Gives the rooms" in response.content.decode()


def test_a_partner_in_buddying_and_on_a_board_has_those_roles(client: StrictClient) -> None:
    buddying = ProgrammeFactory(buddying=True, published=True).buddying_arrangement
    network = ProgrammeFactory(local_care_network=True, published=True)
    member = network.board_members.first().organisation
    assert list(client.get(buddying.supporting.get_absolute_url()).context["programmes"].groups) == ["Supporting trust"]
    assert list(client.get(buddying.supported.get_absolute_url()).context["programmes"].groups) == ["Supported trust"]
    assert list(client.get(member.get_absolute_url()).context["programmes"].groups) == ["Member of the board"]


def test_a_partner_with_very_much_leads_on_to_the_whole_list(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programmes.roles.SHOWN_PER_PAGE", 2)
    organisation = OrganisationFactory(published=True)
    ProgrammeFactory.create_batch(3, lead=organisation, published=True)
    page = read(client, organisation)
    assert f'/programmes/?partner={organisation.slug}">Show all 3' in page


def test_a_partner_without_anything_says_so(client: StrictClient) -> None:
    assert "has been published yet" in read(client, OrganisationFactory(published=True))


def test_a_partnership_says_who_since_when_and_what_was_signed(client: StrictClient) -> None:
    partnership = PartnershipFactory(
        started_on="2017-05", population_served=2_600_000, population_note="people in the county", published=True
    )
    member = MembershipFactory(
        partnership=partnership, organisation=OrganisationFactory(published=True), started_on="2018"
    )
    hidden = MembershipFactory(partnership=partnership)
    AgreementFactory(partnership=partnership, name="First contract", signed_on=None)
    AgreementFactory(partnership=partnership, name="Second contract", signed_on="2019-03-15")
    PartnershipPriorityFactory(partnership=partnership, name="People first")
    page = read(client, partnership)
    for words in [
        "Since May 2017",
        "2,600,000 people in the county",
        member.organisation.name,
        "Since 2018",
        "First contract",
        "The source gives no date.",
        "15 March 2019",
        "People first",
    ]:
        assert words in page
    assert hidden.organisation.name not in page


def test_a_partnership_without_a_date_has_no_row_for_it_and_says_that_it_is_not_known(client: StrictClient) -> None:
    page = read(client, PartnershipFactory(started_on=None, published=True))
    assert "Not known yet: when it began, " in page
    assert ">When</dt>" not in page
    assert "when it began" not in read(client, PartnershipFactory(started_on="2017", published=True))


def test_partnerships_are_listed_local_then_national_then_international(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    for scope in ["international", "local", "national"]:
        PartnershipFactory(scope=scope, lead=lead, published=True)
    page = client.get("/partnerships/").content.decode()
    positions = [page.index(f"{scope}</h2>") for scope in ["Local", "National", "International"]]
    assert positions == sorted(positions)


def test_a_site_says_where_it_is_and_that_its_position_is_approximate(client: StrictClient) -> None:
    site = SiteFactory(
        address="Great Maze Pond, London", postcode="SE1 9RT", latitude="51.5033", longitude="-0.0870", published=True
    )
    page = read(client, site)
    for words in ["Great Maze Pond, London, SE1 9RT", "51.5033", "-0.0870", "approximate"]:
        assert words in page
    assert "No programme at this site has been published yet." in page


def test_a_site_shows_the_programmes_that_run_there(client: StrictClient) -> None:
    programme = ProgrammeFactory(satellite_site=True, published=True)
    assert programme.name in read(client, programme.places.first().site)
    assert programme.name in read(client, programme.satellite_site.host_site)


def test_a_strategy_shows_its_aims_with_what_serves_them(client: StrictClient) -> None:
    strategy = StrategyFactory(published=True)
    StrategyValueFactory(strategy=strategy, text="We care for each other.")
    priority = PriorityFactory(strategy=strategy, published=True)
    served = AimFactory(priority=priority, published=True)
    unserved = AimFactory(priority=priority, published=True)
    draft = AimFactory(priority=priority)
    ProgrammeFactory(name="Serving programme", aims=[served], published=True)
    ProgrammeFactory(name="Draft programme", aims=[served])
    PartnershipFactory(name="Serving partnership", aims=[served], published=True)
    page = read(client, strategy)
    for words in [
        priority.name,
        unserved.name,
        "Serving programme",
        "Serving partnership",
        "says yet that it serves this aim",
        "We care for each other.",
    ]:
        assert words in page
    assert draft.name not in page
    assert "Draft programme" not in page
    assert "Serving programme" in read(client, served)
    assert "Serving partnership" in read(client, served)


def test_a_strategy_leads_on_where_much_serves_an_aim(client: StrictClient) -> None:
    aim = AimFactory(published=True, priority__published=True, priority__strategy__published=True)
    ProgrammeFactory.create_batch(6, aims=[aim], lead=OrganisationFactory(published=True), published=True)
    assert "All that serve this aim" in read(client, aim.priority.strategy)
    assert client.get(f"/programmes/?aim={aim.slug}").context["total"] == 6


def test_a_source_shows_all_that_rests_on_it(client: StrictClient) -> None:
    source = SourceFactory(published=True)
    assert "No published page rests on it yet." in read(client, source)
    resting = [factory(published=True) for factory in [OrganisationFactory, PartnershipFactory, ProgrammeFactory]]
    for record in resting:
        record.sources.add(source)
    draft = SiteFactory()
    draft.sources.add(source)
    page = read(client, source)
    assert all(record.get_absolute_url() in page for record in resting)
    assert draft.get_absolute_url() not in page


def test_each_page_shows_its_sources_and_its_dates(client: StrictClient) -> None:
    programme = ProgrammeFactory(published=True)
    page = read(client, programme)
    assert "the sources." in page
    assert 'id="sources"' not in page
    source = SourceFactory(published=True)
    draft = SourceFactory()
    programme.sources.add(source, draft)
    page = read(client, programme)
    assert source.get_absolute_url() in page
    assert draft.get_absolute_url() not in page
    for words in ["Page last reviewed:", "Next review due:", "Last updated:"]:
        assert words in page


def test_areas_are_named(client: StrictClient) -> None:
    assert "Southwark" in read(client, ProgrammeFactory(areas=[AreaFactory(name="Southwark")], published=True))
