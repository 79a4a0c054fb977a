"""The addresses that stay, and how pages are cited."""

import json
from uuid import uuid4

import bibtexparser
import pytest
import rispy
from bibtexparser.bparser import BibTexParser

from tests.factories import (
    AimFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    PartnershipFactory,
    PortalFactory,
    PriorityFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
    StrategyFactory,
)
from tests.strict_client import StrictClient
from trustportal.opendata.citing import FORMS
from trustportal.publishing import workflow

pytestmark = pytest.mark.django_db

FACTORIES = [
    AimFactory, OrganisationFactory, OutcomeMetricFactory, PartnershipFactory, PriorityFactory, ProgrammeFactory,
    SiteFactory, SourceFactory, StrategyFactory,
]  # fmt: skip


def test_the_identifier_of_every_kind_of_record_leads_to_its_page(client: StrictClient) -> None:
    for factory in FACTORIES:
        record = factory(published=True)
        response = client.get(f"/id/{record.uuid}")
        assert (response.status_code, response["Location"]) == (303, record.get_absolute_url())
        assert response["Access-Control-Allow-Origin"] == "*"
        if factory is PriorityFactory:  # it stands on the page of its strategy
            continue
        page = client.get(record.get_absolute_url()).content.decode()
        assert f'<link rel="cite-as" href="http://127.0.0.1:8000/id/{record.uuid}">' in page
        assert "Cite this page" in page
        for ending in FORMS:
            assert f'href="/id/{record.uuid}.{ending}"' in page


def test_an_identifier_stays_when_the_address_changes(client: StrictClient, superuser) -> None:
    programme = ProgrammeFactory(name="Old", slug="old", published=True)
    copy = workflow.start_change(programme, by=superuser)
    copy.name, copy.slug, copy.is_small_correction = "New", "new", True
    copy.save()
    assert client.get(f"/id/{copy.uuid}").status_code == 404  # that of a working copy is nobody's business
    workflow.publish(copy, by=superuser)

    assert client.get(f"/id/{programme.uuid}")["Location"] == "/programmes/new/"
    [thing] = json.loads(client.get(f"/id/{programme.uuid}.csl.json").content)
    assert (thing["title"], thing["URL"]) == ("New", f"http://127.0.0.1:8000/id/{programme.uuid}")


def test_what_is_no_longer_or_not_yet_public_has_no_page_and_no_citation(client: StrictClient) -> None:
    gone = ProgrammeFactory(withdrawn=True)
    hidden = [ProgrammeFactory(lead=gone.lead), ProgrammeFactory(lead=gone.lead, in_review=True)]
    for ending in ["", *(f".{ending}" for ending in FORMS)]:
        response = client.get(f"/id/{gone.uuid}{ending}")
        assert response.status_code == 410
        assert gone.withdrawal_reason in response.content.decode()
        for record in hidden:
            response = client.get(f"/id/{record.uuid}{ending}")
            assert response.status_code == 404
            assert record.name not in response.content.decode()
        assert client.get(f"/id/{uuid4()}{ending}").status_code == 404
    for nonsense in ["/id/", "/id/1", "/id/nothing", f"/id/{uuid4()}.txt", f"/id/{uuid4()}/"]:
        assert client.get(nonsense).status_code == 404


def test_a_former_address_leads_to_the_present_one_with_its_ending(client: StrictClient, superuser) -> None:
    metric = OutcomeMetricFactory(slug="old", published=True)
    copy = workflow.start_change(metric, by=superuser)
    copy.slug, copy.is_small_correction = "new", True
    copy.save()
    workflow.publish(copy, by=superuser)
    for ending in ["/", ".csv", ".svg", ".png", ".atom", "/embed/"]:
        response = client.get(f"/outcomes/old{ending}")
        assert (response.status_code, response["Location"]) == (301, f"/outcomes/new{ending}"), ending


