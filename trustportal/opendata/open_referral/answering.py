"""Views of the feed: what they give becomes JSON, what they refuse becomes a problem in JSON. Source: RFC 9457."""

import uuid
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from trustportal.opendata.open_referral.parameters import Parameters, Refused, as_identifier
from trustportal.opendata.openness import METHODS, View, open_to_all


class NotThere(Exception):
    """Nothing public has this id or this address; the message says so."""


def problem(status: HTTPStatus, detail: str) -> JsonResponse:
    """An error that says what is wrong."""
    said = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    return as_json(said, status=status.value, content_type="application/problem+json")


def open_problem(status: HTTPStatus, detail: str) -> JsonResponse:
    """The answer to what failed before any view was asked, open to all likewise."""
    response = problem(status, detail)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def as_json(said: dict[str, Any], **how: Any) -> JsonResponse:
    """JSON in the letters in which people wrote."""
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False}, **how)


def feed(view: Callable[..., dict[str, Any]]) -> View:
    """A view of the feed, which takes the parameters that are asked for and gives what it has to say."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            refusal = problem(HTTPStatus.METHOD_NOT_ALLOWED, _("This feed is there to be read: use GET."))
            refusal["Allow"] = METHODS
            return refusal
        try:
            asked = Parameters(request)
            asked.must_be_one_of("format", "json")
            return as_json(view(asked, **kwargs))
        except Refused as refused:
            return problem(HTTPStatus.BAD_REQUEST, str(refused))
        except NotThere as missing:
            return problem(HTTPStatus.NOT_FOUND, str(missing))

    return open_to_all(answer, refuses=False)


def identified(text: str) -> uuid.UUID:
    """The id in an address. Raises NotThere where it is no UUID, since nothing has such an id."""
    found = as_identifier(text)
    if found is None:
        raise NotThere(_("Nothing here has this id: ids are UUIDs."))
    return found
