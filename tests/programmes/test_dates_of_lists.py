"""What was there at a time: dates are taken as far as they are known, and rule out no more than they say."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import Organisation, Partnership, Source
from programmes.finders import partners_during
from programmes.models import OutcomeMetric, Programme
from tests.factories import (
    MembershipFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PartnershipFactory,
    PlaceFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
)
from tests.strict_client import StrictClient
from trustportal.partial_date import PartialDate, Span

pytestmark = pytest.mark.django_db


def span(first: str, last: str | None = None) -> Span:
    """From one date to another, in the words of the tests."""
    return Span(*(PartialDate.parse(text) if text else None for text in (first, first if last is None else last)))


def names(records: object) -> set[str]:
    return set(records.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("started", "ended", "asked", "is_in"),
    [
        ("2016", None, "2016", True),
        ("2016", None, "2015", False),
        ("2016", None, "2015-12-31", False),
        ("2016", None, "2016-01-01", True),  # it may have begun on that day
        ("2016-06", None, "2016-05", False),
        ("2016-06", None, "2016-06-15", True),
        ("2016-06-16", None, "2016-06-15", False),
        ("2010", "2016", "2016-12-31", True),  # it may have ended on that day
        ("2010", "2016", "2017", False),
        ("2010", "2016-06", "2016-07", False),
        ("2010", "2016-06", "2016-06-30", True),
        ("2010", "2016-06-29", "2016-06-30", False),
        (None, "2016", "2015", True),
        (None, None, "2015", True),
        (None, "2014", "2015", False),
    ],
)
def test_only_dates_that_rule_it_out_leave_a_record_out(started, ended, asked, is_in) -> None:
    PartnershipFactory(name="It", started_on=started, ended_on=ended, published=True)
    assert (names(Partnership.objects.published().overlapping(span(asked))) == {"It"}) is is_in


PARTIAL = st.none() | st.builds(
    lambda day, length: PartialDate.parse(day.isoformat()[:length]),
    st.dates(datetime.date(2014, 1, 1), datetime.date(2018, 12, 31)),
    st.sampled_from([4, 7, 10]),
)


@given(started=PARTIAL, ended=PARTIAL, first=PARTIAL, last=PARTIAL)
def test_it_is_as_comparing_the_days_says(started, ended, first, last) -> None:
    if started and ended and ended.latest < started.earliest:
        started, ended = ended, started
    Partnership.objects.all().delete()
    PartnershipFactory(started_on=started, ended_on=ended, published=True)
    found = Partnership.objects.overlapping(Span(first, last)).exists()
    began_after = started and last and started.earliest > last.latest
    ended_before = ended and first and ended.latest < first.earliest
    assert found is not bool(began_after or ended_before)


def test_a_span_without_a_beginning_or_an_end_is_open_there() -> None:
    PartnershipFactory(name="Old", started_on="2010", ended_on="2012", published=True)
    PartnershipFactory(name="New", started_on="2018", published=True)
    records = Partnership.objects.published()
    assert names(records.overlapping(span("2015", ""))) == {"New"}
    assert names(records.overlapping(span("", "2015"))) == {"Old"}


def test_what_is_planned_has_not_run_in_the_past() -> None:
    ProgrammeFactory(name="Plan", stage="planned", started_on=None, published=True)
    ProgrammeFactory(name="Work", stage="not-stated", started_on=None, published=True)
    on = datetime.date(2026, 3, 2)
    assert names(Programme.objects.published().running_during(span("2018"), on)) == {"Work"}
    assert names(Programme.objects.published().running_during(span("2030"), on)) == {"Plan", "Work"}


def partners_on(day: str) -> set[str]:
    return names(partners_during(Organisation.objects.published(), span(day)))


def test_partners_on_a_day_are_those_with_a_part_in_a_partnership_then() -> None:
    lead = OrganisationFactory(name="Lead", published=True)
    partnership = PartnershipFactory(lead=lead, started_on="2016", ended_on="2019", published=True)
    for name, started, ended in [("Whole", None, None), ("Late", "2018-05", None), ("Early", None, "2017")]:
        member = OrganisationFactory(name=name, published=True)
        MembershipFactory(partnership=partnership, organisation=member, started_on=started, ended_on=ended)
    OrganisationFactory(name="Bystander", published=True)
    MembershipFactory(organisation=OrganisationFactory(name="Of a draft", published=True))

    assert partners_on("2018-04-01") == {"Lead", "Whole"}
    assert partners_on("2018-06-01") == {"Lead", "Whole", "Late"}
    assert partners_on("2017-01-01") == {"Lead", "Whole", "Early"}
    assert partners_on("2020-01-01") == set()


def test_partners_on_a_day_are_also_those_with_a_part_in_a_programme_then() -> None:
    buddying = ProgrammeFactory(buddying=True, started_on="2018", ended_on="2019", published=True)
    network = ProgrammeFactory(local_care_network=True, started_on="2018", ended_on="2019", published=True)
    both = [buddying, network]
    for programme in both:
        partner = OrganisationFactory(name=f"Partner {programme.pk}", published=True)
        ParticipationFactory(programme=programme, organisation=partner)
    ParticipationFactory(organisation=OrganisationFactory(name="Of a draft", published=True))
    arrangement = buddying.buddying_arrangement
    expected = {programme.lead.name for programme in both} | {f"Partner {programme.pk}" for programme in both}
    expected |= {arrangement.supporting.name, arrangement.supported.name}
    expected |= {member.organisation.name for member in network.board_members.all()}

    assert partners_on("2018-04-01") == expected
    assert partners_on("2017-04-01") == set()


def test_a_closed_organisation_was_a_partner_until_it_closed() -> None:
    closed = OrganisationFactory(name="Group", closed=True, published=True)  # June 2022
    PartnershipFactory(lead=closed, started_on="2016", published=True)
    assert "Group" in partners_on("2022-06-30")
    assert "Group" not in partners_on("2022-07-01")


def test_outcomes_are_found_by_the_time_of_their_approved_figures() -> None:
    for name, year, approved in [("Then", "2016", True), ("Later", "2018", True), ("Waiting", "2016", False)]:
        metric = OutcomeMetricFactory(name=name, published=True)
        unapproved = {} if approved else {"approved_at": None, "approved_by": None}
        ObservationFactory(metric=metric, period_start=year, period_end=year, **unapproved)
    OutcomeMetricFactory(name="Without figures", published=True)
    assert names(OutcomeMetric.objects.published().counted_during(span("2016-04"))) == {"Then"}


def test_sources_are_found_by_when_they_came_out() -> None:
    for name, on in [("A", "2016"), ("B", "2016-05"), ("C", None), ("D", "2017")]:
        SourceFactory(name=name, published_on=on, published=True)
    assert names(Source.objects.published().published_during(span("2016-04"))) == {"A", "C"}


def test_sites_are_found_by_when_programmes_may_have_run_there(client: StrictClient) -> None:
    programme = ProgrammeFactory(
        satellite_site=True,
        its_places=None,
        facts__host_site__name="The host",
        started_on="2016",
        ended_on="2018",
        published=True,
    )
    draft = ProgrammeFactory(satellite_site=True, its_places=None, started_on="2016", ended_on="2018")
    for name, of, opened in [
        ("From the start", programme, None),
        ("Opened later", programme, "2017-06"),
        ("Of a draft", draft, None),
    ]:
        PlaceFactory(programme=of, site=SiteFactory(name=name, published=True), opened_on=opened)
    SiteFactory(name="Nothing there", published=True)

    def shown(query: str) -> set[str]:
        return {row.name for row in client.get(f"/sites/?{query}").context["object_list"]}

    assert shown("as-at=2016-07-01") == {"The host", "From the start"}
    assert shown("active=2017") == shown("active-from=2018") == {"The host", "From the start", "Opened later"}
    assert shown("active=2019") == set()
    assert len(client.get("/api/v1/sites?as-at=2016-07-01").json()["records"]) == 2


def test_a_list_says_of_which_records_no_date_is_known(client: StrictClient) -> None:
    ProgrammeFactory(started_on=None, published=True)
    PartnershipFactory(started_on=None, published=True)
    for path in ["/programmes/", "/partnerships/"]:
        assert "Dates not known" not in client.get(path).content.decode()
        assert "Dates not known" in client.get(f"{path}?as-at=2018-04-01").content.decode()


def test_two_times_are_both_asked(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    ProgrammeFactory(name="Long", started_on="2014", ended_on="2019", lead=lead, published=True)
    ProgrammeFactory(name="Short", started_on="2018", ended_on="2019", lead=lead, published=True)
    response = client.get("/programmes/?active=2015&as-at=2018-04-01")
    assert [row.name for row in response.context["object_list"]] == ["Long"]
    assert [chip.words for chip in response.context["chips"]] == ["in 2015", "on 1 April 2018"]
