"""Every address that the portal names to machines answers: the site map, each feed, each identifier and citation."""

import json
from urllib.parse import urlsplit

import bibtexparser
import feedparser
import pytest
import rispy
from bibtexparser.bparser import BibTexParser
from defusedxml import ElementTree

from partnerships.models import Priority
from programmes.models import OutcomeMetric
from tests.content.carriers import published_records
from tests.strict_client import StrictClient
from trustportal.opendata.citing import FORMS
from trustportal.website.updates import CONCERNING

pytestmark = pytest.mark.usefixtures("content")


def test_the_site_map_names_every_page_and_each_answers(client: StrictClient) -> None:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    paths = {urlsplit(row.findtext("{*}loc")).path for row in tree}

    assert {path: status for path in paths if (status := client.get(path).status_code) != 200} == {}
    pages = {record.get_absolute_url() for record in published_records() if not isinstance(record, Priority)}
    assert pages <= paths
    besides = {"/", "/map/", "/network/", "/timeline/", "/updates/", "/outcomes/summary/", "/about/", "/strategy/"}
    assert besides <= paths


def test_every_record_has_an_update_a_good_feed_and_citations_that_are_read_back(client: StrictClient) -> None:
    names = set()
    for record in published_records():
        identity = f"http://127.0.0.1:8000/id/{record.uuid}"
        assert client.get(f"/id/{record.uuid}")["Location"] == record.get_absolute_url()
        texts = {ending: client.get(f"/id/{record.uuid}.{ending}").content.decode() for ending in FORMS}
        [bib] = bibtexparser.loads(texts["bib"], parser=BibTexParser(common_strings=True)).entries
        [ris] = rispy.loads(texts["ris"])
        [csl] = json.loads(texts["csl.json"])
        assert bib["url"] == csl["URL"] == ris["urls"][0] == identity
        assert csl["title"] == ris["title"] == record.name
        if type(record) not in CONCERNING:
            continue
        feed = feedparser.parse(client.get(f"{record.get_absolute_url().rstrip('/')}.atom").content)
        assert not feed.bozo, (record, feed.bozo_exception)
        assert record.name in {entry.title for entry in feed.entries}
        if isinstance(record, OutcomeMetric):
            assert len(feed.entries) == 1 + record.observations.count()
        names |= {entry.id for entry in feed.entries}
    everything = feedparser.parse(client.get("/updates.atom").content)
    assert not everything.bozo
    assert len(everything.entries) == 50
    assert len(names) > 50
