"""The answers under /fhir/: every one is FHIR's JSON, also where there is nothing to say."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from trustportal.opendata.fhir.bundle import resource_of, searchset
from trustportal.opendata.fhir.capability import capability_statement
from trustportal.opendata.fhir.kinds import Kind
from trustportal.opendata.fhir.outcome import Refused, fhir_response, outcome_response
from trustportal.opendata.fhir.search import LONGEST, read_search
from trustportal.opendata.fhir.values import read_id
from trustportal.opendata.openness import open_to_all

READING = ["GET", "HEAD", "OPTIONS"]
FORMATS = {"json", "text/json", "application/json", "application/fhir+json"}
WILDCARDS = {"*/*", "application/*"}

View = Callable[..., HttpResponse]


def in_fhir(view: View) -> View:
    """Answer to reading alone, in JSON alone, and say in FHIR's words what is wrong."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: object) -> HttpResponse:
        try:
            if request.method not in READING:
                raise Refused(405, "not-supported", f"{request.method} is not answered here: read with GET.")
            if len(request.META.get("QUERY_STRING", "")) > LONGEST:
                raise Refused(400, "too-long", f"A query has at most {LONGEST} characters.")
            _refuse_other_formats(request)
            response = view(request, **kwargs)
        except Refused as refused:
            response = outcome_response(refused.status, refused.code, refused.words)
            if refused.status == 405:
                response["Allow"] = ", ".join(READING)
        patch_vary_headers(response, ["Accept", "Prefer"])
        return response

    return open_to_all(answer, refuses=False)


def _refuse_other_formats(request: HttpRequest) -> None:
    """Raise Refused where only another format or another version of FHIR will do. `_format` comes before the header."""
    asked = request.GET.get("_format", "").strip().replace(" ", "+")  # a plus in an address means a space
    if asked:
        if asked.partition(";")[0].strip("+") not in FORMATS:
            raise Refused(406, "not-supported", f"“{asked}” is not written here: the one format is JSON.")
        return
    for accepted in request.accepted_types:
        kind = f"{accepted.main_type}/{accepted.sub_type}"
        # Django reads the names of what follows the kind in small letters.
        is_ours = kind in FORMATS | WILDCARDS and accepted.params.get("fhirversion", "4.0") in {"4.0", "4.0.1"}
        if is_ours and accepted.quality > 0:
            return
    raise Refused(406, "not-supported", "The one format here is application/fhir+json, of FHIR 4.0.")


@in_fhir
def metadata(request: HttpRequest, kinds: Iterable[Kind]) -> HttpResponse:
    """What the server can do."""
    return fhir_response(capability_statement(kinds))


@in_fhir
def search(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Those resources of a kind that were asked for."""
    return fhir_response(searchset(read_search(request, kind)))


@in_fhir
def read(request: HttpRequest, kind: Kind, identifier: str) -> HttpResponse:
    """One resource; 304 where who asks has this version of it."""
    known = read_id(identifier)
    if known is None:
        raise Refused(404, "not-found", f"There is no {kind.name} with the id {identifier}.")
    resource = resource_of(kind, known)
    response = fhir_response(resource)
    tag = f'W/"{resource["meta"]["versionId"]}"'  # type: ignore[index]
    if {"*", tag, tag.removeprefix("W/")} & set(parse_etags(request.headers.get("If-None-Match", ""))):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = tag
    return response


@in_fhir
def nothing(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """An address that leads nowhere."""
    raise Refused(404, "not-found", f"There is nothing at {request.path}; see /fhir/metadata for what there is.")
