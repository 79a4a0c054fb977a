"""Corrections: how an approved figure is changed, who sees what of it, and when."""

import csv
import datetime
import io

import pytest
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format

from programmes.models import Correction, Observation, OutcomeMetric
from tests.admin.conftest import boxes, client_of, errors_of, messages_of, person_in, save, url_of
from tests.admin.test_figures import (
    approve,
    approve_in_list,
    buttons,
    in_list,
    may_press,
    rows,
    send,
    somebody,
    waiting,
)
from tests.factories import CorrectionFactory, ObservationFactory, OutcomeMetricFactory, UserFactory
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, Publishable

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]

REASON = "Two clinics had been counted twice."


@pytest.fixture
def grace(db: None) -> User:
    """Somebody who publishes."""
    return person_in("Publisher")


@pytest.fixture
def theirs(grace: User) -> StrictClient:
    """Grace's browser."""
    return client_of(grace)


@pytest.fixture
def mine(db: None) -> StrictClient:
    """An author's browser."""
    return client_of(person_in("Author"))


@pytest.fixture
def standing(db: None) -> Observation:
    """An approved figure of 2015 that the public sees, and one beside it."""
    metric = OutcomeMetricFactory(published=True)
    figure = ObservationFactory(metric=metric, note="By hand.", entered_by=UserFactory(), approved_by=UserFactory())
    ObservationFactory(metric=metric, value=2600)
    return figure


def correct_page(figure: Observation) -> str:
    return f"{url_of(Correction, 'add')}?observation={figure.pk}"


def correct(client: StrictClient, figure: Observation, **typed: object) -> HttpResponse:
    """Open the form for a correction, type and save."""
    return save(client, correct_page(figure), {"reason": REASON} | typed)


def page_of(metric: OutcomeMetric) -> str:
    return StrictClient().get(metric.get_absolute_url()).content.decode()


def table_of(metric: OutcomeMetric) -> list[dict[str, str]]:
    address = f"{metric.get_absolute_url().removesuffix('/')}.csv"
    return list(csv.DictReader(io.StringIO(StrictClient().get(address).getvalue().decode())))


def links(client: StrictClient, figure: Observation) -> str:
    return client.get(url_of(figure, "change")).content.decode()


# Entering one


def test_a_correction_begins_with_the_figure_as_it_stands(mine: StrictClient, standing: Observation) -> None:
    assert f'href="{correct_page(standing)}"' in links(mine, standing)
    page = mine.get(correct_page(standing))

    sent = boxes(page)
    expected = {"period_start": "2015", "period_end": "2015", "value": "2477", "note": "By hand.", "reason": ""}
    assert expected.items() <= sent.items()
    assert not {"numerator", "denominator"} & set(sent)
    assert f"{standing.metric}: 2015: 2,477 (By hand.)" in page.content.decode()
    assert "_addanother" not in page.content.decode()


def test_a_correction_of_a_rate_shows_its_two_parts(mine: StrictClient) -> None:
    sent = boxes(mine.get(correct_page(ObservationFactory(metric=OutcomeMetricFactory(rate=True)))))
    assert (sent["numerator"], sent["denominator"]) == ("29", "49")
    assert "value" not in sent


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value": "2500", "reason": ""}, "This field is required"),
        ({"value": "2500", "reason": "  "}, "This field is required"),
        ({}, "This is the figure as it stands. Change what is wrong in it."),
        ({"value": "2477", "period_start": "2015"}, "This is the figure as it stands"),
        ({"value": ""}, "Give a value, or a numerator and a denominator, or the reason"),
        ({"period_start": "2017"}, "A period does not end before it begins"),
    ],
)
def test_a_correction_says_why_and_something_else(
    typed: dict[str, str], words: str, mine: StrictClient, standing: Observation
) -> None:
    response = correct(mine, standing, **typed)
    assert words in errors_of(response)
    assert not Correction.objects.exists()
    assert boxes(response)["note"] == "By hand."


