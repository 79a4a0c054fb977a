"""The timeline: what is told and what is not, its addresses, its calendar files."""

import datetime
import io
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from programmes import figures
from programmes.models import Observation, OutcomeMetric, Programme
from tests import made_up
from tests.admin.conftest import client_of, person_in
from tests.factories import (
    AgreementFactory,
    BoardMemberFactory,
    MembershipFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PartnershipFactory,
    PlaceFactory,
    ProgrammeFactory,
    RebaseFactory,
    RemitFactory,
    SatelliteSiteFactory,
    SiteFactory,
    SourceFactory,
    StatementFactory,
    StrategyFactory,
    SuccessionFactory,
    UserFactory,
)
from trustportal.partial_date import PartialDate
from trustportal.publishing import workflow
from trustportal.website.timeline import Choice, Timeline, kinds

pytestmark = pytest.mark.django_db

MOST_QUERIES = 30
SOON = f"{timezone.localdate().year + 1}-05"


def told(choice: Choice | None = None) -> list[str]:
    """What a timeline tells, the oldest first: "2017: The centre opens"."""
    shown = Timeline(choice or Choice(), newest_first=False)
    return [f"{event.date}: {event.words}" for event in shown.paginator.page(1)]


def publish(record: object) -> object:
    """Make a draft with its parts public."""
    workflow.publish(record, by=person_in("Administrator"))
    record.refresh_from_db()
    return record


def programme_with(published: bool = True, **values: object) -> Programme:
    """A programme without a beginning of its own."""
    return ProgrammeFactory(**{"started_on": None, "published": published, **values})


# What is told


def test_partnerships_begin_and_end_and_what_they_signed_is_told() -> None:
    partnership = PartnershipFactory(name="Joined care", started_on="2015", ended_on="2020-03")
    AgreementFactory(
        partnership=partnership, name="MoU", signed_on="2015-06-01", ended_on="2019", renewal_due_on="2018"
    )
    publish(partnership)

    assert told() == [
        "2015: Joined care",
        "1 June 2015: Signed: MoU",
        "2018: Renewal due: MoU",
        "2019: End of agreement: MoU",
        "March 2020: Joined care",
    ]


def test_who_joins_and_leaves_later_is_told_and_who_came_with_the_beginning_is_not() -> None:
    partnership = PartnershipFactory(started_on="2015", ended_on="2020")
    for name, dates in [("Early", ("2015", "2020")), ("Late", ("2016-02", "2018"))]:
        MembershipFactory(
            partnership=partnership, organisation=OrganisationFactory(name=name, published=True),
            started_on=dates[0], ended_on=dates[1],
        )  # fmt: skip
    programme = ProgrammeFactory(started_on="2015", lead=partnership.lead)
    ParticipationFactory(
        programme=programme, organisation=OrganisationFactory(name="Helper", published=True), started_on="2017"
    )
    publish(partnership)
    publish(programme)

    said = " ".join(told())
    assert "February 2016: Late joined" in said
    assert "2018: Late left" in said
    assert "2017: Helper joined" in said
    assert "Early" not in said


def test_milestones_dated_achievements_and_openings_are_told() -> None:
    programme = programme_with(published=False, name="Dialysis", kind=Programme.Kind.SATELLITE_SITE)
    SatelliteSiteFactory(programme=programme, host_site=SiteFactory(published=True), opened_on="2016")
    PlaceFactory(programme=programme, site=SiteFactory(name="Sidcup", published=True), opened_on="2017-04")
    StatementFactory(programme=programme, milestone=True, happened_on="2014", name="Plans agreed")
    StatementFactory(programme=programme, achievement=True, happened_on="2018-03-05", text="It won a prize.")
    StatementFactory(programme=programme, achievement=True, text="No date.")
    StatementFactory(programme=programme, kind="lesson", happened_on="2019", text="A lesson.")
    publish(programme)

    assert told() == [
        "2014: Plans agreed",
        "2016: Opened: Dialysis",
        "April 2017: Opened: Sidcup",
        "5 March 2018: It won a prize.",
    ]


