"""The timeline in a real browser: without scripts, by keyboard, on a phone, zoomed in, for everybody."""

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import DESK, PHONE, ZOOMED, Reader

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

PROGRAMME = "/programmes/cancer-centre-sidcup/"
ADDRESSES = [
    "/timeline/",
    "/timeline/?order=oldest",
    "/timeline/?partner=guys-and-st-thomas",
    "/timeline/?programme=cancer-centre-sidcup",
    "/timeline/?kind=agreements&from=2017&to=2018",
    "/timeline/?kind=milestones&kind=openings",
    PROGRAMME,
]


def test_every_timeline_can_be_read_by_everybody_and_calls_nobody(page: Page, site: str) -> None:
    reader = Reader(page, site)

    faults = {address: found for address in ADDRESSES if (found := reader.faults_of(address))}

    assert faults == {}


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(("screen", "shown"), [(DESK, "wide"), (PHONE, "narrow"), (ZOOMED, "narrow")])
def test_each_screen_gets_the_picture_that_fits(
    browser: Browser, site: str, screen: int, shown: str, script: bool
) -> None:
    page = browser.new_page(viewport={"width": screen, "height": 900}, java_script_enabled=script)
    page.goto(f"{site}/timeline/")

    for size in ("wide", "narrow"):
        expect(page.locator(f".portal-timeline--{size}")).to_be_visible(visible=size == shown)
    box = page.locator(f".portal-timeline--{shown}").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= screen
    page.close()


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_no_words_lie_over_other_words_or_leave_the_picture(browser: Browser, site: str, screen: int) -> None:
    page = browser.new_page(viewport={"width": screen, "height": 900})
    page.goto(f"{site}/timeline/")
    frame = page.locator(".portal-timeline:visible").bounding_box()
    boxes = [text.bounding_box() for text in page.locator(".portal-timeline:visible text").all()]

    assert len(boxes) > 20
    for at, one in enumerate(boxes):
        assert one["x"] >= frame["x"] - 1
        assert one["x"] + one["width"] <= frame["x"] + frame["width"] + 1
        for other in boxes[at + 1 :]:
            apart = (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"] + 3
                or other["y"] + other["height"] <= one["y"] + 3
            )
            assert apart, (one, other)
    page.close()


def test_each_mark_is_reached_and_read_by_keyboard_without_scripts_and_can_be_gone_past(
    browser: Browser, site: str
) -> None:
    page = browser.new_page(viewport={"width": DESK, "height": 900}, java_script_enabled=False)
    page.goto(f"{site}/timeline/")
    marks = page.locator(".portal-timeline--wide a")
    past = page.locator("a", has_text="Go past the picture to the list")
    assert marks.count() > 10

    past.focus()
    page.keyboard.press("Tab")
    expect(marks.first).to_be_focused()
    assert marks.first.locator("title").text_content() == "Local partners in Southwark and Lambeth: since 2011"
    page.keyboard.press("Tab")
    expect(marks.nth(1)).to_be_focused()

    past.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#list")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.portal-timeline')") is None
    page.close()


def test_a_mark_leads_to_the_page_that_tells_of_it(page: Page, site: str) -> None:
    page.goto(f"{site}/timeline/?programme=cancer-centre-sidcup")

    mark = page.locator(".portal-timeline--wide a", has_text="The Cancer Centre opens")
    assert mark.locator("title").text_content().startswith("May 2017: The Cancer Centre opens")
    mark.focus()
    page.keyboard.press("Enter")

    page.wait_for_url(f"{site}{PROGRAMME}#milestones")


def test_all_that_the_picture_shows_stands_in_the_list(page: Page, site: str) -> None:
    page.goto(f"{site}/timeline/")
    listed = page.locator(".portal-timeline-list").all_inner_texts()

    for band in ("milestones", "openings", "organisations", "figures"):
        for mark in page.locator(f".portal-timeline--wide .portal-timeline__{band} title").all():
            date, _, words = mark.text_content().partition(": ")
            assert date in " ".join(listed)
            assert words.split(". ")[0] in " ".join(listed)


def test_readers_choose_kinds_and_times_without_scripts(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": PHONE, "height": 740}, java_script_enabled=False)
    page.goto(f"{site}/timeline/?partner=guys-and-st-thomas")
    page.get_by_text("Choose what is shown").click()
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_label("Openings", exact=True).check()
    page.get_by_label("From", exact=True).fill("May 2017")
    page.get_by_role("button", name="Show").click()

    assert "partner=guys-and-st-thomas" in page.url
    assert "kind=openings" in page.url
    words = page.locator(".portal-timeline-event__words").all_inner_texts()
    assert words == ["Opened: Queen Mary's Hospital, Sidcup"]

    page.get_by_label("From", exact=True).fill("some day")
    page.get_by_role("button", name="Show").click()
    page.locator(".nhsuk-error-summary a").click()
    expect(page.locator("#id_from")).to_be_in_viewport()
    assert page.locator("#id_from").input_value() == "some day"
    page.get_by_role("link", name="Show everything").click()
    assert page.url == f"{site}/timeline/?partner=guys-and-st-thomas"
    page.close()


def test_readers_go_to_a_year_and_turn_the_list_round(page: Page, site: str) -> None:
    page.goto(f"{site}/timeline/")
    page.locator(".portal-timeline-years a", has_text="2014").click()
    expect(page.locator("#year-2014")).to_be_in_viewport()

    page.get_by_role("link", name="Oldest first").click()
    assert page.locator(".portal-timeline-year").first.inner_text() == "2011"


def test_the_calendar_file_is_offered_and_can_be_read(page: Page, site: str) -> None:
    page.goto(f"{site}/timeline/?kind=agreements")
    address = page.get_by_role("link", name="for your calendar").get_attribute("href")
    answer = page.request.get(site + address)

    assert "kind=agreements" in address
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert Calendar.from_ical(answer.body())["VERSION"] == "2.0"


def test_the_page_of_a_programme_shows_its_picture(page: Page, site: str) -> None:
    page.goto(site + PROGRAMME)

    expect(page.locator("#timeline")).to_be_visible()
    expect(page.locator(".portal-timeline:visible")).to_have_count(1)
