"""What pages say in schema.org's words: as exact as it is known, and nothing that readers are not told."""

import datetime
import json

import pytest

from partnerships.models import Organisation, OrganisationIdentifier, Role
from programmes.models import OutcomeMetric
from tests.factories import (
    AgreementFactory,
    BoardMemberFactory,
    MembershipFactory,
    ObservationFactory,
    OrganisationFactory,
    OrganisationIdentifierFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PartnershipFactory,
    PlaceFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
)
from tests.opendata.linked import Node, things_on, walk
from tests.strict_client import StrictClient
from trustportal.opendata.linked import as_block, interval
from trustportal.partial_date import PartialDate
from trustportal.publishing import workflow
from trustportal.publishing.models import SHOWN_PER_PAGE, Publishable

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
HOSTILE = "</script><script>alert(1)</script><!-- <script> & ]]> \u2028\u2029 \"quoted\" 'so' \\u003C"


def told_of(client: StrictClient, record: Publishable) -> Node:
    """What the page of a record tells of its thing."""
    address = record.get_absolute_url()
    name = f"{SITE}{address}#{record._meta.model_name}"
    [found] = [thing for thing in things_on(client.get(address).content.decode()) if thing.get("@id") == name]
    return found


def test_no_text_can_end_the_block_or_change_what_is_said(client: StrictClient) -> None:
    record = ProgrammeFactory(name=HOSTILE, slug="hostile", summary=HOSTILE, published=True)
    html = client.get(record.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert told_of(client, record)["name"] == HOSTILE
    for address in ["/programmes/", "/", f"/search/?q={record.slug}"]:
        assert "<script>alert" not in client.get(address, follow=True).content.decode()
    text = as_block({"name": HOSTILE, "more": {HOSTILE: [HOSTILE]}})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"name": HOSTILE, "more": {HOSTILE: [HOSTILE]}}


def test_members_have_their_roles_and_dates_as_far_as_they_are_known(client: StrictClient) -> None:
    partnership = PartnershipFactory(started_on="2014", ended_on="2019-03", published=True)
    member = OrganisationFactory(kind=Organisation.Kind.UNIVERSITY, published=True)
    MembershipFactory(
        partnership=partnership, organisation=member, role=Role.FOUNDER, started_on="2014-05", ended_on="2018-12-31"
    )
    MembershipFactory(partnership=partnership, organisation=partnership.lead, role=Role.MEMBER)  # said by "Lead"
    AgreementFactory(partnership=partnership, name="Memorandum", signed_on="2014-05-01", ended_on="2019")
    told = told_of(client, partnership)
    assert (told["@type"], told["foundingDate"], told["dissolutionDate"]) == ("Project", "2014", "2019-03")
    assert [(row["roleName"], row.get("startDate"), row.get("endDate")) for row in told["member"]] == [
        ("Lead", None, None),
        ("Founding member", "2014-05", "2018-12-31"),
    ]
    assert told["member"][1]["member"] == {
        "@type": "CollegeOrUniversity",
        "@id": f"{SITE}{member.get_absolute_url()}#organisation",
        "name": member.name,
    }
    [signed] = told["subjectOf"]
    assert (signed["dateCreated"], signed["expires"]) == ("2014-05-01", "2019")


def test_an_organisation_has_its_kinds_codes_and_end(client: StrictClient) -> None:
    record = OrganisationFactory(kind=Organisation.Kind.NHS_TRUST, closed=True, published=True)
    schemes = OrganisationIdentifier.Scheme
    codes = {
        (schemes.ODS, "RR8"): "https://fhir.nhs.uk/Id/ods-organization-code",
        (schemes.CHARITY, "1160316"): "https://org-id.guide/list/GB-CHC",
        (schemes.CHARITY, "SC123456"): "https://org-id.guide/list/GB-SC",
        (schemes.CHARITY, "NIC123456"): "https://org-id.guide/list/GB-NIC",
        (schemes.COMPANY, "01234567"): "https://org-id.guide/list/GB-COH",
        (schemes.ROR, "00v4dac24"): "https://ror.org",
    }
    for scheme, value in codes:
        OrganisationIdentifierFactory(organisation=record, scheme=scheme, value=value)
    told = told_of(client, record)
    assert told["@type"] == ["GovernmentOrganization", "MedicalOrganization"]
    assert told["dissolutionDate"] == str(record.closed_on)
    first, *others = told["identifier"]
    assert first == f"urn:uuid:{record.uuid}"
    assert {one["value"]: one["propertyID"] for one in others} == {value: at for (_, value), at in codes.items()}
    assert told["sameAs"] == ["https://ror.org/00v4dac24"]


