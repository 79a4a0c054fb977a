"""Calendar files (RFC 5545) of days that are known as far as they are known.

Every entry is an all-day event that does not take up time. What is known to the month or the year lies over all of it,
and says so in its title: calendar programs show it as a band, which is what is known, and no single day is pretended.
"""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from icalendar import Calendar, Timezone, TimezoneStandard
from icalendar import Event as CalendarEvent

from trustportal.partial_date import PartialDate

PRODUCT = "-//Partnerships portal//Timeline//EN"
A_DAY = datetime.timedelta(days=1)
LAST = datetime.date.max - A_DAY  # the day after must still be a day


@dataclass(frozen=True)
class Entry:
    """One line of a calendar. The key is the same for as long as it is told; the address is a whole one."""

    key: str
    words: str
    on: PartialDate
    address: str
    changed_at: datetime.datetime
    text: str = ""
    is_private: bool = False

    @property
    def summary(self) -> str:
        """Its title: "Memorandum: renewal due (expected in May 2027)"."""
        if self.on.day:
            return self.words
        return _("%(words)s (expected in %(date)s)") % {"words": self.words, "date": self.on.words}


def calendar_of(entries: Iterable[Entry], *, name: str, host: str) -> bytes:
    """The calendar file of entries, a valid one also without any; `host` makes their keys unique in the world."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", datetime.timedelta(days=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    for entry in entries:
        calendar.add_component(_component(entry, host))
    if not calendar.subcomponents:  # a calendar has at least one part: RFC 5545, section 3.6
        calendar.add_component(_universal_time())
    return bytes(calendar.to_ical())


def _component(entry: Entry, host: str) -> CalendarEvent:
    event = CalendarEvent()
    event.add("uid", f"{hashlib.sha256(entry.key.encode()).hexdigest()[:32]}@{host}")
    event.add("dtstamp", entry.changed_at.astimezone(datetime.UTC))
    event.add("last-modified", entry.changed_at.astimezone(datetime.UTC))
    event.add("summary", entry.summary)
    event.add("dtstart", min(entry.on.earliest, LAST))
    event.add("dtend", min(entry.on.latest, LAST) + A_DAY)  # the day after its last: RFC 5545, section 3.6.1
    event.add("url", entry.address)
    event.add("description", f"{entry.text}\n\n{entry.address}" if entry.text else entry.address)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if entry.on.day else "TENTATIVE")
    event.add("class", "PRIVATE" if entry.is_private else "PUBLIC")
    return event


def _universal_time() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime.datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", datetime.timedelta(0))
    standard.add("tzoffsetto", datetime.timedelta(0))
    zone.add_component(standard)
    return zone
