"""The values of search parameters: what may be asked in the address of a search, read into what is meant."""

import datetime
import re
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from trustportal.opendata.fhir.outcome import BASE, Refused

SEPARATED = re.compile(r"((?:\\.|\\\Z|[^\\,])*)(?:,|\Z)", re.DOTALL)
BEFORE_BAR = re.compile(r"((?:\\.|\\\Z|[^\\|])*)(\|?)(.*)", re.DOTALL)
MOMENT = re.compile(
    r"(?P<prefix>eq|ne|gt|lt|ge|le|sa|eb)?"
    r"(?P<year>[1-9]\d{3})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
LAST_YEAR = 9998  # the day after a later one cannot be reckoned with


def separated(text: str) -> list[str]:
    r"""The alternatives in a value: "a,b" is two, "a\,b" is one. Escapes stay. Empty ones are left out."""
    return [part for part in SEPARATED.findall(text) if part]


def unescaped(text: str) -> str:
    r"""A value without FHIR's escapes: "\," is a comma, "\|" a bar, "\$" a dollar, "\\" a backslash."""
    return re.sub(r"\\([,|$\\])", r"\1", text)


@dataclass(frozen=True)
class Words:
    """A text to look for, and how: "starts", "exact" or "contains"."""

    text: str
    how: str

    @classmethod
    def read(cls, text: str, modifier: str) -> "Words":
        """Read a value of type string."""
        return cls(unescaped(text), modifier or "starts")


@dataclass(frozen=True)
class Token:
    """A code: `system` is None where any will do, "" where there must be none; `value` is "" where any will do."""

    system: str | None
    value: str

    @classmethod
    def read(cls, text: str) -> "Token":
        r"""Read "system|value", "|value", "system|" or "value"."""
        system, bar, value = BEFORE_BAR.fullmatch(text).groups()  # type: ignore[union-attr]
        if not bar:
            return cls(None, unescaped(system))
        return cls(unescaped(system), unescaped(value))

    @property
    def truth(self) -> bool:
        """True or false, where the code is one of these words."""
        if self.value not in {"true", "false"}:
            raise Refused(400, "value", f"“{self.value}” is neither true nor false.")
        return self.value == "true"


def read_reference(text: str, kind: str) -> uuid.UUID | None:
    """The identifier in "id", "Kind/id" or the whole address; None where it can be none of this server's."""
    return read_id(unescaped(text).removeprefix(f"{settings.SITE_URL}{BASE}/").removeprefix(f"{kind}/"))


def read_id(text: str) -> uuid.UUID | None:
    """An identifier as this server writes it; None where it would write it otherwise, or not at all."""
    try:
        identifier = uuid.UUID(text)
    except ValueError:
        return None
    return identifier if str(identifier) == text else None


@dataclass(frozen=True)
class Moment:
    """A time as exact as it was written: from `first` until just before `after`; and how to compare with it."""

    prefix: str
    first: datetime.datetime
    after: datetime.datetime

    @classmethod
    def read(cls, text: str) -> "Moment":
        """Read "ge2026-03", "2026-03-02" or "gt2026-03-02T12:00:00Z". A plus may have come as a space."""
        found = MOMENT.fullmatch(text.replace(" ", "+"))
        try:
            if found is None or int(found["year"]) > LAST_YEAR:
                raise ValueError(text)
            return cls(found["prefix"] or "eq", *_range(found))
        except ValueError as error:
            raise Refused(
                400, "value", f"“{text}” is not a time. Write, for example, ge2026-03 or gt2026-03-02T12:00:00Z."
            ) from error


def _range(found: re.Match[str]) -> tuple[datetime.datetime, datetime.datetime]:
    """The first moment that is meant, and the one after the last."""
    year, month, day = (int(found[name] or 1) for name in ("year", "month", "day"))
    fraction = (found["fraction"] or "").ljust(6, "0")[:6]
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    local = datetime.datetime(year, month, day, hour, minute, second, int(fraction))
    if found["fraction"]:
        after = local + datetime.timedelta(microseconds=10 ** max(0, 6 - len(found["fraction"])))
    elif found["second"]:
        after = local + datetime.timedelta(seconds=1)
    elif found["hour"]:
        after = local + datetime.timedelta(minutes=1)
    elif found["day"]:
        after = local + datetime.timedelta(days=1)
    elif found["month"]:
        after = (local + datetime.timedelta(days=31)).replace(day=1)
    else:
        after = local.replace(year=year + 1)
    return _in_zone(local, found["zone"]), _in_zone(after, found["zone"])


def _in_zone(local: datetime.datetime, zone: str | None) -> datetime.datetime:
    """A time with its zone: the one written, or the portal's."""
    if zone is None:
        return timezone.make_aware(local)
    if zone == "Z":
        return local.replace(tzinfo=datetime.UTC)
    hours, minutes = int(zone[1:3]), int(zone[4:])
    if hours > 14 or minutes > 59:
        raise ValueError(zone)
    offset = datetime.timedelta(hours=hours, minutes=minutes)
    return local.replace(tzinfo=datetime.timezone(-offset if zone[0] == "-" else offset))
