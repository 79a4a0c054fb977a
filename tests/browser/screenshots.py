"""Takes pictures: `python -m tests.browser.screenshots` the README's, with `--all FOLDER` those of every page."""

import argparse
import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests import chromium
from tests.browser import server
from tests.settings import BASE_DIR

README = {
    "home": "/",
    "partner": "/partners/guys-and-st-thomas/",
    "programme": "/programmes/north-southwark-local-care-network/",
    "search": "/search/?q=kidney",
    "map": "/map/london/",
    "network": "/network/",
}
WIDTHS = [1280, 360]
TALLEST = 2400  # pixels; the README needs the upper part of a page


def picture(browser: Browser, address: str, width: int, tallest: int | None = None) -> bytes:
    """A PNG of a page in so many pixels, cut below `tallest`, in 256 colours, which flat pages do not notice."""
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    image = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    context.close()
    image = image.crop((0, 0, image.width, min(image.height, tallest or image.height)))
    stored = io.BytesIO()
    image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(stored, "PNG", optimize=True)
    return stored.getvalue()


def of_readme(browser: Browser, site: str) -> None:
    """The README's pictures."""
    folder = BASE_DIR / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in README.items():
        content = picture(browser, site + path, WIDTHS[0], TALLEST)
        (folder / f"{name}.png").write_bytes(content)
        print(f"docs/pictures/{name}.png: {len(content) // 1024} KB")


def of_every_page(browser: Browser, site: str, folder: Path) -> None:
    """Every page of the site map at both widths."""
    folder.mkdir(parents=True, exist_ok=True)
    for address in server.addresses_of(site):
        name = address.removeprefix(site).strip("/").replace("/", "--") or "home"
        for width in WIDTHS:
            (folder / f"{name}-{width}.png").write_bytes(picture(browser, address, width))
        print(name)


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="every page of the site map, at 1280 and 360 pixels")
    asked = parser.parse_args()
    if chromium.executable() is None:
        sys.exit(chromium.MISSING)
    with server.demonstration() as site, chromium.started() as browser:
        if asked.all:
            of_every_page(browser, site, asked.all)
        else:
            of_readme(browser, site)


if __name__ == "__main__":
    main()
