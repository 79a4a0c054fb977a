"""On paper: nothing over anything else, nothing beyond the edge, the same again."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import Organisation
from partnerships.networks import MARKS
from trustportal.design.colour import contrast_with_white
from trustportal.networks.arranging import EDGE, arranged
from trustportal.networks.drawing import NARROW, WIDE, Said, broken, draw
from trustportal.networks.graph import Graph, Line, Point
from trustportal.networks.layout import whole
from trustportal.networks.models import Node, Work

pytestmark = pytest.mark.either_database

numbers = st.floats(-1000, 1000, allow_nan=False)
boxes = st.lists(
    st.tuples(st.tuples(numbers, numbers), st.tuples(st.floats(24, 140), st.floats(24, 110))), min_size=1, max_size=40
)


def overlap(one: tuple, other: tuple) -> bool:
    return one[0] < other[2] - 0.3 and other[0] < one[2] - 0.3 and one[1] < other[3] - 0.3 and other[1] < one[3] - 0.3


@given(boxes, st.sampled_from([328, 960]))
def test_no_box_lies_over_another_or_beyond_the_paper(rows, width):
    sizes = [size for _, size in rows]

    corners, height = arranged([place for place, _ in rows], sizes, width=width, lowest=300, filled=0.45, evened=0.5)

    placed = [(x, y, x + wide, y + high) for (x, y), (wide, high) in zip(corners, sizes, strict=True)]
    assert not [(one, other) for at, one in enumerate(placed) for other in placed[:at] if overlap(one, other)]
    assert all(math.isfinite(number) for corner in corners for number in corner)
    for left, top, right, foot in placed:
        assert left >= EDGE - 0.1
        assert top >= EDGE - 0.1
        assert right <= width - EDGE + 0.1
        assert foot <= height - EDGE + 0.1


@given(boxes)
def test_the_same_boxes_lie_in_the_same_places(rows):
    def again() -> tuple:
        return arranged(
            [place for place, _ in rows], [size for _, size in rows], width=960, lowest=300, filled=0.4, evened=0.5
        )

    assert again() == again()


def graph(count: int, closed: int | None = None) -> Graph:
    """A chain with a star at its end."""
    points = [
        Point(
            f"{n}",
            n % 9 + 1,
            node=Node(
                key=f"{n}",
                name=f"Made-up organisation with a long name {n}",
                kind="charity",
            ),
            is_closed=n == closed,
        )
        for n in range(count)
    ]
    lines = []
    for n in range(1, count):
        line = Line(f"{n // 3}", f"{n}")
        line.works["w"] = Work(key="w", sort="programme" if n % 2 else "partnership", name="Work")
        lines.append(line)
    return Graph(points, lines, whole([p.key for p in points], [(line.one, line.other) for line in lines]))


def drawn(one: Graph, paper: object = WIDE, **more: object) -> object:
    said = {point.key: Said("Words", "/page/", point.node.name) for point in one.points}
    lines = {number: Said("Words", "/page/") for number, _ in enumerate(one.lines)}
    return draw(one, paper, marks=MARKS, said=said, line_said=lines, **more)


@pytest.mark.parametrize("paper", [WIDE, NARROW], ids=lambda paper: paper.name)
@pytest.mark.parametrize("count", [1, 2, 17, 60, 80])
def test_points_and_labels_do_not_overlap(count, paper):
    drawing = drawn(graph(count), paper)

    found = [point.box for point in drawing.points]
    assert not [(one, other) for at, one in enumerate(found) for other in found[:at] if overlap(one, other)]
    assert all(left >= 0 and right <= paper.width for left, _, right, _ in found)
    assert all(top >= 0 and foot <= drawing.height for _, top, _, foot in found)
    for point in drawing.points:  # a label stands within what its point covers
        _left, top, _right, foot = point.box
        assert all(top <= float(y) <= foot for _, y, _ in point.label_lines)


def test_each_point_is_large_enough_for_a_finger():
    assert min(2 * point.radius for point in drawn(graph(40)).points) >= 24


def test_lines_run_from_rim_to_rim_and_end_inside_the_paper():
    drawing = drawn(graph(30))

    assert len(drawing.lines) == 29
    assert {line.dash for line in drawing.lines} == {"", "7 4"}
    assert not any("nan" in line.path for line in drawing.lines)


def test_the_closed_are_hollow_and_the_host_is_marked():
    drawing = drawn(graph(3, closed=1), marked="2")

    assert [point.is_hollow for point in drawing.points] == [False, True, False]
    assert [point.is_marked for point in drawing.points] == [False, False, True]


def test_a_long_name_is_broken_at_words_and_what_is_left_out_is_said():
    assert broken("NHS South East London Integrated Care Board", 19, 3) == [
        "NHS South East", "London Integrated", "Care Board",
    ]  # fmt: skip
    assert broken("One two three four five six seven", 8, 2) == ["One two", "three…"]
    assert broken("Incomprehensibilities", 10, 3) == ["Incompreh…"]
    assert broken("", 10, 3) == []


@given(st.text(max_size=120))
def test_no_line_of_a_label_is_too_long(words):
    rows = broken(words, 14, 3)

    assert len(rows) <= 3
    assert all(len(row) <= 14 for row in rows)


def test_each_kind_has_letters_of_its_own_in_a_shape_and_a_colour_on_which_white_can_be_read():
    assert set(MARKS) == set(Organisation.Kind.values)
    assert len({mark.letters for mark in MARKS.values()}) == len(MARKS)
    assert all(contrast_with_white(mark.colour) >= 4.5 for mark in MARKS.values())
    shapes = {mark.colour: mark.shape for mark in MARKS.values()}
    assert len(set(shapes.values())) == len(shapes)  # a colour never says more than its shape


def test_every_shape_is_drawn_as_a_closed_path():
    for mark in MARKS.values():
        assert mark.key_outline.startswith("M")
        assert mark.key_outline.endswith("z")
