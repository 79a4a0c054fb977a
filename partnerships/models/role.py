"""The words for rows with which an organisation takes part in something: memberships, participations."""

from typing import Self

from trustportal.publishing.models import PartQuerySet


class PartnerQuerySet(PartQuerySet):
    """Rows that say which organisation has which role."""

    def for_page(self) -> Self:
        """Those of published organisations, grouped by role."""
        return self.with_public("organisation").select_related("organisation", "source").in_role_order()

    def for_row(self) -> Self:
        """The same with the names alone."""
        return self.with_public("organisation").with_named("organisation").in_role_order()

    def in_role_order(self) -> Self:
        """By role, A to Z within each."""
        return self.order_by("role", "organisation__name", "pk")
