"""The page of a finder, the page with all values of one facet, and the same list in other forms."""

from collections.abc import Callable, Mapping
from typing import ClassVar
from urllib.parse import parse_qsl

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, re_path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import ListView

from trustportal.finder.address import DATES, Question, TooMuchError
from trustportal.finder.facets import Finder, LinkedFacet
from trustportal.finder.finding import LONGEST_WORDS, Finding, MovedError, UnknownValueError

VALUES_PER_PAGE = 100

# Makes an answer out of the records of a list, in its order; takes also the finder's title, how many there are, when
# the newest was updated, and the addresses of the list and of the answer, from the first slash.
Writer = Callable[["FinderView", QuerySet], HttpResponseBase]


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


class FinderView(ListView):
    """A list of published records, narrowed as its address says, page by page.

    Takes a bounded number of queries whatever the number of records, see `Finding`. An unknown value is answered with
    404, too much with 400; a date that cannot be read with 400 and the list without it, and an error at its field.
    """

    finder: Finder
    files: ClassVar[Mapping[str, Writer]] = {}  # what writes the list under another ending

    @property
    def model(self) -> type:
        """What is listed."""
        return self.finder.model

    def get(self, request: HttpRequest, ending: str = "", **kwargs: object) -> HttpResponseBase:
        """The page; or the file, where the address has another ending."""
        try:
            self.question = Question.read(self.finder, request.GET)
            self.finding = Finding(self.finder, self.question, self.list_path)
            asked = parse_qsl(request.META["QUERY_STRING"], keep_blank_values=True)
            if not ending and asked != list(self.question.pairs):
                return redirect(self.question.address(request.path))
            if ending:
                return self.file(ending)
            if self.question.value("more"):
                return self.all_values()
            response = super().get(request, **kwargs)
        except MovedError as error:
            return redirect(error.question.address(request.path), permanent=True)
        except TooMuchError:
            if ending:
                return self.refuse(ending, 400, _("The address asks for too much at once."))
            return render(request, "errors/too_much.html", {"path": self.list_path}, status=400)
        except UnknownValueError as error:
            words = _("There is no such value in this list.")
            if ending:
                return self.refuse(ending, 404, words)
            raise Http404(words) from error
        if self.finding.errors:
            response.status_code = 400
        return response

    @cached_property
    def list_path(self) -> str:
        """The address of the list, also where this is one of its files."""
        stem, dot, ending = self.request.path.rpartition(".")
        return f"{stem}/" if dot and ending in self.files else self.request.path

    def file_path(self, ending: str) -> str:
        """The address of the same list under another ending: "/partners.csv?kind=council"."""
        question = self.question.but("size", "more", "named")
        if ending == "atom":
            question = question.but("sort")  # always the newest first
        return question.address(f"{self.list_path.rstrip('/')}.{ending}")

    def file(self, ending: str) -> HttpResponseBase:
        """The list in another form: all pages. What the page would show as an error is a refusal here."""
        if self.finding.errors:
            return self.refuse(ending, 400, "\n".join(self.finding.errors.values()))
        return self.files[ending](self, self.in_order(self.finding.records()))

    def refuse(self, ending: str, status: int, words: str) -> HttpResponse:
        """Say why there is no file."""
        return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")

    def get_queryset(self) -> QuerySet:
        """The rows of the list in their order, before they are cut into pages."""
        return self.in_order(self.finding.records())

    def in_order(self, records: QuerySet) -> QuerySet:
        """In the order that was asked."""
        return self.finding.in_order(records)

    def rows_for(self, records: QuerySet) -> QuerySet:
        """The records with what the rows need, in the order of the list."""
        return self.in_order(records.for_list())

    def get_paginate_by(self, queryset: QuerySet) -> int:
        """As many as were asked."""
        return self.finding.size

    def get_paginator(self, queryset: QuerySet, per_page: int, **kwargs: object) -> Paginator:
        """The facets have counted the rows already."""
        return LatePaginator(queryset, per_page, count=self.finding.total, rows_for=self.rows_for, **kwargs)

    def about(self) -> dict[str, object]:
        """What every page of the list says: which, how many, narrowed by what."""
        question, path_of_list = self.question, self.list_path
        return {
            "title": self.finder.title,
            "total": self.finding.total,
            "counted": self.finder.counted % {"count": self.finding.total},
            "chips": list(self.finding.chips),
            "clear": question.but(*(name for name, _value in question.pairs if name not in {"sort", "size"})).address(
                path_of_list
            ),
            "is_indexed": not self.question.but("page").pairs,
            "canonical": question.address(path_of_list),
            "path": path_of_list,
        }

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """What the list's template needs."""
        context = super().get_context_data(**kwargs)
        page, finding, question = context["page_obj"], self.finding, self.question
        return (
            context
            | self.about()
            | {
                "form": self.form(),
                "is_grouped": finding.sort.is_grouped,
                "has_asked_dates": bool(finding.spans),
                "sorts": [
                    (sort.label, question.with_value("sort", sort.name).address(self.list_path), sort is finding.sort)
                    for sort in self.finder.sorts
                ],
                "sizes": [
                    (size, question.with_value("size", str(size)).address(self.list_path), size == finding.size)
                    for size in self.finder.sizes
                ],
                "newest": finding.newest,
                "files": [(ending, self.file_path(ending)) for ending in self.files],
                "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            }
        )

    def form(self) -> dict[str, object]:
        """The fields by which the list is narrowed, filled with what was asked."""
        finding, question = self.finding, self.question
        dates = {name.replace("-", "_"): question.value(name) for name in DATES}
        return {
            "words": question.value("q"),
            "offers": [
                {
                    "offer": offer,
                    "is_open": position == 0 or offer.is_used,
                    "more": question.but("named").with_value("more", offer.facet.name).address(self.list_path)
                    if offer.has_more
                    else "",
                }
                for position, offer in enumerate(finding.offers)
            ],
            "dates": self.finder.dates,
            "date": dates,
            "has_dates": any(dates.values()),
            "errors": [(name, text) for name, text in finding.errors.items()],
            "error": {name.replace("-", "_"): finding.errors.get(name, "") for name in ("q", *DATES)},
            "kept": [(name, question.value(name)) for name in ("sort", "size") if question.value(name)],
            "narrowed": len(list(finding.chips)),
        }

    # All values of one facet

    def all_values(self) -> HttpResponse:
        """The page with the values of a facet that has very many, A to Z, each with a link that adds it to the choice
        and one that leaves it out."""
        facet = self.finder.facet(self.question.value("more"))
        if not isinstance(facet, LinkedFacet) or facet.model is None:
            raise UnknownValueError("more")
        named = self.question.value("named")[:LONGEST_WORDS]
        asked = self.question.value("page") or "1"
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
        if not number:
            raise UnknownValueError("page")
        values, total = self.finding.page_of_values(facet, number, VALUES_PER_PAGE, named)
        if not values and number > 1:
            raise UnknownValueError("page")
        paginator = Paginator(range(total), VALUES_PER_PAGE)
        page = paginator.page(number)
        list_question = self.question.but("more", "named")
        context = self.about() | {
            "facet": facet,
            "values": [
                (
                    value,
                    *(
                        list_question.with_value(name, value.value).address(self.list_path)
                        for name in (facet.name, facet.not_name)
                    ),
                )
                for value in values
            ],
            "page_obj": page,
            "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "named": named,
            "kept": list(self.question.but("named").pairs),
            "back": list_question.address(self.list_path),
        }
        return render(self.request, "layouts/values.html", context)


def addresses_of(name: str, view: type[FinderView], address: str) -> list[URLPattern]:
    """The addresses of a list: "partners/" under its name, and "partners.csv" and so on under its name with "-file"."""
    endings = "|".join(view.files)
    return [
        path(f"{address}/", view.as_view(), name=name),
        re_path(rf"^{address}\.(?P<ending>{endings})$", view.as_view(), name=f"{name}-file"),
    ]
