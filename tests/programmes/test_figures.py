"""What is done to figures: who may enter, approve and delete them, and what an approval changes."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programmes import figures
from programmes.models import Correction, Observation, OutcomeMetric
from tests.factories import (
    CorrectionFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    RemitFactory,
    SourceFactory,
    UserFactory,
)
from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.models import Act

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2024, 3, 1, 12, tzinfo=datetime.UTC)
STAGES = ["draft", "in_review", "published", "withdrawn"]


@pytest.fixture
def ada() -> User:
    """Somebody who publishes."""
    return UserFactory(username="ada", superuser=True)


@pytest.fixture
def grace() -> User:
    """Somebody else who publishes."""
    return UserFactory(username="grace", superuser=True)


def metric_at(stage: str = "draft", **facts: object) -> OutcomeMetric:
    return OutcomeMetricFactory(**{} if stage == "draft" else {stage: True}, **facts)


def waiting(metric: OutcomeMetric | None = None, by: User | None = None, **facts: object) -> Observation:
    """A figure that somebody entered."""
    return ObservationFactory(entered=True, entered_by=by, metric=metric or OutcomeMetricFactory(), **facts)


def everything() -> list:
    """All that an act on figures could change."""
    return [list(model.objects.order_by("pk").values()) for model in (Observation, Correction, OutcomeMetric, Act)]


def refused(error: type[Exception], words: str, figure: object, by: User) -> None:
    """An approval that is refused changes nothing."""
    before = everything()
    with pytest.raises(error, match=words):
        figures.approve(figure if isinstance(figure, list) else [figure], by=by)
    assert everything() == before


# Who may


def test_a_figure_is_entered_by_whoever_may_change_the_metric_in_whatever_state() -> None:
    author = UserFactory(rights=("change_outcomemetric",))
    for stage in STAGES:
        assert figures.may_enter(author, metric_at(stage))
        assert not figures.may_enter(UserFactory(rights=("view_outcomemetric",)), metric_at(stage))


def test_a_working_copy_has_no_figures(ada: User) -> None:
    assert not figures.may_enter(ada, workflow.start_change(metric_at("published"), by=ada))


def test_whoever_entered_a_figure_does_not_approve_it(ada: User, grace: User) -> None:
    figure = waiting(by=ada)

    assert not figures.may_approve(ada, figure)
    assert figures.may_approve(grace, figure)
    refused(workflow.NotAllowed, "figure of 2015: somebody else", figure, ada)


def test_with_two_eyes_whoever_entered_a_figure_approves_it(settings: object, ada: User) -> None:
    settings.FOUR_EYES = False
    figure = waiting(by=ada)

    assert figures.may_approve(ada, figure)
    assert figures.approve([figure], by=ada) == 1


def test_what_nobody_entered_any_publisher_approves(ada: User) -> None:
    assert figures.may_approve(ada, waiting(by=None))


@pytest.mark.parametrize("four_eyes", [True, False])
def test_an_author_approves_nothing(four_eyes: bool, settings: object) -> None:
    settings.FOUR_EYES = four_eyes
    author = UserFactory(rights=("change_outcomemetric", "add_observation", "change_observation"))
    figure = waiting()

    assert not figures.may_approve(author, figure)
    refused(workflow.NotAllowed, "You may not approve", figure, author)


def test_a_publisher_approves_within_the_limits_alone(ada: User) -> None:
    ours, other = OrganisationFactory(published=True), OrganisationFactory(published=True)
    limited = UserFactory(rights=("change_outcomemetric", "publish_outcomemetric"))
    RemitFactory(person=limited, organisation=ours)
    own, foreign = waiting(OutcomeMetricFactory(lead=ours)), waiting(OutcomeMetricFactory(lead=other))

    assert figures.may_enter(limited, own.metric)
    assert not figures.may_enter(limited, foreign.metric)
    refused(workflow.NotAllowed, "You may not approve", foreign, limited)
    assert figures.approve([own], by=limited) == 1


@pytest.mark.parametrize(("four_eyes", "count"), [(True, 2), (False, 3)])
def test_what_waits_for_a_person_is_what_the_person_did_not_enter(
    four_eyes: bool, count: int, settings: object, ada: User, grace: User
) -> None:
    settings.FOUR_EYES = four_eyes
    metric = OutcomeMetricFactory()
    own, of_other, of_nobody = (waiting(metric, by=by) for by in (ada, grace, None))
    approved = ObservationFactory(metric=metric)
    correction = CorrectionFactory(observation=approved, entered_by=grace)
    waiting(by=grace)

    plain, corrections = figures.waiting_for(ada, OutcomeMetric.objects.filter(pk=metric.pk))

    assert set(plain) == ({of_other, of_nobody} if four_eyes else {own, of_other, of_nobody})
    assert plain.count() == count
    assert list(corrections) == [correction]


def test_whoever_wrote_a_figure_while_it_waited_does_not_approve_it(ada: User, grace: User) -> None:
    third, metric = UserFactory(superuser=True), OutcomeMetricFactory()
    standing = ObservationFactory(metric=metric)
    both = [waiting(metric, by=ada), CorrectionFactory(observation=standing, entered_by=ada)]
    for figure in figures.entered(both, by=grace):
        figure.save()

    for person, count in [(ada, 0), (grace, 0), (third, 1)]:
        found = figures.waiting_for(person, OutcomeMetric.objects.all())
        assert [rows.count() for rows in found] == [count, count]
        assert [figures.may_approve(person, figure) for figure in both] == [bool(count)] * 2
    for figure in both:
        refused(workflow.NotAllowed, "somebody else", figure, ada)

    figures.approve(both, by=third)
    for figure in (*both, standing):
        assert not figure.also_entered_by.exists()


@pytest.mark.parametrize("by", [None, "ada", "grace"])
def test_whoever_had_entered_a_figure_stays_noted_once(by: str | None, ada: User, grace: User) -> None:
    figure = waiting(by=ada)
    person = {None: None, "ada": ada, "grace": grace}[by]
    for _ in range(2):
        [figure] = figures.entered([figure], by=person)
        figure.save()
    assert list(figure.also_entered_by.all()) == ([] if person == ada else [ada])
    assert figure.entered_by == person


def test_a_new_figure_was_entered_by_nobody_before(ada: User, grace: User) -> None:
    new = Observation(metric=OutcomeMetricFactory(), value=1, entered_by=grace)
    figures.entered([new], by=ada)[0].save()
    assert not new.also_entered_by.exists()


def test_many_are_entered_with_few_questions(ada: User, grace: User) -> None:
    asked = []
    for count in (3, 60):
        metric = OutcomeMetricFactory()
        keys = [waiting(metric, by=ada, period_start=str(1950 + at)).pk for at in range(count)]
        rows = list(Observation.objects.filter(pk__in=keys))
        with CaptureQueriesContext(connection) as captured:
            figures.entered(rows, by=grace)
        assert Observation.objects.filter(pk__in=keys, also_entered_by=ada).count() == count
        asked.append(len(captured))
    assert asked[0] == asked[1]


# Approving


def test_nothing_is_approved_where_nothing_is_asked(ada: User) -> None:
    before = everything()
    assert figures.approve([], by=ada) == 0
    assert everything() == before


def test_an_approval_says_who_and_when_and_leaves_the_figure_as_it_is(ada: User, grace: User) -> None:
    [figure] = figures.entered([waiting(by=None)], by=ada, at=NOON - datetime.timedelta(days=1))
    figure.save()
    [before] = Observation.objects.values()

    assert figures.approve([figure], by=grace, at=NOON) == 1

    [after] = Observation.objects.values()
    assert after == before | {"approved_by_id": grace.pk, "approved_at": NOON, "notable": "first"}
    assert (after["entered_by_id"], after["entered_at"]) == (ada.pk, NOON - datetime.timedelta(days=1))


def test_what_is_approved_already_is_not_approved_again(ada: User, grace: User) -> None:
    figure = waiting()
    seen_earlier = Observation.objects.get()
    figures.approve([figure], by=ada, at=NOON)

    refused(workflow.WrongState, "approved, changed or deleted meanwhile", seen_earlier, grace)


def test_what_is_gone_is_not_approved(ada: User) -> None:
    stays, goes = waiting(), waiting()
    stays = waiting(goes.metric)
    seen_earlier = Observation.objects.get(pk=goes.pk)
    goes.delete()

    refused(workflow.WrongState, "deleted meanwhile", [stays, seen_earlier], ada)


def test_all_are_approved_or_none(ada: User, grace: User) -> None:
    metric = metric_at("published")
    refused(workflow.NotAllowed, "figure of 2016", [waiting(metric, by=grace), waiting(metric, by=ada)], ada)


def test_figures_of_another_metric_are_not_approved_with_those_of_one(ada: User) -> None:
    refused(workflow.WrongState, "meanwhile", [waiting(), waiting()], ada)


def test_what_was_entered_after_one_had_read_it_is_judged_by_who_entered_it_last(ada: User) -> None:
    seen_earlier = waiting(by=None)
    Observation.objects.update(entered_by=ada)

    refused(workflow.NotAllowed, "somebody else", seen_earlier, ada)


def test_an_approval_of_a_published_metric_is_an_update_of_its_page(ada: User) -> None:
    metric = metric_at("published")
    reviewed = metric.next_review_due_on
    rows = [waiting(metric, period_start=year) for year in ("2016", "2018", "2017")]

    figures.approve(rows, by=ada, at=NOON)

    metric.refresh_from_db()
    assert (metric.updated_at, metric.next_review_due_on) == (NOON, reviewed)
    act = Act.objects.on(metric).latest("pk")
    assert (act.verb, act.done_by, act.done_at) == (Act.Verb.UPDATED, ada, NOON)
    assert act.note == "3 new figures: 2018; 2017; 2016."


@pytest.mark.parametrize(
    ("years", "words"),
    [
        (1, "New figure: 2015."),
        (2, "2 new figures: 2016; 2015."),
        (4, "4 new figures: 2018; 2017; 2016 …."),
    ],
)
def test_readers_are_told_of_the_newest_periods(years: int, words: str, ada: User) -> None:
    metric = metric_at("published")
    figures.approve([waiting(metric) for _ in range(years)], by=ada)

    assert Act.objects.on(metric).latest("pk").note == words


def test_readers_are_told_of_what_is_new_and_what_was_corrected(ada: User) -> None:
    metric = metric_at("published")
    correction = CorrectionFactory(observation=ObservationFactory(metric=metric))
    count = Act.objects.count()

    figures.approve([correction, waiting(metric)], by=ada)

    assert Act.objects.count() == count + 1
    assert Act.objects.on(metric).latest("pk").note == "New figure: 2016. Corrected: 2015."


@pytest.mark.parametrize("stage", ["draft", "in_review", "withdrawn"])
def test_what_the_public_does_not_see_is_approved_without_a_word(stage: str, ada: User) -> None:
    metric = metric_at(stage)
    correction = CorrectionFactory(observation=ObservationFactory(metric=metric))
    before = [list(OutcomeMetric.objects.values_list("state", "updated_at", "edit_number")), Act.objects.count()]

    assert figures.approve([waiting(metric), correction], by=ada) == 2

    assert not Observation.objects.waiting().exists()
    assert not Correction.objects.waiting().exists()
    assert [
        list(OutcomeMetric.objects.values_list("state", "updated_at", "edit_number")),
        Act.objects.count(),
    ] == before


def test_many_are_approved_with_few_questions(ada: User, grace: User) -> None:
    asked = []
    for count in (3, 60):
        metric = metric_at("published")
        rows = [waiting(metric, by=grace, period_start=str(1950 + at)) for at in range(count)]
        # A day after the publication: the search entry, which knows the second, is written anew both times.
        tomorrow = timezone.now() + datetime.timedelta(days=1)
        with CaptureQueriesContext(connection) as captured:
            figures.approve(rows, by=ada, at=tomorrow)
        asked.append(len(captured))

    assert asked[0] == asked[1]


# What an approval works out anew


def test_the_day_of_the_next_figure_is_worked_out_on_approval_and_on_publication(ada: User, grace: User) -> None:
    metric = OutcomeMetricFactory(frequency="monthly", due_after_days=10)
    figures.approve([waiting(metric, period_start="2024-01")], by=ada)
    metric.refresh_from_db()
    assert metric.next_figure_due_on == datetime.date(2024, 3, 10)

    workflow.publish(metric, by=ada)
    change = workflow.start_change(metric, by=ada)
    change.due_after_days, change.change_note = 20, "Figures come later."
    change.save()
    metric = workflow.publish(change, by=grace)
    assert metric.next_figure_due_on == datetime.date(2024, 3, 20)

    figures.approve([waiting(metric, period_start="2024-02")], by=ada)
    metric.refresh_from_db()
    assert metric.next_figure_due_on == datetime.date(2024, 4, 20)


def quarters(fewest: int | None = 5, **facts: object) -> OutcomeMetric:
    """A year of 100, with its quarters of 40, 3, 30 and 27."""
    metric = OutcomeMetricFactory(frequency="quarterly", fewest_shown=fewest, **facts)
    ObservationFactory(metric=metric, period_start="2018", value=100)
    for at, value in enumerate([40, 3, 30, 27]):
        ObservationFactory(
            metric=metric, period_start=f"2018-{at * 3 + 1:02}", period_end=f"2018-{at * 3 + 3:02}", value=value
        )
    return metric


def hidden(metric: OutcomeMetric) -> list[Decimal]:
    return [one.value for one in metric.observations.approved() if one.is_hidden]


def test_a_small_number_and_what_would_give_it_away_are_hidden_once_they_are_approved(ada: User) -> None:
    metric = quarters()
    small = metric.observations.get(value=3)
    Observation.objects.filter(pk=small.pk).update(approved_at=None)
    metric.refresh_figures()
    assert hidden(metric) == [100]  # which beside 40, 30 and 27 leaves 3

    figures.approve([small], by=ada)

    assert sorted(hidden(metric)) == [3, 100]
    assert [one.is_left_out for one in metric.observations.order_by("value")] == [False] * 4 + [True]


def test_what_was_left_out_is_shown_again_once_the_small_number_was_corrected(ada: User) -> None:
    metric = quarters()
    metric.refresh_figures()
    small = metric.observations.get(value=3)

    figures.approve([CorrectionFactory(observation=small, value=8)], by=ada)

    assert hidden(metric) == []


def test_a_correction_to_a_small_number_hides_what_would_give_it_away(ada: User) -> None:
    metric = quarters()
    Observation.objects.filter(value=3).update(value=8)
    metric.refresh_figures()
    assert hidden(metric) == []

    figures.approve([CorrectionFactory(observation=metric.observations.get(value=8), value=4)], by=ada)

    assert sorted(hidden(metric)) == [4, 100]


def test_the_smallest_number_shown_counts_from_the_day_on_which_it_is_published(ada: User, grace: User) -> None:
    metric = quarters(fewest=None, published=True)
    assert hidden(metric) == []

    change = workflow.start_change(metric, by=ada)
    change.fewest_shown, change.change_note = 5, "Small numbers are left out."
    change.save()
    metric = workflow.publish(change, by=grace)

    assert sorted(one.value for one in metric.observations.all() if one.is_hidden) == [3, 100]


def test_a_percentage_is_hidden_where_those_left_over_are_few() -> None:
    metric = OutcomeMetricFactory(rate=True, fewest_shown=5)
    shown = ObservationFactory(metric=metric, numerator=40, denominator=50)
    few_left = ObservationFactory(metric=metric, numerator=47, denominator=50)
    few = ObservationFactory(metric=metric, numerator=3, denominator=50)

    assert [one.is_hidden for one in (shown, few_left, few)] == [False, True, True]
    for one in (few_left, few):
        assert (one.figure, one.numerator_in_words, one.denominator_in_words) == (None, "", "")
        assert one.figure_in_words == "Not shown"


@pytest.mark.parametrize(("numerator", "is_hidden"), [(40, False), (48, True), (52, False)])
def test_a_rate_may_count_the_people_of_its_denominator(numerator: int, is_hidden: bool) -> None:
    metric = OutcomeMetricFactory(
        kind="rate", per=1000, numerator_label="falls", denominator_label="bed days", fewest_shown=5
    )
    assert ObservationFactory(metric=metric, numerator=numerator, denominator=50).is_hidden == is_hidden


# Corrections


def test_a_correction_changes_places_with_the_figure(ada: User, grace: User) -> None:
    source = SourceFactory(published=True)
    standing = ObservationFactory(
        entered_by=ada, entered_at=NOON, approved_by=grace, approved_at=NOON, note="By hand.", is_provisional=True
    )
    correction = CorrectionFactory(
        observation=standing, value=2500, source=source, note="", is_provisional=False, entered_by=ada
    )
    entered_at = NOON + datetime.timedelta(days=1)
    Correction.objects.update(entered_at=entered_at)
    later = NOON + datetime.timedelta(days=2)

    assert figures.approve([correction], by=grace, at=later) == 1

    now, was = Observation.objects.get(), Correction.objects.get()
    assert (now.pk, was.pk, was.observation_id) == (standing.pk, correction.pk, standing.pk)
    assert (now.value, now.source, now.note, now.is_provisional) == (2500, source, "", False)
    assert (now.entered_by, now.entered_at, now.approved_by, now.approved_at) == (ada, entered_at, grace, later)
    assert (was.value, was.source, was.note, was.is_provisional) == (2477, None, "By hand.", True)
    assert (was.entered_by, was.entered_at, was.approved_by, was.approved_at) == (ada, NOON, grace, NOON)
    assert (was.replaced_at, was.reason) == (later, "Two clinics had been counted twice.")


def test_everything_that_readers_are_told_changes_places(ada: User) -> None:
    standing = ObservationFactory(metric=OutcomeMetricFactory(rate=True), provenance="research")
    correction = CorrectionFactory(
        observation=standing, value=None, missing_reason="Never counted.", period_end="2016", provenance="GST-12"
    )
    before = [Correction.told_by(Observation.objects.get()), Correction.told_by(Correction.objects.get())]

    figures.approve([correction], by=ada)

    after = [Correction.told_by(Correction.objects.get()), Correction.told_by(Observation.objects.get())]
    assert after == before


def test_a_figure_that_was_corrected_can_be_corrected_again(ada: User) -> None:
    standing = ObservationFactory(metric=metric_at("published"))
    for day, value in enumerate([2500, 2600]):
        correction = CorrectionFactory(observation=standing, value=value, reason=f"Reason {day}.")
        figures.approve([correction], by=ada, at=NOON + datetime.timedelta(days=day))

    [row] = standing.metric.observations.for_page()
    assert (row.pk, row.value) == (standing.pk, 2600)
    assert [(one.was, one.reason) for one in row.revisions] == [
        ("2,500", "Reason 1."),
        ("2,477", "Reason 0."),
    ]


def test_a_correction_is_not_approved_by_whoever_entered_it(ada: User) -> None:
    refused(workflow.NotAllowed, "somebody else", CorrectionFactory(entered_by=ada), ada)


def test_a_correction_to_a_period_that_is_taken_is_refused_in_words(ada: User) -> None:
    metric = metric_at("published")
    standing, other = ObservationFactory(metric=metric), ObservationFactory(metric=metric)
    for start, end, words in [
        (other.period_start, other.period_end, "This period has a figure"),
        ("2016-01", "2016-12", "There is a figure of this period already: 2016: 2,477"),
    ]:
        correction = CorrectionFactory(observation=standing, period_start=start, period_end=end)
        refused(workflow.NotReady, f"The correction of 2015 cannot stand: {words}", correction, ada)
        # Not even together with figures that could stand.
        refused(workflow.NotReady, words, [waiting(metric), correction], ada)
        correction.delete()


def test_a_correction_that_says_what_stands_already_is_no_correction() -> None:
    standing = ObservationFactory()
    same = CorrectionFactory.build(observation=standing, metric=standing.metric, value=Decimal("2477.0000"))
    with pytest.raises(ValidationError, match="This is the figure as it stands"):
        same.full_clean()
    for name, value in [("note", "By hand."), ("is_provisional", True), ("period_end", "2016"), ("value", 1)]:
        other = CorrectionFactory.build(observation=standing, metric=standing.metric, **{"value": 2477, name: value})
        other.full_clean()


# Deleting


def test_what_nobody_approved_is_deleted_by_whoever_may_enter() -> None:
    author = UserFactory(rights=("change_outcomemetric",))
    figure = waiting(metric_at("published"))
    correction = CorrectionFactory()
    acts = Act.objects.count()

    figures.discard(figure, by=author)
    figures.discard(correction, by=author)

    assert list(Observation.objects.all()) == [correction.observation]
    assert not Correction.objects.exists()
    assert Act.objects.count() == acts


@pytest.mark.parametrize("four_eyes", [True, False])
def test_what_is_approved_is_deleted_by_nobody(four_eyes: bool, settings: object, ada: User, grace: User) -> None:
    settings.FOUR_EYES = four_eyes
    correction = CorrectionFactory()
    seen_earlier = [waiting(correction.metric), Correction.objects.get()]
    figures.approve(seen_earlier, by=grace)
    before = everything()

    for figure in [*seen_earlier, *Observation.objects.all(), *Correction.objects.all()]:
        with pytest.raises(workflow.WrongState, match="approved or deleted meanwhile"):
            figures.discard(figure, by=ada)

    assert everything() == before


def test_what_is_gone_is_not_deleted_again(ada: User) -> None:
    figure = waiting()
    seen_earlier = Observation.objects.get()
    figure.delete()

    with pytest.raises(workflow.WrongState):
        figures.discard(seen_earlier, by=ada)


def test_whoever_may_not_change_the_metric_deletes_no_figure_of_it() -> None:
    reader = UserFactory(rights=("delete_observation", "view_outcomemetric"))
    with pytest.raises(workflow.NotAllowed, match="You may not change the figures"):
        figures.discard(waiting(), by=reader)
    assert Observation.objects.count() == 1
