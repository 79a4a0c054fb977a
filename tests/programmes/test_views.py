"""The pages of programmes and outcomes show the facts of their kind, and say what is missing."""

import pytest

from programmes.models import Statement
from tests.factories import (
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    ProgrammeFactory,
    SourceFactory,
    StatementFactory,
)
from tests.strict_client import StrictClient

pytestmark = pytest.mark.django_db


def read(client: StrictClient, record: object) -> str:
    """The words of a record's page."""
    response = client.get(record.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_a_local_care_network_shows_its_board_and_its_steps_in_order(client: StrictClient) -> None:
    programme = ProgrammeFactory(local_care_network=True, published=True)
    page = read(client, programme)
    steps = [
        page.index(step.text) for step in programme.statements.filter(kind=Statement.Kind.STEP).order_by("position")
    ]
    assert len(steps) == 6
    assert steps == sorted(steps)
    for words in ["Network board", "It agrees the plan for the year.", "They told the same story", "Coordinated care"]:
        assert words in page
    assert all(member.organisation.name in page for member in programme.board_members.all())


def test_a_satellite_site_shows_places_services_host_and_opening(client: StrictClient) -> None:
    programme = ProgrammeFactory(satellite_site=True, published=True)
    page = read(client, programme)
    assert programme.satellite_site.host_site.get_absolute_url() in page
    assert "May 2017" in page
    for place in programme.places.all():
        assert place.site.get_absolute_url() in page
        assert all(service.name in page for service in place.services.all())


def test_a_buddying_arrangement_shows_both_trusts_trigger_focus_support_and_legacy(client: StrictClient) -> None:
    programme = ProgrammeFactory(buddying=True, published=True)
    page = read(client, programme)
    for trust in [programme.buddying_arrangement.supporting, programme.buddying_arrangement.supported]:
        assert trust.get_absolute_url() in page
    assert "The regulator asked for support." in page
    assert all(statement.text in page for statement in programme.statements.all())


def test_achievements_are_shown_by_how_far_they_have_come(client: StrictClient) -> None:
    programme = ProgrammeFactory(published=True)
    for progress in ["begun", "done", "continuing"]:
        StatementFactory(programme=programme, achievement=True, progress=progress, text=f"It is {progress}.")
    page = read(client, programme)
    positions = [page.index(f"It is {progress}.") for progress in ["done", "continuing", "begun"]]
    assert positions == sorted(positions)


def test_expectations_are_shown_by_audience(client: StrictClient) -> None:
    programme = ProgrammeFactory(published=True)
    for audience in ["staff", "patients"]:
        StatementFactory(programme=programme, expectation=True, audience=audience, text=f"For {audience}.")
    page = read(client, programme)
    assert page.index("For patients.") < page.index("For staff.")


def test_a_statement_names_its_own_source(client: StrictClient) -> None:
    programme = ProgrammeFactory(published=True)
    source = SourceFactory(published=True)
    StatementFactory(programme=programme, source=source)
    StatementFactory(programme=programme, source=SourceFactory(name="A draft source"))
    page = read(client, programme)
    assert f'Source: <a href="{source.get_absolute_url()}">' in page
    assert "A draft source" not in page


def test_an_endorsement_says_who_spoke_and_that_the_words_are_ours(client: StrictClient) -> None:
    programme = ProgrammeFactory(with_statements=True, published=True)
    page = read(client, programme)
    assert "Grace Example, chief nurse" in page
    assert "in our words" in page


def test_a_programme_shows_what_it_builds_on_and_what_followed(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    earlier, middle, later = (ProgrammeFactory(lead=lead, published=True) for _ in range(3))
    draft = ProgrammeFactory(lead=lead)
    middle.builds_on.add(earlier)
    later.builds_on.add(middle)
    draft.builds_on.add(middle)
    context = client.get(middle.get_absolute_url()).context
    assert (context["builds_on"], context["followed_by"]) == ([earlier], [later])


def test_a_programme_shows_its_figures_and_says_why_one_is_missing(client: StrictClient) -> None:
    programme = ProgrammeFactory(published=True)
    told = OutcomeMetricFactory(programme=programme, published=True)
    ObservationFactory(metric=told, value=2477)
    missing = OutcomeMetricFactory(programme=programme, target=3000, target_rule="more-than", published=True)
    ObservationFactory(metric=missing, value=None, missing_reason="Not published by the source.")
    page = read(client, programme)
    for words in ["2,477", "No figure:", "not published by the source.", "more than 3,000"]:
        assert words in page


def test_a_rate_shows_what_it_was_worked_out_from(client: StrictClient) -> None:
    metric = OutcomeMetricFactory(rate=True, published=True)
    ObservationFactory(metric=metric, value=None, numerator=29, denominator=49)
    page = read(client, metric)
    assert "59.2%" in page
    assert "29 of 49" in page


def test_an_outcome_without_figures_says_so(client: StrictClient) -> None:
    metric = OutcomeMetricFactory(published=True)
    page = read(client, metric)
    assert "No figure yet" in page
    assert "Not known yet: the figures, the sources." in page
    for left_out in ["All figures", ">Baseline</dt>", ">Target</dt>"]:
        assert left_out not in page


def test_an_outcome_lists_its_figures_newest_first_page_by_page(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programmes.views.OBSERVATIONS_PER_PAGE", 2)
    metric = OutcomeMetricFactory(published=True)
    for year in ["2017", "2019", "2018"]:
        ObservationFactory(metric=metric, period_start=year, period_end=year, value=int(year))
    first = client.get(metric.get_absolute_url())
    assert [row.period for row in first.context["page_obj"]] == ["2019", "2018"]
    second = client.get(f"{metric.get_absolute_url()}?page=2")
    assert [row.period for row in second.context["page_obj"]] == ["2017"]
    assert "2,019" in second.content.decode()


def test_the_list_of_outcomes_shows_value_period_baseline_target_and_source(client: StrictClient) -> None:
    source = SourceFactory(published=True)
    metric = OutcomeMetricFactory(
        baseline=10, baseline_on="2016", target=3000, target_rule="more-than", target_due_on="2017", published=True
    )
    metric.sources.add(source)
    ObservationFactory(metric=metric, period_start="2017-04", period_end="2019-03", value=2477)
    page = client.get("/outcomes/").content.decode()
    for words in ["2,477", "April 2017 to March 2019", "10 (2016)", "More than 3,000 by the end of 2017", source.name]:
        assert words in page
