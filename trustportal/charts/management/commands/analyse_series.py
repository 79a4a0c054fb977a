"""`manage.py analyse_series`: XmR analysis of series that stand in a file."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from django.core.management.base import BaseCommand, CommandError

from trustportal.charts.series import answers, read_csv
from trustportal.charts.spc import COMMON_CAUSE, DIRECTIONS, Analysis, UnfitSeries, analyse

COLUMNS = ("date", "value", "mean", "lpl", "upl", "special_cause_type")
TITLES = ("Date", "Value", "Mean", "Lower limit", "Upper limit", "What the point shows")


class Command(BaseCommand):
    """Analyses series of figures as statistical process control charts do."""

    help = "Work out mean, limits and special causes of series, as the control charts of this portal show them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--jsonl", metavar="FILE", help="One series a line, as JSON; - reads the standard input.")
        which.add_argument("--csv", metavar="FILE", help="One series with a date and a value a line; prints a table.")
        parser.add_argument(
            "--improvement-direction", choices=DIRECTIONS, default="increase", help="For --csv: which way is better."
        )
        parser.add_argument("--target", type=float, help="For --csv: the figure that should be reached.")

    def handle(self, *args: object, **options: object) -> None:
        if options["jsonl"]:
            with opened(options["jsonl"]) as lines:
                for answer in answers(lines):
                    self.stdout.write(answer)
            return
        try:
            with opened(options["csv"]) as lines:
                dates, values = read_csv(lines)
            analysis = analyse(
                dates,
                values,
                improvement_direction=options["improvement_direction"],
                target=options["target"],
            )
        except UnfitSeries as error:
            raise CommandError(str(error)) from error
        for line in table(analysis):
            self.stdout.write(line)


@contextmanager
def opened(name: str) -> Iterator[TextIO]:
    """A text file in UTF-8, or the standard input for "-". Raises CommandError where it cannot be read."""
    if name == "-":
        yield sys.stdin
        return
    try:
        with open(name, encoding="utf-8-sig", newline="") as file:
            yield file
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"“{name}” cannot be read: {error}") from error


def table(analysis: Analysis) -> Iterator[str]:
    """The points as lines of a table, then what they come to."""
    columns = analysis.points.columns()
    rows = [TITLES, *(tuple(map(in_words, row)) for row in zip(*(columns[name] for name in COLUMNS), strict=True))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *figures, last = (
            cell.rjust(width) if 0 < at < len(row) - 1 else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([first, *figures, last]).rstrip()
    [overall] = analysis.overall
    yield ""
    yield f"Variation: {overall.variation_icon.replace('_', ' ')}"
    if overall.assurance_icon:
        yield f"Assurance: {overall.assurance_icon}"
    if any(analysis.points.short_group_warning):
        yield "Fewer than 13 points: the limits are shaky."


def in_words(cell: object) -> str:
    """One cell: figures with at most four decimals, nothing for what is undefined or ordinary."""
    if cell is None or cell == COMMON_CAUSE:
        return ""
    return f"{cell:.4f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
