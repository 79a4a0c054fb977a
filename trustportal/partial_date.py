"""Dates known to the year, the month or the day, stored and shown as known.

A partial date is stored as the beginning of an ISO 8601 date: "2014", "2017-05" or "2021-03-15".
Text of that form sorts in time order in both databases, an earlier or vaguer date first.
"""

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

ISO_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
SLASH_FORM = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)(\d{4})")
WORD_FORM = re.compile(r"(?:(\d{1,2})\s+)?([A-Za-z]{3,9})\s+(\d{4})")
ENGLISH_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


@dataclass(frozen=True, order=False)
class PartialDate:
    """A date known to the year, the month or the day.

    year is 1000 to 9999; month (1 to 12) and day are None where they are not known.
    Raises ValueError for a date that does not exist.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not 1000 <= self.year <= 9999:
            raise ValueError("a year has four digits")
        if self.day is not None and self.month is None:
            raise ValueError("a day needs its month")
        datetime.date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2014", "2017-05", "2021-03-15", "05/2017", "15/03/2021", "May 2017" or "15 March 2021".

        Raises ValueError when the text is none of these or names a day that does not exist.
        """
        text = " ".join(text.split())
        if found := ISO_FORM.fullmatch(text):
            year, month, day = found.groups()
        elif found := SLASH_FORM.fullmatch(text):
            day, month, year = found.groups()
        elif found := WORD_FORM.fullmatch(text):
            day, word, year = found.groups()
            months = [name for name in ENGLISH_MONTHS if name.startswith(word.lower())]
            if len(months) != 1:
                raise ValueError(f"{word} is not a month")
            month = str(ENGLISH_MONTHS.index(months[0]) + 1)
        else:
            raise ValueError(f"{text} is not a date")
        return cls(int(year), None if month is None else int(month), None if day is None else int(day))

    @property
    def earliest(self) -> datetime.date:
        """The first day that it can be."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> datetime.date:
        """The last day that it can be."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def words(self) -> str:
        """As people read it: "15 March 2021", "May 2017", "2014"."""
        parts = [str(self.day)] if self.day else []
        parts += [str(MONTHS[self.month])] if self.month else []
        return " ".join([*parts, str(self.year)])

    def __str__(self) -> str:
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join(parts)


@lru_cache(maxsize=10_000)
def stored(text: str) -> PartialDate:
    """The date that a text in a database stands for. The same few come again and again: a series has one a figure."""
    return PartialDate.parse(text)


def period_in_words(start: PartialDate | None, end: PartialDate | None) -> str:
    """Say a period as people read it: "April 2017 to March 2019", "2019", "Since May 2017", "Until 2016" or ""."""
    if start and end:
        if start == end:
            return start.words
        return str(_("%(start)s to %(end)s") % {"start": start.words, "end": end.words})
    if start:
        return str(_("Since %(start)s") % {"start": start.words})
    return str(_("Until %(end)s") % {"end": end.words}) if end else ""


@dataclass(frozen=True)
class Span:
    """From one partial date to another, each as wide as it can be; None where it has no beginning or no end."""

    first: PartialDate | None = None
    last: PartialDate | None = None

    @classmethod
    def of(cls, date: PartialDate) -> Self:
        """All days that a date can be: "2016" is from 1 January to 31 December 2016."""
        return cls(date, date)

    @property
    def first_day(self) -> str:
        """Its first day as text that compares with stored dates, or ""."""
        return self.first.earliest.isoformat() if self.first else ""

    @property
    def last_day(self) -> str:
        """Its last day as text that compares with stored dates, or ""."""
        return self.last.latest.isoformat() if self.last else ""


MALFORMED = _(
    "“%(value)s” is not a date that the portal can read. Write as much as is known: 2014, May 2017 or 15 March 2021."
)


def to_partial_date(value: object) -> PartialDate | None:
    """Turn text, a date or nothing into a partial date; raises ValidationError in plain English."""
    if value is None or value == "" or isinstance(value, PartialDate):
        return value or None  # type: ignore[return-value]
    if isinstance(value, datetime.date):
        return PartialDate(value.year, value.month, value.day)
    try:
        return PartialDate.parse(str(value))
    except ValueError as error:
        raise ValidationError(MALFORMED, code="invalid", params={"value": value}) from error


class PartialDateFormField(forms.CharField):
    """A text box for a partial date."""

    def to_python(self, value: object) -> PartialDate | None:
        """Read what was typed; an empty box is None."""
        return to_partial_date(value.strip() if isinstance(value, str) else value)

    def prepare_value(self, value: object) -> object:
        """Show a stored date in words; leave what was typed as it was typed."""
        return value.words if isinstance(value, PartialDate) else value

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare dates, not spellings: "2017-05" and "May 2017" are the same."""
        try:
            return to_partial_date(initial) != self.to_python(data)
        except ValidationError:
            return True


class PartialDateField(models.CharField):
    """A model field that holds a PartialDate, or None where nothing is known."""

    description = _("Date known to the year, the month or the day")

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)
        self.validators: list[
            object
        ] = []  # a date has no length to check; the form of the text is checked when it is read

    def from_db_value(self, value: str | None, expression: object, connection: object) -> PartialDate | None:
        """Turn the stored text into a PartialDate."""
        return stored(value) if value else None

    def to_python(self, value: object) -> PartialDate | None:
        """Turn text (of a fixture or a form) into a PartialDate; raises ValidationError."""
        return to_partial_date(value)

    def get_prep_value(self, value: object) -> str | None:
        """Turn a PartialDate or any readable text into the stored form; raises ValidationError."""
        value = to_partial_date(value)
        return None if value is None else str(value)

    def value_to_string(self, obj: models.Model) -> str | None:  # type: ignore[override]
        """The stored form, for fixtures."""
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs: object) -> forms.Field | None:  # type: ignore[override]
        """A text box; the admin may hand in its own widget."""
        return models.Field.formfield(self, **{"form_class": PartialDateFormField, **kwargs})
