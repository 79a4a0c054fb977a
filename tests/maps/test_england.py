"""The file of outlines: read whole, its districts in their regions, drawn small and without gaps."""

import gzip
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustportal.maps.drawing import Frame, box_around, frame_round, outlines
from trustportal.maps.england import arcs_at, england, level_for, rings_of
from trustportal.maps.projection import project
from trustportal.maps.regions import CODES, REGIONS, regions_with
from trustportal.maps.tiles import tiles_of
from trustportal.maps.topology import UnreadableTopology, merged, points_of, read

pytestmark = pytest.mark.either_database

# Positions of sites as the geography of the project gives them, each with its district.
SITES = [
    (51.5033, -0.0870, "Southwark"),
    (51.4989, -0.1188, "Lambeth"),
    (51.4196, 0.1037, "Bexley"),
    (51.2187, -0.1610, "Reigate and Banstead"),
    (51.4390, -0.0530, "Lewisham"),
    (51.1320, 0.2630, "Tunbridge Wells"),
    (51.3803, 0.5417, "Medway"),
    (53.8067, -1.5200, "Leeds"),
]
IN_REGIONS = {
    "north-east": ["Northumberland", "County Durham", "Gateshead", "Hartlepool"],
    "north-west": ["Carlisle", "Manchester", "Wirral", "Cheshire East", "Lancaster"],
    "yorkshire-and-the-humber": ["Leeds", "Harrogate", "Sheffield", "North East Lincolnshire", "York"],
    "east-midlands": ["Lincoln", "Rutland", "High Peak", "Northampton", "Bassetlaw"],
    "west-midlands": ["Shropshire", "Birmingham", "Worcester", "Rugby", "Staffordshire Moorlands"],
    "east-of-england": ["Thurrock", "Peterborough", "Stevenage", "Norwich", "Waveney", "Bedford"],
    "london": ["City of London", "Southwark", "Bexley", "Havering", "Hillingdon"],
    "south-east": ["Medway", "Milton Keynes", "Isle of Wight", "Oxford", "Tunbridge Wells", "Adur"],
    "south-west": ["Isles of Scilly", "Swindon", "Poole", "Cheltenham", "Taunton Deane"],
}


def test_all_326_districts_are_read_with_codes_and_names_of_their_own():
    districts = england().districts

    assert len(districts) == 326
    assert (
        len({d.code for d in districts}) == len({d.slug for d in districts}) == len({d.name for d in districts}) == 326
    )
    assert not {d.slug for d in districts} & {region.slug for region in REGIONS}


def test_each_district_lies_in_exactly_one_of_nine_regions():
    assert len(REGIONS) == len(CODES) == 9
    assert {district.code: len(regions_with(district.code)) for district in england().districts} == {
        district.code: 1 for district in england().districts
    }
    # Source: Office for National Statistics, districts by region, 2013.
    assert {slug: len(districts) for slug, districts in england().by_region.items()} == {
        "north-east": 12, "north-west": 39, "yorkshire-and-the-humber": 21, "east-midlands": 40, "west-midlands": 30,
        "east-of-england": 47, "london": 33, "south-east": 67, "south-west": 37,
    }  # fmt: skip


@pytest.mark.parametrize(("region", "names"), IN_REGIONS.items(), ids=IN_REGIONS)
def test_known_districts_lie_in_their_regions(region, names):
    assert set(names) <= {district.name for district in england().by_region[region]}


@pytest.mark.parametrize(("latitude", "longitude", "name"), SITES, ids=[name for *_place, name in SITES])
def test_known_places_lie_in_their_districts(latitude, longitude, name):
    assert england().district_at(longitude, latitude).name == name


@pytest.mark.parametrize(("latitude", "longitude"), [(51.4816, -3.1791), (55.9533, -3.1883), (52.0, 3.0)])
def test_wales_scotland_and_the_sea_lie_in_no_district(latitude, longitude):
    assert england().district_at(longitude, latitude) is None


def test_rings_are_closed():
    topology = england().topology
    for district in england().districts:
        for ring in district.rings:
            points = points_of(ring, topology.arcs)
            assert points[0] == points[-1], district.name


