"""Figures from a table: what each row would do; then all of them or none; and who approves them."""

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from programmes import figures, imports
from programmes.imports import Effect, Judged
from programmes.models import Correction, Observation, OutcomeMetric
from tests.factories import (
    CorrectionFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    RemitFactory,
    SourceFactory,
    UserFactory,
)
from trustportal.accounts.models import User
from trustportal.importing.writing import write_xlsx
from trustportal.partial_date import PartialDate
from trustportal.publishing import workflow
from trustportal.publishing.models import Act

pytestmark = pytest.mark.django_db

ADDED, CHANGED, LEFT, REFUSED = Effect
NOT_YOURS = "You enter figures of no outcome with this address. Copy it from the template."
Cells = dict[str, object]


@pytest.fixture
def ada() -> User:
    """Somebody who publishes."""
    return UserFactory(username="ada", superuser=True)


@pytest.fixture
def grace() -> User:
    """Somebody else who publishes."""
    return UserFactory(username="grace", superuser=True)


@pytest.fixture
def waits() -> OutcomeMetric:
    """A count for each year."""
    return OutcomeMetricFactory(slug="waits")


@pytest.fixture
def jobs() -> OutcomeMetric:
    """A percentage for each year."""
    return OutcomeMetricFactory(slug="jobs", rate=True, kind=OutcomeMetric.Kind.RATE)


def row(metric: str = "waits", period: str = "2019", **cells: object) -> Cells:
    """The cells of a row, of a period that begins and ends with the same words."""
    return {"metric": metric, "period_start": period, "period_end": period, **cells}


def as_lists(rows: Iterable[Cells]) -> list[list[object]]:
    """The headings that the rows use, in the order of the template, and the rows."""
    rows = list(rows)
    columns = [name for name in imports.COLUMNS if name in imports.REQUIRED or any(name in one for one in rows)]
    return [columns, *([one.get(name) for name in columns] for one in rows)]


def as_csv(rows: Iterable[Cells], separator: str = ",", encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(as_lists(rows))
    return io.BytesIO(text.getvalue().encode(encoding))


def as_xlsx(rows: Iterable[Cells]) -> io.BytesIO:
    """A workbook in which every cell is what Excel would make of it, formulas too."""
    book, file = Workbook(), io.BytesIO()
    for cells in as_lists(rows):
        book.active.append(cells)
    book.save(file)
    return file


def check(*rows: Cells, by: User | None = None) -> list[Judged]:
    return list(imports.check(as_csv(rows), by))


def judge(cells: Cells, by: User | None = None) -> Judged:
    [judged] = check(cells, by=by)
    return judged


def bring_in(*rows: Cells, by: User | None = None, expected: str = "") -> imports.Report:
    return imports.import_figures(as_csv(rows), by, expected=expected)


def everything() -> list:
    """All that an import could change."""
    return [list(model.objects.order_by("pk").values()) for model in (Observation, Correction, OutcomeMetric, Act)]


def told(figure: Observation | Correction) -> tuple:
    return (figure.value, figure.note, figure.source, figure.is_provisional, figure.missing_reason)


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


def is_refused(cells: Cells, column: str, words: str, by: User | None = None) -> None:
    """One row is refused in one column, by the check and by the import, and nothing has changed."""
    with nothing_changes():
        judged = judge(cells, by)
        assert (judged.line, judged.effect, judged.figure) == (2, REFUSED, None)
        assert [fault.column for fault in judged.faults] == [column]
        assert words in judged.faults[0].words
        with pytest.raises(imports.Refused) as caught:
            bring_in(cells, by=by)
        assert caught.value.args[0].counts == {REFUSED: 1}


# The check


def mixed(waits: OutcomeMetric) -> list[Cells]:
    """A row of each effect, with what it needs."""
    ObservationFactory(metric=waits, period_start="2016", value=10)
    ObservationFactory(metric=waits, period_start="2017", value=20, entered=True)
    return [row(period="2015", value="1,234"), row(period="2016", value="10"), row(period="2017", value=21)]


def test_a_check_says_what_each_row_would_do_and_changes_nothing(waits: OutcomeMetric, ada: User) -> None:
    rows = [*mixed(waits), row(period="2018", value="12%")]
    with nothing_changes():
        judged = check(*rows, by=ada)
        report = imports.report_of(as_csv(rows), ada)

    assert [(one.line, one.metric, one.period, one.effect, one.words) for one in judged] == [
        (2, waits.name, "2015", ADDED, "1,234"),
        (3, waits.name, "2016", LEFT, "10"),
        (4, waits.name, "2017", CHANGED, "20 becomes 21"),
        (5, waits.name, "2018", REFUSED, ""),
    ]
    [fault] = judged[3].faults
    assert (fault.column, fault.value) == ("value", "12%")
    assert "write the number without it" in fault.words
    assert report.is_refused
    assert report.counts == {ADDED: 1, LEFT: 1, CHANGED: 1, REFUSED: 1}
    assert report.metrics == {waits.pk}


def test_an_import_does_what_the_check_said(waits: OutcomeMetric, ada: User) -> None:
    rows = mixed(waits)
    expected = imports.report_of(as_csv(rows), ada)

    report = bring_in(*rows, by=ada, expected=expected.digest)

    assert report == expected
    assert not report.is_refused
    assert {str(one.period_start): one.value for one in waits.observations.all()} == {
        "2015": 1234,
        "2016": 10,
        "2017": 21,
    }
    assert not Correction.objects.exists()
    assert check(*rows, by=ada)[0].effect is LEFT


def test_every_fault_of_a_row_is_named(waits: OutcomeMetric) -> None:
    judged = judge({"metric": "waits", "period_start": "31/02/2019", "period_end": "soon", "value": "NaN"})

    assert [(fault.column, fault.value) for fault in judged.faults] == [
        ("period_start", "31/02/2019"),
        ("period_end", "soon"),
        ("value", "NaN"),
    ]


# All or none


@pytest.mark.parametrize("at", [0, 3, 620])
def test_one_row_that_is_refused_keeps_all_out(at: int, waits: OutcomeMetric) -> None:
    rows = [row(period=str(day), value=5) for day in days(650)]
    rows[at]["value"] = "1e400"
    with nothing_changes(), pytest.raises(imports.Refused) as caught:
        bring_in(*rows)

    assert caught.value.args[0].counts == {ADDED: 649, REFUSED: 1}


@pytest.mark.parametrize("table", ["observation", "correction"])
def test_a_database_that_fails_half_way_keeps_all_out(table: str, waits: OutcomeMetric) -> None:
    corrected = [ObservationFactory(metric=waits, period_start=str(year), value=1) for year in (1990, 1991)]
    new = [row(period=str(day), value=5, reason_for_correction=None) for day in days(imports.TOGETHER)]
    old = [row(period=str(one.period_start), value=2, reason_for_correction="Counted anew.") for one in corrected]
    inserts = []

    def fails(execute: Callable, sql: str, *rest: object) -> object:
        if sql.startswith("INSERT"):
            inserts.append(sql)
            if len({f'"programmes_{table}"' in one for one in inserts}) > 1 or (table in sql and len(inserts) > 1):
                raise DatabaseError("The disk is full.")
        return execute(sql, *rest)

    with nothing_changes(), pytest.raises(DatabaseError, match="disk is full"), connection.execute_wrapper(fails):
        bring_in(*new, *old, *[row(period=str(year), value=5) for year in (1992, 1993)])
    assert len(inserts) > 1


# Periods


def days(count: int) -> list[datetime.date]:
    return [datetime.date(2000, 1, 1) + datetime.timedelta(days=at) for at in range(count)]


MARCH = [("March 2019", "March 2019"), ("2019-03-01", "2019-03-31"), ("1 March 2019", "Mar-19"), ("03/2019", "2019-03")]
YEAR = [("2019", "2019"), ("January 2019", "Dec-19"), ("01/01/2019", "31/12/2019"), ("2019", "31 December 2019")]


@pytest.mark.parametrize("ways", [MARCH, YEAR, [("", ""), ("", "")]])
def test_a_period_that_is_there_twice_is_refused_in_any_spelling(ways: list, waits: OutcomeMetric) -> None:
    rows = [{**row(value=5), "period_start": start, "period_end": end} for start, end in ways]

    first, *others = check(row(period="2001", value=1), *rows)[1:]

    assert first.effect is ADDED
    for judged in others:
        [fault] = judged.faults
        assert (judged.effect, fault.column) == (REFUSED, "period_start")
        assert fault.words.startswith("Line 3 gives a figure of the same outcome and period.")


def test_a_period_that_was_read_long_before_is_not_forgotten(waits: OutcomeMetric) -> None:
    rows = [row(period=str(day), value=5) for day in days(imports.TOGETHER + 5)]

    judged = check(*rows, rows[1])

    assert [one.line for one in judged if one.faults] == [imports.TOGETHER + 7]
    assert "Line 3 gives" in judged[-1].faults[0].words


def test_the_same_period_of_another_outcome_is_another_figure(waits: OutcomeMetric) -> None:
    OutcomeMetricFactory(slug="falls")
    assert bring_in(row("waits", value=1), row("falls", value=2)).counts == {ADDED: 2}


def test_more_outcomes_than_are_kept_in_memory_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "TOGETHER", 1)
    monkeypatch.setattr(imports, "MOST_METRICS", 1)
    slugs = [OutcomeMetricFactory().slug for _ in range(3)]
    rows = [row(slug, period, value=5) for period in ("2018", "2019") for slug in slugs]

    assert bring_in(*rows, row(slugs[0], "2020")).counts == {ADDED: 6, LEFT: 1}
    assert [one.faults[0].column for one in check(*rows, rows[0]) if one.faults] == ["period_start"]


