"""Every page of the content says in schema.org's words what it says in ours."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from partnerships.models import Aim, Organisation, Partnership, Priority, Site, Source, Strategy
from programmes.models import OutcomeMetric, Programme
from tests.content.carriers import address_of, published_records
from tests.opendata.linked import Node, faults_of, things_on, walk
from tests.strict_client import StrictClient, parsed
from trustportal.website.standing_pages import STANDING_PAGES

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.either_database]

LISTS = ["/partners/", "/partnerships/", "/programmes/", "/sites/", "/outcomes/", "/outcomes/summary/", "/strategy/",
         "/sources/", "/partners/?kind=council", "/programmes/?q=nothing-is-called-so&kind=research"]  # fmt: skip
OTHERS = {
    "/": "WebSite",
    **{f"/{name}/": {"about": "AboutPage", "contact": "ContactPage"}.get(name, "WebPage") for name in STANDING_PAGES},
    "/search/": "SearchResultsPage",
    "/search/?q=cancer": "SearchResultsPage",
    "/search/?q=%3C%2Fscript%3E": "SearchResultsPage",
    "/map/": "WebPage",
    "/map/london/": "WebPage",
    "/map/southwark/": "WebPage",
    "/map/sites/queen-marys-hospital-sidcup/": "WebPage",
    "/network/": "WebPage",
    "/network/?partner=leeds-teaching-hospitals": "WebPage",
    "/timeline/": "WebPage",
}
KINDS = {
    Organisation: {"Organization", "GovernmentOrganization", "MedicalOrganization", "NGO", "CollegeOrUniversity",
                   "EducationalOrganization", "ResearchOrganization", "Corporation"},
    Partnership: {"Project"},
    Programme: {"Project", "ResearchProject"},
    Site: {"Hospital", "MedicalClinic", "Place"},
    Strategy: {"CreativeWork"},
    Priority: {"CreativeWork"},
    Aim: {"CreativeWork"},
    OutcomeMetric: {"Dataset"},
    Source: {"WebPage", "Report", "Book", "VideoObject", "Dataset"},
}  # fmt: skip
SITE = settings.SITE_URL
URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d\+\d\d:\d\d)?)?)?")


@pytest.fixture(scope="module")
def pages(record_pages: dict[str, str], django_db_blocker: object) -> dict[str, str]:
    """All pages as HTML, by their address."""
    with django_db_blocker.unblock():
        client = StrictClient()
        answers = {address: client.get(address) for address in [*LISTS, *OTHERS]}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 200} == {}
    return record_pages | {address: answer.content.decode() for address, answer in answers.items()}


@pytest.fixture(scope="module")
def said(pages: dict[str, str]) -> dict[str, list[Node]]:
    """The things of which each page tells."""
    return {address: things_on(html) for address, html in pages.items()}


def named(things: list[Node], at: str) -> Node:
    """The thing of that name."""
    [found] = [thing for thing in walk(things) if thing.get("@id") == at and len(thing) > 3]
    return found


def kinds_of(thing: Node) -> set[str]:
    return {thing["@type"]} if isinstance(thing["@type"], str) else set(thing["@type"])


def test_every_page_says_what_it_is_and_where_it_stands(said, pages):
    for address, things in said.items():
        page = named(things, SITE + address)
        assert page["url"] == SITE + address
        assert page["inLanguage"] == "en-GB"
        assert page["isPartOf"] == {"@id": f"{SITE}/#website"}
        [trail] = [thing for thing in things if thing["@type"] == "BreadcrumbList"] or [None]
        shown = [
            (SITE + link.get("href"), "".join(link.itertext()))
            for link in parsed(pages[address])[0].iter("a")
            if link.get("class") == "nhsuk-breadcrumb__link"
        ]
        assert [(item["item"], item["name"]) for item in trail["itemListElement"]] == shown if trail else not shown
        assert trail or address == "/"


def test_each_record_is_there_with_its_kind_name_and_identifier_that_stays(said):
    for record in published_records():
        address = record.get_absolute_url()
        name = SITE + (address if "#" in address else f"{address}#{record._meta.model_name}")
        thing = named(said[address_of(record)], name)
        assert kinds_of(thing) <= KINDS[type(record)], name
        assert (thing["name"], thing["description"]) == (record.name, record.summary)
        if type(record) is not Priority:  # its strategy's page tells of it among others
            assert f"urn:uuid:{record.uuid}" in thing["identifier"]


def test_other_pages_and_lists_have_their_kinds(said):
    for address, kind in OTHERS.items():
        assert kind in {thing["@type"] for thing in said[address] if isinstance(thing["@type"], str)}, address
    for address in LISTS:
        page = named(said[address], SITE + address)
        assert page["@type"] == "CollectionPage"
        rows = page["mainEntity"].get("itemListElement", [])
        assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
        assert page["mainEntity"]["numberOfItems"] >= len(rows)
        assert bool(rows) == ("nothing" not in address)


def test_what_a_page_names_is_told_by_the_page_where_it_stands(said):
    """Every name of ours leads to a page that tells of that thing under that very name."""
    told = {address: {thing["@id"] for thing in walk(things) if len(thing) > 3 and "@id" in thing}
            for address, things in said.items()}  # fmt: skip
    told["/"].add(f"{SITE}/#website")
    names = {str(thing["@id"]) for things in said.values() for thing in walk(things) if "@id" in thing}
    lost = {
        name
        for name in names
        if not name.startswith(SITE) or name not in told.get(name.removeprefix(SITE).partition("#")[0], ())
    }
    assert {name for name in lost if name.removeprefix(SITE) not in said} == set()


def test_facts_have_the_form_that_machines_read(said):
    seen = Counter()
    for things in said.values():
        for thing in walk(things):
            for name, value in thing.items():
                seen[name] += 1
                values = value if isinstance(value, list) else [value]
                assert None not in values
                assert "" not in values
                if name.startswith("date") or name.endswith("Date") or name in {"lastReviewed", "expires"}:
                    assert DATE.fullmatch(value), (name, value)
                if name in {"url", "contentUrl", "@id", "license", "item"} and isinstance(value, str):
                    assert value.startswith(("http://", "https://")), (name, value)
                if name == "identifier":
                    assert all(URN.fullmatch(one) for one in values if isinstance(one, str))
    # What re-users come for is there, and not by accident of one page.
    for name in ["foundingDate", "dissolutionDate", "memberOf", "member", "areaServed", "geo", "address",
                 "temporalCoverage", "variableMeasured", "distribution", "license", "citation", "alternateName",
                 "parentOrganization", "serviceLocation", "propertyID"]:  # fmt: skip
        assert seen[name] > 1, name


def test_the_words_are_those_of_schema_org(said, tmp_path: Path):
    assert faults_of([thing for things in said.values() for thing in things], tmp_path) == []
