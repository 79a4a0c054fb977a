"""The part of a chart between its scales: where a day and a value lie on the paper."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trustportal.charts.drawing import LETTER, Dot, Figure, Level, Note, Size, Tick

HEADROOM = 0.06  # of the height, left free above and below


@dataclass(frozen=True)
class Field:
    """The field for a span of days and of values."""

    size: Size
    first: int  # days, as ordinals
    last: int
    low: float
    high: float
    is_upside_down: bool = False  # the lowest value at the top, as the first place of a ranking
    inset: int = 0  # how far from the edges the first and the last day lie

    @classmethod
    def of(cls, size: Size, dates: Sequence[datetime.date], scale: Sequence[float], **more: Any) -> "Field":
        """The field for days in order and a scale that spans the values."""
        return cls(size, dates[0].toordinal(), dates[-1].toordinal(), scale[0], scale[-1], **more)

    def x_of(self, date: datetime.date) -> float:
        """How far to the right a day lies; in the middle where there is one alone."""
        part = (date.toordinal() - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        left, right = self.size.left + self.inset, self.size.width - self.size.right - self.inset
        return round(left + part * (right - left), 1)

    def y_of(self, value: float) -> float:
        """How far down a value lies."""
        part = (value - self.low) / (self.high - self.low)
        height = self.size.height - self.size.top - self.size.bottom
        from_top = part if self.is_upside_down else 1 - part
        return round(self.size.top + height * (HEADROOM + from_top * (1 - 2 * HEADROOM)), 1)

    def place(
        self,
        dates: Sequence[datetime.date],
        values: Sequence[float | None],
        kinds: Sequence[str],
        figures: Sequence[Figure],
    ) -> tuple[list[Dot], list[Dot], list[list[Dot]]]:
        """The points, the gaps on the lower edge, and the points that follow each other without a gap."""
        dots: list[Dot] = []
        gaps: list[Dot] = []
        runs: list[list[Dot]] = []
        floor, is_open = self.size.height - self.size.bottom, False
        for date, value, kind, figure in zip(dates, values, kinds, figures, strict=True):
            if value is None:
                gaps.append(Dot(self.x_of(date), floor, "missing", figure))
            else:
                dots.append(Dot(self.x_of(date), self.y_of(value), kind, figure))
                if not is_open:
                    runs.append([])
                runs[-1].append(dots[-1])
            is_open = value is not None
        return dots, gaps, runs

    def across(self, values: dict[str, float | None]) -> list[Level]:
        """Lines from edge to edge, by name."""
        size = self.size
        return [
            Level(name, size.left, size.width - size.right, self.y_of(value))
            for name, value in values.items()
            if value is not None
        ]

    def x_ticks(self, dates: Sequence[datetime.date], figures: Sequence[Figure]) -> list[Tick]:
        """The periods of as many rows as there is room for, evenly chosen, the last one always among them.

        Rows may lie unevenly in time: one that is too near to the next is left out.
        """
        rows = len(figures)
        fit = max(1, (self.size.width - self.size.left - self.size.right) // self.size.label)
        every = max(1, math.ceil((rows - 1) / fit))
        ticks: list[Tick] = []
        for at in range(rows - 1, -1, -every):
            tick = Tick(self.x_of(dates[at]), figures[at].period)
            if not ticks or ticks[-1].at - tick.at >= LETTER * max(len(tick.label), len(ticks[-1].label)):
                ticks.append(tick)
        return ticks[::-1]

    def numbers(self, notes: Sequence[Note]) -> list[tuple[float, int]]:
        """Where the numbers of notes stand; those of other days are left out."""
        return [(self.x_of(note.date), note.number) for note in notes if self._holds(note.date)]

    def _holds(self, date: datetime.date) -> bool:
        return self.first <= date.toordinal() <= self.last
