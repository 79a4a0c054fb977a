"""One module an aggregate; import the models from here."""

from partnerships.models.agreement import Agreement, PartnershipPriority
from partnerships.models.confirmation import Confirmation
from partnerships.models.identity import OrganisationIdentifier, OrganisationName
from partnerships.models.organisation import Organisation, Role, network_key
from partnerships.models.partnership import Membership, Partnership
from partnerships.models.place import Area, ServingQuerySet, Site
from partnerships.models.remit import Remit
from partnerships.models.role import PartnerQuerySet
from partnerships.models.source import CitedPart, CitedRecord, CitedRecordQuerySet, Source
from partnerships.models.strategy import Aim, Priority, Strategy, StrategyValue
from partnerships.models.succession import Succession

__all__ = [
    "Agreement",
    "Aim",
    "Area",
    "CitedPart",
    "CitedRecord",
    "CitedRecordQuerySet",
    "Confirmation",
    "Membership",
    "Organisation",
    "OrganisationIdentifier",
    "OrganisationName",
    "PartnerQuerySet",
    "Partnership",
    "PartnershipPriority",
    "Priority",
    "Remit",
    "Role",
    "ServingQuerySet",
    "Site",
    "Source",
    "Strategy",
    "StrategyValue",
    "Succession",
    "network_key",
]
