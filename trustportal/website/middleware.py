"""Headers that every page carries."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

# Short enough that a published change is seen at once; old pages bridge a fault of the server.
PUBLIC = "public, max-age=15, stale-while-revalidate=30, stale-if-error=86400"
STAFF = "private, no-store"
NOTHING_OF_THE_DEVICE = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def page_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say how long a page may be kept: never where a person is known, shortly otherwise."""

    def add_headers(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = NOTHING_OF_THE_DEVICE
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.path.startswith(reverse("admin:index")) or response.cookies:
            response["Cache-Control"] = STAFF
        elif request.method in {"GET", "HEAD"} and response.status_code in {200, 304}:
            response.setdefault("Cache-Control", PUBLIC)
        return response

    return add_headers


def refuse_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to the character NUL: no browser sends it, no database keeps it, no page can show it."""

    def read(request: HttpRequest) -> HttpResponse:
        for said in (request.GET, request.POST):
            if any("\0" in text for _, texts in said.lists() for text in texts):
                raise BadRequest
        return get_response(request)

    return read