def test_an_opening_is_told_once_and_a_beginning_that_a_milestone_tells_not_again() -> None:
    programme = ProgrammeFactory(kind=Programme.Kind.SATELLITE_SITE, started_on="2017-05", name="Centre")
    SatelliteSiteFactory(programme=programme, host_site=SiteFactory(published=True), opened_on="2017-05")
    PlaceFactory(programme=programme, site=SiteFactory(name="Sidcup", published=True), opened_on="2017-05")
    StatementFactory(programme=programme, milestone=True, happened_on="2017-05", name="The centre opens")
    publish(programme)

    assert sorted(told()) == ["May 2017: Opened: Sidcup", "May 2017: The centre opens"]
    assert told(Choice(kinds=("runs",))) == ["May 2017: Centre"]  # asked for alone, it is told
    [milestone] = [event for event in Timeline(Choice()).paginator.page(1) if event.kind == "milestones"]
    assert milestone.period == "Since May 2017"


def test_an_opening_is_told_of_the_programme_where_the_place_is_not_public() -> None:
    programme = programme_with(published=False, name="Centre", kind=Programme.Kind.SATELLITE_SITE)
    SatelliteSiteFactory(programme=programme, host_site=SiteFactory(published=True), opened_on="2017-05")
    site = SiteFactory(name="Secret site", published=True)
    PlaceFactory(programme=programme, site=site, opened_on="2017-05")
    publish(programme)
    workflow.withdraw(site, by=person_in("Administrator"), reason="It was moved.")

    assert told() == ["May 2017: Opened: Centre"]


def test_closures_successions_and_strategies_are_told() -> None:
    closed = OrganisationFactory(name="Old", closed=True, closed_on="2022-06", succession=None, published=False)
    SuccessionFactory(
        organisation=closed, successor=OrganisationFactory(name="New", published=True), succeeded_on="2022-07"
    )
    same_day = OrganisationFactory(name="Older", closed=True, closed_on="2020", succession=None, published=False)
    SuccessionFactory(organisation=same_day, successor=OrganisationFactory(published=True), succeeded_on="2020")
    publish(closed)
    publish(same_day)
    StrategyFactory(name="Five years", published=True)

    assert told() == [
        "2018: Five years",
        "2020: Older closed",
        "June 2022: Old closed",
        "July 2022: New took over from Old",
        "2023: Five years",
    ]


# Figures of note


def figures_of(metric: OutcomeMetric) -> dict[str, str]:
    """Which figures are of note, by the end of their period."""
    return {str(one.period_end): one.notable for one in metric.observations.exclude(notable="")}


def metric_with(values: list[int | None], **more: object) -> OutcomeMetric:
    """A published metric with a figure a year from 2015 on."""
    metric = OutcomeMetricFactory(name="People seen", **more)
    for at, value in enumerate(values):
        reason = {} if value is not None else {"missing_reason": "Not counted."}
        ObservationFactory(metric=metric, period_start=str(2015 + at), value=value, **reason)
    return publish(metric)


def test_the_first_and_the_latest_figure_are_of_note_and_the_first_that_met_the_target() -> None:
    metric = metric_with([10, 20, 30, 40], target=25, target_rule="at-least")

    assert figures_of(metric) == {"2015": "first", "2017": "target-met", "2018": "latest"}
    assert told() == ["2015: People seen: 10 people", "2017: People seen: 30 people", "2018: People seen: 40 people"]


@pytest.mark.parametrize(
    ("rule", "year"),
    [("at-least", "2017"), ("more-than", "2018"), ("at-most", "2015"), ("less-than", "2015"), ("exactly", "2017")],
)
def test_a_target_is_met_as_its_rule_says(rule: str, year: str) -> None:
    metric = metric_with([10, 20, 30, 40], target=30, target_rule=rule)

    assert [end for end, why in figures_of(metric).items() if why == "target-met"] == [year]


