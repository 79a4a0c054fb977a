"""Forms show what applies to the kind at hand, and lists of rows count 1, 2, 3."""

import pytest

from partnerships.models import Partnership, Strategy
from programmes.models import CareModelStep, Milestone, Observation, OutcomeMetric, Programme, Statement
from tests.admin.conftest import add_row, boxes, errors_of, messages_of, save, url_of
from tests.factories import (
    AgreementFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    PartnershipFactory,
    PartnershipPriorityFactory,
    ProgrammeFactory,
    SatelliteSiteFactory,
    StatementFactory,
    StrategyFactory,
    StrategyValueFactory,
)
from tests.strict_client import StrictClient

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]

SHARED = ["Milestone", "Achievement", "Lesson", "Expectation", "Endorsement"]


def inlines(client: StrictClient, url: str) -> list[str]:
    """The kinds of row on a page, in their order."""
    return [inline.opts.model.__name__ for inline in client.get(url).context["inline_admin_formsets"]]


def fields(client: StrictClient, url: str) -> set[str]:
    return set(client.get(url).context["adminform"].form.fields)


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("local-care-network", ["LocalCareNetwork", "Board", "BoardMember", "CareModelStep"]),
        ("satellite-site", ["SatelliteSite", "Place"]),
        ("buddying", ["BuddyingArrangement", "FocusArea", "Support", "Legacy"]),
        ("research", []),
    ],
)
def test_a_programme_shows_the_rows_of_its_kind(admin_client: StrictClient, kind: str, own: list[str]) -> None:
    programme = ProgrammeFactory(kind=kind)
    assert inlines(admin_client, url_of(programme, "change")) == ["Participation", *own, *SHARED]


def test_the_add_page_shows_what_all_kinds_share_and_says_that_more_follows(admin_client: StrictClient) -> None:
    assert inlines(admin_client, url_of(Programme, "add")) == ["Participation", *SHARED]
    assert "Save first: the facts of the kind come next." in admin_client.get(url_of(Programme, "add")).content.decode()


def test_a_statement_shows_the_boxes_of_its_kind(admin_client: StrictClient) -> None:
    page = admin_client.get(url_of(ProgrammeFactory(local_care_network=True), "change"))
    own = {"happened_on", "progress", "audience", "said_by", "organisation"}
    shown = {
        inline.opts.model.__name__: own & set(inline.formset.empty_form.fields)
        for inline in page.context["inline_admin_formsets"]
        if inline.opts.model.__name__ in [*SHARED, "CareModelStep"]
    }
    assert shown == {
        "CareModelStep": set(),
        "Milestone": {"happened_on"},
        "Achievement": {"progress"},
        "Lesson": set(),
        "Expectation": {"audience"},
        "Endorsement": {"said_by", "organisation", "happened_on"},
    }


@pytest.mark.parametrize(
    ("kind", "missing"), [("milestone", "happened_on"), ("achievement", "progress"), ("expectation", "audience")]
)
def test_what_a_statement_needs_is_asked_for(admin_client: StrictClient, kind: str, missing: str) -> None:
    programme = ProgrammeFactory()
    page = admin_client.get(url_of(programme, "change"))
    prefix = next(
        inline.formset.prefix
        for inline in page.context["inline_admin_formsets"]
        if getattr(inline.opts.model, "of_kind", "") == kind
    )
    data = add_row(boxes(page), prefix, text="Something happened.")
    response = admin_client.post(url_of(programme, "change"), data)
    assert "This field is required." in errors_of(response)
    assert f'id="id_{prefix}-0-{missing}_error"' in response.content.decode()
    assert not Statement.objects.exists()


def prefix_of(client: StrictClient, record: object, model: type) -> str:
    """The name under which the rows of a kind stand in the form."""
    page = client.get(url_of(record, "change"))
    return next(inline.formset.prefix for inline in page.context["inline_admin_formsets"] if inline.opts.model is model)


def steps_of(programme: Programme) -> list[tuple[int, str]]:
    rows = Statement.objects.filter(programme=programme, kind="step").order_by("position")
    return [(row.position, row.text) for row in rows]


