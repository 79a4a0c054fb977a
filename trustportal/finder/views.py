"""The list page that every kind of record shares."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.core.validators import slug_re
from django.db.models import Count, Model, QuerySet
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


@dataclass(frozen=True)
class Narrowing:
    """A record named in the address (`?partner=slug`) by which a list is narrowed with a word of its QuerySet."""

    model: type[Model]
    word: str


class FinderView(ListView):
    """A list of published records, narrowed by one facet and by records named in the address, page by page.

    Takes a fixed number of queries whatever the number of records: the facet's counts, the page, and what the rows
    need. An unknown value in the address is answered with 404.
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

    def get_queryset(self) -> QuerySet:
        """The rows of the list in their order, before they are cut into pages."""
        records = self.model.objects.published()
        for name, record in self.narrowed_by.items():
            records = getattr(records, self.narrowings[name].word)(record)
        counts = dict(records.order_by().values_list(self.facet).annotate(count=Count("pk")))
        self.facet_values = [
            FacetValue(value, label, counts.get(value, 0), self.address_with(value), value == self.chosen)
            for value, label in self.labels.items()
            if value in counts or value == self.chosen
        ]
        self.total = sum(counts.values())
        self.shown = counts.get(self.chosen, 0) if self.chosen else self.total
        return self.in_order(records.filter(**{self.facet: self.chosen}) if self.chosen else records)

    def address_with(self, value: str | None) -> str:
        """The address of the list with another value of the facet (None: all), from its first page."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query.pop(self.facet, None)
        if value:
            query[self.facet] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def in_order(self, records: QuerySet) -> QuerySet:
        """What a row needs, in the order of the list."""
        return records.for_list()

    def get_paginator(self, queryset: QuerySet, per_page: int, **kwargs: object) -> Paginator:
        """The facet's counts have counted the rows already."""
        paginator = super().get_paginator(queryset, per_page, **kwargs)
        paginator.count = self.shown
        return paginator

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """What the list's template needs."""
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        return context | {
            "facet_label": self.facet_label,
            "facet_values": self.facet_values,
            "chosen": self.labels.get(self.chosen, ""),
            "narrowed_by": self.narrowed_by,
            "total": self.total,
            "all_values": self.address_with(None),
            "counted": self.counted % {"count": self.shown},
            "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        }
