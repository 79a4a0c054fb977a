"""A record with all its rows as plain data, and back. All of publishing rests on these two functions.

The data of a record is a dict that JSON can keep:

    {"fields": {"name": "…", "lead": 7, …},            # relations by key, dates and decimals as text
     "many": {"areas": [3, 4], …},                     # keys, ascending
     "parts": {"milestones": [{"fields": …, "many": …}, …], …}}   # in the order of their keys

What a record leaves out it names in `not_versioned`; the rows that belong to it are its `Part`s, and have none.
"""

import datetime
import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from trustportal.publishing.models import Part, Publishable

Data = dict[str, Any]


def versioned_fields(model: type[models.Model]) -> list[models.Field]:
    """The columns of a record or a part that its data carries."""
    left_out = left_out_of(model)
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def versioned_lists(model: type[models.Model]) -> list[models.ManyToManyField]:
    """The relations to several rows that the data carries."""
    left_out = left_out_of(model)
    return [field for field in model._meta.many_to_many if field.name not in left_out]


def versioned_parts(model: type[Publishable]) -> dict[str, models.ForeignKey]:
    """The rows that belong to a record: by the name of the relation, the foreign key that leads to the record."""
    parts = {}
    for relation in model._meta.related_objects:
        part = relation.related_model
        if issubclass(part, Part) and part.record_field == relation.field.name:
            name = relation.get_accessor_name()
            if name not in model.not_versioned:
                parts[name] = relation.field
    return parts


def left_out_of(model: type[models.Model]) -> frozenset[str]:
    """The names that the data of a row leaves out."""
    if issubclass(model, Publishable):
        return model.not_versioned
    return frozenset({"id", "is_live", getattr(model, "record_field", "")})


def plain(field: models.Field, value: object) -> object:
    """A value as JSON keeps it, written one way only, so that equal values are equal data."""
    value = field.get_prep_value(value)
    if isinstance(value, Decimal):
        places = getattr(field, "decimal_places", None)
        return str(value if places is None else value.quantize(Decimal(1).scaleb(-places)))
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _lists_of(model: type[models.Model], keys: list[int]) -> dict[int, dict[str, list[int]]]:
    """For each row, the keys of each of its lists. One query a list."""
    found: dict[int, dict[str, list[int]]] = {key: {field.name: [] for field in versioned_lists(model)} for key in keys}
    for field in versioned_lists(model):
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        through = field.remote_field.through._base_manager
        rows = through.filter(**{f"{own}__in": keys}).values_list(f"{own}_id", f"{other}_id")
        for key, target in rows.order_by(f"{own}_id", f"{other}_id"):
            found[key][field.name].append(target)
    return found


def _rows(model: type[models.Model], **of: object) -> list[Data]:
    fields = versioned_fields(model)
    rows = list(model._base_manager.filter(**of).order_by("pk").values("pk", *(field.attname for field in fields)))
    lists = _lists_of(model, [row["pk"] for row in rows]) if rows else {}
    return [
        {
            "fields": {field.name: plain(field, row[field.attname]) for field in fields},
            "many": lists[row["pk"]],
        }
        for row in rows
    ]


def snapshot(record: Publishable) -> Data:
    """The record as the database has it, as data. One query a table and list."""
    model = type(record)
    [data] = _rows(model, pk=record.pk)
    parts = {name: _rows(key.model, **{key.name: record.pk}) for name, key in versioned_parts(model).items()}
    return {**data, "parts": parts}