@pytest.fixture
def programme() -> Programme:
    """A local care network with the steps A, B and C."""
    programme = ProgrammeFactory(kind=Programme.Kind.LOCAL_CARE_NETWORK)
    for text in "ABC":
        StatementFactory(programme=programme, kind=Statement.Kind.STEP, text=text)
    StatementFactory(programme=programme, text="a lesson")
    return programme


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ({0: "2", 1: "1"}, "BAC"),  # two rows change places
        ({0: "3"}, "BCA"),  # moved down, behind the row that has the number
        ({2: "1"}, "CAB"),  # moved up, before the row that has the number
        ({0: ""}, "BCA"),  # no number: to the end
        ({0: "50", 1: "20", 2: "10"}, "CBA"),  # gaps close
        ({0: "3", 1: "2", 2: "1"}, "CBA"),
        ({}, "ABC"),
    ],
)
def test_steps_are_counted_anew_in_the_order_of_the_numbers_typed(
    admin_client: StrictClient, programme: Programme, typed: dict[int, str], order: str
) -> None:
    prefix = prefix_of(admin_client, programme, CareModelStep)
    response = save(
        admin_client, url_of(programme, "change"), {f"{prefix}-{row}-number": number for row, number in typed.items()}
    )
    assert "was changed successfully" in messages_of(response)
    assert steps_of(programme) == list(enumerate(order, start=1))


def test_a_deleted_step_leaves_no_gap_and_a_new_one_takes_its_place(
    admin_client: StrictClient, programme: Programme
) -> None:
    url = url_of(programme, "change")
    prefix = prefix_of(admin_client, programme, CareModelStep)
    data = add_row(boxes(admin_client.get(url)), prefix, number="1", text="new")
    data = add_row(data, prefix, text="last")
    admin_client.post(url, data | {f"{prefix}-1-DELETE": "on"})
    assert steps_of(programme) == [(1, "new"), (2, "A"), (3, "C"), (4, "last")]


def test_a_step_added_by_somebody_else_meanwhile_is_kept(admin_client: StrictClient, programme: Programme) -> None:
    url = url_of(programme, "change")
    prefix = prefix_of(admin_client, programme, CareModelStep)
    data = add_row(boxes(admin_client.get(url)), prefix, text="mine")
    StatementFactory(programme=programme, kind=Statement.Kind.STEP, text="theirs")
    admin_client.post(url, data)
    assert steps_of(programme) == [(1, "A"), (2, "B"), (3, "C"), (4, "mine"), (5, "theirs")]


def test_a_number_is_a_number_above_zero(admin_client: StrictClient, programme: Programme) -> None:
    prefix = prefix_of(admin_client, programme, CareModelStep)
    response = save(admin_client, url_of(programme, "change"), {f"{prefix}-0-number": "0"})
    assert "greater than or equal to 1" in errors_of(response)


def test_priorities_and_values_are_counted_too(admin_client: StrictClient) -> None:
    partnership = PartnershipFactory()
    first, second = PartnershipPriorityFactory.create_batch(2, partnership=partnership)
    save(admin_client, url_of(partnership, "change"), {"priorities-0-number": "2", "priorities-1-number": "1"})
    assert list(Partnership.objects.get().priorities.order_by("position")) == [second, first]
    strategy = StrategyFactory()
    first, second = StrategyValueFactory.create_batch(2, strategy=strategy)
    save(admin_client, url_of(strategy, "change"), {"values-0-number": "2", "values-1-number": "1"})
    assert list(Strategy.objects.get().values.order_by("position")) == [second, first]


def test_a_row_of_a_kind_is_stored_as_that_kind(admin_client: StrictClient) -> None:
    url = url_of(ProgrammeFactory(), "change")
    prefix = prefix_of(admin_client, Programme.objects.get(), Milestone)
    data = add_row(boxes(admin_client.get(url)), prefix, text="It opened.", happened_on="May 2017")
    admin_client.post(url, data)
    row = Statement.objects.get()
    assert (row.kind, row.position, str(row.happened_on)) == ("milestone", 1, "2017-05")


def test_an_author_edits_the_statements_of_a_draft_and_only_reads_those_of_a_published_one(
    author: StrictClient,
) -> None:
    draft, public = ProgrammeFactory(with_statements=True), ProgrammeFactory(with_statements=True, published=True)
    prefix = prefix_of(author, draft, Milestone)
    save(author, url_of(draft, "change"), {f"{prefix}-0-text": "Written by an author."})
    assert Statement.objects.filter(text="Written by an author.").count() == 1
    page = author.get(url_of(public, "change")).content.decode()
    assert public.statements.first().text in page
    assert "<textarea" not in page


