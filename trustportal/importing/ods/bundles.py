"""FHIR: a Bundle of Organization resources as the service's API gives it, or one of them.

Both ways of writing are read: R4, and the service's own STU3, which gives one identifier, one address and one type
where FHIR has lists. Neither says what followed an organisation. Resources of other types are passed over.
"""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TypeVar

from django.utils.translation import gettext as _

from trustportal.importing.cells import Cell, Unreadable
from trustportal.importing.ods.statements import (
    LONGEST_NAME,
    LONGEST_TOWN,
    Fault,
    Stated,
    Statement,
    Unfit,
    read_code,
    read_date,
    read_line,
    read_name,
)
from trustportal.partial_date import PartialDate

MOST_BYTES = 20_000_000  # of a JSON file, which is read as a whole
CODES = "https://fhir.nhs.uk/Id/ods-organization-code"
PERIODS = ("/Extension-ODSAPI-ActivePeriod-1", "http://hl7.org/fhir/StructureDefinition/organization-period")
ROLES = "/Extension-ODSAPI-OrganizationRole-1"
DATE_TYPES = "/Extension-ODSAPI-DateType-1"
# Where a record has two ends, the legal one says when the organisation ended; the other, when its code goes out of use.
KINDS_OF_END = ("legal", "operational", "")
Value = TypeVar("Value")


def read_bundle(file: BinaryIO) -> Iterator[Statement]:
    """What each organisation of a JSON file is stated to be, or why it is refused. Raises Unreadable."""
    if file.seek(0, os.SEEK_END) > MOST_BYTES:
        message = _("The file has more than %(most)s MB. Ask the service for smaller pages, and name them all.")
        raise Unreadable(message % {"most": f"{MOST_BYTES / 1_000_000:g}"})
    file.seek(0)
    try:
        data = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("The file begins as JSON, but it is none, or it was cut short: fetch it anew.")) from error
    kind = data.get("resourceType") if isinstance(data, dict) else None
    if kind == "Organization":
        entries = [{"resource": data}]
    elif kind == "Bundle" and isinstance(data.get("entry", []), list):
        entries = data.get("entry", [])
    else:
        raise Unreadable(_("The file is JSON, but neither a FHIR Bundle nor an Organization."))
    for number, entry in enumerate(entries, start=1):
        at = _("Entry %(number)s") % {"number": number}
        resource = _mapping(_mapping(entry).get("resource"))
        if not resource:
            yield Fault(at, "resource", "", _("The entry holds no resource."))
        elif resource.get("resourceType") == "Organization":
            yield _stated(at, resource)


def _stated(at: str, resource: dict[str, Any]) -> Statement:
    address = _mapping(next(iter(_many(resource.get("address"))), None))
    extensions = [_mapping(extension) for extension in _many(resource.get("extension"))]
    try:
        is_active = resource.get("active")
        if not isinstance(is_active, bool | None):
            raise Unfit("active", is_active, _("This says true or false."))
        return Stated(
            at=at,
            code=_read("identifier", read_code, _code(resource)),
            name=_read("name", read_name, resource.get("name")),
            town=_read("address.city", lambda cell: read_line(cell, LONGEST_TOWN), address.get("city")),
            country=_read("address.country", lambda cell: read_line(cell, LONGEST_TOWN), address.get("country")),
            role=_role(resource, extensions),
            opened_on=_end_of_period(extensions, "start"),
            closed_on=_end_of_period(extensions, "end"),
            is_active=is_active,
        )
    except Unfit as unfit:
        return unfit.as_fault(at)


def _read(column: str, read: Callable[[Cell], Value], value: object) -> Value:
    """Read a text; whatever else JSON can hold is refused. Raises Unfit."""
    if not isinstance(value, str | None):
        raise Unfit(column, value, _("A text belongs here."))
    try:
        return read(value)
    except ValueError as error:
        raise Unfit(column, value, str(error)) from error


def _code(resource: dict[str, Any]) -> object:
    for identifier in _many(resource.get("identifier")):
        if _mapping(identifier).get("system") == CODES:
            return _mapping(identifier).get("value")
    raise Unfit("identifier", resource.get("id"), _("It has no code with the system %(system)s.") % {"system": CODES})


def _role(resource: dict[str, Any], extensions: list[dict[str, Any]]) -> str:
    """The primary role, as the service numbers it: RO197 for an NHS trust."""
    codings = []
    for extension in extensions:
        if str(extension.get("url")).endswith(ROLES):
            parts = {str(_mapping(part).get("url")): _mapping(part) for part in _many(extension.get("extension"))}
            if parts.get("primaryRole", {}).get("valueBoolean") is True:
                codings.append(parts.get("role", {}).get("valueCoding"))
    for concept in _many(resource.get("type")):
        codings += _many(_mapping(concept).get("coding"))
    for coding in codings:
        code = _read("type", lambda cell: read_line(cell, LONGEST_NAME), _mapping(coding).get("code"))
        if code.removeprefix("RO").isdecimal() and len(code.removeprefix("RO")) > 1:  # one digit is a record's class
            return f"RO{code.removeprefix('RO')}"
    return ""


def _end_of_period(extensions: list[dict[str, Any]], end: str) -> PartialDate | None:
    """When its time began or ended. Raises Unfit."""
    found: dict[str, PartialDate | None] = {}
    for extension in extensions:
        if str(extension.get("url")).endswith(PERIODS):
            period = _mapping(extension.get("valuePeriod"))
            kind = ""
            for said in map(_mapping, _many(period.get("extension"))):
                if str(said.get("url")).endswith(DATE_TYPES):
                    kind = str(said.get("valueString")).casefold()
            found[kind] = _read(f"valuePeriod.{end}", read_date, period.get(end))
    return next((found[kind] for kind in KINDS_OF_END if found.get(kind)), None)


def _many(value: object) -> list[object]:
    """A list as it is; one thing as a list of it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
