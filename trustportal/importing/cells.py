"""What a table is made of while it is read: its cells, and what is said when the whole file cannot be read."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

LONGEST_SHOWN = 40  # characters of a value that are repeated in a message


class Unreadable(ValueError):
    """The file as a whole cannot be read. Its text says why and what to do, and is what the person reads."""


@dataclass(frozen=True)
class Formula:
    """A cell of a workbook that holds a formula, as written ("=SUM(A1:A3)"); its result is not read."""

    text: str


@dataclass(frozen=True)
class Wrong:
    """A cell of a workbook that shows an error, such as "#DIV/0!"."""

    text: str


# A CSV file gives only texts and None. bool is a kind of int, and datetime a kind of date.
Cell = str | int | float | Decimal | datetime.date | datetime.time | datetime.timedelta | Formula | Wrong | None


def shown(value: object) -> str:
    """A value as it is repeated in a message: on one line, and cut where it is long."""
    text = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "�", " ".join(str(value).split()))
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def plain_heading(text: str) -> str:
    """A heading as headings are compared: "Period start", "period_start" and " PERIOD-START " are the same."""
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()
