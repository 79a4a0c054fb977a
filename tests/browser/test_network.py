"""The network in a real browser: by keyboard, without scripts, on a phone, zoomed in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import DESK, PHONE, ZOOMED, Reader

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

HOST = "/network/?partner=guys-and-st-thomas"


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A window without scripts."""
    context = browser.new_context(viewport={"width": DESK, "height": 900}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    "path", ["/network/", HOST, f"{HOST}&steps=2", "/network/?as-at=soon", "/network/?kind=council&as-at=2018"]
)
def test_the_network_can_be_read_by_everybody(page: Page, site: str, path: str):
    assert Reader(page, site).faults_of(path) == []


@pytest.mark.parametrize(("screen", "shown"), [(DESK, "wide"), (PHONE, "narrow"), (ZOOMED, "narrow")])
def test_each_screen_gets_the_picture_that_fits(plain: Page, site: str, screen: int, shown: str):
    plain.set_viewport_size({"width": screen, "height": 740})
    plain.goto(f"{site}/network/")

    for size in ("wide", "narrow"):
        expect(plain.locator(f".portal-network--{size}")).to_be_visible(visible=size == shown)
    box = plain.locator(f".portal-network--{shown}").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= screen


@pytest.mark.parametrize(("screen", "size"), [(DESK, "wide"), (PHONE, "narrow")])
def test_no_label_lies_over_another_and_each_point_is_large_enough(page: Page, site: str, screen: int, size: str):
    page.set_viewport_size({"width": screen, "height": 740})
    page.goto(f"{site}/network/")

    points = page.locator(f".portal-network--{size} .portal-network__point")
    boxes = points.evaluate_all(
        """links => links.map(link => [...link.querySelectorAll('g text')].map(t => t.getBoundingClientRect())
            .map(b => [b.left, b.top + 2, b.right, b.bottom - 2]))"""
    )
    over = [
        (one, other)
        for at, labels in enumerate(boxes)
        for others in boxes[:at]
        for one in labels
        for other in others
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert len(boxes) > 30
    assert over == []
    shapes = page.locator(f".portal-network--{size} .portal-network__shape").evaluate_all(
        "shapes => shapes.map(s => Math.min(s.getBoundingClientRect().width, s.getBoundingClientRect().height))"
    )
    assert min(shapes) >= 24


def test_a_reader_goes_from_point_to_point_by_keyboard_without_scripts(plain: Page, site: str):
    plain.goto(f"{site}/network/")
    points = plain.locator(".portal-network--wide .portal-network__point")

    plain.get_by_role("link", name="Go past the picture to the table").focus()
    plain.keyboard.press("Tab")
    expect(points.first).to_be_focused()
    before = points.first.screenshot()
    plain.keyboard.press("Tab")
    expect(points.nth(1)).to_be_focused()
    assert points.first.screenshot() != before  # where one is can be seen
    assert "Show its network" in points.nth(1).locator("title").text_content()
    plain.keyboard.press("Enter")

    expect(plain.locator(".nhsuk-caption-xl")).to_contain_text("Network")
    assert "partner=" in plain.url


def test_each_line_is_a_link_with_words(plain: Page, site: str):
    plain.goto(site + HOST)
    lines = plain.locator(".portal-network--wide .portal-network__tie")

    assert lines.count() > 10
    words = lines.locator("title").all_text_contents()
    assert all("Guy's and St Thomas'" in said or "North Southwark" in said for said in words)
    lines.first.focus()
    plain.keyboard.press("Enter")
    expect(plain).not_to_have_url(site + HOST)


def test_who_goes_past_the_picture_is_at_the_table(plain: Page, site: str):
    plain.goto(f"{site}/network/")

    plain.get_by_role("link", name="Go past the picture to the table").press("Enter")
    plain.keyboard.press("Tab")

    assert plain.locator(".portal-network-table a").first.evaluate("link => link === document.activeElement")


def test_the_network_is_narrowed_without_scripts(plain: Page, site: str):
    plain.set_viewport_size({"width": PHONE, "height": 740})
    plain.goto(f"{site}/network/")
    whole = plain.locator(".portal-network-table tbody tr").count()

    plain.get_by_text("Narrow the network").click()
    plain.get_by_label("Kind of partner").select_option("University")
    plain.get_by_label("As at").fill("2019")
    plain.get_by_role("button", name="Show").click()

    assert plain.locator(".portal-network-table tbody tr").count() < whole
    assert "kind=university" in plain.url
    expect(plain.locator(".nhsuk-lede-text")).to_contain_text("2019")
    plain.get_by_role("link", name="Clear all").click()
    assert plain.locator(".portal-network-table tbody tr").count() == whole


def test_what_is_not_tied_to_the_point_in_hand_steps_back_with_scripts(page: Page, site: str):
    page.goto(f"{site}/network/")
    points = page.locator(".portal-network--wide .portal-network__point")
    assert page.locator(".portal-network--looking").count() == 0

    points.first.focus()

    near = page.locator(".portal-network--wide .portal-network__point.is-near").count()
    assert 1 < near < points.count()
    page.get_by_role("link", name="Go past the picture to the table").focus()
    assert page.locator(".portal-network--looking").count() == 0
