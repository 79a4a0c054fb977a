"""The words for records that changed: in what order, for those who read them page by page, and their addresses."""

import datetime
from collections.abc import Iterable
from typing import Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan

from trustportal.publishing.models.history import FormerSlug


class ChangedQuerySet(models.QuerySet):
    """Records with the time of their last change of any kind."""

    def in_order_of_change(self) -> Self:
        """Those that changed first come first."""
        return self.order_by("modified_at", "pk")

    def after_change(self, at: datetime.datetime, key: int) -> Self:
        """Those that come, in the order of change, after the record of that key with that time.

        Both are compared at once, as the index has them: thousands may have changed at the same time.
        """
        return self.filter(TupleGreaterThan(Tuple(F("modified_at"), F("pk")), (at, key)))

    def slugs_now(self, former: Iterable[str]) -> dict[str, str]:
        """For addresses that some of these records had once, those that they have now. Two queries."""
        kind = ContentType.objects.get_for_model(self.model)
        kept = FormerSlug.objects.filter(content_type=kind, slug__in=list(former)).values_list("slug", "object_id")
        keys = dict(kept)
        slugs = dict(self.filter(pk__in=keys.values()).values_list("pk", "slug")) if keys else {}
        return {slug: slugs[key] for slug, key in keys.items() if key in slugs}
