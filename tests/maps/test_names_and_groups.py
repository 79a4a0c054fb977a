"""Names never lie on each other; every marker is in one group."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustportal.maps.grouping import grouped
from trustportal.maps.labelling import Label, beside, is_inside, placed, widest_place
from trustportal.maps.projection import Box

pytestmark = pytest.mark.either_database

PAPER = Box(0, 0, 600, 500)
PLACES = st.tuples(st.floats(0, 600), st.floats(0, 500))
NAMED = st.lists(st.tuples(PLACES, st.text("abcdefgh ", min_size=1, max_size=30)), max_size=40)


@given(NAMED, st.lists(PLACES, max_size=10))
def test_names_never_lie_on_each_other_nor_on_what_is_taken_and_never_leave_the_paper(names, marks):
    taken = [Box(x - 12, y - 12, x + 12, y + 12) for x, y in marks]
    found = placed([beside(x, y, words, 13, 12) for (x, y), words in names], taken, PAPER)

    assert len(found) == len(names)
    boxes = [label.box for label in found if label]
    for at, box in enumerate(boxes):
        assert PAPER.holds((box.left, box.top))
        assert PAPER.holds((box.right, box.bottom))
        assert not any(box.overlaps(other) for other in [*taken, *boxes[:at]])


def test_a_name_takes_its_first_free_place():
    first, second = placed([beside(100, 100, "Guy's", 13, 10)] * 2, [], PAPER)

    assert first.x > 100
    assert second.x < 100


def test_a_name_without_a_free_place_is_left_out():
    assert placed([[Label(100, 100, "Leeds", 13)]], [Box(0, 0, 600, 500)], PAPER) == [None]


@given(st.lists(PLACES, max_size=60), st.floats(1, 100))
def test_every_marker_is_in_exactly_one_group_and_groups_are_apart(places, distance):
    groups = grouped(list(zip(places, range(len(places)), strict=True)), distance)

    assert sorted(number for group in groups for number in group.members) == list(range(len(places)))
    for at, group in enumerate(groups):
        assert all(math.hypot(group.x - other.x, group.y - other.y) >= distance for other in groups[:at])
        for number in group.members:
            assert math.hypot(places[number][0] - group.x, places[number][1] - group.y) < distance or (
                number == group.members[0]
            )


def test_the_first_of_a_group_keeps_its_place():
    [group] = grouped([((10, 10), "hospital"), ((12, 10), "unit")], 5)

    assert (group.x, group.y, group.members) == (10, 10, ["hospital", "unit"])


@given(st.lists(PLACES, min_size=3, max_size=12, unique=True))
def test_a_name_in_a_shape_stands_inside_it(points):
    ring = [*points, points[0]]

    room = widest_place([ring])

    if room is not None:
        assert is_inside([ring], (room.x, room.y))


def test_a_name_keeps_out_of_holes_and_narrow_ends():
    shape = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    hole = [(10, 10), (90, 10), (90, 90), (10, 90), (10, 10)]
    bottle = [(40, 0), (60, 0), (60, 50), (100, 50), (100, 100), (0, 100), (0, 50), (40, 50), (40, 0)]

    in_ring, in_bottle = widest_place([shape, hole]), widest_place([bottle])

    assert is_inside([shape, hole], (in_ring.x, in_ring.y))
    assert in_bottle.y > 50
    assert in_bottle.width == 100
