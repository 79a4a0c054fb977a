"""The secret address of each person's calendar: shown once, revoked, bounded; nothing beyond what they may see."""

import datetime
import logging
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from programmes.models import Programme
from tests.admin.conftest import client_of, person_in
from tests.factories import (
    AgreementFactory,
    OrganisationFactory,
    PartnershipFactory,
    ProgrammeFactory,
    RemitFactory,
    UserFactory,
)
from tests.strict_client import StrictClient
from trustportal.accounts.models import CalendarAddress, User
from trustportal.publishing import workflow
from trustportal.website.logs import HidesKeys
from trustportal.website.timeline_views import MOST_AN_HOUR

pytestmark = pytest.mark.django_db

SOON = f"{timezone.localdate().year + 1}-05-12"


@pytest.fixture
def person() -> User:
    return person_in("Publisher")


def make(person: User) -> str:
    """Make an address on the page of one's own calendar. Gives it from the first slash."""
    page = client_of(person).post(reverse("admin:my-calendar"), {"act": "make"}).content.decode()
    [address] = re.findall(r"http://127\.0\.0\.1:8000(/calendar/[\w-]{43}\.ics)", page)
    return address


def said(client: StrictClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(str(event["summary"]) for event in Calendar.from_ical(response.content).walk("VEVENT"))


def test_a_program_reads_without_signing_in_what_falls_due_for_the_person(client, person) -> None:
    own = ProgrammeFactory(name="Mine", published=True, owner=person)
    theirs = ProgrammeFactory(name="Theirs", published=True, owner=person_in("Publisher"))
    due = {"last_reviewed_on": timezone.localdate(), "next_review_due_on": timezone.localdate() + datetime.timedelta(9)}
    Programme.objects.filter(pk__in=[own.pk, theirs.pk]).update(**due)
    address = make(person)

    words = said(client, address)
    assert "Review due: Programme “Mine”" in words
    assert "Theirs" not in words
    assert words == said(client_of(person), "/admin/calendar.ics")
    response = client.get(address)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in response
    assert "Access-Control-Allow-Origin" not in response
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


def test_it_tells_nothing_beyond_the_remit(client, person) -> None:
    mine = RemitFactory(person=person).organisation
    for name, lead in [("Inside", mine), ("Outside", OrganisationFactory(published=True))]:
        partnership = PartnershipFactory(name=name, lead=lead)
        AgreementFactory(partnership=partnership, renewal_due_on=SOON)
        workflow.publish(partnership, by=UserFactory(superuser=True))

    words = said(client, make(person))
    assert "Inside" in words
    assert "Outside" not in words


def test_the_address_is_shown_once_and_kept_as_a_digest(person) -> None:
    address = make(person)
    key = address.removeprefix("/calendar/").removesuffix(".ics")
    page = client_of(person).get(reverse("admin:my-calendar"))

    assert key not in page.content.decode()
    assert "You have an address, made on" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    [row] = CalendarAddress.objects.values()
    assert key not in str(row)


def test_a_new_address_ends_the_old_one_and_revoking_ends_it_for_good(client, person) -> None:
    first = make(person)
    second = make(person)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    page = client_of(person).post(reverse("admin:my-calendar"), {"act": "revoke"}, follow=True).content.decode()
    assert "Your calendar address no longer works." in page
    assert "You have no address yet." in page
    gone = client.get(second)
    assert gone.status_code == 404
    assert gone["Cache-Control"] == "private, no-store"


def test_it_ends_with_the_account(client, person) -> None:
    address = make(person)
    for name in ["is_active", "is_staff"]:
        User.objects.filter(pk=person.pk).update(**{name: False})
        assert client.get(address).status_code == 404
        User.objects.filter(pk=person.pk).update(**{name: True})
    assert client.get(address).status_code == 200
    for nobody in ["/calendar/x.ics", f"/calendar/{'x' * 43}.ics", f"/calendar/{'x' * 2000}.ics"]:
        assert client.get(nobody).status_code == 404


def test_each_makes_and_revokes_their_own_alone(client, person) -> None:
    address, colleague = make(person), person_in("Administrator")
    client_of(colleague).post(reverse("admin:my-calendar"), {"act": "revoke", "person": person.pk})
    assert client.get(address).status_code == 200
    for reader in [client, client_of(UserFactory())]:
        assert reader.get(reverse("admin:my-calendar")).status_code == 302
        assert reader.post(reverse("admin:my-calendar"), {"act": "make"}).status_code == 302
    assert CalendarAddress.objects.count() == 1


def test_a_program_that_asks_too_often_is_told_to_wait_and_others_are_not(client, person) -> None:
    address, of_another = make(person), make(person_in("Author"))
    for _time in range(MOST_AN_HOUR):
        assert client.get(address).status_code == 200
    refused = client.get(address)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert refused["Cache-Control"] == "private, no-store"
    assert client.get(of_another).status_code == 200


def test_the_log_has_no_key_in_full(client, person, caplog) -> None:
    address = make(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    caplog.handler.addFilter(HidesKeys())
    with caplog.at_level(logging.WARNING, logger="django.request"):
        assert client.get(address).status_code == 404
    key = address.removeprefix("/calendar/").removesuffix(".ics")
    assert key[:4] in caplog.text
    assert key[:20] not in caplog.text


@pytest.mark.either_database
def test_only_keys_are_cut_out_of_the_log() -> None:
    def line(text: str) -> str:
        record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", text), None)
        assert HidesKeys().filter(record)
        return record.getMessage()

    assert line("/calendar/abcdefghijklmnop.ics") == "Not Found: /calendar/abcd…"
    assert line("/preview/12:abcdefghijklmnop/") == "Not Found: /preview/12:a…/"
    assert line("/confirm/abcdefghijklmnop/?x") == "Not Found: /confirm/abcd…/?x"
    assert line("/programmes/a-programme-with-a-long-name/") == "Not Found: /programmes/a-programme-with-a-long-name/"


def test_a_timeline_of_a_partner_or_a_programme_is_a_calendar_that_survives_renames(client, superuser) -> None:
    programme = ProgrammeFactory(name="Ours", slug="old", started_on=SOON, published=True)
    ProgrammeFactory(name="Another", started_on=SOON, published=True)
    for address in [f"/timeline.ics?partner={programme.lead.slug}", "/timeline.ics?programme=old"]:
        words = said(client, address)
        assert "Ours" in words
        assert "Another" not in words
    first = client.get("/timeline.ics?programme=old")
    assert client.get("/timeline.ics?programme=old", headers={"if-none-match": first["ETag"]}).status_code == 304
    for record in (programme, programme.lead):
        page = client.get(record.get_absolute_url()).content.decode()
        assert f'href="/timeline.ics?{"programme" if record is programme else "partner"}={record.slug}"' in page
    copy = workflow.start_change(programme, by=superuser)
    copy.slug, copy.is_small_correction = "new", True
    copy.save()
    workflow.publish(copy, by=superuser)
    assert "Ours" in said(client, "/timeline.ics?programme=old")
    programme.refresh_from_db()
    workflow.withdraw(programme, by=superuser, reason="It ended.")
    assert client.get("/timeline.ics?programme=old").status_code == 404
