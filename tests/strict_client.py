"""A test client that checks each HTML page it is given, so that every test of a view tests its markup too."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse
from django.test import Client

FIELDS = {"input", "select", "textarea"}
NEEDS_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}
UNRENDERED = re.compile(r"\{\{|\{%|\{#")


class StrictClient(Client):
    """A client that fails the test on a page with a fault, naming all of them."""

    def request(self, **request: object) -> HttpResponse:
        """Ask, and check what comes back."""
        response = super().request(**request)
        is_html = response.get("Content-Type", "").startswith("text/html")
        if is_html and not response.streaming and response.content:
            path = request["PATH_INFO"]
            checks = SHARED_CHECKS if path.startswith("/admin/") else ALL_CHECKS
            faults = faults_of(response.content.decode(), checks)
            assert not faults, f"{path}: " + "; ".join(faults)
        return response


@lru_cache(maxsize=4)
def parsed(html: str) -> tuple[Element, list[tuple[tuple[int, int], str]]]:
    """The elements of a page, not to be changed, and where it breaks the rules of HTML. Reading takes long, so what was
    judged and is then looked into is read once."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(html), [(place, code) for place, code, _ in parser.errors]


def faults_of(html: str, checks: list[Callable] | None = None) -> list[str]:
    """What is wrong with a page, in words."""
    page = Page(html, *parsed(html))
    return [fault for check in (checks or ALL_CHECKS) for fault in check(page)]


class Page:
    """A parsed page."""

    def __init__(self, html: str, root: Element, errors: list[tuple[tuple[int, int], str]]) -> None:
        self.html, self.root, self.errors = html, root, errors
        self.elements = [element for element in root.iter() if isinstance(element.tag, str)]
        self.parents = {child: parent for parent in self.elements for child in parent}

    def named(self, *tags: str) -> list[Element]:
        """The elements of these names."""
        return [element for element in self.elements if element.tag in tags]

    def above(self, element: Element) -> Iterator[Element]:
        """What stands round an element, from near to far."""
        while (element := self.parents.get(element)) is not None:
            yield element


def text_of(element: Element) -> str:
    """The text in an element."""
    return " ".join("".join(element.itertext()).split())


def has_one_h1(page: Page) -> Iterator[str]:
    """A page has one heading of the first level."""
    found = [text_of(heading) for heading in page.named("h1")]
    if len(found) != 1:
        yield f"{len(found)} h1 headings {found}"


def has_title_and_language(page: Page) -> Iterator[str]:
    """A page has a title and says its language."""
    head = page.root.find("head")
    title = head.find("title") if head is not None else None
    if title is None or not text_of(title):
        yield "no title"
    if not page.root.get("lang"):
        yield "no lang"


def has_unique_ids(page: Page) -> Iterator[str]:
    """An id stands once."""
    ids = Counter(element.get("id") for element in page.elements if element.get("id") is not None)
    yield from (f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1 or not name)


def labels_each_field(page: Page) -> Iterator[str]:
    """A field has a label that is not empty."""
    ids = {element.get("id"): element for element in page.elements}
    labels = {label.get("for") for label in page.named("label") if text_of(label)} - {None}
    for field in page.named(*FIELDS):
        if field.get("type") in NEEDS_NO_LABEL:
            continue
        named_by = [ids[name] for name in field.get("aria-labelledby", "").split() if name in ids]
        wrapped = any(element.tag == "label" and text_of(element) for element in page.above(field))
        if not (field.get("id") in labels or wrapped or field.get("aria-label") or any(map(text_of, named_by))):
            yield f"{field.tag} {field.get('name')!r} has no label"


def describes_each_image(page: Page) -> Iterator[str]:
    """An image has an alternative text, be it empty."""
    yield from (f"img {image.get('src')!r} has no alt" for image in page.named("img") if image.get("alt") is None)


def is_data(element: Element) -> bool:
    """Whether it is a block of data: a browser does not run this type, and this type alone is let in."""
    return element.tag == "script" and element.get("type") == "application/ld+json" and element.get("src") is None


def has_no_inline_code(page: Page) -> Iterator[str]:
    """No script, style or handler in the page: the content policy would not run them."""
    for element in page.elements:
        for attribute in element.attrib:
            if str(attribute).lower().startswith("on") or attribute == "style":
                yield f"{element.tag} has the attribute {attribute}"
        if element.tag == "style" or (element.tag == "script" and element.get("src") is None and not is_data(element)):
            yield f"inline {element.tag}"


def says_what_it_is_in_schema_org_s_words(page: Page) -> Iterator[str]:
    """A data block is read as JSON, is of schema.org's vocabulary, and has nothing that HTML could take for its own."""
    for block in filter(is_data, page.elements):
        text = block.text or ""
        try:
            said = json.loads(text)
        except ValueError:
            yield f"a data block that cannot be read: {text[:80]}"
            continue
        if said.get("@context") != "https://schema.org" or not said.get("@graph"):
            yield f"a data block that says nothing in schema.org's words: {text[:80]}"
        if set("<>&\u2028\u2029") & set(text):
            yield f"a data block that HTML or JavaScript could misread: {text[:80]}"


def is_rendered(page: Page) -> Iterator[str]:
    """Nothing of the template's language is left."""
    yield from (f"unrendered {found!r}" for found in set(UNRENDERED.findall(page.html)))


def links_lead_somewhere(page: Page) -> Iterator[str]:
    """A link leads to a page, or to a place on this one that is there."""
    ids = {element.get("id") for element in page.elements}
    for link in page.named("a"):
        target = link.get("href")
        if target is None or target.strip() in {"", "#"}:
            yield f"the link {text_of(link)!r} leads nowhere"
        elif target.startswith("#") and target[1:] not in ids:
            yield f"the link {text_of(link)!r} leads to {target}, which is not on the page"


def is_well_formed(page: Page) -> Iterator[str]:
    """The strict parser finds nothing to mend."""
    yield from (f"{code} in line {line}" for (line, _), code in page.errors)


# What Django's own admin pages keep to as well. Its page to sign in has no heading; the fields of its tables are named
# by the column's heading alone; and scripts fill in the targets of some links.
SHARED_CHECKS = [
    has_title_and_language,
    has_unique_ids,
    describes_each_image,
    has_no_inline_code,
    says_what_it_is_in_schema_org_s_words,
    is_rendered,
    is_well_formed,
]
ALL_CHECKS = [*SHARED_CHECKS, has_one_h1, labels_each_field, links_lead_somewhere]
