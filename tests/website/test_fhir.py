"""What readers of FHIR are answered: what they find, how far they get, and what they are refused."""

import datetime
from unittest.mock import Mock
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.models import Organisation, Partnership, Role, Site
from programmes.models import Programme
from tests import made_up
from tests.factories import (
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    OrganisationIdentifierFactory,
    OrganisationNameFactory,
    ParticipationFactory,
    PartnershipFactory,
    PlaceFactory,
    ProgrammeFactory,
    SiteFactory,
    UserFactory,
)
from tests.fhir import BASE, KINDS, ODS_CODE, UK_CORE, ask, faults_in_python, found, ids, link, names, own_faults
from trustportal.opendata.fhir.search import LONGEST, MOST, MOST_TEXTS, MOST_VALUES
from trustportal.publishing import workflow

pytestmark = pytest.mark.django_db
MARCH = datetime.datetime(2026, 3, 2, 12, 0, 0, 123_456, tzinfo=datetime.UTC)
NOBODY = "00000000-0000-4000-8000-000000000000"


def issue(answer: dict) -> tuple[str, str]:
    """The code and the words of an outcome."""
    assert answer["resourceType"] == "OperationOutcome"
    [said] = answer["issue"]
    return said["code"], said["diagnostics"]


# What resources say


def test_an_organization_says_what_is_known_and_nothing_empty():
    parent = OrganisationFactory(published=True, name="A wider trust")
    trust = OrganisationFactory(
        name="A trust", short_name="AT", parent=parent, website="https://trust.example/", closed=True, succession=None
    )
    OrganisationIdentifierFactory(organisation=trust, value="RJ1")
    for scheme, value in [("charity", "SC012345"), ("charity", "1160316"), ("charity", "NIC100280")]:
        OrganisationIdentifierFactory(organisation=trust, scheme=scheme, value=value)
    OrganisationNameFactory(organisation=trust, name="The old name")
    workflow.publish(trust, by=UserFactory(superuser=True), at=MARCH)

    said = ask(f"/fhir/Organization/{trust.uuid}")

    assert said["identifier"] == [
        {"system": ODS_CODE, "value": "RJ1"},
        {"system": "http://org-id.guide/list/GB-SC", "value": "SC012345"},
        {"system": "http://org-id.guide/list/GB-CHC", "value": "1160316"},
        {"system": "http://org-id.guide/list/GB-NIC", "value": "NIC100280"},
    ]
    assert said["alias"] == ["AT", "The old name"]
    assert said["active"] is False
    assert said["extension"][0]["valuePeriod"] == {"end": "2022-06"}
    assert said["partOf"] == {"reference": f"Organization/{parent.uuid}", "display": "A wider trust"}
    assert said["meta"]["lastUpdated"] == "2026-03-02T12:00:00.123Z"
    assert said["meta"]["source"].endswith(trust.get_absolute_url())
    assert said["telecom"] == [{"system": "url", "value": "https://trust.example/"}]
    assert list(own_faults(said)) == faults_in_python([said]) == []


def test_an_organization_with_two_nhs_codes_says_both_and_claims_no_profile():
    trust = OrganisationFactory(published=True)
    OrganisationIdentifierFactory(organisation=trust, value="RJ1")
    assert ask(f"/fhir/Organization/{trust.uuid}")["meta"]["profile"] == [f"{UK_CORE}Organization"]
    OrganisationIdentifierFactory(organisation=trust, value="RJ7")

    said = ask(f"/fhir/Organization/{trust.uuid}")

    assert [code["value"] for code in said["identifier"]] == ["RJ1", "RJ7"]
    assert "profile" not in said["meta"]


def test_a_location_says_where_it_is_and_how_well_that_is_known():
    near = SiteFactory(published=True, area=AreaFactory(name="Southwark"), is_approximate=True)
    unknown = SiteFactory(published=True, latitude=None, longitude=None, address="", postcode="", area=None)

    said, less = (ask(f"/fhir/Location/{site.uuid}") for site in (near, unknown))

    assert said["position"] == {"longitude": -0.087, "latitude": 51.5033}
    assert said["address"] == {
        "text": "Great Maze Pond, London, SE1 9RT",
        "district": "Southwark",
        "postalCode": "SE1 9RT",
    }
    assert "approximate" in said["description"]
    assert not {"position", "address"} & set(less)
    assert "approximate" not in less["description"]


