"""What others read about the facts that programmes of one kind alone have."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from partnerships.opendata.columns import ID, NOTE, SOURCE, reference
from programmes.models import BoardMember, BuddyingArrangement, LocalCareNetwork, SatelliteSite
from trustportal.opendata.dataset import Column, Dataset, Datatype

PROGRAMME = reference("programme", _("The programme."), "Borough dialysis", "programmes", is_required=True)


def of_board(name: str) -> Callable[[LocalCareNetwork], str]:
    """A fact of the board of a local care network; "" where there is none."""
    return lambda row: getattr(getattr(row.programme, "board", None), name, "")


LOCAL_CARE_NETWORKS = Dataset(
    "local-care-networks",
    _("Local care networks"),
    _("The facts that these programmes have besides: whom they serve, why they were set up, who decides."),
    lambda: LocalCareNetwork.objects.with_public(),
    (
        ID,
        *PROGRAMME,
        Column("people_served", "people_served", _("Whom it serves."), "people with long-term conditions"),
        Column("reason", "reason", _("Why it was set up, in Markdown."), "People told the same story **again**."),
        Column("care_model", "care_model_name", _("What its care model is called."), "Coordinated care"),
        Column("board", of_board("name"), _("What its board is called."), "LCN Board"),
        Column("remit_of_board", of_board("remit"), _("What the board decides."), "It agrees the plan."),
        *SOURCE,
    ),
)

BOARD_MEMBERS = Dataset(
    "board-members",
    _("Boards of local care networks"),
    _("Which partners have a seat on the board of a local care network."),
    lambda: BoardMember.objects.with_public().with_public("organisation"),
    (
        ID,
        *PROGRAMME,
        *reference("partner", _("The member."), "Age UK Lewisham", "partners", "organisation", is_required=True),
        NOTE,
        *SOURCE,
    ),
)

SATELLITE_SITES = Dataset(
    "satellite-sites",
    _("Satellite sites"),
    _("The facts that these programmes have besides: which service comes nearer to people, and where it stands."),
    lambda: SatelliteSite.objects.with_public(),
    (
        ID,
        *PROGRAMME,
        Column("main_service", "main_service", _("The service at its centre."), "Cancer Centre at Guy's"),
        *reference("host_site", _("The site on whose grounds it stands."), "Queen Mary's Hospital", "sites"),
        Column("opened", "opened_on", _("When it opened, as far as it is known."), "2017-05", Datatype.PARTIAL_DATE),
        *SOURCE,
    ),
)

BUDDYING_ARRANGEMENTS = Dataset(
    "buddying-arrangements",
    _("Buddying arrangements"),
    _("The facts that these programmes have besides: which trust supported which, and what led to it."),
    lambda: BuddyingArrangement.objects.with_public(),
    (
        ID,
        *PROGRAMME,
        *reference("supporting", _("The trust that gave support."), "Guy's and St Thomas'", "partners"),
        *reference("supported", _("The trust that had support."), "Medway NHS Foundation Trust", "partners"),
        Column("what_led_to_it", "trigger", _("What led to it."), "The regulator asked for support."),
        *SOURCE,
    ),
)
