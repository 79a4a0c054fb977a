"""The network as at a date: everything tells of that day, nothing of today."""

import datetime
import json

import networkx
import pytest

from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    PartnershipFactory,
    ProgrammeFactory,
)
from tests.factories.accounts import somebody_who_publishes
from trustportal.networks.models import Node, Work
from trustportal.networks.reading import Choice, Part
from trustportal.partial_date import PartialDate
from trustportal.publishing import workflow

TODAY = datetime.date(2026, 3, 2)


@pytest.fixture
def network(db: None) -> None:
    """A trust works with a group that closed on 1 July 2022, and in a programme that ended at an unknown date."""
    trust = OrganisationFactory(name="Anytown Trust", slug="anytown", published=True)
    group = OrganisationFactory(
        name="Old group", slug="old", closed=True, closed_on="2022-07-01", succession=None, published=True
    )
    partnership = PartnershipFactory(name="City", slug="city", lead=trust, started_on="2015")
    MembershipFactory(partnership=partnership, organisation=group)
    university = OrganisationFactory(name="Anytown University", slug="university", published=True)
    study = ProgrammeFactory(name="Study", slug="study", lead=trust, stage="finished", started_on="2015", ended_on=None)
    ParticipationFactory(programme=study, organisation=university)
    for record in (partnership, study):
        workflow.publish(record, by=somebody_who_publishes())


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(("query", "is_past"), [("", True), ("?as-at=2018", False), ("?as-at=1 July 2022", False)])
def test_who_was_open_is_open_and_what_ran_runs_wherever_it_is_said(client, query: str, is_past: bool):
    response = client.get(f"/network/{query}")
    page, picture = response.content.decode(), response.context["picture"]

    closed = {point.key for point in picture.graph.points if point.is_closed}
    assert [picture.said[key].label for key in closed] == (["Old group (closed)"] if is_past else [])
    assert picture.has_closed is picture.has_ended is is_past
    for drawing in (picture.wide, picture.narrow):
        assert {point.is_hollow for point in drawing.points} == {False, is_past}
        assert {line.is_over for line in drawing.lines} == {is_past}
    for text in (page, client.get(f"/network.svg{query}").content.decode()):
        for words in ("(ended)", "(closed)", ", closed 1 July 2022"):
            assert (words in text) is is_past
    assert {row.is_over for row, _role in response.context["rows"]} == {is_past}
    assert ("Ended, date not known" in page) is is_past


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(("query", "is_past"), [("", True), ("?as-at=2018", False)])
def test_files_tell_of_the_day_too(client, query: str, is_past: bool):
    data = json.loads(client.get(f"/network.json{query}").content)
    graph = networkx.parse_graphml(client.get(f"/network.graphml{query}").content.decode(), force_multigraph=True)

    assert {node["id"]: node["is_closed"] for node in data["nodes"]}["old"] is is_past
    assert {link["is_over"] for link in data["links"]} == {is_past}
    assert graph.nodes["old"]["is_closed"] is is_past
    assert {facts["is_over"] for _, _, facts in graph.edges(data=True)} == {is_past}


@pytest.mark.parametrize(
    ("at", "over"),
    [
        (None, {"closed", "ended", "over"}),
        ("2026", {"closed", "ended", "over", "to close"}),
        ("2026-03", {"closed", "ended", "over"}),
        ("2026-03-01", {"closed", "ended"}),
        ("2022", {"closed", "ended"}),
        ("2022-07", {"closed"}),
        ("2022-07-01", set()),
        ("2018", set()),
    ],
)
def test_what_is_over_is_judged_by_the_last_day_that_the_date_can_be(at: str | None, over: set[str]):
    node = Node(key="n")
    parts = {
        "closed": part(Node(key="c", closed_on=PartialDate(2022, 7, 1)), Work(key="w")),
        "to close": part(Node(key="t", closed_on=PartialDate(2026, 4)), Work(key="w")),
        "ended": part(node, Work(key="e", ended_on=PartialDate(2022, 8))),
        "over": part(node, Work(key="o", is_over=True)),
        "running": part(node, Work(key="r")),
    }
    choice = Choice(at=PartialDate.parse(at) if at else None, today=TODAY)

    assert {name for name, one in parts.items() if choice.is_over(one)} == over


def part(node: Node, work: Work) -> Part:
    return Part(work, node, "member", is_lead=False, started_on=None, ended_on=None)
