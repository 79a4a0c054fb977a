"""What describes a table for machines: CSV on the Web. Source: W3C, Metadata Vocabulary for Tabular Data."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any

from trustportal.opendata.dataset import BETWEEN, Column, Dataset, Datatype
from trustportal.opendata.forms import LICENCE
from trustportal.opendata.table import Table

CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
DATATYPES: dict[Datatype, object] = {
    Datatype.STRING: "string",
    Datatype.IDENTIFIER: {"base": "string", "format": "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"},
    Datatype.ADDRESS: "anyURI",
    Datatype.WHOLE_NUMBER: "integer",
    Datatype.NUMBER: "decimal",
    Datatype.YES_NO: {"base": "boolean", "format": "true|false"},
    Datatype.DATE: {"base": "date", "format": "yyyy-MM-dd"},
    Datatype.TIME: "dateTime",
    Datatype.PARTIAL_DATE: {"base": "string", "format": r"\d{4}(-\d\d(-\d\d)?)?"},
}


def described(column: Column, urls: Mapping[str, str]) -> dict[str, object]:
    """One column. Its title is what the first line of the table says."""
    said: dict[str, object] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": in_words(column),
        "datatype": DATATYPES[column.datatype],
        "required": column.is_required,
    }
    if column.codes:
        said["datatype"] = {"base": "string", "format": "|".join(re.escape(code) for code, _label in column.codes)}
    if column.has_many:
        said["separator"] = BETWEEN
    if column.refers_to in urls:
        said["dc:references"] = {"@id": urls[column.refers_to]}
    return said


def in_words(column: Column) -> str:
    """What a column is, with its codes."""
    codes = "; ".join(f"{code}: {label}" for code, label in column.codes)
    return f"{column.description} {codes}." if codes else str(column.description)


def leads(column: Column) -> bool:
    """Whether a column is a foreign key: to CSV on the Web, one that is empty in some rows is none."""
    return bool(column.refers_to) and column.is_required and not column.has_many


def table(dataset: Dataset, url: str, urls: Mapping[str, str], *, has_keys: bool = True) -> dict[str, object]:
    """One table at an address; `urls` are those of all tables, by the names of their datasets."""
    schema: dict[str, object] = {
        "columns": [described(column, urls) for column in dataset.columns],
        "primaryKey": dataset.key,
    }
    keys = [
        {"columnReference": column.name, "reference": {"resource": urls[column.refers_to], "columnReference": "id"}}
        for column in dataset.columns
        if leads(column)
    ]
    if keys and has_keys:
        schema["foreignKeys"] = keys
    return said_of(dataset, url) | {"tableSchema": schema}


def said_of(dataset: Dataset | Table, url: str) -> dict[str, object]:
    """What a table at an address is."""
    return {
        "url": url,
        "dc:title": str(dataset.title),
        "dc:description": str(dataset.description),
        "dc:license": {"@id": LICENCE},
    }


def of_table(shown: Table, url: str) -> dict[str, object]:
    """A table that a page shows. It leads to no others."""
    schema = {"columns": [described(column, {}) for column in shown.columns]}
    return {"@context": CONTEXT, **said_of(shown, url), "tableSchema": schema}


def of_all(datasets: Iterable[Dataset], urls: Mapping[str, str], **about: Any) -> dict[str, object]:
    """All tables together; what else is said of them goes by its name in Dublin Core."""
    said = {f"dc:{name}": value for name, value in about.items()}
    tables = [table(dataset, urls[dataset.name], urls) for dataset in datasets]
    return {"@context": CONTEXT, "dc:license": {"@id": LICENCE}, **said, "tables": tables}


def of_one(
    dataset: Dataset, datasets: Mapping[str, Dataset], urls: Mapping[str, str], url: str = ""
) -> dict[str, object]:
    """One table, and beside it those to which it leads, without what they lead to; `url`: where it has another."""
    url = url or urls[dataset.name]
    needed = dict.fromkeys(column.refers_to for column in dataset.columns if leads(column))
    first = table(dataset, url, urls)
    others = [table(datasets[name], urls[name], urls, has_keys=False) for name in needed]
    return {"@context": CONTEXT, **first} if not others else {"@context": CONTEXT, "tables": [first, *others]}


def addresses_from(dataset: Dataset, datasets: Iterable[Dataset]) -> dict[str, str]:
    """The addresses of the tables of datasets, seen from that of one: "partners.csv", "../partners.csv"."""
    folder = posixpath.dirname(dataset.path)
    return {other.name: posixpath.relpath(f"{other.path}.csv", folder) for other in datasets}