def test_what_is_missing_small_or_left_out_is_never_of_note() -> None:
    metric = metric_with([3, 20, 30, None], fewest_shown=5, target=4, target_rule="at-most")

    hidden = [one.period_end for one in metric.observations.all() if one.figure is None]
    assert PartialDate(2015) in hidden
    assert PartialDate(2018) in hidden
    assert set(figures_of(metric)).isdisjoint({"2015", "2018"})
    assert "target-met" not in figures_of(metric).values()
    assert not any(line.startswith(("2015", "2018")) for line in told())


def test_a_left_out_figure_is_not_told_even_where_it_was_noted() -> None:
    metric = metric_with([10, 20, 30])
    metric.observations.filter(period_end="2017").update(is_left_out=True)

    assert told() == ["2015: People seen: 10 people"]


def test_a_figure_that_waits_is_not_told_and_one_that_is_approved_is_noted_at_once() -> None:
    metric = metric_with([10, 20])
    waiting = ObservationFactory(metric=metric, entered=True, period_start="2017", value=30)
    assert told()[-1] == "2016: People seen: 20 people"

    figures.approve([waiting], by=person_in("Publisher"))

    assert told() == ["2015: People seen: 10 people", "2017: People seen: 30 people"]


def test_new_limits_are_told_with_their_reason() -> None:
    metric = OutcomeMetricFactory(name="People seen")
    RebaseFactory(metric=metric)
    publish(metric)

    assert told() == ["2017: People seen: The clinic moved to a larger building."]


# What is not told


def secrets() -> None:
    """Things that nobody may read on a timeline."""
    draft = ProgrammeFactory(name="Secret draft", started_on="2011")
    StatementFactory(programme=draft, milestone=True, name="Secret milestone")
    MembershipFactory(
        partnership=PartnershipFactory(name="Secret partnership"),
        organisation=OrganisationFactory(name="Secret member"), started_on="2012",
    )  # fmt: skip
    AgreementFactory(name="Secret agreement", partnership=PartnershipFactory(name="Another secret"))
    ProgrammeFactory(name="Secret withdrawn", withdrawn=True, started_on="2013")
    public = PartnershipFactory(name="Open", published=False)
    MembershipFactory(partnership=public, organisation=OrganisationFactory(name="Secret partner"), started_on="2019")
    source = SourceFactory(name="Secret source")
    AgreementFactory(partnership=public, name="MoU", source=source)
    publish(public)
    change = workflow.start_change(public, by=person_in("Administrator"))
    type(change).objects.filter(pk=change.pk).update(name="Secret change", started_on="2001")
    change.agreements.update(name="Secret change of the agreement", renewal_due_on=SOON)
    OrganisationFactory(name="Secret closed", closed=True)
    StrategyFactory(name="Secret strategy")
    metric = OutcomeMetricFactory(name="Secret metric")
    Observation.objects.filter(pk=ObservationFactory(metric=metric).pk).update(notable="first")
    RebaseFactory(metric=metric, reason="Secret reason")


@pytest.mark.parametrize(
    "address",
    ["/timeline/", "/timeline/?order=oldest", "/timeline/?kind=runs", "/timeline.ics", "/timeline/?partnership=open"],
)
def test_nothing_leaks(client, address: str) -> None:
    secrets()

    page = client.get(address).content.decode()

    assert "Secret" not in page
    assert "MoU" in page or ".ics" in address or "kind" in address


def test_what_is_withdrawn_is_gone_at_once(client) -> None:
    programme = ProgrammeFactory(name="Short run", started_on="2018-05-01", published=True)
    assert "Short run" in client.get("/timeline/").content.decode()

    workflow.withdraw(programme, by=person_in("Administrator"), reason="It was moved.")

    assert "Short run" not in client.get("/timeline/").content.decode()


# Whose, which and when