def test_an_affiliation_says_role_dates_and_services_and_the_lead_has_one_too():
    partnership = PartnershipFactory(published=True)
    member = MembershipFactory(
        partnership=partnership, organisation__published=True, role=Role.FUNDER, started_on="2017-05", ended_on="2019"
    )
    network = ProgrammeFactory(local_care_network=True, published=True, partnership=partnership, lead=partnership.lead)
    ParticipationFactory(programme=network, organisation=member.organisation)
    ProgrammeFactory(published=True, partnership=partnership, lead=partnership.lead)  # research: nobody's to use

    [said] = found(f"/fhir/OrganizationAffiliation?participating-organization={member.organisation.uuid}")
    lead = ask(f"/fhir/OrganizationAffiliation/{partnership.uuid}")

    assert said["id"] == str(member.uuid)
    assert said["organization"]["reference"] == f"Organization/{partnership.uuid}"
    assert said["participatingOrganization"]["reference"] == f"Organization/{member.organisation.uuid}"
    assert said["code"] == [{"text": "Funder"}]
    assert said["period"] == {"start": "2017-05", "end": "2019"}
    assert said["active"] is False
    services = [{"reference": f"HealthcareService/{network.uuid}", "display": network.name}]
    assert said["healthcareService"] == lead["healthcareService"] == services
    assert (lead["code"], lead["active"]) == ([{"text": "Lead"}], True)
    assert "period" not in lead
    assert ids(f"/fhir/OrganizationAffiliation?primary-organization=Organization/{partnership.uuid}") == {
        str(partnership.uuid),
        str(member.uuid),
    }
    assert ids("/fhir/OrganizationAffiliation?active=false") == {str(member.uuid)}


def test_a_service_says_who_provides_it_what_it_is_and_where():
    site = ProgrammeFactory(satellite_site=True, published=True)

    said = ask(f"/fhir/HealthcareService/{site.uuid}")

    places = [place.site for place in site.places.order_by("pk")] + [site.satellite_site.host_site]
    assert [place["reference"] for place in said["location"]] == [f"Location/{place.uuid}" for place in places]
    assert said["providedBy"]["reference"] == f"Organization/{site.lead.uuid}"
    assert said["category"] == [{"text": "Satellite site"}]
    assert {offer["text"] for offer in said["type"]} == {
        service.name for place in site.places.all() for service in place.services.all()
    }
    assert said["active"] is True
    for place in places:
        assert ids(f"/fhir/HealthcareService?location=Location/{place.uuid}") == {str(site.uuid)}


def test_active_is_searched_as_it_is_said():
    for number, (stage, dates) in enumerate(
        [
            ("running", {}),
            ("running", {"started_on": "2999"}),
            ("running", {"ended_on": "2001"}),
            ("finished", {}),
            ("running", {"started_on": "2001-05-03", "ended_on": "2999-01"}),
        ]
    ):
        programme = {"started_on": None, "name": f"Network {number}"} | dates
        ProgrammeFactory(local_care_network=True, published=True, stage=stage, **programme)
    PartnershipFactory(published=True, ended_on="2019")
    PartnershipFactory(published=True, ended_on="2999")
    OrganisationFactory(published=True, closed=True)
    MembershipFactory(partnership=PartnershipFactory(published=True), organisation__published=True, ended_on="2018")

    for kind in ["HealthcareService", "Organization", "OrganizationAffiliation"]:
        said = {resource["id"]: resource["active"] for resource in found(f"/fhir/{kind}")}
        assert set(said.values()) == {True, False}, kind
        for word, truth in [("true", True), ("false", False)]:
            assert ids(f"/fhir/{kind}?active={word}") == {key for key, active in said.items() if active is truth}, kind


# Searching


def test_names_are_found_by_their_beginning_by_a_part_and_as_a_whole():
    trust = OrganisationFactory(published=True, name="King's College Hospital", short_name="KCH")
    OrganisationNameFactory(organisation=trust, name="Camberwell, 50% _Infirmary_")
    PartnershipFactory(published=True, name="King's Health Partners", lead=trust)
    SiteFactory(published=True, name="King's (Denmark Hill)", postcode="SE5 9RS")

    def search(**asked: str) -> set[str]:
        return names(f"/fhir/Organization?{urlencode(asked)}")

    assert search(name="king's") == {"King's College Hospital", "King's Health Partners"}
    assert search(name="college") == search(name="50%") == search(name="Kin_") == set()
    assert search(**{"name:contains": "COLLEGE"}) == search(name="kch") == search(name="camber") == {trust.name}
    assert search(name="camberwell\\, 50% _") == search(**{"name:contains": "50% _inf"}) == {trust.name}
    assert search(**{"name:exact": "King's College Hospital"}) == search(**{"name:exact": "KCH"}) == {trust.name}
    assert search(**{"name:exact": "king's college hospital"}) == search(**{"name:exact": "King's"}) == set()
    assert search(name="nobody,king's h") == {"King's Health Partners"}
    assert names("/fhir/Location?name=king&address-postalcode=se5") == {"King's (Denmark Hill)"}
    assert names("/fhir/Location?address-postalcode:exact=SE5") == names("/fhir/Location?status=inactive") == set()
    assert names(f"/fhir/Location?status=active&organization={Site.objects.get().organisation.uuid}")


