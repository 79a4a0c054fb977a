"""What was found, as a Bundle; and one resource by its id.

Resources come in the order of their ids, whichever table they stand in: the order never changes, an index has it, and
a page begins after the id with which the one before it ended, however far on it is.
"""

import hashlib
import uuid
from collections.abc import Iterable

from trustportal.opendata.fhir.elements import Resource, address_of
from trustportal.opendata.fhir.kinds import Kind
from trustportal.opendata.fhir.outcome import Refused, in_json
from trustportal.opendata.fhir.search import Search

VERSION_LENGTH = 16


def searchset(search: Search) -> Resource:
    """One page of what was found."""
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset"}
    ids, links = ([], []) if search.only_count else _page(search)
    if search.with_total or search.only_count:
        is_all = not (search.only_count or search.after or search.before) and len(links) == 1
        bundle["total"] = len(ids) if is_all else _total(search)
    bundle["link"] = [{"relation": name, "url": address} for name, address in [("self", search.address), *links]]
    if ids:
        bundle["entry"] = [_entry(resource) for resource in _written(search.kind, ids)]
    return bundle


def _total(search: Search) -> int:
    return sum(search.among(holding).order_by().count() for holding in search.kind.holdings)


def resource_of(kind: Kind, identifier: uuid.UUID) -> Resource:
    """The resource of that id. Raises Refused where there is none, or is none any more."""
    for holding in kind.holdings:
        for resource in holding.written(holding.public().filter(uuid=identifier)):
            return _with_version(resource)
    for holding in kind.holdings:
        row = holding.once_public().filter(uuid=identifier).first()
        if row is not None:
            raise Refused(410, "deleted", holding.why_gone(row))
    raise Refused(404, "not-found", f"There is no {kind.name} with the id {identifier}.")


def _page(search: Search) -> tuple[list[uuid.UUID], list[tuple[str, str]]]:
    """The ids on the page, in order, and the links to the first page, the one before and the one after."""
    most, backwards = search.count, bool(search.before)
    found: list[uuid.UUID] = []
    for holding in search.kind.holdings:
        rows = search.among(holding)
        if search.after:
            rows = rows.filter(uuid__gt=search.after)
        if search.before:
            rows = rows.filter(uuid__lt=search.before)
        rows = rows.order_by("-uuid" if backwards else "uuid")
        found += rows.values_list("uuid", flat=True)[: most + 1]
    found.sort(reverse=backwards)
    is_more, ids = len(found) > most, sorted(found[:most])
    links = [("first", search.from_there().address)]
    if ids and (search.after or (backwards and is_more)):
        links.append(("previous", search.from_there(before=str(ids[0])).address))
    if ids and (is_more or backwards):
        links.append(("next", search.from_there(after=str(ids[-1])).address))
    return ids, links


def _written(kind: Kind, ids: Iterable[uuid.UUID]) -> list[Resource]:
    """The resources of these ids, in order."""
    resources = [
        resource for holding in kind.holdings for resource in holding.written(holding.public().filter(uuid__in=ids))
    ]
    return [_with_version(resource) for resource in sorted(resources, key=lambda resource: str(resource["id"]))]


def _with_version(resource: Resource) -> Resource:
    """A resource with a version that is another as soon as it says anything else, be it of what it names."""
    digest = hashlib.sha256(in_json(resource).encode()).hexdigest()[:VERSION_LENGTH]
    meta: dict[str, object] = resource["meta"]  # type: ignore[assignment]
    return {**resource, "meta": {"versionId": digest, **meta}}


def _entry(resource: Resource) -> Resource:
    return {
        "fullUrl": address_of(str(resource["resourceType"]), resource["id"]),
        "resource": resource,
        "search": {"mode": "match"},
    }
