"""Open data may be read by the pages of other sites, too. Source: Fetch standard, CORS protocol."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.http.response import HttpResponse

View = Callable[..., HttpResponseBase]
METHODS = "GET, HEAD, OPTIONS"


def open_to_all(view: View) -> View:
    """Let scripts of any site read every answer of a view, errors too; OPTIONS is answered with 204."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response: HttpResponseBase
        if request.method == "OPTIONS":
            response = HttpResponse(status=204, headers={"Allow": METHODS, "Access-Control-Allow-Methods": METHODS})
        else:
            response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return answer
