"""Schemathesis asks all that the OpenAPI document allows, and more, and judges the answers by the document."""

import json
import re
from collections.abc import Callable, Iterable
from functools import partial

import hypothesis
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.config import SchemathesisConfig

from trustportal.opendata.api.parameters import CURSORS
from trustportal.website.api.interface import document
from trustportal.website.api.narrowing import DATE

settings = partial(
    hypothesis.settings, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck)
)


def keep_what_can_be_true(case: schemathesis.Case) -> None:
    """Leave out what no document can say: which cursors are from us, and that an end comes after its beginning."""
    cursor = case.query.get("cursor")
    if isinstance(cursor, str) and re.fullmatch(CURSORS, cursor) and cursor not in true_cursors:
        del case.query["cursor"]
    first, last = case.query.get("active-from"), case.query.get("active-to")
    are_dates = all(isinstance(date, str) and re.fullmatch(DATE, date) for date in (first, last))
    if are_dates and last < first[: len(last)]:
        del case.query["active-to"]


def portal(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """The whole portal, which answers uncompressed: the client of the tests cannot unpack."""
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    return application(environ, start_response)


def loaded(mode: str = "all", **phases: object) -> schemathesis.BaseSchema:
    """The document as the interface gives it, and behind it the whole portal."""
    config = SchemathesisConfig.from_dict({"phases": phases, "generation": {"mode": mode}})
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document())), config=config)
    schema.app = portal
    return schema


true_cursors: set[str | None] = set()  # those that answers gave
followed: set[tuple[str, str, bool]] = set()  # what was asked with success: the method, the path, whether to go on
application = get_wsgi_application()
# All lists and records are made by the same code. These have, among them, every kind of parameter.
THOROUGH = [f"/api/v1/{path}" for path in ("", "sites", "memberships", "outcomes/{id}", "sites/by-slug/{slug}")]
thorough = loaded(coverage={"unexpected-methods": ["POST"]}).include(path=THOROUGH)
quick = loaded(coverage={"enabled": False}).exclude(path=THOROUGH)


@thorough.parametrize()
@settings(max_examples=5)
def test_an_address_answers_at_the_bounds_as_the_document_says(open_connection: None, case: schemathesis.Case):
    keep_what_can_be_true(case)
    case.call_and_validate()


@quick.parametrize()
@settings(max_examples=2)
def test_each_address_answers_as_the_document_says(open_connection: None, case: schemathesis.Case):
    keep_what_can_be_true(case)
    case.call_and_validate()


LISTS = "/(partners|memberships)"


class Walk(loaded("positive").include(path_regex=LISTS).as_state_machine()):
    """Goes from answer to answer by the links of the document."""

    def before_call(self, case: schemathesis.Case) -> None:
        """Ask for short pages of what there is: ids that are made up would lead nowhere."""
        keep_what_can_be_true(case)
        if "{" not in case.path:
            kept = {name: value for name, value in case.query.items() if name in {"cursor", "fields"}}
            case.query = {**kept, "limit": 3}

    def after_call(self, response: schemathesis.Response, case: schemathesis.Case) -> None:
        """Note which cursors are from us."""
        if response.status_code == 200:
            true_cursors.add(response.json().get("cursor"))
            followed.add((case.method, case.path, bool(case.query.get("cursor"))))


def test_the_links_of_the_document_lead_from_answer_to_answer(open_connection: None):
    run_state_machine_as_test(Walk, settings=settings(max_examples=10, stateful_step_count=6))
    # Which lists it comes to is chance; all are made by the same code.
    assert any(goes_on for _method, _path, goes_on in followed)
    assert any(path.endswith("/{id}") for _method, path, _goes_on in followed)
