"""Figures from a table: what each row would do, and why a row is refused; then all of them, or none.

A row names the metric by the last part of its page's address, the period, and what was counted. What is imported is
entered, as if it had been typed in: somebody else approves it. An approved figure is corrected, with the reason.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from itertools import islice
from typing import BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.models import Source
from programmes.figures import entered, may_enter
from programmes.models import Correction, Observation, OutcomeMetric
from programmes.models.figure import MOST_DIGITS, Figure
from programmes.models.periods import as_counted, spellings_of_end, spellings_of_start
from trustportal.accounts.models import User
from trustportal.importing.cells import Formula, Wrong, shown
from trustportal.importing.tables import Row, open_table
from trustportal.importing.tables import Unreadable as Unreadable  # for those who import a file
from trustportal.importing.values import read_number, read_period, read_text, read_yes_no
from trustportal.partial_date import period_in_words
from trustportal.publishing import workflow

COLUMNS = (
    "metric",
    "outcome",  # its name, for people: not read
    "period_start",
    "period_end",
    "value",
    "numerator",
    "denominator",
    "missing_reason",
    "provisional",
    "note",
    "source",
    "reason_for_correction",
)
REQUIRED = ("metric", "period_start", "period_end")
COUNTED = ("value", "numerator", "denominator")
MOST_ROWS = 100_000
MOST_BYTES = 20_000_000
TOGETHER = 500  # rows that are looked up and written together
MOST_METRICS = 2000  # kept in memory


class Effect(Enum):
    """What becomes of a row."""

    ADDED = _("added")
    CHANGED = _("changed")
    LEFT = _("left as it is")
    REFUSED = _("refused")


@dataclass(frozen=True)
class Fault:
    """Why a row is refused: the column, what stands there, and what to do."""

    column: str
    value: str
    words: str


@dataclass
class Judged:
    """A row of the table, and what it would do."""

    line: int
    metric: str = ""
    period: str = ""
    effect: Effect = Effect.REFUSED
    words: str = ""
    faults: list[Fault] = field(default_factory=list)
    figure: Figure | None = None  # to be saved
    read: dict[str, object] = field(default_factory=dict)  # what the cells say, by column


@dataclass
class Report:
    """What a whole table would do, or did."""

    counts: Counter = field(default_factory=Counter)
    metrics: set[int] = field(default_factory=set)
    digest: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether one row is refused, and so all."""
        return bool(self.counts[Effect.REFUSED])


class Stale(Exception):
    """The table would now do something else than what was shown."""


class Refused(Exception):
    """A row is refused, so nothing was imported. The argument is the report."""


def metrics_for(person: User | None) -> QuerySet:
    """The metrics whose figures a person may import; without a person, on the command line, all."""
    metrics = OutcomeMetric.objects.live()
    if person is None:
        return metrics
    return metrics.within_remit_of(person) if workflow.may(person, "change", OutcomeMetric) else metrics.none()


def check(file: BinaryIO, by: User | None) -> Iterator[Judged]:
    """Each row with what it would do. Changes nothing. Raises Unreadable where the file cannot be read as a whole."""
    for together in _Judge(file, by).chunks():
        yield from together


def report_of(file: BinaryIO, by: User | None) -> Report:
    """What the table would do as a whole. Raises Unreadable."""
    report, seen = Report(), hashlib.sha256()
    for judged in check(file, by):
        _count(report, seen, judged)
    report.digest = seen.hexdigest()
    return report


def _count(report: Report, seen: "hashlib._Hash", judged: Judged) -> None:
    report.counts[judged.effect] += 1
    if judged.figure:
        report.metrics.add(judged.figure.metric_id)
    seen.update(repr((judged.line, judged.effect.name, judged.words, judged.faults)).encode())