@pytest.mark.parametrize("ways", [MARCH, YEAR])
def test_a_figure_that_stands_is_found_in_any_spelling(ways: list, waits: OutcomeMetric) -> None:
    start, end = ways[0]
    standing = ObservationFactory(metric=waits, period_start=start, period_end=end, value=5, entered=True)
    for value, way in enumerate(ways):
        bring_in({**row(value=value), "period_start": way[0], "period_end": way[1]})

        now = Observation.objects.get()
        assert (now.pk, now.value) == (standing.pk, value)
        assert (now.period_start, now.period_end) == (standing.period_start, standing.period_end)


@pytest.mark.parametrize(
    ("frequency", "start", "end", "period"),
    [
        ("monthly", "2026-05-01", "2026-05-01", "May 2026"),  # so Excel writes a month
        ("monthly", "2026-05-01", "2026-05-31", "May 2026"),
        ("quarterly", "2026-04-01", "2026-06-30", "April 2026 to June 2026"),
        ("weekly", "2026-05-01", "2026-05-01", "1 May 2026"),
        ("yearly", "2026-05-01", "2026-05-01", "1 May 2026"),
    ],
)
def test_whole_months_are_kept_as_months(frequency: str, start: str, end: str, period: str) -> None:
    metric = OutcomeMetricFactory(slug="waits", frequency=frequency)
    cells = {**row(value=5), "period_start": start, "period_end": end}
    assert judge(cells).period == period

    bring_in(cells)

    assert metric.observations.get().period == period


@pytest.mark.parametrize(
    ("start", "end", "column", "words"),
    [
        ("2019", "2018", "period_end", "ends before it begins"),
        ("2019-03-02", "2019-03-01", "period_end", "ends before it begins"),
        ("2019", "", "period_end", "has a beginning and an end"),
        ("", "2019", "period_start", "has a beginning and an end"),
        ("2017/18", "2018", "period_start", "looks like a financial year"),
        ("2019", "31 February 2019", "period_end", "a day that does not exist"),
        ("43525", "2019", "period_start", "the number that Excel keeps for a date"),
    ],
)
def test_what_is_no_period_is_refused(start: str, end: str, column: str, words: str, waits: OutcomeMetric) -> None:
    is_refused({**row(value=5), "period_start": start, "period_end": end}, column, words)


