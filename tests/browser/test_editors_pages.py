"""The pages with which editors act, for everybody: with an aid, on a phone, without scripts."""

import datetime
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import DESK, PHONE
from tests.browser.test_editing import faults_of
from tests.browser.test_story import Person

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

# Programmes of the seed content that no other test changes.
IN_WORK, IN_REVIEW, SCHEDULED, PUBLIC, WITHOUT_SCRIPTS = (
    "Joined-up care for children and young people",
    "Adult Local Services Programme",
    "Lincoln Green employment and skills project",
    "Lane Fox REMEO Respiratory Centre",
    "100,000 Genomes Project",
)
# The portal's own pages, which must not scroll sideways on a phone; Django's lists and forms may.
ITS_OWN = [
    "act/return_to_draft",
    "act/schedule",
    "act/withdraw",
    "act/schedule_withdrawal",
    "act/share",
    "act/discard",
    "history of a change",
    "history",
    "compare",
    "compare with itself",
    "ask",
    "home",
    "home of an author",
    "my mails",
    "my calendar",
    "preview",
    "shared preview",
    "ended link",
]
OF_DJANGO = ["change", "scheduled change", "public record", "schedules", "questions"]
TOO_WIDE = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
    [...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(e => e.outerHTML.slice(0, 150))"""


def find(person: Person, name: str) -> str:
    """Open a programme in the admin by typing its name; gives the address of its page."""
    person.go("/admin/programmes/programme/")
    person.page.fill("#searchbar", name)
    person.page.keyboard.press("Enter")
    person.follow(name)
    person.page.wait_for_url("**/change/**")
    return person.page.url.partition("change/")[0]


def change_of(person: Person, name: str) -> str:
    """Start a change of a programme, write in it and save; gives its address."""
    find(person, name)
    person.press("Start a change")
    person.is_told("Readers go on seeing the old text")
    person.page.fill("#id_summary", f"What {name} is now.")
    person.page.fill("#id_change_note", "It says what it is now.")
    person.press("Save and continue editing")
    person.is_told("changed successfully")
    return person.page.url.partition("change/")[0]


@pytest.fixture(scope="module")
def editors(browser: Browser, site: str) -> Iterator[tuple[Person, Person]]:
    """An author and a publisher, signed in."""
    author, publisher = Person(browser, site), Person(browser, site)
    author.sign_in("author")
    publisher.sign_in("publisher")
    yield author, publisher
    author.context.close()
    publisher.context.close()


@pytest.fixture(scope="module")
def addresses_of_acts(editors: tuple[Person, Person], site: str) -> dict[str, str]:
    """Where each page is, with records in all the states that it takes to see them."""
    author, publisher = editors
    in_work = change_of(author, IN_WORK)
    links = []
    for _ in range(2):
        author.go(f"{in_work}act/share/")
        author.press("Share by link")
        author.is_told("The link is ready")
        links.append(author.page.locator(".act-links code").first.inner_text())
    author.page.get_by_role("button", name="Revoke this link").first.click()
    author.is_told("no longer works")

    in_review, scheduled = change_of(author, IN_REVIEW), change_of(author, SCHEDULED)
    for address in [in_review, scheduled]:
        author.go(f"{address}change/")
        author.press("Submit for review")
        author.is_told("submitted for review")
    publisher.go(f"{scheduled}act/schedule/")
    publisher.page.fill("#id_due_at", f"{datetime.date.today().year + 1}-01-01T09:00")
    publisher.press("Publish at a set time")
    publisher.is_told("The publication was scheduled")
    public = find(publisher, PUBLIC)
    return {
        "change": f"{in_work}change/",
        "scheduled change": f"{scheduled}change/",
        "public record": f"{public}change/",
        "schedules": "/admin/publishing/schedule/",
        "questions": "/admin/partnerships/confirmation/",
        "act/return_to_draft": f"{in_review}act/return_to_draft/",
        "act/schedule": f"{in_review}act/schedule/",
        "act/withdraw": f"{public}act/withdraw/",
        "act/schedule_withdrawal": f"{public}act/schedule_withdrawal/",
        "act/share": f"{in_work}act/share/",
        "act/discard": f"{in_work}act/discard/",
        "history of a change": f"{in_work}history/",
        "history": f"{public}history/",
        "compare": f"{in_work}compare/",
        "compare with itself": f"{public}compare/",
        "ask": f"{public}ask/",
        "home": "/admin/",
        "home of an author": "/admin/",
        "my mails": "/admin/my-mails/",
        "my calendar": "/admin/my-calendar/",
        "preview": f"{in_work}preview/",
        "shared preview": links[0],
        "ended link": links[1],
    }


@pytest.mark.parametrize("name", [*ITS_OWN, *OF_DJANGO])
def test_the_pages_of_publishing_are_for_everybody(
    addresses_of_acts: dict[str, str], editors: tuple[Person, Person], name: str
):
    person = editors[0] if name == "home of an author" else editors[1]
    page = person.page
    person.complaints.clear()
    page.set_viewport_size({"width": DESK, "height": 900})
    person.go(addresses_of_acts[name])
    page.wait_for_load_state("networkidle")
    assert person.complaints == []  # before axe, which styles the page in a way that our policy forbids
    assert person.status == (410 if name == "ended link" else 200)
    assert page.locator("h1").last.inner_text()
    assert faults_of(page) == []
    assert page.evaluate(TOO_WIDE) == [] or name in OF_DJANGO
    page.set_viewport_size({"width": PHONE, "height": 740})
    assert faults_of(page) == []
    assert page.evaluate(TOO_WIDE) == [] or name in OF_DJANGO


def test_a_change_is_made_without_scripts(browser: Browser, site: str):
    author = Person(browser, site, java_script_enabled=False)
    author.sign_in("author")

    address = change_of(author, WITHOUT_SCRIPTS)
    author.press("Submit for review")

    author.is_told("submitted for review")
    author.go(f"{address}change/")
    expect(author.page.locator("#acts-heading")).to_contain_text("In review")
    author.go("/programmes/?q=genomes")
    assert "is now" not in author.page.locator("main").inner_text()
    author.context.close()


def test_a_page_that_is_too_wide_is_found(page: Page):
    page.set_viewport_size({"width": PHONE, "height": 740})
    page.set_content('<p style="width: 500px">Wide</p>')
    assert page.evaluate(TOO_WIDE) != []