@pytest.mark.parametrize(
    "query", ["", "?observation=", "?observation=x", "?observation=0", f"?observation={'9' * 5000}"]
)
def test_a_correction_is_of_an_approved_figure(query: str, theirs: StrictClient) -> None:
    assert theirs.get(url_of(Correction, "add") + query).status_code == 404
    assert theirs.post(url_of(Correction, "add") + query, {"reason": REASON, "value": "1"}).status_code == 404
    figure = waiting()
    assert "Correct this figure" not in links(theirs, figure)
    assert theirs.get(correct_page(figure)).status_code == 404
    assert theirs.post(correct_page(figure), {"reason": REASON, "value": "1"}).status_code == 404
    assert not Correction.objects.exists()


def test_no_page_leads_to_a_correction_of_nothing(theirs: StrictClient, standing: Observation) -> None:
    correct(theirs, standing, value="2500")
    for page in ("/admin/", "/admin/programmes/", url_of(Correction, "changelist")):
        assert f'href="{url_of(Correction, "add")}' not in theirs.get(page).content.decode()


def test_a_correction_cannot_be_led_to_another_figure(mine: StrictClient, standing: Observation) -> None:
    other = ObservationFactory(value=1)
    correct(mine, standing, value="2500", observation=other.pk, metric=other.metric_id)
    correction = Correction.objects.get()
    assert (correction.observation, correction.metric) == (standing, standing.metric)


# One is open at a time


def test_a_second_person_is_led_to_the_open_correction(
    mine: StrictClient, theirs: StrictClient, standing: Observation
) -> None:
    correct(mine, standing, value="2500")
    open_one = url_of(Correction.objects.get(), "change")
    assert f'href="{open_one}"' in links(theirs, standing)
    assert correct_page(standing) not in links(theirs, standing)
    response = theirs.get(correct_page(standing))
    assert (response.status_code, response.url) == (302, open_one)