def test_what_the_public_may_not_see_is_not_named(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    drafts = [OrganisationFactory(name=f"Draft {n}") for n in range(3)]
    programme = ProgrammeFactory(local_care_network=True, lead=lead, published=True)
    ParticipationFactory(programme=programme, organisation=drafts[0])
    BoardMemberFactory(programme=programme, organisation=drafts[1])
    programme.sources.add(SourceFactory(name="Draft source", publisher=lead))
    OutcomeMetricFactory(name="Draft outcome", programme=programme, lead=lead)
    Organisation.objects.filter(pk=lead.pk).update(parent=drafts[2])
    satellite = ProgrammeFactory(satellite_site=True, lead=lead, published=True)
    PlaceFactory(programme=satellite, site=SiteFactory(name="Draft site"))
    for record in [programme, satellite, lead]:
        said = things_on(client.get(record.get_absolute_url()).content.decode())
        assert "Draft" not in json.dumps(said), record


def test_what_was_withdrawn_is_named_without_an_address(client: StrictClient, publisher: object) -> None:
    partnership = PartnershipFactory(published=True)
    lead = partnership.lead
    workflow.withdraw(lead, by=publisher, reason="It closed.")
    [role] = told_of(client, partnership)["member"]
    assert role["member"] == {"@type": "GovernmentOrganization", "name": lead.name}


def test_a_small_number_is_not_said(client: StrictClient) -> None:
    metric = OutcomeMetricFactory(fewest_shown=5, unit="patients", published=True)
    ObservationFactory(metric=metric, period_start="2018", period_end="2018", value=2477)
    html = client.get(metric.get_absolute_url()).content.decode()
    [figure] = [thing for thing in things_on(html) if thing["@type"] == "Observation"]
    assert (figure["value"], figure["unitText"], figure["observationPeriod"]) == (2477, "patients", "2018")
    ObservationFactory(metric=metric, period_start="2019-04", period_end="2020-03", value=3)
    html = client.get(metric.get_absolute_url()).content.decode()
    assert [thing for thing in things_on(html) if thing["@type"] == "Observation"] == []
    assert told_of(client, metric)["temporalCoverage"] == "2018/2020-03"


def test_figures_are_a_set_of_data_with_licence_variable_and_file(client: StrictClient) -> None:
    metric = OutcomeMetricFactory(
        kind=OutcomeMetric.Kind.PERCENTAGE, numerator_label="people with a job", denominator_label="people who began",
        published=True,
    )  # fmt: skip
    ObservationFactory(metric=metric, period_start="2019", period_end="2019", value=None, numerator=29, denominator=49)
    told = told_of(client, metric)
    assert told["license"].startswith("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3")
    assert told["temporalCoverage"] == "2019"
    assert told["variableMeasured"]["measurementDenominator"]["name"] == "people who began"
    assert [file["encodingFormat"] for file in told["distribution"]] == ["text/csv", "application/json"]
    for file in told["distribution"]:
        assert client.get(file["contentUrl"].removeprefix(SITE))["Content-Type"].startswith(file["encodingFormat"])


def test_a_service_that_people_can_use_says_where(client: StrictClient) -> None:
    programme = ProgrammeFactory(satellite_site=True, published=True)
    place = PlaceFactory(
        programme=programme,
        site=SiteFactory(postcode="SE1 9RT", latitude="51.5", longitude="-0.087", is_approximate=False, published=True),
    )
    things = things_on(client.get(programme.get_absolute_url()).content.decode())
    [service] = [thing for thing in things if thing["@type"] == "Service"]
    [channel] = [one for one in service["availableChannel"] if one["serviceLocation"]["name"] == place.site.name]
    assert channel["serviceLocation"]["geo"] == {"@type": "GeoCoordinates", "latitude": 51.5, "longitude": -0.087}
    assert channel["serviceLocation"]["address"]["postalCode"] == "SE1 9RT"


def test_a_list_counts_on_from_page_to_page_and_is_bounded(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    partnerships = [PartnershipFactory(lead=lead, published=True) for _ in range(SHOWN_PER_PAGE + 2)]
    pages = [
        thing
        for query in ["", "?page=2"]
        for thing in things_on(client.get(f"/partnerships/{query}").content.decode())
        if thing["@type"] == "CollectionPage"
    ]
    rows = [page["mainEntity"]["itemListElement"] for page in pages]
    assert rows[1][0]["position"] == len(rows[0]) + 1
    assert {page["mainEntity"]["numberOfItems"] for page in pages} == {len(partnerships)}
    assert len(told_of(client, lead)["memberOf"]) <= SHOWN_PER_PAGE


def test_a_preview_says_nothing_to_machines(client: StrictClient, superuser: object) -> None:
    draft = ProgrammeFactory()
    client.force_login(superuser)
    response = client.get(f"/admin/programmes/programme/{draft.pk}/preview/")
    kinds = {thing["@type"] for thing in walk(things_on(response.content.decode())) if "@type" in thing}
    assert response.status_code == 200
    assert kinds <= {"BreadcrumbList", "ListItem"}


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, ""),
        ("2017-05", None, "2017-05/.."),
        (None, "2019", "../2019"),
        ("2019", "2019", "2019"),
        ("2017-05", "2019-03-31", "2017-05/2019-03-31"),
    ],
)
def test_a_time_is_as_exact_as_it_is_known(first: str | None, last: str | None, said: str) -> None:
    dates = [date and PartialDate.parse(date) for date in (first, last)]
    assert interval(*dates) == said


def test_dates_of_the_page_are_those_of_the_record(client: StrictClient) -> None:
    at = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    record = SourceFactory(published_at=at, published=True)
    address = record.get_absolute_url()
    [page] = [one for one in things_on(client.get(address).content.decode()) if one.get("@id") == f"{SITE}{address}"]
    assert page["datePublished"] == page["dateModified"] == "2026-03-01T12:00:00+00:00"
    assert page["mainEntity"] == {"@id": f"{SITE}{record.get_absolute_url()}#source"}
