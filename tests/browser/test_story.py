"""One change from the first word to the public page, as the people of the seed content would make it.

An author changes a programme, somebody without an account reads it, a partner confirms it, a publisher returns it and
then schedules it. At each step somebody who only reads sees what is public, and nothing else.
"""

import datetime
import html
import re
import sqlite3
import urllib.request
from collections.abc import Iterator

import environ
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.server import Demonstration
from trustportal.website.startup import DEMO_ACCOUNTS

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

NAME = "Cancer Centre at Queen Mary's Hospital, Sidcup"
PAGE, LIST, NEW_PLACE = "/programmes/cancer-centre-sidcup/", "/programmes/", "/sites/borough-dialysis/"
PUBLIC_PAGES = ["/", LIST, f"{LIST}?kind=satellite-site", PAGE, NEW_PLACE, "/sites/queen-marys-hospital-sidcup/"]
SUMMARY = "A cancer centre in Sidcup, with advice in Borough on one day a week."
MENDED = "A cancer centre in Sidcup, with advice in Borough every Tuesday."
FOR_READERS = "Advice is now given in Borough too. Chemotherapy has moved."
NOTE = "Please say on which day."
PARTNER, PERSON = "Dimbleby Cancer Care", "Grace Example, director"


class Person:
    """Somebody with a browser of their own, which remembers what it complained of."""

    def __init__(self, browser: Browser, site: str, **browser_settings: object) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, **browser_settings)
        self.page: Page = self.context.new_page()
        self.site, self.complaints, self.status = site, [], 0
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def _hear(self, message: object) -> None:
        # That a link has ended is what a link that has ended says.
        is_about_the_page = "410" in message.text and message.location.get("url") == self.page.url
        if message.type in {"error", "warning"} and not is_about_the_page:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> None:
        """Open a page, by its path or its whole address."""
        self.status = self.page.goto(path if path.startswith("http") else self.site + path).status

    def sign_in(self, name: str) -> None:
        """With an account of the demonstration."""
        self.go("/admin/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", DEMO_ACCOUNTS[name])
        self.page.click("input[type=submit]")
        expect(self.page.locator("#user-tools")).to_contain_text(name)

    def follow(self, words: str) -> None:
        """Follow a link of the page."""
        self.page.locator("#container").get_by_role("link", name=words, exact=True).first.click()

    def press(self, words: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=words, exact=True).click()

    def is_told(self, words: str) -> None:
        """The admin says so."""
        expect(self.page.locator(".messagelist")).to_contain_text(words)

    def open_change(self) -> None:
        """From the list of programmes to the open change."""
        self.go("/admin/programmes/programme/?q=sidcup")
        self.follow(NAME)
        self.follow("Open the change")
        expect(self.page.locator("#acts-heading")).to_contain_text("A change of a published page")

    def look_up(self, box: Locator, words: str) -> None:
        """Choose in a look-up by typing."""
        box.locator("xpath=following-sibling::span[contains(@class, 'select2')]").click()
        self.page.locator(".select2-container--open .select2-search__field").last.fill(words)
        self.page.locator(".select2-results__option", has_text=words).first.click()


@pytest.fixture
def person(browser: Browser, site: str) -> Iterator[object]:
    """Makes people; at the end, none of their browsers has complained."""
    made: list[Person] = []

    def make(account: str = "") -> Person:
        made.append(Person(browser, site))
        if account:
            made[-1].sign_in(account)
        return made[-1]

    yield make
    complaints = [complaint for one in made for complaint in one.complaints]
    for one in made:
        one.context.close()
    assert complaints == []


def seen_now(site: str) -> dict[str, str]:
    """All that somebody who never was here reads on the pages where the change will show, and what search engines are
    told; none of it asks to keep a cookie."""
    seen = {}
    for path in [*PUBLIC_PAGES, "/sitemap.xml"]:
        with urllib.request.urlopen(site + path, timeout=30) as answer:
            assert "Set-Cookie" not in answer.headers, path
            text = answer.read().decode()
        if path in PUBLIC_PAGES:
            [text] = re.findall("<main.*</main>", text, re.DOTALL)
            text = html.unescape(re.sub("<[^>]*>", "", text))
        seen[path] = text
    return seen


def make_due(site: Demonstration) -> None:
    """Let the time come for what was scheduled last."""
    address = environ.Env.db_url_config(site.environment["DATABASE_URL"])
    with sqlite3.connect(address["NAME"], timeout=10) as database:
        minute_ago = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)
        moved = database.execute(
            "UPDATE publishing_schedule SET due_at = ? WHERE id = (SELECT MAX(id) FROM publishing_schedule)",
            [f"{minute_ago:%Y-%m-%d %H:%M:%S}"],
        )
        assert moved.rowcount == 1
    database.close()