def test_a_page_is_cited_by_whoever_leads_what_it_is_about_otherwise_by_the_host(client: StrictClient) -> None:
    PortalFactory(name="Our portal", host=OrganisationFactory(name="The host", published=True))
    lead = OrganisationFactory(name="The lead", published=True)
    strategy = StrategyFactory(lead=lead, published=True)
    priority = PriorityFactory(strategy=strategy, published=True)
    by_lead = [
        ProgrammeFactory(lead=lead, published=True),
        PartnershipFactory(lead=lead, published=True),
        OutcomeMetricFactory(lead=lead, published=True),
        strategy,
        priority,
        AimFactory(priority=priority, published=True),
    ]
    by_host = [lead, SiteFactory(organisation=lead, published=True), SourceFactory(publisher=lead, published=True)]
    for publisher, records in [("The lead", by_lead), ("The host", by_host)]:
        for record in records:
            [thing] = json.loads(client.get(f"/id/{record.uuid}.csl.json").content)
            assert (thing["publisher"], thing["container-title"]) == (publisher, "Our portal"), record


def test_nothing_of_a_draft_is_named_as_publisher(client: StrictClient) -> None:
    PortalFactory(name="Our portal", host=OrganisationFactory(name="Hushhush host"))
    site = SiteFactory(organisation=OrganisationFactory(name="Hushhush"), published=True)
    for address in [site.get_absolute_url(), *(f"/id/{site.uuid}.{ending}" for ending in FORMS)]:
        assert "Hushhush" not in client.get(address).content.decode()


def test_reference_managers_read_the_files(client: StrictClient) -> None:
    lead = OrganisationFactory(name="Guy's & St Thomas’ 100%", published=True)
    record = ProgrammeFactory(name="Zoë's {centre} #1", slug="centre", lead=lead, published=True)
    answers = {ending: client.get(f"/id/{record.uuid}.{ending}") for ending in FORMS}
    for ending, answer in answers.items():
        assert answer.status_code == 200
        assert answer["Content-Type"] == FORMS[ending].content_type
        assert answer["Content-Disposition"] == f'attachment; filename="centre.{ending}"'
        again = client.get(f"/id/{record.uuid}.{ending}", headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 304
    parser = BibTexParser(common_strings=True)
    [bib] = bibtexparser.loads(answers["bib"].content.decode(), parser=parser).entries
    [ris] = rispy.loads(answers["ris"].content.decode())
    [csl] = json.loads(answers["csl.json"].content)
    address = f"http://127.0.0.1:8000/id/{record.uuid}"
    assert bib["url"] == csl["URL"] == address
    assert ris["urls"] == [address]
    assert ris["title"] == csl["title"] == record.name
    assert ris["authors"] == [lead.name]
    assert bib["author"] == r"{Guy's \& St Thomas' 100\%}"


def test_a_preview_has_neither_citation_nor_feed(client: StrictClient, superuser, admin_client) -> None:
    draft = ProgrammeFactory(published=True)
    copy = workflow.start_change(draft, by=superuser)
    text = admin_client.get(f"/admin/programmes/programme/{copy.pk}/preview/").content.decode()
    assert "maincontent" in text
    assert "cite-as" not in text
    assert "Cite this page" not in text


def test_an_identifier_takes_few_questions(client: StrictClient, django_assert_max_num_queries) -> None:
    programme = ProgrammeFactory(published=True)
    with django_assert_max_num_queries(2):
        client.get(f"/id/{programme.uuid}")
    with django_assert_max_num_queries(4):
        client.get(f"/id/{programme.uuid}.bib")


def test_a_dataset_is_cited_by_its_dictionary(client):
    PartnershipFactory(published=True)
    page = client.get("/data/partnerships/").content.decode()
    assert "Cite this dataset" in page
    assert "Partnerships [data set]" in page
    for ending in FORMS:
        answer = client.get(f"/data/partnerships/cite.{ending}")
        assert answer.status_code == 200
        assert "/data/partnerships/" in answer.content.decode()
    assert client.get("/data/areas/cite.bib").status_code == 404  # nobody notes when an area changed
    assert "Cite this dataset" not in client.get("/data/areas/").content.decode()
    assert client.get("/data/nothing/cite.bib").status_code == 404
