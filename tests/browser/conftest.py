"""The portal for browser tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import server


@pytest.fixture(scope="session")
def site(browser: Browser) -> Iterator[str]:
    """The address of a running portal with the seed content. Asks for the browser first, which may be missing."""
    with server.demonstration() as address:
        yield address


@pytest.fixture(scope="session")
def addresses(site: str) -> list[str]:
    """All addresses of the site map."""
    return server.addresses_of(site)