def test_identifiers_are_found_with_and_without_their_list():
    trust, charity = (OrganisationFactory(published=True, name=name) for name in ("A trust", "A charity"))
    OrganisationIdentifierFactory(organisation=trust, value="RJ1")
    OrganisationIdentifierFactory(organisation=charity, scheme="charity", value="SC012345")
    PartnershipFactory(published=True, lead=trust)

    def search(code: str) -> set[str]:
        return names(f"/fhir/Organization?{urlencode({'identifier': code})}")

    assert search(f"{ODS_CODE}|RJ1") == search("RJ1") == search("rj1") == search(f"{ODS_CODE}|") == {"A trust"}
    assert search(f"{ODS_CODE}|RJ2,SC012345") == search("http://org-id.guide/list/GB-SC|") == {"A charity"}
    assert search("http://org-id.guide/list/GB-SC|SC012345") == {"A charity"}
    assert search("|RJ1") == search(f"{ODS_CODE}|SC012345") == search("http://org-id.guide/list/GB-CHC|") == set()
    assert search("http://elsewhere.example|RJ1") == search("|") == search("RJ") == set()


def test_what_changed_since_is_found_by_the_very_time_that_a_resource_says():
    old, new = (
        OrganisationFactory(published=True, published_at=MARCH + datetime.timedelta(days=days), name=name)
        for days, name in [(0, "Old"), (5, "New")]
    )
    said = ask(f"/fhir/Organization/{old.uuid}")["meta"]["lastUpdated"]

    def search(asked: str) -> set[str]:
        return names(f"/fhir/Organization?_lastUpdated={asked}")

    assert search(f"ge{said}") == search("2026-03") == search("gt2026-03-01") == {"Old", "New"}
    assert search(f"gt{said}") == search(f"sa{said}") == search("ne2026-03-02") == {"New"}
    assert search(said) == search(f"le{said}") == search("lt2026-03-07") == search("2026-03-02") == {"Old"}
    assert search(f"lt{said}") == search("eb2026-03-02") == search("gt2026") == set()
    assert names("/fhir/Organization?_lastUpdated=gt2026-03-02&_lastUpdated=lt2026-03-08") == {"New"}

    partnership = PartnershipFactory(published=True, published_at=MARCH, lead=old)
    member = MembershipFactory(partnership=partnership, organisation=new)
    tie = f"/fhir/OrganizationAffiliation?_id={member.uuid},{partnership.uuid}&_lastUpdated="
    assert ids(f"{tie}ge2026-03-07") == {str(member.uuid)}  # it is as new as the newer of both
    assert ids(f"{tie}lt2026-03-07") == {str(partnership.uuid)}


def test_ids_and_references_are_found_in_each_form():
    parent = OrganisationFactory(published=True, name="Whole")
    part = OrganisationFactory(published=True, name="Part", parent=parent)

    assert names(f"/fhir/Organization?_id={part.uuid},{NOBODY},no-id,{parent.uuid}") == {"Whole", "Part"}
    assert names(f"/fhir/Organization?_id={part.uuid}&_id={parent.uuid}") == set()
    for form in [f"{parent.uuid}", f"Organization/{parent.uuid}", f"{BASE}/Organization/{parent.uuid}"]:
        assert names(f"/fhir/Organization?partof={form}") == {"Part"}
    assert names(f"/fhir/Organization?partof=Location/{parent.uuid}") == set()


