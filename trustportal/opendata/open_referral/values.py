"""Values in the form that the schemas ask for."""

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri

# Under which the ids are made of what has none of its own. It stays, so that they do.
OURS = uuid.UUID("6f1d4a0e-3b52-5c1f-9d0e-52f0c8a7e3b4")


def known(**fields: Any) -> dict[str, Any]:
    """The fields without those of which nothing is known: the schemas know no null and no empty text."""
    return {name: value for name, value in fields.items() if value is not None and value != "" and value != []}


def identifier_of(*parts: object) -> str:
    """An id for something without one of its own: the same for the same parts, on every portal and for good."""
    return str(uuid.uuid5(OURS, " ".join(map(str, parts))))


def moment(at: datetime.datetime | None) -> str | None:
    """A time in UTC to the millisecond."""
    return at.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def whole_address(path: str) -> str:
    """The address of something on this portal; the path begins with a slash."""
    return settings.SITE_URL + path


def uri(address: str) -> str | None:
    """An address as a URI in plain letters; None where there is none."""
    return iri_to_uri(address) or None
