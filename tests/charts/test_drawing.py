"""How a chart is laid out: everything inside the paper, in order, and round numbers on the scale."""

import datetime
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from trustportal.charts.control import draw
from trustportal.charts.drawing import NARROW, SHAPES, WIDE, Chart, Figure, Note, Size
from trustportal.charts.spc import analyse

pytestmark = pytest.mark.either_database

FIRST = datetime.date(2020, 1, 1)
values_or_gaps = st.lists(
    st.one_of(st.none(), st.floats(-1e9, 1e9).map(lambda number: round(number, 3))), min_size=1, max_size=60
)


def chart_of(values: list, size: Size = WIDE, *, rebase: list | None = None, **options: object) -> Chart:
    dates = [FIRST + datetime.timedelta(days=30 * at) for at in range(len(values))]
    figures = [
        Figure(period=f"Period {at}", value=str(value), anchor=f"figure-{at}") for at, value in enumerate(values)
    ]
    points = analyse(dates, values, rebase=rebase and [dates[at] for at in rebase]).points
    return draw(points, figures, size=size, in_words=str, **options)


@given(values_or_gaps, st.sampled_from([WIDE, NARROW]), st.one_of(st.none(), st.floats(-1e9, 1e9)))
def test_everything_lies_on_the_paper(values: list, size: Size, target: float | None) -> None:
    chart = chart_of(values, size, target=target)

    assert len(chart.dots) + len(chart.gaps) == len(values)
    for dot in [*chart.dots, *chart.gaps]:
        assert size.left <= dot.x <= chart.end
        assert size.top <= dot.y <= chart.floor
    for level in chart.levels:
        assert size.left <= level.start <= level.end <= chart.end
        assert size.top <= level.y <= chart.floor
    assert 2 <= len(chart.y_ticks) <= 12


@given(values_or_gaps)
def test_a_larger_value_never_lies_lower(values: list) -> None:
    dots = chart_of(values).dots
    known = [value for value in values if value is not None]

    pairs = sorted(zip(known, (dot.y for dot in dots), strict=True))
    assert [y for _, y in pairs] == sorted((y for _, y in pairs), reverse=True)


def test_the_line_breaks_where_a_figure_is_missing() -> None:
    chart = chart_of([1, 2, None, 4, 5])

    assert chart.line.count("M") == 2
    assert chart.line.count("L") == 2
    assert [gap.figure.period for gap in chart.gaps] == ["Period 2"]


def test_limits_are_drawn_for_long_segments_alone() -> None:
    values = [10, 12] * 8
    chart = chart_of([*values, 30, 31, 32], rebase=[16])

    assert {level.name for level in chart.levels} == {"mean", "upl", "lpl"}
    assert {level.end for level in chart.levels} == {chart.dots[15].x}
    assert chart.breaks == [chart.dots[16].x]
    assert {dot.kind for dot in chart.dots[16:]} == {"common_cause"}
    assert chart.last_levels == []
    assert chart_of(values[:12]).levels == []


def test_the_names_of_lines_do_not_overlap() -> None:
    chart = chart_of([10, 10.001] * 10, target=10, baseline=10)

    heights = [level.y for level in chart.last_levels]
    assert len(heights) == 5
    assert all(later - earlier >= 15 for earlier, later in pairwise(heights))


def test_the_last_period_is_always_named_and_labels_keep_their_distance() -> None:
    for size in (WIDE, NARROW):
        ticks = chart_of(list(range(37)), size).x_ticks
        assert ticks[-1].label == "Period 36"
        assert all(later.at - earlier.at >= size.label * 0.9 for earlier, later in pairwise(ticks))


def test_notes_outside_the_period_are_left_out() -> None:
    day = datetime.timedelta(days=1)
    chart = chart_of([1, 2, 3], notes=[Note(FIRST - day, 1), Note(FIRST + 2 * day, 2), Note(FIRST + 900 * day, 3)])

    assert [number for _x, number in chart.notes] == [2]


def test_the_drawing_is_well_formed_says_each_point_and_runs_nothing() -> None:
    chart = chart_of([1, 2, None, 4, *[10, 12] * 10], notes=[Note(FIRST, 1)], target=5)
    svg = render_to_string(
        "charts/points.svg", {"chart": chart, "label": 'A "chart" & more', "page": "/outcomes/x/", "is_file": False}
    )

    root = ET.fromstring(svg)  # noqa: S314
    links = root.findall(".//{http://www.w3.org/2000/svg}a")
    assert [link.get("href") for link in links[:2]] == ["/outcomes/x/#figure-0", "/outcomes/x/#figure-1"]
    assert len(links) == 24
    assert all(link[0].text for link in links)
    assert root.get("aria-label") == 'A "chart" & more'
    assert not re.search(r"style=|<style|<script|on\w+=", svg)


def test_sixty_points_take_at_most_twenty_kilobytes() -> None:
    values = [round(100 + 10 * ((at * 7919) % 13 - 6), 1) for at in range(60)]
    svg = render_to_string(
        "charts/points.svg",
        {"chart": chart_of(values), "label": "Chart", "page": "/outcomes/long-name/", "is_file": False},
    )

    assert len(svg.encode()) <= 20_000


def test_ordinary_points_are_drawn_short_and_the_others_by_colour_and_shape() -> None:
    chart = chart_of([100, 120, 110, 90, 100, 120, 100, 110, 90, 110, 100, 120, 90, 110, 100, 120, 300])
    marks = chart.marks

    assert {mark.colour for mark in marks[:-1]} == {""}
    assert marks[-1].colour == chart.dots[-1].colour != ""
    assert marks[-1].shape.endswith(SHAPES["special_cause_improvement"])


def test_periods_that_lie_close_together_are_not_named_over_each_other() -> None:
    days = [0, 2, 4, 400, 402]
    dates = [FIRST + datetime.timedelta(days=day) for day in days]
    figures = [Figure(period=f"{date:%d %B %Y}", value="1") for date in dates]
    chart = draw(analyse(dates, [1.0, 2.0, 3.0, 4.0, 5.0]).points, figures, size=WIDE, in_words=str)

    assert [tick.label for tick in chart.x_ticks] == [figures[2].period, figures[4].period]
