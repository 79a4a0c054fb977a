"""The state of a finder as its address says it: read, written, changed by one thing. The scheme is in `__init__.py`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import cached_property

from trustportal.finder.facets import Finder
from trustportal.partial_date import PartialDate

MOST_VALUES = 20  # of one facet
MOST_CHARACTERS = 8_000  # of the whole query; the server reads little more
DATES = ("active", "active-from", "active-to", "as-at")
SINGLE = ("q", *DATES, "sort", "size", "more", "named", "page")


class TooMuchError(ValueError):
    """The address asks for more than anybody needs."""


def spelled(name: str, text: str) -> str:
    """A value in the one way in which it is written: without needless spaces, dates as far as they can be read."""
    text = " ".join(text.split())
    if name in DATES:
        try:
            return str(PartialDate.parse(text))
        except ValueError:
            return text
    return text


@dataclass(frozen=True)
class Question:
    """What an address asks of a finder: pairs of a name and a value, in their one order."""

    finder: Finder
    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, finder: Finder, query: QueryDict) -> Self:
        """Read an address. What it does not know it leaves out. Raises TooMuchError."""
        if len(query.urlencode()) > MOST_CHARACTERS:
            raise TooMuchError
        return cls.of(finder, [(name, value) for name, values in query.lists() for value in values])

    @classmethod
    def of(cls, finder: Finder, pairs: Iterable[tuple[str, str]]) -> Self:
        """The question that says this in whatever order. Raises TooMuchError."""
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            if text := spelled(name, value):
                found.setdefault(name, []).append(text)
        usual = {"sort": finder.sorts[0].name, "size": str(finder.usual_size), "page": "1"}
        ordered: list[tuple[str, str]] = []
        for name in cls.names(finder):
            values = found.get(name, [])
            if name in SINGLE:
                ordered += [(name, value) for value in values[:1] if value != usual.get(name)]
                continue
            values = sorted(set(values))
            if len(values) > MOST_VALUES:
                raise TooMuchError
            ordered += [(name, value) for value in values]
        return cls(finder, tuple(ordered))

    @staticmethod
    def names(finder: Finder) -> list[str]:
        """All names that it understands, in their order."""
        of_facets = [name for facet in finder.facets for name in (facet.name, facet.not_name)]
        return ["q", *of_facets, *(DATES if finder.dates else ()), "sort", "size", "more", "named", "page"]

    @cached_property
    def query(self) -> str:
        """As it stands behind the question mark."""
        return urlencode(self.pairs)

    def address(self, path: str) -> str:
        """The whole address of a list at a path."""
        return f"{path}?{self.query}" if self.pairs else path

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a name."""
        return tuple(value for other, value in self.pairs if other == name)

    def value(self, name: str) -> str:
        """The one value of a name, or ""."""
        return next(iter(self.values(name)), "")

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves anything out."""
        return any(name not in {"sort", "size", "more", "named", "page"} for name, _value in self.pairs)

    def but(self, *names: str) -> Self:
        """The same without some names, from the first page."""
        return type(self)(self.finder, tuple(pair for pair in self.pairs if pair[0] not in {*names, "page"}))

    def without(self, name: str, value: str) -> Self:
        """The same without one value, from the first page."""
        return type(self)(self.finder, tuple(pair for pair in self.but().pairs if pair != (name, value)))

    def with_value(self, name: str, value: str) -> Self:
        """The same with one value more, or another where a name has one; from the first page unless it is the page."""
        kept = self.but(name) if name in SINGLE else self.but()
        return type(self).of(self.finder, [*kept.pairs, (name, value)])
