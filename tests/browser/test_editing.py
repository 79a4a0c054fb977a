"""Editing in the admin, as an editor meets it, on the seed content."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.reader import violations_of
from trustportal.website.startup import DEMO_ACCOUNTS

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

NETWORK = "North Southwark Local Care Network"
# Each box that is looked up has its look-up, made by Django's script, and its name, given by ours.
LOOK_UPS_HAVE_NAMES = """() => [...document.querySelectorAll("select.admin-autocomplete")]
    .filter(box => !box.closest(".empty-form"))
    .every(box => box.nextElementSibling?.querySelector("[role=combobox]")?.ariaLabel)"""
OF_THE_LOOK_UPS = {"list"}  # the cross that empties a look-up stands in a list; Django ships it so


def sign_in(page: Page, site: str, name: str) -> list[str]:
    """Sign in with an account of the demonstration; gives what the browser complains of from now on."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{site}/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", DEMO_ACCOUNTS[name])
    page.click("input[type=submit]")
    expect(page.locator("#user-tools")).to_contain_text(name)
    return complaints


def open_network(page: Page, site: str) -> None:
    """Find the local care network by typing and open its form."""
    page.goto(f"{site}/admin/programmes/programme/?q=southwark")
    page.get_by_role("link", name=NETWORK, exact=True).click()
    page.wait_for_url("**/change/**")


def open_change(page: Page, site: str) -> None:
    """Open the form of the network's change, which is started where there is none."""
    open_network(page, site)
    to_it = page.get_by_role("link", name="Open the change").or_(page.get_by_role("button", name="Start a change"))
    to_it.click()
    expect(page.locator("#acts-heading")).to_contain_text("A change of a published page: Draft")


def press(page: Page, words: str, says: str) -> None:
    """Press a button of the admin and read what it says."""
    page.get_by_role("button", name=words, exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text(says)


def test_a_step_that_an_author_corrects_is_public_as_soon_as_somebody_else_publishes_it(browser: Browser, site: str):
    author, publisher = (browser.new_context().new_page() for _ in range(2))
    complaints = sign_in(author, site, "author")
    open_change(author, site)
    text = author.locator("[id^=id_statements][id$=-text]").first
    first = text.input_value()
    text.fill(f"{first} It takes a few minutes.")
    author.get_by_label("Small correction").check()
    press(author, "Save and continue editing", "changed successfully")
    press(author, "Submit for review", "submitted for review")

    complaints += sign_in(publisher, site, "publisher")
    open_network(publisher, site)
    publisher.get_by_role("link", name="Open the change").click()
    press(publisher, "Publish", "1 record was published")

    publisher.goto(f"{site}/programmes/north-southwark-local-care-network/")
    expect(publisher.locator("main")).to_contain_text(f"{first} It takes a few minutes.")
    assert complaints == []
    author.context.close()
    publisher.context.close()


def test_what_is_public_can_be_read_and_not_changed(page: Page, site: str):
    sign_in(page, site, "author")
    open_network(page, site)

    expect(page.locator("h1")).to_contain_text("View")
    assert page.get_by_role("button", name="Save").count() == 0
    assert page.get_by_role("link", name="Withdraw").count() == 0


@pytest.mark.parametrize("path", ["", "programmes/programme/", "programmes/programme/add/", "feedback/pagefeedback/"])
def test_the_pages_of_editors_are_accessible(page: Page, site: str, path: str):
    sign_in(page, site, "publisher")
    page.goto(f"{site}/admin/{path}")
    assert faults_of(page) == []


def test_the_form_of_a_record_with_many_rows_is_accessible(page: Page, site: str):
    sign_in(page, site, "publisher")
    open_change(page, site)
    assert faults_of(page) == []


def faults_of(page: Page) -> list[str]:
    """What axe finds once the look-ups have their names."""
    page.wait_for_function(LOOK_UPS_HAVE_NAMES)
    found = violations_of(page)
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["id"] not in OF_THE_LOOK_UPS]
