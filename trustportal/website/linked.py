"""What the pages that gather both apps say in schema.org's words, and the home page, and the pages about the portal."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships import linked as partnerships
from partnerships.linked import organisation_reference, shown
from programmes.linked import figures_of, outcome_reference, programme_reference
from trustportal.networks.models import Node as Tied
from trustportal.networks.models import Work
from trustportal.opendata.dataset import Dataset
from trustportal.opendata.forms import LICENCE, MEDIA_TYPES
from trustportal.opendata.linked import LANGUAGE, Node, download, known, list_of, thing, web_page, whole
from trustportal.website.standing_pages import StandingPage

KINDS_OF_STANDING_PAGE = {"about": "AboutPage", "contact": "ContactPage"}
SVG, GEOJSON, GRAPHML, JSON = "image/svg+xml", "application/geo+json", "application/graphml+xml", "application/json"
CALENDAR = "text/calendar"


def organisation(context: dict[str, Any]) -> list[Node]:
    """The page of a partner, with the programmes in which it plays a part."""
    return partnerships.organisation(context, context["programmes"])


def partnership(context: dict[str, Any]) -> list[Node]:
    """The page of a partnership, with the programmes under it and its figures."""
    return partnerships.partnership(
        context,
        under=known(map(programme_reference, shown(context["programmes"]))),
        measured_by=figures_of(shown(context["lines"])),
    )


def aim(context: dict[str, Any]) -> list[Node]:
    """The page of an aim, with the programmes that serve it and the figures of all that serves it."""
    programmes = known(map(programme_reference, shown(context["programmes"])))
    return partnerships.aim(context, served_by=[*programmes, *figures_of(shown(context["lines"]))])


def home(context: dict[str, Any]) -> list[Node]:
    """The portal as a whole, how it is searched, and its first page with the headline figures."""
    portal = context["portal"]
    found_at = whole(f"{reverse('search')}?q={{words}}")
    site = thing(
        "WebSite",
        whole("/#website"),
        name=portal.name,
        description=portal.purpose,
        url=whole("/"),
        inLanguage=LANGUAGE,
        publisher=organisation_reference(portal.host),
        potentialAction=thing("SearchAction", target=thing("EntryPoint", urlTemplate=found_at))
        | {"query-input": "required name=words"},
    )
    figures = known(outcome_reference(observation.metric) for observation in context["headlines"])
    page = web_page(
        reverse("home"),
        name=portal.name,
        description=portal.purpose,
        dateModified=context["newest"],
        mainEntity={"@id": site["@id"]},
        mentions=figures,
    )
    return [site, page]


def standing_page(name: str, page: StandingPage) -> list[Node]:
    """A page about the portal."""
    said = web_page(
        reverse(name),
        KINDS_OF_STANDING_PAGE.get(name, "WebPage"),
        name=page.title,
        dateModified=page.updated_on,
        lastReviewed=page.last_reviewed_on,
        about={"@id": whole("/#website")},
    )
    return [said]


def search_page(address: str, context: dict[str, Any]) -> list[Node]:
    """What was found on one page of results. Addresses of results begin with a slash."""
    page = context["page"]
    found = [{"url": whole(row.result.address), "name": row.result.title} for row in context["rows"]]
    results = list_of(found, page.start_index(), page.paginator.count) if found else None
    return [web_page(address, "SearchResultsPage", name=_("Search"), mainEntity=results)]


def about_start(start: Tied | Work) -> Node:
    """Round which partner, partnership or programme a network is."""
    return {"@id": f"{whole(start.address)}#{start.sort if isinstance(start, Work) else 'organisation'}"}


def picture_page(
    address: str, name: object, sentence: object, files: Iterable[tuple[str, str]], about: Node | None = None
) -> list[Node]:
    """A page with a map, a network or a timeline: what it shows, of what, and the files with the same."""
    encodings = [download(path, kind) for path, kind in files]
    return [web_page(address, name=name, description=sentence, encoding=encodings, about=about)]


def dataset_thing(dataset: Dataset, changed_at: datetime.datetime | None) -> Node:
    """A dataset with its files."""
    address = reverse("dataset", args=[dataset.name])
    return thing(
        "Dataset",
        f"{whole(address)}#dataset",
        name=dataset.title,
        description=dataset.description,
        url=whole(address),
        license=LICENCE,
        isAccessibleForFree=True,
        inLanguage=LANGUAGE,
        dateModified=changed_at,
        variableMeasured=[
            thing("PropertyValue", name=column.name, description=column.description) for column in dataset.columns
        ],
        distribution=[download(f"{dataset.path}.{ending}", MEDIA_TYPES[ending]) for ending in ("csv", "json")],
    )


def data_page(datasets: Iterable[tuple[Dataset, datetime.datetime | None]]) -> list[Node]:
    """The page of all datasets."""
    said = [{"@id": dataset_thing(dataset, changed_at)["@id"]} for dataset, changed_at in datasets]
    catalogue = thing("DataCatalog", whole("/data/#catalogue"), name=_("Data"), license=LICENCE, dataset=said)
    return [web_page(reverse("data"), name=_("Data"), mainEntity={"@id": catalogue["@id"]}), catalogue]


def dataset_page(dataset: Dataset, changed_at: datetime.datetime | None) -> list[Node]:
    """The dictionary of a dataset."""
    said = dataset_thing(dataset, changed_at) | {"includedInDataCatalog": {"@id": whole("/data/#catalogue")}}
    page = web_page(reverse("dataset", args=[dataset.name]), name=dataset.title, mainEntity={"@id": said["@id"]})
    return [page, said]
