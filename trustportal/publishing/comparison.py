"""How two versions of a record differ: field by field, row by row, in words. Knows the data of `snapshot` alone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from trustportal.partial_date import PartialDateField
from trustportal.publishing.matching import KIND, POSITION, is_prose, moved, named_by, paired
from trustportal.publishing.models import Part, Publishable
from trustportal.publishing.snapshot import Data, versioned_fields, versioned_lists, versioned_parts
from trustportal.publishing.snapshot import plain as plain_value
from trustportal.publishing.wording import Piece, words

WORDS_IN_HEADING = 12

Names = dict[tuple[type[models.Model], int], str]


@dataclass(frozen=True)
class FieldChange:
    """A field with another value, in words. Where a side is empty it has no pieces and its words say so."""

    is_list: ClassVar[bool] = False

    name: str
    label: str
    old: str
    new: str
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> list[Piece]:
        """The old value, with what was removed."""
        return [piece for piece in self.pieces if piece.kind != "added"]

    @property
    def after(self) -> list[Piece]:
        """The new value, with what was added."""
        return [piece for piece in self.pieces if piece.kind != "removed"]


@dataclass(frozen=True)
class ListChange:
    """A list with other names in it."""

    is_list: ClassVar[bool] = True

    name: str
    label: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


Change = FieldChange | ListChange


@dataclass(frozen=True)
class RowChange:
    """A row that was added, removed or changed; one that only moved has no changes."""

    what: Literal["added", "removed", "changed"]
    heading: str
    moved: str  # "moved from 2 to 3", or ""
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class PartChange:
    """The rows of one sort that differ."""

    name: str
    label: str
    rows: tuple[RowChange, ...]


@dataclass(frozen=True)
class Comparison:
    """All that differs between two versions of a record."""

    fields: tuple[Change, ...]
    parts: tuple[PartChange, ...]

    @property
    def differs(self) -> bool:
        """Whether anything does."""
        return bool(self.fields or self.parts)

    def labels(self) -> list[str]:
        """What differs, in a few words: the fields, then the sorts of rows."""
        return [part.label for part in (*self.fields, *self.parts)]


def differences(
    old: Data, new: Data, model: type[Publishable], may_name: Callable[[models.Model], bool] = lambda record: True
) -> Comparison:
    """Compare two versions of a record of a model. One query for each model that they point at.

    `may_name` says whether the reader may know the name of a record that is pointed at.
    """
    names = _names(old, new, model, may_name)
    parts: list[PartChange] = []
    for name, key in versioned_parts(model).items():
        parts += _parts(name, key.model, old["parts"].get(name, []), new["parts"].get(name, []), names)
    return Comparison(tuple(_changes(model, old, new, names)), tuple(parts))


# Names of what is pointed at


def _names(old: Data, new: Data, model: type[Publishable], may_name: Callable[[models.Model], bool]) -> Names:
    named: dict[type[models.Model], set[int]] = {}
    for data in (old, new):
        rows = [(model, data)]
        for name, key in versioned_parts(model).items():
            rows += [(key.model, row) for row in data["parts"].get(name, [])]
        for row_model, row in rows:
            for field in versioned_fields(row_model):
                if field.is_relation and row["fields"].get(field.name) is not None:
                    named.setdefault(field.related_model, set()).add(row["fields"][field.name])
            for field in versioned_lists(row_model):
                named.setdefault(field.related_model, set()).update(row["many"].get(field.name, []))
    names: Names = {}
    for target, keys in named.items():
        rows = target._base_manager.filter(pk__in=keys)
        if issubclass(target, Publishable):
            rows = rows.only("name", "state")
        for row in rows if keys else []:
            names[target, row.pk] = str(row) if may_name(row) else _("a record that is not public")
    return names


def _name_of(field: models.Field, key: int, names: Names) -> str:
    return names.get((field.related_model, key), _("no longer there"))


# Fields


def _is_empty(value: object) -> bool:
    return value is None or value == ""


def in_words(field: models.Field, value: object, names: Names) -> str:
    """A value of the data as people read it; "nothing" where it is empty."""
    if _is_empty(value):
        return _("nothing")
    if field.is_relation:
        return _name_of(field, value, names)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, models.DecimalField):
        return number_format(f"{Decimal(value).normalize():f}", force_grouping=True)
    if isinstance(field, models.IntegerField):
        return number_format(value, force_grouping=True)
    read = field.to_python(value)
    if isinstance(field, PartialDateField):
        return read.words
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(read), "j F Y, H:i")
    return date_format(read, "j F Y") if isinstance(field, models.DateField) else str(value)


def _value(field: models.Field, row: Data) -> object:
    """What the data says; where it is older than the field, what the field says by itself."""
    if field.name in row["fields"]:
        return row["fields"][field.name]
    return plain_value(field, field.get_default())


def _field_change(field: models.Field, before: object, after: object, names: Names) -> FieldChange:
    old, new = in_words(field, before, names), in_words(field, after, names)
    old_text, new_text = ("" if _is_empty(value) else text for value, text in ((before, old), (after, new)))
    whole = [Piece("removed", old_text), Piece("added", new_text)]
    pieces = tuple(piece for piece in (words(old_text, new_text) if is_prose(field) else whole) if piece.text)
    return FieldChange(field.name, capfirst(str(field.verbose_name)), old, new, pieces)


def _changes(
    model: type[models.Model], old: Data | None, new: Data | None, names: Names, leave_out: Iterable[str] = ()
) -> Iterator[Change]:
    """What differs between two rows, in the order of the model's fields; None is a row that is not there."""
    lists = versioned_lists(model)
    for field in sorted([*versioned_fields(model), *lists]):
        if field.name in leave_out or not field.editable:
            continue
        if field in lists:
            before, after = (row["many"].get(field.name, []) if row else [] for row in (old, new))
            added, removed = (
                tuple(sorted(_name_of(field, key, names) for key in ours if key not in theirs))
                for ours, theirs in ((after, before), (before, after))
            )
            if added or removed:
                yield ListChange(field.name, capfirst(str(field.verbose_name)), added, removed)
        else:
            before, after = (_value(field, row) if row else None for row in (old, new))
            if before != after and not (_is_empty(before) and _is_empty(after)):
                yield _field_change(field, before, after, names)


