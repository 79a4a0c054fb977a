"""Walks the Open Referral UK feed as the standard's validator does, and holds every answer to the standard's schemas.

The schemas and the description of the feed are those of the standard (see the licences beside them); what is walked is
read from that description.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.test import Client
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parent / "opendata" / "open_referral_schemas"
BASE = "/open-referral"
ADDRESSES = json.loads((FOLDER / "openapi.json").read_text())["paths"]
LISTS = [path for path in ADDRESSES if path != "/" and "{id}" not in path]
LARGEST = 100


def retrieve(uri: str) -> Resource:
    """The schema with a public address, from the folder."""
    return Resource.from_contents(json.loads((FOLDER / uri.rpartition("/")[2]).read_text()), DRAFT202012)


@cache
def validator_for(path: str) -> Draft202012Validator:
    """What an address must answer; the path is that of the description, such as "/services/{id}"."""
    answer = ADDRESSES[path]["get"]["responses"]["200"]["content"]["application/json"]
    return Draft202012Validator(
        answer["schema"], registry=Registry(retrieve=retrieve), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def faults_in(path: str, said: object) -> list[str]:
    """Where an answer differs from the schema."""
    return [f"{path} {error.json_path}: {error.message}" for error in validator_for(path).iter_errors(said)]


@dataclass
class Walk:
    """What was seen: the answers by address, the ids by list, the faults."""

    answers: dict[str, object] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that was said."""
        return json.dumps(self.answers, ensure_ascii=False)

    def ask(self, client: Client, path: str, address: str) -> dict:
        """Ask an address; its answer must be open to all and as the schema wants it."""
        response = client.get(BASE + address)
        assert response.status_code == 200, (address, response.content)
        assert response["Access-Control-Allow-Origin"] == "*", address
        assert response["Content-Type"] == "application/json", address
        said = self.answers[address] = response.json()
        self.faults += [f"{address}: {fault}" for fault in faults_in(path, said)]
        self.faults += [f"{address}: {where} is empty" for where in empty_in(said)]
        return said


def empty_in(said: object, where: str = "$") -> Iterator[str]:
    """Where nothing is said, though what is not known is left out; the contents of a list may be empty."""
    if said is None or said == "" or (said == [] and where != "$.contents"):
        yield where
    elif isinstance(said, dict):
        for name, value in said.items():
            yield from empty_in(value, f"{where}.{name}")
    elif isinstance(said, list):
        for value in said:
            yield from empty_in(value, f"{where}[]")


def walk(client: Client, *, per_page: int = LARGEST) -> Walk:
    """Ask for the feed itself, every page of each list, plain and in full, and everything that has an id."""
    seen = Walk()
    seen.ask(client, "/", "/")
    for path in LISTS:
        number, pages = 1, 1
        while number <= pages:
            said = seen.ask(client, path, f"{path}?page={number}&per_page={per_page}")
            pages, is_last = said["total_pages"], number >= said["total_pages"]
            assert (said["page_number"], said["first_page"], said["last_page"]) == (number, number == 1, is_last)
            assert said["size"] == len(said["contents"])
            assert said["empty"] == (not said["contents"])
            seen.ids[path] += [one["id"] for one in said["contents"]]
            number += 1
        assert len(seen.ids[path]) == len(set(seen.ids[path])) == said["total_items"]
        for whole in ("full", "full_service", "minimal"):
            seen.ask(client, path, f"{path}?{whole}=true")
        for key in seen.ids[path]:
            assert seen.ask(client, f"{path}/{{id}}", f"{path}/{key}")["id"] == key
    return seen
