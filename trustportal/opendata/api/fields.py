"""The fields of a record as the interface has them: columns, those that name another record folded into one."""

from collections.abc import Callable
from dataclasses import dataclass
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

    def value(self, record: Model) -> Any:
        """What it holds, of one record."""
        value = self.column.value(record)
        if self.key is None:
            return None if value == "" and self.column.datatype is Datatype.ADDRESS else value
        key: Any = self.key.value(record)
        if not self.column.has_many:
            return reference(self.key.refers_to, key, value) if key or value else None
        return [reference(self.key.refers_to, *pair) for pair in zip(key, value, strict=True)]  # type: ignore[call-overload]


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
    chosen = [field for field in fields if wanted is None or field.name in wanted]
    return lambda record: {field.name: field.value(record) for field in chosen}
