"""The timeline of the portal, of a partner, a partnership or a programme: what both apps tell, gathered."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import partnerships.timelines
import programmes.timelines
from partnerships.models import Organisation, Partnership
from programmes.models import OutcomeMetric, Programme
from trustportal import partial_date
from trustportal.partial_date import PartialDate, to_partial_date
from trustportal.publishing.models import Act
from trustportal.timelines import drawing, overview
from trustportal.timelines.drawing import Picture, draw
from trustportal.timelines.events import Event, Span, order_of
from trustportal.timelines.gathering import (
    Counts,
    Run,
    Telling,
    counts_by_year,
    events_between,
    spans_of,
    totals_by_year,
    undated_of,
)
from trustportal.timelines.overview import Overview, draw_overview

PER_PAGE = 50
KEPT_FOR = 300  # seconds
FEW = 500  # records that are named by their keys
MOST_RUNS = 24  # drawn one by one
MOST_FIGURES = 6  # drawn one by one; the list has them all
MOST_UNDATED = 50
MOST_YEARS = 60  # with a link of their own; more are told by decade


def kinds() -> dict[str, str]:
    """What readers can choose, in the order of the picture."""
    return {
        "runs": _("Programmes and partnerships"),
        "strategies": _("Strategies"),
        "milestones": _("Milestones and achievements"),
        "openings": _("Openings"),
        "agreements": _("Agreements"),
        "partners": _("Partners joining and leaving"),
        "organisations": _("Changes of organisations"),
        "figures": _("Figures of note"),
    }


@dataclass(frozen=True)
class Choice:
    """What of all there is a reader wants to see. No kinds: all of them."""

    partner: Organisation | None = None
    partnership: Partnership | None = None
    programme: Programme | None = None
    kinds: tuple[str, ...] = ()
    first: PartialDate | None = None
    last: PartialDate | None = None

    @property
    def record(self) -> Organisation | Partnership | Programme | None:
        """Whose timeline it is; None for the portal's."""
        return self.partner or self.partnership or self.programme

    @property
    def is_narrowed(self) -> bool:
        """Whether kinds or a time are chosen, so that there may be more than it shows."""
        return bool(self.kinds or self.first or self.last)

    @property
    def is_of_whole_years(self) -> bool:
        """Whether its time begins with a year and ends with one, or has no bounds."""
        return not any(bound and bound.month for bound in (self.first, self.last))

    def shows(self, kind: str) -> bool:
        """Whether a kind is chosen."""
        return not self.kinds or kind in self.kinds

    @cached_property
    def programmes(self) -> QuerySet:
        """The public programmes of which something is told."""
        public = Programme.objects.published()
        if self.programme:
            return public.filter(pk=self.programme.pk)
        if self.partnership:
            return _by_key(public.under(self.partnership))
        return _by_key(public.with_partner(self.partner)) if self.partner else public

    @cached_property
    def partnerships(self) -> QuerySet:
        """The public partnerships of which something is told: none on the timeline of a programme."""
        public = Partnership.objects.published()
        if self.programme:
            return public.none()
        if self.partnership:
            return public.filter(pk=self.partnership.pk)
        return _by_key(public.with_partner(self.partner)) if self.partner else public

    @cached_property
    def metrics(self) -> QuerySet:
        """The public metrics of which something is told."""
        public = OutcomeMetric.objects.published()
        if self.programme:
            return public.of_programme(self.programme)
        if self.partnership:
            return _by_key(public.around(self.partnership))
        return _by_key(public.of_partner(self.partner)) if self.partner else public

    def tellings(self, *, every_beginning: bool = False) -> list[Telling]:
        """All ways in which something is told, of what is chosen. Where kinds are, each kind is told in full."""
        is_whole, every_beginning = self.record is None, every_beginning or bool(self.kinds)
        found = programmes.timelines.tellings(
            self.programmes, self.metrics, self.partner, is_whole=is_whole, every_beginning=every_beginning
        )
        if self.programme is None:
            found += partnerships.timelines.tellings(self.partnerships, self.partner, is_whole=is_whole)
        if self.programme is None and self.partnership is None:
            found += partnerships.timelines.tellings_of_organisations(self.partner)
        return [one.between(self.first, self.last) for one in found if self.shows(one.kind)]

    def runs(self) -> list[Run]:
        """What ran for a time, of what is chosen."""
        found = programmes.timelines.runs(self.programmes)
        if self.programme is None:
            found += partnerships.timelines.runs(self.partnerships)
        if self.programme is None and self.partnership is None:
            found += partnerships.timelines.runs_of_strategies(self.partner)
        return [one.between(self.first, self.last) for one in found if self.shows(one.kind)]


