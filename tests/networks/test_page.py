"""The network's page and its files: what they show, how they are narrowed, what they refuse."""

import io
import json
from xml.etree import ElementTree

import networkx
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Membership, Organisation, Partnership
from programmes.models import Participation, Programme
from tests import made_up
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    PartnershipFactory,
    PortalFactory,
    ProgrammeFactory,
)
from tests.factories.accounts import somebody_who_publishes
from trustportal.networks import graph, reading
from trustportal.publishing import workflow
from trustportal.website.management.commands import demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust(db: None) -> Organisation:
    return OrganisationFactory(name="Anytown Trust", short_name="Anytown", slug="anytown", published=True)


@pytest.fixture
def council(db: None) -> Organisation:
    return OrganisationFactory(name="Anytown Council", slug="council", kind="council", published=True)


@pytest.fixture
def university(db: None) -> Organisation:
    return OrganisationFactory(name="Anytown University", slug="university", kind="university", published=True)


@pytest.fixture
def network(trust: Organisation, council: Organisation, university: Organisation) -> None:
    """The trust works with the council since 2017, and with the university from 2014 to 2016; nobody else does."""
    city = PartnershipFactory(name="City", slug="city", lead=trust, started_on="2017-04")
    MembershipFactory(partnership=city, organisation=council)
    science = PartnershipFactory(
        name="Science", slug="science", lead=trust, scope="national", started_on="2014", ended_on="2016"
    )
    MembershipFactory(partnership=science, organisation=university)
    study = ProgrammeFactory(name="Study", slug="study", lead=council, started_on=None, partnership=science)
    ParticipationFactory(programme=study, organisation=university)
    for record in (city, science, study):
        publish(record)


def publish(record: object) -> None:
    workflow.publish(record, by=somebody_who_publishes())


def rows(client, address: str) -> set[tuple[str, str, str]]:
    """The rows of the table: who, with whom, through what."""
    context = client.get(address).context
    return {
        (row.part.node.slug, row.lead.slug if row.lead else "", row.part.work.slug) for row, _role in context["rows"]
    }


ALL = {
    ("council", "anytown", "city"),
    ("university", "anytown", "science"),
    ("university", "council", "study"),
}


@pytest.mark.usefixtures("network")
def test_the_page_says_in_a_sentence_and_a_table_what_the_picture_shows(client):
    response = client.get("/network/")

    assert response.context["picture"].sentence == "3 partners are tied by 2 partnerships and 1 programme."
    assert rows(client, "/network/") == ALL
    for words in ("April 2017", "2016", "Not known", "Anytown Trust", "Study"):
        assert words in response.content.decode()


def test_the_one_with_a_part_in_most_is_named(client, trust):
    for _ in range(3):
        PartnershipFactory(lead=trust, with_members=True, published=True)

    assert client.get("/network/").context["picture"].sentence == (
        "10 partners are tied by 3 partnerships. Anytown Trust has a part in most of them: 3."
    )


def test_a_portal_without_ties_says_so(client):
    assert "No ties between partners are known" in client.get("/network/").content.decode()


def test_a_programme_that_ties_nobody_says_which_it_is_and_leads_to_its_page(client):
    ProgrammeFactory(name="Dialysis", slug="dialysis", published=True)

    page = client.get("/network/?programme=dialysis").content.decode()

    assert "No ties around “Dialysis” are known for this choice." in page
    assert '<a href="/programmes/dialysis/">The page of Dialysis</a>' in page
    assert "“Dialysis”" in json.loads(client.get("/network.json?programme=dialysis").content)["shows"]


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=council", {("council", "anytown", "city"), ("university", "council", "study")}),
        ("kind=university", {("university", "anytown", "science"), ("university", "council", "study")}),
        ("scope=local", {("council", "anytown", "city")}),
        ("scope=national", {("university", "anytown", "science"), ("university", "council", "study")}),
        ("ties=programme", {("university", "council", "study")}),
        ("ties=partnership", ALL - {("university", "council", "study")}),
        ("as-at=2018", ALL - {("university", "anytown", "science")}),
        ("as-at=2016", ALL - {("council", "anytown", "city")}),
        ("as-at=December 2016", ALL - {("council", "anytown", "city")}),
        ("as-at=1 January 2017", {("university", "council", "study")}),
        ("as-at=2017", ALL - {("university", "anytown", "science")}),
        ("as-at=2013&ties=partnership", set()),
        ("partner=anytown", ALL - {("university", "council", "study")}),
        ("partner=anytown&steps=2", ALL),
        ("partner=anytown&with=council", {("council", "anytown", "city")}),
        ("programme=study", {("university", "council", "study")}),
        ("programme=study&steps=2", ALL),
        ("partnership=city", {("council", "anytown", "city")}),
        ("partnership=city&steps=2&kind=university", ALL - {("council", "anytown", "city")}),
    ],
)
def test_the_network_is_narrowed(client, query, found):
    assert rows(client, f"/network/?{query}") == found