def test_a_timeline_of_a_partner_a_partnership_or_a_programme_tells_what_concerns_it(client) -> None:
    lead, other = OrganisationFactory(name="Lead", published=True), OrganisationFactory(name="Other", published=True)
    partnership = PartnershipFactory(name="Ours", lead=lead, published=True)
    programme = ProgrammeFactory(name="Our work", lead=lead, partnership=partnership, published=True)
    ProgrammeFactory(name="Their work", lead=other, published=True)

    for query, there, not_there in [
        (f"partner={lead.slug}", ["Ours", "Our work"], ["Their work"]),
        (f"partner={other.slug}", ["Their work"], ["Ours", "Our work"]),
        (f"partnership={partnership.slug}", ["Ours", "Our work"], ["Their work"]),
        (f"programme={programme.slug}", ["Our work"], ["Their work"]),
    ]:
        page = client.get(f"/timeline/?{query}").content.decode()
        assert all(name in page for name in there), query
        assert not any(name in page for name in not_there), query


@pytest.mark.parametrize(
    "address",
    [
        "/timeline/?partner=nobody", "/timeline/?programme=..%2f", "/timeline/?partnership=%27",
        "/timeline/?kind=gossip", "/timeline/?order=sideways", "/timeline/?page=99", "/timeline/?page=x",
        "/timeline/?page=-1",
        "/timeline.ics?partner=nobody", "/timeline.ics?from=never", "/timeline/?partner=nobody&programme=nothing",
    ],
)  # fmt: skip
def test_what_there_is_not_answers_404(client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_draft_has_no_timeline(client) -> None:
    draft = ProgrammeFactory()

    assert client.get(f"/timeline/?programme={draft.slug}").status_code == 404


@pytest.mark.parametrize("spelling", ["2017-05", "05/2017", "May 2017", " may  2017 "])
def test_a_time_is_read_in_any_spelling(spelling: str, client) -> None:
    for date in ("2016", "2017", "2017-04", "2017-05", "2017-06-01"):
        ProgrammeFactory(name=f"In {date}", started_on=date, published=True)

    page = client.get("/timeline/", {"from": spelling, "to": spelling, "kind": "milestones"}).content.decode()
    assert "No event falls in what you chose" in page
    shown = Timeline(Choice(first=PartialDate(2017, 5), last=PartialDate(2017, 5)))
    assert sorted(event.words for event in shown.paginator.page(1)) == ["In 2017", "In 2017-05"]  # 2017 may be May


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=then", "is not a date that the portal can read"),
        ("from=2019&to=2017", "is before"),
        ("to=30+February+2017", "is not a date"),
    ],
)
def test_a_time_that_cannot_be_read_is_said_at_the_field(client, query: str, said: str) -> None:
    response = client.get(f"/timeline/?{query}")
    page = response.content.decode()

    assert response.status_code == 400
    assert said in page
    field = "to" if "to=" in query else "from"
    assert f'id="id_{field}-error"' in page
    assert f'href="#id_{field}"' in page


@pytest.mark.parametrize("text", ["x" * 10_000, "'\"; DROP", "%", "2017-13", "９９９９", "\u202e2017", "😀"])
def test_any_text_is_safe_as_a_time(client, text: str) -> None:
    assert client.get("/timeline/", {"from": text}).status_code in {200, 400}


# The list


def test_the_list_has_years_the_newest_first_and_can_be_turned_round(client) -> None:
    for year in ("2014", "2019", "2016"):
        ProgrammeFactory(started_on=year, published=True)

    def years(address: str) -> list[str]:
        return re.findall(r'id="year-(\d+)"', client.get(address).content.decode())

    assert years("/timeline/") == ["2019", "2016", "2014"]
    assert years("/timeline/?order=oldest") == ["2014", "2016", "2019"]


