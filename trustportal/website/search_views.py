"""The search page and its suggestions: what the domain calls things, round what the search finds."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from django.core.paginator import EmptyPage, Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from partnerships.models import Organisation, Partnership, Priority, Site, Source
from programmes.models import OutcomeMetric, Programme
from trustportal.opendata.linked import LinkedPage, Node
from trustportal.search.failing import note_failure
from trustportal.search.searching import PER_PAGE, Result, Results, search
from trustportal.search.suggesting import suggest
from trustportal.website import linked
from trustportal.website.former import public_or_404

VALUES_SHOWN = 8  # of a facet; the others are one click away
PLACE_LONGEST = 100
TYPES = {
    "organisation": (gettext_lazy("Partner"), gettext_lazy("Partners")),
    "partnership": (gettext_lazy("Partnership"), gettext_lazy("Partnerships")),
    "programme": (gettext_lazy("Programme"), gettext_lazy("Programmes")),
    "site": (gettext_lazy("Site"), gettext_lazy("Sites")),
    "outcomemetric": (gettext_lazy("Outcome"), gettext_lazy("Outcomes")),
    "strategy": (gettext_lazy("Strategy"), gettext_lazy("Strategies")),
    "priority": (gettext_lazy("Priority"), gettext_lazy("Priorities")),
    "aim": (gettext_lazy("Aim"), gettext_lazy("Aims")),
    "source": (gettext_lazy("Source"), gettext_lazy("Sources")),
}
KINDS = {
    f"{model._meta.model_name}.{value}": label
    for model in (Organisation, Partnership, Programme, Site, OutcomeMetric, Source)
    for value, label in model.Kind.choices
}
CALLED_SO = Counter(str(label) for label in KINDS.values())
NAMES: dict[str, str | Promise] = {
    "type": gettext_lazy("What it is"),
    "kind": gettext_lazy("Kind"),
    "scope": gettext_lazy("Reach"),
    "place": gettext_lazy("Place"),
    "lead": gettext_lazy("Led or published by"),
    "priority": gettext_lazy("Serves the priority"),
    "year": gettext_lazy("Year"),
}


def kind_label(kind: str) -> str:
    """A kind in words, with its type where kinds of two types are called the same."""
    label = str(KINDS[kind])
    return f"{label}, {str(TYPES[kind.partition('.')[0]][1]).lower()}" if CALLED_SO[label] > 1 else label


FIXED = {
    "type": {name: labels[1] for name, labels in TYPES.items()},
    "kind": {kind: kind_label(kind) for kind in KINDS},
    "scope": dict(Partnership.Scope.choices),
}
RECORDS: dict[str, type[Model]] = {"lead": Organisation, "priority": Priority}


@dataclass(frozen=True)
class Value:
    """One way to narrow the results, or a choice to take back: its words, how many it leaves, where it leads."""

    label: str
    address: str
    count: int = 0
    facet: str = ""


@dataclass(frozen=True)
class Facet:
    """All ways to narrow the results by one thing; the commonest are shown at once."""

    name: str
    label: str
    values: list[Value]
    more: list[Value]


@dataclass(frozen=True)
class Row:
    """A result with the names of what it points at."""

    result: Result
    type_label: str
    kind_label: str
    lead: Organisation | None


class SearchPage(LinkedPage, TemplateView):
    """What was found for `?q=`, narrowed by facets in the address, page by page. Unknown values answer 404."""

    template_name = "website/search.html"
    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The results, what they can be narrowed to, and where the other pages are."""
        text = " ".join(self.request.GET.get("q", "").split())
        self.chosen = {name: value for name in NAMES if (value := self.request.GET.get(name, ""))}
        page = self.page_number()
        keys = {name: self.key_of(name, value) for name, value in self.chosen.items()}
        results = search(text, {name: key for name, (key, _label) in keys.items()}, page=page)
        try:
            shown = Paginator(range(results.total), PER_PAGE).page(page)
        except EmptyPage as error:
            raise Http404(_("There is no such page of results.")) from error
        if (
            not results.asked.is_empty
            and not self.chosen
            and (results.is_mended or results.has_some_words or not results.rows)
        ):
            note_failure(text)
        named = self.records_named(results)
        return super().get_context_data(**kwargs) | {
            "text": text[:200],
            "results": results,
            "rows": [self.row_of(result, named["lead"]) for result in results.rows],
            "facets": self.facets_of(results, named),
            "chosen": [
                Value(str(label), self.without(name), facet=str(NAMES[name])) for name, (_, label) in keys.items()
            ],
            "clear": self.address({"q": text}),
            "kept": self.chosen,
            "page": shown,
            "page_numbers": shown.paginator.get_elided_page_range(page, on_each_side=1, on_ends=1),
        }

    def linked_data(self, context: dict[str, object]) -> list[Node]:
        """The results of this page."""
        return linked.search_page(self.request.get_full_path(), context)

    def page_number(self) -> int:
        """The number in the address. Raises Http404 for what is none."""
        number = self.request.GET.get("page", "1")
        if not (number.isascii() and number.isdigit() and 1 <= len(number) <= 4 and int(number) >= 1):
            raise Http404(_("There is no such page of results."))
        return int(number)

    def key_of(self, name: str, value: str) -> tuple[object, str]:
        """What a value of the address stands for, and what it is called. Raises Http404 where it stands for nothing."""
        if name in FIXED:
            if value not in FIXED[name]:
                raise Http404(_("There is nothing of that name to narrow the results by."))
            return value, str(FIXED[name][value])
        if name in RECORDS:
            record = public_or_404(RECORDS[name], value)
            return record.pk, record.name
        if name == "year" and not (len(value) == 4 and value.isascii() and value.isdigit()):
            raise Http404(_("A year has four digits."))
        return value[:PLACE_LONGEST], value[:PLACE_LONGEST]

    def records_named(self, results: Results) -> dict[str, dict[str, Model]]:
        """The public records that facets and rows name, by key. A query for each of the two models."""
        found = {}
        for name, model in RECORDS.items():
            keys = [int(key) for key, _count in results.counts.get(name, [])]
            records = model.objects.published().for_links().in_bulk(keys) if keys else {}
            found[name] = {str(key): record for key, record in records.items()}
        return found

    def row_of(self, result: Result, leads: dict[str, Model]) -> Row:
        """A result with words for its type and kind."""
        return Row(
            result,
            str(TYPES[result.type][0]),
            str(KINDS.get(result.kind, "")),
            leads.get(str(result.lead_key)),
        )

    def facets_of(self, results: Results, named: dict[str, dict[str, Model]]) -> list[Facet]:
        """The facets by which the results can still be told apart."""
        facets = []
        for name, label in NAMES.items():
            counts = results.counts.get(name, [])
            if name in self.chosen or not counts:
                continue
            values = []
            for key, count in counts:
                if name in RECORDS:
                    record = named[name].get(key)
                    shown, value = (record.name, record.slug) if record else ("", "")
                else:
                    shown, value = str(FIXED.get(name, {}).get(key, key)), key
                if shown:
                    values.append(
                        Value(shown, self.address({"q": results.asked.text, **self.chosen, name: value}), count)
                    )
            if name == "year":
                values.sort(key=lambda value: value.label, reverse=True)
            if values and (len(values) > 1 or values[0].count < results.total):
                facets.append(Facet(name, str(label), values[:VALUES_SHOWN], values[VALUES_SHOWN:]))
        return facets

    def address(self, values: dict[str, str]) -> str:
        """The address of this page with other choices."""
        return f"{self.request.path}?{urlencode(values)}"

    def without(self, name: str) -> str:
        """The address without one of the choices."""
        rest = {key: value for key, value in self.chosen.items() if key != name}
        return self.address({"q": self.request.GET.get("q", ""), **rest})


def suggestions(request: HttpRequest) -> HttpResponse:
    """The records whose names have what is being typed, as JSON: a list with title, type and address of each."""
    found = suggest(request.GET.get("q", ""))
    rows = [{"title": row.title, "type": capfirst(str(TYPES[row.type][0])), "address": row.address} for row in found]
    response = JsonResponse({"suggestions": rows})
    response["Cache-Control"] = "public, max-age=60"
    response["X-Robots-Tag"] = "noindex"
    return response