@transaction.atomic
def import_figures(file: BinaryIO, by: User | None, *, expected: str = "") -> Report:
    """Import all rows of a table, or none.

    expected is the digest of the report that was shown. Raises Refused, Stale or Unreadable; then nothing has changed.
    """
    file.seek(0)
    first = report_of(file, by)
    if first.is_refused:
        raise Refused(first)
    try:
        for key in sorted(first.metrics):  # always in this order, so that nobody waits in a ring
            workflow.locked(OutcomeMetric(pk=key))
    except workflow.WrongState as error:  # one was deleted meanwhile
        raise Stale from error
    file.seek(0)
    report, seen, at = Report(), hashlib.sha256(), timezone.now()
    for together in _Judge(file, by).chunks():
        for judged in together:
            _count(report, seen, judged)
        _save(entered([judged.figure for judged in together if judged.figure], by=by, at=at))
    report.digest = seen.hexdigest()
    if report.is_refused or report.digest != (expected or first.digest):
        raise Stale
    return report


def _save(figures: list[Figure]) -> None:
    for model in (Observation, Correction):
        some = [figure for figure in figures if isinstance(figure, model)]
        new, there = [one for one in some if one.pk is None], [one for one in some if one.pk is not None]
        names = [*Figure.told, "entered_by", "entered_at", *(["reason"] if model is Correction else [])]
        model.objects.bulk_create(new)
        # As an insert that meets its own key: a bulk_update takes fifty times as long.
        model.objects.bulk_create(there, update_conflicts=True, unique_fields=["pk"], update_fields=names)


