"""The addresses of a resource: its list, one record, and the way from the end of a page's address to the record."""

import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Path, Query
from ninja.decorators import decorate_view
from ninja.errors import ValidationError

from trustportal.opendata.api import ROOT
from trustportal.opendata.api.answering import answer_to, in_common, json_answer
from trustportal.opendata.api.fields import address_of
from trustportal.opendata.api.parameters import FIELDS, Parameter, check_names, faults_of, question_model
from trustportal.opendata.api.problems import Problem, ProblemError
from trustportal.opendata.api.resources import Resource
from trustportal.opendata.api.schemas import Models, camel
from trustportal.opendata.forms import LICENCE

# Leads from the end of the address of a page, present or former, to the identifier. Raises ProblemError.
BySlug = Callable[[Resource, str], uuid.UUID]
ANYWHERE = (400, 406, 500, 503)  # what every address can answer instead; 405 belongs to methods that are not described
SOME_ID = "6f1f1c2e-3f0b-4b52-9a51-0d1e2c3b4a59"


def interface(title: str, description: str) -> NinjaAPI:
    """An interface without addresses. Ninja's own page of documentation needs scripts of others, so it stays off."""
    api = NinjaAPI(
        title=title,
        version="1.0.0",
        description=description,
        docs_url=None,
        openapi_url=None,
        urls_namespace="api-v1",
    )
    api.add_exception_handler(Exception, answer_to)
    api.add_exception_handler(ValidationError, not_read)
    return api


def not_read(request: Any, error: Any) -> HttpResponse:
    """The answer where a part of the address could not be read."""
    if any(fault["loc"][0] == "path" for fault in error.errors):
        return answer_to(request, ProblemError(404, _("An id looks like this: %(id)s.") % {"id": SOME_ID}))
    known: Mapping[str, Parameter] = request.parameters
    by_key = {parameter.key: name for name, parameter in known.items()}
    faults = [(by_key.get(str(step), str(step)), fault["type"]) for fault in error.errors for step in fault["loc"]]
    errors = faults_of(faults, known)
    said = " ".join(f"{fault['parameter']}: {fault['detail']}" for fault in errors)
    return answer_to(request, ProblemError(400, said, errors=errors))


def knowing(parameters: Mapping[str, Parameter]) -> Callable[[Callable], Callable]:
    """Refuse parameters that there are not, before those are read that there are."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def check(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.parameters = parameters
            check_names(request.GET, parameters)
            return view(request, *args, **kwargs)

        return check

    return decorate


def problems(*statuses: int) -> dict[Any, Any]:
    """The errors that an address may answer."""
    return dict.fromkeys(sorted(statuses), Problem)


def add_endpoints(api: NinjaAPI, resource: Resource, models: Models, by_slug: BySlug) -> None:
    """Add the addresses of a resource."""
    add_list(api, resource, models)
    add_record(api, resource, models)
    if resource.dataset.is_of_records:
        add_way_by_slug(api, resource, by_slug)


def add_list(api: NinjaAPI, resource: Resource, models: Models) -> None:
    """The list, page by page."""
    form = resource.question

    def view(request: HttpRequest, question: form = Query(...)) -> HttpResponseBase:  # type: ignore[valid-type]  # noqa: B008
        given = {one.name: getattr(question, one.key) for one in resource.parameters.values()}
        page = resource.page({name: value for name, value in given.items() if value is not None})
        address = next_address(request, resource, page.cursor)
        data = {"records": page.records, "next": address, "cursor": page.cursor, "licence": LICENCE}
        return json_answer(request, data, {"next": address} if address else {})

    dataset = resource.dataset
    api.get(
        f"/{resource.name}",
        response={200: models.page, **problems(*ANYWHERE)},
        operation_id=f"list_{resource.name.replace('-', '_')}",
        summary=str(dataset.title),
        description=str(dataset.description),
        tags=[resource.name],
    )(decorate_view(knowing(resource.parameters))(view))


def next_address(request: HttpRequest, resource: Resource, cursor: str | None) -> str | None:
    """The whole address of the next page; None on the last one."""
    if cursor is None:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{address_of(resource.name)}?{query.urlencode()}"


def add_record(api: NinjaAPI, resource: Resource, models: Models) -> None:
    """One record."""
    known = {FIELDS.name: FIELDS}
    form = question_model(f"{camel(resource.name)}FieldsQuestion", known.values())

    def view(
        request: HttpRequest,
        id: uuid.UUID = Path(..., description=_("The id of the record."), examples=[SOME_ID]),  # noqa: A002, B008
        question: form = Query(...),  # type: ignore[valid-type]  # noqa: B008
    ) -> HttpResponseBase:
        record = resource.find(id)
        data = resource.record(record, question.fields or "")  # type: ignore[attr-defined]
        return json_answer(request, data | {"licence": LICENCE}, {"collection": address_of(resource.name)})

    dataset = resource.dataset
    api.get(
        f"/{resource.name}/{{id}}",
        response={200: models.record, **problems(*ANYWHERE, 404, *((410,) if dataset.is_of_records else ()))},
        operation_id=f"read_{resource.name.replace('-', '_')}",
        summary=_("%(title)s: one") % {"title": dataset.title},
        description=_("One, with all that belongs to it."),
        tags=[resource.name],
    )(decorate_view(knowing(known))(view))


def add_way_by_slug(api: NinjaAPI, resource: Resource, by_slug: BySlug) -> None:
    """The way from the end of the address of a page."""

    def view(
        request: HttpRequest,
        slug: str = Path(..., description=_("The end of the address of its page."), examples=["kings-health-partners"]),
    ) -> HttpResponseBase:
        return HttpResponsePermanentRedirect(address_of(resource.name, by_slug(resource, slug)))

    api.get(
        f"/{resource.name}/by-slug/{{slug}}",
        response={301: None, **problems(*ANYWHERE, 404, 410)},
        operation_id=f"find_{resource.name.replace('-', '_')}",
        summary=_("%(title)s: one by the address of its page") % {"title": resource.dataset.title},
        description=_("Leads to the record. Addresses that a page had before lead there too."),
        tags=[resource.name],
    )(decorate_view(knowing({}))(view))


def addresses(api: NinjaAPI) -> list[URLPattern]:
    """The addresses of an interface, each answering as `in_common` says."""
    patterns, _app, _namespace = api.urls
    return [URLPattern(one.pattern, in_common(one.callback), name=one.name) for one in patterns]


@in_common
def nothing_there(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """The answer at all other addresses below the root: without the slash at the end there may be something."""
    if path.endswith("/") and path.strip("/"):
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponsePermanentRedirect(f"{settings.SITE_URL}{ROOT}{path.strip('/')}{query}")
    raise ProblemError(404, _("There is no such address. %(root)s lists those that there are.") % {"root": ROOT})