def _by_key(records: QuerySet) -> QuerySet:
    """The same records, named by their keys where they are few: a database asks that of many tables far faster."""
    keys = list(records.order_by().values_list("pk", flat=True)[: FEW + 1])
    return records if len(keys) > FEW else records.model.objects.published().filter(pk__in=keys)


@dataclass(frozen=True)
class Year:
    """A year, or a decade, with a link to where it begins in the list."""

    words: str
    count: int
    page: int
    anchor: str


@dataclass(frozen=True)
class UndatedRow:
    """Something of which no date is known."""

    what: str
    name: str
    address: str


@dataclass
class Timeline:
    """All that a page of the timeline shows. Reads when asked, and each thing once."""

    choice: Choice
    newest_first: bool = True
    today: datetime.date = field(default_factory=timezone.localdate)

    @cached_property
    def _tellings(self) -> list[Telling]:
        return self.choice.tellings()

    @cached_property
    def counts(self) -> Counts:
        """How many events there are, by telling and year."""
        choice, tellings = self.choice, self._tellings
        if choice.record or not choice.is_of_whole_years:
            return counts_by_year(tellings)
        names = {one.name for one in tellings}
        first, last = choice.first, choice.last
        return {
            (name, year): count
            for (name, year), count in _counts_of_all(every_beginning=bool(choice.kinds)).items()
            if name in names and (not first or year >= first.year) and (not last or year <= last.year)
        }

    @cached_property
    def totals(self) -> dict[int, int]:
        """How many events there are, by year."""
        return totals_by_year(self.counts)

    @property
    def count(self) -> int:
        """How many events there are."""
        return sum(self.totals.values())

    @cached_property
    def paginator(self) -> Paginator:
        """The list, page by page; there is a first page even of nothing."""
        return Paginator(_Events(self), PER_PAGE)

    @cached_property
    def _runs(self) -> tuple[list[Span], int]:
        return spans_of(self.choice.runs(), MOST_RUNS)

    @property
    def spans(self) -> list[Span]:
        """The runs that are drawn."""
        return self._runs[0]

    @property
    def run_count(self) -> int:
        """How many there are, drawn or not."""
        return self._runs[1]

    @cached_property
    def running(self) -> int:
        """How many programmes run today; of a partner those alone in which its part may still hold."""
        running, partner = self.choice.programmes.running(self.today), self.choice.partner
        if partner is None:
            return running.count()
        if partner.closed_on and partner.closed_on.latest < self.today:
            return 0
        now = partial_date.Span.of(to_partial_date(self.today))
        parts = partner.participations.during(running.values("pk"), now).values("programme")
        # What else ties a partner to a programme has no dates of its own.
        ties = [partner.board_seats, partner.buddying_given, partner.buddying_received]
        keys = parts.union(partner.programmes_led.values("pk"), *(tie.values("programme") for tie in ties))
        return running.filter(pk__in=keys).count()

    @cached_property
    def undated(self) -> tuple[list[UndatedRow], int]:
        """Of what no date is known, and how many there are in all; nothing where a time or other kinds are chosen."""
        choice = self.choice
        if choice.first or choice.last or not choice.shows("runs"):
            return [], 0
        sorts = programmes.timelines.undated(choice.programmes)
        if choice.programme is None:
            sorts += partnerships.timelines.undated(choice.partnerships, is_whole=choice.record is None)
        rows, count = undated_of(sorts, MOST_UNDATED)
        found = []
        for sort, name, slug in rows:
            of = programmes.timelines.address_of_undated(slug) if sort == "programme" else None
            what, address = of or partnerships.timelines.address_of_undated(sort, slug)
            found.append(UndatedRow(what, name, address))
        return found, count

    @property
    def is_drawn_one_by_one(self) -> bool:
        """Whether each event is drawn; where there are many, their number in each year is."""
        return self.count <= PER_PAGE

    def pictures(self, events: list[Event]) -> list[Picture]:
        """What ran, and where there are few events those too; wide and narrow. `events` are those of the page."""
        marks = [one for one in events if one.kind not in {"runs", "strategies"}] if self.is_drawn_one_by_one else []
        headings = kinds()
        figures = sorted((one for one in marks if one.kind == "figures"), key=order_of, reverse=True)
        if len(figures) > MOST_FIGURES:
            marks = [one for one in marks if one.kind != "figures"] + figures[:MOST_FIGURES]
            words = _("Figures of note: the latest %(drawn)s of %(count)s")
            headings["figures"] = words % {"drawn": MOST_FIGURES, "count": len(figures)}
        pictures = [draw(marks, self.spans, headings, size, self.today) for size in (drawing.WIDE, drawing.NARROW)]
        return [picture for picture in pictures if picture]

    def overviews(self, query: Mapping[str, str]) -> list[Overview]:
        """How many events of each kind there are in each year, wide and narrow; nothing where each is drawn."""
        if self.is_drawn_one_by_one:
            return []
        kind_of = {one.name: one.kind for one in self._tellings}
        counts: dict[tuple[str, int], int] = defaultdict(int)
        for (name, year), count in self.counts.items():
            counts[kind_of[name], year] += count

        def address(kind: str, first: int, last: int) -> str:
            return reverse("timeline", query={**query, "kind": kind, "from": first, "to": last})

        drawn = [draw_overview(counts, kinds(), grid, address) for grid in (overview.WIDE, overview.NARROW)]
        return [one for one in drawn if one]

    @property
    def sentence(self) -> str:
        """What the picture shows: "48 events from 1993 to 2026; 12 programmes run now"."""
        if not self.count:
            nothing = _("No dated event has been published yet")
            words = _("No event falls in what you chose") if self.choice.is_narrowed else nothing
        else:
            first, last = min(self.totals), max(self.totals)
            events = ngettext("%(count)s event", "%(count)s events", self.count)
            when = _("in %(first)s") if first == last else _("from %(first)s to %(last)s")
            number = number_format(self.count, force_grouping=True)
            words = f"{events} {when}" % {"count": number, "first": first, "last": last}
        if self.choice.shows("runs") and self.choice.programme is None:
            run = ngettext("%(count)s programme runs now", "%(count)s programmes run now", self.running)
            words = f"{words}; {run}" % {"count": number_format(self.running, force_grouping=True)}
        return f"{words}."

    @cached_property
    def years(self) -> list[Year]:
        """Where each year begins in the list; where there are many years, each decade."""
        found, at = [], 0
        in_order = sorted(self.totals, reverse=self.newest_first)
        by_decade = len(in_order) > MOST_YEARS
        for year in in_order:
            page, count = at // PER_PAGE + 1, self.totals[year]
            at += count
            if by_decade:
                words = _("%(year)ss") % {"year": year // 10 * 10}
                if found and found[-1].words == words:
                    found[-1] = Year(words, found[-1].count + count, found[-1].page, found[-1].anchor)
                    continue
            else:
                words = str(year)
            found.append(Year(words, count, page, f"year-{year}"))
        return found


def _counts_of_all(*, every_beginning: bool) -> Counts:
    """How many events of the whole portal there are, by telling and year; counted anew after each act of an editor.

    That reads every date, so it is kept for as long as nothing is done in the portal, KEPT_FOR seconds at most.
    """
    latest = Act.objects.order_by("-pk").values_list("pk", "done_at").first()
    tellings = Choice().tellings(every_beginning=every_beginning)
    if latest is None:
        return counts_by_year(tellings)
    key = f"timeline-{latest[0]}-{latest[1].timestamp()}-{every_beginning}"
    return cache.get_or_set(key, lambda: counts_by_year(tellings), KEPT_FOR)


class _Events:
    """The events as a list that is read a page at a time."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline

    def __len__(self) -> int:
        return self.timeline.count

    def __getitem__(self, rows: slice) -> list[Event]:
        timeline = self.timeline
        return events_between(
            timeline._tellings,
            timeline.counts,
            rows.start,
            rows.stop - rows.start,
            newest_first=timeline.newest_first,
        )


def by_year(page: Page) -> list[tuple[int, list[Event]]]:
    """The events of a page under their years."""
    found: list[tuple[int, list[Event]]] = []
    for event in page:
        if not found or found[-1][0] != event.on.year:
            found.append((event.on.year, []))
        found[-1][1].append(event)
    return found
