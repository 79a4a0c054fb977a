"""A place in a list, as text that nobody can make up: which row came last, and a mark that it is from us.

The text is the same length for all lists, and holds for the list that it was made for, however that is narrowed.
"""

import binascii
import datetime
import struct
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeAlias

from django.utils.crypto import constant_time_compare, salted_hmac

Place: TypeAlias = tuple[datetime.datetime, int] | uuid.UUID  # of a record: when it changed, and its key
SALT = "trustportal.opendata.api.cursors"
MARK = 8  # bytes
BEGIN = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
STEP = datetime.timedelta(microseconds=1)


class WrongCursorError(ValueError):
    """A text that is no place in this list."""


def _mark(name: str, place: bytes) -> bytes:
    return salted_hmac(f"{SALT}.{name}", place, algorithm="sha256").digest()[:MARK]


def cursor_of(name: str, place: Place) -> str:
    """A place in the list of a name, as text."""
    if isinstance(place, uuid.UUID):
        packed = place.bytes
    else:
        changed_at, key = place
        packed = struct.pack(">qq", (changed_at - BEGIN) // STEP, key)
    return urlsafe_b64encode(packed + _mark(name, packed)).decode()


def place_of(name: str, cursor: str, *, is_of_records: bool) -> Place:
    """The place that a text means in the list of a name. Raises WrongCursorError."""
    try:
        read = urlsafe_b64decode(cursor.encode("ascii"))
    except (ValueError, binascii.Error) as error:
        raise WrongCursorError(cursor) from error
    packed, mark = read[:-MARK], read[-MARK:]
    # The first comparison is for texts that mean the same to the decoder.
    if cursor_text(read) != cursor or len(packed) != 16 or not constant_time_compare(mark, _mark(name, packed)):
        raise WrongCursorError(cursor)
    if not is_of_records:
        return uuid.UUID(bytes=packed)
    steps, key = struct.unpack(">qq", packed)
    return BEGIN + steps * STEP, key


def cursor_text(read: bytes) -> str:
    """Bytes in the one way in which a cursor writes them."""
    return urlsafe_b64encode(read).decode()
