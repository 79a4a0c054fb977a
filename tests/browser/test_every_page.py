"""Every page of the site map, and a few besides, as a reader meets it: on a desk, on a phone, zoomed in."""

import re
import zipfile

import pytest

from tests.browser.reader import Reader

pytestmark = [pytest.mark.browser, pytest.mark.either_database]

PARTS = 4  # so that several processes share the pages
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


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_can_be_read_by_everybody_and_calls_nobody(part, page, site, addresses):
    reader, kinds, faults = Reader(page, site), set(), {}
    paths = [address.removeprefix(site) for address in addresses] + BESIDES

    for path in paths[part::PARTS]:
        kind = path if "?" in path else (path.split("/")[1], path.count("/"))
        faults[path] = reader.faults_of(path, also_at_desk=kind not in kinds)
        kinds.add(kind)

    assert {path: found for path, found in faults.items() if found} == {}


def test_all_data_can_be_had_at_once_from_the_beginning(page, site):
    page.goto(f"{site}/data/")

    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile(r"\.zip$")).click()

    with zipfile.ZipFile(started.value.path()) as archive:
        assert archive.testzip() is None
        assert "partners.csv" in archive.namelist()


BAD = """<!doctype html><html lang="en"><head><title>Bad</title></head><body><h1>Bad</h1>
<img src="http://127.0.0.1:9/elsewhere.png"><p style="width: 500px">Wide</p><script>undefined.thing</script>
</body></html>"""


def test_what_is_wrong_with_a_page_is_found(page, site):
    reader = Reader(page, site)
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
