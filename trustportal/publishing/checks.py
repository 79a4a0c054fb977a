"""A system check: nothing that belongs to a record is forgotten by its working copies and versions.

A version holds a record's fields, its lists and its parts; its parts are made anew at each publication. Whatever else
hangs on a record, or on a part, has to be looked at by somebody once: either it becomes a part, or the record names it
in `not_versioned`.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.contrib.contenttypes.fields import GenericRelation
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import models

from trustportal.publishing.models.history import OfRecord
from trustportal.publishing.models.record import Part, Publishable


@register(Tags.models)
def check_versions(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """What the versions of each kind of record would lose or break, as errors."""
    return list(faults_of(apps.get_models()))


def faults_of(all_models: Iterable[type[models.Model]]) -> Iterator[CheckMessage]:
    """The errors of some models, with a hint each."""
    for model in all_models:
        if model._meta.proxy:
            continue
        if issubclass(model, Publishable):
            yield from _of_record(model)
        if issubclass(model, Part):
            yield from _of_part(model)


def _of_record(model: type[Publishable]) -> Iterator[CheckMessage]:
    for relation in model._meta.related_objects:
        source, name = relation.related_model, relation.get_accessor_name()
        if not issubclass(source, Publishable | Part | OfRecord) and name not in model.not_versioned:
            yield Error(
                f"“{name}” ({_named(relation.field)}) is neither versioned nor listed as not versioned.",
                hint=f"Make {source._meta.object_name} a Part, or add “{name}” to {_label(model)}.not_versioned.",
                obj=model,
                id="publishing.E001",
            )
    for field in model._meta.private_fields:
        if isinstance(field, GenericRelation) and field.name not in model.not_versioned:
            yield Error(
                f"The generic relation “{field.name}” is neither versioned nor listed as not versioned.",
                hint=f"Add “{field.name}” to {_label(model)}.not_versioned.",
                obj=model,
                id="publishing.E002",
            )


def _of_part(model: type[Part]) -> Iterator[CheckMessage]:
    key = _key_to_record(model)
    if key is None:
        yield Error(
            "Its record_field does not lead to a record that is published.",
            hint="Name the foreign key or one-to-one field that leads to a Publishable, with a related name.",
            obj=model,
            id="publishing.E004",
        )
        return
    if key.remote_field.get_accessor_name() in key.related_model.not_versioned:
        return  # its rows are never made anew
    for field in _pointing_at(model):
        yield Error(
            f"{_named(field)} points at a part, and parts are made anew at each publication.",
            hint=f"Point at {_label(key.related_model)} instead, or make {_label(model)} a record of its own.",
            obj=model,
            id="publishing.E003",
        )
    if not any(field.name == "is_live" for field in model._meta.concrete_fields):
        for names in _unique_across_records(model, key):
            yield Error(
                f"{', '.join(names)} must be unique across all records, so no working copy could have the same row.",
                hint=f"Add “{key.name}” to the constraint, or a field is_live and the condition Q(is_live=True).",
                obj=model,
                id="publishing.E005",
            )


def _key_to_record(model: type[Part]) -> models.ForeignKey | None:
    """The foreign key from a part to its record; None where there is none that a version could follow."""
    name = getattr(model, "record_field", "")
    for field in model._meta.concrete_fields:
        if field.name == name and field.is_relation and not field.remote_field.hidden:
            target = field.related_model
            return field if isinstance(target, type) and issubclass(target, Publishable) else None
    return None


def _pointing_at(model: type[Part]) -> Iterator[models.Field]:
    """The relations from any row to rows of a part, also hidden and generic ones; not its own lists."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, GenericRelation):
            yield relation
            continue
        points_here = relation.auto_created and relation.is_relation and not relation.concrete
        # Of the table behind a list it says nothing: the list itself points here, or is the part's own.
        if points_here and not relation.related_model._meta.auto_created:
            yield relation.field


def _unique_across_records(model: type[Part], key: models.ForeignKey) -> Iterator[list[str]]:
    """The fields of each rule that rows of two records could break together."""
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key and field != key:
            yield [field.name]
    rules = [rule for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint)]
    sets = [*model._meta.unique_together, *(_names_in(rule) for rule in rules)]
    yield from (list(names) for names in sets if key.name not in names)


def _names_in(rule: models.UniqueConstraint) -> list[str]:
    """The fields that a rule speaks of, also within expressions."""
    names, expressions = list(rule.fields), list(rule.expressions)
    while expressions:
        expression = expressions.pop()
        if hasattr(expression, "get_source_expressions"):
            expressions += expression.get_source_expressions()
        elif hasattr(expression, "name"):
            names.append(expression.name)
    return names


def _label(model: type[models.Model]) -> str:
    return model._meta.object_name


def _named(field: models.Field) -> str:
    return f"{_label(field.model)}.{field.name}"
