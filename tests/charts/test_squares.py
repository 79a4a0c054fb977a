"""Yes or no over time: a square for each period, told apart by shape."""

import io
import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from trustportal.charts.drawing import Figure
from trustportal.charts.png import SCALE, paint
from trustportal.charts.squares import SIDE, Squares, draw_squares

pytestmark = pytest.mark.either_database

BLUE, WHITE = (0, 94, 184), (255, 255, 255)


def squares(answers: list, width: int = 760, periods: list | None = None, **facts: object) -> Squares:
    periods = periods or [f"Year {at}" for at in range(len(answers))]
    figures = [
        Figure(period=period, value=str(answer), anchor=f"figure-{at}", **facts)
        for at, (period, answer) in enumerate(zip(periods, answers, strict=True))
    ]
    return draw_squares(answers, figures, name="wide", width=width, row_name="%(first)s to %(last)s")


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=120), st.sampled_from([760, 360]))
def test_all_squares_lie_on_the_paper_and_none_on_another(answers: list, width: int) -> None:
    drawn = squares(answers, width)

    corners = [(square.x, square.y) for square in drawn.squares]
    assert len(set(corners)) == len(answers)
    for x, y in corners:
        assert 0 <= x <= width - SIDE
        assert 0 <= y <= drawn.size.height - SIDE
        assert not any((x, y) != other and abs(x - other[0]) < SIDE and abs(y - other[1]) < SIDE for other in corners)


def test_few_periods_are_named_below_their_squares_and_many_row_by_row() -> None:
    few, many = squares([True] * 5), squares([True] * 30, periods=[f"Month {at}" for at in range(30)])

    assert [square.is_labelled for square in few.squares] == [True] * 5
    assert few.names == []
    assert {square.is_labelled for square in many.squares} == {False}
    assert [name.words for name in many.names] == ["Month 0 to Month 19", "Month 20 to Month 29"]


def test_a_row_of_one_is_named_after_its_period() -> None:
    periods = [f"{at} September 2025" for at in range(21)]

    assert squares([True] * 21, periods=periods).names[-1].words == "20 September 2025"


def test_yes_no_and_a_gap_differ_in_shape() -> None:
    yes, no, gap = squares([True, False, None]).squares

    assert yes.is_yes
    assert not no.is_yes
    assert gap.outline == ""
    assert len({len(square.strokes) for square in (yes, no)}) == 2
    assert len({square.sign.partition("L")[2] for square in (yes, no, gap)}) == 3


def test_the_drawing_is_well_formed_says_each_answer_and_leads_to_its_row() -> None:
    drawn = squares([True, False, None], is_provisional=True)
    svg = render_to_string("charts/squares.svg", {"chart": drawn, "label": 'A "row"', "page": "/x/", "is_file": False})

    root = ET.fromstring(svg)  # noqa: S314
    links = root.findall(".//{http://www.w3.org/2000/svg}a")
    assert [link.get("href") for link in links] == [f"/x/#figure-{at}" for at in range(3)]
    assert [link[0].text for link in links] == ["Year 0: True", "Year 1: False", "Year 2: None"]
    assert svg.count("stroke-dasharray") == 3


def test_the_picture_has_filled_squares_for_yes_and_hollow_ones_for_no() -> None:
    drawn = squares([True, False, None])
    image = Image.open(io.BytesIO(paint(drawn, title="", caption=""))).convert("RGB")

    assert image.size == (drawn.size.width * SCALE, drawn.size.height * SCALE)
    yes, no, gap = (
        image.getpixel((round((square.x + 5) * SCALE), round((square.y + 5) * SCALE))) for square in drawn.squares
    )
    edge = image.getpixel((round((drawn.squares[1].x + 1) * SCALE), round((drawn.squares[1].y + 14) * SCALE)))
    assert (yes, no, gap, edge) == (BLUE, WHITE, WHITE, BLUE)
