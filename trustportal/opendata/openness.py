"""Open to the scripts of all other sites: what is public here may be read from anywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from trustportal.opendata.forms import refusal

METHODS = "GET, HEAD, OPTIONS"
READABLE = "ETag, Link, Last-Modified, Content-Disposition"  # headers that the scripts may read
A_DAY = "86400"  # seconds for which a browser need not ask again

View = Callable[..., HttpResponseBase]


def open_to_all(view: View, *, refuses: bool = True) -> View:
    """Let other sites' scripts read what a view answers, its errors too; answer what their browsers ask beforehand.

    Nothing can be changed there: no page with a form is opened thus. Other methods are refused here; without
    `refuses` by the view itself, in a form of its own. Source: Fetch Standard, CORS protocol.
    """

    @csrf_exempt  # nothing is written, so nobody can be made to write it
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            response["Allow"] = response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = request.headers.get("Access-Control-Request-Headers", "*")
            response["Access-Control-Max-Age"] = A_DAY
        elif refuses and request.method not in {"GET", "HEAD"}:
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
