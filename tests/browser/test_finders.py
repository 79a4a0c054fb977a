"""Narrowing a list: with the keyboard, on a phone without scripts, zoomed in, and heard."""

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.reader import violations_of

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

LIST = "/programmes/"
NARROWED = "/programmes/?kind=education&kind=research&not-stage=planned&active=2016"
LISTS = ["/partners/", "/partnerships/", LIST, "/sites/", "/outcomes/", "/outcomes/summary/", "/sources/"]
FAULTY = "/programmes/?active=yesterday"


def test_a_list_is_narrowed_with_the_keyboard_alone(page: Page, site: str):
    page.goto(site + LIST)
    page.locator("main input[name=q]").focus()
    for _ in range(2):
        page.keyboard.press("Tab")  # past the name of the first facet
    assert page.locator(":focus").get_attribute("name") == "kind"
    page.keyboard.press("Space")
    chosen = page.locator(":focus").get_attribute("value")
    page.keyboard.press("Enter")
    page.wait_for_url("**kind=**")

    assert f"kind={chosen}" in page.url
    assert page.url.endswith("#found")
    chip = page.get_by_role("link", name="Remove")
    assert chip.count() == 1
    chip.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(site + LIST)


@pytest.mark.parametrize("width", [1280, 360, 320])
def test_a_list_is_narrowed_without_scripts_and_says_how_many_are_left(browser: Browser, site: str, width: int):
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 740})
    page = context.new_page()
    page.goto(site + LIST)
    all_of_them = int(page.get_by_role("status").inner_text().split()[0])
    handle = page.get_by_text("Narrow this list")
    if width < 769:
        assert not page.get_by_label("Research").first.is_visible()
        handle.click()
    else:
        assert not handle.is_visible()  # the form stands open beside the list
    page.get_by_label("Research").first.check()
    page.get_by_text("Running at a time").click()
    page.get_by_label("At some time in").fill("May 2016")
    page.get_by_role("button", name="Show the list").click()

    assert page.url == f"{site}/programmes/?kind=research&active=2016-05#found"
    left = int(page.get_by_role("status").inner_text().split()[0])
    assert 0 < left < all_of_them
    assert page.locator(".portal-row").count() == left
    assert f"{left} programme" in page.title()
    assert page.get_by_role("status").bounding_box()["y"] < 740  # seen at once, without scrolling
    page.get_by_role("link", name="Clear all").click()
    assert page.url == site + LIST
    context.close()


def test_the_form_stands_beside_the_list_on_a_desk(page: Page, site: str):
    page.goto(site + LIST)
    form, found = page.locator(".portal-finder__form").bounding_box(), page.locator("#found").bounding_box()

    assert form["x"] + form["width"] < found["x"]
    assert abs(form["y"] - found["y"]) < 40


@pytest.mark.parametrize("path", [*LISTS, NARROWED, FAULTY, "/programmes/?more=partner"])
def test_a_narrowed_list_can_be_used_by_everybody(browser: Browser, site: str, path: str):
    for width in [1280, 320]:
        context = browser.new_context(viewport={"width": width, "height": 600})
        page = context.new_page()
        page.goto(site + path)
        for handle in page.locator("details:not([open]) > summary").all():
            if handle.is_visible():
                handle.click()
        violations = violations_of(page)
        assert [(found["id"], found["nodes"][0]["html"][:150]) for found in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        context.close()


def test_what_is_wrong_is_said_at_the_top_and_leads_to_the_field(browser: Browser, site: str):
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(site + FAULTY)
    page.get_by_role("alert").get_by_role("link").click()

    field = page.locator("#active")
    assert field.is_visible()
    assert field.input_value() == "yesterday"
    assert "not a date" in page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text()
    context.close()


@pytest.mark.parametrize(
    "path", ["/programmes/", "/programmes.json", "/search/", "/api/v1/partners", "/fhir/Organization"]
)
@pytest.mark.parametrize(("length", "status"), [(8_050, (200, 400)), (10_000, (414,)), (60_000, (414,))])
def test_an_address_that_is_too_long_is_answered_in_plain_words(site: str, path: str, length: int, status: tuple):
    name = "name" if path.startswith("/fhir") else "q"
    try:
        answer = urllib.request.urlopen(f"{site}{path}?{name}={'a' * length}")
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        words = answer.read().decode()
    assert answer.status in status
    assert path.endswith("/") or answer.headers["Access-Control-Allow-Origin"] == "*"
    if answer.status == 414:
        assert words == "The address is too long: at most 8,190 characters can be read. Ask for less at once.\n"