@pytest.mark.usefixtures("network")
def test_a_tie_of_unknown_beginning_is_kept_at_a_date_and_that_is_said(client):
    page = client.get("/network/?as-at=2018").content.decode()

    assert "Of 1 tie nobody knows when it began" in page
    assert "It shows what held at this date: 2018." in page


def test_at_a_date_who_had_closed_before_has_no_ties(client, trust):
    closed = OrganisationFactory(name="Old group", closed=True, succession=None, published=True)
    PartnershipFactory(lead=trust, started_on="2015", published=True)
    MembershipFactory(partnership=Partnership.objects.get(), organisation=closed)
    call_command("rebuild_network", stdout=io.StringIO())

    assert len(rows(client, "/network/?as-at=2022-06")) == 1
    assert len(rows(client, "/network/?as-at=July 2022")) == 0


@pytest.mark.usefixtures("network")
def test_an_unreadable_date_is_said_at_its_field_and_refused_for_files(client):
    page = client.get("/network/?as-at=soon")

    assert page.status_code == 200
    assert 'id="as-at-error"' in page.content.decode()
    assert "“soon” is not a date" in page.content.decode()
    assert rows(client, "/network/?as-at=soon") == ALL
    assert client.get("/network.json?as-at=soon").status_code == 400


NOT_THERE = [
    "partner=nobody", "partner=../x", "programme=city", "partnership=study", "kind=nothing", "scope=moon",
    "ties=knots", "steps=3", "open=nothing", "with=council", "partner=anytown&partnership=city", "after=x",
    "partner=anytown&with=nobody", f"partner={'a' * 10000}", "after=-1",
]  # fmt: skip


@pytest.mark.usefixtures("network")
def test_what_there_is_not_is_answered_with_404(client):
    addresses = ["/network/", "/network.svg", "/network.json", "/network.graphml"]
    answers = {
        (address, query): client.get(f"{address}?{query}").status_code for address in addresses for query in NOT_THERE
    }

    assert {key: status for key, status in answers.items() if status != 404} == {}


STRANGE = ["'; DROP TABLE", "\u202e", "💥", "x" * 10_000, "%", "9999-99-99", "0000"]


@pytest.mark.usefixtures("network")
def test_any_date_is_safe(client):
    assert {client.get("/network/", {"as-at": text}).status_code for text in STRANGE} == {200}


def test_nothing_of_a_draft_or_of_what_was_withdrawn_can_be_asked_for(client, trust):
    PartnershipFactory(slug="plan", lead=trust)
    PartnershipFactory(slug="past", lead=trust, with_members=True, withdrawn=True)
    OrganisationFactory(slug="secret")

    answers = [client.get(f"/network/?{query}") for query in ("partnership=plan", "partner=secret", "partnership=past")]

    assert [answer.status_code for answer in answers] == [404, 404, 410]


@pytest.mark.usefixtures("network")
def test_each_point_and_each_line_leads_somewhere(client):
    page = client.get("/network/").content.decode()

    for address in (
        "/network/?partner=anytown",
        "/network/?partner=council",
        "/partnerships/city/",
        "/programmes/study/",
    ):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    assert "Anytown Council: Council, 2 partnerships and programmes. Show its network" in page
    around = client.get("/network/?partner=anytown").content.decode()
    assert "Anytown Trust: NHS trust, 2 partnerships and programmes. Show its page" in around


def test_a_line_that_stands_for_several_leads_to_the_ties_of_the_two(client, trust, council):
    for _ in range(4):
        partnership = PartnershipFactory(lead=trust)
        MembershipFactory(partnership=partnership, organisation=council)
        publish(partnership)

    page = client.get("/network/").content.decode()

    assert "partner=anytown&amp;with=council#ties" in page
    assert "; 1 more" in page
    assert len(rows(client, "/network/?partner=anytown&with=council")) == 4


