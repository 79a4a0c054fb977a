"""Reading with the keyboard, without scripts, on a slow line."""

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

LIST, RECORD = "/programmes/", "/programmes/satellite-dialysis/"
MOST_REQUESTS, MOST_BYTES = 6, 45 * 1024
LOOK = """e => { const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor].join() }"""


def test_the_first_tab_shows_the_way_past_the_menu(page: Page, site: str):
    page.goto(site)

    page.keyboard.press("Tab")

    skip = page.locator(":focus")
    assert "Skip" in skip.inner_text()
    box = skip.bounding_box()
    assert box["y"] >= 0
    assert box["x"] >= 0
    assert box["height"] > 10
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("path", ["/", LIST, RECORD])
def test_whoever_goes_by_keyboard_sees_where_they_are(page: Page, site: str, path: str):
    page.goto(site + path)
    unseen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        here = page.evaluate_handle("document.activeElement").as_element()
        if here is None or here.evaluate("e => e === document.body"):
            break
        words = here.evaluate("e => (e.getAttribute('aria-label') || e.textContent).trim()")[:40]
        box = here.bounding_box()
        with_focus = here.evaluate(LOOK)
        without = here.evaluate(f"e => {{ e.blur(); const look = ({LOOK})(e); e.focus(); return look }}")
        if with_focus == without or box is None or box["width"] == 0:
            unseen.append(words)

    assert unseen == []


def test_the_order_of_the_keyboard_is_that_of_the_page(page: Page, site: str):
    page.goto(site + LIST)

    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].filter(e => e.tabIndex > 0).length") == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_the_portal_works_without_scripts(browser: Browser, site: str, width: int):
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 740})
    page = context.new_page()

    page.goto(site)
    page.get_by_role("navigation").get_by_role("link", name="Programmes").first.click()
    assert page.url == site + LIST
    if width < 768:
        page.get_by_text("Narrow this list").click()
    page.get_by_label("Satellite site").first.check()
    page.get_by_role("button", name="Show the list").click()
    assert "kind=satellite-site" in page.url
    page.locator("main").get_by_role("link", name="dialysis").first.click()
    assert page.locator("h1").inner_text()
    assert page.url.startswith(site + LIST)
    context.close()


def test_nothing_moves_for_those_who_asked_for_stillness(browser: Browser, site: str):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(site)

    assert page.evaluate("document.getAnimations().length") == 0
    context.close()


@pytest.mark.parametrize("path", ["/", LIST, RECORD])
def test_the_first_view_asks_for_little(browser: Browser, site: str, path: str):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    line = context.new_cdp_session(page)
    asked, received = [], []
    line.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    line.send("Network.enable")

    page.goto(site + path, wait_until="networkidle")

    asked = [url for url in asked if not url.startswith("data:")]
    assert len(asked) <= MOST_REQUESTS, asked
    assert sum(received) <= MOST_BYTES
    context.close()


def test_a_printed_page_leaves_out_the_menu(page: Page, site: str):
    page.goto(site + RECORD)
    page.emulate_media(media="print")

    assert page.locator("h1").is_visible()
    assert page.locator("header nav").count() == 1
    assert not page.locator("header nav").is_visible()
