"""Lines: simplified without gaps, cut at the edges of a window and never beyond."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustportal.maps.clipping import clip_line, clip_ring
from trustportal.maps.drawing import area_within, path_of
from trustportal.maps.labelling import is_inside
from trustportal.maps.projection import Box
from trustportal.maps.simplifying import simplified, weights_of

pytestmark = pytest.mark.either_database

POINTS = st.tuples(st.floats(-100, 100), st.floats(-100, 100))
LINES = st.lists(POINTS, min_size=2, max_size=40)
RINGS = st.lists(POINTS, min_size=3, max_size=20, unique=True).map(lambda points: [*points, points[0]])
WINDOW = Box(-40, -30, 50, 60)


@given(RINGS)
def test_a_clipped_shape_never_leaves_the_window(ring):
    clipped = clip_ring(ring, WINDOW)

    assert all(WINDOW.holds(point) for point in clipped)
    assert not clipped or clipped[0] == clipped[-1]


@given(RINGS)
def test_a_shape_inside_the_window_stays_as_it_is(ring):
    assert clip_ring(ring, Box(-100, -100, 100, 100)) == ring


@given(st.floats(-90, 90), st.floats(-90, 90), st.floats(1, 80), st.floats(1, 80))
def test_of_a_rectangle_exactly_the_shared_area_is_kept(x, y, width, height):
    box = Box(x, y, x + width, y + height)
    ring = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    across = max(0, min(box.right, WINDOW.right) - max(box.left, WINDOW.left))
    down = max(0, min(box.bottom, WINDOW.bottom) - max(box.top, WINDOW.top))

    assert area_within(clip_ring([*ring, ring[0]], WINDOW)) == pytest.approx(across * down, abs=1e-6)


@given(LINES)
def test_the_parts_of_a_clipped_line_never_leave_the_window(line):
    for part in clip_line(line, WINDOW):
        assert len(part) > 1
        assert all(WINDOW.holds(point) for point in part)


@given(LINES)
def test_no_point_of_a_line_inside_the_window_is_lost(line):
    kept = {point for part in clip_line(line, WINDOW) for point in part}
    well_inside = WINDOW.grown(-1e-6)
    longer = [p for p, q in zip(line, [*line[1:], line[-2]], strict=True) if math.dist(p, q) > 1e-9]

    assert {point for point in longer if well_inside.holds(point)} <= kept


@given(LINES, st.floats(0, 500), st.floats(0, 500))
def test_a_simplified_line_keeps_its_ends_and_only_loses_points(line, one, other):
    weights = weights_of(line)
    fine, coarse = (simplified(line, weights, least) for least in sorted([one, other]))

    assert fine[0] == coarse[0] == line[0]
    assert fine[-1] == coarse[-1] == line[-1]
    rest = iter(line)
    assert all(point in rest for point in fine)
    rest = iter(fine)
    assert all(point in rest for point in coarse)


@given(st.lists(POINTS, min_size=4, max_size=30, unique=True).map(lambda points: [*points, points[0]]))
def test_an_island_stays_a_shape_at_any_scale(line):
    assert len(simplified(line, weights_of(line), 1e12)) == 4


def test_the_point_that_matters_least_goes_first():
    line = [(0.0, 0.0), (1.0, 0.1), (2.0, 0.0), (3.0, 5.0), (4.0, 0.0)]

    assert simplified(line, weights_of(line), 1) == [(0.0, 0.0), (2.0, 0.0), (3.0, 5.0), (4.0, 0.0)]


@given(st.lists(LINES, max_size=4))
def test_a_path_walks_through_the_points_to_a_quarter_of_a_pixel(lines):
    path = path_of(lines)
    walked = []
    for piece in filter(None, path.split("M")):
        start, _, steps = piece.partition("l")
        x, y = map(int, start.split())
        numbers = [int(number) for number in steps.replace("-", " -").split()]
        assert len(numbers) % 2 == 0
        places = [(x, y)]
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + right, y + down
            places.append((x, y))
        walked.append(places)
    expected = []
    for line in lines:
        places = [(round(x * 4), round(y * 4)) for x, y in line]
        single = [p for at, p in enumerate(places) if at == 0 or p != places[at - 1]]
        if len(single) > 1:
            expected.append(single)

    assert walked == expected


def test_a_hole_is_outside():
    square = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]
    hole = [(4, 4), (6, 4), (6, 6), (4, 6), (4, 4)]

    assert is_inside([square, hole], (1, 5))
    assert not is_inside([square, hole], (5, 5))
    assert not is_inside([square, hole], (11, 5))