def test_what_has_ended_is_lighter_and_what_closed_is_hollow_and_followed_by_an_arrow(client):
    OrganisationFactory(name="Old group", closed=True, published=True)
    PartnershipFactory(with_members=True, ended_on="2019", published=True)

    response = client.get("/network/")
    page, picture = response.content.decode(), response.context["picture"]

    assert picture.has_closed
    assert picture.has_successions
    assert picture.has_ended
    assert "(ended)" in page
    assert "Old group was followed by" in page
    assert "Hollow: closed" in page


def test_the_host_is_marked(client, trust):
    PortalFactory(host=trust)
    PartnershipFactory(lead=trust, with_members=True, published=True)

    response = client.get("/network/")

    assert [p.key for p in response.context["picture"].wide.points if p.is_marked] == [trust.network_key]
    assert "Whose portal this is" in response.content.decode()


def test_a_partnership_of_many_is_a_point_to_which_its_members_are_tied(client):
    partnership = PartnershipFactory(name="Many", published=True)
    for organisation in OrganisationFactory.create_batch(30, published=True):
        MembershipFactory(partnership=partnership, organisation=organisation)
    partnership.on_published()

    picture = client.get("/network/").context["picture"]

    assert len(picture.graph.lines) == 31
    assert sum(point.is_hub for point in picture.wide.points) == 1


def test_records_lead_to_the_network_around_them(client, network, trust):
    for address, name in [
        ("/partners/anytown/", "partner=anytown"),
        ("/partnerships/city/", "partnership=city"),
        ("/programmes/study/", "programme=study"),
    ]:
        assert f'href="/network/?{name}"' in client.get(address).content.decode()


def test_records_that_tie_nobody_do_not_lead_to_an_empty_network(client, trust):
    partnership = PartnershipFactory(slug="alone", lead=trust, published=True)
    MembershipFactory(partnership=partnership, organisation=OrganisationFactory())
    partnership.on_published()
    ProgrammeFactory(slug="lonely", lead=trust, published=True)

    for address in ("/partners/anytown/", "/partnerships/alone/", "/programmes/lonely/"):
        page = client.get(address).content.decode()
        assert "/network/?" not in page
        assert "/timeline/?" in page


# Many


def test_more_than_can_be_told_apart_stand_together_by_kind_and_each_is_reached_by_opening(client):
    made_up.make_network(200)
    response = client.get("/network/")
    picture = response.context["picture"]
    partners = set(response.context["relations"].nodes)
    assert picture.graph.is_grouped
    assert {point.group for point in picture.graph.points} >= {"nhs-trust", "charity"}
    assert sum(point.count for point in picture.graph.points) == len(partners)

    reached = set()
    for group in picture.groups:
        address = group[2]
        while address:
            opened = client.get(address).context["picture"]
            before = len(reached)
            reached |= {point.key for point in opened.graph.points if point.node}
            rest = [point for point in opened.graph.points if point.is_rest]
            address = opened.said[rest[0].key].address if rest and len(reached) > before else ""

    assert reached == partners


def test_the_table_is_cut_into_pages(client):
    made_up.make_network(200)

    response = client.get("/network/?page=2")

    assert response.context["page_obj"].number == 2
    assert len(response.context["rows"]) == 50
    assert client.get("/network/?page=none").status_code == 200


def test_no_more_is_read_than_can_be_shown_and_that_is_said(client, monkeypatch):
    made_up.make_network(60)
    monkeypatch.setattr(reading, "MOST_TIES", 40)

    response = client.get("/network/")

    assert response.context["relations"].is_cut
    assert len(response.context["relations"].parts) <= 40
    assert "There is more than can be shown at once" in response.content.decode()


def test_of_too_many_partners_those_with_most_are_shown_and_the_host_always(monkeypatch):
    made_up.make_network(60)
    monkeypatch.setattr(reading, "MOST_NODES", 10)
    everybody = reading.read(reading.Choice())
    last = Organisation.objects.get(name__endswith=" 2").network_key

    kept = reading.read(reading.Choice(), first=last)

    assert everybody.is_cut
    assert len(kept.nodes) <= 10
    assert min(everybody.counts.values()) >= 1


