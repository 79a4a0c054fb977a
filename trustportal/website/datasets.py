"""All datasets of the portal, in the order in which the page of data lists them."""

from dataclasses import replace

from partnerships.opendata import DATASETS as PARTNERSHIPS
from partnerships.opendata import MEMBERSHIPS
from programmes.opendata import DATASETS as PROGRAMMES
from programmes.opendata import PARTICIPATIONS
from trustportal.opendata.dataset import Dataset, Part, by_name

# What a record says of itself in the other app, or from the other end.
ALSO = {
    "partners": (
        Part("memberships", MEMBERSHIPS, "organisation"),
        Part("participations", PARTICIPATIONS, "organisation"),
    ),
}

DATASETS: tuple[Dataset, ...] = tuple(
    replace(dataset, parts=(*dataset.parts, *ALSO.get(dataset.name, ()))) for dataset in (*PARTNERSHIPS, *PROGRAMMES)
)
BY_NAME = by_name(DATASETS)
