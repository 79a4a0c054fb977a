"""What a timeline is made of: events, and what ran from one date to another."""

import datetime
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from trustportal.partial_date import PartialDate, period_in_words


class Precision(Enum):
    """How well a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Ending(Enum):
    """What is known of the end of something that ran."""

    KNOWN = "known"  # it ended, or will end, on its date
    OPEN = "open"  # it goes on
    NOT_STATED = "not-stated"  # nobody says whether it goes on


def precision_of(date: PartialDate) -> Precision:
    """How well a date is known."""
    if date.day:
        return Precision.DAY
    return Precision.MONTH if date.month else Precision.YEAR


@dataclass(frozen=True)
class Event:
    """Something that happened, or will, on a date or in a period.

    `key` is the same for as long as the event is told, whatever its words become. `on` is the date by which it stands
    in its place in the list; `since` is the beginning of its period where it is about one (a figure's), otherwise None.
    """

    key: str
    kind: str  # one of the kinds that readers can choose
    what: str  # which sort of event, in words: "Agreement signed"
    words: str  # what happened, in a line
    on: PartialDate
    address: str  # of the page that tells of it
    record: str = ""  # whose it is: the name of a programme, partnership or partner
    period: str = ""  # when that ran, in words
    text: str = ""  # more words, or ""
    source: str = ""  # the name of the source on which just this rests, or ""
    source_address: str = ""
    since: PartialDate | None = None
    updated_at: datetime.datetime | None = None  # when the page was last changed in substance

    @property
    def earliest(self) -> datetime.date:
        """The first day that it can be."""
        return (self.since or self.on).earliest

    @property
    def latest(self) -> datetime.date:
        """The last day that it can be."""
        return self.on.latest

    @property
    def precision(self) -> Precision:
        """How well its date is known."""
        return precision_of(self.on)

    @property
    def is_point(self) -> bool:
        """Whether it is known to be on one day."""
        return self.earliest == self.latest

    @property
    def date(self) -> str:
        """When, in words."""
        return period_in_words(self.since, self.on) if self.since else self.on.words

    @property
    def title(self) -> str:
        """All of it in one line, with its date: "May 2017: The centre opens. Cancer Centre in Sidcup"."""
        words = f"{self.date}: {self.words}"
        return f"{words.rstrip('.')}. {self.record}" if self.record and self.record != self.words else words


@dataclass(frozen=True)
class Span:
    """Something that ran for a time: a programme, a partnership, a strategy. It has a beginning or an end, or both."""

    key: str
    kind: str
    name: str
    address: str
    start: PartialDate | None
    end: PartialDate | None
    ending: Ending

    def __post_init__(self) -> None:
        if self.start is None and self.end is None:
            raise ValueError("what is drawn has a beginning or an end")
        if (self.end is not None) != (self.ending is Ending.KNOWN):
            raise ValueError("a known end has a date, and no other has one")

    @property
    def period(self) -> str:
        """When, in words: "2014 to 2019", "Since 2017", "Until 2019", "Began 2017, end not stated"."""
        if self.start and self.ending is Ending.NOT_STATED:
            return _("Began %(date)s, end not stated") % {"date": self.start.words}
        words = period_in_words(self.start, self.end)
        return words if self.start else _("%(period)s, beginning not stated") % {"period": words}

    @property
    def title(self) -> str:
        """All of it in one line."""
        return f"{self.name}: {self.period[:1].lower()}{self.period[1:]}"

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """The first and the last day that are known of it."""
        start, end = self.start or self.end, self.end or self.start
        assert start is not None  # noqa: S101  it has one of the two
        assert end is not None  # noqa: S101
        return start.earliest, end.latest


def order_of(event: Event) -> tuple[str, str]:
    """By the first day that the date can be; of dates that begin together the vaguer first. As databases sort them."""
    return str(event.on), event.key
