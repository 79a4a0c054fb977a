"""What an organisation takes part in, by role: partnerships."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from partnerships.models import Membership, Organisation, Partnership
from trustportal.publishing.models import SHOWN_PER_PAGE, Publishable


@dataclass(frozen=True)
class Involvement:
    """One record in which an organisation has a role; the note and the period are those of the role."""

    record: Publishable
    note: str = ""
    period: str = ""


@dataclass
class InvolvementByRole:
    """All that an organisation takes part in, gathered by role; `total` also counts what is not shown."""

    groups: dict[str, list[Involvement]] = field(default_factory=dict)
    total: int = 0
    shown: int = 0

    def add(self, role: str, involvement: Involvement) -> None:
        """Put one record under a role."""
        self.groups.setdefault(role, []).append(involvement)


def gather(records: Iterable[Publishable], roles_of: object) -> InvolvementByRole:
    """Sort records that carry `total` by the roles that `roles_of(record)` yields as (role, involvement)."""
    by_role = InvolvementByRole()
    for record in records:
        by_role.total = record.total
        by_role.shown += 1
        for role, involvement in roles_of(record):
            by_role.add(role, involvement)
    return by_role


def partnerships_by_role(organisation: Organisation) -> InvolvementByRole:
    """The published partnerships that an organisation leads or belongs to, the latest first. Two queries."""

    def roles_of(partnership: Partnership) -> Iterable[tuple[str, Involvement]]:
        if partnership.lead_id == organisation.pk:
            yield _("Leads"), Involvement(partnership, period=partnership.period)
        for membership in partnership.own_memberships:
            yield _role_of(membership, partnership)

    records = Partnership.objects.published().with_roles_of(organisation)[:SHOWN_PER_PAGE]
    return gather(records, roles_of)


def _role_of(membership: Membership, partnership: Partnership) -> tuple[str, Involvement]:
    period = membership.period or partnership.period
    return membership.get_role_display(), Involvement(partnership, membership.note, period)
