"""What a page says, once more for machines: schema.org's words as JSON-LD, in a data block of the page.

Sources: schema.org; W3C, JSON-LD 1.1; WHATWG HTML, "data block" (a browser does not run it, so the content policy has
nothing to forbid). What a thing is called and where it has its name from:

* a thing of which a record tells is named by the address of its page and what it is: `…/partners/x/#organisation`;
* the page itself by its address alone, and the whole site by `…/#website`.
"""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from django.conf import settings
from django.core.paginator import Page
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe

from trustportal.opendata.forms import MEDIA_TYPES
from trustportal.partial_date import PartialDate

Node: TypeAlias = dict[str, Any]
VOCABULARY = "https://schema.org"
LANGUAGE = "en-GB"
# No text can end the block, begin another element or a reference, or end a line where JavaScript does not expect it.
ESCAPES = str.maketrans({character: f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"})


# Things


def thing(kind: str | Sequence[str], at: str = "", **facts: Any) -> Node:
    """What is said of one thing. `at` is its name among all data; facts that are not known are left out."""
    head: Node = {"@type": kind} | ({"@id": at} if at else {})
    return head | {name: value for name, value in facts.items() if value not in (None, "", [], (), {})}


def known(values: Iterable[object]) -> list[object]:
    """Those of some values that are known."""
    return [value for value in values if value]


def whole(address: str) -> str:
    """The whole address of a page of this portal."""
    return f"{settings.SITE_URL}{address}"


def page_at(record: Any) -> str:
    """The address of the page on which a record stands."""
    return whole(record.get_absolute_url()).partition("#")[0]


def name_of(record: Any) -> str:
    """What the thing of which a record tells is named by."""
    address = whole(record.get_absolute_url())
    return address if "#" in address else f"{address}#{record._meta.model_name}"


def reference(record: Any, kind: str) -> Node | None:
    """Another record as a page names it: what it is, where more is said of it, what it is called.

    What was withdrawn has a name alone, as on the pages; None for what the public may not see at all.
    """
    if record is None or not record.may_be_named:
        return None
    return thing(kind, name_of(record) if record.is_published else "", name=record.name)


def thing_of(record: Any, kind: str | Sequence[str], identifiers: Iterable[object] = (), **facts: Any) -> Node:
    """The thing of which a record tells: its name, its codes, the page about it, and some more."""
    return thing(
        kind,
        name_of(record),
        name=record.name,
        description=record.summary,
        identifier=[uuid_of(record), *identifiers],
        mainEntityOfPage={"@id": page_at(record)},
        **facts,
    )


def uuid_of(row: Any) -> str:
    """The identifier that stays whatever a row's name and address become. Source: RFC 9562."""
    return f"urn:uuid:{row.uuid}"


def code(value: str, *, scheme: str, name: object) -> Node:
    """A code that others give out; the scheme is named by an address that stays."""
    return thing("PropertyValue", propertyID=scheme, name=name, value=value)


def interval(first: PartialDate | None, last: PartialDate | None) -> str:
    """A time as exact as it is known: "2017-05/2019", "2017/..", "2019"; "" for none. Source: ISO 8601-2."""
    if first == last:
        return str(first or "")
    return f"{first or '..'}/{last or '..'}"


def download(address: str, encoding: str, **facts: Any) -> Node:
    """A file with the same in another form."""
    return thing("DataDownload", contentUrl=whole(address), encodingFormat=encoding, **facts)


# Pages


def web_page(address: str, kind: str = "WebPage", **facts: Any) -> Node:
    """A page of this portal, at an address that begins with a slash."""
    at = whole(address)
    return thing(kind, at, url=at, inLanguage=LANGUAGE, isPartOf={"@id": whole("/#website")}, **facts)


def page_of(record: Any, **facts: Any) -> Node:
    """The page about a record: since when it is there, when it last changed and was last read as a whole."""
    return web_page(
        record.get_absolute_url(),
        name=record.name,
        description=record.summary,
        datePublished=record.first_published_at,
        dateModified=record.modified_at,
        lastReviewed=record.last_reviewed_on,
        mainEntity={"@id": name_of(record)},
        **facts,
    )


def list_of(items: Iterable[Node], first: int = 1, total: int | None = None) -> Node:
    """A part of a list, which counts from `first`; the whole list has `total` items."""
    return thing(
        "ItemList",
        numberOfItems=total,
        itemListElement=[
            thing("ListItem", position=position, **facts) for position, facts in enumerate(items, start=first)
        ],
    )


def collection_page(
    name: object, address: str, page: Page, items: Iterable[Node | None], *, endings: Mapping[str, str] | None = None,
    **facts: Any,
) -> Node:  # fmt: skip
    """One page of a list of things; `endings` gives the addresses of the whole list in other forms."""
    rows = [{"item": item} for item in items if item]
    return web_page(
        address,
        "CollectionPage",
        name=name,
        mainEntity=list_of(rows, page.start_index(), page.paginator.count),
        encoding=[download(path, MEDIA_TYPES[ending]) for ending, path in (endings or {}).items()],
        **facts,
    )


def breadcrumbs(levels: Iterable[tuple[str, object]]) -> Node:
    """The way from the home page to the page above this one, as readers see it: addresses and names."""
    items = [
        thing("ListItem", position=position, item=whole(address), name=label)
        for position, (address, label) in enumerate(levels, start=1)
    ]
    return document([thing("BreadcrumbList", itemListElement=items)])


# The block in the page


def document(nodes: Iterable[Node]) -> Node:
    """Things of which a page tells, as one piece of data."""
    return {"@context": VOCABULARY, "@graph": list(nodes)}


def _for_json(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, PartialDate | Promise):
        return str(value)
    raise TypeError(f"{value!r} has no form in JSON")


def as_block(data: Mapping[str, object]) -> SafeString:
    """Data as the content of a `<script type="application/ld+json">`."""
    text = json.dumps(data, default=_for_json, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPES))  # noqa: S308  nothing is left in it that HTML would read


class LinkedPage:
    """A view whose page says in data, too, what it says in words; for any view with `render_to_response`."""

    def linked_data(self, context: dict[str, Any]) -> list[Node]:
        """The things of which the page tells, made from what the page has read already."""
        raise NotImplementedError

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        """Give the template the data, once all else is there."""
        data = document(self.linked_data(context))
        return super().render_to_response(context | {"linked_data": data}, **kwargs)  # type: ignore[misc]
