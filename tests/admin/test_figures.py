"""Figures: somebody enters them, period after period; somebody else approves them; then nobody changes them."""

import datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programmes.models import Correction, Observation, OutcomeMetric
from tests.admin.conftest import boxes, client_of, errors_of, messages_of, person_in, save, url_of
from tests.admin.test_pages import queries, warm
from tests.factories import (
    CorrectionFactory,
    ObservationFactory,
    OutcomeMetricFactory,
    RemitFactory,
    SourceFactory,
    UserFactory,
)
from tests.strict_client import StrictClient, parsed
from trustportal.accounts.models import User
from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Act, Publishable, Schedule

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]

TYPED = {"period_start": "2024", "period_end": "2024", "value": "12"}
ROLES = ["Author", "Publisher", "Administrator", "superuser"]
STAGES = ["draft", "in_review", "published", "withdrawn"]


def somebody(role: str) -> User:
    """A person in a role, or one who may do everything."""
    return UserFactory(superuser=True) if role == "superuser" else person_in(role)


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


def add_page(metric: OutcomeMetric) -> str:
    return f"{url_of(Observation, 'add')}?{urlencode({'metric': metric.pk})}"


def waiting(metric: OutcomeMetric | None = None, by: User | None = None, **facts: object) -> Observation:
    """A figure that somebody entered."""
    metric = metric or OutcomeMetricFactory()
    return ObservationFactory(entered=True, entered_by=by, entered_at=timezone.now(), metric=metric, **facts)


def metric_at(stage: str, **facts: object) -> OutcomeMetric:
    return OutcomeMetricFactory(**{} if stage == "draft" else {stage: True}, **facts)


def rows() -> list[list[dict[str, object]]]:
    """All figures and corrections."""
    return [list(model.objects.order_by("pk").values()) for model in (Observation, Correction)]


def send(client: StrictClient, record: Model, data: dict[str, object]) -> HttpResponse:
    """Save what is in the boxes."""
    return client.post(url_of(record, "change"), data | {"_save": "Save"}, follow=True)


def buttons(response: HttpResponse) -> dict[str, dict[str, str]]:
    """The small forms of a page that have one button: by their address, what they send."""
    page = parsed(response.content.decode())[0]
    found = {}
    for form in page.iter("form"):
        if form.get("action") and form.get("id") is None:
            found[form.get("action")] = {box.get("name"): box.get("value") for box in form.iter("input")}
    return found


def approve(client: StrictClient, record: Model) -> HttpResponse:
    """Open a figure or a metric and press the button that approves; there is one."""
    found = buttons(client.get(url_of(record, "change")))
    [address] = [address for address in found if "approve" in address]
    return client.post(address, found[address], follow=True)


def may_press(client: StrictClient, record: Model) -> bool:
    return any("approve" in address for address in buttons(client.get(url_of(record, "change"))))


def in_list(client: StrictClient, action: str, *ticked: Model, **more: object) -> HttpResponse:
    data = {"action": action, "_selected_action": [row.pk for row in ticked], **more}
    return client.post(url_of(type(ticked[0]), "changelist"), data, follow=True)


def approve_in_list(client: StrictClient, *ticked: Model) -> str:
    """Choose figures in the list, read them, and approve them. Gives all that was said."""
    asked = in_list(client, "approve_chosen", *ticked)
    said = messages_of(asked)
    if "rows" in asked.context:
        said = f"{said} {messages_of(confirm(client, asked, type(ticked[0])))}"
    return said


def confirm(client: StrictClient, asked: HttpResponse, model: type[Model]) -> HttpResponse:
    """Press the button of the page that shows the chosen figures."""
    page = parsed(asked.content.decode())[0]
    [form] = [form for form in page.iter("form") if form.get("id") == "approve_form"]
    sent: dict[str, list[str]] = {}
    for box in form.iter("input"):
        sent.setdefault(box.get("name"), []).append(box.get("value"))
    return client.post(url_of(model, "changelist"), sent, follow=True)


# Entering


@pytest.mark.parametrize(("rate", "shown"), [(False, {"value"}), (True, {"numerator", "denominator"})])
def test_the_form_for_a_metric_asks_for_what_the_metric_counts(
    rate: bool, shown: set[str], theirs: StrictClient
) -> None:
    metric = OutcomeMetricFactory(rate=rate)
    sent = boxes(theirs.get(add_page(metric)))

    assert {"value", "numerator", "denominator"} & set(sent) == shown
    assert sent["metric"] == str(metric.pk)
    assert sent["period_start"] == sent["period_end"] == ""  # nobody knows which is the first


@pytest.mark.parametrize(
    "asked", ["", "?metric=", "?metric=x", "?metric=0", f"?metric={'9' * 30}", f"?metric={'9' * 5000}"]
)
def test_while_the_metric_is_not_known_every_box_is_there(asked: str, theirs: StrictClient) -> None:
    sent = boxes(theirs.get(url_of(Observation, "add") + asked))
    assert {"value", "numerator", "denominator"} <= set(sent)
    assert (sent["metric"], sent["period_start"]) == ("", "")


