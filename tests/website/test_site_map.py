"""The site map: true dates, an index where one file cannot hold all, few rows in memory."""

import datetime

import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import made_up
from tests.factories import OrganisationFactory, ProgrammeFactory
from tests.strict_client import StrictClient
from trustportal.publishing import workflow
from trustportal.publishing.sitemaps import PortalSitemap

pytestmark = pytest.mark.django_db

HOST = "http://127.0.0.1:8000"


def read(client: StrictClient, address: str) -> tuple[str, dict[str, str]]:
    """What kind of file it is, and its addresses with their dates."""
    response = client.get(address.removeprefix(HOST))
    assert response.status_code == 200
    tree = ElementTree.fromstring(response.content)
    rows = {row.findtext("{*}loc"): row.findtext("{*}lastmod") or "" for row in tree}
    assert len(rows) == len(tree)
    return tree.tag.partition("}")[2], rows


def test_dates_say_when_anything_on_the_page_changed_also_a_small_correction(client, superuser) -> None:
    long_ago = datetime.datetime(2024, 3, 1, 12, tzinfo=datetime.UTC)
    lead = OrganisationFactory(published=True, published_at=long_ago)
    programme = ProgrammeFactory(lead=lead, published=True, published_at=long_ago)
    page, programmes, partners = (f"{HOST}{a}" for a in (programme.get_absolute_url(), "/programmes/", "/partners/"))
    _kind, before = read(client, "/sitemap.xml")
    assert (before[page], before[programmes], before[partners]) == ("2024-03-01", "2024-03-01", "2024-03-01")

    copy = workflow.start_change(programme, by=superuser)
    copy.name, copy.is_small_correction = "Mended", True
    copy.save()
    workflow.publish(copy, by=superuser)
    _kind, after = read(client, "/sitemap.xml")
    today = timezone.now().date().isoformat()
    assert (after[page], after[programmes], after[partners]) == (today, today, "2024-03-01")
    assert after[f"{HOST}/"] == after[f"{HOST}/updates/"] == today


def test_a_list_changed_when_something_left_it(client, superuser) -> None:
    long_ago = datetime.datetime(2024, 3, 1, 12, tzinfo=datetime.UTC)
    programme = ProgrammeFactory(published=True, published_at=long_ago)
    workflow.withdraw(
        programme, by=superuser, reason="It ended.", at=datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC)
    )
    _kind, dates = read(client, "/sitemap.xml")
    assert dates[f"{HOST}/programmes/"] == "2025-06-01"
    assert f"{HOST}{programme.get_absolute_url()}" not in dates


def test_what_one_file_cannot_hold_is_an_index_of_files_that_have_the_same_addresses(client, monkeypatch) -> None:
    made_up.make(23)
    kind, all_of_them = read(client, "/sitemap.xml")
    assert kind == "urlset"
    monkeypatch.setattr(PortalSitemap, "limit", 10)
    kind, files = read(client, "/sitemap.xml")
    assert kind == "sitemapindex"
    found: dict[str, str] = {}
    for address, changed in files.items():
        assert address.startswith(f"{HOST}/sitemap-")
        kind, rows = read(client, address)
        assert kind == "urlset"
        assert 0 < len(rows) <= 13  # lists and standing pages are not cut
        assert not set(rows) & set(found)
        assert not changed or changed[:10] == max(rows.values())
        found |= rows
    assert found == all_of_them
    assert {f"{HOST}/sitemap-partners.xml", f"{HOST}/sitemap-partners.xml?p=3"} <= set(files)
    for nowhere in ["/sitemap-partners.xml?p=4", "/sitemap-partners.xml?p=x", "/sitemap-nothing.xml"]:
        assert client.get(nowhere).status_code == 404


def test_the_number_of_records_changes_neither_questions_nor_rows_read_at_once(client, monkeypatch) -> None:
    monkeypatch.setattr(PortalSitemap, "limit", 40)

    def asked(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as questions:
            assert client.get(address).status_code == 200
        return [question["sql"] for question in questions.captured_queries]

    made_up.make(41)
    few = asked("/sitemap-partners.xml")
    made_up.make(60, after=41)
    assert len(asked("/sitemap-partners.xml")) == len(few) <= 3
    assert all("LIMIT 40" in sql or "COUNT(" in sql for sql in asked("/sitemap-partners.xml?p=2"))


def test_robots_are_led_to_the_site_map(client) -> None:
    assert f"Sitemap: {HOST}/sitemap.xml" in client.get("/robots.txt").content.decode()
