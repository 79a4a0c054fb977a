"""What somebody typed into a form that cannot be saved as it was sent, as text to copy."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from trustportal.publishing.editing import prefix_of, rows_for

ROW = re.compile(r"(.+)-(\d{1,4})-(\w+)")  # the list, the row counted from 0, the box
COUNTS = re.compile(r".+-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS")
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "opened_at"})
NOT_TYPED_IN_ROWS = frozenset({"id", "DELETE", "as_opened"})
LONGEST_KEY = 9  # digits: it fits into the column
LETTERS_A_LINE, MOST_LINES = 80, 12


@dataclass(frozen=True)
class TypedBox:
    """One box of a form with what was typed or chosen there."""

    name: str
    label: str
    text: str

    @property
    def lines(self) -> int:
        """How many lines to show it in."""
        wanted = sum(1 + len(line) // LETTERS_A_LINE for line in self.text.splitlines())
        return min(max(wanted, 1), MOST_LINES)


def typed_boxes(request: HttpRequest, model: type[models.Model], lists: Container[str] | None = None) -> list[TypedBox]:
    """What was sent for a record of a model: all boxes that are not empty, or those of the rows of some lists alone.

    Nothing is read but what was sent, and the names of what was chosen, as far as the person may see it.
    """
    known = lists_of(model)
    found = []
    for name in filter(_is_typed, request.POST):
        row = ROW.fullmatch(name)
        prefix = row[1] if row and row[1] in known else ""
        if lists is not None and (not prefix or prefix not in lists):
            continue
        values = [value for value in request.POST.getlist(name) if value.strip()]
        if not values or (prefix and row[3] in {*NOT_TYPED_IN_ROWS, known[prefix][1]}):
            continue
        field = _field(known[prefix][0], row[3]) if prefix else _field(model, name)
        label = _label_in_row(known[prefix][0], field, row) if prefix else _label(field, name)
        found.append((name, label, field, values))
    names = _names(request, ((field, values) for _box, _words, field, values in found))
    return [TypedBox(name, label, _in_words(field, values, names)) for name, label, field, values in found]


def lists_of(model: type[models.Model]) -> dict[str, tuple[type[models.Model], str]]:
    """The lists that a form for a record of a model can have: by prefix, the model of the rows and their key to it."""
    lists = {}
    for relation in model._meta.related_objects:
        accessor = relation.get_accessor_name()
        for rows in apps.get_models():
            if rows._meta.concrete_model is relation.related_model:
                lists[prefix_of(accessor, rows)] = (rows, relation.field.name)
    return lists


def _is_typed(name: str) -> bool:
    """Not what the form sends by itself: its token and counts, its buttons, and the row that new ones are made from."""
    return not (name in NOT_TYPED or name.startswith("_") or "__prefix__" in name or COUNTS.fullmatch(name))


def _field(model: type[models.Model], name: str) -> models.Field | None:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if field.concrete else None


def _label(field: models.Field | None, name: str) -> str:
    return capfirst(str(field.verbose_name)) if field else name


def _label_in_row(rows: type[models.Model], field: models.Field | None, row: re.Match) -> str:
    words = {
        "list": capfirst(str(rows._meta.verbose_name_plural)),
        "row": int(row[2]) + 1,
        "box": _label(field, row[3]),
    }
    return _("%(list)s, row %(row)d, %(box)s") % words


def _names(
    request: HttpRequest, found: Iterable[tuple[models.Field | None, list[str]]]
) -> dict[tuple[type[models.Model], str], str]:
    """What the chosen rows are called, with one query for each model."""
    keys: dict[type[models.Model], set[str]] = {}
    for field, values in found:
        if field and field.is_relation:
            chosen = {value for value in values if value.isdecimal() and len(value) <= LONGEST_KEY}
            keys.setdefault(field.related_model, set()).update(chosen)
    return {
        (model, str(row.pk)): str(row)
        for model, chosen in keys.items()
        if chosen
        for row in rows_for(request, model).filter(pk__in=chosen)
    }


def _in_words(field: models.Field | None, values: list[str], names: dict[tuple[type[models.Model], str], str]) -> str:
    """What stood in a box, as its reader saw it there."""
    if field is None:
        words = values
    elif field.is_relation:
        words = [names.get((field.related_model, value), value) for value in values]
    elif isinstance(field, models.BooleanField):
        words = [_("Yes")]
    else:
        choices = dict(field.flatchoices)
        words = [str(choices.get(value, value)) for value in values]
    return ", ".join(words)
