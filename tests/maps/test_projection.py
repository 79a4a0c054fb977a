"""Places on the earth and points on the map lead back to each other; distances are distances."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustportal.maps.distance import kilometres, miles
from trustportal.maps.projection import Box, length_of, project, unproject

pytestmark = pytest.mark.either_database

LONGITUDES, LATITUDES = st.floats(-180, 180), st.floats(-85, 85)
PLACES = st.tuples(st.floats(-90, 90), LONGITUDES)
NUMBERS = st.floats(-1000, 1000)
BOXES = st.builds(
    lambda x, y, width, height: Box(x, y, x + width, y + height), NUMBERS, NUMBERS, st.floats(1, 500), st.floats(1, 500)
)


@given(LONGITUDES, LATITUDES)
def test_a_projected_place_comes_back(longitude, latitude):
    again = unproject(project(longitude, latitude))

    assert again == pytest.approx((longitude, latitude), abs=1e-8)


@given(LONGITUDES, st.floats(-90, 90))
def test_every_place_has_a_point_on_the_flat_square(longitude, latitude):
    x, y = project(longitude, latitude)

    assert 0 <= x <= 1
    assert -1e-9 <= y <= 1 + 1e-9


def test_shapes_are_kept_a_kilometre_is_as_long_northwards_as_eastwards():
    x, y = project(-1.5, 53.8)
    degrees = 1 / 111.1949  # a kilometre northwards
    _x, north = project(-1.5, 53.8 + degrees)
    east, _y = project(-1.5 + degrees / math.cos(math.radians(53.8)), 53.8)

    assert y - north == pytest.approx(east - x, rel=0.001)
    assert east - x == pytest.approx(length_of(1, 53.8), rel=0.002)


@given(PLACES, PLACES, PLACES)
def test_distance_is_a_metric(first, second, third):
    assert kilometres(first, first) == 0
    assert kilometres(first, second) == pytest.approx(kilometres(second, first))
    assert kilometres(first, third) <= kilometres(first, second) + kilometres(second, third) + 1e-3


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((51.5033, -0.0870), (51.4989, -0.1188), 2.26),  # Guy's to St Thomas'
        ((51.5033, -0.0870), (53.8067, -1.5200), 273.5),  # Guy's to St James's in Leeds
        ((0.0, 0.0), (0.0, 180.0), 20015.1),  # half round the earth
    ],
)
def test_known_distances(first, second, expected):
    assert kilometres(first, second) == pytest.approx(expected, rel=0.005)


def test_a_mile_is_1609_metres():
    assert miles(1.609344) == 1


@given(BOXES, st.floats(0.2, 5))
def test_a_fitted_box_holds_the_box_and_has_the_ratio(box, ratio):
    fitted = box.fitted(ratio)

    assert fitted.grown(1e-6).holds((box.left, box.top))
    assert fitted.grown(1e-6).holds((box.right, box.bottom))
    assert fitted.width / fitted.height == pytest.approx(ratio)
