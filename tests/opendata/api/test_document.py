"""The OpenAPI document is whole, and the pages about the API say all that it says."""

import json
import re
from collections.abc import Iterator

import pytest
from django.urls import reverse

from tests.opendata.api.asking import Asking
from trustportal.opendata.forms import LICENCE
from trustportal.website.api.interface import BY_NAME, document
from trustportal.website.api.pages import fields_of_list, operations_of
from trustportal.website.datasets import DATASETS

METHODS = {"get"}


def references_in(value: object) -> Iterator[str]:
    """All that a part of the document refers to."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references_in(inner)


@pytest.mark.django_db
def test_the_document_says_who_gives_the_data_and_under_which_licence(api: Asking):
    said = api.read("openapi.json")
    assert said["openapi"].startswith("3.1")
    assert said["info"]["license"]["url"] == LICENCE
    assert said["info"]["contact"]["url"].endswith("/contact/")
    assert said == document()  # it survives JSON


@pytest.mark.either_database
def test_every_address_parameter_answer_and_field_is_described():
    said = document()
    for reference in references_in(said):
        found = said
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    operations = [methods["get"] for methods in said["paths"].values() if set(methods) == METHODS]
    assert len(operations) == len(said["paths"]) == 2 + 2 * len(DATASETS) + sum(d.is_of_records for d in DATASETS)
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        assert {"400", "406", "500", "503"} <= set(operation["responses"])
        for parameter in operation["parameters"]:
            assert parameter["description"].endswith("."), parameter
            assert "null" not in str(parameter["schema"]), parameter
            assert "example" in parameter or parameter["name"] == "cursor", parameter
    undescribed = [
        f"{name}.{field}"
        for name, schema in said["components"]["schemas"].items()
        for field, about in schema.get("properties", {}).items()
        if not about.get("description") and name != "Index"
    ]
    assert undescribed == []


@pytest.mark.either_database
def test_every_list_can_be_asked_for_the_fields_that_its_example_names():
    for path, methods in document()["paths"].items():
        for parameter in methods["get"]["parameters"]:
            if parameter["name"] == "fields":
                assert set(parameter["example"]) <= set(parameter["schema"]["items"]["enum"]), path
                assert parameter["example"] != ["id"], path


@pytest.mark.either_database
def test_a_column_that_leads_to_others_is_one_field_with_the_name():
    for dataset in DATASETS:
        for column in dataset.columns:
            assert bool(column.path) == bool(column.refers_to), column.name
        names = {line.name for line in fields_of_list(dataset.name)}
        assert not {name for name in names if name.endswith(("_id", "_ids"))}


@pytest.mark.django_db
def test_the_page_of_each_list_says_all_parameters_and_fields(client):
    for name in BY_NAME:
        page = client.get(reverse("api-list", args=[name])).content.decode()
        for operation in operations_of(name):
            assert operation.path in page
            for parameter in operation.parameters:
                assert f">{parameter.name}</code>" in page
        for line in fields_of_list(name):
            assert f">{line.name}</code>" in page
    assert client.get("/data/api/nothing/").status_code == 404


@pytest.mark.django_db
def test_the_guide_leads_to_all_lists_and_explains_all_problems(client, api: Asking):
    page = client.get(reverse("api")).content.decode()
    for name in BY_NAME:
        assert reverse("api-list", args=[name]) in page
    problem = api.read("partners?limit=0", 400)
    assert f'id="{problem["type"].partition("#")[2]}"' in page
    assert set(re.findall(r'id="([a-z-]+)"', page)) >= set(document()["components"]["responses"])
    assert "can change without it" in page
    assert "Last-Modified" not in page + json.dumps(document())
    assert reverse("api") in client.get(reverse("data")).content.decode()
    assert reverse("api") in client.get("/sitemap.xml").content.decode()
