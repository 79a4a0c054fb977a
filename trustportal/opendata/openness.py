"""Open to the scripts of all other sites: what is public here may be read from anywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from trustportal.opendata.api import ROOT
from trustportal.opendata.fhir.outcome import BASE as FHIR
from trustportal.opendata.forms import refusal
from trustportal.opendata.open_referral import BASE as OPEN_REFERRAL

METHODS = "GET, HEAD, OPTIONS"
OWN_WORDS = (ROOT, FHIR, OPEN_REFERRAL)  # what says itself, in the form that its readers know, that it is only read
READABLE = "ETag, Link, Last-Modified, Content-Disposition"  # headers that the scripts may read
A_DAY = "86400"  # seconds for which a browser need not ask again

View = Callable[..., HttpResponseBase]


def open_to_all(view: View) -> View:
    """Let other sites' scripts read what a view answers, its errors too; answer what their browsers ask beforehand.

    Nothing can be changed there: no page with a form is opened thus. Source: Fetch Standard, CORS protocol.
    """

    @csrf_exempt  # nothing is written, so nobody can be made to write it
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            response["Allow"] = response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = request.headers.get("Access-Control-Request-Headers", "*")
            response["Access-Control-Max-Age"] = A_DAY
        elif request.method not in {"GET", "HEAD"} and not request.path_info.startswith(OWN_WORDS):
            ending = request.path_info.rpartition(".")[2]
            response = refusal(ending, 405, _("This can be read here, and not changed. Use GET or HEAD."))
            response["Allow"] = METHODS
        else:
            # A page that is not there is an exception until here.
            answer = convert_exception_to_response(lambda asked: view(asked, *args, **kwargs))
            response = answer(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = READABLE
        return response

    return opened
