"""What the editors' home is made of."""

from dataclasses import dataclass, field

SHOWN = 10  # things of one sort on the page; the rest is a list away


@dataclass(frozen=True)
class Row:
    """One thing that waits."""

    name: str
    kind: str
    url: str
    facts: str = ""  # since when, by whom
    note: str = ""


@dataclass(frozen=True)
class Link:
    """A list in which all of them are."""

    words: str
    url: str


@dataclass(frozen=True)
class Section:
    """Things of one sort that wait, the first of them, and where the rest is."""

    name: str
    heading: str
    count: int
    rows: list[Row]
    more: list[Link] = field(default_factory=list)
