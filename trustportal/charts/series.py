"""Series of figures as others write them: one JSON object a line, or a file of dates and values."""

import csv
import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from trustportal.charts.spc import Analysis, UnfitSeries, analyse

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
OPTIONS = frozenset(
    {
        "facets",
        "improvement_direction",
        "fix_after_n_points",
        "rebase",
        "target",
        "screen_outliers",
        "trajectory",
        "two_of_three",
    }
)
LONGEST_SERIES = 100_000  # rows


def _refuse_constant(name: str) -> None:
    raise UnfitSeries(f"“{name}” is not a finite number.")


def date_of(text: object) -> datetime.date:
    """A date written as 2026-11-30. Raises UnfitSeries."""
    if isinstance(text, str) and ISO_DATE.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            pass
    raise UnfitSeries(f"“{text}” is not a date such as 2026-11-30.")


def _list_of(said: Mapping[str, object], name: str) -> list:
    found = said.get(name)
    if isinstance(found, list):
        return found
    raise UnfitSeries(f"“{name}” is a list.")


def _list_or_none(said: Mapping[str, object], name: str) -> list | None:
    return None if said.get(name) is None else _list_of(said, name)


def analysis_of(said: object) -> Analysis:
    """What comes of one series, given as the object that its line holds. Raises UnfitSeries."""
    if not isinstance(said, dict):
        raise UnfitSeries("A line holds one object, in curly brackets.")
    if unknown := set(said) - OPTIONS - {"id", "dates", "values"}:
        raise UnfitSeries(f"These names mean nothing here: {', '.join(sorted(unknown))}.")
    written = _list_of(said, "dates")
    if len(written) > LONGEST_SERIES:
        raise UnfitSeries(f"A series has at most {LONGEST_SERIES} rows.")
    facets = _list_or_none(said, "facets")
    if facets is not None and not all(isinstance(facet, str) for facet in facets):
        raise UnfitSeries("Facets are words, in quotes.")
    options = {name: said[name] for name in OPTIONS & set(said) if said[name] is not None}
    if not isinstance(options.get("screen_outliers", True), bool):
        raise UnfitSeries("“screen_outliers” is true or false.")
    if "rebase" in options:
        options["rebase"] = _rebase(options["rebase"])
    options |= {"facets": facets, "trajectory": _list_or_none(said, "trajectory")}
    return analyse([date_of(one) for one in written], _list_of(said, "values"), **options)


def _rebase(said: object) -> list[datetime.date] | dict[str, list[datetime.date]]:
    if isinstance(said, dict):
        return {facet: [date_of(one) for one in _list_or_none(said, facet) or []] for facet in said}
    if isinstance(said, list):
        return [date_of(one) for one in said]
    raise UnfitSeries("“rebase” is a list of dates, or one for each facet.")


def as_data(analysis: Analysis) -> dict[str, object]:
    """An analysis as JSON has it."""
    columns = analysis.points.columns()
    columns["date"] = [date.isoformat() for date in columns["date"]]
    return {
        "points": columns,
        "overall": [asdict(one) for one in analysis.overall],
        "summary": [asdict(one) for one in analysis.summary],
    }


def answers(lines: Iterable[str]) -> Iterator[str]:
    """For each line with a series, a line with what comes of it, or with its id and why it was refused."""
    for line in lines:
        if not line.strip():
            continue
        name = None
        try:
            said = json.loads(line, parse_constant=_refuse_constant)
            name = said.get("id") if isinstance(said, dict) else None
            answer = {"id": name, **as_data(analysis_of(said))}
        except UnfitSeries as error:
            answer = {"id": name, "error": str(error)}
        except (ValueError, RecursionError):
            answer = {"id": name, "error": "The line is no JSON."}
        yield json.dumps(answer, ensure_ascii=False, allow_nan=False)


def read_csv(lines: Iterable[str]) -> tuple[list[datetime.date], list[float | None]]:
    """Dates and values of a file with two columns; a first line with their names may stand there, an empty value is a
    missing one. Raises UnfitSeries, which names the line."""
    dates: list[datetime.date] = []
    values: list[float | None] = []
    for number, row in enumerate(csv.reader(lines), start=1):
        cells = [cell.strip().lstrip("\ufeff") for cell in row]
        if not any(cells) or (number == 1 and not any(char.isdigit() for char in cells[0])):
            continue
        try:
            if len(cells) != 2:
                raise UnfitSeries("There are two columns: a date and a value.")
            dates.append(date_of(cells[0]))
            values.append(_value_of(cells[1]))
        except UnfitSeries as error:
            raise UnfitSeries(f"Line {number}: {error}") from error
    return dates, values


def _value_of(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise UnfitSeries(f"“{text}” is not a number.") from error