# Rows


def _parts(name: str, part: type[Part], old: list[Data], new: list[Data], names: Names) -> Iterator[PartChange]:
    """The rows of one relation that differ; those with a kind are told apart by it, in the order of the kinds."""
    pairs = paired(old, new, part)
    movers = {id(after) for _before, after in moved(pairs)}
    kinds = _kinds_of(part)
    rows: dict[object, list[RowChange]] = {kind: [] for kind in kinds or [None]}
    for before, after in pairs:
        if row := _row_change(part, before, after, names, is_moved=id(after) in movers):
            kind = (after or before)["fields"].get(KIND) if kinds else None
            rows.setdefault(kind, []).append(row)
    label = capfirst(str(part._meta.verbose_name_plural))
    for kind, found in rows.items():
        if found:
            yield PartChange(name, str(kinds.get(kind, kind)) if kinds else label, tuple(found))


def _kinds_of(part: type[Part]) -> dict[object, object]:
    """The kinds of its rows with their labels; none where it has no field of that name."""
    found = [field for field in part._meta.concrete_fields if field.name == KIND and field.choices]
    return dict(found[0].flatchoices) if found else {}


def _row_change(
    part: type[Part], before: Data | None, after: Data | None, names: Names, *, is_moved: bool
) -> RowChange | None:
    if before and after:
        changes = tuple(_changes(part, before, after, names, leave_out=[POSITION]))
        places = {"old": before["fields"].get(POSITION), "new": after["fields"].get(POSITION)}
        words_for_move = _("moved from %(old)s to %(new)s") % places if is_moved else ""
        if not changes and not is_moved:
            return None
        return RowChange("changed", heading_of(part, after, names), words_for_move, changes)
    there = after or before
    leave_out = [KIND] if _kinds_of(part) else []  # the heading of the group says it
    changes = tuple(_changes(part, before, after, names, leave_out))
    return RowChange("added" if after else "removed", heading_of(part, there, names), "", changes)


def heading_of(part: type[Part], row: Data, names: Names) -> str:
    """What a row is called: its name, the first words of its text, or what tells it from its neighbours."""
    for name in ("name", "text"):
        if text := row["fields"].get(name):
            return Truncator(text).words(WORDS_IN_HEADING)
    fields = [part._meta.get_field(name) for name in named_by(part)]
    called = [in_words(field, row["fields"].get(field.name), names) for field in fields]
    return ", ".join(called) or capfirst(str(part._meta.verbose_name))
