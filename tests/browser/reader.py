"""What a reader's browser finds wrong with a page: accessibility, errors, calls to others, what does not fit."""

from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

DESK, PHONE, ZOOMED = 1280, 360, 320  # 320 is 1280 at 400 %
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # half the time: axe tells little of what is well
}


def violations_of(page: Page) -> list[dict]:
    """What axe finds on a page as it stands, by the rules of WCAG 2.2 AA."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate("async options => (await axe.run(document, options)).violations", WCAG)


class Reader:
    """Somebody at a window, who remembers what went wrong in it."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site, self.faults = page, site, []
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

    def faults_of(self, path: str, *, also_at_desk: bool = True) -> list[str]:
        """Open a page, look at it at three widths, and say what is wrong. By axe at a desk too, or on a phone alone."""
        self.faults = []
        self.page.set_viewport_size({"width": DESK, "height": 900})
        self.page.goto(self.site + path)
        if also_at_desk:
            self._check_accessibility()
        self.page.set_viewport_size({"width": PHONE, "height": 740})
        self._check_accessibility()
        self._check_width()
        self.page.set_viewport_size({"width": ZOOMED, "height": 225})
        self._check_width()
        return self.faults

    def _check_accessibility(self) -> None:
        width = self.page.viewport_size["width"]
        for violation in violations_of(self.page):
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
