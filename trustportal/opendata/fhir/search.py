"""A search as it was asked: read from the address, refused where it makes no sense, and written back as it was used."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest

from trustportal.opendata.fhir.elements import address_of
from trustportal.opendata.fhir.kinds import Holding, Kind, Parameter
from trustportal.opendata.fhir.outcome import Refused
from trustportal.opendata.fhir.values import Moment, Token, Words, read_id, read_reference, separated, unescaped

LONGEST = 4000  # characters of a query
MOST = 100  # resources on a page
USUAL = 50
MOST_VALUES = 20  # in one search, besides ids
MOST_TEXTS = 5  # of these: each has to be compared with every name
HOW = {"after": "_after", "before": "_before"}
SUMMARIES = {"count", "false"}
TOTALS = {"none", "estimate", "accurate"}
READ_ELSEWHERE = {"_format"}


@dataclass(frozen=True)
class Criterion:
    """One parameter as it was used: any of its values will do."""

    parameter: Parameter
    modifier: str
    text: str
    values: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The name as it stands in the address."""
        return f"{self.parameter.name}:{self.modifier}" if self.modifier else self.parameter.name

    def among(self, rows: QuerySet, holding: Holding) -> QuerySet:
        """Those rows of a holding that it leaves."""
        every = rows.model._default_manager.all()
        if self.parameter.name == "_id":
            return rows.filter(uuid__in=[value for value in self.values if value])
        if self.parameter.name == "_lastUpdated":
            narrow = holding.changed
        elif (narrow := holding.narrow.get(self.parameter.name)) is None:  # type: ignore[assignment]
            return rows.none()
        return rows & reduce(or_, [narrow(every, value) for value in self.values])


@dataclass(frozen=True)
class Search:
    """What was asked of a kind of resource. `after` and `before` are ids: where the page begins or ends."""

    kind: Kind
    criteria: tuple[Criterion, ...] = ()
    count: int = USUAL
    only_count: bool = False
    with_total: bool = True
    after: str = ""
    before: str = ""

    def among(self, holding: Holding) -> QuerySet:
        """The rows of a holding that were asked for."""
        rows = holding.public()
        for criterion in self.criteria:
            rows = criterion.among(rows, holding)
        return rows

    def from_there(self, after: str = "", before: str = "") -> "Search":
        """The same search on another page: after an id, before one, or the first."""
        return replace(self, after=after, before=before)

    @property
    def address(self) -> str:
        """Where this very page is, with what was used of the question."""
        said = [(criterion.name, criterion.text) for criterion in self.criteria]
        said += [("_summary", "count")] if self.only_count else [("_count", str(self.count))]
        said += [] if self.with_total else [("_total", "none")]
        said += [(name, getattr(self, field)) for field, name in HOW.items() if getattr(self, field)]
        return f"{address_of(self.kind.name)}?{urlencode(said, safe=':/,')}"


def read_search(request: HttpRequest, kind: Kind) -> Search:
    """The search in a request. What is not known is left out, or refused where the request asks for strictness."""
    is_strict = "handling=strict" in re.split(r"[;,]\s*", request.headers.get("Prefer", "").replace(" ", ""))
    criteria: list[Criterion] = []
    said: dict[str, Any] = {}
    for name, text in ((name, text) for name, texts in request.GET.lists() for text in texts):
        if name in READ_ELSEWHERE or not text.strip():
            continue
        found = _criterion(kind, name, text)
        if found is not None:
            criteria.append(found)
        elif (result := _result(name, text, is_strict)) is not None:
            said |= result
        elif is_strict:
            raise Refused(400, "not-supported", f"“{name}={text}” is not known here; see /fhir/metadata.")
    _refuse_too_much(criteria)
    if said.get("after") and said.get("before"):
        raise Refused(400, "invalid", "A page is after an id or before one, not both.")
    return Search(kind, tuple(criteria), **said)


def _criterion(kind: Kind, name: str, text: str) -> Criterion | None:
    """A parameter and its values; None where the kind is not searched by it."""
    plain, colon, modifier = name.partition(":")
    parameter = kind.searched_by.get(plain)
    if parameter is None:
        return None
    if colon and modifier not in parameter.modifiers:
        raise Refused(400, "not-supported", f"“{plain}” cannot be asked with “:{modifier}”.")
    values = tuple(_value(parameter, modifier, part) for part in separated(text))
    return Criterion(parameter, modifier, text, values) if values else None


def _value(parameter: Parameter, modifier: str, text: str) -> object:
    if parameter.name == "_id":
        return read_id(unescaped(text))
    match parameter.type:
        case "string":
            return Words.read(text, modifier)
        case "token":
            return Token.read(text)
        case "date":
            return Moment.read(text)
        case _:
            return read_reference(text, parameter.of)


def _result(name: str, text: str, is_strict: bool) -> dict[str, Any] | None:
    """What a parameter says of the answer rather than of what is searched; None where it is not known."""
    if name == "_count":
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
            raise Refused(400, "value", f"_count is a whole number, not “{text}”.")
        return {"count": min(int(text), MOST)} if int(text) else {"only_count": True}
    if name == "_summary" and text in SUMMARIES:
        return {"only_count": text == "count"}
    if name == "_total" and text in TOTALS:
        return {"with_total": text != "none"}
    if name in HOW.values():
        if read_id(text) is None:
            raise Refused(400, "value", f"{name} is the id of a resource, not “{text}”.")
        return {name.removeprefix("_"): text}
    return None


def _refuse_too_much(criteria: Iterable[Criterion]) -> None:
    values = [value for criterion in criteria if criterion.parameter.name != "_id" for value in criterion.values]
    texts = [value for value in values if isinstance(value, Words)]
    if len(values) > MOST_VALUES or len(texts) > MOST_TEXTS:
        raise Refused(400, "too-costly", f"A search has at most {MOST_VALUES} values, {MOST_TEXTS} of them texts.")
