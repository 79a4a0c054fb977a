"""Which published records carry which facts, and what their pages have to say."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from trustportal.partial_date import PartialDate
from trustportal.publishing.models import Part, Publishable

PUBLISHABLE = [model for model in apps.get_models() if issubclass(model, Publishable) and not model._meta.proxy]
PARTS = [model for model in apps.get_models() if issubclass(model, Part) and not model._meta.proxy]


def published_records() -> list[Publishable]:
    """All of them, of all kinds."""
    return [record for model in PUBLISHABLE for record in model.objects.published()]


def address_of(record: Publishable) -> str:
    """The address of the page on which a record stands."""
    return record.get_absolute_url().partition("#")[0]


def parts_of(record: Publishable) -> Iterator[Part]:
    """The rows that belong to a record."""
    for part in PARTS:
        if part._meta.get_field(part.record_field).related_model is type(record):
            yield from part.objects.filter(**{part.record_field: record})


def carriers() -> dict[str, list[Publishable]]:
    """For each fact id the published records that carry it, by themselves or in a part."""
    found = defaultdict(list)
    for record in published_records():
        for fact in {fact for row in [record, *parts_of(record)] for fact in row.fact_ids}:
            found[fact].append(record)
    return found


def plain(text: str) -> str:
    """Text as it is compared: without tags, with straight quotation marks, in small letters."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", text, flags=re.S)
    return " ".join(
        html.unescape(text).replace("’", "'").replace("‘", "'").replace("\N{NO-BREAK SPACE}", " ").lower().split()
    )


def words_of(row: models.Model) -> Iterator[str]:
    """What a row says: its texts, dates, figures and labels, and the names of what it points at."""
    for field in row._meta.get_fields():
        if field.many_to_many and not field.auto_created:
            yield from map(str, getattr(row, field.name).all())
        elif field.concrete and (value := getattr(row, field.name)) is not None:
            yield value.words if isinstance(value, PartialDate) else str(value)
            if getattr(field, "choices", None):
                yield str(getattr(row, f"get_{field.name}_display")())
    for name in ("target_in_words", "figure_in_words", "period"):
        yield str(getattr(row, name, ""))


def text_of(record: Publishable) -> str:
    """All that a record and its parts say."""
    lines = [*words_of(record), *(word for part in parts_of(record) for word in words_of(part))]
    if hasattr(record, "sources"):
        lines += [word for source in record.sources.all() for word in words_of(source)]
    return plain("\n".join(lines))
