"""What an address asks for, read strictly: what makes no sense is refused with a sentence that says what would."""

import datetime
import re
import uuid

from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

LONGEST_QUERY = 4000  # characters of all parameters together
LONGEST_TEXT = 200  # characters of one; the search reads no more
WHOLE_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
TRUTH = {"true": True, "1": True, "false": False, "0": False}
# Beyond these years a time cannot be carried from one zone to another.
FIRST_YEAR, LAST_YEAR = 1900, 2900


class Refused(Exception):
    """What was asked makes no sense; the message says why, for whoever asks."""


class Parameters:
    """The parameters of a request. Those that the feed does not know are ignored; an empty one is not given.

    Each method raises Refused where the value is none of its kind.
    """

    def __init__(self, request: HttpRequest) -> None:
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            raise Refused(_("The parameters are longer than %(most)d characters.") % {"most": LONGEST_QUERY})
        self._given = request.GET

    def _one(self, name: str) -> str:
        values = self._given.getlist(name)
        if len(values) > 1:
            raise Refused(_("Give %(name)s once.") % {"name": name})
        return values[0].strip() if values else ""

    def text(self, name: str) -> str:
        """A text; "" where none is given."""
        text = self._one(name)
        if len(text) > LONGEST_TEXT:
            raise Refused(_("%(name)s is longer than %(most)d characters.") % {"name": name, "most": LONGEST_TEXT})
        return text

    def number(self, name: str, *, usual: int, most: int) -> int:
        """A whole number from 1 to `most`."""
        text = self._one(name)
        if not text:
            return usual
        if not WHOLE_NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
            raise Refused(_("%(name)s is a whole number from 1 to %(most)d.") % {"name": name, "most": most})
        return int(text)

    def truth(self, name: str) -> bool:
        """Whether something is asked for."""
        text = self._one(name).lower()
        if text and text not in TRUTH:
            raise Refused(_("%(name)s is true or false.") % {"name": name})
        return TRUTH.get(text, False)

    def identifier(self, name: str) -> uuid.UUID | None:
        """The id of something; None where none is given."""
        text = self._one(name)
        if not text:
            return None
        found = as_identifier(text)
        if found is None:
            raise Refused(_("%(name)s is a UUID, as in the id of every record.") % {"name": name})
        return found

    def moment(self, name: str) -> datetime.datetime | None:
        """A time; without an offset it is UTC, a date alone is its beginning; None where none is given."""
        text = self._one(name)
        if not text:
            return None
        try:
            # "+" in an address reads as a space.
            found = parse_datetime(text.replace(" ", "+") if "T" in text else text) or _start_of(text)
        except ValueError:
            found = None
        if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise Refused(_("%(name)s is a time such as 2026-03-02T12:00:00Z.") % {"name": name})
        return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)

    def must_be_one_of(self, name: str, *known: str) -> None:
        """Refuse a value that is not among those known."""
        if (text := self._one(name).lower()) and text not in known:
            raise Refused(_("%(name)s is %(known)s.") % {"name": name, "known": ", ".join(known)})


def _start_of(text: str) -> datetime.datetime | None:
    day = parse_date(text)
    return datetime.datetime.combine(day, datetime.time(tzinfo=datetime.UTC)) if day else None


def as_identifier(text: str) -> uuid.UUID | None:
    """A text as a UUID in its usual form; None where it is none."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None
