"""Schemathesis asks all that the OpenAPI document allows, and more, and judges the answers by the document."""

import json
import re
from collections.abc import Callable, Iterable

import hypothesis
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis.stateful import run_state_machine_as_test

from trustportal.opendata.api.parameters import CURSORS
from trustportal.website.api.interface import document

SETTINGS = hypothesis.settings(
    max_examples=6,
    stateful_step_count=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)


def keep_true_cursors(case: schemathesis.Case) -> None:
    """Leave out cursors that were made up as the document allows: no document can say which ones are from us."""
    cursor = case.query.get("cursor")
    if isinstance(cursor, str) and re.fullmatch(CURSORS, cursor) and cursor not in true_cursors:
        del case.query["cursor"]


def portal(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """The whole portal, which answers uncompressed: the client of the tests cannot unpack."""
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    return application(environ, start_response)


def loaded() -> schemathesis.BaseSchema:
    """The document as the interface gives it, and behind it the whole portal."""
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document())))
    schema.app = portal
    return schema


true_cursors: set[str | None] = set()  # those that answers gave
application = get_wsgi_application()
schema = loaded()


@schema.parametrize()
@SETTINGS
def test_each_address_answers_as_the_document_says(content: None, case: schemathesis.Case):
    keep_true_cursors(case)
    case.call_and_validate()


class Walk(schema.as_state_machine()):
    """Goes from answer to answer by the links of the document."""

    def before_call(self, case: schemathesis.Case) -> None:
        """Ask for what there may be."""
        keep_true_cursors(case)

    def after_call(self, response: schemathesis.Response, case: schemathesis.Case) -> None:
        """Note which cursors are from us."""
        if response.status_code == 200:
            true_cursors.add(response.json().get("cursor"))


def test_the_links_of_the_document_lead_from_answer_to_answer(content: None):
    run_state_machine_as_test(Walk, settings=SETTINGS)
    assert true_cursors - {None}