def test_a_period_that_begins_and_ends_in_a_vaguer_word_is_kept_as_written(waits: OutcomeMetric) -> None:
    bring_in({**row(value=5), "period_start": "March 2019", "period_end": "2019"})

    assert waits.observations.get().period == "March 2019 to 2019"


# What is imported is entered


def test_what_is_imported_waits_for_somebody_else(ada: User, grace: User) -> None:
    metric = OutcomeMetricFactory(slug="waits", published=True)
    acts = Act.objects.count()

    bring_in(row(value=5), by=ada)

    figure = metric.observations.get()
    assert (figure.entered_by, figure.approved_by, figure.is_approved) == (ada, None, False)
    assert figure.entered_at is not None
    assert not metric.observations.for_page().exists()
    assert Act.objects.count() == acts
    assert not figures.may_approve(ada, figure)
    with pytest.raises(workflow.NotAllowed, match="somebody else"):
        figures.approve([figure], by=ada)
    assert figures.approve([figure], by=grace) == 1
    assert [one.value for one in metric.observations.for_page()] == [5]


def test_a_waiting_figure_is_changed_and_is_then_of_whoever_imports(
    waits: OutcomeMetric, ada: User, grace: User
) -> None:
    standing = ObservationFactory(metric=waits, period_start="2019", value=5, entered=True, entered_by=grace)

    bring_in(row(value=6), by=ada)

    now = Observation.objects.get()
    assert (now.pk, now.value, now.entered_by, now.is_approved) == (standing.pk, 6, ada, False)
    assert list(now.also_entered_by.all()) == [grace]
    assert not figures.may_approve(grace, now)
    assert figures.may_approve(UserFactory(superuser=True), now)


def test_what_is_left_stays_of_whoever_entered_it(waits: OutcomeMetric, ada: User, grace: User) -> None:
    ObservationFactory(metric=waits, period_start="2019", value=5, entered=True, entered_by=grace)
    with nothing_changes():
        assert bring_in(row(value="5.0000"), by=ada).counts == {LEFT: 1}


def test_what_rests_on_the_figures_is_right_once_they_are_approved(ada: User, grace: User) -> None:
    metric = OutcomeMetricFactory(
        slug="waits", frequency="quarterly", due_after_days=10, fewest_shown=5, published=True
    )
    rows = [row(period="2018", value=100)]
    rows += [
        {**row(value=value), "period_start": f"2018-{3 * at + 1:02}", "period_end": f"2018-{3 * at + 3:02}"}
        for at, value in enumerate([40, 3, 30, 27])
    ]
    bring_in(*rows, by=ada)
    metric.refresh_from_db()
    assert metric.next_figure_due_on is None
    assert not metric.observations.filter(is_left_out=True).exists()

    figures.approve(metric.observations.all(), by=grace)

    metric.refresh_from_db()
    assert metric.next_figure_due_on == datetime.date(2019, 4, 10)
    assert sorted(one.value for one in metric.observations.for_page() if one.is_hidden) == [3, 100]


# Approved figures


def test_an_approved_figure_that_is_given_again_is_left(waits: OutcomeMetric, ada: User) -> None:
    ObservationFactory(metric=waits, period_start="2019", value=5, note="By hand.")
    with nothing_changes():
        for cells in [row(value=5), row(value="5.00", note="By hand."), row(value=5, reason_for_correction="Why not.")]:
            assert bring_in(cells, by=ada).counts == {LEFT: 1}


@pytest.mark.parametrize("cells", [{"value": 6}, {"value": 5, "note": "By hand."}, {"missing_reason": "Lost."}])
def test_an_approved_figure_is_changed_by_a_correction_that_says_why(
    cells: Cells, waits: OutcomeMetric, ada: User, grace: User
) -> None:
    standing = ObservationFactory(metric=waits, period_start="2019", value=5)
    [before] = Observation.objects.values()
    is_refused(row(**cells), "reason_for_correction", "This period was approved: 5. To correct it, say why", ada)

    assert bring_in(row(**cells, reason_for_correction="Counted anew."), by=ada).counts == {CHANGED: 1}

    assert list(Observation.objects.values()) == [before]
    correction = Correction.objects.get()
    assert (correction.observation, correction.reason) == (standing, "Counted anew.")
    assert (correction.entered_by, correction.is_approved, correction.replaced_at) == (ada, False, None)
    assert (correction.period_start, correction.period_end) == (standing.period_start, standing.period_end)
    assert not figures.may_approve(ada, correction)
    figures.approve([correction], by=grace)
    now = Observation.objects.get()
    assert (now.value, now.note, now.missing_reason) == (
        cells.get("value"),
        cells.get("note", ""),
        cells.get("missing_reason", ""),
    )


@pytest.mark.parametrize(
    ("cells", "value", "reason"),
    [
        ({"value": 7}, 7, "First."),
        ({"value": 7, "reason_for_correction": "Second."}, 7, "Second."),
        ({"value": 6, "reason_for_correction": "Second."}, 6, "Second."),
    ],
)
def test_a_correction_that_waits_is_changed(
    cells: Cells, value: int, reason: str, waits: OutcomeMetric, ada: User
) -> None:
    standing = ObservationFactory(metric=waits, period_start="2019", value=5)
    waiting = CorrectionFactory(observation=standing, value=6, reason="First.")

    assert bring_in(row(**cells), by=ada).counts == {CHANGED: 1}

    now = Correction.objects.get()
    assert (now.pk, now.value, now.reason, now.entered_by) == (waiting.pk, value, reason, ada)
    assert Observation.objects.get().value == 5


def test_a_correction_that_waits_and_is_given_again_is_left(waits: OutcomeMetric, ada: User) -> None:
    standing = ObservationFactory(metric=waits, period_start="2019", value=5)
    CorrectionFactory(observation=standing, value=6, reason="First.")
    with nothing_changes():
        for reason in ("", "First."):
            assert bring_in(row(value=6, reason_for_correction=reason), by=ada).counts == {LEFT: 1}


