"""What others read of this app: each kind of row as a dataset, column by column."""

from programmes.opendata.kinds import BOARD_MEMBERS, BUDDYING_ARRANGEMENTS, LOCAL_CARE_NETWORKS, SATELLITE_SITES
from programmes.opendata.outcomes import OBSERVATIONS, OUTCOMES, REBASES
from programmes.opendata.programmes import PARTICIPATIONS, PLACES, PROGRAMMES, SERVICES, STATEMENTS

DATASETS = (
    PROGRAMMES,
    PARTICIPATIONS,
    STATEMENTS,
    PLACES,
    SERVICES,
    LOCAL_CARE_NETWORKS,
    BOARD_MEMBERS,
    SATELLITE_SITES,
    BUDDYING_ARRANGEMENTS,
    OUTCOMES,
    OBSERVATIONS,
    REBASES,
)

__all__ = [
    "BOARD_MEMBERS",
    "BUDDYING_ARRANGEMENTS",
    "DATASETS",
    "LOCAL_CARE_NETWORKS",
    "OBSERVATIONS",
    "OUTCOMES",
    "PARTICIPATIONS",
    "PLACES",
    "PROGRAMMES",
    "REBASES",
    "SATELLITE_SITES",
    "SERVICES",
    "STATEMENTS",
]