def test_a_change_goes_from_the_author_to_the_public_and_nobody_sees_it_before(site: Demonstration, person):
    before = seen_now(site)
    assert "Chemotherapy" in before[PAGE]
    assert "Borough" not in before[PAGE]
    assert NAME not in before[NEW_PLACE]

    # The author writes.
    author = person("author")
    author.go("/admin/programmes/programme/?q=sidcup")
    author.follow(NAME)
    author.press("Start a change")
    author.is_told("Readers go on seeing the old text")
    assert seen_now(site) == before
    form = author.page
    form.fill("#id_summary", SUMMARY)
    first = form.locator("#places-0")
    first.locator(".select2-selection__choice", has_text="Chemotherapy").locator("[class*=remove]").click()
    form.keyboard.press("Escape")
    form.get_by_role("button", name="Add another Place").click()
    second = form.locator("#places-1")
    author.look_up(second.locator("select[name$=-site]"), "Borough dialysis")
    author.look_up(second.locator("select[name$=-services]"), "Holistic support and advice")
    form.fill("#id_change_note", FOR_READERS)
    author.press("Save and continue editing")
    author.is_told("changed successfully")
    assert seen_now(site) == before

    # The author looks at it as it will be.
    author.follow("Preview")
    expect(author.page.locator("#preview-heading")).to_contain_text("not public")
    shows_new_text(author.page, SUMMARY)
    author.page.get_by_role("link", name="Back to editing").click()

    # Somebody without an account reads it.
    author.follow("Share by link")
    author.press("Share by link")
    author.is_told("The link is ready")
    link = author.page.locator(".act-links code").inner_text()
    friend = person()
    friend.go(link)
    assert friend.status == 200
    expect(friend.page.locator("#preview-heading")).to_contain_text("not public")
    shows_new_text(friend.page, SUMMARY)
    assert seen_now(site) == before

    # The author asks for a review.
    author.open_change()
    author.press("Submit for review")
    author.is_told("submitted for review")
    assert seen_now(site) == before

    # The publisher wants to know more.
    publisher = person("publisher")
    expect(publisher.page.locator("#content")).to_contain_text(NAME)
    publisher.open_change()
    publisher.follow("Return to draft")
    publisher.page.fill("#id_note", NOTE)
    publisher.press("Return to draft")
    publisher.is_told("returned to draft")
    assert seen_now(site) == before

    # The author reads why, and mends it.
    author.go("/admin/")
    expect(author.page.locator("#content")).to_contain_text(NOTE)
    author.open_change()
    author.page.fill("#id_summary", MENDED)
    author.press("Save and continue editing")
    author.is_told("changed successfully")
    friend.go(link)
    shows_new_text(friend.page, MENDED)

    # A partner confirms.
    confirmation = ask_partner(author)
    partner = person()
    partner.go(confirmation)
    shows_new_text(partner.page, MENDED)
    partner.page.get_by_role("radio").first.check()
    partner.page.get_by_label("Your name").fill(PERSON)
    partner.press("Send your answer")
    expect(partner.page.locator("h1")).to_have_text("Thank you for your answer")
    assert seen_now(site) == before

    author.open_change()
    author.press("Submit for review")
    author.is_told("submitted for review")

    # The publisher compares, and chooses when.
    publisher.open_change()
    publisher.follow("Compare with what is public")
    compared = publisher.page.locator("#content-main")
    expect(compared.locator("ins", has_text="every Tuesday").first).to_be_visible()
    expect(compared.locator("del", has_text="Chemotherapy").first).to_be_visible()
    expect(compared.locator(".versions-row--added", has_text="Borough dialysis")).to_be_visible()
    publisher.open_change()
    publisher.follow("Publish at a set time")
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)
    publisher.page.fill("#id_due_at", f"{tomorrow:%Y-%m-%dT%H:%M}")
    publisher.press("Publish at a set time")
    publisher.is_told("The publication was scheduled")
    assert site.manage("publish_scheduled") == ""
    assert seen_now(site) == before

    # The time comes.
    make_due(site)
    assert seen_now(site) == before
    assert site.manage("publish_scheduled") == f"Done. Publish: {NAME}\n"

    after = seen_now(site)
    reader = person()
    reader.go(PAGE)
    shows_new_text(reader.page, MENDED)
    reader.page.get_by_text("Updates to this page").click()
    expect(reader.page.locator(".portal-foot")).to_contain_text(FOR_READERS)
    expect(reader.page.locator("#confirmed + ul")).to_contain_text(PARTNER)
    assert PERSON not in after[PAGE]
    for path in ["/", LIST, PAGE, NEW_PLACE]:
        assert NAME in after[path], path
        assert MENDED in after[path], path
    assert site.manage("publish_scheduled") == ""

    # What was given out has ended, and leads to the public page.
    friend.go(link)
    assert friend.status == 410
    friend.page.get_by_role("link", name="Read the published page").click()
    shows_new_text(friend.page, MENDED)
    assert friend.page.url == site + PAGE
    expect(friend.page.locator("#preview-heading")).to_have_count(0)


def shows_new_text(page: Page, summary: str) -> None:
    """The page has the new summary and the new place, and no longer the service that was removed there."""
    expect(page.locator("h1")).to_contain_text(NAME)
    expect(page.locator(".nhsuk-lede-text")).to_have_text(summary)
    places = page.locator("#places + table tbody tr")
    expect(places).to_have_count(2)
    expect(places.filter(has_text="Borough dialysis")).to_contain_text("Holistic support and advice")
    expect(places.filter(has_text="Queen Mary")).to_contain_text("Radiotherapy")
    expect(places.filter(has_text="Queen Mary")).not_to_contain_text("Chemotherapy")


def ask_partner(author: Person) -> str:
    """Ask a partner to confirm; gives the address at which it answers."""
    author.follow("Ask a partner to confirm")
    author.page.get_by_label("Partner").select_option(label=PARTNER)
    author.page.get_by_label("Email").fill("director@example.org")
    author.press("Send the question")
    author.is_told("was asked")
    return author.page.locator(".act-links code").inner_text()
