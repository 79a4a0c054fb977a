"""What can be asked of a list: parameters that say what they mean and what to write, and the ways to narrow."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import GenericAlias
from typing import Annotated, Any, TypeAlias

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, BeforeValidator, Field, create_model

from trustportal.opendata.api import MOST, MOST_VALUES, USUAL
from trustportal.opendata.api.problems import ProblemError, nearest
from trustportal.opendata.dataset import Words

Question: TypeAlias = Mapping[str, Any]  # what was asked, by name; what was not asked is left out
CURSORS = r"^[A-Za-z0-9_-]{32}$"
TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(\.\d+)?([Zz]|[+ -]\d\d:\d\d)")
FIRST = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)  # nothing here is older
LAST = datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Parameter:
    """One thing that can be asked. `form` is what pydantic reads one value as; `hint` says what to write."""

    name: str
    form: Any
    description: Words
    hint: Words
    example: str
    has_many: bool = False  # whether it can be given several times

    @property
    def key(self) -> str:
        """Its name in Python."""
        return self.name.replace("-", "_")


@dataclass(frozen=True)
class Narrowing:
    """A way to leave records out. `word` takes records and the question, once any of its parameters is asked."""

    parameters: tuple[Parameter, ...]
    word: Callable[[QuerySet, Question], QuerySet]

    def of(self, records: QuerySet, question: Question) -> QuerySet:
        """The records that it leaves."""
        return self.word(records, question) if any(one.name in question for one in self.parameters) else records


def read_time(text: object) -> object:
    """A time as RFC 3339 writes it, in the range in which anything can have changed. Raises ValueError."""
    found = TIME.fullmatch(str(text))
    if found is None:
        raise ValueError(text)
    day, minute, second, _fraction, zone = found.groups()
    # A "+" that was not written as %2B arrives as a space; a leap second counts as the one before it.
    zone = "+00:00" if zone in "Zz" else zone.replace(" ", "+")
    time = datetime.datetime.fromisoformat(f"{day}T{minute}:{'59' if second == '60' else second}{zone}")
    try:
        return min(max(time.astimezone(datetime.UTC), FIRST), LAST)
    except OverflowError:
        return FIRST if time.year < 1970 else LAST


LIMIT = Parameter(
    "limit",
    Annotated[int, Field(ge=1, le=MOST)],
    _("How many records to give at most, from 1 to 100; 50 without it."),
    _("Write a whole number from 1 to 100."),
    str(USUAL),
)
CURSOR = Parameter(
    "cursor",
    Annotated[str, Field(pattern=CURSORS)],
    _("Where to go on: the `cursor` of the answer before. You need not make one: follow `next`."),
    _("Take it from the answer before, or leave it out to begin anew."),
    "",
)
FIELDS = Parameter(
    "fields",
    Annotated[str, Field(min_length=1)],
    _("Which fields to give, with commas between them. `id` comes always; without this, all come."),
    _("Write names of fields with commas between them."),
    "name",
)
MODIFIED_SINCE = Parameter(
    "modified_since",
    Annotated[datetime.datetime, BeforeValidator(read_time)],
    _(
        "Only what editors changed at this time or later (RFC 3339). What was withdrawn since then comes too, as a "
        "tombstone. Names of other records, counts, and parts that belong to others can change without it."
    ),
    _("Write a time such as 2026-03-02T12:00:00Z."),
    "2026-03-02T12:00:00Z",
)


def question_model(name: str, parameters: Iterable[Parameter]) -> type[BaseModel]:
    """What reads the parameters of a list."""
    fields: dict[str, Any] = {}
    for one in parameters:
        form: Any = GenericAlias(list, (one.form,)) if one.has_many else one.form
        bounds: Any = {"min_length": 1, "max_length": MOST_VALUES} if one.has_many else {}
        example: Any = [one.example] if one.has_many else int(one.example) if one is LIMIT else one.example
        examples = [example] if one.example else None
        about = Field(None, alias=one.name, description=str(one.description), examples=examples, **bounds)
        fields[one.key] = (form | None, about)
    return create_model(name, **fields)


def check_names(query: QueryDict, known: Mapping[str, Parameter]) -> None:
    """Refuse parameters that there are not, naming the nearest, and those that are given twice. Raises ProblemError."""
    for name, values in query.lists():
        shown = name[:50]
        if name not in known:
            near = nearest(name, known)
            advice = _now("Did you mean “%(near)s”?") % {"near": near} if near else ""
            names = _now("There are: %(names)s.") % {"names": ", ".join(known)}
            words = _now("There is no parameter “%(name)s”.") % {"name": shown}
            raise ProblemError(
                400,
                " ".join(filter(None, (words, advice, names))),
                errors=[{"parameter": shown, "detail": advice or names}],
            )
        if len(values) > 1 and not known[name].has_many:
            words = _now("Give it once.")
            raise ProblemError(400, f"{name}: {words}", errors=[{"parameter": name, "detail": words}])


def faults_of(faults: Iterable[tuple[str, str]], known: Mapping[str, Parameter]) -> list[dict[str, str]]:
    """What to write in parameters that could not be read: names, each with the kind of fault that pydantic found."""
    too_many = _now("Give at most %(count)d values.") % {"count": MOST_VALUES}
    # A text that is too long has a kind of its own: "string_too_long".
    said = {name: too_many if kind == "too_long" else str(known[name].hint) for name, kind in faults if name in known}
    return [{"parameter": name, "detail": detail} for name, detail in said.items()]
