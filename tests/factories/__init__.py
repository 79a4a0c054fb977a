"""Ordinary things for tests. Situations are traits; what is published was published by the workflow."""

from tests.factories.accounts import UserFactory
from tests.factories.confirmation import ConfirmationFactory
from tests.factories.feedback import PageFeedbackFactory
from tests.factories.organisation import (
    OrganisationFactory,
    OrganisationIdentifierFactory,
    OrganisationNameFactory,
    SuccessionFactory,
)
from tests.factories.outcome_metric import (
    CorrectionFactory,
    FigureFileFactory,
    ObservationFactory,
    OutcomeMetricFactory,
    RebaseFactory,
)
from tests.factories.partnership import (
    AgreementFactory,
    MembershipFactory,
    PartnershipFactory,
    PartnershipPriorityFactory,
)
from tests.factories.place import AreaFactory, PostcodeDistrictFactory, SiteFactory
from tests.factories.portal import PortalFactory
from tests.factories.programme import (
    BoardFactory,
    BoardMemberFactory,
    BuddyingArrangementFactory,
    LocalCareNetworkFactory,
    ParticipationFactory,
    PlaceFactory,
    ProgrammeFactory,
    SatelliteSiteFactory,
    ServiceFactory,
    StatementFactory,
)
from tests.factories.remit import RemitFactory
from tests.factories.search import FailedSearchFactory, SynonymFactory
from tests.factories.source import SourceFactory
from tests.factories.strategy import AimFactory, PriorityFactory, StrategyFactory, StrategyValueFactory

__all__ = [
    "AgreementFactory",
    "AimFactory",
    "AreaFactory",
    "BoardFactory",
    "BoardMemberFactory",
    "BuddyingArrangementFactory",
    "ConfirmationFactory",
    "CorrectionFactory",
    "FailedSearchFactory",
    "FigureFileFactory",
    "LocalCareNetworkFactory",
    "MembershipFactory",
    "ObservationFactory",
    "OrganisationFactory",
    "OrganisationIdentifierFactory",
    "OrganisationNameFactory",
    "OutcomeMetricFactory",
    "PageFeedbackFactory",
    "ParticipationFactory",
    "PartnershipFactory",
    "PartnershipPriorityFactory",
    "PlaceFactory",
    "PortalFactory",
    "PostcodeDistrictFactory",
    "PriorityFactory",
    "ProgrammeFactory",
    "RebaseFactory",
    "RemitFactory",
    "SatelliteSiteFactory",
    "ServiceFactory",
    "SiteFactory",
    "SourceFactory",
    "StatementFactory",
    "StrategyFactory",
    "StrategyValueFactory",
    "SuccessionFactory",
    "SynonymFactory",
    "UserFactory",
]
