"""Asks the interface, and walks from page to page as a program does."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

ROOT = "/api/v1/"


class Asking(Client):
    """A program that reads the interface."""

    def ask(self, address: str, status: int = 200, **headers: str) -> HttpResponse:
        """The answer at an address below the root, which may be whole."""
        path = address.removeprefix(settings.SITE_URL)
        response = self.get(path if path.startswith("/") else ROOT + path, headers=headers)
        assert response.status_code == status, f"{address} answers {response.status_code}: {response.content[:500]}"
        return response

    def read(self, address: str, status: int = 200, **headers: str) -> dict:
        """What the answer says."""
        return self.ask(address, status, **headers).json()

    def pages(self, address: str) -> Iterator[dict]:
        """All pages of a list, by their links."""
        while address:
            page = self.read(address)
            yield page
            address = page["next"]

    def all(self, address: str) -> list[dict]:
        """All records of a list."""
        return [record for page in self.pages(address) for record in page["records"]]


def names_in(link: str) -> dict[str, str]:
    """The addresses of a Link header by relation."""
    found = {}
    for part in link.split(", "):
        address, _, relation = part.partition("; rel=")
        found[relation.strip('"')] = address.strip("<>")
    return found


def path_of(address: str) -> str:
    """The path of an address."""
    return urlsplit(address).path
