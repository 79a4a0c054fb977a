"""The words for records of which others say no more than what they are called."""

from typing import Self

from django.db import models

SAID = {"uuid", "name", "state"}  # of another record: what identifies it, its name, whether the public may see it


class NamedQuerySet(models.QuerySet):
    """Rows that are named by others, or name others."""

    def for_reference(self) -> Self:
        """No more than is said of them elsewhere."""
        return self.only(*SAID)

    def with_named(self, *keys: str) -> Self:
        """With the records to which these foreign keys lead, and no more of those than is said of them here."""
        unsaid = [
            f"{key}__{field.attname}"
            for key in keys
            for field in self.model._meta.get_field(key).related_model._meta.concrete_fields
            if not field.primary_key and field.name not in SAID
        ]
        return self.select_related(*keys).defer(*unsaid)

    def with_rows(self, **of: models.QuerySet) -> Self:
        """With rows that belong to each record, by the relation that leads to them, in a list called like it: `areas`
        in `its_areas`. For the relation itself Django would make a manager and a queryset for each record."""
        return self.prefetch_related(*(models.Prefetch(name, rows, to_attr=f"its_{name}") for name, rows in of.items()))
