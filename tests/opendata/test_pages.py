"""Lists and records in other forms: named by the page, had by the address or by what is accepted, refused clearly."""

import csv
import io
import json
import re

import pytest

from partnerships.models import Partnership
from tests.factories import (
    OrganisationFactory,
    PartnershipFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
)
from tests.factories.accounts import somebody_who_publishes
from tests.opendata.secrets import Portal, hidden_things, nothing_leaks
from tests.strict_client import StrictClient
from trustportal.opendata.forms import LICENCE
from trustportal.publishing import workflow
from trustportal.website.datasets import DATASETS

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?')
HOST = "http://127.0.0.1:8000"


def text_of(response: object) -> str:
    return (response.getvalue() if response.streaming else response.content).decode()


def links_of(response: object) -> list[tuple[str, str, str]]:
    return LINK.findall(response.get("Link", ""))


def pages_of(portal: Portal) -> list[str]:
    records = [portal.partner, portal.partnership, portal.site, portal.programme, portal.metric]
    lists = [f"{dataset.path}/" for dataset in DATASETS if dataset.list_page]
    return [*(record.get_absolute_url() for record in records), *lists, "/outcomes/summary/"]


def test_every_page_names_its_other_forms_and_answers_in_them(client: StrictClient):
    for address in pages_of(hidden_things()):
        page = client.get(address)
        assert page["Access-Control-Allow-Origin"] == "*", address
        assert "Accept" in page["Vary"]
        forms = [(target, kind) for target, relation, kind in links_of(page) if relation == "alternate"]
        assert f"{address.removesuffix('/')}.json" in dict(forms), address
        in_head = re.findall(r'<link rel="alternate" type="([^"]*)" href="([^"]*)">', page.content.decode())
        assert sorted(forms) == sorted((target, kind) for kind, target in in_head)
        for target, kind in forms:
            by_address, by_name = client.get(target), client.get(address, HTTP_ACCEPT=kind)
            text = text_of(by_address)
            assert by_address.status_code == by_name.status_code == 200, target
            assert by_address["Content-Type"].startswith(kind)
            assert by_name["Content-Type"].startswith(kind)
            assert text == text_of(by_name), target
            assert "Accept" in by_name["Vary"]
            assert by_address["Access-Control-Allow-Origin"] == "*"
            nothing_leaks(text, target)
            if kind == "application/json":
                json.loads(text)
        for accepted in [
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "*/*",
            "image/webp",
            "application/pdf, */*;q=0.1",
        ]:
            assert client.get(address, HTTP_ACCEPT=accepted)["Content-Type"].startswith("text/html")


def test_a_record_has_its_parts_with_it(client: StrictClient):
    portal = hidden_things()
    said = json.loads(text_of(client.get(f"/partnerships/{portal.partnership.slug}.json")))

    assert said["id"] == str(portal.partnership.uuid)
    assert said["address"] == HOST + portal.partnership.get_absolute_url()
    assert [row["partnership_id"] for row in said["memberships"]] == [said["id"]]
    assert said["memberships"][0]["source"] == ""  # a draft
    assert len(said["agreements"]) == 1
    assert said["lead_id"] == str(portal.partner.uuid)
    assert said["part_of_id"] is None
    assert said["licence"] == LICENCE
    assert said["described_at"] == f"{HOST}/data/partnerships/"
    metric = json.loads(text_of(client.get(f"/outcomes/{portal.metric.slug}.json")))
    assert {row["state"]: row["value"] for row in metric["observations"]}["suppressed"] is None


def test_a_former_address_leads_on_with_its_ending(client: StrictClient):
    partnership = PartnershipFactory(slug="old", published=True)
    change = workflow.start_change(partnership, by=somebody_who_publishes())
    change.slug, change.change_note = "new", "Moved."
    change.save()
    workflow.publish(change, by=somebody_who_publishes())
    for ending in [".json", "/"]:
        response = client.get(f"/partnerships/old{ending}")
        assert response.status_code == 301
        assert response["Location"] == f"/partnerships/new{ending}"
        assert response["Access-Control-Allow-Origin"] == "*"
    assert json.loads(text_of(client.get("/partnerships/new.json")))["id"] == str(partnership.uuid)