@pytest.mark.parametrize("reason", ["", "It was right."])
def test_a_correction_that_waits_is_not_made_to_say_what_stands(reason: str, waits: OutcomeMetric, ada: User) -> None:
    standing = ObservationFactory(metric=waits, period_start="2019", value=5)
    CorrectionFactory(observation=standing, value=6)

    is_refused(row(value=5, reason_for_correction=reason), "value", "This is the figure as it stands", ada)


@pytest.mark.parametrize("entered", [True, False])
def test_where_nothing_was_approved_there_is_nothing_to_correct(entered: bool, waits: OutcomeMetric) -> None:
    if entered:
        ObservationFactory(metric=waits, period_start="2019", value=5, entered=True)
    is_refused(row(value=6, reason_for_correction="Why."), "reason_for_correction", "there is nothing to correct")


# What stands where the file says nothing


def test_columns_that_the_file_does_not_have_leave_what_stands(waits: OutcomeMetric) -> None:
    source = SourceFactory(published=True)
    facts = {"note": "By hand.", "source": source, "is_provisional": True}
    for period, is_entered in [("2018", False), ("2019", True)]:
        ObservationFactory(metric=waits, period_start=period, value=5, entered=is_entered, **facts)
    bring_in(row(period="2018", value=6, reason_for_correction="Anew."), row(period="2019", value=6))

    for figure in (Correction.objects.get(), Observation.objects.waiting().get()):
        assert told(figure) == (6, "By hand.", source, True, "")


def test_columns_that_are_there_and_empty_take_away_what_stands(waits: OutcomeMetric) -> None:
    source = SourceFactory(published=True)
    facts = {"note": "By hand.", "source": source, "is_provisional": True}
    ObservationFactory(metric=waits, period_start="2019", value=5, entered=True, **facts)

    assert bring_in(row(value=5, note="", source="", provisional="")).counts == {CHANGED: 1}

    assert told(Observation.objects.get()) == (5, "", None, False, "")


def test_a_figure_takes_the_place_of_the_reason_why_there_was_none(waits: OutcomeMetric, jobs: OutcomeMetric) -> None:
    for metric in (waits, jobs):
        ObservationFactory(metric=metric, period_start="2019", missing_reason="Not published.", entered=True)

    bring_in(row(value=5), row("jobs", numerator=1, denominator=3))

    assert told(waits.observations.get())[::4] == (5, "")
    assert (jobs.observations.get().numerator, jobs.observations.get().missing_reason) == (1, "")


def test_a_reason_takes_the_place_of_a_figure(waits: OutcomeMetric) -> None:
    ObservationFactory(metric=waits, period_start="2019", value=5, entered=True)

    bring_in(row(missing_reason="Not published."))

    assert told(waits.observations.get())[::4] == (None, "Not published.")


def test_all_that_a_row_says_is_kept(jobs: OutcomeMetric) -> None:
    source = SourceFactory(published=True, slug="report")
    bring_in(
        row("jobs", numerator="1,029", denominator="2 049.5", provisional="Yes", note=" By hand. ", source="report")
    )

    figure = jobs.observations.get()
    assert (figure.numerator, figure.denominator) == (1029, Decimal("2049.5"))
    assert told(figure) == (None, "By hand.", source, True, "")


@pytest.mark.parametrize("standing", ["nothing", "entered", "approved"])
def test_where_nothing_is_filled_in_all_is_left(standing: str, waits: OutcomeMetric) -> None:
    if standing != "nothing":
        ObservationFactory(metric=waits, period_start="2019", note="By hand.", entered=standing == "entered")
    cells = row(outcome="Waits", value="", numerator=" ", missing_reason="", note="", source="", provisional="")
    with nothing_changes():
        assert (judge(cells).effect, judge(cells).words) == (LEFT, "Nothing is filled in.")
        assert bring_in(cells).counts == {LEFT: 1}


# Figures of each sort


@pytest.mark.parametrize(
    ("metric", "cells", "column", "words"),
    [
        ("jobs", {"value": 50}, "value", "This outcome is a rate"),
        ("jobs", {"value": 50, "numerator": 1, "denominator": 2}, "value", "This outcome is a rate"),
        ("jobs", {"numerator": 1}, "denominator", "Give both"),
        ("jobs", {"denominator": 1}, "numerator", "Give both"),
        ("jobs", {"numerator": 1, "denominator": 0}, "denominator", "A denominator is above 0"),
        ("jobs", {"numerator": 1, "denominator": -3}, "denominator", "A denominator is above 0"),
        ("jobs", {"numerator": "59.2%", "denominator": 3}, "numerator", "has a percent sign"),
        ("jobs", {"numerator": 1, "denominator": 3, "missing_reason": "Lost."}, "missing_reason", "There is a figure"),
        ("waits", {"numerator": 1, "denominator": 2}, "numerator", "This outcome is no rate"),
        ("waits", {"denominator": 2}, "denominator", "This outcome is no rate"),
        ("waits", {"value": 0, "missing_reason": "Lost."}, "missing_reason", "There is a figure"),
        ("waits", {"value": "59.2%"}, "value", "“59.2%” has a percent sign"),
        ("waits", {"value": "n/a"}, "value", "leave the cell empty and give the reason in missing_reason"),
        ("waits", {"value": "<5"}, "value", "leave the cell empty and give the reason in missing_reason"),
        ("waits", {"note": "By hand."}, "missing_reason", "Give the figure, or say why there is none."),
        ("waits", {"source": "report"}, "missing_reason", "Give the figure, or say why there is none."),
        ("waits", {"value": 5, "source": "draft"}, "source", "no published source with this address"),
        ("waits", {"value": 5, "source": "gone"}, "source", "no published source with this address"),
        ("waits", {"value": 5, "source": "none"}, "source", "no published source with this address"),
        ("waits", {"value": 5, "provisional": "perhaps"}, "provisional", "neither yes nor no"),
        ("waits", {"value": 5, "note": "x" * 201}, "note", "shorten it by 1 character."),
        ("waits", {"value": "123456789012345"}, "value", "more than 14 digits"),
        ("waits", {"value": "1.23456"}, "value", "more than 4 decimals"),
        ("open", {"value": 2}, "value", "Write 1 for yes or 0 for no."),
        ("open", {"value": "0.5"}, "value", "Write 1 for yes or 0 for no."),
        ("open", {"value": "yes"}, "value", "is not a number"),
        ("place", {"value": "1.5"}, "value", "whole number from 1"),
        ("place", {"value": 0}, "value", "whole number from 1"),
        ("place", {"value": -2}, "value", "whole number from 1"),
        ("", {"value": 5}, "metric", "Write the last part of the address"),
        ("None", {"value": 5}, "metric", "no outcome with this address"),
        ("WAITS", {"value": 5}, "metric", "no outcome with this address"),
        ("unknown", {"value": 5}, "metric", "no outcome with this address"),
    ],
)
def test_what_is_no_figure_of_the_outcome_is_refused(
    metric: str, cells: Cells, column: str, words: str, waits: OutcomeMetric, jobs: OutcomeMetric
) -> None:
    OutcomeMetricFactory(slug="open", kind="yes-no")
    OutcomeMetricFactory(slug="place", kind="ranking")
    SourceFactory(slug="report", published=True)
    SourceFactory(slug="draft")
    SourceFactory(slug="gone", withdrawn=True)

    is_refused(row(metric, **cells), column, words)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [("ranking", 3, "3rd"), ("yes-no", 1, "Yes"), ("yes-no", 0, "No"), ("total", "2,477.5", "2,477.5")],
)
def test_a_figure_is_said_as_readers_will_read_it(kind: str, value: object, words: str) -> None:
    OutcomeMetricFactory(slug="waits", kind=kind)
    assert judge(row(value=value)).words == words