def test_the_pages_hold_every_event_once_in_order() -> None:
    lead = OrganisationFactory(published=True)
    programme = programme_with(published=False, lead=lead)
    dates = [f"{2000 + at % 7}" if at % 3 else f"{2000 + at % 7}-{at % 12 + 1:02}" for at in range(130)]
    for date in dates:
        StatementFactory(programme=programme, milestone=True, happened_on=date)
    publish(programme)
    for newest_first in (True, False):
        shown = Timeline(Choice(), newest_first=newest_first)
        events = [event for page in shown.paginator for event in page]
        assert [str(event.on) for event in events] == sorted(dates, reverse=newest_first)
        assert len({event.key for event in events}) == len(dates)
        for year in shown.years:
            there = [event.on.year for event in shown.paginator.page(year.page)]
            assert int(year.words) in there


def test_what_has_no_known_date_is_said_and_listed_at_the_end(client) -> None:
    programme_with(name="Undated work", published=True)
    publish_with = PartnershipFactory(name="Undated partnership", started_on=None)
    AgreementFactory(partnership=publish_with, name="Undated paper", signed_on=None, renewal_due_on=None)
    publish(publish_with)
    ProgrammeFactory(name="Secret work", started_on=None)

    page = client.get("/timeline/").content.decode()

    assert "3 more have no known dates." in page
    assert all(name in page[page.index('id="undated"') :] for name in ["Undated work", "Undated partnership", "paper"])
    assert "Secret" not in page


def test_the_sentence_says_how_many_events_there_are_from_when_to_when_and_what_runs(client) -> None:
    ProgrammeFactory(started_on="1993", published=True)
    ProgrammeFactory(started_on="2001-05", published=True, stage=Programme.Stage.FINISHED)

    assert "2 events from 1993 to 2001; 1 programme runs now." in client.get("/timeline/").content.decode()


@pytest.mark.parametrize("query", ["from=2025", "kind=agreements", "to=1990"])
def test_where_nothing_falls_in_what_was_chosen_that_is_said_with_a_way_to_everything(client, query: str) -> None:
    lead = OrganisationFactory(published=True)
    ProgrammeFactory(started_on="1993", lead=lead, published=True)

    for whose, whole in [("", "/timeline/"), (f"partner={lead.slug}&", f"/timeline/?partner={lead.slug}")]:
        page = client.get(f"/timeline/?{whose}{query}").content.decode()
        assert page.count("No event falls in what you chose") > 1
        assert f'<a href="{whole}">Show everything</a>' in page[page.index('id="list"') :]
        assert "published yet" not in page
        assert "Nothing with a known date" not in page


def test_where_nothing_has_a_date_that_is_said(client) -> None:
    page = client.get("/timeline/").content.decode()

    assert "No dated event has been published yet" in page
    assert "Nothing with a known date has been published here." in page


def test_of_a_partner_those_programmes_run_now_in_which_its_part_may_still_hold() -> None:
    """However it is tied to them; none once it has closed."""
    today = timezone.localdate()
    partner, gone = OrganisationFactory(published=True), OrganisationFactory(published=True)
    led = programme_with(published=False, lead=partner)
    ended, joined, untold = [programme_with(published=False) for _number in range(3)]
    seat = programme_with(published=False, local_care_network=True)
    for programme, end in [(ended, "2020"), (joined, f"{today.year}"), (untold, None)]:
        ParticipationFactory(programme=programme, organisation=partner, ended_on=end)
    BoardMemberFactory(programme=seat, organisation=partner)
    ParticipationFactory(programme=seat, organisation=partner, ended_on="2020")
    ParticipationFactory(programme=led, organisation=gone, ended_on="2020")
    for programme in (led, ended, joined, untold, seat):
        publish(programme)

    assert Timeline(Choice(partner=partner)).running == 4
    assert Timeline(Choice(partner=gone)).running == 0

    partner.closed_on = PartialDate(today.year)  # may still be to come
    assert Timeline(Choice(partner=partner)).running == 4
    partner.closed_on = PartialDate(today.year - 1)
    assert Timeline(Choice(partner=partner)).running == 0