def test_what_was_withdrawn_says_so_and_what_is_a_draft_is_not_there(client: StrictClient):
    portal = hidden_things()
    gone = client.get(f"/programmes/{portal.withdrawn.slug}.json")
    assert gone.status_code == 410
    assert gone["Content-Type"] == "application/problem+json"
    assert gone.json() == {
        "type": "about:blank",
        "title": "This page was withdrawn",
        "status": 410,
        "detail": "It was moved.",
        "see": "",
    }
    for slug in [portal.draft.slug, "never-there", f"hushhush-{portal.programme.slug}"]:
        response = client.get(f"/programmes/{slug}.json")
        assert response.status_code == 404
        assert response.json()["status"] == 404
        assert response["Access-Control-Allow-Origin"] == "*"
        nothing_leaks(response.content, slug)
    assert client.get(f"/programmes/{portal.draft.slug}/", HTTP_ACCEPT="application/json").status_code == 404


def test_other_sites_may_ask_beforehand(client: StrictClient):
    asked = {"HTTP_ORIGIN": "https://example.org", "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "if-none-match"}
    for address in ["/partners.json", "/data/memberships.csv", "/partners.csv-metadata.json", "/partners/any.json"]:
        response = client.options(address, **asked)
        assert response.status_code == 204
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "GET" in response["Access-Control-Allow-Methods"]
        assert response["Access-Control-Allow-Headers"] == "if-none-match"
        assert response.content == b""


@pytest.mark.parametrize(
    "address",
    ["/partners.json", "/partners.csv", "/partners.atom", "/partners/", "/partners/any/", "/partners/any.json",
     "/partners/any.atom", "/updates.atom", "/data/memberships.csv", "/data/files/open-data.zip",
     "/partners.csv-metadata.json", "/outcomes/any.csv-metadata.json", "/timeline.ics", "/api/v1"],
)  # fmt: skip
def test_nothing_is_written_here_and_other_sites_scripts_are_told_so(address: str):
    for method in ["post", "put", "delete"]:
        response = getattr(StrictClient(enforce_csrf_checks=True), method)(address)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Content-Type"].startswith(("text/plain", "application/problem+json"))
        assert "Use GET or HEAD." in response.content.decode()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/api/v1/partners", "application/problem+json"),
        ("/fhir/Organization", "application/fhir+json"),
        ("/open-referral/services", "application/problem+json"),
    ],
)
def test_the_interfaces_say_it_in_their_own_words(address: str, kind: str):
    response = StrictClient(enforce_csrf_checks=True).post(address)
    assert response.status_code == 405
    assert response["Content-Type"].startswith(kind)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "This can be read here" not in response.content.decode()


def test_what_was_withdrawn_leads_on_by_a_whole_address(client: StrictClient):
    programme = ProgrammeFactory(slug="gone", published=True)
    workflow.withdraw(programme, by=somebody_who_publishes(), reason="It was moved.", see_instead="/about/")
    assert client.get("/programmes/gone.json").json()["see"] == f"{HOST}/about/"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/partners/?kind=nobody", 404),
        ("/partners/?as-at=yesterday", 400),
        (f"/partners/?q={'x' * 20_000}", 400),
        ("/partners/?kind=", 302),
        ("/programmes/never-there/", 404),
        ("/programmes/gone/", 410),
        ("/programmes/old/", 301),
    ],
)
def test_whatever_a_page_answers_it_depends_on_what_is_accepted(client: StrictClient, address: str, status: int):
    ProgrammeFactory(slug="gone", withdrawn=True)
    programme = ProgrammeFactory(slug="old", published=True)
    programme = type(programme).objects.get(pk=programme.pk)
    programme.slug = "new"
    programme.save()
    response = client.get(address)
    assert response.status_code == status
    assert "Accept" in response["Vary"].split(", ")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/partners.json?kind=nobody", 404),
        ("/partners.json?as-at=yesterday", 400),
        (f"/partners.json?q={'x' * 20_000}", 400),
        (f"/data/memberships.json?q={'x' * 5_000}", 400),
        ("/data/nothing.json", 404),
        (f"/partners.csv-metadata.json?q={'x' * 5_000}", 400),
        ("/nothing.csv-metadata.json", 404),
    ],
)
def test_a_refusal_has_the_form_that_was_asked(client: StrictClient, address: str, status: int):
    response = client.get(address)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.json()["status"] == status
    assert response.json()["title"]
    if ".csv-" not in address:
        as_text = client.get(address.replace(".json", ".csv"))
        assert as_text.status_code == status
        assert as_text["Content-Type"].startswith("text/plain")


