"""What a kind of resource is made of, as data: where its rows are, how they are written, how they are searched."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from trustportal.opendata.fhir.elements import Resource
from trustportal.opendata.fhir.values import Moment

SEARCHED = "http://hl7.org/fhir/SearchParameter/"

Narrowing = Callable[[QuerySet, Any], QuerySet]
Times = Callable[[QuerySet, Any], QuerySet]


@dataclass(frozen=True)
class Parameter:
    """Something by which resources are searched. `type` is FHIR's: string, token, reference or date."""

    name: str
    type: str
    documentation: str
    definition: str  # the last part of the address of what defines it
    of: str = ""  # for a reference: the kind of resource to which it leads

    @property
    def modifiers(self) -> set[str]:
        """What may stand after a colon behind the name."""
        return {"exact", "contains"} if self.type == "string" else set()


COMMON = (
    Parameter("_id", "token", "The id of the resource; several with commas.", "Resource-id"),
    Parameter(
        "_lastUpdated",
        "date",
        "When what the record says last changed. Prefixes: eq, ne, gt, ge, lt, le, sa, eb.",
        "Resource-lastUpdated",
    ),
)


def _modified_since(rows: QuerySet, at: datetime.datetime) -> QuerySet:
    return rows.modified_since(at)


def _modified_before(rows: QuerySet, at: datetime.datetime) -> QuerySet:
    return rows.modified_before(at)


def _for_fhir(rows: QuerySet) -> QuerySet:
    return rows.for_fhir()


@dataclass(frozen=True)
class Holding:
    """The rows of one model that are told as resources of one kind.

    `public` gives those that anybody may read, `once_public` these and those that are withdrawn. `since` and `before`
    narrow rows by the time of their last change. `write` writes a page of rows that
    `in_full` has fetched; `why_gone` says why a row is withdrawn.
    """

    public: Callable[[], QuerySet]
    once_public: Callable[[], QuerySet]
    write: Callable[[Sequence[Any]], list[Resource]]
    why_gone: Callable[[Any], str]
    since: Times = _modified_since
    before: Times = _modified_before
    in_full: Callable[[QuerySet], QuerySet] = _for_fhir
    narrow: Mapping[str, Narrowing] = field(default_factory=dict)

    def written(self, rows: QuerySet) -> list[Resource]:
        """Rows as resources."""
        return self.write(list(self.in_full(rows)))

    def changed(self, rows: QuerySet, moment: Moment) -> QuerySet:
        """Those rows that changed at, before or after a time."""
        match moment.prefix:
            case "eq":
                return self.since(rows, moment.first) & self.before(rows, moment.after)
            case "ne":
                return self.since(rows, moment.after) | self.before(rows, moment.first)
            case "gt" | "sa":
                return self.since(rows, moment.after)
            case "ge":
                return self.since(rows, moment.first)
            case "lt" | "eb":
                return self.before(rows, moment.first)
            case _:
                return self.before(rows, moment.after)


@dataclass(frozen=True)
class Kind:
    """A kind of resource that this server has: its name, what it stands for here, and where its rows are."""

    name: str
    documentation: str
    holdings: tuple[Holding, ...]
    parameters: tuple[Parameter, ...]
    profile: str = ""

    @property
    def searched_by(self) -> dict[str, Parameter]:
        """All by which it is searched, by name."""
        return {parameter.name: parameter for parameter in (*COMMON, *self.parameters)}


def each(write: Callable[[Any], Resource]) -> Callable[[Sequence[Model]], list[Resource]]:
    """Write rows one by one."""
    return lambda rows: [write(row) for row in rows]
