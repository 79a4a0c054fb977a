"""Who belongs to a partnership, for those who keep a copy: the lead, whom the partnership names, and the members.

That an organisation belongs to a partnership is public where both are; it changes when one of them does.
"""

import datetime
import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from trustportal.constraints import may_overlap
from trustportal.publishing.models import PartQuerySet, State

NAMED = ["uuid", "name", "slug", "state", "modified_at"]  # what must be known of a record to name it in data
WAS_PUBLIC = [State.PUBLISHED, State.WITHDRAWN]


def _ended_before(day: datetime.date, path: str = "") -> Q:
    """What a date rules out to be going on at a day."""
    return ~may_overlap("", f"{path}ended_on", day.isoformat(), "")


class BelongingQuerySet(PartQuerySet):
    """The words for memberships as ties between a partnership and an organisation."""

    def between_public(self) -> Self:
        """Those between a partnership and an organisation that the public may see."""
        return self.with_public().with_public("organisation")

    def between_once_public(self) -> Self:
        """Those between a partnership and an organisation that the public may see, or saw once."""
        return self.filter(partnership__state__in=WAS_PUBLIC, organisation__state__in=WAS_PUBLIC)

    def modified_since(self, at: datetime.datetime) -> Self:
        """Those of which the partnership or the organisation changed at that time or later."""
        return self.filter(Q(partnership__modified_at__gte=at) | Q(organisation__modified_at__gte=at))

    def modified_before(self, at: datetime.datetime) -> Self:
        """All others."""
        return self.filter(partnership__modified_at__lt=at, organisation__modified_at__lt=at)

    def ended(self, day: datetime.date) -> Self:
        """Those that were over before a day, by their own dates or the partnership's."""
        return self.filter(_ended_before(day) | _ended_before(day, "partnership__"))

    def not_ended(self, day: datetime.date) -> Self:
        """All others."""
        return self.filter(~_ended_before(day), ~_ended_before(day, "partnership__"))

    def in_partnership(self, identifier: uuid.UUID | None) -> Self:
        """Those in the partnership of that identifier."""
        return self._with("partnership", identifier)

    def of_organisation(self, identifier: uuid.UUID | None) -> Self:
        """Those of the organisation of that identifier."""
        return self._with("organisation", identifier)

    def _with(self, field: str, identifier: uuid.UUID | None) -> Self:
        found = self._related(field).objects.filter(uuid=identifier)
        return self.filter(**{f"{field}__in": found.values("pk")})

    def for_fhir(self) -> Self:
        """What its FHIR resource needs."""
        own = ["role", "note", "started_on", "ended_on", "uuid", "partnership__ended_on"]
        both = [f"{path}__{name}" for path in ("partnership", "organisation") for name in NAMED]
        return self.select_related("partnership", "organisation").only(*own, *both)


class LedQuerySet(models.QuerySet):
    """The words for partnerships as ties to their leads."""

    def led_by_public(self) -> Self:
        """Public ones whose lead the public may see: each is asked for its lead, see `PartQuerySet`."""
        leads = self.model._meta.get_field("lead").related_model.objects.published()
        return self.published().filter(Exists(leads.filter(pk=OuterRef("lead"))))

    def led_by_once_public(self) -> Self:
        """Those that the public may see, or saw once, with such a lead."""
        return self.ever_published().filter(lead__state__in=WAS_PUBLIC)

    def modified_with_lead_since(self, at: datetime.datetime) -> Self:
        """Those that changed at that time or later, or of which the lead did."""
        return self.filter(Q(modified_at__gte=at) | Q(lead__modified_at__gte=at))

    def modified_with_lead_before(self, at: datetime.datetime) -> Self:
        """All others."""
        return self.filter(modified_at__lt=at, lead__modified_at__lt=at)

    def ended(self, day: datetime.date) -> Self:
        """Those that were over before a day."""
        return self.filter(_ended_before(day))

    def not_ended(self, day: datetime.date) -> Self:
        """All others."""
        return self.filter(~_ended_before(day))

    def for_fhir(self) -> Self:
        """What its FHIR resources need."""
        own = ["summary", "kind", "started_on", "ended_on"]
        named = [f"{path}{name}" for path in ("", "lead__", "part_of__") for name in NAMED]
        return self.select_related("lead", "part_of").only(*own, *named)
