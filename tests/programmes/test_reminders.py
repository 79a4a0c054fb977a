"""Figures that are due: who is told, when, and what waits on the editors' home."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programmes.models import Observation, OutcomeMetric
from programmes.reminders import remind
from tests.factories import ObservationFactory, OrganisationFactory, OutcomeMetricFactory, RemitFactory, UserFactory
from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.reminders import Outcome
from trustportal.website.work import work_of

pytestmark = pytest.mark.django_db

DUE = datetime.date(2018, 1, 30)  # thirty days after the year 2017


def yearly(**facts: object) -> OutcomeMetric:
    """A public metric of which the figure of 2016 is the newest: that of 2017 is due on 30 January 2018."""
    metric = OutcomeMetricFactory(published=True, frequency="yearly", **facts)
    ObservationFactory(metric=metric, period_start="2016", period_end="2016")
    metric.refresh_figures()
    assert metric.next_figure_due_on == DUE
    return metric


def person_in(role: str, **facts: object) -> User:
    """Somebody in one of the three roles."""
    person = UserFactory(staff=True, **facts)
    person.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=person.pk)


def told(on: datetime.date) -> dict[str, tuple[int, Outcome]]:
    return {person.username: (count, outcome) for person, count, outcome in remind(on)}


def test_an_owner_is_told_from_a_week_before_a_figure_is_due():
    owner = person_in("Author", username="owner", email="owner@example.org")
    metric = yearly(owner=owner, name="People seen")

    assert told(DUE - datetime.timedelta(days=8)) == {}
    assert told(DUE - datetime.timedelta(days=7)) == {"owner": (1, Outcome.SENT)}
    [sent] = mail.outbox
    assert sent.to == ["owner@example.org"]
    assert "People seen\nDue on 30 January 2018." in sent.body
    assert f"/admin/programmes/observation/add/?metric={metric.pk}" in sent.body


def test_a_late_figure_is_said_to_be_late_and_the_mail_comes_once_a_week():
    yearly(owner=person_in("Author", username="owner", email="owner@example.org"))
    later = DUE + datetime.timedelta(days=30)

    assert told(later) == {"owner": (1, Outcome.SENT)}
    assert told(later + datetime.timedelta(days=6)) == {"owner": (1, Outcome.RECENT)}
    assert told(later + datetime.timedelta(days=7)) == {"owner": (1, Outcome.SENT)}
    assert "Late by 1 month: it was due on 30 January 2018." in mail.outbox[0].body


def test_where_nobody_owns_a_metric_its_publishers_are_told():
    ours = OrganisationFactory(published=True)
    publisher, other = (person_in("Publisher", username=name) for name in ("ours", "other"))
    RemitFactory(person=publisher, organisation=ours)
    RemitFactory(person=other, organisation=OrganisationFactory())
    person_in("Author")
    yearly(lead=ours)

    assert told(DUE) == {"ours": (1, Outcome.SENT), "publisher": (1, Outcome.NO_EMAIL)}
    assert "Nobody who may change this page owns it." in mail.outbox[0].body


@pytest.mark.parametrize("state", [{"published": False}, {"frequency": "once"}, {"last_period": "2016"}])
def test_nothing_is_due_of_drafts_one_off_figures_and_what_has_ended(state):
    facts = {"published": True, "frequency": "yearly", "owner": person_in("Author", email="a@example.org")} | state
    metric = OutcomeMetricFactory(**facts)
    ObservationFactory(metric=metric, period_start="2016", period_end="2016")
    metric.refresh_figures()
    assert told(DUE) == {}


def test_whoever_entered_a_figure_that_waits_is_left_alone():
    metric = yearly(owner=person_in("Author", email="a@example.org"))
    ObservationFactory(metric=metric, period_start="2017", period_end="2017", entered=True)
    assert told(DUE) == {}


@pytest.mark.parametrize(
    ("start", "end", "is_told"),
    [("2011", "2011", True), ("2016", "2016-12", True), ("2017", "2017", False), ("2016-07", "2017-01", False)],
)
def test_only_a_figure_newer_than_all_approved_ones_keeps_a_reminder_back(start, end, is_told):
    owner = person_in("Author", email="a@example.org")
    metric = yearly(owner=owner)
    ObservationFactory(metric=metric, entered=True, period_start=start, period_end=end)
    ObservationFactory(metric=metric, entered=True, period_start=None, period_end=None)
    assert bool(told(DUE)) == is_told
    assert ("due" in [section.name for section in work_of(owner, DUE)]) == is_told


def test_a_figure_of_another_metric_keeps_no_reminder_back():
    yearly(owner=person_in("Author", username="owner", email="a@example.org"))
    ObservationFactory(period_start="2017", period_end="2017", entered=True)
    assert told(DUE) == {"owner": (1, Outcome.SENT)}


@pytest.mark.parametrize("why", ["no longer works here", "left the staff", "lost the right", "has limits elsewhere"])
def test_an_owner_who_cannot_enter_the_figure_leaves_it_to_the_publishers(why):
    owner, publisher = (person_in(role, username=role) for role in ("Author", "Publisher"))
    metric = yearly(owner=owner)
    assert set(told(DUE)) == {"Author"}
    match why:
        case "no longer works here":
            User.objects.filter(pk=owner.pk).update(is_active=False)
        case "left the staff":
            User.objects.filter(pk=owner.pk).update(is_staff=False)
        case "lost the right":
            owner.groups.clear()
        case "has limits elsewhere":
            RemitFactory(person=owner, organisation=OrganisationFactory())
    assert told(DUE)["Publisher"] == (1, Outcome.SENT)
    assert set(told(DUE)) == {"Publisher", "publisher"}
    [due] = [section for section in work_of(publisher, DUE) if section.name == "due"]
    assert [row.name for row in due.rows] == [metric.name]


@pytest.mark.parametrize("is_superuser", [True, False])
def test_an_owner_is_told_within_the_limits(is_superuser):
    owner = person_in("Author", username="owner", is_superuser=is_superuser)
    metric = yearly(owner=owner)
    for organisation in (OrganisationFactory(), OrganisationFactory() if is_superuser else metric.lead):
        RemitFactory(person=owner, organisation=organisation)
    assert set(told(DUE)) == {"owner"}


def test_a_dry_run_says_what_a_run_would_and_changes_nothing():
    yearly(owner=person_in("Author", username="owner", email="a@example.org"))
    OutcomeMetric.objects.update(next_figure_due_on=None)
    before = [list(model.objects.order_by("pk").values()) for model in (OutcomeMetric, Observation, User)]
    said = {person.username: (count, outcome) for person, count, outcome in remind(DUE, only_say=True)}
    assert said == {"owner": (1, Outcome.DUE)}
    assert [list(model.objects.order_by("pk").values()) for model in (OutcomeMetric, Observation, User)] == before
    assert mail.outbox == []


def test_reminders_take_no_more_queries_for_many_metrics_than_for_few():
    person_in("Publisher", username="else")
    asked = []
    for count in (3, 20):
        owner = person_in("Author", username=f"owner-{count}")
        lead = OrganisationFactory(published=True)
        RemitFactory(person=owner, organisation=lead)
        for _ in range(count):
            yearly(owner=owner, lead=lead)
        User.objects.update(figures_reminded_on=None)
        with CaptureQueriesContext(connection) as captured:
            assert told(DUE)[owner.username] == (count, Outcome.SENT)
        asked.append(len(captured) / User.objects.filter(username__startswith="owner").count())
        OutcomeMetric.objects.update(owner=None, state="draft")
    assert asked[1] <= asked[0]


def test_a_date_that_is_not_known_is_found_under_the_lock_of_the_metric(monkeypatch):
    stays, gone = yearly(), yearly()
    OutcomeMetric.objects.update(next_figure_due_on=None)
    real, locked = workflow.locked, []

    def locked_too_late(metric):
        if metric.pk == gone.pk:  # somebody deletes it just before it is locked
            OutcomeMetric.objects.filter(pk=gone.pk).delete()
        locked.append(metric.pk)
        return real(metric)

    monkeypatch.setattr(workflow, "locked", locked_too_late)
    assert told(DUE) == {"publisher": (1, Outcome.NO_EMAIL)}
    assert locked == [stays.pk, gone.pk]
    stays.refresh_from_db()
    assert stays.next_figure_due_on == DUE


def test_what_came_without_a_date_gets_one():
    metric = yearly(owner=person_in("Author", username="owner", email="a@example.org"))
    OutcomeMetric.objects.update(next_figure_due_on=None)
    assert told(DUE) == {"owner": (1, Outcome.SENT)}
    metric.refresh_from_db()
    assert metric.next_figure_due_on == DUE


def test_the_command_only_says_it_on_a_dry_run_and_fails_where_a_mail_did(monkeypatch, capsys):
    yearly(owner=person_in("Author", username="owner", email="owner@example.org"))

    call_command("send_figure_reminders", "--dry-run")
    assert capsys.readouterr().out == "owner (1 due) would be reminded.\n"
    assert mail.outbox == []

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr("trustportal.publishing.mail.send_mail", refuse)
    with pytest.raises(CommandError, match="1 could not be told"):
        call_command("send_figure_reminders")
    monkeypatch.undo()
    call_command("send_figure_reminders")
    assert len(mail.outbox) == 1


def test_the_home_of_an_owner_shows_what_is_due_and_that_of_a_publisher_what_waits():
    owner, publisher = person_in("Author"), person_in("Publisher")
    metric = yearly(owner=owner, name="People seen")
    [due] = [section for section in work_of(owner, DUE) if section.name == "due"]
    assert [(row.name, row.facts) for row in due.rows] == [("People seen", "Due on 30 January 2018")]

    figure = ObservationFactory(
        metric=metric, period_start="2017", period_end="2017", entered=True, entered_by=owner, entered_at=timezone.now()
    )
    assert "due" not in [section.name for section in work_of(owner, DUE)]
    assert "figures" not in [section.name for section in work_of(owner, DUE)]
    [waiting] = [section for section in work_of(publisher, DUE) if section.name == "figures"]
    [row] = waiting.rows
    assert row.url == f"/admin/programmes/observation/{figure.pk}/change/"
    assert row.facts == f"2017: 2,477, entered by {owner.get_full_name()}"
