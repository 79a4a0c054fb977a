"""The rules of the home page, the standing pages and what machines ask for."""

import datetime
import io
from xml.etree import ElementTree

import pytest
from django.db import OperationalError
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from programmes.models import Programme
from tests.factories import (
    AreaFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PartnershipFactory,
    PortalFactory,
    PriorityFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
    StrategyFactory,
)
from tests.factories.accounts import somebody_who_publishes
from tests.strict_client import StrictClient
from trustportal.publishing import workflow
from trustportal.publishing.models import Act
from trustportal.website import views
from trustportal.website.models import Portal
from trustportal.website.standing_pages import STANDING_PAGES

pytestmark = pytest.mark.django_db


def test_an_empty_portal_says_what_is_not_there_yet(client: StrictClient) -> None:
    page = client.get("/").content.decode()
    assert "No figure has been published yet." in page
    assert "Nothing has been published yet." in page


def test_home_counts_what_each_way_leads_to(client: StrictClient) -> None:
    partnership = PartnershipFactory(published=True)
    ProgrammeFactory(published=True, lead=partnership.lead)
    ProgrammeFactory(lead=partnership.lead)
    counts = client.get("/").context["counts"]
    assert counts == {"partners": 1, "partnerships": 1, "programmes": 1, "outcomes": 0}


