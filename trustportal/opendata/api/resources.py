"""A dataset as the interface gives it: page by page, narrowed, and one by one."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from pydantic import BaseModel

from trustportal.opendata.api import MOST_FIELDS, MOST_NESTED, USUAL
from trustportal.opendata.api.cursors import Place, WrongCursorError, cursor_of, place_of
from trustportal.opendata.api.fields import Field, address_of, fields_of, reader
from trustportal.opendata.api.parameters import (
    CURSOR,
    FIELDS,
    LIMIT,
    MODIFIED_SINCE,
    Narrowing,
    Parameter,
    Question,
    question_model,
)
from trustportal.opendata.api.problems import ProblemError, nearest
from trustportal.opendata.api.schemas import camel
from trustportal.opendata.dataset import Dataset, Part


@dataclass(frozen=True)
class Page:
    """Some records of a list, and the place after them where there are more."""

    records: list[dict[str, Any]]
    cursor: str | None


@dataclass(frozen=True)
class Resource:
    """A dataset and the ways in which its list can be narrowed."""

    dataset: Dataset
    narrowings: tuple[Narrowing, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.dataset.name

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields of its rows."""
        return fields_of(self.dataset)

    @cached_property
    def field_names(self) -> list[str]:
        """The names of the fields of its rows."""
        return [*(one.name for one in self.fields), "href"]

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """What can be asked of its list, by name."""
        own = [one for narrowing in self.narrowings for one in narrowing.parameters]
        since = [MODIFIED_SINCE] if self.dataset.is_of_records else []
        return {one.name: one for one in (*own, *since, FIELDS, LIMIT, CURSOR)}

    @cached_property
    def question(self) -> type[BaseModel]:
        """What reads the parameters of its list."""
        return question_model(f"{camel(self.name)}Question", self.parameters.values())

    # Lists

    def page(self, question: Question) -> Page:
        """A page of the list. Takes the same few questions to the database whatever the number of records."""
        limit = question.get("limit", USUAL)
        wanted = self.wanted(question.get("fields", ""), self.field_names)
        keys, tombstones = self._places(question, limit + 1)
        shown, last = keys[:limit], keys[limit - 1 : limit]
        found = {row.pk: row for row in self._rows([key for _place, key in shown if key not in tombstones])}
        read = reader(self.fields, wanted)
        records = []
        for _place, key in shown:
            if key in tombstones:
                records.append(tombstone_of(tombstones[key]))
            elif key in found:  # it may have been withdrawn since the keys were read
                records.append(self._with_address(read(found[key]), found[key], wanted))
        cursor = cursor_of(self.name, last[0][0]) if len(keys) > limit else None
        return Page(records, cursor)

    def _with_address(self, row: dict[str, Any], record: Any, wanted: frozenset[str] | None) -> dict[str, Any]:
        if wanted is None or "href" in wanted:
            row["href"] = address_of(self.name, record.uuid)
        return row

    def _rows(self, keys: list[int]) -> Iterable[Model]:
        return self.dataset.records().filter(pk__in=keys).for_export() if keys else []

    def _places(self, question: Question, most: int) -> tuple[list[tuple[Place, int]], dict[int, Model]]:
        """Where the next rows stand, with their keys; and those of them that are tombstones, by key."""
        records = self.dataset.records()
        for narrowing in self.narrowings:
            records = narrowing.of(records, question)
        after = self._place(question.get("cursor", ""))
        if not self.dataset.is_of_records:
            rows = records if after is None else records.filter(uuid__gt=after)
            return list(rows.order_by("uuid").values_list("uuid", "pk")[:most]), {}
        since = question.get("modified_since")
        there: list[tuple[Any, int]] = [
            ((at, key), key) for at, key in in_order(records, since, after, most).values_list("modified_at", "pk")
        ]
        if since is None:
            return there, {}
        gone = list(in_order(self._withdrawn(), since, after, most))
        both = merge(there, [((row.modified_at, row.pk), row.pk) for row in gone])
        return list(islice(both, most)), {row.pk: row for row in gone}

    def _withdrawn(self) -> Any:
        return self.dataset.records().model.objects.withdrawn()

    def _place(self, cursor: str) -> Any:
        if not cursor:
            return None
        try:
            return place_of(self.name, cursor, is_of_records=self.dataset.is_of_records)
        except WrongCursorError as error:
            raise wrong(CURSOR, _("This is no place in this list."), CURSOR.hint) from error

    def wanted(self, text: str, known: Iterable[str]) -> frozenset[str] | None:
        """The names of fields that were asked for, `id` always; None for all. Raises ProblemError."""
        if not text:
            return None
        known, asked = list(known), [name.strip() for name in text.split(",")]
        if len(asked) > MOST_FIELDS:
            raise wrong(FIELDS, _("Name at most %(count)d.") % {"count": MOST_FIELDS})
        for name in asked:
            if name not in known:
                near = nearest(name, known)
                advice = _("Did you mean “%(near)s”?") % {"near": near} if near else ""
                names = _("There are: %(names)s.") % {"names": ", ".join(known)}
                raise wrong(FIELDS, _("There is no field “%(name)s”.") % {"name": name[:50]}, advice, names)
        return frozenset({"id", *asked})

    # One by one

    @cached_property
    def names_in_record(self) -> list[str]:
        """The names of the fields of a record with its parts."""
        return [*self.field_names, *(part.name for part in self.dataset.parts)]

    def find(self, key: uuid.UUID) -> Any:
        """The record of an identifier, as it is read `for_export()`. Raises ProblemError where there is none."""
        record = self.dataset.records().filter(uuid=key).for_export().first()
        if record is not None:
            return record
        gone = self._withdrawn().filter(uuid=key).first() if self.dataset.is_of_records else None
        raise withdrawn(gone) if gone is not None else ProblemError(404, _("No record here has this id."))

    def record(self, record: Any, fields: str = "") -> dict[str, Any]:
        """A record with its parts, of each at most so many rows. Raises ProblemError."""
        wanted = self.wanted(fields, self.names_in_record)
        row = self._with_address(reader(self.fields, wanted)(record), record, wanted)
        more = {}
        for part in self.dataset.parts:
            if wanted is None or part.name in wanted:
                rows = self._part(part, record)
                row[part.name] = rows[:MOST_NESTED]
                if len(rows) > MOST_NESTED:
                    more[part.name] = f"{address_of(part.dataset.name)}?{self._way_back(part)}={record.uuid}"
        return row | ({"more": more} if more else {})

    @staticmethod
    def _part(part: Part, record: Model) -> list[dict[str, Any]]:
        rows = part.dataset.records().filter(**{part.by: record.pk}).order_by("pk").for_export()
        fields = fields_of(part.dataset)
        read = reader(fields)
        return [read(row) | {"href": address_of(part.dataset.name, row.uuid)} for row in rows[: MOST_NESTED + 1]]

    @staticmethod
    def _way_back(part: Part) -> str:
        """The parameter by which the list of a part is narrowed to those of one record."""
        return next(column.name for column in part.dataset.columns if column.path == part.by)


