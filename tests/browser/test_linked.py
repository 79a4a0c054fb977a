"""Under the content policy a browser leaves data blocks alone, and says nothing of them."""

import json

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

PAGES = ["/", "/partners/", "/partners/guys-and-st-thomas/", "/programmes/satellite-dialysis/", "/map/london/"]
HOSTILE = "/search/?q=%3C/script%3E%3Cscript%3Edocument.title='run'%3C/script%3E%3C!--"


@pytest.mark.parametrize("path", [*PAGES, HOSTILE])
def test_the_policy_lets_data_blocks_stand_and_the_browser_does_not_run_them(page: Page, site: str, path: str):
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    response = page.goto(site + path)

    policy = response.headers["content-security-policy"]
    [scripts] = [part.strip() for part in policy.split(";") if part.strip().startswith("script-src ")]
    assert scripts == "script-src 'self'"
    blocks = page.eval_on_selector_all("script[type='application/ld+json']", "all => all.map(one => one.textContent)")
    assert blocks
    assert all(json.loads(block)["@context"] == "https://schema.org" for block in blocks)
    assert (
        page.evaluate("document.querySelectorAll('script:not([src]):not([type=\"application/ld+json\"])').length") == 0
    )
    assert page.title() != "run"
    assert heard == []
