"""The words for records in the order in which they changed, for those who read them page by page."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan


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
