"""The pages about the data: which datasets there are, what each column means, and the files with everything."""

import datetime
import logging
from dataclasses import dataclass

from django.core.cache import cache
from django.core.files import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import condition

from trustportal.opendata import csvw
from trustportal.opendata.citing import FORMS
from trustportal.opendata.dataset import Dataset, Datatype
from trustportal.opendata.exporting import ARCHIVE, DATABASE, LINES, SUMS, MadeFile
from trustportal.opendata.forms import LICENCE, MOST_CHARACTERS, refusal
from trustportal.opendata.freshness import if_new
from trustportal.opendata.linked import document
from trustportal.opendata.openness import open_to_all
from trustportal.opendata.releases import Release, latest, open_data_storage
from trustportal.opendata.writing import METADATA_TYPE, files_of_all, licensed
from trustportal.website import linked
from trustportal.website.datasets import BY_NAME, DATASETS
from trustportal.website.identity import citation_of_dataset
from trustportal.website.models import Portal

log = logging.getLogger(__name__)

A_MINUTE = 60  # seconds
LOOK = "open-data-look"
TYPES_OF_FILES = {
    ARCHIVE: "application/zip",
    DATABASE: "application/vnd.sqlite3",
    LINES: "application/jsonl",
    SUMS: "text/plain; charset=utf-8",
}
WHAT_FILES_ARE = {
    ARCHIVE: gettext_lazy("All tables (CSV) with what describes them"),
    DATABASE: gettext_lazy("All tables as one SQLite database, with keys"),
    SUMS: gettext_lazy("The checksums of all files"),
}
KINDS = {  # what a datatype is called on the page
    Datatype.STRING: gettext_lazy("Text"),
    Datatype.IDENTIFIER: gettext_lazy("Identifier (UUID)"),
    Datatype.ADDRESS: gettext_lazy("Address (URL)"),
    Datatype.WHOLE_NUMBER: gettext_lazy("Whole number"),
    Datatype.NUMBER: gettext_lazy("Number"),
    Datatype.YES_NO: gettext_lazy("true or false"),
    Datatype.DATE: gettext_lazy("Date"),
    Datatype.TIME: gettext_lazy("Date and time"),
    Datatype.PARTIAL_DATE: gettext_lazy("Year, month or day, as far as known"),
}


def dataset_or_404(name: str) -> Dataset:
    """The dataset of a name. Raises Http404."""
    if name not in BY_NAME:
        raise Http404(_("There is no dataset of this name."))
    return BY_NAME[name]


@open_to_all
def dataset_file(request: HttpRequest, name: str, ending: str) -> HttpResponseBase:
    """All of a dataset under an ending; those that a list shows are at the address of the list."""
    if len(request.META["QUERY_STRING"]) > MOST_CHARACTERS:
        return refusal(ending, 400, _("The address is too long."))
    dataset = BY_NAME.get(name)
    if dataset is None:
        return refusal(ending, 404, _("There is no dataset of this name."))
    if dataset.list_page:
        query = request.META["QUERY_STRING"]
        return redirect(f"{dataset.path}.{ending}" + (f"?{query}" if query else ""), permanent=True)
    return files_of_all(dataset)[ending](request)


@open_to_all
def metadata(request: HttpRequest, address: str) -> HttpResponseBase:
    """What describes the table at an address, and with the same query what describes it narrowed."""
    query = request.META["QUERY_STRING"]
    if len(query) > MOST_CHARACTERS:
        return refusal("json", 400, _("The address is too long."))
    dataset = next((one for one in DATASETS if one.path == f"/{address}"), None)
    if dataset is None:
        return refusal("json", 404, _("There is no table at this address."))
    urls = csvw.addresses_from(dataset, DATASETS)
    url = f"{urls[dataset.name]}?{query}" if query else ""
    return JsonResponse(csvw.of_one(dataset, BY_NAME, urls, url), content_type=METADATA_TYPE)


@dataclass(frozen=True)
class Entry:
    """A dataset as the page of data lists it."""

    dataset: Dataset
    count: int
    changed_at: datetime.datetime | None


def entry_of(dataset: Dataset) -> Entry:
    """A dataset with the number of its rows and its last change; counted again after a minute."""
    key = f"open-data-{dataset.name}"
    count, changed_at = cache.get(key) or (None, None)
    if count is None:
        count, changed_at = dataset.records().count(), dataset.newest_change()
        cache.set(key, (count, changed_at), A_MINUTE)
    return Entry(dataset, count, changed_at)