@pytest.mark.parametrize(
    ("frequency", "typed", "following"),
    [
        ("yearly", ("2017", "2017"), ("2018", "2018")),
        ("yearly", ("April 2017", "March 2018"), ("April 2018", "March 2019")),
        ("monthly", ("November 2017", "November 2017"), ("December 2017", "December 2017")),
        ("monthly", ("12/2017", "2017-12"), ("January 2018", "January 2018")),
        ("quarterly", ("October 2017", "December 2017"), ("January 2018", "March 2018")),
        ("weekly", ("25 December 2017", "31 December 2017"), ("1 January 2018", "7 January 2018")),
    ],
)
def test_one_goes_on_to_the_next_period_with_one_button(
    frequency: str, typed: tuple[str, str], following: tuple[str, str], theirs: StrictClient, grace: User
) -> None:
    metric = OutcomeMetricFactory(frequency=frequency)
    page = theirs.get(add_page(metric))
    assert "Save and add the next period" in page.content.decode()

    data = boxes(page) | {"period_start": typed[0], "period_end": typed[1], "value": "12"}
    response = theirs.post(add_page(metric), data | {"_addanother": "1"}, follow=True)

    assert "It waits to be approved." in messages_of(response)
    sent = boxes(response)
    assert (sent["metric"], sent["period_start"], sent["period_end"], sent["value"]) == (str(metric.pk), *following, "")
    figure = Observation.objects.get()
    assert (figure.value, figure.entered_by, figure.is_approved) == (12, grace, False)

    # And again, from what was filled in; and from a figure that was entered before.
    response = theirs.post(add_page(metric), sent | {"value": "13", "_addanother": "1"}, follow=True)
    assert Observation.objects.count() == 2
    after_next = boxes(response)
    assert after_next["period_start"] not in {*typed, *following}
    newest = Observation.objects.get(value=13)
    response = theirs.post(
        url_of(newest, "change"), boxes(theirs.get(url_of(newest, "change"))) | {"_addanother": "1"}, follow=True
    )
    assert boxes(response) | {"csrfmiddlewaretoken": ""} == after_next | {"csrfmiddlewaretoken": ""}


def test_after_the_last_period_no_other_is_filled_in(theirs: StrictClient) -> None:
    metric = OutcomeMetricFactory(frequency="monthly", last_period="2019-03")
    for period, following in [("2019-02", "March 2019"), ("2019-03", "")]:
        data = boxes(theirs.get(add_page(metric))) | {"period_start": period, "period_end": period, "value": "1"}
        sent = boxes(theirs.post(add_page(metric), data | {"_addanother": "1"}, follow=True))
        assert (sent["metric"], sent["period_start"], sent["period_end"]) == (str(metric.pk), following, following)


def test_what_is_counted_once_has_no_next_period(theirs: StrictClient) -> None:
    figure = waiting(OutcomeMetricFactory(frequency="once"))
    for url in (add_page(figure.metric), url_of(figure, "change")):
        assert "the next period" not in theirs.get(url).content.decode()
    assert boxes(theirs.get(add_page(figure.metric)))["period_start"] == ""


def test_figures_without_a_period_fill_in_none(theirs: StrictClient) -> None:
    figure = waiting(period_start=None, period_end=None)
    assert boxes(theirs.get(add_page(figure.metric)))["period_start"] == ""


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("role", ROLES)
def test_figures_are_entered_changed_and_deleted_until_they_are_approved_and_that_is_no_writing(
    role: str, stage: str
) -> None:
    metric, person = metric_at(stage), somebody(role)
    client, acts = client_of(person), Act.objects.count()
    before = OutcomeMetric.objects.values().get()

    save(client, add_page(metric), TYPED)
    figure = metric.observations.get()
    assert (figure.value, figure.entered_by, figure.approved_at) == (12, person, None)
    save(client, url_of(figure, "change"), value="13")
    figure.refresh_from_db()
    assert figure.value == 13
    client.post(url_of(figure, "delete"), {"post": "yes"})
    assert not metric.observations.exists()
    for figure in (waiting(metric), waiting(metric)):
        in_list(client, "delete_selected", figure, post="yes")
    assert not metric.observations.exists()

    assert OutcomeMetric.objects.values().get() == before
    assert Act.objects.count() == acts


def test_figures_are_entered_and_approved_while_the_metric_waits_for_its_publication(theirs: StrictClient) -> None:
    figure = waiting()
    at = timezone.now() + datetime.timedelta(days=1)
    scheduling.schedule(figure.metric, Schedule.What.PUBLISH, due_at=at, by=UserFactory(superuser=True))

    approve(theirs, figure)
    save(theirs, add_page(figure.metric), TYPED)

    assert [one.is_approved for one in figure.metric.observations.order_by("pk")] == [True, False]
    assert Schedule.objects.exists()


def test_whoever_enters_a_figure_of_a_draft_may_publish_the_draft(theirs: StrictClient) -> None:
    metric = OutcomeMetricFactory()
    save(theirs, add_page(metric), TYPED)
    theirs.post(url_of(metric, "act", "publish"), {"opened_at": metric.edit_number})
    metric.refresh_from_db()
    assert metric.is_published
    assert not Observation.objects.approved().exists()


def test_a_figure_stays_with_its_metric(theirs: StrictClient) -> None:
    figure, other = waiting(), OutcomeMetricFactory()
    save(theirs, url_of(figure, "change"), metric=other.pk, value="13")
    figure.refresh_from_db()
    assert (figure.metric == other, figure.value) == (False, 13)


