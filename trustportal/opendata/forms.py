"""The forms in which a page can be had: how each is called, and which one somebody asked for."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import patch_vary_headers

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
MOST_CHARACTERS = 4000  # of a query

MEDIA_TYPES = {  # by the ending of the address
    "csv": "text/csv",
    "json": "application/json",
    "atom": "application/atom+xml",
    "ics": "text/calendar",
    "svg": "image/svg+xml",
    "png": "image/png",
}
NEGOTIATED = ("csv", "json", "atom")  # the rest is asked for by its address


def wanted(request: HttpRequest, endings: Iterable[str]) -> str:
    """The ending of the form that a request prefers to the page, or ""; who asks for nothing of ours has the page.

    Browsers name HTML; many programs say that they take anything, and get what browsers get.
    """
    forms = {MEDIA_TYPES[ending]: ending for ending in NEGOTIATED if ending in endings}
    preferred = request.get_preferred_type(["text/html", *forms])
    return forms.get(preferred or "", "")


def name_forms(response: HttpResponseBase, forms: Iterable[tuple[str, str]]) -> None:
    """Say in the header of a page where its other forms are: pairs of an ending and an address."""
    add_links(response, [(address, "alternate", MEDIA_TYPES[ending]) for ending, address in forms])
    patch_vary_headers(response, ["Accept"])


def add_links(response: HttpResponseBase, links: Iterable[tuple[str, str, str]]) -> None:
    """Add links to a header: address, relation, media type ("" where that goes without saying)."""
    said = [response["Link"]] if response.has_header("Link") else []
    for address, relation, media_type in links:
        said.append(f'<{address}>; rel="{relation}"' + (f'; type="{media_type}"' if media_type else ""))
    if said:
        response["Link"] = ", ".join(said)


def refusal(ending: str, status: int, title: str, **more: object) -> HttpResponse:
    """An answer to what cannot be answered, in the form that was asked: of JSON as RFC 9457 has it, otherwise text."""
    if ending == "json":
        problem = {"type": "about:blank", "title": title, "status": status} | more
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    words = "\n".join(str(one) for one in (title, *more.values()) if one)
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