def test_each_thing_names_its_page_and_its_source(client) -> None:
    source = SourceFactory(name="Annual report", published=True)
    programme = programme_with(published=False, name="Work")
    StatementFactory(programme=programme, milestone=True, name="It began", source=source)
    publish(programme)
    page = client.get("/timeline/").content.decode()

    assert f'<a href="/programmes/{programme.slug}/#milestones">It began</a>' in page
    assert f'<a href="{source.get_absolute_url()}">Annual report</a>' in page


def test_many_events_are_drawn_as_their_number_by_year_and_lead_to_them(client) -> None:
    programme = programme_with(published=False)
    for at in range(60):
        StatementFactory(programme=programme, milestone=True, happened_on=f"{2010 + at % 3}")
    publish(programme)
    page = client.get("/timeline/").content.decode()

    assert "2011: Milestones and achievements, 20" in page
    [address] = set(re.findall(r'href="([^"]+)"[^>]*><title>2011:', page))
    assert "20 events in 2011" in client.get(address.replace("&amp;", "&")).content.decode()


def test_however_much_there_is_the_questions_are_few(client) -> None:
    made_up.make(50)
    addresses = [
        "/timeline/", "/timeline/?order=oldest", "/timeline/?partner=made-up-organisation-1", "/timeline.ics",
        "/timeline/?programme=made-up-programme-1", "/timeline/?partnership=made-up-partnership-1",
    ]  # fmt: skip

    def queries() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    queries()
    few = queries()
    made_up.make(400, after=50)
    many = queries()

    assert max(many) <= MOST_QUERIES
    assert all(later <= before + 3 for before, later in zip(few, many, strict=True))  # counts of what is not shown


# The page of a programme


def test_the_page_of_a_programme_shows_the_picture_from_three_dated_things_on(client) -> None:
    two = ProgrammeFactory(started_on="2014", published=False)
    StatementFactory(programme=two, milestone=True)
    three = ProgrammeFactory(started_on="2014", published=False)
    for _ in range(2):
        StatementFactory(programme=three, milestone=True)

    assert "portal-timeline--wide" not in client.get(publish(two).get_absolute_url()).content.decode()
    page = client.get(publish(three).get_absolute_url()).content.decode()
    assert page.count("portal-timeline--wide") == 1
    for programme in (two, three):
        page = client.get(programme.get_absolute_url()).content.decode()
        assert f'/timeline/?programme={programme.slug}"' in page


# Calendar files


