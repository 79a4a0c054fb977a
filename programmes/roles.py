"""What an organisation takes part in, by role: programmes."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from partnerships.models import Organisation
from partnerships.roles import Involvement, InvolvementByRole, gather
from programmes.models import Programme
from trustportal.publishing.models import SHOWN_PER_PAGE


def programmes_by_role(organisation: Organisation) -> InvolvementByRole:
    """The published programmes in which an organisation has a role, the latest first. Two queries."""

    def roles_of(programme: Programme) -> Iterable[tuple[str, Involvement]]:
        whole = Involvement(programme, period=programme.period)
        if programme.lead_id == organisation.pk:
            yield _("Leads"), whole
        buddying = getattr(programme, "buddying_arrangement", None)
        if buddying and buddying.supporting_id == organisation.pk:
            yield _("Supporting trust"), whole
        if buddying and buddying.supported_id == organisation.pk:
            yield _("Supported trust"), whole
        if programme.has_board_seat:
            yield _("Member of the board"), whole
        for part in programme.own_participations:
            yield part.get_role_display(), Involvement(programme, part.note, part.period or programme.period)

    return gather(Programme.objects.published().with_roles_of(organisation)[:SHOWN_PER_PAGE], roles_of)
