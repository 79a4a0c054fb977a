"""What says that something went wrong: a page, or below the addresses for programs what these read. The server errors
need no database, session or settings row."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from trustportal.opendata.api import ROOT
from trustportal.opendata.api.answering import open_problem
from trustportal.opendata.fhir.outcome import BASE as FHIR
from trustportal.opendata.fhir.outcome import outcome_response
from trustportal.opendata.forms import NEGOTIATED, refusal
from trustportal.opendata.open_referral import BASE as OPEN_REFERRAL
from trustportal.opendata.open_referral.answering import open_problem as open_referral_problem

RETRY_AFTER = "60"  # seconds
SAID = {
    400: ("invalid", "The request makes no sense."),
    404: ("not-found", "There is nothing at this address."),
    500: ("exception", "Something went wrong here."),
    503: ("transient", "The database does not answer. Try again in a minute."),
}
"""What is wrong by status: FHIR's type of issue, and a sentence."""


def _for_programs(request: HttpRequest, status: int) -> HttpResponse | None:
    """The error in the words of the interface, or in the form of the file, that was asked; None for a page."""
    code, words = SAID[status]
    if request.path_info.startswith(ROOT):
        return open_problem(status)
    if request.path_info.startswith(f"{FHIR}/"):
        return outcome_response(status, code, words)
    if request.path_info.startswith(f"{OPEN_REFERRAL}/"):
        return open_referral_problem(HTTPStatus(status), words)
    ending = request.path_info.rpartition(".")[2]
    if ending in NEGOTIATED:
        response = refusal(ending, status, words)
        response["Access-Control-Allow-Origin"] = "*"
        return response
    return None


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: it was open too long, or came from another site."""
    return render(request, "errors/form_expired.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that makes no sense."""
    return _for_programs(request, 400) or HttpResponse(render_to_string("errors/400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that this person may not see."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    return _for_programs(request, 404) or render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours: 503 where the database does not answer, 500 otherwise."""
    status = 503 if isinstance(sys.exc_info()[1], OperationalError | InterfaceError) else 500
    response = _for_programs(request, status)
    if response is None:
        page = "errors/503.html" if status == 503 else "errors/500.html"
        response = HttpResponse(render_to_string(page), status=status)
    if status == 503:
        response["Retry-After"] = RETRY_AFTER
    return response
