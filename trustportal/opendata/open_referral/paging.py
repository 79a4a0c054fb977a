"""Lists a page at a time, in an order that does not change when names do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from trustportal.opendata.open_referral.parameters import Parameters

USUAL_SIZE = 50
LARGEST_SIZE = 100
HIGHEST_PAGE = 999_999_999

Said = dict[str, Any]


@dataclass(frozen=True)
class Span:
    """Which page of a list is asked for, and of what size. Pages count from 1."""

    page: int = 1
    per_page: int = USUAL_SIZE

    @property
    def start(self) -> int:
        """How many rows come before it."""
        return (self.page - 1) * self.per_page

    @property
    def stop(self) -> int:
        """Up to which row it goes."""
        return self.page * self.per_page


def span_of(asked: Parameters, *, usual: int = USUAL_SIZE, most: int = LARGEST_SIZE) -> Span:
    """The page that is asked for. Raises Refused."""
    return Span(asked.number("page", usual=1, most=HIGHEST_PAGE), asked.number("per_page", usual=usual, most=most))


def page_of(total: int, span: Span, contents: Iterable[Said]) -> Said:
    """The envelope round one page of a list. A page after the last is empty, and no error."""
    rows = list(contents)
    pages = -(-total // span.per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": span.page,
        "size": len(rows),
        "first_page": span.page == 1,
        "last_page": span.page >= pages,
        "empty": not rows,
        "contents": rows,
    }


def page_of_records(
    records: QuerySet, span: Span, say: Callable[[Any], Said], read: Callable[[Any], QuerySet] | None = None
) -> Said:
    """One page of records in the order of their keys.

    With `read`, which adds what else is said of them, the keys are found first, and then the rows are read by their
    keys alone: with the conditions repeated, a database may begin at the wrong end. Nothing is asked beyond the last
    record, so a page far out costs no more than the count.
    """
    total = records.count()
    if span.start >= total:
        return page_of(total, span, [])
    ordered = records.order_by("pk")
    if read is None:
        return page_of(total, span, map(say, ordered[span.start : span.stop]))
    keys = list(ordered.values_list("pk", flat=True)[span.start : span.stop])
    return page_of(total, span, map(say, read(records.model._default_manager.filter(pk__in=keys)).order_by("pk")))