def calendar(client, address: str) -> list:
    """The entries of a calendar file."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="')
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_the_calendar_tells_what_is_to_come_and_nothing_that_has_been(client, settings) -> None:
    settings.SITE_URL = "https://portal.example"
    partnership = PartnershipFactory(name="Ours", started_on="2015")
    AgreementFactory(partnership=partnership, name="MoU", signed_on="2016", renewal_due_on=SOON)
    publish(partnership)
    this_year = timezone.localdate().year
    programme_with(name="This year", started_on=f"{this_year}", published=True)  # may still come

    entries = {str(event["summary"]): event for event in calendar(client, "/timeline.ics")}

    month = PartialDate.parse(SOON).words
    assert set(entries) == {
        f"Renewal due: MoU (Ours) (expected in {month})",
        f"Programme began: This year (expected in {this_year})",
    }
    renewal = entries[f"Renewal due: MoU (Ours) (expected in {month})"]
    assert renewal["url"] == f"https://portal.example{partnership.get_absolute_url()}"
    assert renewal["uid"].endswith("@portal.example")
    assert renewal.decoded("dtstamp") == partnership.updated_at.replace(microsecond=0)


def test_an_entry_keeps_its_key_when_its_page_is_published_again(client, superuser) -> None:
    partnership = PartnershipFactory()
    AgreementFactory(partnership=partnership, renewal_due_on=SOON)
    publish(partnership)
    [before] = calendar(client, "/timeline.ics")
    change = workflow.start_change(partnership, by=superuser)
    change.agreements.update(renewal_due_on=f"{SOON}-12")
    type(change).objects.filter(pk=change.pk).update(change_note="The day is known now.")
    change.refresh_from_db()
    workflow.publish(change, by=superuser)

    [after] = calendar(client, "/timeline.ics")

    assert before["uid"] == after["uid"]
    assert before.decoded("dtstart") != after.decoded("dtstart")


def test_the_calendar_can_be_narrowed_like_the_page(client) -> None:
    programme_with(name="Soon", started_on=SOON, published=True)

    assert len(calendar(client, "/timeline.ics?kind=runs")) == 1
    assert calendar(client, "/timeline.ics?kind=agreements") == []


def test_the_calendar_of_work_asks_for_a_login(client) -> None:
    assert client.get("/admin/calendar.ics").status_code == 302
    reader = UserFactory()

    assert client_of(reader).get("/admin/calendar.ics").status_code == 302


def test_the_calendar_of_work_tells_what_falls_due_for_the_person(settings) -> None:
    person = person_in("Publisher")
    own = ProgrammeFactory(name="Mine", published=True, owner=person)
    of_another = ProgrammeFactory(name="Theirs", published=True, owner=person_in("Publisher"))
    Programme.objects.filter(pk__in=[own.pk, of_another.pk]).update(
        last_reviewed_on=timezone.localdate(), next_review_due_on=timezone.localdate() + datetime.timedelta(days=30)
    )
    metric = OutcomeMetricFactory(name="Count", published=True, owner=person)
    OutcomeMetric.objects.filter(pk=metric.pk).update(next_figure_due_on=timezone.localdate())
    partnership = PartnershipFactory(owner=person)
    AgreementFactory(partnership=partnership, name="MoU", renewal_due_on=f"{SOON}-12")
    publish(partnership)

    entries = calendar(client_of(person), "/admin/calendar.ics")
    said = [str(event["summary"]) for event in entries]

    assert "Review due: Programme “Mine”" in said
    assert "Figure due: Count" in said
    assert any(words.startswith("Renewal due: MoU") for words in said)
    assert not any("Theirs" in words for words in said)
    assert {str(event["class"]) for event in entries} == {"PRIVATE"}


def test_the_calendar_of_work_tells_nothing_beyond_the_remit() -> None:
    person = person_in("Publisher")
    mine = RemitFactory(person=person).organisation
    for name, lead in [("Inside", mine), ("Outside", OrganisationFactory(published=True))]:
        partnership = PartnershipFactory(name=name, lead=lead)
        AgreementFactory(partnership=partnership, renewal_due_on=f"{SOON}-12")
        publish(partnership)
        ProgrammeFactory(name=f"{name} work", lead=lead, published=True)

    said = " ".join(str(event["summary"]) for event in calendar(client_of(person), "/admin/calendar.ics"))

    assert "Inside" in said
    assert "Outside" not in said


def test_the_calendar_of_work_is_kept_by_nobody_and_linked_on_the_editors_home() -> None:
    editor = client_of(person_in("Author"))

    assert "no-store" in editor.get("/admin/calendar.ics")["Cache-Control"]
    assert 'href="/admin/calendar.ics"' in editor.get(reverse("admin:index")).content.decode()


def test_each_telling_has_a_kind_that_readers_can_choose() -> None:
    tellings = Choice().tellings()

    assert {telling.kind for telling in tellings} == set(kinds())
    assert len({telling.name for telling in tellings}) == len(tellings)


def test_a_command_notes_figures_that_were_there_before() -> None:
    metric = metric_with([10, 20])
    metric.observations.update(notable="")

    call_command("note_figures", stdout=io.StringIO())

    assert figures_of(metric) == {"2015": "first", "2016": "latest"}


def test_the_timeline_names_its_calendar(client):
    for query in ("", "?from=2016"):
        response = client.get(f"/timeline/{query}")
        assert response["Link"] == f'</timeline.ics{query}>; rel="alternate"; type="text/calendar"'
        assert f'<link rel="alternate" type="text/calendar" href="/timeline.ics{query}">' in response.content.decode()
