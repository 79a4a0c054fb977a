"""The OpenAPI document of the interface: what Ninja says of it, completed by what all addresses have in common."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from ninja import NinjaAPI

from trustportal.opendata.api import MOST_FIELDS, ROOT
from trustportal.opendata.api.problems import KINDS, MEDIA_TYPE, RETRY_AFTER, address_of_problem
from trustportal.opendata.api.resources import Resource
from trustportal.opendata.forms import LICENCE

Document = dict[str, Any]
HEADERS = {
    "ETag": (
        "The mark of exactly these bytes. Send it as `If-None-Match`, and have 304 while they are the same.",
        '"3f2a"',
    ),
    "Link": ("Other addresses: `next` for the next page, `license`, `service-doc`, `service-desc`.", "</data/api/>"),
    "Cache-Control": ("How long the answer may be kept.", "public, max-age=60"),
    "Access-Control-Allow-Origin": ("Scripts of all sites may read it.", "*"),
}
SAID = {
    200: "What was asked.",
    301: "The address of the record, in `Location`.",
    304: "It is still as your copy has it.",
}


def described(api: NinjaAPI, resources: Mapping[str, Resource], contact: Mapping[str, str]) -> Document:
    """The whole document."""
    document: Document = dict(api.get_openapi_schema(path_prefix=ROOT))
    document["info"] |= {
        "summary": "Whom the trust works with, what they do together, where, and what came of it.",
        "license": {"name": "Open Government Licence v3.0", "url": LICENCE},
        "contact": dict(contact),
    }
    document["servers"] = [{"url": settings.SITE_URL}]
    document["externalDocs"] = {"description": "How to use it", "url": f"{settings.SITE_URL}/data/api/"}
    document["tags"] = [
        {"name": name, "description": f"{resource.dataset.title}. {resource.dataset.description}"}
        for name, resource in resources.items()
    ]
    for path, methods in document["paths"].items():
        complete(path, methods["get"], resources)
    schemas = document["components"]["schemas"]
    # Ninja also names what reads the parameters, to which nothing refers.
    document["components"]["schemas"] = {
        name: tidy(schema) for name, schema in schemas.items() if not name.endswith("Question")
    }
    document["components"]["headers"] = {name: header(words, example) for name, (words, example) in HEADERS.items()}
    document["components"]["responses"] = {KINDS[status][0]: answer_of(status) for status in KINDS}
    return document


def header(words: str, example: str) -> Document:
    """What is said of a header."""
    return {"description": words, "schema": {"type": "string"}, "example": example}


def answer_of(status: int) -> Document:
    """What is said of a problem."""
    _name, title, advice = KINDS[status]
    example = {"type": address_of_problem(status), "title": str(title), "status": status, "detail": str(advice)}
    said: Document = {
        "description": f"{title}. {advice}",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
    if status == 503:
        said["headers"] = {"Retry-After": header("Seconds to wait.", RETRY_AFTER)}
    return said


def complete(path: str, operation: Document, resources: Mapping[str, Resource]) -> None:
    """Say of an address what Ninja does not know: headers, 304, the form of errors, where to go from here."""
    [tag] = operation.get("tags") or [""]
    resource = resources.get(tag)
    answers = operation["responses"]
    for status in list(answers):
        if status in KINDS:
            answers[status] = {"$ref": f"#/components/responses/{KINDS[status][0]}"}
        else:
            answers[status]["description"] = SAID[status]
    if 200 in answers:
        answers[200]["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}
        answers[304] = {"description": SAID[304]}
    if 301 in answers:
        answers[301]["headers"] = {"Location": header(SAID[301], f"{settings.SITE_URL}{ROOT}partners/…")}
    if resource and operation["operationId"].startswith("list_"):
        answers[200]["links"] = links_of(resource)
    operation["responses"] = {str(status): answers[status] for status in sorted(answers)}
    for parameter in operation["parameters"]:
        tidy_parameter(parameter, resource, operation["operationId"])


def links_of(resource: Resource) -> Document:
    """Where one can go from a list: to its next page, to its first record, to the parts of that."""
    name = resource.name.replace("-", "_")
    first = "$response.body#/records/0/id"
    return {
        "next": {"operationId": f"list_{name}", "parameters": {"cursor": "$response.body#/cursor"}},
        "first": {"operationId": f"read_{name}", "parameters": {"id": first}},
    }


def tidy_parameter(parameter: Document, resource: Resource | None, operation: str) -> None:
    """Say what a parameter is, without the null that stands for one that is not given."""
    schema = parameter["schema"]
    kinds = [kind for kind in schema.pop("anyOf", []) if kind.get("type") != "null"]
    schema |= kinds[0] if kinds else {}
    for name in ("title", "default", "description", "examples"):
        schema.pop(name, None)
    if parameter["name"] == "fields" and resource:
        names = resource.field_names if operation.startswith("list_") else resource.names_in_record
        parameter |= {"style": "form", "explode": False}
        parameter["schema"] = {"type": "array", "items": {"enum": names}, "minItems": 1, "maxItems": MOST_FIELDS}
        # `id` comes always, so it shows nothing; not every list has a name.
        parameter["examples"] = [["name"] if "name" in names else [next(name for name in names if name != "id")]]
    if examples := parameter.pop("examples", None):
        parameter["example"] = examples[0]


def tidy(schema: Document) -> Document:
    """The same without what says nothing: titles made of names, and null where a field may be left out."""
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
        if field.get("default", "") is None:
            del field["default"]
    return schema


def fields_in(document: Document, name: str) -> Iterator[tuple[str, Document]]:
    """The fields of a schema of the document, by name."""
    yield from document["components"]["schemas"][name]["properties"].items()