class _Judge:
    """Reads a table some rows at a time and says what each would do."""

    def __init__(self, file: BinaryIO, by: User | None) -> None:
        self.by = by
        self.table = open_table(file, COLUMNS, REQUIRED, MOST_ROWS, MOST_BYTES)
        self.metrics: dict[str, OutcomeMetric | None] = {}
        self.sources: dict[str, Source | None] = {}
        self.lines: dict[tuple, int] = {}  # where each period of each metric stood first

    def chunks(self) -> Iterator[list[Judged]]:
        """The rows, some at a time."""
        rows = iter(self.table.rows)
        while some := list(islice(rows, TOGETHER)):
            together = [self._read(row) for row in some]
            self._look_up(together)
            for judged in together:
                self._settle(judged)
            standing = self._standing([judged for judged in together if not judged.faults])
            for judged in together:
                if not judged.faults and judged.effect is Effect.REFUSED:
                    self._decide(judged, standing)
            yield together

    # What the cells say

    def _read(self, row: Row) -> Judged:
        judged = Judged(row.line)
        if row.fault:
            judged.faults.append(Fault("", "", row.fault))
        number = partial(read_number, comma_is_certain=self.table.comma_is_certain, most_in_all=MOST_DIGITS)
        readers = {
            "metric": lambda cell: read_text(cell, 100),
            "period_start": read_period,
            "period_end": read_period,
            **dict.fromkeys(COUNTED, number),
            "provisional": lambda cell: bool(read_yes_no(cell)),
            "source": lambda cell: read_text(cell, 100),
            **dict.fromkeys(("missing_reason", "note", "reason_for_correction"), lambda cell: read_text(cell, 200)),
        }
        for column in self.table.columns:
            if column in readers:
                cell = row.cells[column]
                try:
                    judged.read[column] = readers[column](cell)
                except ValueError as error:
                    value = cell.text if isinstance(cell, Formula | Wrong) else cell
                    judged.faults.append(Fault(column, shown(value), str(error)))
        return judged

    def _look_up(self, together: list[Judged]) -> None:
        """Find the metrics and the sources that the rows name. Two queries."""
        slugs = {str(judged.read.get("metric")) for judged in together} - set(self.metrics)
        if len(self.metrics) > MOST_METRICS:
            self.metrics.clear()
            slugs = {str(judged.read.get("metric")) for judged in together}
        if slugs:
            self.metrics |= dict.fromkeys(slugs)
            self.metrics |= {metric.slug: metric for metric in metrics_for(self.by).filter(slug__in=slugs)}
        slugs = {str(judged.read.get("source") or "") for judged in together} - set(self.sources) - {""}
        if slugs:
            self.sources |= dict.fromkeys(slugs)
            self.sources |= {source.slug: source for source in Source.objects.published().filter(slug__in=slugs)}

    def _settle(self, judged: Judged) -> None:
        """Whether the row makes sense by itself and beside those before it."""
        read, fault = judged.read, self._fault
        slug = str(read.get("metric") or "")
        metric = self.metrics.get(slug)
        judged.metric = metric.name if metric else slug
        judged.period = period_in_words(read.get("period_start"), read.get("period_end"))
        if judged.faults:
            return
        if not slug:
            fault(judged, "metric", _now("Write the last part of the address of the outcome's page."))
        elif metric is None or (self.by and not may_enter(self.by, metric)):
            words = _now("You enter figures of no outcome with this address. Copy it from the template.")
            fault(judged, "metric", words)
        else:
            self._settle_period(judged, metric)
            self._settle_figure(judged, metric)
            slug = str(read.get("source") or "")
            if slug and self.sources.get(slug) is None:
                fault(judged, "source", _now("There is no published source with this address."))

    @staticmethod
    def _fault(judged: Judged, column: str, words: str) -> None:
        value = judged.read.get(column)
        judged.faults.append(Fault(column, "" if value is None else shown(value), words))

    def _settle_period(self, judged: Judged, metric: OutcomeMetric) -> None:
        start, end = judged.read["period_start"], judged.read["period_end"]
        if (start is None) != (end is None):
            column = "period_end" if end is None else "period_start"
            self._fault(judged, column, _now("A period has a beginning and an end. Write a single month in both."))
            return
        if start is not None:
            start, end = as_counted(start, end, metric.frequency)
            if end.latest < start.earliest:
                self._fault(judged, "period_end", _now("The period ends before it begins."))
                return
            judged.read |= {"period_start": start, "period_end": end}
            judged.period = period_in_words(start, end)
        key = (metric.pk, start and start.earliest, end and end.latest)
        first = self.lines.setdefault(key, judged.line)
        if first != judged.line:
            words = _now("Line %(line)s gives a figure of the same outcome and period. Leave one of the two out.")
            self._fault(judged, "period_start", words % {"line": first})

    def _settle_figure(self, judged: Judged, metric: OutcomeMetric) -> None:
        """Whether the row gives one figure of the sort that the metric has, or the reason why there is none."""
        read = judged.read
        value, numerator, denominator = (read.get(name) for name in COUNTED)
        reason = read.get("missing_reason") or ""
        unfit = Observation(metric=metric, **{name: read.get(name) for name in COUNTED}).fault_of_kind()
        if unfit:
            self._fault(judged, *unfit)
        elif (numerator is None) != (denominator is None):
            column = "numerator" if numerator is None else "denominator"
            self._fault(judged, column, _now("Give both the numerator and the denominator, or neither."))
        elif denominator is not None and denominator <= 0:
            words = _now("A denominator is above 0. If nobody was counted, leave both empty and give the reason.")
            self._fault(judged, "denominator", words)
        elif reason and (value is not None or numerator is not None):
            words = _now("There is a figure, so there is no reason why it is missing. Put a remark under “note”.")
            self._fault(judged, "missing_reason", words)
        elif value is None and numerator is None and not reason and any(read.get(name) for name in ("note", "source")):
            words = _now("Give the figure, or say why there is none.")
            self._fault(judged, "missing_reason", words)

    # What stands there already

    def _standing(self, together: list[Judged]) -> dict[tuple, Observation]:
        """The figures of the same outcomes and periods, by outcome, first and last day. Two queries."""
        metrics = {self.metrics[str(judged.read["metric"])].pk for judged in together}
        starts: set[str] = set()
        ends: set[str] = set()
        for judged in together:
            if judged.read["period_start"] is not None:
                starts |= {str(way) for way in spellings_of_start(judged.read["period_start"])}
                ends |= {str(way) for way in spellings_of_end(judged.read["period_end"])}
        rows = Observation.objects.of_periods(metrics, starts, ends).with_open_correction()
        return {_key(row): row for row in rows}

    def _decide(self, judged: Judged, standing: dict[tuple, Observation]) -> None:
        """What the row does to what stands."""
        read = judged.read
        metric = self.metrics[str(read["metric"])]
        start, end = read["period_start"], read["period_end"]
        row = standing.get((metric.pk, start and start.earliest, end and end.latest))
        reason = str(read.get("reason_for_correction") or "")
        if not any(read.get(name) is not None for name in COUNTED) and not read.get("missing_reason"):
            judged.effect, judged.words = Effect.LEFT, _now("Nothing is filled in.")
            return
        if reason and not (row and row.is_approved):
            words = _now("No figure of this period was approved, so there is nothing to correct. Leave it empty.")
            self._fault(judged, "reason_for_correction", words)
            return
        if row is None:
            judged.figure = self._filled(Observation(metric=metric, period_start=start, period_end=end), read)
            judged.effect, judged.words = Effect.ADDED, judged.figure.counted_in_words
            return
        row.metric = metric
        self._decide_on(judged, row, reason)

    def _decide_on(self, judged: Judged, row: Observation, reason: str) -> None:
        waiting = row.open_corrections[0] if row.open_corrections else None
        stands = waiting or row
        stands.metric = row.metric
        before, was, was_in_full = _told(stands), stands.counted_in_words, stands.in_full
        if row.is_approved and waiting is None:
            stands = Correction(observation=row, metric=row.metric)
            for name in Figure.told:
                attribute = Correction._meta.get_field(name).attname
                setattr(stands, attribute, getattr(row, attribute))
        filled = self._filled(stands, judged.read)
        is_other_reason = isinstance(filled, Correction) and waiting and reason and reason != waiting.reason
        if _told(filled) == before and not is_other_reason:
            judged.effect, judged.words = Effect.LEFT, was
            return
        if waiting and _told(filled) == _told(row):
            column = next(name for name in (*COUNTED, "missing_reason") if judged.read.get(name) not in {None, ""})
            words = _now("This is the figure as it stands, but a correction waits: %(figure)s. Delete that instead.")
            self._fault(judged, column, words % {"figure": was})
            return
        if isinstance(filled, Correction):
            filled.reason = reason or filled.reason
            if not filled.reason:
                words = _now("This period was approved: %(figure)s. To correct it, say why in this column.")
                self._fault(judged, "reason_for_correction", words % {"figure": was})
                return
        now = filled.counted_in_words
        if now == was:  # something else than the number is another
            was, now = was_in_full, filled.in_full
        words = {"was": was, "now": now}
        judged.figure, judged.effect = filled, Effect.CHANGED
        judged.words = _now("%(was)s becomes %(now)s") % words

    def _filled(self, figure: Figure, read: dict[str, object]) -> Figure:
        """The figure as the row has it; of columns that the file does not have, nothing changes."""
        for name in COUNTED:
            setattr(figure, name, read.get(name))
        for name in ("missing_reason", "note"):
            if name in read:
                setattr(figure, name, read[name])
        if "provisional" in read:
            figure.is_provisional = bool(read["provisional"])
        if "source" in read:
            figure.source = self.sources.get(str(read["source"])) if read["source"] else None
        if any(getattr(figure, name) is not None for name in COUNTED):
            figure.missing_reason = ""
        return figure


def _key(row: Observation) -> tuple:
    return (row.metric_id, row.period_start and row.period_start.earliest, row.period_end and row.period_end.latest)


def _told(figure: Figure) -> list[object]:
    return [getattr(figure, figure._meta.get_field(name).attname) for name in Figure.told]
