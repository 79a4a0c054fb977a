"""The map in a real browser: with and without scripts, by keyboard, on a phone, zoomed in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import DESK, PHONE, ZOOMED, Reader

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

PAGES = ["/map/", "/map/london/", "/map/southwark/", "/map/sites/queen-marys-hospital-sidcup/"]


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A window without scripts."""
    context = browser.new_context(viewport={"width": DESK, "height": 900}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def box_of(page: Page) -> list[float]:
    """What the drawing shows: x, y, width and height."""
    return [float(number) for number in page.locator("[data-map-drawing]").get_attribute("viewBox").split()]


@pytest.mark.parametrize("path", [*PAGES, "/map/?from=dialysis"])
def test_every_window_can_be_read_by_everybody_and_calls_nobody(page, site, path):
    assert Reader(page, site).faults_of(path) == []


def test_links_lead_from_england_to_a_region_to_a_district_to_a_site_without_scripts(plain: Page, site: str) -> None:
    plain.goto(site + "/map/")
    plain.locator(".portal-map__drawing a[aria-label^='London']").first.focus()
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_contain_text("London")

    plain.locator(".portal-map__drawing a[aria-label^='Southwark']").focus()
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Southwark")

    plain.locator(".portal-map__wide a[aria-label^='Camberwell dialysis']").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Camberwell dialysis")
    plain.get_by_role("link", name="Show it on the large map").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Around Camberwell dialysis")


def test_two_sites_at_one_place_are_reached_step_by_step_without_scripts(plain: Page, site: str) -> None:
    plain.goto(site + "/map/london/")
    for _step in range(3):
        group = plain.locator(".portal-map__wide a[aria-label*='Sidcup']")
        expect(group).to_have_count(1)
        group.focus()
        plain.keyboard.press("Enter")

    together = plain.locator("#together + ul")
    expect(together.get_by_role("link", name="Queen Mary's Hospital, Sidcup")).to_be_visible()
    expect(together.get_by_role("link", name="Sidcup dialysis")).to_be_visible()


@pytest.mark.parametrize(("screen", "shown"), [(DESK, "wide"), (PHONE, "narrow"), (ZOOMED, "narrow")])
def test_each_screen_gets_the_markers_that_fit(browser: Browser, site: str, screen: int, shown: str) -> None:
    page = browser.new_page(viewport={"width": screen, "height": 900}, java_script_enabled=False)
    page.goto(site + "/map/london/")

    for layer in ("wide", "narrow"):
        expect(page.locator(f".portal-map__{layer} a").first).to_be_visible(visible=layer == shown)
    drawing = page.locator("[data-map-drawing]").bounding_box()
    assert drawing["x"] >= 0
    assert drawing["x"] + drawing["width"] <= screen
    for marker in page.locator(f".portal-map__{shown} a").all():
        target = marker.bounding_box()
        assert min(target["width"], target["height"]) >= 24
    page.close()


def test_no_two_markers_and_no_two_names_lie_on_each_other(page: Page, site: str) -> None:
    for path in PAGES:
        page.goto(site + path)
        for what in [".portal-map__wide a circle:first-of-type", ".portal-map__wide text:visible"]:
            boxes = [box for one in page.locator(what).all() if (box := one.bounding_box())]
            for at, one in enumerate(boxes):
                for other in boxes[:at]:
                    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
                    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
                    assert across < 3 or down < 5, (path, what)


def test_buttons_keys_and_ctrl_with_the_wheel_zoom(page: Page, site: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(site + "/map/london/")
    whole = box_of(page)
    drawing = page.locator("[data-map-drawing]")

    page.get_by_role("button", name="Zoom in").click()
    closer = box_of(page)
    assert closer[2] < whole[2]
    page.get_by_role("button", name="Show all").click()
    assert box_of(page) == whole

    page.get_by_role("button", name="Zoom in").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    assert box_of(page)[0] > closer[0]
    page.keyboard.press("0")
    assert box_of(page) == whole

    drawing.scroll_into_view_if_needed()
    drawing.hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    page.wait_for_function(f"document.querySelector('[data-map-drawing]').viewBox.baseVal.width < {whole[2]}")


def test_the_bare_wheel_scrolls_the_page(page: Page, site: str) -> None:
    page.goto(site + "/map/london/")
    whole = box_of(page)
    page.locator("[data-map-drawing]").hover()

    page.mouse.wheel(0, 300)

    page.wait_for_function("window.scrollY > 100")
    assert box_of(page) == whole


def test_markers_keep_their_size_and_a_drag_moves_the_map_without_following_a_link(page: Page, site: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(site + "/map/london/")
    marker = page.locator(".portal-map__wide a").first
    before = marker.bounding_box()
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    assert marker.bounding_box()["width"] == pytest.approx(before["width"], abs=1)

    frame, moved_from = page.locator("[data-map-drawing]").bounding_box(), box_of(page)
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 80, y - 40, steps=5)
    page.mouse.up()

    assert box_of(page)[0] > moved_from[0]
    assert box_of(page)[1] > moved_from[1]
    assert page.url == site + "/map/london/"


def test_what_the_tab_key_reaches_is_moved_into_the_frame(page: Page, site: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(site + "/map/london/")
    for _press in range(4):
        page.get_by_role("button", name="Zoom in").click()
    bexley = page.locator(".portal-map__drawing a[aria-label^='Bexley']")

    bexley.focus()

    frame, target = page.locator("[data-map-drawing]").bounding_box(), bexley.bounding_box()
    middle = target["x"] + target["width"] / 2
    assert frame["x"] <= middle <= frame["x"] + frame["width"]


def test_a_whole_postcode_never_stays_in_the_address(plain: Page, site: str) -> None:
    plain.goto(site + "/map/")
    plain.get_by_label("How far are they from…").fill("se1 9rt")
    plain.get_by_role("button", name="Show distances").click()

    assert "from=SE1" in plain.url
    assert "9rt" not in plain.url.lower()
    expect(plain.locator("#sites ~ .portal-rows .portal-row").nth(1)).to_contain_text("miles")


def test_an_unknown_place_is_an_error_beside_its_field(plain: Page, site: str) -> None:
    plain.goto(site + "/map/?from=Atlantis")

    field = plain.get_by_label("How far are they from…")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(plain.locator("#from-error")).to_contain_text("We do not know where “Atlantis” is.")
