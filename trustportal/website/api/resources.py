"""All that the interface gives: the datasets, each with the ways in which the portal's own lists are narrowed."""

import uuid

from partnerships import finders as of_partnerships
from programmes import finders as of_programmes
from trustportal.finder.facets import Finder
from trustportal.opendata.api.problems import ProblemError
from trustportal.opendata.api.resources import Resource, withdrawn
from trustportal.publishing.views import record_behind
from trustportal.website.api.narrowing import narrowings_of
from trustportal.website.datasets import DATASETS

FINDERS: dict[type, Finder] = {
    finder.model: finder
    for finder in (
        of_programmes.PARTNERS,
        of_partnerships.PARTNERSHIPS,
        of_programmes.SITES,
        of_partnerships.SOURCES,
        of_programmes.PROGRAMMES,
        of_programmes.OUTCOMES,
    )
}
RESOURCES = tuple(
    Resource(dataset, narrowings_of(dataset, FINDERS.get(dataset.records().model))) for dataset in DATASETS
)


def by_slug(resource: Resource, slug: str) -> uuid.UUID:
    """The identifier of the record whose page has, or had, an address that ends so. Raises ProblemError."""
    records = resource.dataset.records()
    found = records.filter(slug=slug).values_list("uuid", flat=True).first()
    if found is not None:
        return found
    other = record_behind(records.model, slug)
    if other is None:
        raise ProblemError(404)
    if not other.is_published:
        raise withdrawn(other)
    return other.uuid