def test_nought_is_a_figure(waits: OutcomeMetric, jobs: OutcomeMetric) -> None:
    assert bring_in(row(value="0"), row("jobs", numerator=0, denominator=3)).counts == {ADDED: 2}
    assert (waits.observations.get().value, jobs.observations.get().numerator) == (0, 0)


# Who may


def test_a_person_imports_within_the_limits_alone() -> None:
    ours, other = OrganisationFactory(published=True), OrganisationFactory(published=True)
    OutcomeMetricFactory(slug="ours", lead=ours)
    foreign = OutcomeMetricFactory(slug="foreign", lead=other, published=True)
    limited = UserFactory(rights=("change_outcomemetric",))
    RemitFactory(person=limited, organisation=ours)

    assert bring_in(row("ours", value=1), by=limited).counts == {ADDED: 1}
    is_refused(row("foreign", value=1), "metric", NOT_YOURS, limited)
    assert judge(row("foreign", value=1), limited).metric == "foreign"
    assert foreign.name not in str(judge(row("foreign", value=1), limited))


@pytest.mark.parametrize("rights", [(), ("view_outcomemetric", "add_observation", "change_observation")])
def test_a_person_without_the_right_imports_nothing(rights: tuple, waits: OutcomeMetric) -> None:
    is_refused(row(value=1), "metric", NOT_YOURS, UserFactory(rights=rights))


def test_a_working_copy_takes_no_figures(ada: User) -> None:
    metric = OutcomeMetricFactory(slug="waits", published=True)
    copy = workflow.start_change(metric, by=ada)

    bring_in(row(value=1), by=ada)

    assert (metric.observations.count(), copy.observations.count()) == (1, 0)


# Stale


@pytest.mark.parametrize("meanwhile", [{"value": 6}, {"missing_reason": "Lost."}, {"value": 5}])
def test_what_would_now_do_something_else_than_was_shown_is_not_done(
    meanwhile: Cells, waits: OutcomeMetric, ada: User
) -> None:
    rows = [row(period="2018", value=4), row(value=5)]
    expected = imports.report_of(as_csv(rows), ada).digest
    ObservationFactory(metric=waits, period_start="2019", entered=True, **meanwhile)

    with nothing_changes(), pytest.raises(imports.Stale):
        bring_in(*rows, by=ada, expected=expected)


def test_another_file_than_was_shown_is_not_imported(waits: OutcomeMetric) -> None:
    expected = imports.report_of(as_csv([row(value=5)]), None).digest
    for rows in ([row(value=6)], [row(value=5), row(period="2020", value=5)]):
        with nothing_changes(), pytest.raises(imports.Stale):
            bring_in(*rows, expected=expected)


def test_a_figure_that_was_approved_since_it_was_shown_is_not_changed(waits: OutcomeMetric, grace: User) -> None:
    figure = ObservationFactory(metric=waits, period_start="2019", value=5, entered=True)
    expected = imports.report_of(as_csv([row(value=6)]), None).digest
    figures.approve([figure], by=grace)

    with nothing_changes(), pytest.raises(imports.Refused):
        bring_in(row(value=6), expected=expected)


def test_what_changes_while_it_is_imported_is_not_imported(waits: OutcomeMetric) -> None:
    ObservationFactory(metric=waits, period_start="2019", value=5, entered=True)
    looked = []

    def meanwhile(execute: Callable, sql: str, *rest: object) -> object:
        if sql.startswith("SELECT") and 'FROM "programmes_observation"' in sql:
            looked.append(sql)
            if len(looked) == 2:
                Observation.objects.update(value=7)
        return execute(sql, *rest)

    with nothing_changes(), pytest.raises(imports.Stale), connection.execute_wrapper(meanwhile):
        bring_in(row(value=6))
    assert len(looked) == 2


# How much it asks


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