def test_a_kind_is_not_changed_while_rows_of_the_old_one_are_there(
    admin_client: StrictClient, programme: Programme
) -> None:
    response = save(admin_client, url_of(programme, "change"), kind="research")
    assert "Delete the rows of “care-model steps”" in errors_of(response)
    programme.refresh_from_db()
    assert programme.kind == "local-care-network"
    prefix = prefix_of(admin_client, programme, CareModelStep)
    gone = {f"{prefix}-{row}-DELETE": "on" for row in range(3)}
    save(admin_client, url_of(programme, "change"), gone, kind="research")
    programme.refresh_from_db()
    assert programme.kind == "research"
    assert not steps_of(programme)


def test_a_kind_with_facts_of_its_own_is_not_changed_while_they_are_there(admin_client: StrictClient) -> None:
    programme = ProgrammeFactory(kind=Programme.Kind.SATELLITE_SITE)
    SatelliteSiteFactory(programme=programme)
    response = save(admin_client, url_of(programme, "change"), kind="research")
    assert "Delete the rows of “facts of the satellite site”" in errors_of(response)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("count", set()), ("percentage", {"numerator_label", "denominator_label"})],
)
def test_a_metric_shows_what_is_divided_by_what_for_rates_alone(
    admin_client: StrictClient, kind: str, shown: set[str]
) -> None:
    metric = OutcomeMetricFactory(rate=kind != "count")
    url = url_of(metric, "change")
    assert fields(admin_client, url) & {"numerator_label", "denominator_label", "per"} == shown


def test_figures_show_a_value_or_its_two_parts(admin_client: StrictClient) -> None:
    count, rate = OutcomeMetricFactory(with_observations=True), OutcomeMetricFactory(rate=True, with_observations=True)
    figures = {"value", "numerator", "denominator"}
    for metric, shown in [(count, {"value"}), (rate, {"numerator", "denominator"})]:
        figure = metric.observations.first()
        Observation.objects.filter(pk=figure.pk).update(approved_at=None)
        assert fields(admin_client, url_of(figure, "change")) & figures == shown
        assert fields(admin_client, f"{url_of(Observation, 'add')}?metric={metric.pk}") & figures == shown
        assert not {name for name in fields(admin_client, url_of(metric, "change")) if name.endswith("-value")}
    assert inlines(admin_client, url_of(OutcomeMetric, "add")) == []


def test_a_metric_becomes_a_percentage_and_back(admin_client: StrictClient) -> None:
    metric = OutcomeMetricFactory()
    url = url_of(metric, "change")
    page = save(admin_client, url, kind="percentage")
    assert "says what is divided by what" in errors_of(page)
    assert 'name="numerator_label"' in page.content.decode()
    parts = {"numerator_label": "people with a job", "denominator_label": "people"}
    save(admin_client, url, parts, kind="percentage")
    metric.refresh_from_db()
    assert (metric.kind, metric.per, metric.numerator_label) == ("percentage", 100, "people with a job")
    save(admin_client, url, kind="count")
    metric.refresh_from_db()
    assert (metric.kind, metric.numerator_label) == ("count", "")


def test_only_one_figure_stands_without_a_period(admin_client: StrictClient) -> None:
    url = f"{url_of(Observation, 'add')}?metric={OutcomeMetricFactory().pk}"
    save(admin_client, url, value="1")
    assert "There is a figure without a period already." in errors_of(save(admin_client, url, value="2"))
    assert Observation.objects.get().value == 1


def test_rules_between_boxes_are_said(admin_client: StrictClient) -> None:
    agreement = AgreementFactory(signed_on="2019")
    url = url_of(agreement.partnership, "change")
    response = save(admin_client, url, {"agreements-0-ended_on": "2018", "ended_on": "2010"})
    assert "An agreement does not end before it is signed." in errors_of(response)
    assert "A partnership does not end before it begins." in errors_of(response)


def test_a_closed_organisation_says_why_and_what_followed(admin_client: StrictClient) -> None:
    response = save(admin_client, url_of(OrganisationFactory(), "change"), closed_on="April 2020")
    assert "fill in when it closed, why, and what followed" in errors_of(response)
