"""How a control chart is drawn: an analysed series with its mean and limits."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from trustportal.charts.drawing import Chart, Figure, Level, Note, Size, Tick
from trustportal.charts.field import Field
from trustportal.charts.scales import ticks_for
from trustportal.charts.spc import Points


def draw(
    points: Points,
    figures: Sequence[Figure],
    *,
    size: Size,
    in_words: Callable[[float], str],
    target: float | None = None,
    baseline: float | None = None,
    notes: Sequence[Note] = (),
) -> Chart:
    """Lay out an analysed series, whose rows stand in the same order as the words about them.

    `in_words` says a number of the scale. Mean and limits are drawn for segments that are long enough to have them.
    """
    dates, segments = points.date, list(_segments(points))
    shown = [(start, end) for start, end in segments if points.has_limits(start)]
    columns = {"mean": points.mean, "upl": points.upl, "lpl": points.lpl}
    levels = [
        (name, start, end, level)
        for name, column in columns.items()
        for start, end in shown
        if (level := column[start]) is not None
    ]
    known = [
        value for value in [*points.value, target, baseline, *(level[-1] for level in levels)] if value is not None
    ]
    scale = ticks_for(min(known, default=0.0), max(known, default=1.0))
    field = Field.of(size, dates, scale)
    kinds = ["common_cause"] * len(dates)
    for start, end in shown:
        kinds[start : end + 1] = points.point_type[start : end + 1]
    dots, gaps, runs = field.place(dates, points.value, kinds, figures)
    return Chart(
        size=size,
        line="".join(["M" + "L".join([f"{dot.x:g} {dot.y:g}" for dot in run]) for run in runs]),
        dots=dots,
        gaps=gaps,
        levels=[
            *(
                Level(name, field.x_of(dates[start]), field.x_of(dates[end]), field.y_of(level))
                for name, start, end, level in levels
            ),
            *field.across({"target": target, "baseline": baseline}),
        ],
        breaks=[field.x_of(dates[start]) for start, _end in segments[1:]],
        notes=field.numbers(notes),
        y_ticks=[Tick(field.y_of(value), in_words(value)) for value in scale],
        x_ticks=field.x_ticks(dates, figures),
    )


def _segments(points: Points) -> Iterator[tuple[int, int]]:
    """First and last row of each segment."""
    start = 0
    for _group, rows in groupby(points.rebase_group):
        end = start + len(list(rows))
        yield start, end - 1
        start = end
