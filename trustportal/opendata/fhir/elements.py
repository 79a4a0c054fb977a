"""The elements of which resources are made. What is empty is left out: FHIR knows no null and no empty text."""

import datetime
import uuid
from collections.abc import Iterable
from html import escape

from django.conf import settings

from trustportal.opendata.fhir.outcome import BASE
from trustportal.partial_date import PartialDate

Resource = dict[str, object]


def filled(**elements: object) -> Resource:
    """The elements that say something. False and 0 do."""
    return {name: value for name, value in elements.items() if value not in (None, "", [], {})}


def in_words(text: object) -> Resource:
    """A CodeableConcept that is not in any list of codes."""
    return {"text": str(text)} if text else {}


def reference(kind: str, identifier: uuid.UUID, name: str) -> Resource:
    """A reference to another resource of this server, with its name for people."""
    return {"reference": f"{kind}/{identifier}", "display": name}


def period(start: PartialDate | None, end: PartialDate | None) -> Resource:
    """A Period, as exact as the dates are known: FHIR's dates may end with the year or the month."""
    return filled(start=str(start or ""), end=str(end or ""))


def narrative(*paragraphs: str) -> Resource:
    """The resource in words, for people."""
    inside = "".join(f"<p>{escape(text)}</p>" for text in paragraphs if text)
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>'}


def about(modified_at: datetime.datetime, page: str, profile: str = "") -> Resource:
    """When the resource changed, the page that says the same, and the profile to which it keeps, where there is one."""
    changed = modified_at.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return filled(lastUpdated=changed, source=settings.SITE_URL + page, profile=[profile] if profile else [])


def address_of(kind: str, identifier: object = "") -> str:
    """The whole address of a resource, or of all of a kind. It never ends with a slash."""
    parts = [settings.SITE_URL + BASE, kind, *([str(identifier)] if identifier else [])]
    return "/".join(parts)


def newest(*times: datetime.datetime | None) -> datetime.datetime:
    """The latest of some times, of which one at least is known."""
    return max(time for time in times if time is not None)


def distinct(elements: Iterable[Resource]) -> list[Resource]:
    """Each element once, in their order."""
    found: list[Resource] = []
    for element in elements:
        if element not in found:
            found.append(element)
    return found
