"""What the answers of the interface look like, as pydantic models that are made of datasets."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from types import GenericAlias
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import AnyUrl, BaseModel, ConfigDict, Field, create_model

from trustportal.opendata.api.fields import Field as OfRecord
from trustportal.opendata.api.fields import fields_of, reference
from trustportal.opendata.dataset import Column, Dataset, Datatype

PARTIAL_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
TYPES: dict[Datatype, Any] = {
    Datatype.STRING: str,
    Datatype.IDENTIFIER: uuid.UUID,
    Datatype.ADDRESS: AnyUrl,
    Datatype.WHOLE_NUMBER: int,
    Datatype.NUMBER: float,
    Datatype.YES_NO: bool,
    Datatype.DATE: datetime.date,
    Datatype.TIME: datetime.datetime,
    Datatype.PARTIAL_DATE: Annotated[str, Field(pattern=PARTIAL_DATE)],
}
STRICT = ConfigDict(extra="forbid")  # a field that is not described is a mistake of ours


@dataclass(frozen=True)
class Models:
    """What the answers about a dataset look like."""

    row: type[BaseModel]
    page: type[BaseModel]
    record: type[BaseModel]


class Reference(BaseModel):
    """Another record to which one leads."""

    model_config = STRICT

    id: uuid.UUID | None = Field(description="Its id; null where it has no page on this portal.")
    name: str = Field(description="What it is called, as the record names it.")
    href: AnyUrl | None = Field(description="Its address in this interface; null where it has no page on this portal.")


class Tombstone(BaseModel):
    """What is left of a record that was withdrawn: delete your copy of it."""

    model_config = STRICT

    id: uuid.UUID = Field(description="The id of the record.")
    withdrawn: datetime.datetime = Field(
        description="When it was withdrawn. Records that are there have no such field."
    )
    modified: datetime.datetime = Field(description="The same, so that it stands in the order of changes.")
    reason: str = Field(description="Why, as readers of the page are told.")
    see_instead: AnyUrl | None = Field(description="Where to look instead.")


def camel(name: str) -> str:
    """The name of a dataset as that of a model: "board-members" is BoardMembers."""
    return name.replace("-", " ").title().replace(" ", "")


def example_of(column: Column) -> Any:
    """The example of a column as JSON has it."""
    read: dict[Datatype, Any] = {
        Datatype.WHOLE_NUMBER: int,
        Datatype.NUMBER: float,
        Datatype.YES_NO: lambda text: text == "true",
    }
    value = read.get(column.datatype, str)(column.example)
    return [value] if column.has_many else value


def example_of_field(field: OfRecord) -> Any:
    """The example of a field as JSON has it."""
    if field.key is None:
        return example_of(field.column)
    other = reference(field.key.refers_to, field.key.example, field.column.example)
    return [other] if field.column.has_many else other


def list_of(form: Any) -> Any:
    """A list of something that is known only when the program runs."""
    return GenericAlias(list, (form,))


def type_of(column: Column) -> Any:
    """What the values of a column are: its codes where it has some. Where nothing is known: "" for text, else null."""
    form = TYPES[column.datatype]
    if column.codes:
        codes = [code for code, _label in column.codes]
        form = Literal[tuple(codes if column.is_required or "" in codes else [*codes, ""])]
    if column.has_many:
        return list_of(form)
    is_text = column.datatype is Datatype.STRING
    return form if is_text or column.is_required else form | None


def described(field: OfRecord) -> tuple[Any, Any]:
    """A field for a pydantic model. None is required, as `fields` may leave it out; `id` comes always."""
    column = field.column
    words = [str(column.description)]
    if column.codes:
        words += [_("The codes:"), "; ".join(f"{code} ({label})" for code, label in column.codes if code) + "."]
    form = type_of(column)
    if field.key is not None:
        form = list[Reference] if column.has_many else Reference if column.is_required else Reference | None
    default: Any = ... if column.name == "id" else None
    return form, Field(default, description=" ".join(words), examples=[example_of_field(field)])


def row_model(dataset: Dataset) -> type[BaseModel]:
    """A row of a list."""
    fields: dict[str, Any] = {field.name: described(field) for field in fields_of(dataset)}
    fields["href"] = (AnyUrl, Field(None, description=_("Its address in this interface.")))
    about = f"{dataset.title}. {dataset.description}"
    return create_model(f"{camel(dataset.name)}Row", __config__=STRICT, __doc__=about, **fields)


def page_model(dataset: Dataset, row: type[BaseModel]) -> type[BaseModel]:
    """A page of a list."""
    rows: Any = row | Tombstone if dataset.is_of_records else row
    return create_model(
        f"{camel(dataset.name)}Page",
        __config__=STRICT,
        __doc__=f"A page of {dataset.title}.",
        records=(list_of(rows), Field(description=_("The records of the page, in the order that the list has."))),
        next=(AnyUrl | None, Field(description=_("The address of the next page; null on the last one."))),
        cursor=(str | None, Field(description=_("The place after this page, for those who make their own addresses."))),
        licence=(AnyUrl, Field(description=_("What you may do with it: the Open Government Licence v3.0."))),
    )


def record_model(dataset: Dataset, row: type[BaseModel], rows: dict[str, type[BaseModel]]) -> type[BaseModel]:
    """One record with its parts; `rows` has the rows of all datasets by name."""
    fields: dict[str, Any] = {
        part.name: (
            list_of(rows[part.dataset.name]),
            Field(None, description=f"{part.dataset.title}. {part.dataset.description}"),
        )
        for part in dataset.parts
    }
    if fields:
        words = _("Of parts that have more rows than stand here, where all of them are: an address for each.")
        fields["more"] = (dict[str, AnyUrl], Field(None, description=words))
    words = _("What you may do with it: the Open Government Licence v3.0.")
    return create_model(
        f"{camel(dataset.name)}Record",
        __base__=row,
        __doc__=f"{dataset.title}: one, with all that belongs to it.",
        **fields,
        licence=(AnyUrl, Field(None, description=words)),
    )


def models_of(datasets: Iterable[Dataset]) -> dict[str, Models]:
    """What the answers about each dataset look like, by its name."""
    datasets = list(datasets)
    rows = {dataset.name: row_model(dataset) for dataset in datasets}
    return {
        dataset.name: Models(row, page_model(dataset, row), record_model(dataset, row, rows))
        for dataset in datasets
        for row in [rows[dataset.name]]
    }
