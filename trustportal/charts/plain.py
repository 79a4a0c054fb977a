"""Figures over time that are no control chart: points alone, and places in a ranking. No limits, no verdicts."""

import datetime
from collections.abc import Callable, Sequence
from itertools import pairwise

from trustportal.charts.drawing import LETTER, Chart, Dot, Figure, Note, Size, Tick, Written
from trustportal.charts.field import Field
from trustportal.charts.scales import places_for, ticks_for

ABOVE, BELOW = 10, 18  # from a point to the line of what is written beside it
INSET = 20  # so that what is written above the first point does not meet the scale


def draw_points(
    dates: Sequence[datetime.date],
    values: Sequence[float | None],
    figures: Sequence[Figure],
    *,
    size: Size,
    in_words: Callable[[float], str],
    target: float | None = None,
    baseline: float | None = None,
    notes: Sequence[Note] = (),
) -> Chart:
    """Lay out figures in time order as points that nothing joins. `in_words` says a number of the scale."""
    known = [value for value in [*values, target, baseline] if value is not None]
    scale = ticks_for(min(known, default=0.0), max(known, default=1.0))
    field = Field.of(size, dates, scale, inset=INSET)
    return _chart(field, scale, dates, values, figures, in_words, {"target": target, "baseline": baseline}, notes)


def draw_places(
    dates: Sequence[datetime.date],
    values: Sequence[float | None],
    figures: Sequence[Figure],
    *,
    size: Size,
    in_words: Callable[[float], str],
    is_first_best: bool = True,
    target: float | None = None,
    baseline: float | None = None,
    notes: Sequence[Note] = (),
) -> Chart:
    """Lay out places in time order as steps, the best at the top: a place holds until the next one is known."""
    known = [value for value in [*values, target, baseline] if value is not None]
    scale = places_for(min(known, default=1.0), max(known, default=1.0))
    field = Field.of(size, dates, scale, is_upside_down=is_first_best, inset=INSET)
    levels = {"target": target, "baseline": baseline}
    return _chart(field, scale, dates, values, figures, in_words, levels, notes, is_stepped=True)


def _chart(
    field: Field,
    scale: Sequence[float],
    dates: Sequence[datetime.date],
    values: Sequence[float | None],
    figures: Sequence[Figure],
    in_words: Callable[[float], str],
    levels: dict[str, float | None],
    notes: Sequence[Note],
    is_stepped: bool = False,
) -> Chart:
    dots, gaps, runs = field.place(dates, values, ["common_cause"] * len(dates), figures)
    return Chart(
        size=field.size,
        line="".join(map(_steps, runs)) if is_stepped else "",
        dots=dots,
        gaps=gaps,
        levels=field.across(levels),
        breaks=[],
        notes=field.numbers(notes),
        y_ticks=[Tick(field.y_of(value), in_words(value)) for value in scale],
        x_ticks=field.x_ticks(dates, figures),
        values=_written(dots, is_stepped) if _has_room(dots) else [],
    )


def _steps(run: list[Dot]) -> str:
    places = [f"{run[0].x:g} {run[0].y:g}"]
    for before, dot in pairwise(run):
        places += [f"{dot.x:g} {before.y:g}", f"{dot.x:g} {dot.y:g}"]
    return "M" + "L".join(places)


def _written(dots: Sequence[Dot], is_stepped: bool) -> list[Written]:
    """The figures above their points; below a point into which a step comes down."""
    falls = {dot for before, dot in pairwise(dots) if is_stepped and dot.y > before.y}
    return [Written(dot.x, dot.y + (BELOW if dot in falls else -ABOVE), dot.figure.value) for dot in dots]


def _has_room(dots: Sequence[Dot]) -> bool:
    """Whether the figures can be written above the points without meeting each other."""
    widest = LETTER * max((len(dot.figure.value) for dot in dots), default=0)
    return all(dot.x - before.x > widest for before, dot in pairwise(dots))
