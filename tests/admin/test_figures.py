"""Figures, in the list and in the form of their metric: a change of one is a change of it, and no save is lost."""

import datetime
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.utils import timezone

from programmes.models import Observation, OutcomeMetric
from tests.admin.conftest import boxes, client_of, errors_of, messages_of, person_in, save, url_of
from tests.factories import ObservationFactory, OutcomeMetricFactory, UserFactory
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Act, Publishable, Schedule, State
from trustportal.publishing.rights import needs_other_eyes

pytestmark = pytest.mark.django_db

TYPED = {"period_start": "2024", "period_end": "2024", "value": "12"}


@pytest.fixture
def grace(db: None) -> User:
    """Somebody who publishes."""
    person = person_in("Publisher")
    person.first_name, person.last_name = "Grace", "Hopper"
    person.save()
    return person


@pytest.fixture
def theirs(grace: User) -> StrictClient:
    """Grace's browser."""
    return client_of(grace)


def add(client: StrictClient, figure: Observation) -> HttpResponse:
    return save(client, url_of(Observation, "add"), TYPED | {"metric": figure.metric_id})


def change(client: StrictClient, figure: Observation) -> HttpResponse:
    return save(client, url_of(figure, "change"), value="12")


def delete(client: StrictClient, figure: Observation) -> HttpResponse:
    return client.post(url_of(figure, "delete"), {"post": "yes"}, follow=True)


def delete_in_list(client: StrictClient, figure: Observation) -> HttpResponse:
    ticked = {"action": "delete_selected", "_selected_action": [figure.pk], "post": "yes"}
    return client.post(url_of(Observation, "changelist"), ticked, follow=True)


WAYS = [add, change, delete, delete_in_list]
Way = Callable[[StrictClient, Observation], HttpResponse]


def figures() -> list[dict[str, object]]:
    return list(Observation.objects.order_by("pk").values())


def send(client: StrictClient, record: Publishable | Observation, data: dict[str, object]) -> HttpResponse:
    """Save what is in the boxes."""
    return client.post(url_of(record, "change"), data | {"_save": "Save"}, follow=True)


def wait_for_publication(metric: OutcomeMetric) -> None:
    at, boss = timezone.now() + datetime.timedelta(days=1), UserFactory(superuser=True)
    scheduling.schedule(metric, Schedule.What.PUBLISH, due_at=at, by=boss)


# Whoever changes a figure writes in its metric


@pytest.mark.parametrize("stage", ["draft", "in_review"])
@pytest.mark.parametrize("way", WAYS)
def test_whoever_changes_a_figure_of_a_draft_does_not_publish_it(
    way: Way, stage: str, grace: User, theirs: StrictClient
) -> None:
    metric = OutcomeMetricFactory(**{} if stage == "draft" else {stage: True})
    figure, seen = ObservationFactory(metric=metric), metric.edit_number
    before = figures()
    way(theirs, figure)
    assert figures() != before
    metric.refresh_from_db()
    assert metric.edit_number == seen + 1
    act = Act.objects.on(metric).latest("pk")
    assert (act.verb, act.done_by) == (Act.Verb.EDITED, grace)
    assert needs_other_eyes(grace, metric)
    other = person_in("Publisher")
    response = client_of(other).post(url_of(metric, "act", "publish"), {"opened_at": seen}, follow=True)
    assert "Somebody saved a newer text" in messages_of(response)  # what the other read is not what is there now
    response = theirs.post(url_of(metric, "act", "publish"), {"opened_at": metric.edit_number}, follow=True)
    assert "somebody else has to publish it" in messages_of(response)
    metric.refresh_from_db()
    assert not metric.is_published
    assert workflow.publish(metric, by=other).is_published


def test_a_figure_that_was_opened_and_not_changed_is_no_save(theirs: StrictClient) -> None:
    figure = ObservationFactory()
    assert "was changed successfully" in messages_of(save(theirs, url_of(figure, "change")))
    assert not Act.objects.on(figure.metric).exists()
    figure.metric.refresh_from_db()
    assert figure.metric.edit_number == 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("role", ["Author", "Publisher", "Administrator"])
def test_while_a_metric_waits_for_its_publication_nobody_changes_its_figures(role: str, way: Way) -> None:
    figure = ObservationFactory()
    client = client_of(person_in(role))
    data = boxes(client.get(url_of(figure, "change")))
    wait_for_publication(figure.metric)
    before, acts = figures(), Act.objects.count()
    if way is change:  # the form was open already
        assert send(client, figure, data | {"value": "12"}).status_code == 403
        assert "_save" not in client.get(url_of(figure, "change")).content.decode()
    else:
        response = way(client, figure)
        assert way is not add or "Cancel the schedule first" in errors_of(response)
    assert figures() == before
    assert Act.objects.count() == acts
    scheduling.cancel(Schedule.objects.get(), by=UserFactory(superuser=True))
    way(client, figure)
    assert (figures() == before) == (role == "Author" and way in {delete, delete_in_list})


