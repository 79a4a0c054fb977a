"""What a finder is made of, as data: its facets, dates and orders."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trustportal.partial_date import Span

Words = str | Promise
NOT_KNOWN = "not-known"  # the value of a facet where the record says nothing
YEAR = re.compile(r"[12]\d{3}")


@dataclass(frozen=True)
class Link:
    """A way from a record to the values of a facet, as a look-up; `also` is what must be true on the way."""

    path: str
    also: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list.

    `name` is its name in the address. A quiet one is not offered: it stands in the form only where the address names
    it, as addresses on other pages do.
    """

    name: str
    label: Words
    is_quiet: bool = False

    @property
    def not_name(self) -> str:
        """The name under which the address says what to leave out."""
        return f"not-{self.name}"


@dataclass(frozen=True)
class OwnFacet(Facet):
    """A facet by a column of the record itself, which has one value.

    `labels` gives the names of all possible values, in their order; without it the values are years. `word` names the
    word of the QuerySet that adds the column, where it is worked out; NULL and "" are NOT_KNOWN.
    """

    column: str = ""
    labels: Callable[[], Mapping[str, Words]] | None = None
    word: str = ""

    def label_of(self, value: str) -> str | None:
        """The name of a value; None where there is no such value."""
        if self.labels is not None:
            label = self.labels().get(value)
            return None if label is None else str(label)
        if value == NOT_KNOWN:
            return str(_("Not known"))
        return value if YEAR.fullmatch(value) else None

    def in_order(self, values: Iterable[str]) -> list[str]:
        """In the order of the labels; the latest year first, what is not known last."""
        if self.labels is None:
            return sorted(values, key=lambda value: value.replace(NOT_KNOWN, ""), reverse=True)
        wanted = set(values)
        return [value for value in self.labels() if value in wanted]


@dataclass(frozen=True)
class LinkedFacet(Facet):
    """A facet by other rows to which a record leads, in one or several ways; a record may have many values.

    The values are records of `model`, named by their slug; or, without a model, a column with `labels`.
    """

    links: tuple[Link, ...] = ()
    model: type[Model] | None = None
    labels: Callable[[], Mapping[str, Words]] | None = None


@dataclass(frozen=True)
class Dates:
    """How a list is narrowed by time. `word` takes records and a span, and gives those that may have been within it."""

    word: Callable[[QuerySet, Span], QuerySet]
    label: Words  # "Running", to be followed by "in 2016"
    hint: Words


@dataclass(frozen=True)
class Sort:
    """An order of the list: its name in the address, its label, and the words of the QuerySet that bring it about."""

    name: str
    label: Words
    word: Callable[[QuerySet], QuerySet]
    is_grouped: bool = False  # whether rows of the same kind follow each other, so that headings can stand between them


@dataclass(frozen=True)
class Finder:
    """A list that readers narrow. The first order is the usual one."""

    model: type[Model]
    title: Words
    counted: Words  # ngettext_lazy("%(count)d site", "%(count)d sites", "count")
    facets: tuple[Facet, ...]
    sorts: tuple[Sort, ...]
    dates: Dates | None = None
    sizes: tuple[int, ...] = (25, 50, 100)
    usual_size: int = 50

    def facet(self, name: str) -> Facet | None:
        """The facet of that name."""
        return next((facet for facet in self.facets if facet.name == name), None)
