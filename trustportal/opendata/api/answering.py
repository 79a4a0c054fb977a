"""What all addresses of the interface have in common: methods, errors, open to all, kept copies, licence."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.log import log_response
from django.utils.translation import gettext_lazy as _

from trustportal.opendata.api import ROOT
from trustportal.opendata.api.problems import EXPLAINED_AT, ProblemError, problem
from trustportal.opendata.forms import LICENCE, MOST_CHARACTERS
from trustportal.opendata.openness import METHODS, open_to_all
from trustportal.opendata.writing import for_json

CACHE = "public, max-age=60"
JSON = "application/json"
DESCRIBED_AT = f"{ROOT}openapi.json"

View = Callable[..., HttpResponseBase]


def in_common(view: View) -> View:
    """A view of the interface: it is asked with GET or HEAD, and each of its errors is a problem in JSON."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = refused(request) or asked_with_get(view, request, *args, **kwargs)
        except Exception as error:  # the last resort: whoever asked for JSON gets JSON
            response = answer_to(request, error)
        if response.status_code in {200, 301, 304}:
            response.setdefault("Cache-Control", CACHE)
        patch_vary_headers(response, ["Accept"])
        return response

    return open_to_all(answer, refuses=False)


def asked_with_get(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """The answer to GET, also for HEAD, of which the server leaves out the body."""
    asked, request.method = request.method, "GET"
    try:
        return view(request, *args, **kwargs)
    finally:
        request.method = asked


def refused(request: HttpRequest) -> HttpResponse | None:
    """The answer to what no address of the interface answers."""
    if request.method not in {"GET", "HEAD"}:
        response = problem(405)
        response["Allow"] = METHODS
        return response
    if len(request.META["QUERY_STRING"]) > MOST_CHARACTERS:
        return problem(400, _("The address is too long. Ask for less at once."))
    return None if request.accepts(JSON) else problem(406)


def answer_to(request: HttpRequest, error: Any) -> HttpResponse:
    """The problem that an exception means. A fault of ours is noted."""
    if isinstance(error, ProblemError):
        return problem(error.status, error.detail, **error.more)
    if isinstance(error, Http404):
        return problem(404)
    status = 503 if isinstance(error, OperationalError | InterfaceError) else 500
    response = problem(status)
    log_response("%s: %s", error, request.path, response=response, request=request, exception=error)
    return response


def open_problem(status: int) -> HttpResponse:
    """The answer to what failed before any view was asked, open to all likewise."""
    response = problem(status)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def json_answer(
    request: HttpRequest, data: Mapping[str, Any], links: Mapping[str, str] | None = None
) -> HttpResponseBase:
    """Data as JSON with the mark of its bytes; 304 where whoever asks has it already. `links` are by relation.

    No date goes with it: names of other records and counts change without that of the record.
    """
    body = json.dumps(data, default=for_json, ensure_ascii=False, separators=(",", ":")).encode()
    response = HttpResponse(body, content_type=JSON)
    response["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
    all_links = {**(links or {}), "license": LICENCE, "service-desc": DESCRIBED_AT, "service-doc": EXPLAINED_AT}
    response["Link"] = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in all_links.items())
    response["Cache-Control"] = CACHE
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