@pytest.mark.parametrize("way", WAYS)
def test_what_happened_while_the_lock_was_waited_for_counts(
    way: Way, theirs: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure, locked, waits = ObservationFactory(), workflow.locked, []

    def locked_later(record: Publishable) -> Publishable:
        if not waits:
            waits.append(True)
            wait_for_publication(record)
        return locked(record)

    before = figures()
    data = boxes(theirs.get(url_of(figure, "change"))) | {"value": "12"}
    monkeypatch.setattr(workflow, "locked", locked_later)
    if way is change:
        send(theirs, figure, data)
    else:
        way(theirs, figure)
    assert waits
    assert figures() == before
    assert not Act.objects.filter(verb=Act.Verb.EDITED).exists()


def test_several_figures_are_deleted_together_or_not_at_all(theirs: StrictClient) -> None:
    open_one, waiting = ObservationFactory(), ObservationFactory()
    wait_for_publication(waiting.metric)
    ticked = {"action": "delete_selected", "_selected_action": [open_one.pk, waiting.pk], "post": "yes"}
    assert theirs.post(url_of(Observation, "changelist"), ticked).status_code == 403
    assert Observation.objects.count() == 2
    scheduling.cancel(Schedule.objects.get(), by=UserFactory(superuser=True))
    theirs.post(url_of(Observation, "changelist"), ticked)
    assert not Observation.objects.exists()
    assert Act.objects.filter(verb=Act.Verb.EDITED).count() == 2


def test_figures_go_with_a_draft_that_is_deleted_while_it_waits(theirs: StrictClient) -> None:
    metric = ObservationFactory().metric
    wait_for_publication(metric)
    theirs.post(url_of(metric, "delete"), {"post": "yes"})
    assert not OutcomeMetric.objects.exists()
    assert not Observation.objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_what_changes_while_a_metric_is_withdrawn_is_written_down_and_is_no_news(
    way: Way, grace: User, theirs: StrictClient
) -> None:
    figure = ObservationFactory(metric=OutcomeMetricFactory(withdrawn=True))
    metric, before, acts = figure.metric, figures(), Act.objects.count()
    way(client_of(person_in("Author")), figure)
    assert (figures(), Act.objects.count()) == (before, acts)
    way(theirs, figure)
    assert figures() != before
    act = Act.objects.on(metric).latest("pk")
    period = "2024" if way is add else "2015"
    assert (act.verb, act.done_by, act.note) == (Act.Verb.CORRECTED, grace, period)
    assert Act.objects.count() == acts + 1
    was = metric.updated_at
    metric.refresh_from_db()
    assert (metric.updated_at, metric.state) == (was, State.WITHDRAWN)


# Nobody saves over a newer figure unawares


def test_a_figure_is_not_saved_over_a_newer_one_until_one_has_read_it(theirs: StrictClient) -> None:
    figure = ObservationFactory(metric=OutcomeMetricFactory(published=True))
    mine = client_of(person_in("Publisher"))
    data = boxes(mine.get(url_of(figure, "change"))) | {"value": "55", "note": "Counted again."}
    save(theirs, url_of(figure, "change"), value="2480", is_provisional="on", note="By hand.")
    before, acts = figures(), Act.objects.count()

    response = send(mine, figure, data)
    words = errors_of(response)
    assert "Somebody saved this figure after you had opened it" in words
    assert "2015: 2,480 (provisional; By hand.)" in words
    assert (figures(), Act.objects.count()) == (before, acts)
    shown = boxes(response)
    assert (shown["value"], shown["note"]) == ("55", "Counted again.")

    assert "was changed successfully" in messages_of(send(mine, figure, shown))
    figure.refresh_from_db()
    assert (figure.value, figure.note, figure.is_provisional) == (55, "Counted again.", False)
    assert Act.objects.count() == acts + 1


def test_the_second_save_is_refused_too_when_a_third_figure_came_meanwhile(theirs: StrictClient) -> None:
    figure = ObservationFactory(metric=OutcomeMetricFactory(published=True))
    mine = client_of(person_in("Publisher"))
    data = boxes(mine.get(url_of(figure, "change"))) | {"value": "55"}
    save(theirs, url_of(figure, "change"), value="1")
    data = boxes(send(mine, figure, data))
    save(theirs, url_of(figure, "change"), value="2")
    response = send(mine, figure, data)
    assert "2015: 2." in errors_of(response)
    figure.refresh_from_db()
    assert figure.value == 2
    send(mine, figure, boxes(response))
    figure.refresh_from_db()
    assert figure.value == 55


def test_a_figure_saved_while_the_lock_was_waited_for_is_newer_too(
    theirs: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure, locked = ObservationFactory(), workflow.locked
    data = boxes(theirs.get(url_of(figure, "change"))) | {"value": "55"}

    def locked_later(record: Publishable) -> Publishable:
        Observation.objects.update(value=7)
        return locked(record)

    monkeypatch.setattr(workflow, "locked", locked_later)
    assert "It is now: 2015: 7." in errors_of(send(theirs, figure, data))
    figure.refresh_from_db()
    assert figure.value == 7


@pytest.mark.parametrize("field", ["period_end", "value", "missing_reason", "is_provisional", "note", "provenance"])
def test_whatever_of_a_figure_is_newer_a_save_over_it_is_refused(field: str, theirs: StrictClient) -> None:
    figure = ObservationFactory(provenance="research")
    data = boxes(theirs.get(url_of(figure, "change"))) | {"value": "55"}
    newer = {"period_end": "2016", "value": 7, "is_provisional": True, "note": "New.", "provenance": "official"}
    newer |= {"missing_reason": "Not published."}
    more = {"value": None} if field == "missing_reason" else {}
    Observation.objects.filter(pk=figure.pk).update(**{field: newer[field], **more})
    before = figures()
    assert "Somebody saved this figure" in errors_of(send(theirs, figure, data))
    assert figures() == before


@pytest.mark.parametrize("said", [None, "", "x" * 64])
def test_a_form_that_does_not_say_which_figure_it_shows_is_refused(said: str | None, theirs: StrictClient) -> None:
    figure = ObservationFactory()
    data = boxes(theirs.get(url_of(figure, "change"))) | {"value": "55"}
    del data["as_opened"]
    before = figures()
    response = send(theirs, figure, data if said is None else data | {"as_opened": said})
    assert "Nothing of yours was saved yet" in errors_of(response)
    assert figures() == before


def test_the_parts_of_a_newer_rate_are_named(theirs: StrictClient) -> None:
    figure = ObservationFactory(metric=OutcomeMetricFactory(rate=True))
    data = boxes(theirs.get(url_of(figure, "change"))) | {"numerator": "30"}
    Observation.objects.update(numerator=1, denominator=2)
    assert "2015: 1 / 2." in errors_of(send(theirs, figure, data))


def test_the_form_of_a_metric_is_not_saved_over_a_figure_that_is_newer(theirs: StrictClient) -> None:
    metric = OutcomeMetricFactory()
    older, newest = ObservationFactory(metric=metric), ObservationFactory(metric=metric)
    mine = client_of(person_in("Author"))
    data = boxes(mine.get(url_of(metric, "change"))) | {"summary": "Mine.", "observations-1-note": "Mine too."}
    save(theirs, url_of(newest, "change"), value="55")
    before = figures()

    response = send(mine, metric, data)
    words = errors_of(response)
    assert "Grace Hopper saved this text" in words
    assert "Changed: figures." in words
    assert "It is now: 2016: 55." in words
    assert words.count("Somebody saved this figure") == 1
    assert figures() == before
    metric.refresh_from_db()
    assert metric.summary != "Mine."
    shown = boxes(response)
    assert (shown["summary"], shown["observations-1-note"]) == ("Mine.", "Mine too.")

    send(mine, metric, shown | {"observations-0-value": "55"})  # theirs is right: it is taken over
    metric.refresh_from_db()
    older.refresh_from_db()
    newest.refresh_from_db()
    assert (metric.summary, older.note, newest.value) == ("Mine.", "Mine too.", 55)


def test_a_figure_deleted_in_the_list_comes_back_only_when_one_saves_again(theirs: StrictClient) -> None:
    metric = OutcomeMetricFactory()
    gone, stays = ObservationFactory(metric=metric), ObservationFactory(metric=metric)
    mine = client_of(person_in("Author"))
    data = boxes(mine.get(url_of(metric, "change"))) | {"summary": "Mine.", "observations-1-note": "Still needed."}
    assert data["observations-1-id"] == str(gone.pk)
    delete(theirs, gone)

    response = send(mine, metric, data)
    words = errors_of(response)
    assert "Grace Hopper saved this text" in words
    assert "Changed: figures." in words
    assert "Somebody deleted this figure" in words
    assert list(metric.observations.all()) == [stays]

    assert "was changed successfully" in messages_of(send(mine, metric, boxes(response)))
    metric.refresh_from_db()
    back = metric.observations.exclude(pk=stays.pk).get()
    assert (metric.summary, back.period, back.value, back.note) == ("Mine.", "2015", 2477, "Still needed.")


def test_a_figure_added_in_the_list_stays_beside_what_was_typed(theirs: StrictClient) -> None:
    metric = ObservationFactory().metric
    mine = client_of(person_in("Author"))
    data = boxes(mine.get(url_of(metric, "change"))) | {"summary": "Mine."}
    save(theirs, url_of(Observation, "add"), TYPED | {"metric": metric.pk})
    response = send(mine, metric, data)
    assert "Changed: figures." in errors_of(response)
    assert "Somebody saved this figure" not in errors_of(response)
    send(mine, metric, boxes(response))
    metric.refresh_from_db()
    assert (metric.summary, metric.observations.count()) == ("Mine.", 2)


def test_where_the_text_alone_is_newer_no_figure_is_named(theirs: StrictClient) -> None:
    metric = ObservationFactory().metric
    mine = client_of(person_in("Author"))
    save(mine, url_of(metric, "change"), summary="Saved once.")
    data = boxes(mine.get(url_of(metric, "change"))) | {"summary": "Mine."}
    save(theirs, url_of(metric, "change"), caveats="Theirs.")
    words = errors_of(send(mine, metric, data))
    assert "Changed: Caveats." in words
    assert "figure" not in words