def test_a_page_says_what_was_used_and_goes_on_to_all():
    for number in range(5):
        OrganisationFactory(published=True, name=f"Trust number {number}")

    first = ask("/fhir/Organization?name=trust&unheard=of&_count=2&_sort=name&active=&_format=json")
    second = ask(link(first, "next"))

    assert link(first, "self") == f"{BASE}/Organization?name=trust&_count=2"
    assert (first["total"], second["total"], len(second["entry"])) == (5, 5, 2)
    assert ask(link(second, "previous"))["entry"] == ask(link(second, "first"))["entry"] == first["entry"]
    assert link(first, "previous") == ""
    assert "total" not in ask("/fhir/Organization?_total=none")
    for address in ["/fhir/Organization?_summary=count", "/fhir/Organization?_count=0"]:
        counted = ask(address)
        assert counted["total"] == 5
        assert "entry" not in counted
    assert f"_count={MOST}" in link(ask("/fhir/Organization?_count=999999"), "self")
    empty = ask("/fhir/Organization?name=nobody")
    assert empty["total"] == 0
    assert "entry" not in empty


# Reading one


def test_who_has_a_resource_is_told_that_it_is_the_same():
    trust = OrganisationFactory(published=True, name="Before")
    address = f"/fhir/Organization/{trust.uuid}"
    answer = Client().get(address)
    tag = answer["ETag"]

    assert tag == f'W/"{answer.json()["meta"]["versionId"]}"'
    for known in [tag, f'"other", {tag}', "*"]:
        same = Client().get(address, headers={"If-None-Match": known})
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", tag)
        assert same["Access-Control-Allow-Origin"] == "*"
    assert Client().get(address, headers={"If-None-Match": 'W/"other"'}).status_code == 200
    assert Client().head(address)["ETag"] == tag

    change = workflow.start_change(trust, by=UserFactory(superuser=True))
    change.name = change.change_note = "After"
    change.save()
    assert Client().get(address)["ETag"] == tag
    workflow.publish(change, by=UserFactory(superuser=True))
    after = Client().get(address, headers={"If-None-Match": tag})
    assert (after.status_code, after.json()["name"]) == (200, "After")


def test_the_version_changes_with_what_is_named():
    part = OrganisationFactory(published=True, parent=OrganisationFactory(published=True))
    before = ask(f"/fhir/Organization/{part.uuid}")
    workflow.withdraw(part.parent, by=UserFactory(superuser=True), reason="It was wrong.")

    after = ask(f"/fhir/Organization/{part.uuid}")

    assert "partOf" not in after
    assert after["meta"]["versionId"] != before["meta"]["versionId"]


def test_what_was_withdrawn_is_gone_and_says_why():
    somebody = UserFactory(superuser=True)
    member = MembershipFactory(partnership=PartnershipFactory(published=True), organisation__published=True)
    gone = OrganisationFactory(withdrawn=True)
    workflow.withdraw(member.organisation, by=somebody, reason="It was wrong.")

    code, words = issue(ask(f"/fhir/Organization/{gone.uuid}", 410))
    assert (code, words) == ("deleted", "It was withdrawn: It was moved.")
    assert issue(ask(f"/fhir/OrganizationAffiliation/{member.uuid}", 410))[0] == "deleted"
    assert issue(ask(f"/fhir/Location/{SiteFactory(withdrawn=True).uuid}", 410))[0] == "deleted"
    network = ProgrammeFactory(local_care_network=True, withdrawn=True)
    assert issue(ask(f"/fhir/HealthcareService/{network.uuid}", 410))[0] == "deleted"


# What is refused


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("", 404, "not-found"),
        ("/", 404, "not-found"),
        ("/Patient", 404, "not-found"),
        ("/Organization/", 404, "not-found"),
        (f"/Organization/{NOBODY}", 404, "not-found"),
        (f"/Organization/{NOBODY.replace('-', '')}", 404, "not-found"),
        ("/Organization/_search", 404, "not-found"),
        ("/Organization?_count=-1", 400, "value"),
        ("/Organization?_count=many", 400, "value"),
        ("/Organization?_count=99999999999999999999", 400, "value"),
        ("/Organization?active=perhaps", 400, "value"),
        ("/Organization?_lastUpdated=yesterday", 400, "value"),
        ("/Organization?_after=1", 400, "value"),
        (f"/Organization?_after={NOBODY}&_before={NOBODY}", 400, "invalid"),
        ("/Organization?name:soundex=x", 400, "not-supported"),
        ("/Organization?partof:missing=true", 400, "not-supported"),
        ("/Organization?identifier=" + ",".join("x" * (MOST_VALUES + 1)), 400, "too-costly"),
        ("/Organization?name=" + ",".join("x" * (MOST_TEXTS + 1)), 400, "too-costly"),
        (f"/Organization?name={'x' * LONGEST}", 400, "too-long"),
        ("/Organization?name=%00", 400, "invalid"),
        ("/Organization?" + "&" * 2100, 400, "invalid"),
        ("/Organization?_format=xml", 406, "not-supported"),
        ("/metadata?_format=application/fhir%2Bxml", 406, "not-supported"),
    ],
)
def test_what_makes_no_sense_is_refused_in_fhir_s_words(address, status, code):
    said = ask(f"/fhir{address}", status)

    assert issue(said)[0] == code
    assert faults_in_python([said]) == []


