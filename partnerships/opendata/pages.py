"""The pages of lists and of records, each with its other forms: the same address with another ending."""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import URLPattern, path, re_path
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from partnerships.feeds import as_atom
from trustportal.finder.views import FinderView
from trustportal.opendata.api.resources import whole_address
from trustportal.opendata.dataset import Dataset
from trustportal.opendata.forms import add_links, name_forms, refusal, wanted
from trustportal.opendata.openness import open_to_all
from trustportal.opendata.writing import csv_response, json_response, record_response
from trustportal.publishing.views import RecordDetail, address_with_ending, record_behind


class InOtherForms:
    """A page that names its other forms, answers in the one that was asked for, and is open to other sites' scripts.

    What is shown as a preview has no other form.
    """

    files: ClassVar[Mapping[str, Callable]] = {}  # what writes it under another ending

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, open to all. All that it answers at the address of the page depends on what the request accepts."""
        view = open_to_all(super().as_view(**initkwargs))

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            if cls.files and not kwargs.get("ending"):
                patch_vary_headers(response, ["Accept"])  # here, where a page that is not there has become an answer
            return response

        return answer

    def file_path(self, ending: str) -> str:
        """The address of the page with another ending."""
        return f"{self.request.path.removesuffix('/')}.{ending}"

    def dispatch(self, request: HttpRequest, *args: object, ending: str = "", **kwargs: object) -> HttpResponseBase:
        """The page, or another form of it: by its address, or by what the request accepts."""
        if hasattr(request, "preview"):
            return super().dispatch(request, *args, **kwargs)
        asked = ending or wanted(request, self.files)
        response = super().dispatch(request, *args, ending=asked, **kwargs)
        if self.files and not ending and response.status_code == 200:
            name_forms(response, self.forms)
        return response

    @property
    def forms(self) -> list[tuple[str, str]]:
        """The endings of the other forms with their addresses; none of a preview."""
        return [] if hasattr(self.request, "preview") else [(ending, self.file_path(ending)) for ending in self.files]

    def refuse(self, ending: str, status: int, words: str) -> HttpResponse:
        """Say in the form that was asked why there is no answer."""
        return refusal(ending, status, words)


class OpenList(InOtherForms, FinderView):
    """A list of records with its other forms, narrowed alike."""

    def file_path(self, ending: str) -> str:
        """The address of the same list under another ending."""
        return FinderView.file_path(self, ending)


class OpenRecord(InOtherForms, RecordDetail):
    """The page of a record with its other forms."""

    def get(self, request: HttpRequest, slug: str, ending: str = "", **kwargs: object) -> HttpResponseBase:
        """The page, or another form of the record."""
        if ending:
            return self.files[ending](self, slug)
        response = super().get(request, slug, **kwargs)
        _stem, dot, own_ending = request.path.rpartition(".")  # of a file that has a view of its own
        return without_record(self, slug, own_ending) if dot and response.status_code == 410 else response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The addresses of its other forms."""
        return super().get_context_data(**kwargs) | {"files": self.forms}


def addresses_of_record(name: str, view: type[OpenRecord], address: str) -> list[URLPattern]:
    """The addresses of records: "partners/…/" under its name, and "partners/….json" under its name with "-file"."""
    endings = "|".join(view.files)
    return [
        path(f"{address}/<slug:slug>/", view.as_view(), name=name),
        re_path(rf"^{address}/(?P<slug>[-\w]+)\.(?P<ending>{endings})$", view.as_view(), name=f"{name}-file"),
    ]


# Lists


def files_of(dataset: Dataset) -> dict[str, Callable[[FinderView, QuerySet], HttpResponseBase]]:
    """What writes a list of records of a dataset under each ending."""
    return {
        "csv": partial(as_csv, dataset),
        "json": partial(as_json, dataset),
        "atom": as_atom,
    }


def as_csv(dataset: Dataset, view: FinderView, records: QuerySet) -> HttpResponseBase:
    """All records of the list as a table."""
    return csv_response(dataset, records, query=view.question.but("size", "more", "named").query)


def as_json(dataset: Dataset, view: FinderView, records: QuerySet) -> HttpResponseBase:
    """All records of the list as JSON, with what the list is."""
    about = {
        "list": settings.SITE_URL + view.question.address(view.list_path),
        "address": settings.SITE_URL + view.file_path("json"),
        "total": view.finding.total,
        "updated": view.finding.newest,
    }
    return json_response(dataset, records, about)


# Records


def files_of_record(dataset: Dataset) -> dict[str, Callable[[OpenRecord, str], HttpResponseBase]]:
    """What writes one record of a dataset under each ending."""
    return {"json": partial(record_as_json, dataset)}


def record_as_json(dataset: Dataset, view: OpenRecord, slug: str) -> HttpResponseBase:
    """A record with its parts; where there is none, what `without_record` says."""
    record = dataset.records().filter(slug=slug).for_export().first()
    if record is not None:
        response = record_response(dataset, record)
        add_links(response, [(record.get_absolute_url(), "alternate", "text/html")])
        return response
    return without_record(view, slug, "json")


def without_record(view: OpenRecord, slug: str, ending: str) -> HttpResponseBase:
    """Where a record moved, the way there; where it was withdrawn, that it was, in the form of an ending."""
    other = record_behind(view.model, slug)
    if other is None:
        return refusal(ending, 404, _("There is no page at this address."))
    if other.slug != slug:
        return HttpResponsePermanentRedirect(address_with_ending(view.request, slug, other))
    see = whole_address(other.see_instead) or ""
    return refusal(ending, 410, _("This page was withdrawn"), detail=other.withdrawal_reason, see=see)