def test_a_figure_of_a_working_copy_cannot_be_entered(theirs: StrictClient, superuser: User) -> None:
    metric = OutcomeMetricFactory(published=True)
    change = workflow.start_change(metric, by=superuser)
    data = boxes(theirs.get(add_page(metric))) | TYPED
    assert "Select a valid choice" in errors_of(theirs.post(add_page(metric), data | {"metric": change.pk}))
    assert boxes(theirs.get(add_page(change)))["metric"] == ""
    assert "figures-heading" not in theirs.get(url_of(change, "change")).content.decode()
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value": ""}, "Give a value, or a numerator and a denominator, or the reason"),
        ({"value": "12", "missing_reason": "Not published."}, "Give a value, or a numerator and a denominator"),
        ({"period_end": ""}, "A period has a beginning and an end"),
        ({"period_end": "2023"}, "A period does not end before it begins"),
        ({"period_start": "2015", "period_end": "2015"}, "This period has a figure"),
        (
            {"period_start": "January 2015", "period_end": "31 December 2015"},
            "There is a figure of this period already",
        ),
        ({"period_start": "", "period_end": ""}, "There is a figure without a period already"),
        ({"value": "1,200"}, "Enter a number"),
    ],
)
def test_what_is_no_figure_is_refused_in_words(typed: dict[str, str], words: str, theirs: StrictClient) -> None:
    figure = waiting()
    waiting(figure.metric, period_start=None, period_end=None)
    before = rows()
    response = save(theirs, add_page(figure.metric), TYPED | typed)
    assert words in errors_of(response)
    assert rows() == before
    assert boxes(response)["value"] == (TYPED | typed)["value"]


def test_a_figure_for_a_metric_of_the_other_sort_is_refused_in_words(theirs: StrictClient) -> None:
    count, rate = OutcomeMetricFactory(), OutcomeMetricFactory(rate=True)
    parts = {"value": "", "numerator": "1", "denominator": "2"}
    for metric, opened_for, typed, words in [
        (rate, count, {}, "give the numerator and the denominator, not the rate itself"),
        (count, rate, parts, "give the value alone"),
    ]:
        response = save(theirs, add_page(opened_for), TYPED | typed, metric=metric.pk)
        assert words in errors_of(response)
    assert not Observation.objects.exists()


def test_a_forged_form_for_a_new_figure_is_no_fault_of_the_server(theirs: StrictClient) -> None:
    metric = OutcomeMetricFactory()
    save(theirs, add_page(metric), TYPED, as_opened="x" * 64)
    assert Observation.objects.get().value == 12


