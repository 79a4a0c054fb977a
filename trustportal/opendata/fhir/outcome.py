"""Answers in FHIR's JSON, and what is wrong with a request as an OperationOutcome."""

import json

from django.http import HttpResponse

MEDIA_TYPE = "application/fhir+json; fhirVersion=4.0"
BASE = "/fhir"  # what all addresses of resources begin with


class Refused(Exception):
    """A request that cannot be answered. `code` is one of FHIR's issue types, such as "invalid" or "not-found"."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code, self.words = status, code, words


def in_json(resource: dict[str, object]) -> str:
    """A resource as text."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))


def fhir_response(resource: dict[str, object], status: int = 200) -> HttpResponse:
    """A resource as an answer."""
    return HttpResponse(in_json(resource), status=status, content_type=MEDIA_TYPE)


def outcome_response(status: int, code: str, words: str) -> HttpResponse:
    """Why there is no other answer, as an OperationOutcome. Everybody's scripts may read it, as they may the rest."""
    issue = {"severity": "error", "code": code, "diagnostics": words}
    response = fhir_response({"resourceType": "OperationOutcome", "issue": [issue]}, status)
    response["Access-Control-Allow-Origin"] = "*"
    return response
