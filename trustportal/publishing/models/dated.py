"""The words for rows with partial dates, in time order; and for rows that belong to a record."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Value
from django.db.models.functions import Substr

from trustportal.constraints import can_be_from, may_overlap
from trustportal.partial_date import PartialDate, Span
from trustportal.publishing.models.named import NamedQuerySet

if TYPE_CHECKING:
    from trustportal.publishing.models.record import Part


class DatedQuerySet(NamedQuerySet):
    """Rows with fields that hold partial dates. A date is named by its field: "signed_on"."""

    def with_date(self, date: str) -> Self:
        """Those of which a date is known."""
        return self.filter(**{f"{date}__isnull": False})

    def without_dates(self, *dates: str) -> Self:
        """Those of which none of some dates is known."""
        return self.filter(**{f"{date}__isnull": True for date in dates})

    def that_can_be_from(self, date: str, first: PartialDate | None) -> Self:
        """Those whose date can be on the first day of another or after it: 2014 can be after May 2014."""
        return self if first is None else self.filter(can_be_from(date, first.earliest.isoformat()))

    def that_can_be_until(self, date: str, last: PartialDate | None) -> Self:
        """Those whose date can be on the last day of another or before it."""
        return self if last is None else self.filter(**{f"{date}__lte": last.latest})

    def that_ran_between(self, first: PartialDate | None, last: PartialDate | None) -> Self:
        """Those with a beginning or an end (`started_on`, `ended_on`) that can have run in a time."""
        span = Span(first, last)
        dated = self.exclude(started_on__isnull=True, ended_on__isnull=True)
        return dated.filter(may_overlap("started_on", "ended_on", span.first_day, span.last_day))

    def latest_run_first(self) -> Self:
        """Those that began last come first, those without a known beginning at the end."""
        return self.order_by(F("started_on").desc(nulls_last=True), "pk")

    def named(self, telling: str, name: str, slug: str) -> models.QuerySet:
        """For a union: name and slug of each, and a name for what is told."""
        as_text = models.CharField()
        rows = self.order_by().annotate(called=F(name), at=F(slug), telling=Value(telling, output_field=as_text))
        return rows.values_list("called", "at", "telling")

    def in_time(self, telling: str, date: str) -> models.QuerySet:
        """For a union: the date, a name for what is told, and the key of each."""
        named = self.order_by().annotate(dated=F(date), telling=Value(telling, output_field=models.CharField()))
        return named.values_list("dated", "telling", "pk")

    def by_year(self, telling: str, date: str) -> models.QuerySet:
        """For a union: a name for what is told, the year as text, and how many there are in it."""
        years = self.order_by().values(telling=Value(telling, output_field=models.CharField()), year=Substr(date, 1, 4))
        return years.annotate(count=Count("pk")).values_list("telling", "year", "count")


class PartQuerySet(DatedQuerySet):
    """Rows that belong to a record, and have dates.

    Where all public ones are meant, each row is asked for its record: the database then begins with the dates, of
    which there are few in a year, and not with the records, of which there are many.
    """

    def of_records(self, records: models.QuerySet) -> Self:
        """Those of some records, of which there are few."""
        return self.filter(**{f"{self.model.record_field}__in": records.order_by().values("pk")})

    def with_public(self, relation: str | None = None) -> Self:
        """Those whose record the public may see, or what another foreign key leads to."""
        name = relation or self.model.record_field
        return self.filter(Exists(self._related(name).objects.published().filter(pk=OuterRef(name))))

    def on_another_date(self, date: str) -> Self:
        """Those whose date is not the one that the field of the same name on their record has."""
        name = self.model.record_field
        same = self._related(name).objects.filter(pk=OuterRef(name), **{date: OuterRef(date)})
        return self.filter(~Exists(same))

    def _related(self, name: str) -> type[models.Model]:
        return self.model._meta.get_field(name).related_model

    def for_export(self) -> Self:
        """What a row of a file needs: the records to which its own foreign keys lead."""
        keys = [field.name for field in self.model._meta.concrete_fields if field.many_to_one or field.one_to_one]
        return self.with_named(*keys)

    def told(self) -> Self:
        """Those that readers see once the record is public: all, unless rows of this kind say otherwise."""
        return self.all()

    def get_by_natural_key(self, *key: object) -> "Part":
        """The row of a live record, for fixtures."""
        names = dict(zip(self.model.natural_key_fields, key, strict=True))
        return self.get(**names, **{f"{self.model.record_field}__draft_of__isnull": True})
