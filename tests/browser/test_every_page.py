"""Every page of the site map, and a few besides, as a reader meets it: on a desk, on a phone, zoomed in."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

PARTS = 4  # so that several processes share the pages
DESK, PHONE, ZOOMED = 1280, 360, 320  # 320 is 1280 at 400 %
# Pages that the site map leaves out.
BESIDES = [
    "/programmes/?kind=satellite-site",
    "/partners/?kind=company",
    "/partners/?page=2",
    "/map/london/",
    "/map/southwark/?from=SE1",
    "/map/sites/queen-marys-hospital-sidcup/",
    "/map/?show=partnerships&from=nowhere",
    "/feedback/?page=/programmes/",
    "/no-such-page/",
]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


class Reader:
    """A window that remembers what went wrong in it."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.page: Page = browser.new_context(viewport={"width": DESK, "height": 900}).new_page()
        self.site, self.faults = site, []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._watch)

    def _hear(self, message: object) -> None:
        # That the page itself is missing is what a missing page says.
        is_about_the_page = "404" in message.text and message.location.get("url") == self.page.url
        if message.type in {"error", "warning"} and not is_about_the_page:
            self.faults.append(f"console: {message.text}")

    def _watch(self, request: object) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and f"{address.scheme}://{address.netloc}" != self.site:
            self.faults.append(f"asks another host: {request.url}")

    def faults_of(self, path: str) -> list[str]:
        """Open a page, look at it at three widths, and say what is wrong."""
        self.faults = []
        self.page.set_viewport_size({"width": DESK, "height": 900})
        self.page.goto(self.site + path)
        self._check_accessibility()
        self.page.set_viewport_size({"width": PHONE, "height": 740})
        self._check_accessibility()
        self._check_width()
        self.page.set_viewport_size({"width": ZOOMED, "height": 225})
        self._check_width()
        return self.faults

    def _check_accessibility(self) -> None:
        width = self.page.viewport_size["width"]
        for violation in Axe().run(self.page, options=WCAG).response["violations"]:
            places = "; ".join(node["html"][:150] for node in violation["nodes"][:3])
            self.faults.append(f"{width} px: {violation['id']} ({violation['help']}): {places}")

    def _check_width(self) -> None:
        width = self.page.viewport_size["width"]
        wide = self.page.evaluate(
            """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
                [...document.querySelectorAll('body *')]
                    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
                    .map(e => e.outerHTML.slice(0, 100))"""
        )
        if wide:
            self.faults.append(f"{width} px: scrolls sideways: {wide[-1]}")


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_can_be_read_by_everybody_and_calls_nobody(part, browser, site, addresses):
    reader = Reader(browser, site)
    paths = [address.removeprefix(site) for address in addresses] + BESIDES

    faults = {path: found for path in paths[part::PARTS] if (found := reader.faults_of(path))}

    assert faults == {}


BAD = """<!doctype html><html lang="en"><head><title>Bad</title></head><body><h1>Bad</h1>
<img src="http://127.0.0.1:9/elsewhere.png"><p style="width: 500px">Wide</p><script>undefined.thing</script>
</body></html>"""


def test_what_is_wrong_with_a_page_is_found(browser, site):
    reader = Reader(browser, site)
    reader.page.route(f"{site}/bad/", lambda route: route.fulfill(body=BAD, content_type="text/html"))

    faults = "\n".join(reader.faults_of("/bad/"))

    for fault in [
        "asks another host: http://127.0.0.1:9/elsewhere.png",
        "script: ",
        "console: ",
        "1280 px: image-alt",
        "360 px: image-alt",
        "360 px: scrolls sideways",
        "320 px: scrolls sideways",
    ]:
        assert fault in faults
