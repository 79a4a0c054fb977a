"""By what lists of the interface can be narrowed: what the finders know, choices, other records by their ids, words."""

import uuid
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field

from trustportal.finder.facets import Dates, Facet, Finder, Link, LinkedFacet, OwnFacet
from trustportal.finder.finding import LONGEST_WORDS
from trustportal.opendata.api.endpoints import SOME_ID
from trustportal.opendata.api.parameters import Narrowing, Parameter, Question
from trustportal.opendata.api.resources import wrong
from trustportal.opendata.dataset import Column, Dataset
from trustportal.partial_date import PartialDate, Span

# A year, a month or a day that there is. One that there is not in most years is refused later.
LONG = r"(0[13578]|1[02])(-(0[1-9]|[12]\d|3[01]))?"
SHORT = r"(0[469]|11)(-(0[1-9]|[12]\d|30))?"
SHORTEST = r"02(-(0[1-9]|[12]\d))?"
DATE = rf"^[1-9]\d{{3}}(-({LONG}|{SHORT}|{SHORTEST}))?$"
COUNTRY = r"^([A-Z]{2}|not-known)$"
YEAR = r"^([12]\d{3}|not-known)$"


def narrowings_of(dataset: Dataset, finder: Finder | None) -> tuple[Narrowing, ...]:
    """All ways to narrow the list of a dataset: first those of its finder, then those that its columns give."""
    found = [by_facet(facet) for facet in finder.facets] if finder else []
    taken = {parameter.name for narrowing in found for parameter in narrowing.parameters}
    model = dataset.records().model
    for column in dataset.columns:
        narrowing = by_choice(column, model) if column.codes else by_record(column) if column.path else None
        if narrowing and narrowing.parameters[0].name not in taken:
            found.append(narrowing)
    if finder and finder.dates:
        found.append(by_dates(finder.dates))
    if hasattr(dataset.records(), "saying"):
        found.append(BY_WORDS)
    return tuple(found)


def one_of(codes: Iterable[str]) -> Any:
    """One of some codes."""
    return Literal[tuple(codes)]


def among(name: str, codes: Iterable[str], description: object) -> Parameter:
    """The parameter for one or several codes."""
    codes = list(codes)
    shown = ", ".join(codes) if len(codes) < 40 else ", ".join([*codes[:5], "…"])
    hint = _now("Write one of: %(codes)s.") % {"codes": shown}
    return Parameter(name, one_of(codes), str(description), hint, codes[0], has_many=True)


def ids(name: str, description: object) -> Parameter:
    """The parameter for one or several ids."""
    hint = _now("Write the id of a record, such as %(id)s.") % {"id": SOME_ID}
    return Parameter(name, uuid.UUID, str(description), hint, SOME_ID, has_many=True)


def keys_of(model: type[Model], wanted: Iterable[uuid.UUID]) -> list[int]:
    """The keys of those records of some ids that the public may see. One query."""
    return list(model.objects.published().filter(uuid__in=list(wanted)).values_list("pk", flat=True))


def by_facet(facet: Facet) -> Narrowing:
    """As readers narrow the page of the list."""
    if isinstance(facet, LinkedFacet):
        return by_linked_facet(facet)
    assert isinstance(facet, OwnFacet)  # noqa: S101 (there are two sorts)
    if facet.labels is None:
        hint = _("Write a year, or not-known.")
        year = Annotated[str, Field(pattern=YEAR)]
        parameter = Parameter(
            facet.name, year, _now("%(label)s.") % {"label": facet.label}, hint, "2018", has_many=True
        )
    elif facet.name == "country":
        # By its form: of countries there are too many to name all in a description.
        country = Annotated[str, Field(pattern=COUNTRY)]
        hint, says = _("Write a code of ISO 3166-1 such as GB, or not-known."), _now("The country, by ISO 3166-1.")
        parameter = Parameter(facet.name, country, says, hint, "GB", has_many=True)
    else:
        parameter = among(facet.name, facet.labels(), _now("%(label)s.") % {"label": facet.label})

    def word(records: Any, question: Question) -> QuerySet:
        rows = getattr(records, facet.word)() if facet.word else records
        return rows.filter(**{f"{facet.column}__in": question[facet.name]})

    return Narrowing((parameter,), word)