@pytest.mark.parametrize("limited", [True, False])
def test_a_check_asks_as_much_for_many_rows_as_for_few(limited: bool) -> None:
    lead = OrganisationFactory(published=True)
    metrics = [OutcomeMetricFactory(lead=lead) for _ in range(4)]
    person = UserFactory(rights=("change_outcomemetric",))
    if limited:
        RemitFactory(person=person, organisation=lead)
    sources = [SourceFactory(published=True).slug for _ in range(3)]
    for metric in metrics:
        for at, day in enumerate(days(30)):
            ObservationFactory(metric=metric, period_start=str(day), entered=bool(at % 2))
    CorrectionFactory(observation=metrics[0].observations.approved().first())

    def asked(count: int) -> int:
        rows = [
            row(metrics[at % 4].slug, str(days(count)[at]), value=at, source=sources[at % 3]) for at in range(count)
        ]
        by = User.objects.get(pk=person.pk)  # who has just come, and whose rights nobody has asked for
        return queries(lambda: check(*rows, by=by))

    assert asked(50) == asked(400)
    # A second lot looks for what stands, and knows the outcomes and the sources.
    assert asked(imports.TOGETHER) < asked(2 * imports.TOGETHER) <= asked(imports.TOGETHER) + 2


def test_an_import_asks_little_for_each_row(waits: OutcomeMetric) -> None:
    for day in days(100):
        ObservationFactory(metric=waits, period_start=str(day), entered=True)
    rows = [row(period=str(day), value=at) for at, day in enumerate(days(400))]

    assert queries(lambda: bring_in(*rows)) <= 40


# Cells, from end to end


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234,567", 1234567),
        ("1 234.5", Decimal("1234.5")),
        ("1\u00a0234", 1234),
        ("-12", -12),
        ("−12", -12),
        ("+0.1", Decimal("0.1")),
        (".5", Decimal("0.5")),
        ("00012", 12),
        ("-0", 0),
        (12.5, Decimal("12.5")),
        (0.1 + 0.2, "too many decimals in a text"),
        ("99999999999999.9", Decimal("99999999999999.9")),
        ("12345678901.2345", Decimal("12345678901.2345")),
        ("99999999999999.9999", "more than 15 digits: round it"),
        ("-123456789012.3456", "more than 15 digits: round it"),
        (-7, -7),
        ("12%", "has a percent sign"),
        ("£12", "sign of a currency"),
        ("(12)", "in brackets"),
        ("NaN", "a calculation without a result"),
        ("inf", "a calculation without a result"),
        ("1e400", "shortened with an exponent"),
        ("1E3", "shortened with an exponent"),
        ("9" * 400, "more than 14 digits before the point"),
        ("1,23", "a comma in an unusual place"),
        ("1.234,5", "decimal comma: write it with a decimal point, as 1234.5"),
        ("=1+1", "The cell holds a formula (=1+1): paste its value."),
        ("#DIV/0!", "The cell shows the error #DIV/0!"),
        ("12/03/2019", "is a date or a time, not a number"),
        ("١٢", "digits other than 0 to 9"),
        ("twelve", "is not a number"),
    ],
)
def test_a_number_is_read_right_or_refused(write: Callable, cell: object, value: object, waits: OutcomeMetric) -> None:
    file = write([row(period="2018", value=1), row(value=cell)])
    if cell == 0.1 + 0.2:  # a workbook's numbers have 15 digits, as Excel shows them
        value = Decimal("0.3") if write is as_xlsx else "more than 4 decimals"
    if isinstance(value, str):
        with nothing_changes(), pytest.raises(imports.Refused):
            imports.import_figures(file, None)
        [fault] = list(imports.check(file, None))[1].faults
        assert fault.column == "value"
        assert value in fault.words
    else:
        imports.import_figures(file, None)
        assert waits.observations.get(period_start="2019").value == value


@pytest.mark.parametrize("column", [name for name in imports.COLUMNS if name != "outcome"])
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_formula_is_refused_wherever_it_stands(write: Callable, column: str, waits: OutcomeMetric) -> None:
    cells = {**row(value=5), column: '=HYPERLINK("http://example.com")'}

    [judged] = imports.check(write([cells]), None)

    assert (judged.line, [fault.column for fault in judged.faults]) == (2, [column])
    assert judged.faults[0].words.startswith("The cell holds a formula (=HYPERLINK(")


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        (datetime.date(2026, 5, 17), "17 May 2026"),
        (datetime.datetime(2026, 5, 17), "17 May 2026"),
        (2026, "2026"),
        ("May 2026", "May 2026"),
        (datetime.datetime(2026, 5, 17, 12, 30), "has a time of day"),
        ("31/02/2026", "a day that does not exist"),
        (46159, "the number that Excel keeps for a date"),
        (True, "is not a date"),
    ],
)
def test_a_date_of_excel_is_read_right_or_refused(cell: object, period: str, waits: OutcomeMetric) -> None:
    file = as_xlsx([{**row(value=5), "period_start": cell, "period_end": cell}])
    [judged] = imports.check(file, None)

    if judged.faults:
        assert [fault.column for fault in judged.faults] == ["period_start", "period_end"]
        assert period in judged.faults[0].words
    else:
        imports.import_figures(file, None)
        assert waits.observations.get().period == period


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_as_spreadsheets_write_it(separator: str, encoding: str, waits: OutcomeMetric) -> None:
    rows = [row(value="1234.5", note="Café – “by hand”; twice,\nor more")]

    imports.import_figures(as_csv(rows, separator, encoding), None)

    assert told(waits.observations.get())[:2] == (Decimal("1234.5"), "Café – “by hand”; twice,\nor more")


