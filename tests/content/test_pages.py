"""Readers find every fact on a page of a record that carries it."""

import pytest

from tests.content.carriers import address_of, carriers, plain, published_records
from tests.content.facts import FIGURES

pytestmark = pytest.mark.usefixtures("content")

LISTS = ["/", "/partners/", "/partnerships/", "/programmes/", "/sites/", "/outcomes/", "/strategy/", "/sources/"]


@pytest.fixture(scope="module")
def pages(record_pages: dict[str, str]) -> dict[str, str]:
    """What the page of each published record says, by its address."""
    return {address: plain(html) for address, html in record_pages.items()}


def test_readers_find_every_fact(pages):
    lost = {}
    for fact, records in carriers().items():
        said = [pages[address_of(record)] for record in records]
        missing = [figure for figure in FIGURES[fact] if not any(plain(figure) in text for text in said)]
        lost |= {fact: missing} if missing else {}
    assert lost == {}


def test_the_page_of_every_record_says_its_name_and_summary(pages):
    lost = []
    for record in published_records():
        text = pages[address_of(record)]
        lost += [(str(record), words) for words in (record.name, record.summary) if plain(words) not in text]
    assert lost == []


@pytest.mark.parametrize("address", LISTS)
def test_every_list_can_be_read(client, address):
    assert client.get(address, follow=True).status_code == 200
