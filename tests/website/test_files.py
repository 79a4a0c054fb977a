"""A list in its other forms: the same records, each column described, nothing that is not public."""

import csv
import io
import json

import pytest
from defusedxml import ElementTree

from partnerships import opendata as partnerships
from programmes import opendata as programmes
from tests import made_up
from tests.factories import (
    ObservationFactory,
    OrganisationFactory,
    OrganisationIdentifierFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PartnershipFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
)
from tests.strict_client import StrictClient
from trustportal.opendata.dataset import Dataset, Datatype

LISTS = {
    "partners": partnerships.PARTNERS,
    "partnerships": partnerships.PARTNERSHIPS,
    "sites": partnerships.SITES,
    "sources": partnerships.SOURCES,
    "programmes": programmes.PROGRAMMES,
    "outcomes": programmes.OUTCOMES,
}
QUERIES = {
    "partners": "not-kind=council",
    "partnerships": "scope=local&as-at=2018-04-01",
    "sites": "kind=hospital",
    "sources": "active=2019&sort=newest",
    "programmes": "kind=research&sort=updated",
    "outcomes": "kind=count&kind=total",
}
ATOM = "{http://www.w3.org/2005/Atom}"


def text_of(response: object) -> str:
    assert response.status_code == 200
    return response.getvalue().decode()


def table(client: StrictClient, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(client.get(address)))))