def in_order(records: Any, since: datetime.datetime | None, after: Any, most: int) -> Any:
    """The next records in the order of change."""
    if since is not None:
        records = records.modified_since(since)
    if after is not None:
        records = records.after_change(*after)
    return records.in_order_of_change()[:most]


def wrong(parameter: Parameter, *words: object) -> ProblemError:
    """What to say where a parameter cannot be used."""
    said = " ".join(str(one) for one in words if one)
    return ProblemError(400, f"{parameter.name}: {said}", errors=[{"parameter": parameter.name, "detail": said}])


def whole_address(address: str) -> str | None:
    """An address that may begin with the slash of this portal, whole; None where there is none."""
    return f"{settings.SITE_URL}{address}" if address.startswith("/") else address or None


def tombstone_of(record: Any) -> dict[str, Any]:
    """What is told of a withdrawn record: no more than its page tells."""
    return {
        "id": str(record.uuid),
        "withdrawn": record.modified_at,
        "modified": record.modified_at,
        "reason": record.withdrawal_reason,
        "see_instead": whole_address(record.see_instead),
    }


def withdrawn(record: Any) -> ProblemError:
    """What is answered where a record was withdrawn."""
    told: Mapping[str, Any] = tombstone_of(record)
    return ProblemError(410, record.withdrawal_reason, **told)
