"""Answers that are sent again only where something is new. Source: RFC 9110, conditional requests."""

import datetime
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date


def if_new(
    request: HttpRequest, response: HttpResponse, changed_at: datetime.datetime | None = None
) -> HttpResponseBase:
    """The answer, marked by what is in it; 304 without it where whoever asks has it already.

    changed_at is when anything last changed that can show in it, also by being taken away; None where nobody knows.
    """
    etag = f'"{sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    seconds = int(changed_at.timestamp()) if changed_at else None
    if seconds is not None:
        response["Last-Modified"] = http_date(seconds)
    return get_conditional_response(request, etag=etag, last_modified=seconds, response=response)
