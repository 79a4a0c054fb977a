"""A list of records in other forms, at the address of its page with another ending."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponseBase

from trustportal.finder.views import FinderView
from trustportal.opendata.dataset import Dataset
from trustportal.opendata.feed import atom_response
from trustportal.opendata.writing import csv_response, json_response


def files_of(dataset: Dataset) -> dict[str, Callable[[FinderView, QuerySet], HttpResponseBase]]:
    """What writes a list of records of a dataset under each ending."""
    return {
        "csv": partial(as_csv, dataset),
        "json": partial(as_json, dataset),
        "atom": as_atom,
    }


def as_csv(dataset: Dataset, view: FinderView, records: QuerySet) -> HttpResponseBase:
    """All records of the list as a table."""
    return csv_response(dataset, records)


def as_json(dataset: Dataset, view: FinderView, records: QuerySet) -> HttpResponseBase:
    """All records of the list as JSON, with what the list is."""
    about = {
        "title": str(dataset.title),
        "list": settings.SITE_URL + view.question.address(view.list_path),
        "address": settings.SITE_URL + view.file_path("json"),
        "total": view.finding.total,
        "updated": view.finding.newest,
    }
    return json_response(dataset, records, about)


def as_atom(view: FinderView, records: QuerySet) -> HttpResponseBase:
    """The newest updates among the records of the list."""
    address = view.question.but("sort", "size", "more", "named").address(view.list_path)
    narrowed = ", ".join(chip.words for chip in view.finding.chips)
    title = f"{view.finder.title}: {narrowed}" if narrowed else str(view.finder.title)
    return atom_response(title, address, view.file_path("atom"), records)
