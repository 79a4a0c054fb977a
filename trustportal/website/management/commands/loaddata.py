"""`loaddata` that checks what it loads.

Django saves the rows of a fixture raw: no field is cleaned, and rules that only Python knows are never asked. Here each
row is checked before it is saved, and each published record once all rows are there. The first fault refuses all files.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from trustportal.networks.keeping import placing_once
from trustportal.publishing import workflow
from trustportal.publishing.ledger import note_loaded
from trustportal.publishing.models import Identified, Part, Publishable
from trustportal.publishing.snapshot import versioned_fields

ROW_FAULTS = (ValidationError, DatabaseError, DeserializationError, ObjectDoesNotExist, ValueError, TypeError)


@contextmanager
def refusing(place: str) -> Iterator[None]:
    """Turn a fault into a CommandError of one line that begins with where it stands."""
    try:
        yield
    except ROW_FAULTS as error:
        words = " ".join(str(error).split())
        if isinstance(error, ValidationError):
            faults = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
            words = " ".join(f"{'' if name == '__all__' else name + ': '}{' '.join(faults[name])}" for name in faults)
        raise CommandError(f"{place}: {words}") from error


def reference(field: models.Field, key: object) -> models.Model:
    """The row that a natural or primary key names; raises ValidationError when there is none."""
    manager = field.related_model._default_manager
    try:
        return manager.get_by_natural_key(*key) if isinstance(key, list) else manager.get(pk=key)
    except (ObjectDoesNotExist, TypeError, ValueError) as error:
        name = ", ".join(map(str, key)) if isinstance(key, list) else key
        kind = field.related_model._meta.verbose_name
        raise ValidationError({field.name: f"There is no {kind} “{name}”."}) from error


def model_of(row: object) -> type[models.Model]:
    """The model of a row; raises ValidationError when the row does not have the shape of a record."""
    if not isinstance(row, dict) or not isinstance(row.get("fields"), dict):
        raise ValidationError("A record needs a “model” and “fields”.")
    try:
        return apps.get_model(row["model"])
    except (KeyError, LookupError, ValueError, AttributeError) as error:
        raise ValidationError(f"There is no model “{row.get('model')}”.") from error


def called(model: type[models.Model], row: dict) -> str:
    """What tells a row from its neighbours, as far as it says so itself: "medway-integrated-care, achievement, 3"."""
    names = [path.split("__")[0] for path in getattr(model, "natural_key_fields", ["slug"])]
    keys = [row["fields"].get(name) for name in names]
    words = [", ".join(map(str, key)) if isinstance(key, list) else str(key) for key in keys if key is not None]
    return ", ".join(words) or str(row.get("pk", "without a key"))


def check_values(model: type[models.Model], values: dict[str, object]) -> None:
    """Read every value as Django will, but say which field is at fault; raises ValidationError."""
    for name, value in values.items():
        try:
            field = model._meta.get_field(name)
            if field.is_relation and field.auto_created:  # the other end of a relation
                raise FieldDoesNotExist
            if not field.is_relation:
                field.to_python(value)
        except FieldDoesNotExist as error:
            raise ValidationError(f"There is no field “{name}”.") from error
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from error
        if field.many_to_many and not isinstance(value, list):
            raise ValidationError({name: "Write a list, with the key of each record in brackets of its own."})
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and not field.null and not field.has_default():
            if values.get(field.name) is None:
                raise ValidationError({field.name: "It cannot be empty."})
            if isinstance(values[field.name], list):  # without it Django could not even save the row
                reference(field, values[field.name])


def check_instance(instance: models.Model) -> None:
    """The rules for one row, but for its relations; raises ValidationError."""
    fields = instance._meta.concrete_fields
    instance.clean_fields(exclude={field.name for field in fields if field.is_relation})
    for field in fields:  # Django asks these two of forms alone
        value = field.value_from_object(instance)
        if not field.editable and field.choices and value not in dict(field.flatchoices):
            raise ValidationError({field.name: f"“{value}” is not one of the choices."})
        if isinstance(field, models.TextField) and len(value or "") > (field.max_length or float("inf")):
            raise ValidationError({field.name: f"It is longer than {field.max_length} characters."})
    instance.clean()


class LaterReferences:
    """The relations of a saved row, looked at again once all rows are there."""

    def __init__(self, row: DeserializedObject, values: dict[str, object], place: str) -> None:
        self.row, self.values, self.place = row, values, place

    def save_deferred_fields(self, using: str) -> None:
        """Every key must lead to a row by now; those that did not before are filled in."""
        waiting = self.row.deferred_fields
        with refusing(self.place):
            for name, value in self.values.items():
                field = self.row.object._meta.get_field(name)
                if field.is_relation and value is not None:
                    for key in value if field.many_to_many else [value]:
                        if field in waiting or not isinstance(key, list):
                            reference(field, key)
            if waiting:
                self.row.save_deferred_fields(using=using)


class Command(loaddata.Command):
    """Loads fixtures in JSON, all or nothing."""

    help = "Loads fixtures in JSON. The first fault refuses all of them, with the file, the record and what is wrong."

    def loaddata(self, fixture_labels: tuple[str, ...]) -> None:
        """Load all files, look at each published record as a whole, and date the reviews that no file dates."""
        self.places: dict[models.Model, str] = {}
        self.undated: set[models.Model] = set()
        self.changed: set[models.Model] = set()  # records of which the files say something that was not there
        self.began_at = timezone.now()
        with placing_once():
            self.load_and_check(fixture_labels)

    def load_and_check(self, fixture_labels: tuple[str, ...]) -> None:
        """Load all files; what rests on the public text and is kept elsewhere is worked out."""
        super().loaddata(fixture_labels)
        records: dict[models.Model, str] = {}
        for row, place in self.places.items():
            records.setdefault(self.record_of(row), place)
        for record, place in records.items():
            if isinstance(record, Publishable):
                record.refresh_from_db()  # its parts are in the database, not in memory
                if record in self.changed and record.was_published:
                    type(record)._base_manager.filter(pk=record.pk).update(modified_at=self.began_at)
                if record.is_published:
                    if faults := record.faults_as_a_whole():
                        raise CommandError(f"{place}: {' '.join(faults)}")
                    record.on_published()
        published = [record for record in records if record in self.undated and record.is_published]
        workflow.spread_reviews(published, timezone.localdate())
        for model in dict.fromkeys(type(record) for record in records if isinstance(record, Publishable)):
            note_loaded(model, [record.pk for record in records if isinstance(record, model)])

    @staticmethod
    def record_of(row: models.Model) -> models.Model:
        """The record to which a row belongs; a record itself."""
        return getattr(row, row.record_field) if isinstance(row, Part) else row

    def load_label(self, fixture_label: str) -> None:
        """Load the files of one label, row by row."""
        for path, _folder, _name in self.find_fixtures(fixture_label):
            _name, form, compression = self.parse_name(os.path.basename(path))
            if form != "json":
                raise CommandError(f"{path}: The portal loads fixtures in JSON only.")
            opened, mode = self.compression_formats[compression]
            with refusing(path), opened(path, mode) as file:
                rows = json.load(file)
                if not isinstance(rows, list):
                    raise ValidationError("A fixture is a list of records.")
            self.fixture_count += 1
            seen: set[models.Model] = set()
            for number, row in enumerate(rows, 1):
                with refusing(f"{path}, record {number}"):
                    model = model_of(row)
                place = f"{path}, record {number} ({row['model']} {called(model, row)})"
                with refusing(place):
                    self.load_row(model, row, place, seen)

    def complete(self, found: DeserializedObject, values: dict[str, object]) -> bool:
        """Fill in what a file need not say, and give whether the row says anything that was not there.

        A row that is there keeps its identifier. A record keeps the time of its last change, or begins with now.
        """
        row = found.object
        there = type(row)._base_manager.filter(pk=row.pk).first() if row.pk else None
        if isinstance(row, Identified) and there is not None and "uuid" not in values:
            row.uuid = there.uuid
        if isinstance(row, Publishable) and "modified_at" not in values and row.first_published_at:
            row.modified_at = (there and there.modified_at) or self.began_at
        if there is None:
            return True
        told = [field for field in versioned_fields(type(row)) if field.name in values]
        if any(field.value_from_object(row) != field.value_from_object(there) for field in told):
            return True
        if isinstance(row, Publishable) and row.state != there.state:
            return True
        return any(
            set(keys) != set(getattr(there, name).values_list("pk", flat=True)) for name, keys in found.m2m_data.items()
        )

    def load_row(self, model: type[models.Model], row: dict, place: str, seen: set[models.Model]) -> None:
        """Check one row and save it; raises one of ROW_FAULTS."""
        check_values(model, row["fields"])
        [found] = serializers.deserialize("python", [row], using=self.using, handle_forward_references=True)
        check_instance(found.object)
        is_news = self.complete(found, row["fields"])
        self.fixture_object_count += 1
        try:
            with transaction.atomic(self.using):
                saved = self.save_obj(found)
        except DatabaseError:
            found.object.validate_unique()
            found.object.validate_constraints()  # says the rule in the model's own words
            raise
        if not saved:
            return
        self.loaded_object_count += 1
        if found.object in seen:
            raise ValidationError("This record stands twice in the file.")
        seen.add(found.object)
        self.places[found.object] = place
        if is_news:
            self.changed.add(self.record_of(found.object))
        dates = [row["fields"].get(name) for name in ("last_reviewed_on", "next_review_due_on")]
        if issubclass(model, Publishable) and dates == [None, None]:
            self.undated.add(found.object)
        if not found.deferred_fields:
            self.objs_with_deferred_fields.append(found)
        self.objs_with_deferred_fields[-1] = LaterReferences(found, row["fields"], place)
