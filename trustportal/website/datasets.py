"""All datasets of the portal, in the order in which the page of data lists them."""

from dataclasses import replace

from partnerships.opendata import DATASETS as PARTNERSHIPS
from partnerships.opendata import MEMBERSHIPS, SITES
from programmes.opendata import DATASETS as PROGRAMMES
from programmes.opendata import OUTCOMES, PARTICIPATIONS, PLACES
from programmes.opendata import PROGRAMMES as ALL_PROGRAMMES
from trustportal.opendata.dataset import Dataset, Part, by_name

# What a record says of itself in the other app, or from the other end.
ALSO = {
    "partners": (
        Part("memberships", MEMBERSHIPS, "organisation"),
        Part("participations", PARTICIPATIONS, "organisation"),
        Part("sites", SITES, "organisation"),
    ),
    "partnerships": (
        Part("programmes", ALL_PROGRAMMES, "partnership"),
        Part("outcomes", OUTCOMES, "partnership"),
    ),
    "sites": (Part("places", PLACES, "site"),),
}

DATASETS: tuple[Dataset, ...] = tuple(
    replace(dataset, parts=(*dataset.parts, *ALSO.get(dataset.name, ()))) for dataset in (*PARTNERSHIPS, *PROGRAMMES)
)
BY_NAME = by_name(DATASETS)
