"""What others read of this app: each kind of row as a dataset, column by column."""

from partnerships.opendata.partners import IDENTIFIERS, OTHER_NAMES, PARTNERS, SUCCESSIONS
from partnerships.opendata.partnerships import AGREEMENTS, MEMBERSHIPS, PARTNERSHIPS, SHARED_PRIORITIES
from partnerships.opendata.places import AREAS, SITES, SOURCES
from partnerships.opendata.strategies import AIMS, PRIORITIES, STRATEGIES, VALUES

DATASETS = (
    PARTNERS,
    OTHER_NAMES,
    IDENTIFIERS,
    SUCCESSIONS,
    PARTNERSHIPS,
    MEMBERSHIPS,
    AGREEMENTS,
    SHARED_PRIORITIES,
    SITES,
    AREAS,
    STRATEGIES,
    VALUES,
    PRIORITIES,
    AIMS,
    SOURCES,
)

__all__ = [
    "AGREEMENTS",
    "AIMS",
    "AREAS",
    "DATASETS",
    "IDENTIFIERS",
    "MEMBERSHIPS",
    "OTHER_NAMES",
    "PARTNERS",
    "PARTNERSHIPS",
    "PRIORITIES",
    "SHARED_PRIORITIES",
    "SITES",
    "SOURCES",
    "STRATEGIES",
    "SUCCESSIONS",
    "VALUES",
]
