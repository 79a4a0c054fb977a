"""One module an aggregate; import the models from here."""

from programmes.models.buddying import BuddyingArrangement
from programmes.models.figure_file import FigureFile
from programmes.models.local_care_network import Board, BoardMember, LocalCareNetwork
from programmes.models.observation import Correction, Observation
from programmes.models.outcome_metric import OutcomeMetric
from programmes.models.participation import Participation
from programmes.models.programme import Programme
from programmes.models.rebase import Rebase
from programmes.models.satellite_site import Place, SatelliteSite, Service
from programmes.models.statement import (
    Achievement,
    CareModelStep,
    Endorsement,
    Expectation,
    FocusArea,
    Legacy,
    Lesson,
    Milestone,
    Statement,
    Support,
)

__all__ = [
    "Achievement",
    "Board",
    "BoardMember",
    "BuddyingArrangement",
    "CareModelStep",
    "Correction",
    "Endorsement",
    "Expectation",
    "FigureFile",
    "FocusArea",
    "Legacy",
    "Lesson",
    "LocalCareNetwork",
    "Milestone",
    "Observation",
    "OutcomeMetric",
    "Participation",
    "Place",
    "Programme",
    "Rebase",
    "SatelliteSite",
    "Service",
    "Statement",
    "Support",
]