def test_a_metric_that_was_deleted_meanwhile_is_said(theirs: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    metric, locked = OutcomeMetricFactory(), workflow.locked
    data = boxes(theirs.get(add_page(metric))) | TYPED

    def locked_too_late(record: Publishable) -> Publishable:
        OutcomeMetric.objects.all().delete()
        return locked(record)

    monkeypatch.setattr(workflow, "locked", locked_too_late)
    assert "no longer there" in errors_of(theirs.post(url_of(Observation, "add"), data))


# Four eyes


@pytest.mark.parametrize("role", ["Publisher", "Administrator", "superuser"])
def test_whoever_entered_a_figure_cannot_approve_it_and_another_publisher_can(
    role: str, theirs: StrictClient, grace: User
) -> None:
    person = somebody(role)
    client, metric = client_of(person), OutcomeMetricFactory()
    save(client, add_page(metric), TYPED)
    figure = metric.observations.get()

    page = client.get(url_of(figure, "change"))
    assert "You entered it yourself, so somebody else has to approve it." in page.content.decode()
    assert not may_press(client, figure)
    assert not may_press(client, metric)
    before = rows()
    response = client.post(url_of(figure, "approve"), {"as_opened": boxes(page)["as_opened"]}, follow=True)
    assert "somebody else than who entered it does" in messages_of(response)
    response = in_list(client, "approve_chosen", figure)
    assert "1 figure of" in messages_of(response)
    assert "was left: you entered it yourself" in messages_of(response)
    assert rows() == before

    assert "was approved" in messages_of(approve(theirs, figure))
    figure.refresh_from_db()
    assert (figure.entered_by, figure.approved_by) == (person, grace)
    assert figure.approved_at
    words = f"Approved on {timezone.localdate().strftime('%-d %B %Y')} by Grace Hopper"
    assert words in theirs.get(url_of(figure, "change")).content.decode()


@pytest.mark.parametrize("way", ["figure", "metric", "list"])
def test_with_two_eyes_the_same_person_approves(way: str, theirs: StrictClient, grace: User, settings: object) -> None:
    settings.FOUR_EYES = False
    metric = OutcomeMetricFactory()
    save(theirs, add_page(metric), TYPED)
    figure = metric.observations.get()
    {
        "figure": lambda: approve(theirs, figure),
        "metric": lambda: approve(theirs, metric),
        "list": lambda: approve_in_list(theirs, figure),
    }[way]()
    figure.refresh_from_db()
    assert (figure.entered_by, figure.approved_by) == (grace, grace)


@pytest.mark.parametrize("four_eyes", [True, False])
@pytest.mark.parametrize("by", [None, "author", "other"])
def test_an_author_never_approves(by: str | None, four_eyes: bool, settings: object) -> None:
    settings.FOUR_EYES = four_eyes
    author = person_in("Author")
    client = client_of(author)
    figure = waiting(by={None: None, "author": author, "other": UserFactory()}[by])
    before = rows()

    for record in (figure, figure.metric):
        assert not may_press(client, record)
    assert "approve_chosen" not in client.get(url_of(Observation, "changelist")).content.decode()
    page = boxes(client.get(url_of(figure, "change")))
    assert client.post(url_of(figure, "approve"), {"as_opened": page["as_opened"]}).status_code == 403
    newest = buttons(client_of(UserFactory(superuser=True)).get(url_of(figure.metric, "change")))
    for sent in newest.values():
        assert client.post(url_of(figure.metric, "approve_figures"), sent).status_code == 403
    in_list(client, "approve_chosen", figure)
    assert rows() == before


def test_a_figure_that_nobody_entered_is_approved_by_any_publisher(theirs: StrictClient, grace: User) -> None:
    figure = ObservationFactory(entered=True)
    approve(theirs, figure)
    figure.refresh_from_db()
    assert (figure.entered_by, figure.approved_by) == (None, grace)


@pytest.mark.parametrize("is_correction", [True, False])
def test_whoever_changes_a_figure_has_entered_it_too_and_a_third_person_approves_it(
    is_correction: bool, theirs: StrictClient, grace: User
) -> None:
    other, third = person_in("Publisher"), person_in("Publisher")
    metric = OutcomeMetricFactory()
    first = client_of(other)
    if is_correction:
        standing = ObservationFactory(metric=metric)
        save(first, f"{url_of(Correction, 'add')}?observation={standing.pk}", value="9999", reason="Counted anew.")
        figure = Correction.objects.get()
    else:
        save(first, add_page(metric), TYPED)
        figure = metric.observations.get()
    save(theirs, url_of(figure, "change"), note="Spelled rightly.")
    figure.refresh_from_db()
    assert (figure.note, figure.entered_by) == ("Spelled rightly.", grace)

    for client in (first, theirs):
        page = client.get(url_of(figure, "change"))
        assert "You entered it yourself" in page.content.decode()
        assert not may_press(client, figure)
        assert not may_press(client, metric)
        before = rows()
        client.post(url_of(figure, "approve"), {"as_opened": boxes(page)["as_opened"]})
        assert "was left: you entered it yourself" in approve_in_list(client, figure)
        assert rows() == before

    approve(client_of(third), figure)
    figure.refresh_from_db()
    assert figure.is_approved
    assert not figure.also_entered_by.exists()


def test_a_figure_that_several_people_wrote_can_be_deleted(theirs: StrictClient) -> None:
    figure = waiting(by=UserFactory())
    save(theirs, url_of(figure, "change"), value="55")
    assert figure.also_entered_by.exists()
    theirs.post(url_of(figure, "delete"), {"post": "yes"})
    assert not Observation.objects.exists()


def test_whoever_saves_a_figure_without_a_change_has_not_entered_it(theirs: StrictClient) -> None:
    figure = waiting(by=UserFactory(), note="Counted\tby hand.", is_provisional=True, source=SourceFactory())
    before = rows()
    assert "was changed successfully" in messages_of(save(theirs, url_of(figure, "change")))
    assert rows() == before
    assert may_press(theirs, figure)


def test_acts_are_sent_and_never_followed_as_links(theirs: StrictClient) -> None:
    figure = waiting()
    for url in (url_of(figure, "approve"), url_of(figure.metric, "approve_figures")):
        assert theirs.get(url).status_code == 405
    assert not Observation.objects.approved().exists()


def test_without_a_role_nothing_is_heard_of_figures() -> None:
    client, figure = client_of(UserFactory(is_staff=True)), waiting()
    for url in (url_of(figure, "approve"), url_of(figure.metric, "approve_figures")):
        assert client.post(url).status_code == 403
    for url in (url_of(figure, "change"), url_of(Observation, "changelist"), url_of(Correction, "changelist")):
        assert client.get(url).status_code == 403


# What is approved is locked


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_or_deletes_what_is_approved(role: str, stage: str) -> None:
    metric = metric_at(stage)
    figure, entered = ObservationFactory(metric=metric), waiting(metric)
    client = client_of(somebody(role))
    before = rows()

    page = client.get(url_of(figure, "change"))
    assert "It is locked." in page.content.decode()
    assert not {"value", "note", "as_opened"} & set(boxes(page))
    for button in ("_save", "_addanother", "_continue"):
        assert f'name="{button}"' not in page.content.decode()
    for data in ({}, TYPED, TYPED | {"as_opened": ""}, TYPED | {"_addanother": "1", "metric": metric.pk}):
        assert client.post(url_of(figure, "change"), data).status_code == 403
    assert client.get(url_of(figure, "delete")).status_code == 403
    assert client.post(url_of(figure, "delete"), {"post": "yes"}).status_code == 403
    assert in_list(client, "delete_selected", figure, post="yes").status_code == 403
    assert in_list(client, "delete_selected", entered, figure, post="yes").status_code == 403  # nor the one beside it
    if role != "Author":
        client.post(url_of(figure, "approve"), {"as_opened": ""})
        assert "None of the chosen figures waits" in messages_of(in_list(client, "approve_chosen", figure))
    assert rows() == before


@pytest.mark.parametrize("way", ["change", "delete", "delete_selected", "approve", "approve_chosen", "approve_figures"])
def test_what_was_approved_while_the_lock_was_waited_for_stays(
    way: str, theirs: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure, other, locked = waiting(), UserFactory(), workflow.locked
    data = boxes(theirs.get(url_of(figure, "change"))) | {"value": "55"}
    pressed = buttons(theirs.get(url_of(figure.metric, "change"))).get(url_of(figure.metric, "approve_figures"))
    at = timezone.now()

    def locked_later(record: Publishable) -> Publishable:
        Observation.objects.filter(approved_at=None).update(approved_at=at, approved_by=other)
        return locked(record)

    monkeypatch.setattr(workflow, "locked", locked_later)
    {
        "change": lambda: send(theirs, figure, data),
        "delete": lambda: theirs.post(url_of(figure, "delete"), {"post": "yes"}),
        "delete_selected": lambda: in_list(theirs, way, figure, post="yes"),
        "approve": lambda: theirs.post(url_of(figure, "approve"), {"as_opened": data["as_opened"]}),
        "approve_chosen": lambda: in_list(theirs, way, figure),
        "approve_figures": lambda: theirs.post(url_of(figure.metric, way), pressed),
    }[way]()
    monkeypatch.undo()
    figure.refresh_from_db()
    assert figure.value == 2477
    # A refusal rolls back what happened in its transaction, here also what the other one did.
    assert (figure.approved_by, figure.approved_at) in {(other, at), (None, None)}


def test_figures_go_with_a_draft_that_is_deleted(theirs: StrictClient) -> None:
    metric = CorrectionFactory().metric
    waiting(metric)
    theirs.post(url_of(metric, "delete"), {"post": "yes"})
    assert not OutcomeMetric.objects.exists()
    assert not Observation.objects.exists()
    assert not Correction.objects.exists()


# Nobody saves over, or approves, what they have not read


def test_a_figure_is_not_saved_over_a_newer_one_until_one_has_read_it(theirs: StrictClient, grace: User) -> None:
    figure = waiting(OutcomeMetricFactory(published=True))
    mine = client_of(person_in("Author"))
    data = boxes(mine.get(url_of(figure, "change"))) | {"value": "55", "note": "Counted again."}
    save(theirs, url_of(figure, "change"), value="2480", is_provisional="on", note="By hand.")
    before = rows()

    response = send(mine, figure, data)
    words = errors_of(response)
    assert "Somebody saved this figure after you had opened it" in words
    assert "2015: 2,480 (provisional; By hand.)" in words
    assert rows() == before
    shown = boxes(response)
    assert (shown["value"], shown["note"]) == ("55", "Counted again.")

    assert "was changed successfully" in messages_of(send(mine, figure, shown))
    figure.refresh_from_db()
    assert (figure.value, figure.note, figure.is_provisional) == (55, "Counted again.", False)
    assert figure.entered_by != grace


def test_the_second_save_is_refused_too_when_a_third_figure_came_meanwhile(theirs: StrictClient) -> None:
    figure, mine = waiting(), client_of(person_in("Publisher"))
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
    figure, locked = waiting(), workflow.locked
    data = boxes(theirs.get(url_of(figure, "change"))) | {"value": "55"}

    def locked_later(record: Publishable) -> Publishable:
        Observation.objects.update(value=7)
        return locked(record)

    monkeypatch.setattr(workflow, "locked", locked_later)
    assert "It is now: 2015: 7." in errors_of(send(theirs, figure, data))
    response = theirs.post(url_of(figure, "approve"), {"as_opened": data["as_opened"]}, follow=True)
    assert "Somebody changed this figure" in messages_of(response)
    figure.refresh_from_db()
    assert (figure.value, figure.is_approved) == (7, False)


NEWER = {
    "period_end": "2016",
    "value": 7,
    "is_provisional": True,
    "note": "New.",
    "provenance": "official",
    "missing_reason": "Not published.",
}


@pytest.mark.parametrize("field", sorted(NEWER))
def test_whatever_of_a_figure_is_newer_it_is_neither_saved_over_nor_approved(field: str, theirs: StrictClient) -> None:
    figure = waiting(provenance="research")
    data = boxes(theirs.get(url_of(figure, "change"))) | {"value": "55"}
    pressed = {url: buttons(theirs.get(url_of(record, "change")))[url] for record, url in [
        (figure, url_of(figure, "approve")), (figure.metric, url_of(figure.metric, "approve_figures"))
    ]}  # fmt: skip
    more = {"value": None} if field == "missing_reason" else {}
    Observation.objects.filter(pk=figure.pk).update(**{field: NEWER[field], **more})
    before = rows()

    assert "Somebody saved this figure" in errors_of(send(theirs, figure, data))
    for url, sent in pressed.items():
        assert "after you had opened" in messages_of(theirs.post(url, sent, follow=True))
    assert rows() == before


@pytest.mark.parametrize("said", [None, "", "x" * 64])
def test_a_form_that_does_not_say_which_figure_it_shows_is_refused(said: str | None, theirs: StrictClient) -> None:
    figure = waiting()
    data = boxes(theirs.get(url_of(figure, "change"))) | {"value": "55"}
    del data["as_opened"]
    before, sent = rows(), {} if said is None else {"as_opened": said, "newest": said}
    assert "Nothing of yours was saved yet" in errors_of(send(theirs, figure, data | sent))
    for url in (url_of(figure, "approve"), url_of(figure.metric, "approve_figures")):
        assert "after you had opened" in messages_of(theirs.post(url, sent, follow=True))
    assert rows() == before


def test_the_parts_of_a_newer_rate_are_named(theirs: StrictClient) -> None:
    figure = waiting(OutcomeMetricFactory(rate=True))
    data = boxes(theirs.get(url_of(figure, "change"))) | {"numerator": "30"}
    Observation.objects.update(numerator=1, denominator=2)
    assert "2015: 50.0% (1 of 2)." in errors_of(send(theirs, figure, data))


def test_what_was_deleted_meanwhile_is_said(theirs: StrictClient) -> None:
    figure = waiting()
    data = boxes(theirs.get(url_of(figure, "change"))) | {"value": "55"}
    address = url_of(figure, "approve")
    Observation.objects.all().delete()
    assert "doesn’t exist" in messages_of(theirs.post(url_of(figure, "change"), data, follow=True))
    assert theirs.post(address, {"as_opened": data["as_opened"]}).status_code == 404


# The panel on the page of a metric


def test_a_metrics_page_has_its_newest_figures_and_what_one_may_do(theirs: StrictClient, grace: User) -> None:
    metric = OutcomeMetricFactory(published=True)
    approved = ObservationFactory(metric=metric)
    correction = CorrectionFactory(observation=approved, value=2600)
    entered = waiting(metric, by=grace, is_provisional=True, value=12)

    page = theirs.get(url_of(metric, "change")).content.decode()
    for words in [
        "Correction: 2015: 2,600",
        "2,477",
        "12 (provisional)",
        "by Grace Hopper",
        "Approve the 1 figure that waits",
    ]:
        assert words in page
    for link in (add_page(metric), *(url_of(one, "change") for one in (approved, correction, entered))):
        assert f'href="{link}"' in page
    listed = theirs.get(url_of(Observation, "changelist"), {"metric__id__exact": metric.pk})
    assert set(listed.context["cl"].result_list) == {approved, entered}
    waits = theirs.get(url_of(Observation, "changelist"), {"standing": "waiting"})
    assert list(waits.context["cl"].result_list) == [entered]
    done = theirs.get(url_of(Observation, "changelist"), {"standing": "approved"})
    assert list(done.context["cl"].result_list) == [approved]


def test_one_sees_all_that_one_approves_with_one_button(theirs: StrictClient) -> None:
    metric = OutcomeMetricFactory()
    old = [waiting(metric, period_start=str(1950 + at), value=1950 + at) for at in range(3)]
    corrected = [
        CorrectionFactory(observation=ObservationFactory(metric=metric, period_start=str(2000 + at)))
        for at in range(26)
    ]
    page = theirs.get(url_of(metric, "change")).content.decode()
    assert "Approve the 29 figures that wait" in page
    for figure in [*old, *corrected]:
        assert page.count(f'href="{url_of(figure, "change")}"') == 1
    assert "29 figures of" in messages_of(approve(theirs, metric))


@pytest.mark.parametrize("way", ["metric", "list"])
def test_whoever_approves_several_figures_reads_all_that_readers_will(way: str, theirs: StrictClient) -> None:
    metric = OutcomeMetricFactory(published=True)
    source = SourceFactory(name="Yearly count")
    missing = waiting(metric, period_start="2011", value=None, missing_reason="Never counted.", source=source)
    noted = waiting(metric, period_start="2012", value=7, note="By hand.", is_provisional=True)
    standing = ObservationFactory(metric=metric, period_start="2013", value=2477)
    correction = CorrectionFactory(observation=standing, value=2600, reason="Found more.", note="From the books.")

    if way == "metric":
        pages = [theirs.get(url_of(metric, "change"))]
    else:
        pages = [in_list(theirs, "approve_chosen", *some) for some in ([missing, noted], [correction])]
    html = " ".join(page.content.decode() for page in pages)
    for words in [
        "2011: No figure (Never counted.)",
        "Source: Yearly count",
        "2012: 7 (provisional; By hand.)",
        "Correction: 2013: 2,600 (From the books.)",
        "In the place of: 2013: 2,477",
        "Why it is corrected: Found more.",
    ]:
        assert words in html
    assert all(page.content.decode().count("<h1") == 1 for page in pages)


def test_limits_hide_which_outcomes_of_others_have_figures_that_wait() -> None:
    person = person_in("Author")
    ours = OutcomeMetricFactory(published=True)
    RemitFactory(person=person, organisation=ours.lead)
    theirs = OutcomeMetricFactory(published=True)
    for metric in (ours, theirs):
        waiting(metric)
        CorrectionFactory(observation=ObservationFactory(metric=metric))
    page = client_of(person).get(url_of(OutcomeMetric, "changelist"), {"figures": "waiting"})
    assert list(page.context["cl"].result_list) == [ours]


def test_a_metric_whose_figure_is_late_says_so(theirs: StrictClient) -> None:
    metric = OutcomeMetricFactory(published=True, frequency="monthly", due_after_days=0)
    assert "No figure has been entered yet." in theirs.get(url_of(metric, "change")).content.decode()
    approve(theirs, waiting(metric, period_start="2020-01"))
    page = theirs.get(url_of(metric, "change")).content.decode()
    assert "The next figure is late by" in page
    assert "it was due on 29 February 2020" in page
    for query, is_found in [({"figures": "late"}, True), ({"figures": "waiting"}, False)]:
        found = theirs.get(url_of(OutcomeMetric, "changelist"), query).context["cl"].result_list
        assert (metric in found) == is_found
    waiting(metric)
    found = theirs.get(url_of(OutcomeMetric, "changelist"), {"figures": "waiting"}).context["cl"].result_list
    assert list(found) == [metric]


def test_all_that_wait_are_approved_with_one_button(theirs: StrictClient, grace: User) -> None:
    metric = OutcomeMetricFactory(published=True)
    approved, own = ObservationFactory(metric=metric), waiting(metric, by=grace)
    correction = CorrectionFactory(observation=approved)
    others = [waiting(metric, by=UserFactory()), waiting(metric, by=None), waiting()]

    assert "3 figures of" in messages_of(approve(theirs, metric))

    own.refresh_from_db()
    correction.refresh_from_db()
    for one in others:
        one.refresh_from_db()
    assert [one.is_approved for one in (own, correction, *others)] == [False, True, True, True, False]
    assert not may_press(theirs, metric)
    assert Act.objects.on(metric).latest("pk").note == "2 new figures: 2018; 2017. Corrected: 2015."


@pytest.mark.parametrize("is_loaded", [True, False])
@pytest.mark.parametrize("what", ["entered", "changed", "approved", "deleted", "changed places"])
def test_all_that_wait_are_not_approved_where_they_are_others_than_one_saw(
    what: str, is_loaded: bool, theirs: StrictClient
) -> None:
    metric, other = OutcomeMetricFactory(published=True), UserFactory()
    first, second = waiting(metric, by=other), waiting(metric, by=other)
    if is_loaded:  # nobody knows when it was entered
        Observation.objects.filter(pk=first.pk).update(entered_by=None, entered_at=None)
    url = url_of(metric, "approve_figures")
    sent = buttons(theirs.get(url_of(metric, "change")))[url]
    match what:
        case "entered":
            waiting(metric, by=other)
        case "changed":
            save(client_of(other_publisher()), url_of(second, "change"), value="55")
        case "approved":
            approve(client_of(other_publisher()), second)
        case "deleted":
            second.delete()
        case "changed places":
            second.delete()
            waiting(metric, by=other)
    before = rows()

    assert "Look at them again." in messages_of(theirs.post(url, sent, follow=True))
    assert rows() == before
    approve(theirs, metric)
    assert not metric.observations.waiting().exists()


def other_publisher() -> User:
    return person_in("Publisher")


# The list


def test_the_list_approves_what_the_person_may_and_says_what_is_left(theirs: StrictClient, grace: User) -> None:
    metric = OutcomeMetricFactory(name="Visits", published=True)
    approved = ObservationFactory(metric=metric)
    own, of_other, of_nobody = (waiting(metric, by=by) for by in (grace, UserFactory(), None))
    elsewhere = waiting(OutcomeMetricFactory(name="Falls"))

    said = approve_in_list(theirs, approved, own, of_other, of_nobody, elsewhere)

    assert "2 figures of “Visits” were approved." in said
    assert "1 figure of “Visits” was left: you entered it yourself" in said
    assert "1 figure of “Falls” was approved." in said
    for figure, is_approved in [(own, False), (of_other, True), (of_nobody, True), (elsewhere, True)]:
        figure.refresh_from_db()
        assert figure.is_approved == is_approved


def test_a_fault_in_one_metric_does_not_stop_the_others(theirs: StrictClient) -> None:
    first, faulty, last = (OutcomeMetricFactory(name=name, published=True) for name in ("First", "Faulty", "Last"))
    corrections = [CorrectionFactory(observation=ObservationFactory(metric=one)) for one in (first, faulty, last)]
    taken = ObservationFactory(metric=faulty)
    Correction.objects.filter(metric=faulty).update(period_start=taken.period_start, period_end=taken.period_end)
    beside = CorrectionFactory(observation=taken)

    said = approve_in_list(theirs, *corrections, beside)

    assert "Not approved: figures of “Faulty”." in said
    assert "This period has a figure" in said
    for metric, value in [(first, 2500), (last, 2500), (faulty, 2477)]:
        assert {one.value for one in metric.observations.all()} == {value}
    assert Correction.objects.waiting().count() == 2
    assert Act.objects.filter(verb=Act.Verb.UPDATED).count() == 2


def test_what_is_chosen_in_the_list_is_read_before_it_is_approved(theirs: StrictClient) -> None:
    figure = waiting(OutcomeMetricFactory(name="Visits"), value=10)
    asked = in_list(theirs, "approve_chosen", figure)
    assert asked.context["title"] == "Approve this figure?"
    figure.refresh_from_db()
    assert not figure.is_approved

    assert "1 figure of “Visits” was approved." in messages_of(confirm(theirs, asked, Observation))
    figure.refresh_from_db()
    assert figure.is_approved


@pytest.mark.parametrize("what", ["changed", "approved", "deleted", "its metric deleted"])
def test_what_reads_otherwise_than_on_the_page_is_left_alone_and_named(what: str, theirs: StrictClient) -> None:
    moved = waiting(OutcomeMetricFactory(name="Falls"), value=10, period_start="2019")
    stays = waiting(OutcomeMetricFactory(name="Visits"))
    asked = in_list(theirs, "approve_chosen", moved, stays)
    match what:
        case "changed":
            save(client_of(person_in("Author")), url_of(moved, "change"), value="1000")
        case "approved":
            approve(client_of(other_publisher()), moved)
        case "deleted":
            moved.delete()
        case "its metric deleted":
            moved.metric.delete()
    before = list(Observation.objects.filter(pk=moved.pk).values())

    said = messages_of(confirm(theirs, asked, Observation))

    assert "1 figure of “Visits” was approved." in said
    assert "Left alone, because" in said
    assert ("1 that was deleted" if "deleted" in what else "Falls, 2019") in said
    assert list(Observation.objects.filter(pk=moved.pk).values()) == before
    stays.refresh_from_db()
    assert stays.is_approved


@pytest.mark.parametrize("seen", ["", "x", "{0}", "{0} ", "0{0} x", "999999999999999999 x", "{1} {2}"])
def test_a_forged_page_of_figures_approves_nothing(seen: str, theirs: StrictClient) -> None:
    figure, other = waiting(value=3), waiting(value=4)
    read = in_list(theirs, "approve_chosen", figure).context["rows"][0]["seen"].split()[1]
    before = rows()
    forged = seen.format(figure.pk, other.pk, read)
    assert in_list(theirs, "approve_chosen", figure, seen=forged).status_code == 200
    assert rows() == before


def test_more_figures_than_fit_on_the_page_are_approved_in_parts(
    theirs: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programmes.admin.figure.MOST_AT_ONCE", 2)
    metric = OutcomeMetricFactory()
    chosen = [waiting(metric) for _ in range(3)]
    asked = in_list(theirs, "approve_chosen", *chosen)
    assert "You chose one figure more than fit on this page." in asked.content.decode()
    confirm(theirs, asked, Observation)
    assert list(metric.observations.waiting()) == chosen[2:]


@pytest.mark.parametrize("model", [Observation, Correction])
def test_the_page_of_chosen_figures_takes_as_many_queries_for_many_as_for_few(
    model: type[Model], theirs: StrictClient
) -> None:
    warm()
    counts = []
    for count in (2, 20):
        chosen = []
        for _ in range(count):
            people = {"entered_by": UserFactory(), "entered_at": timezone.now(), "source": SourceFactory()}
            one = (
                CorrectionFactory(observation=ObservationFactory(metric=OutcomeMetricFactory(rate=True)), value=None,
                                  missing_reason="Lost.", **people)
                if model is Correction else ObservationFactory(entered=True, **people)
            )  # fmt: skip
            one.also_entered_by.add(UserFactory())
            chosen.append(one)
        with CaptureQueriesContext(connection) as captured:
            asked = in_list(theirs, "approve_chosen", *chosen)
        assert len(asked.context["rows"]) == count
        counts.append(len(captured))
    assert counts[1] <= counts[0] <= 20


@pytest.mark.parametrize("model", [Observation, Correction])
def test_a_list_of_figures_takes_as_many_queries_for_many_rows_as_for_few(
    model: type[Model], admin_client: StrictClient
) -> None:
    warm()
    counts = []
    for count in (2, 20):
        for _ in range(count):
            people = {"entered_by": UserFactory(), "entered_at": timezone.now()}
            approved = ObservationFactory(approved_by=UserFactory(), source=SourceFactory(), **people)
            CorrectionFactory(observation=approved, source=SourceFactory(), **people)
            waiting(OutcomeMetricFactory(rate=True), by=UserFactory()).also_entered_by.add(UserFactory())
        counts.append(queries(admin_client, url_of(model, "changelist")))
    assert counts[1] <= counts[0] <= 15


@pytest.mark.parametrize("rate", [True, False])
def test_a_metrics_page_takes_as_many_queries_for_many_figures_as_for_few(
    rate: bool, admin_client: StrictClient
) -> None:
    warm()
    counts = []
    for count in (2, 20):
        metric = OutcomeMetricFactory(rate=rate)
        for year in range(count):
            facts = {"metric": metric, "entered_by": UserFactory(), "source": SourceFactory()}
            approved = ObservationFactory(approved_by=UserFactory(), period_start=str(1950 + year), **facts)
            CorrectionFactory(observation=approved, value=None, missing_reason="Lost.", entered_by=UserFactory())
            entered = ObservationFactory(entered=True, period_start=str(1990 + year), **facts)
            entered.also_entered_by.add(UserFactory())
        counts.append(queries(admin_client, url_of(metric, "change")))
    assert counts[1] <= counts[0] <= 40