def test_home_shows_headline_figures_in_their_order_with_period(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    second = OutcomeMetricFactory(headline_position=2, lead=lead, published=True)
    first = OutcomeMetricFactory(headline_position=1, lead=lead, published=True)
    for metric in [second, first]:
        ObservationFactory(metric=metric, period_start="2018", period_end="2018", value=5)
        ObservationFactory(metric=metric, period_start="2019-04", period_end="2020-03", value=2477)
    response = client.get("/")
    assert [row.metric for row in response.context["headlines"]] == [first, second]
    assert "2,477" in response.content.decode()
    assert "April 2019 to March 2020" in response.content.decode()


def test_home_shows_the_newest_of_partnerships_and_programmes(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    day = timezone.now() - datetime.timedelta(days=10)
    made = [
        factory(published_at=day + datetime.timedelta(days=n), published=True, lead=lead)
        for n, factory in enumerate([PartnershipFactory, ProgrammeFactory, PartnershipFactory, ProgrammeFactory] * 2)
    ]
    shown = client.get("/").context["latest"]
    assert [row.name for row in shown] == [record.name for record in reversed(made[-4:])]
    assert [row.url for row in shown] == [record.get_absolute_url() for record in reversed(made[-4:])]


def test_home_shows_the_priorities_of_the_host_alone(client: StrictClient) -> None:
    host = OrganisationFactory(published=True)
    PortalFactory(host=host)
    mine = PriorityFactory(strategy=StrategyFactory(lead=host, published=True), published=True)
    PriorityFactory(strategy=StrategyFactory(published=True), published=True)
    assert list(client.get("/").context["priorities"]) == [mine]


@pytest.mark.parametrize("name", STANDING_PAGES)
def test_a_standing_page_shows_its_dates(client: StrictClient, name: str) -> None:
    page = client.get(f"/{name}/").content.decode()
    assert "Page last reviewed:" in page
    assert "Next review due:" in page


def test_contact_shows_what_the_settings_say(client: StrictClient) -> None:
    PortalFactory(contact_email="partnerships@example.nhs.uk", contact_phone="020 7946 0000")
    page = client.get("/contact/").content.decode()
    assert "mailto:partnerships@example.nhs.uk" in page
    assert "020 7946 0000" in page


@override_settings(SITE_URL="https://portal.example")
def test_the_site_map_lists_public_pages_under_the_portals_own_name_with_true_dates(client: StrictClient) -> None:
    at = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    shown = ProgrammeFactory(published_at=at, published=True)
    hidden = ProgrammeFactory(lead=shown.lead)
    tree = ElementTree.fromstring(client.get("/sitemap.xml", HTTP_HOST="localhost").content)  # noqa: S314  our own
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    dates = {row.find(f"{space}loc").text: row.findtext(f"{space}lastmod") for row in tree}
    assert dates[f"https://portal.example{shown.get_absolute_url()}"].startswith("2026-03-01")
    assert f"https://portal.example{hidden.get_absolute_url()}" not in dates
    assert "https://portal.example/" in dates
    assert "https://portal.example/about/" in dates
    assert all(address.startswith("https://portal.example/") for address in dates)


def test_browsers_find_an_icon_unasked(client: StrictClient) -> None:
    assert client.get("/favicon.ico")["Location"].startswith("/static/portal/favicon")


def test_robots_are_led_to_the_site_map_and_away_from_the_admin(client: StrictClient) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in text
    assert "/sitemap.xml" in text


@override_settings(SECURITY_CONTACT="mailto:security@example.nhs.uk")
def test_security_txt_names_a_contact_and_has_not_expired(client: StrictClient) -> None:
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    assert lines["Contact"] == "mailto:security@example.nhs.uk"
    assert datetime.datetime.fromisoformat(lines["Expires"]) > timezone.now()


def test_health_needs_no_database_and_readiness_does(
    client: StrictClient, django_assert_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200

    def silent() -> None:
        raise OperationalError

    monkeypatch.setattr(views.connection, "cursor", silent)
    client.raise_request_exception = False
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert client.get("/healthz").status_code == 200


def test_a_fault_of_ours_is_a_plain_page_that_needs_no_database(
    client: StrictClient, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object
) -> None:
    def broken() -> None:
        raise ValueError

    monkeypatch.setattr(views, "home", lambda host: broken())
    monkeypatch.setattr(Portal.objects, "current", lambda: Portal())
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        response = client.get("/")
    assert response.status_code == 500
    assert "something went wrong on our side" in response.content.decode()


# What every record's page says of itself


def test_a_page_says_in_one_line_what_is_not_known_and_nothing_where_all_is(client: StrictClient) -> None:
    lead = OrganisationFactory(published=True)
    programme = ProgrammeFactory(lead=lead, started_on=None, description="What it is.", published=True)
    url = programme.get_absolute_url()
    page = client.get(url).content.decode()
    assert "Not known yet: when it began, which areas it serves, who else takes part, the sources." in page
    assert ">When</dt>" not in page
    Programme.objects.filter(pk=programme.pk).update(started_on="2017")
    programme.areas.add(AreaFactory())
    programme.sources.add(SourceFactory(published=True))
    assert "Not known yet: who else takes part." in client.get(url).content.decode()
    ParticipationFactory(programme=programme)  # of a draft: known, but not shown yet
    assert "Not known yet" not in client.get(url).content.decode()


def test_what_is_not_known_takes_no_query_of_its_own(client: StrictClient, django_assert_num_queries: object) -> None:
    made = [
        OrganisationFactory(place="", published=True),
        PartnershipFactory(published=True),
        ProgrammeFactory(published=True),
        OutcomeMetricFactory(published=True),
        SiteFactory(published=True),
        StrategyFactory(published=True),
        SourceFactory(published=True, url=""),
    ]
    for record in made:
        words = record.not_known
        assert words
        page = type(record).objects.published().for_page().with_lacking().get(pk=record.pk)
        with django_assert_num_queries(0):
            assert page.not_known == words
        assert f"Not known yet: {', '.join(words)}." in client.get(record.get_absolute_url()).content.decode()


def test_a_page_tells_its_updates_the_newest_first(client: StrictClient) -> None:
    at = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
    by = somebody_who_publishes()
    programme = ProgrammeFactory(published=True, published_at=at)
    url, days = programme.get_absolute_url(), iter(range(1, 9))

    def later() -> datetime.datetime:
        return at + datetime.timedelta(days=next(days))

    workflow.note_update(programme, by=by, substantive=True, words="Added the clinic in <Sidcup>.", at=later())
    workflow.note_update(programme, by=by, substantive=False, words="A spelling mistake.", at=later())
    workflow.note_update(programme, by=by, substantive=True, at=later())
    workflow.withdraw(programme, by=by, reason="It was wrong.", at=later())
    workflow.publish(programme, by=by, at=later())
    response = client.get(url)
    assert [(f"{update.on:%d}", update.words) for update in response.context["updates"]] == [
        ("07", "Published again."),
        ("05", "Updated."),
        ("03", "Added the clinic in <Sidcup>."),
        ("02", "First published."),
    ]
    page = response.content.decode()
    assert '<time datetime="2026-03-03">3 March 2026</time>: Added the clinic in &lt;Sidcup&gt;.' in page
    assert page.count("Updates to this page") == 1


def test_a_page_tells_twenty_updates_and_a_page_without_any_tells_none(client: StrictClient) -> None:
    programme = ProgrammeFactory(published=True)
    for _ in range(21):
        workflow.note_update(programme, by=somebody_who_publishes(), substantive=True)
    assert len(client.get(programme.get_absolute_url()).context["updates"]) == 20
    Act.objects.on(programme).delete()  # as if it had been loaded
    for url in [programme.get_absolute_url(), "/programmes/", "/strategy/", "/about/", "/"]:
        assert "Updates to this page" not in client.get(url).content.decode()


def test_a_withdrawn_page_leads_to_what_to_see_instead_where_it_says_so(client: StrictClient) -> None:
    programme, by = ProgrammeFactory(published=True), somebody_who_publishes()
    workflow.withdraw(programme, by=by, reason="It moved.")
    url = programme.get_absolute_url()
    assert "See instead" not in client.get(url).content.decode()
    workflow.withdraw(programme, by=by, reason="It moved.", see_instead="/programmes/")
    assert 'See instead: <a href="/programmes/">/programmes/</a>' in client.get(url).content.decode()


def test_an_unknown_address_leads_on(client: StrictClient) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert 'href="/programmes/"' in response.content.decode()


def test_the_accent_colour_is_a_stylesheet_only_where_it_differs(client: StrictClient) -> None:
    assert "/brand.css" not in client.get("/").content.decode()
    PortalFactory(accent="#7c2855")
    assert "/brand.css" in client.get("/").content.decode()
    assert client.get("/brand.css").content.decode() == ":root { --accent: #7c2855; }\n"


def test_the_logo_is_shown_with_its_words(client: StrictClient) -> None:
    assert client.get("/logo.png").status_code == 404
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    PortalFactory(logo=file.getvalue(), logo_alt="Example Trust")
    assert 'alt="Example Trust"' in client.get("/").content.decode()
    response = client.get("/logo.png")
    assert response["Content-Type"] == "image/png"
    assert response.content == file.getvalue()


def test_the_nhs_identity_is_off_unless_the_trust_switches_it_on(client: StrictClient) -> None:
    page = client.get("/").content.decode()
    assert "nhsuk/favicon" not in page
    assert "portal-header--nhs" not in page
    PortalFactory(uses_nhs_identity=True)
    page = client.get("/").content.decode()
    assert "nhsuk/favicon" in page
    assert "portal-header--nhs" in page
