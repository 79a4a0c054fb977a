"""The page of a draft or a change, in the real template, before the public sees it."""

import copy
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.urls import ResolverMatch, resolve
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from trustportal.publishing import workflow
from trustportal.publishing.models import Publishable


@dataclass(frozen=True)
class Preview:
    """What the page says of itself: whose text it is, and where the band at its top leads."""

    record: Publishable
    words: str
    heading: object = _("Preview: this page is not public")
    back: str = ""  # an address, where there is somewhere to go back to
    form: object = None  # shown under the band, where the reader is asked something
    template: str = ""  # of that form


def _answer_of(found: ResolverMatch, request: HttpRequest) -> HttpResponse:
    try:
        return found.func(request, *found.args, **found.kwargs)
    except Http404:
        return HttpResponseNotFound()


def page_of(request: HttpRequest, record: Publishable, preview: Preview) -> HttpResponse:
    """The page of a record as it would be if it were published now, with a band that says so.

    Never kept by browsers or search engines. Where it cannot stand yet, a page that says why (409).
    """
    try:
        with workflow.as_if_published(record) as page:
            path = urlsplit(page.get_absolute_url()).path
            found = resolve(path)
            inner = copy.copy(request)
            inner.method, inner.path, inner.path_info, inner.resolver_match = "GET", path, path, found
            inner.preview = preview
            response = _answer_of(found, inner)
            if response.status_code >= HTTPStatus.BAD_REQUEST:  # its page hangs on another one that is not public
                faults = " ".join(page.faults_as_a_whole())
                raise workflow.NotReady(faults or _now("Its page cannot be shown as things stand."))
            if hasattr(response, "render"):
                response.render()  # while the database still answers as if it were public
    except (workflow.NotReady, workflow.WrongState) as error:
        context = {"title": _now("The preview cannot be shown"), "words": str(error), "back": preview.back}
        response = render(request, "publishing/no_preview.html", context, status=409)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
