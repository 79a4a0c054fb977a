"""The words with which a list of records is narrowed by what it leads to, by its dates, its names and its text."""

import uuid
from collections.abc import Iterable
from typing import ClassVar, Self

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf, Substr

from trustportal.constraints import may_overlap
from trustportal.finder.facets import NOT_KNOWN, Link
from trustportal.partial_date import Span
from trustportal.publishing.models import PublishableQuerySet, State
from trustportal.search.models import SearchableQuerySet


class FoundQuerySet(SearchableQuerySet, PublishableQuerySet):
    """The words that finders ask of every kind of record."""

    other_names_at: ClassVar[tuple[str, ...]] = ()  # paths of what else a record of the kind is called

    def _leads_to(self, links: Iterable[Link], keys: Iterable[object]) -> Q:
        """The condition that one of these links leads from a record to one of these rows."""
        found = Q()
        for link in links:
            found |= Q(pk__in=self.model._base_manager.filter(**{f"{link.path}__in": keys}, **link.also).values("pk"))
        return found

    def leading_to(self, links: Iterable[Link], keys: Iterable[object]) -> Self:
        """Those from which one of these links leads to one of these rows."""
        return self.filter(self._leads_to(links, keys))

    def not_leading_to(self, links: Iterable[Link], keys: Iterable[object]) -> Self:
        """All others."""
        return self.exclude(self._leads_to(links, keys))

    def pairs_by(self, link: Link) -> QuerySet:
        """Rows of (linked, record): what a link leads to, and from where; of all records, public or not, and often."""
        first, _, rest = link.path.partition("__")
        step = self.model._meta.get_field(first)
        if rest and step.auto_created and (step.one_to_many or step.one_to_one):
            # Begin with the rows that point at the records, which are small, and leave the records themselves alone.
            rows, path, record = step.related_model._base_manager, rest, step.field.attname
            also = {name.removeprefix(f"{first}__"): value for name, value in link.also.items()}
        else:
            rows, path, record, also = self.model._base_manager, link.path, "pk", link.also
        reached = rows.filter(**{f"{path}__isnull": False}, **also)
        return reached.annotate(linked=F(path), record=F(record)).values_list("linked", "record")

    def record_keys(self) -> Self:
        """Rows of their keys alone."""
        return self.order_by().annotate(record=F("pk")).values_list("record")

    def overlapping(self, span: Span, start: str = "started_on", end: str = "ended_on") -> Self:
        """Those whose dates do not rule out that they ran within a span."""
        return self.filter(may_overlap(start, end, span.first_day, span.last_day))

    def with_name(self, text: str, how: str = "starts") -> Self:
        """Those whose name, or another name of theirs, begins with a text or contains it in whatever letters, or is it.

        `how` is "starts", "contains" or "exact".
        """
        lookup = {"starts": "istartswith", "contains": "icontains", "exact": "exact"}[how]
        named = Q(**{f"name__{lookup}": text})
        for path in self.other_names_at:
            first, _, rest = path.rpartition("__")
            if first:  # a row of its own: asked apart, so that nobody is found twice
                rows = self.model._meta.get_field(first).related_model._base_manager
                found = rows.filter(**{f"{rest}__{lookup}": text})
                named |= Q(pk__in=found.values(self.model._meta.get_field(first).field.attname))
            else:
                named |= Q(**{f"{rest}__{lookup}": text})
        return self.filter(named)

    def leading_to_public(self, field: str, identifier: uuid.UUID | None) -> Self:
        """Those from which a foreign key leads to the record of that identifier, where the public may see it."""
        records = self.model._meta.get_field(field).related_model.objects.published()
        return self.filter(**{f"{field}__in": records.filter(uuid=identifier).values("pk")})

    def newest_update_first(self) -> Self:
        """Those that were updated last come first."""
        return self.order_by("-updated_at", "name", "pk")


def published_name(path: str) -> Case:
    """The name of the record to which a path leads, where the public may see it; otherwise "".

    Told so rather than by a filter, with which SQLite begins with all public records.
    """
    told = When(**{f"{path}__state": State.PUBLISHED}, then=F(f"{path}__name"))
    return Case(told, default=Value(""), output_field=CharField())


def year_of(field: str) -> Coalesce:
    """The year of a partial date as a column of text, NOT_KNOWN where there is none."""
    return Coalesce(Substr(field, 1, 4, output_field=CharField()), Value(NOT_KNOWN), output_field=CharField())


def known(field: str) -> Coalesce:
    """A column of text, NOT_KNOWN where it is empty."""
    plain = NullIf(F(field), Value(""), output_field=CharField())
    return Coalesce(plain, Value(NOT_KNOWN), output_field=CharField())
