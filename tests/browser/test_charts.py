"""Charts in a real browser: without scripts, by keyboard, on a phone, within another page."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

METRIC = "/outcomes/example-kings-college-hospital-within-four-hours/"


@pytest.mark.parametrize(("screen", "shown"), [(DESK, "wide"), (PHONE, "narrow")])
def test_each_screen_gets_the_chart_that_fits(browser: Browser, site: str, screen: int, shown: str) -> None:
    page = browser.new_page(viewport={"width": screen, "height": 900}, java_script_enabled=False)
    page.goto(site + METRIC)

    for size in ("wide", "narrow"):
        expect(page.locator(f".portal-chart--{size}")).to_be_visible(visible=size == shown)
    box = page.locator(f".portal-chart--{shown}").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= screen
    assert box["height"] > 250
    page.close()


def test_each_point_is_reached_and_read_by_keyboard_without_scripts(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": DESK, "height": 900}, java_script_enabled=False)
    page.goto(site + METRIC)
    points = page.locator(".portal-chart--wide a")
    assert points.count() == 36

    page.locator("a", has_text="Go past the chart to the table").focus()
    page.keyboard.press("Tab")
    expect(points.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(points.nth(1)).to_be_focused()
    read = points.nth(1).locator("title").text_content()
    assert read.startswith("May 2016: 80.")
    page.keyboard.press("Enter")

    row = page.locator("tr:target")
    assert "May 2016" in row.inner_text()
    assert read.split(": ")[1].split(". ")[0] in row.inner_text()
    expect(row).to_be_in_viewport()
    page.close()


def test_the_table_says_all_that_the_chart_says(page: Page, site: str) -> None:
    page.goto(site + METRIC)

    for point in page.locator(".portal-chart--wide a").all():
        period, _, rest = point.locator("title").text_content().partition(": ")
        value, _, says = rest.partition(". ")
        row = page.locator(f"#{point.get_attribute('href').partition('#')[2]}").inner_text()
        assert period in row
        assert value in row
        assert says in row


@pytest.fixture
def elsewhere(site: str) -> Iterator[str]:
    """The address of another site that shows the chart; a real one, for browsers judge by where a page comes from."""
    words = f'<h1>Elsewhere</h1><iframe src="{site}{METRIC}embed/" title="Chart" height="620"></iframe>'.encode()

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_args: object) -> None:
            """Nobody reads a log here."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_another_site_shows_the_chart(page: Page, elsewhere: str) -> None:
    page.goto(elsewhere)

    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("King's College Hospital")
    expect(frame.locator(".portal-chart:visible")).to_have_count(1)