@dataclass(frozen=True)
class Look:
    """What a look at the storage found: the newest files with all data, or that it could not be reached."""

    release: Release | None
    is_reached: bool = True

    def file(self, name: str) -> MadeFile | None:
        """The file of a name."""
        return self.release.index.file(name) if self.release else None


def current() -> Look:
    """A look at the storage within the last minute. Where it could not be reached, the log says why."""
    look = cache.get(LOOK)
    if look is None:
        try:
            look = Look(latest(open_data_storage()))
        except Exception:  # each storage has errors of its own, and no page falls with it
            return unreached()
        cache.set(LOOK, look, A_MINUTE)
    return look


def unreached() -> Look:
    """Log the error that is being handled, and do not try again for a minute."""
    log.exception("The storage of the files with all data cannot be reached.")
    look = Look(None, is_reached=False)
    cache.set(LOOK, look, A_MINUTE)
    return look


def data(request: HttpRequest) -> HttpResponseBase:
    """All datasets, and the files with everything."""
    entries = [entry_of(dataset) for dataset in DATASETS]
    look = current()
    files = look.release.index.files if look.release else ()
    context = {
        "entries": entries,
        "release": look.release,
        "is_reached": look.is_reached,
        "whole": [(file, WHAT_FILES_ARE[file.name]) for file in files if file.name in WHAT_FILES_ARE],
        "lines": [file for file in files if file.name.endswith(LINES)],
        "licence": LICENCE,
        "linked_data": document(linked.data_page((entry.dataset, entry.changed_at) for entry in entries)),
        "updated": max((entry.changed_at for entry in entries if entry.changed_at), default=None),
    }
    return render(request, "website/data.html", context)


def dataset(request: HttpRequest, name: str) -> HttpResponseBase:
    """The dictionary of a dataset: what each column means."""
    found = dataset_or_404(name)
    entry = entry_of(found)
    context = {
        "entry": entry,
        "linked_data": document(linked.dataset_page(found, entry.changed_at)),
        "dataset": found,
        "columns": [(column, KINDS[column.datatype], BY_NAME.get(column.refers_to)) for column in found.columns],
        "licence": LICENCE,
        "files": [(ending, f"{found.path}.{ending}") for ending in ("csv", "json")],
    }
    return render(request, "website/dataset.html", context)


@open_to_all
def dataset_citation(request: HttpRequest, name: str, ending: str) -> HttpResponseBase:
    """How a dataset is cited, for a reference manager. 404 where its last change is not known."""
    found = dataset_or_404(name)
    changed_at = entry_of(found).changed_at
    if changed_at is None:
        raise Http404(_("It is not known when this dataset last changed."))
    form = FORMS[ending]
    citation = citation_of_dataset(found, changed_at, Portal.objects.current())
    response = HttpResponse(form.write(citation), content_type=form.content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.name}.{ending}"'
    return if_new(request, response)


# The files with everything


def _etag(request: HttpRequest, name: str) -> str | None:
    file = current().file(name)
    return f'"{file.sha256}"' if file else None


def _made_at(request: HttpRequest, name: str) -> datetime.datetime | None:
    look = current()
    return look.release.index.made_at if look.release and look.file(name) else None


@open_to_all
@condition(etag_func=_etag, last_modified_func=_made_at)
def whole_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One of the files with all data."""
    for _attempt in range(2):
        look = current()
        release, file = look.release, look.file(name)
        if release is None or file is None:
            break
        try:
            opened = open_data_storage().open(release.path(name))
        except FileNotFoundError:
            cache.delete(LOOK)  # newer ones have taken its place twice within the minute
        except Exception:
            look = unreached()
            break
        else:
            return _download(opened, file, release)
    if look.is_reached:
        return refusal("", 404, _("There is no such file."))
    response = refusal("", 503, _("The files with everything cannot be reached just now. Try again in a minute."))
    response["Retry-After"] = str(A_MINUTE)
    return response


def _download(opened: File, file: MadeFile, release: Release) -> HttpResponseBase:
    """A file, marked as the one that is sent: what a look within the last minute had may be older."""
    media_type = next(kind for ending, kind in TYPES_OF_FILES.items() if file.name.endswith(ending))
    response = FileResponse(opened, content_type=media_type, filename=file.name, as_attachment=file.name != SUMS)
    response["Content-Length"] = file.size
    response["Content-Encoding"] = "identity"  # so that nothing on the way packs it again and takes away its length
    response["ETag"] = f'"{file.sha256}"'
    response["Last-Modified"] = http_date(release.index.made_at.timestamp())
    return licensed(response)