@pytest.mark.parametrize("query", ["", "?partner={slug}", "?partner={slug}&steps=2", "?kind=charity&as-at=2018"])
def test_the_page_takes_as_many_queries_with_many_partners_as_with_few(client, query):
    counts = []
    for count in (30, 300):
        made_up.make_network(count)
        slug = Organisation.objects.order_by("pk").first().slug
        client.get("/network/")
        with CaptureQueriesContext(connection) as asked:
            response = client.get(f"/network/{query.format(slug=slug)}")
        assert response.status_code == 200
        assert response.context["rows"]
        counts.append(len(asked.captured_queries))
        forget_all()

    assert counts[0] == counts[1]
    assert counts[0] <= 10


def forget_all() -> None:
    for model in (Membership, Participation, Programme, Partnership, Organisation):
        model.objects.all().delete()


def test_a_work_of_two_kinds_ties_their_groups(monkeypatch, client, network):
    monkeypatch.setattr(graph, "MOST_POINTS", 2)

    picture = client.get("/network/").context["picture"]

    assert {(line.one, line.other) for line in picture.graph.lines} == {
        ("kind-council", "kind-nhs-trust"), ("kind-nhs-trust", "kind-university"), ("kind-council", "kind-university"),
    }  # fmt: skip


# Files


@pytest.mark.usefixtures("network")
def test_graphml_is_read_back_with_all_that_it_says(client):
    response = client.get("/network.graphml?ties=partnership")

    read = networkx.parse_graphml(response.content.decode(), force_multigraph=True)

    assert response["Content-Type"].startswith("application/graphml+xml")
    assert set(read.nodes) == {"anytown", "council", "university"}
    assert read.nodes["council"] == {
        "sort": "partner",
        "name": "Anytown Council",
        "kind": "Council",
        "closed": "",
        "is_closed": False,
        "works": 1,
        "address": "http://127.0.0.1:8000/partners/council/",
    }
    [facts] = read.get_edge_data("anytown", "university").values()
    assert (facts["through"], facts["since"], facts["until"], facts["role"]) == ("Science", "2014", "2016", "Member")


def test_graphml_leaves_out_what_xml_cannot_hold(client):
    PartnershipFactory(name="Tab\x0band & <more>", slug="odd", with_members=True, published=True)

    read = networkx.parse_graphml(client.get("/network.graphml").content.decode(), force_multigraph=True)

    assert {facts["through"] for _, _, facts in read.edges(data=True)} == {"Taband & <more>"}


@pytest.mark.usefixtures("network")
def test_json_has_nodes_and_links_of_the_choice(client):
    data = json.loads(client.get("/network.json?partner=anytown&as-at=2018").content)

    assert {node["id"] for node in data["nodes"]} == {"anytown", "council"}
    assert [(link["source"], link["target"]) for link in data["links"]] == [("anytown", "council")]
    assert data["as_at"] == "2018"
    assert data["address"] == "http://127.0.0.1:8000/network/?partner=anytown&as-at=2018"


@pytest.mark.usefixtures("network")
def test_the_picture_is_a_file_of_its_own_with_whole_addresses(client):
    response = client.get("/network.svg")
    root = ElementTree.fromstring(response.content)  # noqa: S314  our own

    links = [a.get("href") for a in root.iter("{http://www.w3.org/2000/svg}a")]

    assert response["Content-Type"].startswith("image/svg+xml")
    assert links
    assert all(link.startswith("http://127.0.0.1:8000/") for link in links)
    assert b"class=" not in response.content.split(b">")[0]


def test_files_name_a_work_whose_lead_is_not_public(client, publisher):
    partnership = PartnershipFactory(name="Without", slug="without", with_members=True, published=True)
    workflow.withdraw(partnership.lead, by=publisher, reason="It moved.")

    data = json.loads(client.get("/network.json").content)

    assert {link["source"] for link in data["links"]} == {"partnership/without"}
    assert len(data["nodes"]) == 4
    read = networkx.parse_graphml(client.get("/network.graphml").content.decode(), force_multigraph=True)
    assert len(read) == 4
    assert "All who take part" in client.get("/network/").content.decode()


def test_an_old_demonstration_gets_its_network(trust, monkeypatch):
    called = []
    monkeypatch.setattr(demo, "call_command", lambda name, *args, **kwargs: called.append(name))
    demo.Node.objects.all().delete()

    demo.Command().load([])
    trust.on_published()
    demo.Command().load([])

    assert called == ["rebuild_network"]