@pytest.mark.either_database
@pytest.mark.parametrize("dataset", LISTS.values(), ids=LISTS)
def test_every_column_is_described(dataset: Dataset) -> None:
    names = [column.name for column in dataset.columns]
    assert len(names) == len(set(names))
    for column in dataset.columns:
        assert column.name.isidentifier()
        assert column.name == column.name.lower()
        assert str(column.description).endswith(".")
        assert column.example
        assert isinstance(column.datatype, Datatype)
    assert str(dataset.title)
    assert str(dataset.description)


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_every_form_of_a_list_has_the_same_records(client: StrictClient, name: str) -> None:
    made_up.make(60)
    query = QUERIES[name]
    shown = []
    for page in ["", "&page=2", "&page=3"]:
        response = client.get(f"/{name}/?{query}&size=25{page}", follow=True)
        if response.status_code == 404:
            break
        shown += [row.name for row in response.context["object_list"]]
    assert len(shown) == response.context["total"] if response.status_code == 200 else shown
    rows = table(client, f"/{name}.csv?{query}")
    data = json.loads(text_of(client.get(f"/{name}.json?{query}")))
    feed = ElementTree.fromstring(text_of(client.get(f"/{name}.atom?{query}")))

    assert shown
    assert [row["name"] for row in rows] == shown
    assert [row["name"] for row in data["records"]] == shown
    assert data["total"] == len(shown)
    assert {entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")} <= set(shown)
    assert len(list(feed.iter(f"{ATOM}entry"))) == min(50, len(shown))
    assert list(rows[0]) == [column.name for column in LISTS[name].columns] == list(data["records"][0])


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_the_page_names_its_other_forms(client: StrictClient, name: str) -> None:
    made_up.make(20)
    page = client.get(f"/{name}/?{QUERIES[name]}", follow=True)
    for ending, form in [("csv", "text/csv"), ("json", "application/json"), ("atom", "application/atom+xml")]:
        address = page.context["view"].file_path(ending)
        assert address.startswith(f"/{name}.{ending}?")
        escaped = address.replace("&", "&amp;")
        assert f'<link rel="alternate" type="{form}" href="{escaped}">' in page.content.decode()
        answer = client.get(address)
        assert answer["Content-Type"].startswith(form)
        answer.getvalue() if answer.streaming else answer.content


@pytest.mark.django_db
def test_nothing_that_is_not_public_leaves(client: StrictClient) -> None:
    secret = "Hushhush"
    hidden = OrganisationFactory(name=f"{secret} draft trust")
    shown = OrganisationFactory(name="Shown trust", published=True)
    OrganisationFactory(name=f"{secret} withdrawn", withdrawn=True)
    site = SiteFactory(name="Shown site", organisation=hidden, published=True)
    programme = ProgrammeFactory(name="Shown programme", lead=shown, published=True)
    ParticipationFactory(programme=programme, organisation=hidden, note=secret)
    for factory in [ProgrammeFactory, PartnershipFactory]:
        factory(name=f"{secret} draft", lead=shown)
        factory(name=f"{secret} waiting", lead=shown, in_review=True)
    SourceFactory(name=f"{secret} source", publisher=shown)
    metric = OutcomeMetricFactory(name="Small number", fewest_shown=5, lead=shown, programme=programme, published=True)
    ObservationFactory(metric=metric, value=3)
    waiting = OutcomeMetricFactory(name="Waiting", lead=shown, programme=programme, published=True)
    ObservationFactory(metric=waiting, value=987654, approved_at=None, approved_by=None)
    assert site.organisation == hidden
    for name in LISTS:
        for ending in ["csv", "json", "atom"]:
            text = text_of(client.get(f"/{name}.{ending}"))
            assert secret not in text, (name, ending)
            assert "987654" not in text
    [row] = [row for row in table(client, "/outcomes.csv") if row["name"] == "Small number"]
    assert row["latest_value"] == ""
    assert row["latest_in_words"] == "Fewer than 5"


@pytest.mark.django_db
def test_a_table_is_safe_to_open_and_its_numbers_are_numbers(client: StrictClient) -> None:
    SiteFactory(
        name="=HYPERLINK(1)",
        address="@home",
        latitude="51.5033",
        longitude="-0.0870",
        is_approximate=True,
        published=True,
    )
    [row] = table(client, "/sites.csv")
    assert row["name"] == "'=HYPERLINK(1)"
    assert row["street_and_town"] == "'@home"
    assert float(row["longitude"]) == -0.087
    assert row["position"] == "approximate"
    [record] = json.loads(text_of(client.get("/sites.json")))["records"]
    assert record["longitude"] == -0.087
    assert record["name"] == "=HYPERLINK(1)"


@pytest.mark.django_db
def test_a_partner_has_its_codes_in_both_forms(client: StrictClient) -> None:
    partner = OrganisationFactory(published=True, country="")
    for scheme, value in [("ods", "RJ1"), ("charity", "1160316")]:
        OrganisationIdentifierFactory(organisation=partner, scheme=scheme, value=value)
    [row] = table(client, "/partners.csv")
    [record] = json.loads(text_of(client.get("/partners.json")))["records"]
    assert row["ods_code"] == "RJ1"
    assert sorted(row["identifiers"].split("; ")) == sorted(record["identifiers"]) == ["charity:1160316", "ods:RJ1"]
    assert (row["country"], row["closed"], record["address"]) == (
        "",
        "",
        f"http://127.0.0.1:8000{partner.get_absolute_url()}",
    )


@pytest.mark.django_db
def test_an_empty_list_is_an_empty_file(client: StrictClient) -> None:
    assert table(client, "/programmes.csv") == []
    assert json.loads(text_of(client.get("/programmes.json")))["records"] == []
    feed = ElementTree.fromstring(text_of(client.get("/programmes.atom")))
    assert feed.findtext(f"{ATOM}updated") == "2000-01-01T00:00:00+00:00"


@pytest.mark.django_db
def test_a_feed_says_when_something_last_changed_and_begins_with_the_newest(client: StrictClient) -> None:
    made_up.make(60)
    feed = ElementTree.fromstring(text_of(client.get("/programmes.atom?kind=research")))
    entries = list(feed.iter(f"{ATOM}entry"))
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == updated[0]
    assert feed.findtext(f"{ATOM}title") == "Programmes: Research"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://127.0.0.1:8000/programmes/?kind=research",
        "self": "http://127.0.0.1:8000/programmes.atom?kind=research",
    }
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
