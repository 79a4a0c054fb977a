"""Searching in the browser: with the keyboard, with suggestions, on a phone, without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import violations_of

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

PAUSE = 250  # milliseconds, as the script has it


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The suggestions that the page asks for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest/" in request.url else None)
    return asked


def test_a_reader_gets_to_a_page_with_the_keyboard_alone(page: Page, site: str, asked: list[str]):
    page.goto(site)
    box = page.get_by_role("combobox", name="Search by a word")
    box.focus()
    page.keyboard.type("satellite dia", delay=20)
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Satellite dialysis")

    assert len(asked) == 1
    assert box.get_attribute("aria-expanded") == "true"
    expect(page.locator("form[role=search] [role=status]")).to_contain_text("suggestion")
    page.keyboard.press("ArrowDown")
    assert options.first.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/programmes/satellite-dialysis/")


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(page: Page, site: str):
    page.goto(site)
    box = page.get_by_role("combobox", name="Search by a word")
    box.press_sequentially("leeds")
    expect(page.get_by_role("listbox")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box.input_value() == "leeds"
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")


def test_enter_without_a_choice_searches(page: Page, site: str):
    page.goto(f"{site}/about/")
    page.get_by_role("combobox", name="Search").fill("dialysis")

    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=dialysis")
    expect(page.get_by_role("heading", name="9 results")).to_be_visible()


def test_a_suggestion_can_be_clicked(page: Page, site: str):
    page.goto(site)
    page.get_by_role("combobox", name="Search by a word").press_sequentially("buurt")

    page.get_by_role("option").first.click()

    page.wait_for_url("**/partners/buurtzorg/")


def test_no_more_than_one_request_is_made_a_pause_and_nothing_is_stored(page: Page, site: str, asked: list[str]):
    page.goto(site)
    box = page.get_by_role("combobox", name="Search by a word")
    box.press_sequentially("dia", delay=30)
    page.wait_for_timeout(PAUSE * 2)
    box.press_sequentially("lysis", delay=30)
    page.wait_for_timeout(PAUSE * 2)

    assert len(asked) == 2
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [360, 320])
def test_on_a_phone_results_are_narrowed_without_javascript(browser: Browser, site: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/partners/")
    page.locator("#header-search").fill("dialysis")
    page.locator("#header-search").press("Enter")
    expect(page.get_by_role("heading", name="9 results")).to_be_visible()
    assert not page.get_by_role("link", name="Sites 6").is_visible()

    page.get_by_text("Narrow the results").click()
    page.get_by_role("link", name="Sites 6").click()

    expect(page.get_by_role("heading", name="6 results")).to_be_visible()
    page.get_by_role("link", name="Remove What it is: Sites").click()
    expect(page.get_by_role("heading", name="9 results")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(
    "path", ["/search/", "/search/?q=southwark", "/search/?q=southwark&type=site", "/search/?q=xx9"]
)
def test_the_search_page_is_accessible_and_fits(browser: Browser, site: str, path: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(site + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = violations_of(page)
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found] == []
    context.close()


def test_the_suggestions_are_accessible(page: Page, site: str):
    page.goto(site)
    page.get_by_role("combobox", name="Search by a word").press_sequentially("leeds")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")

    assert [violation["id"] for violation in violations_of(page)] == []


def test_on_a_desk_the_ways_to_narrow_stand_open_beside_the_results(page: Page, site: str):
    page.goto(f"{site}/search/?q=dialysis")

    expect(page.get_by_role("link", name="Sites 6")).to_be_visible()
