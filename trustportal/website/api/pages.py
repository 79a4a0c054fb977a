"""The pages about the API, made of its OpenAPI document: how to use it, and for each list all that can be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustportal.opendata.api import MOST, MOST_NESTED, USUAL
from trustportal.opendata.api.description import Document, fields_in
from trustportal.opendata.api.fields import address_of
from trustportal.opendata.api.schemas import camel
from trustportal.opendata.forms import LICENCE
from trustportal.website.api.examples import BY_FILE
from trustportal.website.api.interface import BY_NAME, document

FORMS = {  # what values are called on the pages
    "uuid": gettext_lazy("id (UUID)"),
    "uri": gettext_lazy("address (URL)"),
    "date": gettext_lazy("date"),
    "date-time": gettext_lazy("date and time (RFC 3339)"),
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "number": gettext_lazy("number"),
    "boolean": gettext_lazy("true or false"),
    "object": gettext_lazy("object"),
}


@dataclass(frozen=True)
class Line:
    """A parameter or a field as the pages show it."""

    name: str
    words: str
    form: str
    example: object
    codes: tuple[str, ...] = ()
    lists: str = ""  # the list whose rows it holds


@dataclass(frozen=True)
class Operation:
    """An address that can be asked, as the pages show it."""

    path: str
    title: str
    words: str
    parameters: list[Line]
    answers: list[tuple[str, str]]  # status, and what it means


def form_of(schema: Document) -> str:
    """What the values are that a schema describes, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _("another record: id, name, href") if name == "Reference" else _("record")
    if "anyOf" in schema:
        kinds = [form_of(kind) for kind in schema["anyOf"] if kind.get("type") != "null"]
        return _("%(forms)s, or null") % {"forms": ", ".join(kinds)}
    if schema.get("type") == "array":
        return _("list: %(forms)s") % {"forms": form_of(schema["items"])}
    if "enum" in schema:
        return _("one of the codes")
    return str(FORMS.get(schema.get("format", ""), FORMS.get(schema.get("type", ""), FORMS["string"])))


def codes_of(schema: Document) -> tuple[str, ...]:
    """The values from which a schema lets one choose."""
    inner = schema.get("items", schema)
    return tuple(code for code in inner.get("enum", ()) if code)


def parameter_of(said: Document) -> Line:
    """A parameter."""
    schema, example = said["schema"], said.get("example", "")
    shown = ",".join(map(str, example)) if isinstance(example, list) else example
    return Line(said["name"], said.get("description", ""), form_of(schema), shown, codes_of(schema))


def operations_of(name: str) -> Iterator[Operation]:
    """The addresses of a list, in the order of the document."""
    described = document()
    for path, methods in described["paths"].items():
        said = methods["get"]
        if said["tags"] == [name]:
            answers = [(status, answer_in(described, answer)) for status, answer in said["responses"].items()]
            parameters = [parameter_of(one) for one in said["parameters"]]
            yield Operation(path, said["summary"], said.get("description", ""), parameters, answers)


def answer_in(described: Document, answer: Document) -> str:
    """What an answer means."""
    if "$ref" in answer:
        answer = described["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return str(answer["description"])


def fields_of_list(name: str) -> list[Line]:
    """The fields of a record of a list, with its parts."""
    parts = {part.name: part.dataset.name for part in BY_NAME[name].dataset.parts}
    return [
        Line(
            field,
            schema.get("description", ""),
            form_of(schema),
            shown(next(iter(schema.get("examples", [])), "")),
            lists=parts.get(field, ""),
        )
        for field, schema in fields_in(document(), f"{camel(name)}Record")
    ]


def shown(example: Any) -> object:
    """An example as the pages show it: of another record its name."""
    if isinstance(example, list):
        return ", ".join(str(shown(one)) for one in example)
    return example["name"] if isinstance(example, dict) else example


def guide(request: HttpRequest) -> HttpResponse:
    """How to use the API, and all lists."""
    described = document()
    names = ("Index", "Reference", "Tombstone", "Problem")
    shared = [
        (name, described["components"]["schemas"][name].get("description", ""), list(fields_in(described, name)))
        for name in names
    ]
    context = {
        "root": address_of(""),
        "described": described,
        "lists": [(tag["name"], BY_NAME[tag["name"]].dataset) for tag in described["tags"]],
        "problems": [
            (name, answer["description"], answer["content"]["application/problem+json"]["example"]["status"])
            for name, answer in described["components"]["responses"].items()
        ],
        "shared": [
            (name, words, [Line(field, one.get("description", ""), form_of(one), "") for field, one in fields])
            for name, words, fields in shared
        ],
        "examples": {file.partition(".")[0]: example for file, example in BY_FILE.items()},
        "licence": LICENCE,
        "most": MOST,
        "usual": USUAL,
        "most_nested": MOST_NESTED,
    }
    return render(request, "website/api.html", context)


def one_list(request: HttpRequest, name: str) -> HttpResponse:
    """All that can be asked of a list, and each field of its records."""
    if name not in BY_NAME:
        raise Http404(_("There is no list of this name."))
    context = {
        "resource": BY_NAME[name],
        "dataset": BY_NAME[name].dataset,
        "operations": list(operations_of(name)),
        "fields": fields_of_list(name),
    }
    return render(request, "website/api_list.html", context)
