"""The overview of many events: how many of each kind there were in each year, or in each few years."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)  # years
SHADES = 4
ROW = 34


@dataclass(frozen=True)
class Grid:
    """The paper, in pixels: how wide, the room for the names of the kinds (0: above), the least width of a cell."""

    name: str
    width: int
    gutter: int
    cell: int
    letters: int


WIDE = Grid("wide", 960, gutter=208, cell=44, letters=14)
NARROW = Grid("narrow", 330, gutter=0, cell=46, letters=13)


@dataclass(frozen=True)
class Cell:
    """The events of one kind in a few years. `shade` is 1 for few to SHADES for most; the number says the same."""

    kind: str
    first: int
    last: int
    count: int
    shade: int
    x: int
    y: int
    middle: int
    number: str  # the count as people read it
    address: str
    title: str


@dataclass(frozen=True)
class Row:
    """The cells of a kind."""

    kind: str
    heading: str
    y: int
    cells: list[Cell]


@dataclass(frozen=True)
class Overview:
    """All of it, ready to be drawn."""

    grid: Grid
    rows: list[Row]
    columns: list[tuple[int, str]]  # where the name of each stands, and the name
    has_middles: bool  # whether they stand over the middles of the columns, or over their beginnings
    inner: int  # how wide a cell is, without the gap beside it
    height: int

    @property
    def box(self) -> str:
        """Width and height, as an SVG's viewBox has them."""
        return f"{self.grid.width} {self.height}"


def draw_overview(
    counts: Mapping[tuple[str, int], int],
    headings: Mapping[str, str],
    grid: Grid,
    address: Callable[[str, int, int], str],
) -> Overview | None:
    """The overview of counts by kind and year; `address` gives where a kind, a first and a last year lead."""
    years = [year for (_kind, year), count in counts.items() if count]
    if not years:
        return None
    first, last = min(years), max(years)
    room = (grid.width - grid.gutter) // grid.cell
    step = next(step for step in STEPS if last // step - first // step + 1 <= room)
    start = first // step * step
    columns = last // step - first // step + 1
    cell = min((grid.width - grid.gutter) // columns, 2 * grid.cell)
    sums: dict[tuple[str, int], int] = {}
    for (kind, year), count in counts.items():
        place = kind, year // step - start // step
        sums[place] = sums.get(place, 0) + count
    most = max(sums.values())
    rows, y = [], 34
    for kind, heading in headings.items():
        there = {column: sums[kind, column] for column in range(columns) if sums.get((kind, column))}
        if not there:
            continue
        upper = y if grid.gutter else y + 22
        cells = []
        for column, count in there.items():
            begin = start + column * step
            end = begin + step - 1
            words = str(begin) if step == 1 else _("%(first)s to %(last)s") % {"first": begin, "last": end}
            number = number_format(count, force_grouping=True)
            title = _("%(years)s: %(kind)s, %(count)s")
            cells.append(
                Cell(
                    kind=kind,
                    first=begin,
                    last=end,
                    count=count,
                    shade=max(1, math.ceil(SHADES * math.sqrt(count / most) - 1e-9)),
                    x=grid.gutter + column * cell,
                    y=upper,
                    number=number,
                    middle=grid.gutter + column * cell + cell // 2 - 1,
                    address=address(kind, begin, end),
                    title=title % {"years": words, "kind": heading, "count": number},
                )
            )
        rows.append(Row(kind, heading, y, cells))
        y = upper + ROW
    has_middles = step == 1
    shift = cell // 2 if has_middles else 0
    names = [(grid.gutter + column * cell + shift, str(start + column * step)) for column in range(columns)]
    return Overview(grid, rows, names, has_middles, cell - 2, y + 4)
