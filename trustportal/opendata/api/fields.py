"""The fields of a record as the interface has them: columns, those that name another record folded into one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Model

from trustportal.opendata.api import ROOT
from trustportal.opendata.dataset import Column, Dataset, Datatype


def address_of(name: str, key: object = "") -> str:
    """The whole address of a list, or of one record of it."""
    return f"{settings.SITE_URL}{ROOT}{name}" + (f"/{key}" if key else "")


@dataclass(frozen=True)
class Field:
    """A field. With `key`, which holds the identifier that goes with `column`, it is another record."""

    column: Column
    key: Column | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.column.name

    @cached_property
    def value(self) -> Callable[[Model], Any]:
        """What gives what it holds, of one record."""
        called: Callable[[Model], Any] = self.column.value
        if self.key is None:
            may_lack = self.column.datatype is Datatype.ADDRESS and not self.column.has_many
            return (lambda record: called(record) or None) if may_lack else called
        to = self.key.refers_to
        identifier: Callable[[Model], Any] = self.key.value
        if self.column.has_many:
            return lambda record: [
                reference(to, *pair) for pair in zip(identifier(record), called(record), strict=True)
            ]

        def other(record: Model) -> dict[str, object] | None:
            key, name = identifier(record), called(record)
            return reference(to, key, name) if key or name else None

        return other


def reference(name: str, key: object, called: object) -> dict[str, object]:
    """Another record: its identifier and address where it can be read here, and what it is called."""
    return {"id": key, "name": called, "href": address_of(name, key) if key else None}


def fields_of(dataset: Dataset) -> tuple[Field, ...]:
    """The fields of a dataset: a column of identifiers belongs to the column of names before it."""
    fields: list[Field] = []
    for column in dataset.columns:
        before = fields[-1] if fields else None
        if column.refers_to and before and before.key is None and before.column.has_many == column.has_many:
            fields[-1] = Field(before.column, column)
        else:
            fields.append(Field(column))
    return tuple(fields)


Reader = Callable[[Model], dict[str, Any]]


def reader(fields: tuple[Field, ...], wanted: frozenset[str] | None = None) -> Reader:
    """What makes of a record, read `for_export()`, the fields that are wanted; without any, all of them."""
    chosen = [(field.name, field.value) for field in fields if wanted is None or field.name in wanted]
    return lambda record: {name: value(record) for name, value in chosen}