@pytest.mark.parametrize(
    ("cell", "words"), [("1,234", "may be a decimal comma"), ("1.234", "may be 1234 or 1.2340"), ("1,5", "comma")]
)
def test_what_may_be_a_decimal_comma_is_refused(cell: str, words: str, waits: OutcomeMetric) -> None:
    [judged] = imports.check(as_csv([row(value=cell)], ";"), None)

    assert [fault.column for fault in judged.faults] == ["value"]
    assert words in judged.faults[0].words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no rows"),
        (b"metric,period_start,period_end,value\n", "has no rows"),
        (b"metric,period_start,value\nwaits,2019,5\n", "“period_end” is missing"),
        (b"metric,period_start,period_end,colour\nwaits,2019,2019,red\n", "“colour”"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b'metric,period_start,period_end,value\nwaits,2019,2019,"5', "never closed"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(content: bytes, words: str, waits: OutcomeMetric) -> None:
    for read in (imports.report_of, imports.import_figures):
        with nothing_changes(), pytest.raises(imports.Unreadable, match=words):
            read(io.BytesIO(content), None)


def test_a_file_that_breaks_off_after_rows_were_read_leaves_nothing(waits: OutcomeMetric) -> None:
    file = as_csv(row(period=str(day), value=5) for day in days(imports.TOGETHER + 3))
    for read in (imports.report_of, imports.import_figures):
        with nothing_changes(), pytest.raises(imports.Unreadable, match="Line 505 has a quotation mark"):
            read(io.BytesIO(file.getvalue() + b'waits,"2019,5'), None)


# Whatever people upload

FUZZ = settings(max_examples=80)
PERIODS = {
    "2019": "2019",
    "May 2019": "2019-05",
    "05/2019": "2019-05",
    "2019-05-31": "2019-05-31",
    "31/12/2019": "2019-12-31",
    "2020-02-29": "2020-02-29",
}


@contextmanager
def taken_back() -> Iterator[None]:
    """What one example changes, the next does not see."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def refused_in_words(file: io.BytesIO) -> bool:
    """Import a file. If it is refused, then as a whole or row by row, with words, and nothing has changed."""
    before, refusal = everything(), None
    try:
        imports.import_figures(file, None)
    except (imports.Unreadable, imports.Refused) as error:
        refusal = error
    if refusal is None:
        return False
    assert everything() == before
    if isinstance(refusal, imports.Unreadable):
        assert str(refusal).endswith((".", "?"))
        return True
    rows = list(imports.check(file, None))
    assert len(rows) == refusal.args[0].counts.total()
    assert any(judged.faults for judged in rows)
    for judged in rows:
        assert bool(judged.faults) == (judged.effect is REFUSED)
        for fault in judged.faults:
            assert fault.column in imports.COLUMNS or fault.words.startswith(f"Line {judged.line} ")
            assert fault.words.endswith((".", "?"))
    return True


HEADING_LINE = b"metric,period_start,period_end,value,numerator,denominator,missing_reason,note,source\n"


@FUZZ
@given(start=st.sampled_from([b"", HEADING_LINE, HEADING_LINE + b"waits,2019,2019,", b"PK\x03\x04"]), rest=st.binary())
def test_any_bytes_are_imported_or_refused_in_words(waits: OutcomeMetric, start: bytes, rest: bytes) -> None:
    with taken_back():
        refused_in_words(io.BytesIO(start + rest))


ODD = st.sampled_from(
    ["", " ", "=1+1", "'=1", "NaN", "1e400", "12%", "31/02/2019", "-", "\ufeff", "\u202e5", "5\u0301"]
)
NUMBERS = st.decimals(-(10**12), 10**12, places=3).map(str) | st.integers(-(10**6), 10**6).map("{:,}".format)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
ANY_CELL = ODD | NUMBERS | TEXTS
ODD_ROWS = st.fixed_dictionaries(
    {
        "metric": st.sampled_from(["waits", "jobs", "WAITS", ""]) | TEXTS,
        **dict.fromkeys(("period_start", "period_end"), st.sampled_from(list(PERIODS)) | ANY_CELL),
    },
    optional=dict.fromkeys([*imports.COUNTED, "missing_reason", "note", "source", "provisional"], ANY_CELL),
)
USUAL_PERIODS = st.sampled_from([(start, end) for start in PERIODS for end in PERIODS if start[-4:] <= end[-4:]])
USUAL_ROWS = st.builds(
    lambda period, counted: {"period_start": period[0], "period_end": period[1], **counted},
    USUAL_PERIODS,
    st.fixed_dictionaries({"metric": st.just("waits"), "value": NUMBERS})
    | st.fixed_dictionaries(
        {"metric": st.just("jobs"), "numerator": NUMBERS, "denominator": NUMBERS.map(lambda text: text.lstrip("-"))}
    ),
)
TABLES = st.lists(ODD_ROWS | USUAL_ROWS, min_size=1, max_size=3) | st.lists(USUAL_ROWS, min_size=1, max_size=3)


def plain(cell: str) -> Decimal | None:
    """A number as whoever wrote it meant it; independent of how the portal reads it."""
    text = re.sub(r"[,\s]", "", cell).replace("−", "-")
    return Decimal(text) if text else None


@FUZZ
@given(rows=TABLES, write=st.sampled_from([as_csv, as_xlsx]))
def test_any_table_is_refused_in_words_or_read_as_it_was_meant(
    waits: OutcomeMetric, jobs: OutcomeMetric, rows: list[Cells], write: Callable
) -> None:
    with taken_back():
        if refused_in_words(write(rows)):
            return
        kept = {(one.metric.slug, str(one.period_start), str(one.period_end)): one for one in Observation.objects.all()}
        given = 0
        for cells in rows:
            counted = [plain(cells.get(name, "")) for name in imports.COUNTED]
            is_counted = any(number is not None for number in counted)
            given += is_counted or bool(cells.get("missing_reason", "").strip())
            period = [PERIODS.get(cells[name].strip()) for name in ("period_start", "period_end")]
            if is_counted and None not in period:
                figure = kept[cells["metric"].strip(), *period]
                assert [figure.value, figure.numerator, figure.denominator] == counted
        assert len(kept) == given


# What the portal keeps exactly: 15 digits, 14 of them before the point, 4 after it.
EXACT = st.builds(lambda digits, places: Decimal(digits).scaleb(-places), st.integers(1, 10**15 - 1), st.integers(1, 4))
SIGNED = st.just(Decimal(0)) | EXACT | EXACT.map(lambda number: -number)
WORDS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cc", "Cs", "Cn"]), max_size=30).map(
    lambda text: text.strip().lstrip("='").strip()
)
EXTRAS = {"note": WORDS, "provisional": st.sampled_from(["yes", "no", ""])}
VALID = (
    st.fixed_dictionaries({"metric": st.just("waits"), "value": SIGNED, **EXTRAS})
    | st.fixed_dictionaries({"metric": st.just("jobs"), "numerator": EXACT, "denominator": EXACT, **EXTRAS})
    | st.fixed_dictionaries(
        {"metric": st.sampled_from(["waits", "jobs"]), "missing_reason": WORDS.filter(bool), **EXTRAS}
    )
)
SERIES = st.dictionaries(st.integers(1900, 2200), VALID, min_size=1, max_size=8).map(
    lambda found: [{**row(period=str(year)), **cells} for year, cells in found.items()]
)


def as_template(rows: Iterable[Cells]) -> io.BytesIO:
    """A workbook as the portal writes it to be filled in."""
    file = io.BytesIO()
    columns, *lines = as_lists(rows)
    write_xlsx(file, columns, lines, sheet="Figures", numbers=imports.COUNTED)
    return file


@FUZZ
@given(rows=SERIES)
@pytest.mark.parametrize("write", [as_csv, as_template, as_xlsx])
def test_what_is_written_comes_back_exactly(
    waits: OutcomeMetric, jobs: OutcomeMetric, write: Callable, rows: list[Cells]
) -> None:
    with taken_back():
        report = imports.import_figures(write(rows), None)

        assert report.counts == {ADDED: len(rows)}
        kept = {str(one.period_start): one for one in Observation.objects.select_related("metric")}
        assert len(kept) == len(rows)
        for cells in rows:
            figure = kept[str(cells["period_start"])]
            assert (figure.metric.slug, figure.period_end) == (cells["metric"], PartialDate(int(cells["period_end"])))
            assert [figure.value, figure.numerator, figure.denominator] == [cells.get(one) for one in imports.COUNTED]
            assert (figure.missing_reason, figure.note) == (cells.get("missing_reason", ""), cells["note"])
            assert figure.is_provisional == (cells["provisional"] == "yes")
        with nothing_changes():
            assert imports.import_figures(write(rows), None).counts == {LEFT: len(rows)}


# The command


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., list[str]]:
    """Runs the command with a table. Gives the lines that it says; where it fails, they are the error's `said`."""

    def run(rows: list[Cells], *options: str) -> list[str]:
        path, out = tmp_path / "figures.csv", io.StringIO()
        path.write_bytes(as_csv(rows).getvalue())
        try:
            call_command("import_observations", str(path), *options, stdout=out)
        except CommandError as error:
            error.said = out.getvalue().splitlines()
            raise
        return out.getvalue().splitlines()

    return run


def test_the_command_imports_in_the_name_of_a_person(command: Callable, waits: OutcomeMetric, ada: User) -> None:
    assert command(mixed(waits), "--by", "ada") == ["1 added, 1 changed, 1 left as it is, 0 refused."]

    figure = waits.observations.get(period_start="2015")
    assert (figure.value, figure.entered_by, figure.is_approved) == (1234, ada, False)


def test_the_command_imports_in_nobodys_name_unless_told(command: Callable, waits: OutcomeMetric) -> None:
    command([row(value=5)])

    assert waits.observations.get().entered_by is None


def test_a_dry_run_says_what_each_row_would_do_and_changes_nothing(command: Callable, waits: OutcomeMetric) -> None:
    rows = mixed(waits)
    with nothing_changes():
        said = command(rows, "--dry-run")

    assert said == [
        f"Line 2: {waits.name}, 2015: added. 1,234",
        f"Line 3: {waits.name}, 2016: left as it is. 10",
        f"Line 4: {waits.name}, 2017: changed. 20 becomes 21",
        "1 added, 1 changed, 1 left as it is, 0 refused.",
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [((), "Nothing was imported: rows were refused."), (("--dry-run",), "Nothing can be imported while a row is")],
)
def test_the_command_names_what_is_refused_and_fails(
    options: tuple, words: str, command: Callable, waits: OutcomeMetric
) -> None:
    rows = [row(value=5), row(period="2018", value="12%"), row("nowhere", period="2017", value=1)]
    with nothing_changes(), pytest.raises(CommandError, match=words) as caught:
        command(rows, *options)

    assert caught.value.returncode == 1
    said = [line for line in caught.value.said if "added. " not in line]
    assert said == [
        "Line 3, column value: “12%” has a percent sign: write the number without it, or give the two parts of it.",
        "Line 4, column metric: “nowhere”. " + NOT_YOURS,
        "1 added, 0 changed, 0 left as it is, 2 refused.",
    ]


def test_the_command_says_of_a_row_as_a_whole_what_is_wrong(tmp_path: Path, waits: OutcomeMetric) -> None:
    path, out = tmp_path / "figures.csv", io.StringIO()
    path.write_text("metric,period_start,period_end,value\nwaits,2019,2019,2,477\n")
    with nothing_changes(), pytest.raises(CommandError):
        call_command("import_observations", str(path), stdout=out)

    assert out.getvalue().startswith("Line 2 has more cells than the heading line (“477”)")


@pytest.mark.parametrize(
    ("name", "by", "words"),
    [
        ("figures.csv", "nobody", "Nobody with the user name “nobody” works here."),
        ("figures.csv", "gone", "Nobody with the user name “gone” works here."),
        ("nothing.csv", "ada", "nothing.csv cannot be opened: No such file or directory."),
        (".", "ada", "cannot be opened: Is a directory."),
        ("empty.csv", "ada", "The file has no rows."),
        ("figures.csv", "reader", "Nothing was imported: rows were refused."),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_the_command_says_in_plain_english_why_it_cannot(
    dry_run: bool, name: str, by: str, words: str, tmp_path: Path, waits: OutcomeMetric, ada: User
) -> None:
    UserFactory(username="gone", superuser=True, is_active=False)
    UserFactory(username="reader", rights=("view_outcomemetric",))
    (tmp_path / "figures.csv").write_bytes(as_csv([row(value=5)]).getvalue())
    (tmp_path / "empty.csv").touch()
    if dry_run:
        words = words.replace("was imported: rows were refused", "can be imported while a row is refused")
    options = ["--by", by, *(["--dry-run"] if dry_run else [])]

    with nothing_changes(), pytest.raises(CommandError, match=re.escape(words)):
        call_command("import_observations", str(tmp_path / name), *options, stdout=io.StringIO())
