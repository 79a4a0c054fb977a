"""The list page that every kind of record shares."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.core.validators import slug_re
from django.db.models import Count, Max, Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic import ListView


@dataclass(frozen=True)
class FacetValue:
    """One way to narrow a list by its facet: the value, its name, how many records it leaves."""

    value: str
    label: str
    count: int
    address: str
    is_chosen: bool


class LatePaginator(Paginator):
    """Finds the rows of a page by their keys alone, and reads what the rows need for that page only.

    `count` is known beforehand; `rows_for` turns a queryset into one with all that the rows of the list need.
    """

    def __init__(self, *args: object, count: int, rows_for: Callable[[QuerySet], QuerySet], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        self.rows_for = rows_for

    def page(self, number: int) -> Page:
        """The page of that number; raises InvalidPage."""
        page = super().page(number)
        keys = page.object_list.values("pk")
        page.object_list = self.rows_for(self.object_list.model.objects.filter(pk__in=keys))
        return page


@dataclass(frozen=True)
class Narrowing:
    """A record named in the address (`?partner=slug`) by which a list is narrowed with a word of its QuerySet."""

    model: type[Model]
    word: str


class FinderView(ListView):
    """A list of published records, narrowed by one facet and by records named in the address, page by page.

    Takes a fixed number of queries whatever the number of records: the facet's counts with the newest date, the page,
    and what the rows need. An unknown value in the address is answered with 404.
    """

    paginate_by = 50
    facet = "kind"  # a field with choices
    facet_label: str | Promise = ""
    counted: str | Promise = ""  # how many, in words: ngettext_lazy("%(count)d site", "%(count)d sites", "count")
    narrowings: dict[str, Narrowing] = {}

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Read the address."""
        super().setup(request, *args, **kwargs)
        choices = self.model._meta.get_field(self.facet).choices
        self.labels = {value: str(label) for value, label in choices}
        self.chosen = request.GET.get(self.facet, "")
        if self.chosen and self.chosen not in self.labels:
            raise Http404(_("There is no such kind in this list."))
        self.narrowed_by = {
            name: self.record_named(narrowing.model, request.GET[name])
            for name, narrowing in self.narrowings.items()
            if request.GET.get(name)
        }

    def record_named(self, model: type[Model], slug: str) -> Model:
        """The published record of that slug. Raises Http404, also for text that no slug can be."""
        if not slug_re.match(slug):
            raise Http404(_("There is no such record."))
        return get_object_or_404(model.objects.published(), slug=slug)

    def narrowed(self) -> QuerySet:
        """The published records, narrowed by the records named in the address."""
        records = self.model.objects.published()
        for name, record in self.narrowed_by.items():
            records = getattr(records, self.narrowings[name].word)(record)
        return records

    def get_queryset(self) -> QuerySet:
        """The rows of the list in their order, before they are cut into pages."""
        records = self.narrowed()
        facts = list(records.order_by().values_list(self.facet).annotate(count=Count("pk"), newest=Max("updated_at")))
        counts = {value: count for value, count, _newest in facts}
        self.newest = max((newest for _value, _count, newest in facts), default=None)
        self.facet_values = [
            FacetValue(value, label, counts.get(value, 0), self.address_with(value), value == self.chosen)
            for value, label in self.labels.items()
            if value in counts or value == self.chosen
        ]
        self.total = sum(counts.values())
        self.shown = counts.get(self.chosen, 0) if self.chosen else self.total
        return self.in_order(records.filter(**{self.facet: self.chosen}) if self.chosen else records)

    def rows_for(self, records: QuerySet) -> QuerySet:
        """The records with what the rows need, in the order of the list."""
        return self.in_order(records.for_list())

    def address_with(self, value: str | None) -> str:
        """The address of the list with another value of the facet (None: all), from its first page."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query.pop(self.facet, None)
        if value:
            query[self.facet] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def in_order(self, records: QuerySet) -> QuerySet:
        """In the order of the list."""
        return records.in_name_order()

    def get_paginator(self, queryset: QuerySet, per_page: int, **kwargs: object) -> Paginator:
        """The facet's counts have counted the rows already."""
        return LatePaginator(queryset, per_page, count=self.shown, rows_for=self.rows_for, **kwargs)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """What the list's template needs."""
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        return context | {
            "facet_label": self.facet_label,
            "facet_values": self.facet_values,
            "chosen": self.labels.get(self.chosen, ""),
            "narrowed_by": self.narrowed_by,
            "newest": self.newest,
            "total": self.total,
            "all_values": self.address_with(None),
            "counted": self.counted % {"count": self.shown},
            "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        }