def digest(data: Data) -> str:
    """64 characters that are the same for the same data alone."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _fill(row: models.Model, data: Data) -> None:
    for field in versioned_fields(type(row)):
        if field.name in data["fields"]:  # a version may be older than the field
            setattr(row, field.attname, field.to_python(data["fields"][field.name]))


def apply(data: Data, onto: Publishable) -> Publishable:
    """Make a record read as the data says, with its lists and its parts; a new record is saved too. Returns it.

    The record keeps its key, its state and whatever points at it. Parts that differ are made anew. Call it within a
    transaction. Raises ValidationError where a rule of the database stands against it, in the words of the rule.
    """
    model = type(onto)
    before = snapshot(onto) if onto.pk else None
    _fill(onto, data)
    onto.save()
    for field in versioned_lists(model):
        if before is None or before["many"][field.name] != data["many"].get(field.name, []):
            getattr(onto, field.name).set(data["many"].get(field.name, []))
    for name, key in versioned_parts(model).items():
        rows = data["parts"].get(name, [])
        if before is None or before["parts"][name] != rows:
            _make_parts(key, rows, onto, are_there=before is not None)
    return onto


def _make_parts(key: models.ForeignKey, rows: list[Data], record: Publishable, *, are_there: bool) -> None:
    """Put the rows of one kind in the place of those that are there."""
    part = key.model
    if are_there:
        part._base_manager.filter(**{key.name: record.pk}).delete()
    made = []
    for row in rows:
        one = part(**{key.attname: record.pk})
        if hasattr(one, "is_live"):
            one.is_live = not record.is_change
        _fill(one, row)
        made.append(one)
    for one in made:
        if hasattr(one, "is_live"):  # may clash with rows of other records, which no form has looked at since
            one.validate_constraints()
    part._base_manager.bulk_create(made)
    for field in versioned_lists(part):
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        through = field.remote_field.through
        through._base_manager.bulk_create(
            through(**{f"{own}_id": one.pk, f"{other}_id": target})
            for one, row in zip(made, rows, strict=True)
            for target in row["many"].get(field.name, [])
        )


def _named_in(data: Data, model: type[Publishable]) -> Iterator[tuple[type[models.Model], int]]:
    """All that the data points at, as model and key."""
    rows = [(model, data)]
    for name, key in versioned_parts(model).items():
        rows += [(key.model, row) for row in data["parts"].get(name, [])]
    for row_model, row in rows:
        for field in versioned_fields(row_model):
            if field.is_relation and row["fields"].get(field.name) is not None:
                yield field.related_model, row["fields"][field.name]
        for field in versioned_lists(row_model):
            for key in row["many"].get(field.name, []):
                yield field.related_model, key


def still_there(data: Data, model: type[Publishable]) -> set[tuple[type[models.Model], int]]:
    """What the data points at and the database still has. One query a model."""
    named: dict[type[models.Model], set[int]] = {}
    for target, key in _named_in(data, model):
        named.setdefault(target, set()).add(key)
    return {
        (target, key)
        for target, keys in named.items()
        for key in target._base_manager.filter(pk__in=keys).values_list("pk", flat=True)
    }


def mended(data: Data, model: type[Publishable]) -> tuple[Data, list[str]]:
    """An old version without what it names and what is no longer there, and what was left out, in words.

    A part that cannot stand without it goes as a whole. Raises ValidationError where the record itself cannot.
    """
    there = still_there(data, model)
    lost: list[str] = []

    def mend(row_model: type[models.Model], row: Data) -> Data | None:
        fields, many = dict(row["fields"]), dict(row["many"])
        for field in versioned_fields(row_model):
            key = fields.get(field.name)
            if field.is_relation and key is not None and (field.related_model, key) not in there:
                lost.append(f"{row_model._meta.verbose_name}: {field.verbose_name}")
                if not field.null:
                    return None
                fields[field.name] = None
        for field in versioned_lists(row_model):
            keys = many.get(field.name, [])
            many[field.name] = [key for key in keys if (field.related_model, key) in there]
            lost.extend([f"{row_model._meta.verbose_name}: {field.verbose_name}"] * (len(keys) - len(many[field.name])))
        return {"fields": fields, "many": many}

    whole = mend(model, data)
    if whole is None:
        raise ValidationError(_("This version names a record that is no longer there, so it cannot be taken up again."))
    parts = {}
    for name, key in versioned_parts(model).items():
        rows = [mend(key.model, row) for row in data["parts"].get(name, [])]
        parts[name] = [row for row in rows if row is not None]
    return {**whole, "parts": parts}, lost