def test_of_two_who_correct_a_figure_at_once_the_second_is_told(
    mine: StrictClient, theirs: StrictClient, standing: Observation, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = boxes(theirs.get(correct_page(standing))) | {"value": "2600", "reason": "Mine."}
    correct(mine, standing, value="2500")
    response = theirs.post(correct_page(standing), data)
    assert "waits to be approved already. Change that one." in errors_of(response)
    assert boxes(response)["value"] == "2600"
    Correction.objects.all().delete()

    # And where the other one saves while the second waits for the lock.
    locked = workflow.locked

    def locked_later(record: Publishable) -> Publishable:
        CorrectionFactory(observation=standing)
        return locked(record)

    monkeypatch.setattr(workflow, "locked", locked_later)
    response = theirs.post(correct_page(standing), data)
    assert "waits to be approved already. Change that one." in errors_of(response)
    assert Correction.objects.get().value == 2500


def test_a_figure_that_was_corrected_meanwhile_is_not_corrected_back_unawares(
    mine: StrictClient, theirs: StrictClient, standing: Observation
) -> None:
    data = boxes(mine.get(correct_page(standing))) | {"note": "By machine.", "reason": "It was."}
    approve(theirs, CorrectionFactory(observation=standing))

    response = mine.post(correct_page(standing), data)
    assert "It is now: 2015: 2,500." in errors_of(response)
    assert not Correction.objects.waiting().exists()
    assert boxes(response)["note"] == "By machine."
    mine.post(correct_page(standing), boxes(response) | {"value": "2500"})
    assert Correction.objects.waiting().get().note == "By machine."


def test_the_metric_may_be_deleted_meanwhile(theirs: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    figure, locked = ObservationFactory(), workflow.locked
    data = boxes(theirs.get(correct_page(figure))) | {"value": "1", "reason": REASON}

    def locked_too_late(record: Publishable) -> Publishable:
        OutcomeMetric.objects.all().delete()
        return locked(record)

    monkeypatch.setattr(workflow, "locked", locked_too_late)
    assert theirs.post(correct_page(figure), data).status_code == 404


# Until it is approved


@pytest.mark.parametrize("role", ["Author", "Publisher", "Administrator", "superuser"])
def test_an_open_correction_is_changed_and_deleted_like_a_figure(role: str, standing: Observation) -> None:
    person = somebody(role)
    client, acts = client_of(person), Act.objects.count()
    correction = CorrectionFactory(observation=standing, entered_by=UserFactory())
    save(client, url_of(correction, "change"), value="2400")
    correction.refresh_from_db()
    assert (correction.value, correction.entered_by) == (2400, person)
    assert "This is the figure as it stands" in errors_of(
        save(client, url_of(correction, "change"), value="2477", note="By hand.")
    )
    client.post(url_of(correction, "delete"), {"post": "yes"})
    in_list(client, "delete_selected", CorrectionFactory(observation=standing), post="yes")
    assert not Correction.objects.exists()
    assert Act.objects.count() == acts
    standing.refresh_from_db()
    assert standing.value == 2477


def test_readers_see_the_figure_as_it_was_until_the_correction_is_approved(
    mine: StrictClient, theirs: StrictClient, standing: Observation
) -> None:
    page, table = page_of(standing.metric), table_of(standing.metric)
    correct(mine, standing, value="2500", note="By machine.")
    assert (page_of(standing.metric), table_of(standing.metric)) == (page, table)

    approve(theirs, Correction.objects.get())

    now, today = page_of(standing.metric), date_format(timezone.localdate(), "j F Y")
    assert f"Revised on {today}: {REASON} It was: 2,477 (By hand.)." in now
    assert "By machine." in now
    assert ">2,500<" in now
    assert now.count("2,477") == 1
    row = table_of(standing.metric)[0]
    assert (row["period_start"], row["value"], row["note"]) == ("2015", "2500", "By machine.")


def test_the_figure_keeps_its_key_and_the_correction_who_answered_for_the_old_one(
    mine: StrictClient, theirs: StrictClient, standing: Observation, grace: User
) -> None:
    author = User.objects.get(pk=mine.session["_auth_user_id"])
    correct(mine, standing, value="2500")
    correction = Correction.objects.get()
    assert (correction.entered_by, correction.is_approved) == (author, False)

    approve(theirs, correction)

    now, was = Observation.objects.get(pk=standing.pk), Correction.objects.get()
    assert (now.value, now.entered_by, now.approved_by) == (2500, author, grace)
    assert (was.pk, was.value, was.observation) == (correction.pk, 2477, now)
    assert (was.entered_by, was.approved_by, was.approved_at) == (
        standing.entered_by,
        standing.approved_by,
        standing.approved_at,
    )
    assert f'id="figure-{standing.pk}"' in page_of(standing.metric)
    assert Act.objects.on(standing.metric).latest("pk").note == "Corrected: 2015."
    assert f'href="{correct_page(standing)}"' in links(mine, standing)


def test_a_figure_corrected_twice_shows_both_the_last_first(theirs: StrictClient, standing: Observation) -> None:
    for value, reason in [("2500", "First reason."), ("2550", "Second reason.")]:
        correct(client_of(person_in("Author")), standing, value=value, reason=reason)
        approve(theirs, Correction.objects.waiting().get())
    at = timezone.now() - datetime.timedelta(days=40)
    Correction.objects.filter(reason="First reason.").update(replaced_at=at)

    page = page_of(standing.metric)
    first = f"Revised on {date_format(timezone.localdate(at), 'j F Y')}: First reason. It was: 2,477"
    second = f"Revised on {date_format(timezone.localdate(), 'j F Y')}: Second reason. It was: 2,500"
    assert 0 < page.index(">2,550<") < page.index(second) < page.index(first)


def test_a_figure_can_be_corrected_to_none(theirs: StrictClient, standing: Observation) -> None:
    correct(client_of(person_in("Author")), standing, value="", missing_reason="Nobody counted.", note="")
    approve(theirs, Correction.objects.get())
    page = page_of(standing.metric)
    assert "Nobody counted." in page
    assert f"{REASON} It was: 2,477 (By hand.)." in page
    row = table_of(standing.metric)[0]
    assert (row["value"], row["missing_reason"]) == ("", "Nobody counted.")


def test_a_corrected_period_is_told_with_the_figure_that_it_had(theirs: StrictClient, standing: Observation) -> None:
    correct(client_of(person_in("Author")), standing, period_start="2014", period_end="2014")
    approve(theirs, Correction.objects.get())
    page = page_of(standing.metric)
    assert f"{REASON} It was: 2015: 2,477 (By hand.)." in page
    assert [row["period_start"] for row in table_of(standing.metric)] == ["2014", "2016"]


@pytest.mark.parametrize("stage", [{}, {"withdrawn": True}])
def test_a_correction_of_what_the_public_does_not_see_is_no_news(stage: dict[str, bool], theirs: StrictClient) -> None:
    figure = ObservationFactory(metric=OutcomeMetricFactory(**stage))
    acts, before = Act.objects.count(), OutcomeMetric.objects.values_list("updated_at", "edit_number", "state").get()
    correct(client_of(person_in("Author")), figure, value="2500")
    approve(theirs, Correction.objects.get())
    figure.refresh_from_db()
    assert figure.value == 2500
    assert Act.objects.count() == acts
    assert OutcomeMetric.objects.values_list("updated_at", "edit_number", "state").get() == before


# Who approves it, and what stands against it


def test_whoever_entered_a_correction_does_not_approve_it(theirs: StrictClient, standing: Observation) -> None:
    correct(theirs, standing, value="2500")
    correction = Correction.objects.get()
    assert not may_press(theirs, correction)
    page = theirs.get(url_of(correction, "change"))
    assert "You entered it yourself" in page.content.decode()
    before = rows()
    theirs.post(url_of(correction, "approve"), {"as_opened": boxes(page)["as_opened"]})
    in_list(theirs, "approve_chosen", correction)
    assert rows() == before
    approve(client_of(person_in("Publisher")), standing.metric)
    standing.refresh_from_db()
    assert standing.value == 2500


@pytest.mark.parametrize("typed", [{"period_start": "2016", "period_end": "2016"},
                                   {"period_start": "January 2016", "period_end": "December 2016"}])  # fmt: skip
def test_a_correction_to_a_period_that_is_taken_is_refused_with_words_and_changes_nothing(
    typed: dict[str, str], theirs: StrictClient, standing: Observation
) -> None:
    correct(client_of(person_in("Author")), standing, **typed)
    correction = Correction.objects.get()
    before, acts = rows(), Act.objects.count()
    for said in (
        messages_of(approve(theirs, correction)),
        messages_of(approve(theirs, standing.metric)),
        approve_in_list(theirs, correction),
    ):
        assert "The correction of 2015 cannot stand" in said
    assert (rows(), Act.objects.count()) == (before, acts)


@pytest.mark.parametrize("field", ["value", "note", "reason"])
def test_a_correction_that_reads_otherwise_by_now_is_not_approved(
    field: str, theirs: StrictClient, standing: Observation
) -> None:
    correction = CorrectionFactory(observation=standing)
    urls = {url_of(correction, "approve"): correction, url_of(standing.metric, "approve_figures"): standing.metric}
    pressed = {url: buttons(theirs.get(url_of(record, "change")))[url] for url, record in urls.items()}
    data = boxes(theirs.get(url_of(correction, "change"))) | {"provenance": "GST-12"}
    save(client_of(person_in("Author")), url_of(correction, "change"), {field: "7"})
    before = rows()
    for url, sent in pressed.items():
        assert "after you had opened" in messages_of(theirs.post(url, sent, follow=True))
    assert "Somebody saved this figure" in errors_of(send(theirs, correction, data))
    assert rows() == before


@pytest.mark.parametrize("role", ["Author", "Publisher", "Administrator", "superuser"])
def test_nobody_changes_or_deletes_what_stood_before(role: str, theirs: StrictClient, standing: Observation) -> None:
    correction = CorrectionFactory(observation=standing)
    approve(theirs, correction)
    client, before = client_of(somebody(role)), rows()

    page = client.get(url_of(correction, "change"))
    assert "Approved on" in page.content.decode()
    assert not {"value", "reason", "as_opened"} & set(boxes(page))
    assert "Correct this figure" not in page.content.decode()
    for data in ({}, {"value": "1", "reason": "Forged."}):
        assert client.post(url_of(correction, "change"), data).status_code == 403
    assert client.post(url_of(correction, "delete"), {"post": "yes"}).status_code == 403
    assert in_list(client, "delete_selected", correction, post="yes").status_code == 403
    if role != "Author":
        client.post(url_of(correction, "approve"), {"as_opened": ""})
        in_list(client, "approve_chosen", correction)
    assert client.post(url_of(standing, "delete"), {"post": "yes"}).status_code == 403
    assert rows() == before