def test_a_dataset_that_a_list_shows_is_at_the_address_of_the_list(client: StrictClient):
    response = client.get("/data/partners.csv")
    assert response.status_code == 301
    assert response["Location"] == "/partners.csv"
    assert client.get("/data/partners.csv?kind=council&q=a%20b")["Location"] == "/partners.csv?kind=council&q=a%20b"


def test_datasets_without_a_list_say_the_same_in_all_forms_and_nothing_that_is_not_public(client: StrictClient):
    hidden_things()
    for dataset in DATASETS:
        rows = list(csv.DictReader(io.StringIO(text_of(client.get(f"{dataset.path}.csv")))))
        said = json.loads(text_of(client.get(f"{dataset.path}.json")))
        assert said["total"] == len(said["records"]) == len(rows) if "total" in said else rows
        assert [row["id"] for row in rows] == [row["id"] for row in said["records"]], dataset.name
        for row, record in zip(rows, said["records"], strict=True):
            for column in dataset.columns:
                value = record[column.name]
                if isinstance(value, int | float):
                    assert float(row[column.name]) == value, (dataset.name, column.name)
                    continue
                value = "; ".join(value) if column.has_many else value
                same = row[column.name].removeprefix("'") if isinstance(value, str) else row[column.name]
                assert same == ("" if value is None else str(value).removeprefix("'")), (dataset.name, column.name)
        nothing_leaks(json.dumps(said, ensure_ascii=False), dataset.name)


def test_a_withdrawn_lead_is_named_as_on_the_page_and_leads_nowhere(client: StrictClient):
    lead = OrganisationFactory(name="Former lead", published=True)
    PartnershipFactory(lead=lead, published=True)
    workflow.withdraw(lead, by=somebody_who_publishes(), reason="It was moved.")
    [record] = json.loads(text_of(client.get("/partnerships.json")))["records"]
    assert (record["lead"], record["lead_id"]) == ("Former lead", None)


def test_a_preview_has_no_other_form(client: StrictClient, admin_client: StrictClient):
    partnership = PartnershipFactory(name="Not yet")
    assert Partnership.objects.published().count() == 0
    address = f"/admin/partnerships/partnership/{partnership.pk}/preview/"
    for accepted in ["text/html", "application/json"]:
        page = admin_client.get(address, HTTP_ACCEPT=accepted)
        assert page.status_code == 200
        assert page["Content-Type"].startswith("text/html")
        assert "Link" not in page
        assert 'rel="alternate"' not in page.content.decode()


def test_the_pages_of_data_say_what_there_is(client: StrictClient):
    portal = hidden_things()
    SiteFactory(published=True)
    SourceFactory(published=True)
    ProgrammeFactory(published=True)
    page = client.get("/data/")
    assert "No files with everything have been made yet." in page.content.decode()
    nothing_leaks(page.content, "/data/")
    for dataset in DATASETS:
        assert f'href="/data/{dataset.name}/"' in page.content.decode()
        assert f'href="{dataset.path}.csv"' in page.content.decode()
        dictionary = client.get(f"/data/{dataset.name}/").content.decode()
        for column in dataset.columns:
            assert f">{column.name}<" in dictionary
        assert LICENCE in dictionary
    counts = {entry.dataset.name: entry for entry in page.context["entries"]}
    assert counts["agreements"].count == 1
    assert counts["agreements"].changed_at == portal.partnership.modified_at
    assert client.get("/data/nothing/").status_code == 404
    home = client.get("/").content.decode()
    assert '<a class="nhsuk-footer__list-item-link" href="/data/">Data</a>' in home
    assert "/data/memberships/</loc>" in client.get("/sitemap.xml").content.decode()
