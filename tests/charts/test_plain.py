"""What is no control chart: points alone, and places with the best at the top."""

import datetime
import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from trustportal.charts.drawing import NARROW, WIDE, Chart, Figure, Note, Size
from trustportal.charts.plain import draw_places, draw_points

pytestmark = pytest.mark.either_database

FIRST = datetime.date(2019, 1, 1)
gaps_and = st.lists(st.one_of(st.none(), st.integers(1, 10**6)), min_size=2, max_size=40)


def laid_out(draw: object, values: list, size: Size = WIDE, **options: object) -> Chart:
    dates = [FIRST + datetime.timedelta(days=365 * at) for at in range(len(values))]
    figures = [
        Figure(period=str(2019 + at), value=str(value), anchor=f"figure-{at}") for at, value in enumerate(values)
    ]
    return draw(dates, values, figures, size=size, in_words=str, **options)


def places(values: list, **options: object) -> Chart:
    return laid_out(draw_places, values, **options)


@given(gaps_and, st.sampled_from([WIDE, NARROW]), st.one_of(st.none(), st.integers(1, 10**6)))
@pytest.mark.parametrize("draw", [draw_points, draw_places])
def test_everything_lies_on_the_paper(draw: object, values: list, size: Size, target: int | None) -> None:
    chart = laid_out(draw, values, size, target=target, baseline=7)

    assert len(chart.dots) + len(chart.gaps) == len(values)
    for dot in [*chart.dots, *chart.gaps]:
        assert size.left <= dot.x <= chart.end
        assert size.top <= dot.y <= chart.floor
    assert {level.name for level in chart.levels} == {"baseline"} | ({"target"} if target else set())


def test_the_best_place_is_at_the_top() -> None:
    heights = [dot.y for dot in places([5, 3, 1]).dots]
    assert heights == sorted(heights, reverse=True)

    upside_down = [dot.y for dot in places([5, 3, 1], is_first_best=False).dots]
    assert upside_down == sorted(upside_down)


def test_a_place_holds_until_the_next_is_known() -> None:
    chart = places([5, 3, None, 4, 4])
    first, second = chart.dots[:2]

    assert chart.line.startswith(f"M{first.x:g} {first.y:g}L{second.x:g} {first.y:g}L{second.x:g} {second.y:g}M")
    assert [gap.figure.period for gap in chart.gaps] == ["2021"]


def test_points_alone_are_not_joined_and_have_no_limits() -> None:
    chart = laid_out(draw_points, [2477, 2787], notes=[Note(FIRST, 1)])

    assert chart.line == ""
    assert chart.levels == []
    assert [number for _x, number in chart.notes] == [1]


def test_figures_stand_where_no_line_crosses_them_and_only_where_there_is_room() -> None:
    chart = places([5, 3, 4])

    assert [words for _x, _y, words in chart.values] == [dot.figure.value for dot in chart.dots]
    # A step goes up from the right of the first place, and comes down upon the last one.
    assert [written.y > dot.y for written, dot in zip(chart.values, chart.dots, strict=True)] == [False, False, True]
    assert not places(list(range(1, 60))).values


def test_the_drawing_says_each_place_and_leads_to_its_row() -> None:
    svg = render_to_string(
        "charts/points.svg", {"chart": places([5, None, 3]), "label": "Places", "page": "/x/", "is_file": False}
    )

    root = ET.fromstring(svg)  # noqa: S314
    links = root.findall(".//{http://www.w3.org/2000/svg}a")
    assert {link.get("href"): link[0].text for link in links} == {
        "/x/#figure-0": "2019: 5",
        "/x/#figure-1": "2020: None",
        "/x/#figure-2": "2021: 3",
    }