def test_strictness_refuses_what_is_otherwise_left_out():
    for asked in ["unheard=of", "_sort=name", "_summary=text", "organization.name=x"]:
        ask(f"/fhir/Location?{asked}")
        for strict in ["handling=strict", "return=minimal; handling=strict", "respond-async, handling=strict"]:
            assert issue(ask(f"/fhir/Location?{asked}", 400, Prefer=strict))[0] == "not-supported"
    ask("/fhir/Location?name=x&_count=5&_format=json&_summary=false&_total=accurate", Prefer="handling=strict")


def test_one_format_is_written_and_nothing_can_be():
    for accept in [
        "application/fhir+xml",
        "text/html",
        "application/fhir+json; fhirVersion=5.0",
        "application/json;q=0",
    ]:
        assert issue(ask("/fhir/Location", 406, Accept=accept))[0] == "not-supported"
    for accept in ["*/*", "application/json", "application/fhir+json; fhirVersion=4.0", "text/html, */*;q=0.1"]:
        ask("/fhir/Location", Accept=accept)
    for form in ["json", "application/fhir+json", "application/fhir%2Bjson", "text/json"]:
        ask(f"/fhir/Location?_format={form}", Accept="application/fhir+xml")
    strict = Client(enforce_csrf_checks=True)
    for ask_to in [strict.post, strict.put, strict.delete, strict.patch]:
        for address in ["/fhir/Location", "/fhir/metadata", "/fhir/Location/_search", f"/fhir/Location/{NOBODY}"]:
            answer = ask_to(address)
            assert (answer.status_code, issue(answer.json())[0]) == (405, "not-supported")
            assert "GET" in answer["Allow"]
    assert Client().options("/fhir/Location", headers={"Origin": "https://elsewhere.example"}).status_code == 204


def test_faults_of_ours_are_said_in_fhir_s_words_too(monkeypatch):
    client = Client(raise_request_exception=False)
    for fault, status, code in [(OperationalError(), 503, "transient"), (ValueError(), 500, "exception")]:
        monkeypatch.setattr("trustportal.opendata.fhir.views.searchset", Mock(side_effect=fault))
        answer = client.get("/fhir/Location")
        assert (answer.status_code, issue(answer.json())[0]) == (status, code)
        assert answer["Access-Control-Allow-Origin"] == "*"


# The statement


def test_the_statement_names_exactly_what_works():
    said = ask("/fhir/metadata")
    resources = {resource["type"]: resource for resource in said["rest"][0]["resource"]}
    values = {"string": "x", "token": "true", "date": "ge2020", "reference": NOBODY}

    assert set(resources) == set(KINDS)
    for kind, resource in resources.items():
        for parameter in resource["searchParam"]:
            asked = f"{parameter['name']}={values[parameter['type']]}"
            page = ask(f"/fhir/{kind}?{asked}", Prefer="handling=strict")
            assert link(page, "self") == f"{BASE}/{kind}?{asked}&_count=50"
    assert said == ask("/fhir/metadata")  # the date is the code's, not the day's


# What stays inside


