"""What is new: the page, the feeds of the portal and of single records; nothing that readers are not told."""

import datetime
import io
from collections.abc import Callable

import feedparser
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.models import Organisation
from programmes import figures
from programmes.models import Programme
from tests import made_up
from tests.factories import (
    CorrectionFactory,
    MembershipFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PartnershipFactory,
    PriorityFactory,
    ProgrammeFactory,
    SiteFactory,
    UserFactory,
)
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, Publishable
from trustportal.website.updates import MOST_SHOWN, PER_PAGE

pytestmark = pytest.mark.django_db

MOST_QUERIES = 40
FEEDS = ["/updates.atom", "/updates.atom?kind=programmes", "/programmes.atom", "/partners.atom?kind=nhs-trust"]


def read(client: StrictClient, address: str) -> object:
    """A feed as a reader's program reads it."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.bozo_exception
    return feed


def said(client: StrictClient, address: str) -> list[tuple[str, str]]:
    """What a feed says is new: title and the words of the update."""
    return [
        (entry.title, entry.summary.split("</p>")[0].removeprefix("<p>")) for entry in read(client, address).entries
    ]


def titles(client: StrictClient, address: str) -> set[str]:
    return {title for title, _words in said(client, address)}


def change(record: Publishable, by: User, note: str = "", **values: object) -> None:
    """Publish a change with a note to readers; without one as a small correction."""
    copy = workflow.start_change(record, by=by)
    for name, value in values.items():
        setattr(copy, name, value)
    copy.change_note, copy.is_small_correction = note, not note
    copy.save()
    workflow.publish(copy, by=by)


def test_an_update_is_told_with_its_note_and_no_one_is_named(client, superuser) -> None:
    superuser.username = superuser.first_name = "Hushhush"
    superuser.save()
    programme = ProgrammeFactory(name="Dialysis", summary="Near home.", published=True)
    change(programme, superuser, "Added the clinic in Sidcup.")

    for address in ["/updates.atom", "/updates.atom?kind=programmes", "/programmes.atom", "/programmes/dialysis.atom"]:
        address = address.replace("dialysis", programme.slug)
        assert said(client, address)[:2] == [
            ("Dialysis", "Added the clinic in Sidcup."),
            ("Dialysis", "First published."),
        ], address
        assert "Hushhush" not in client.get(address).content.decode()
    [newest, _first] = read(client, f"/programmes/{programme.slug}.atom").entries
    act = Act.objects.on(programme).updates()[0]
    assert newest.id == f"tag:127.0.0.1,2026:programme/{programme.uuid}/{act.pk}"
    assert newest.link == f"http://127.0.0.1:8000{programme.get_absolute_url()}"
    assert [tag.term for tag in newest.tags] == ["Programmes"]
    assert datetime.datetime.fromisoformat(newest.updated) == act.done_at
    assert client.get("/updates.atom")["Access-Control-Allow-Origin"] == "*"
    page = client.get("/updates/").content.decode()
    assert "Added the clinic in Sidcup." in page
    assert "First published. Near home." in page
    assert "Hushhush" not in page


def test_the_same_update_has_the_same_name_in_every_feed_and_keeps_it_when_the_page_is_renamed(
    client, superuser
) -> None:
    programme = ProgrammeFactory(slug="old", published=True)

    def names() -> list[set[str]]:
        addresses = ["/updates.atom", "/programmes.atom", f"/programmes/{programme.slug}.atom"]
        return [{entry.id for entry in read(client, address).entries} for address in addresses]

    portal, finder, own = names()
    assert own == finder <= portal
    change(programme, superuser, slug="new", name="Another name")
    programme.refresh_from_db()
    assert names() == [portal, finder, own]
    assert {entry.title for entry in read(client, "/programmes/new.atom").entries} == {"Another name"}
    moved = client.get("/programmes/old.atom")
    assert (moved.status_code, moved["Location"]) == (301, "/programmes/new.atom")


def test_small_corrections_drafts_and_what_was_withdrawn_are_told_nowhere(client, superuser) -> None:
    lead = OrganisationFactory(name="Shown", published=True)
    change(lead, superuser, name="Shown mended")
    ProgrammeFactory(name="Hushhush draft", lead=lead)
    ProgrammeFactory(name="Hushhush review", lead=lead, in_review=True)
    gone = ProgrammeFactory(name="Hushhush withdrawn", slug="gone", lead=lead, withdrawn=True)
    changed = ProgrammeFactory(name="Changed", lead=lead, published=True)
    copy = workflow.start_change(changed, by=superuser)
    copy.name, copy.change_note = "Hushhush change", "Hushhush note"
    copy.save()
    priority = PriorityFactory(name="Hushhush priority", published=True)
    workflow.withdraw(priority.strategy, by=superuser, reason="Hushhush reason")

    for address in [*FEEDS, f"/partners/{lead.slug}.atom", "/updates/"]:
        text = client.get(address).content.decode()
        assert "Hushhush" not in text, address
    assert said(client, f"/partners/{lead.slug}.atom") == [
        ("Changed", "First published."),
        ("Shown mended", "First published."),
    ]
    assert client.get(f"/programmes/{gone.slug}.atom").status_code == 410
    assert client.get("/programmes/nowhere.atom").status_code == 404
    assert client.get("/updates.atom?kind=nothing").status_code == 404
    assert client.get("/updates/?kind=nothing").status_code == 404
    assert client.get("/updates/?page=2").status_code == 404


def test_a_partner_s_feed_has_all_that_concerns_it_and_nothing_else(client) -> None:
    partner, other = (OrganisationFactory(name=name, published=True) for name in ("Partner", "Other"))
    led = ProgrammeFactory(name="Led", lead=partner, published=True)
    joined = ProgrammeFactory(name="Joined", lead=other)
    ParticipationFactory(programme=joined, organisation=partner)
    partnership = PartnershipFactory(name="Partnership", lead=other)
    MembershipFactory(partnership=partnership, organisation=partner)
    for record in (joined, partnership):
        workflow.publish(record, by=UserFactory(superuser=True))
    SiteFactory(name="Site", organisation=partner, published=True)
    OutcomeMetricFactory(name="Of programme", programme=joined, lead=other, published=True)
    OutcomeMetricFactory(name="Of partnership", programme=None, partnership=partnership, lead=other, published=True)
    OutcomeMetricFactory(name="Its own", programme=led, lead=partner, published=True)
    elsewhere = ProgrammeFactory(name="Elsewhere", lead=other, published=True)
    OutcomeMetricFactory(name="Of elsewhere", programme=elsewhere, lead=other, published=True)

    assert titles(client, f"/partners/{partner.slug}.atom") == {
        "Partner", "Led", "Joined", "Partnership", "Site", "Of programme", "Of partnership", "Its own",
    }  # fmt: skip
    assert titles(client, f"/partnerships/{partnership.slug}.atom") == {"Partnership", "Of partnership"}
    assert titles(client, f"/programmes/{joined.slug}.atom") == {"Joined", "Of programme"}


def test_each_figure_and_each_correction_is_an_entry(client, superuser, settings) -> None:
    settings.FOUR_EYES = False
    programme = ProgrammeFactory(published=True)
    metric = OutcomeMetricFactory(
        name="Patients", slug="patients", programme=programme, lead=programme.lead, unit="patients", published=True
    )
    first = ObservationFactory(metric=metric, period_start="2024", period_end="2024", value=7, entered=True)
    figures.approve([first], by=superuser)
    hidden = ObservationFactory(metric=metric, period_start="2025", period_end="2025", value=987, entered=True)
    assert titles(client, "/outcomes/patients.atom") == {"Patients", "Patients: 2024"}
    before = {entry.id for entry in read(client, "/outcomes/patients.atom").entries}
    figures.approve(
        [
            CorrectionFactory(
                observation=first, metric=metric, period_start="2024", period_end="2024", value=9,
                reason="Two clinics were left out.",
            )
        ],
        by=superuser,
    )  # fmt: skip

    feed = read(client, "/outcomes/patients.atom")
    assert before < {entry.id for entry in feed.entries}
    assert f"tag:127.0.0.1,2026:observation/{first.uuid}" in before
    assert sorted(said(client, "/outcomes/patients.atom")) == [
        ("Patients", "First published."),
        ("Patients: 2024", "9 patients."),
        ("Patients: 2024", "Corrected: 9 patients. It was: 7. Two clinics were left out."),
    ]
    assert all(entry.link.endswith(f"/outcomes/patients/#figure-{first.pk}") for entry in feed.entries[:2])
    assert str(hidden.value) not in client.get("/outcomes/patients.atom").content.decode()
    # A programme's readers hear of it too, in the words of the page.
    programme_feed = said(client, f"/programmes/{programme.slug}.atom")
    assert ("Patients", "New figure: 2024.") in programme_feed
    assert ("Patients", "Corrected: 2024.") in programme_feed


def test_a_small_number_is_kept_back_in_feeds_too_and_so_is_what_it_was(client, superuser, settings) -> None:
    settings.FOUR_EYES = False
    metric = OutcomeMetricFactory(slug="few", unit="patients", fewest_shown=5, published=True)
    small = ObservationFactory(metric=metric, period_start="2024", period_end="2024", value=6)
    figures.approve(
        [CorrectionFactory(observation=small, metric=metric, period_start="2024", period_end="2024", value=3)],
        by=superuser,
    )
    words = " ".join(words for _title, words in said(client, "/outcomes/few.atom"))

    assert "Fewer than 5" in words
    assert not [part for part in ["3 patients", "6", "It was"] if part in words]


def test_a_feed_and_its_entries_keep_their_names_when_the_record_gets_another_address(client, superuser) -> None:
    programme = ProgrammeFactory(slug="before", published=True)
    before = read(client, "/programmes/before.atom")
    change(programme, superuser, slug="now")
    now = read(client, "/programmes/now.atom")

    assert now.feed.id == before.feed.id == f"tag:127.0.0.1,2026:programme/{programme.uuid}"
    assert {entry.id for entry in now.entries} == {entry.id for entry in before.entries}
    assert now.feed.id not in {entry.id for entry in now.entries}


def test_feeds_and_the_page_are_not_sent_again_until_something_changes(client, superuser) -> None:
    programme = ProgrammeFactory(published=True, published_at=timezone.now() - datetime.timedelta(days=2))
    ProgrammeFactory(published=True, lead=programme.lead)
    own = f"/programmes/{programme.slug}.atom"
    for address in ["/updates.atom", "/updates/", own, "/programmes.atom"]:
        first = client.get(address)
        again = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        assert again["Cache-Control"] == first["Cache-Control"]
    dated = client.get("/updates.atom")["Last-Modified"]
    assert client.get("/updates.atom", headers={"if-modified-since": dated}).status_code == 304
    known = {address: client.get(address)["ETag"] for address in ["/updates.atom", "/updates/", own]}
    change(programme, superuser, name="A small correction shows")
    for address, etag in known.items():
        assert client.get(address, headers={"if-none-match": etag}).status_code == 200
    known = {address: client.get(address)["ETag"] for address in ["/updates.atom", "/updates/"]}
    workflow.withdraw(programme, by=superuser, reason="It ended.", at=timezone.now() + datetime.timedelta(seconds=2))
    for address, etag in known.items():
        response = client.get(address, headers={"if-none-match": etag, "if-modified-since": dated})
        assert response.status_code == 200
    assert client.get("/updates.atom", headers={"if-modified-since": dated}).status_code == 200


def test_what_was_loaded_is_told_once_with_its_own_dates(client) -> None:
    at = datetime.datetime(2025, 5, 1, 12, tzinfo=datetime.UTC)
    programme = ProgrammeFactory(published=True, published_at=at)
    Programme.objects.update(updated_at=at + datetime.timedelta(days=30))
    Act.objects.all().delete()
    for _time in range(2):
        call_command("note_publications", stdout=io.StringIO())

    assert [(act.verb, act.done_at, act.done_by) for act in Act.objects.on(programme).updates()] == [
        ("updated", at + datetime.timedelta(days=30), None),
        ("published", at, None),
    ]
    assert said(client, f"/programmes/{programme.slug}.atom") == [
        (programme.name, "Updated."),
        (programme.name, "First published."),
    ]


def test_the_page_says_what_was_new_day_by_day_and_is_narrowed_by_kind(client) -> None:
    lead = OrganisationFactory(name="A trust", published=True)
    for days in (1, 2):
        at = timezone.now() - datetime.timedelta(days=days)
        ProgrammeFactory(name=f"Begun {days}", lead=lead, published=True, published_at=at)
    response = client.get("/updates/")
    text = response.content.decode()

    days = response.context["days"]
    assert [[update.record.name for update, _kind in day.updates] for day in days] == [
        ["A trust"], ["Begun 1"], ["Begun 2"],
    ]  # fmt: skip
    assert [str(kind) for day in days for _update, kind in day.updates] == ["Partner", "Programme", "Programme"]
    assert '<link rel="alternate" type="application/atom+xml" title="Updates" href="/updates.atom">' in text
    assert ">Follow updates (Atom feed)</a>" in text
    narrowed = client.get("/updates/?kind=programmes")
    assert "A trust" not in narrowed.content.decode()
    assert 'href="/updates.atom?kind=programmes"' in narrowed.content.decode()
    assert 'name="robots" content="noindex, follow"' in narrowed.content.decode()
    home = client.get("/").content.decode()
    assert 'href="/updates/"' in home
    assert 'type="application/atom+xml"' in home


@pytest.mark.parametrize(
    ("factory", "list_address"),
    [
        (OrganisationFactory, "partners"),
        (PartnershipFactory, "partnerships"),
        (ProgrammeFactory, "programmes"),
        (OutcomeMetricFactory, "outcomes"),
    ],
)
def test_the_page_of_a_record_leads_to_its_feed(client, factory: Callable, list_address: str) -> None:
    record = factory(published=True)
    text = client.get(record.get_absolute_url()).content.decode()
    feed = f"/{list_address}/{record.slug}.atom"

    assert f'<link rel="alternate" type="application/atom+xml" title="Updates" href="{feed}">' in text
    assert f'href="{feed}">Follow updates (Atom feed)</a>' in text
    assert record.name in titles(client, feed)


def test_feeds_and_the_page_take_the_same_few_questions_however_much_is_new(client) -> None:
    made_up.make(30)
    partner = Organisation.objects.order_by("pk").first()
    addresses = ["/updates.atom", "/updates/", f"/partners/{partner.slug}.atom", "/programmes.atom"]

    def questions() -> dict[str, int]:
        counts = {}
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(address).status_code == 200
            counts[address] = len(asked)
        return counts

    few = questions()
    made_up.make(100, after=30)
    many = questions()
    assert many == few
    assert max(many.values()) <= MOST_QUERIES
    assert len(read(client, "/updates.atom").entries) == 50
    paged = client.get("/updates/?page=2")
    assert len([update for day in paged.context["days"] for update in day.updates]) == PER_PAGE
    assert paged.context["page_obj"].paginator.count == MOST_SHOWN
    last = client.get(f"/updates/?page={MOST_SHOWN // PER_PAGE}").content.decode()
    assert "Older ones stand at the foot of each page." in last
