"""The pages that say that something went wrong. The server errors need no database, session or settings row."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from trustportal.opendata.api import ROOT
from trustportal.opendata.api.answering import open_problem
from trustportal.opendata.fhir.outcome import BASE as FHIR
from trustportal.opendata.fhir.outcome import outcome_response

RETRY_AFTER = "60"  # seconds


def _asks_in_fhir(request: HttpRequest) -> bool:
    """Whether what asks reads FHIR and no pages."""
    return request.path_info.startswith(f"{FHIR}/")


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: it was open too long, or came from another site."""
    return render(request, "errors/form_expired.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that makes no sense."""
    if request.path.startswith(ROOT):
        return open_problem(400)
    if _asks_in_fhir(request):
        return outcome_response(400, "invalid", "The request makes no sense.")
    return HttpResponse(render_to_string("errors/400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that this person may not see."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours: 503 where the database does not answer, 500 otherwise."""
    is_database = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    if request.path.startswith(ROOT):
        return open_problem(503 if is_database else 500)
    if _asks_in_fhir(request):
        return (
            outcome_response(503, "transient", "The database does not answer. Try again in a minute.")
            if is_database
            else outcome_response(500, "exception", "Something went wrong here.")
        )
    if is_database:
        return HttpResponse(render_to_string("errors/503.html"), status=503, headers={"Retry-After": RETRY_AFTER})
    return HttpResponse(render_to_string("errors/500.html"), status=500)