def test_neighbours_share_their_simplified_borders():
    """Whatever the scale, the border of a district is made of the very points of its neighbours' borders."""
    arcs = arcs_at(30)
    borders = [at for at, users in enumerate(england().users) if len({user.code for user in users}) == 2]
    assert len(borders) > 900
    for at in borders[::25]:
        inner = set(arcs[at])
        for district in england().users[at]:
            assert inner <= {point for ring in district.rings for point in points_of(ring, arcs)}


def test_what_two_districts_share_falls_out_when_they_are_merged():
    whole = england()
    southwark, lambeth = whole.by_slug["southwark"], whole.by_slug["lambeth"]
    both = merged([*southwark.rings, *lambeth.rings], whole.topology.arcs)

    numbers = {number if number >= 0 else ~number for ring in both for number in ring}
    for at, users in enumerate(whole.users):
        here = {user.slug for user in users} & {"southwark", "lambeth"}
        assert (at in numbers) == (len(here) == 1)
    assert all(points_of(ring, whole.topology.arcs)[0] == points_of(ring, whole.topology.arcs)[-1] for ring in both)


def test_no_district_vanishes_from_the_map_of_its_region_or_of_england():
    whole = outlines(frame_round(england().box, width=640, ratio=0.84))
    assert len(whole.districts) == 326
    for slug, districts in england().by_region.items():
        drawn = outlines(frame_round(england().region_boxes[slug], width=720, ratio=1.2))
        assert {district.code for district in districts} <= set(drawn.districts)
        assert all(drawn.districts[district.code].path for district in districts)


def test_the_outlines_of_england_are_small():
    drawn = outlines(frame_round(england().box, width=640, ratio=0.84))
    text = (drawn.borders + "".join(shape.path for shape in drawn.regions.values())).encode()

    assert len(text) < 45_000
    assert len(gzip.compress(text)) < 19_000


def test_a_name_inside_a_district_stands_in_it():
    frame = frame_round(england().region_boxes["london"], width=720, ratio=1.2)
    arcs = arcs_at(level_for(frame.scale))
    for code, shape in outlines(frame).districts.items():
        district = england().by_code[code]
        if district.region.slug != "london":
            continue
        x, y = frame.box.left + shape.room.x / frame.scale, frame.box.top + shape.room.y / frame.scale
        rings = rings_of(district.rings, arcs)
        assert sum(_crosses(ring, x, y) for ring in rings) % 2, district.name


def _crosses(ring, x: float, y: float) -> int:
    """How often a line to the right crosses a ring."""
    return sum(
        (y1 <= y) != (y2 <= y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1) for (x1, y1), (x2, y2) in pairwise(ring)
    )


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"arcs": [], "transform": {"scale": [1, 1], "translate": [0, 0]}, "objects": {}},
        {
            "arcs": [],
            "transform": {"scale": [1, 1], "translate": [0, 0]},
            "objects": {"x": {"geometries": [{"type": "Point", "arcs": []}]}},
        },
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused_by_name(broken):
    with pytest.raises(UnreadableTopology, match="no TopoJSON with an object x"):
        read(broken, "x")


@given(st.floats(-6, 1.5), st.floats(50, 55.5), st.floats(1, 300))
def test_tiles_cover_the_window(longitude, latitude, kilometres):
    frame = Frame(box_around(longitude, latitude, kilometres=kilometres), 720)
    tiles = tiles_of(frame, "https://tiles.example.nhs.uk/{z}/{x}/{y}.png")

    side = float(tiles[0].side)
    assert 128 <= side <= 512 or kilometres < 1.5
    assert min(float(tile.x) for tile in tiles) <= 0.01
    assert min(float(tile.y) for tile in tiles) <= 0.01
    assert max(float(tile.x) for tile in tiles) + side >= frame.width - 0.02
    assert max(float(tile.y) for tile in tiles) + side >= frame.height - 1
    assert len(tiles) <= 64
    assert all("{" not in tile.href for tile in tiles)


def test_the_tile_of_a_known_place():
    """Source: the formula of OpenStreetMap's wiki, for Leeds at zoom 10."""
    x, y = project(-1.5437, 53.7974)

    assert (int(x * 1024), int(y * 1024)) == (507, 329)