def test_nothing_leaves_that_the_public_may_not_see():
    somebody = UserFactory(superuser=True, first_name="Secretowner")
    secret = OrganisationFactory(name="Secret draft")
    OrganisationIdentifierFactory(organisation=secret, value="SECRET1")
    gone = OrganisationFactory(name="Secret withdrawn", withdrawn=True)
    site = SiteFactory(name="Secret site")
    trust = OrganisationFactory(published=True, name="A trust", owner=somebody)
    partnership = PartnershipFactory(published=True, lead=trust, name="A partnership", owner=somebody)
    for other in (secret, gone):
        MembershipFactory(partnership=partnership, organisation=other, note="Secret note")
    network = ProgrammeFactory(satellite_site=True, lead=trust, published=True)
    PlaceFactory(programme=network, site=site)
    ParticipationFactory(programme=network, organisation=secret)
    ProgrammeFactory(local_care_network=True, name="Secret programme", partnership=partnership, lead=trust)
    ProgrammeFactory(name="Secret plan", stage="planned", satellite_site=True, published=True, lead=trust)
    # What stands in published records, put there behind the workflow's back: it names none of them.
    Organisation.objects.filter(pk=trust.pk).update(parent=secret)
    Partnership.objects.filter(pk=partnership.pk).update(part_of=PartnershipFactory(name="Secret whole", lead=trust))
    network.satellite_site.host_site = site
    network.satellite_site.save()
    shown = SiteFactory(published=True, organisation=None)
    Site.objects.filter(pk=shown.pk).update(organisation=gone)
    led = ProgrammeFactory(local_care_network=True, published=True)
    Programme.objects.filter(pk=led.pk).update(lead=gone)
    change = workflow.start_change(trust, by=somebody)
    change.name = "Secret change"
    change.save()
    OrganisationIdentifierFactory(organisation=change, value="SECRET2", is_live=False)

    every = [resource for kind in KINDS for resource in found(f"/fhir/{kind}")]
    ties = found(f"/fhir/OrganizationAffiliation?primary-organization={partnership.uuid}")

    assert len(every) >= 10
    assert [resource["id"] for resource in every if "ecret" in str(resource)] == []
    assert [tie["code"][0]["text"] for tie in ties] == ["Lead"]
    for asked in [
        "Organization?name=secret",
        "Organization?identifier=SECRET1,SECRET2",
        f"Organization?_id={secret.uuid},{change.uuid}",
        f"Organization?partof={secret.uuid}",
        f"Location?organization={gone.uuid}",
        f"HealthcareService?location={site.uuid}",
        f"HealthcareService?organization={gone.uuid}",
        f"OrganizationAffiliation?participating-organization={secret.uuid},{gone.uuid}",
    ]:
        assert ids(f"/fhir/{asked}") == set(), asked
    for hidden in [f"Organization/{secret.uuid}", f"Organization/{change.uuid}", f"Location/{site.uuid}"]:
        ask(f"/fhir/{hidden}", 404)
    for membership in partnership.memberships.all():
        ask(f"/fhir/OrganizationAffiliation/{membership.uuid}", 410 if membership.organisation == gone else 404)


# However many, however odd


def test_a_page_takes_few_queries_however_much_is_on_it():
    made_up.make(60)

    for kind in KINDS:
        for count in (3, 50):
            with CaptureQueriesContext(connection) as asked:
                page = ask(f"/fhir/{kind}?_count={count}&_lastUpdated=ge2020")
            assert len(page["entry"]) >= min(count, 10)
            assert len(asked.captured_queries) <= 10, kind


NAMES = ["_id", "_lastUpdated", "_count", "_total", "_summary", "_after", "_before", "_format", "name", "name:exact",
         "name:contains", "identifier", "active", "partof", "organization", "location", "status", "address-postalcode",
         "primary-organization", "participating-organization", "_sort", "name:missing"]  # fmt: skip
VALUES = st.text(max_size=12) | st.sampled_from(
    ["true", "false", "0", "3", "100", "count", "json", "none", "ge2026", "lt2026-03-02T12:00:00Z", NOBODY, "a,b\\,c",
     f"{ODS_CODE}|RJ1", f"{ODS_CODE}|", "|x", "\\", ",", "%", "_", "'", "Trust", "Organization/x", "active"]
)  # fmt: skip


@settings(max_examples=100)
@given(
    kind=st.sampled_from(KINDS),
    asked=st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=6), VALUES), max_size=4),
    raw=st.text(st.characters(max_codepoint=255), max_size=8),  # as a server hands on what it is sent
    prefer=st.sampled_from(["", "handling=strict"]),
)
def test_whatever_is_asked_is_answered_in_fhir(kind, asked, raw, prefer):
    if not Organisation.objects.exists():
        MembershipFactory(partnership=PartnershipFactory(published=True), organisation__published=True)
    query = urlencode(asked, errors="replace") + raw

    answer = Client().get(f"/fhir/{kind}", QUERY_STRING=query, headers={"Prefer": prefer})

    assert answer.status_code in {200, 400, 406}, query
    assert answer["Content-Type"].startswith("application/fhir+json"), query
    assert answer.json()["resourceType"] == ("Bundle" if answer.status_code == 200 else "OperationOutcome"), query
    assert faults_in_python([answer.json()]) == [], query