def by_linked_facet(facet: LinkedFacet) -> Narrowing:
    """As readers narrow the page of the list by what a record leads to; records are named by their ids."""
    if facet.model is None:
        assert facet.labels is not None  # noqa: S101 (a facet leads to records, or has labels)
        parameter = among(facet.name, facet.labels(), _now("%(label)s.") % {"label": facet.label})
    else:
        parameter = ids(f"{facet.name}_id", _now("%(label)s, by its id.") % {"label": facet.label})

    def word(records: Any, question: Question) -> QuerySet:
        keys = question[parameter.name]
        return records.leading_to(facet.links, keys if facet.model is None else keys_of(facet.model, keys))

    return Narrowing((parameter,), word)


def by_choice(column: Column, model: type[Model]) -> Narrowing | None:
    """By a column of codes, where it is a field of the model."""
    try:
        model._meta.get_field(str(column.source))
    except FieldDoesNotExist:
        return None
    parameter = among(column.name, [code for code, _label in column.codes if code], column.description)
    return Narrowing(
        (parameter,), lambda records, asked: records.filter(**{f"{column.source}__in": asked[column.name]})
    )


def by_record(column: Column) -> Narrowing:
    """By the ids that a column holds."""
    name = f"{column.name.removesuffix('s')}" if column.has_many else column.name
    parameter = ids(name, _now("By the id of what “%(field)s” names.") % {"field": field_of(column)})

    def word(records: Any, question: Question) -> QuerySet:
        end = records.model
        for step in column.path.split("__"):
            end = end._meta.get_field(step).related_model
        keys = keys_of(end, question[name])
        if hasattr(records, "leading_to"):
            return records.leading_to((Link(column.path),), keys)
        rows = records.model._base_manager.filter(**{f"{column.path}__in": keys})
        return (
            records.filter(pk__in=rows.values("pk"))
            if column.has_many
            else records.filter(**{f"{column.path}__in": keys})
        )

    return Narrowing((parameter,), word)


def field_of(column: Column) -> str:
    """The name of the field that a column of ids is a part of."""
    return column.name.removesuffix("_ids") if column.has_many else column.name.removesuffix("_id")


def by_words(records: Any, question: Question) -> QuerySet:
    """Those whose public text says some words."""
    return records.saying(question["q"])


BY_WORDS = Narrowing(
    (
        Parameter(
            "q",
            Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS)],
            _("Words that the record must have, as in the search of the portal."),
            _("Write at most 200 characters."),
            "dialysis",
        ),
    ),
    by_words,
)


def by_dates(dates: Dates) -> Narrowing:
    """By when something ran. What has no date may have run at any time."""
    form = Annotated[str, Field(pattern=DATE), AfterValidator(PartialDate.parse)]
    hint = _("Write a year, a month or a day: 2018, 2018-05 or 2018-05-12.")
    says = {
        "active": _now("%(label)s at some time in this year, month or day."),
        "active-from": _now("%(label)s at this time or later."),
        "active-to": _now("%(label)s at this time or earlier; not before `active-from`."),
        "as-at": _now("%(label)s on this day."),
    }
    parameters = {
        name: Parameter(name, form, words % {"label": dates.label}, hint, "2018-05") for name, words in says.items()
    }

    def word(records: Any, question: Question) -> QuerySet:
        asked = {name: question[name] for name in parameters if name in question}
        first, last = asked.get("active-from"), asked.get("active-to")
        if first and last and last.latest < first.earliest:
            raise wrong(parameters["active-to"], _("The end is before the beginning. Change one of the two."))
        for name in ("active", "as-at"):
            if name in asked:
                records = dates.word(records, Span.of(asked[name]))
        if first or last:
            records = dates.word(records, Span(first, last))
        return records

    return Narrowing(tuple(parameters.values()), word)
