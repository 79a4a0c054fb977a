"""The districts and regions of England: names, addresses, outlines. Read once a process."""

import json
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.utils.text import slugify

from trustportal.maps.labelling import is_inside
from trustportal.maps.projection import Box, Point, box_of_boxes, box_round, project
from trustportal.maps.regions import REGIONS, Region, regions_with
from trustportal.maps.simplifying import simplified
from trustportal.maps.topology import Ring, Topology, merged, points_of, read

FILE = Path(__file__).with_name("england-local-authorities.topo.json")
OBJECT = "local_authorities"
LEAST = 4  # square pixels: what a point must change to be drawn
FEWEST_POINTS = 4  # of a ring, the first and last being the same


@dataclass(frozen=True)
class District:
    """A local authority district as it was in 2013: its ONS code, name, address, region, outline and box."""

    code: str
    name: str
    slug: str
    region: Region
    polygons: tuple[tuple[Ring, ...], ...]
    box: Box

    @property
    def rings(self) -> tuple[Ring, ...]:
        """All rings: a point lies in the district where it lies in an odd number of them."""
        return tuple(ring for polygon in self.polygons for ring in polygon)


@dataclass(frozen=True)
class England:
    """All districts and regions. Lengths are those of the flat square (see `projection`)."""

    topology: Topology
    districts: list[District]

    @cached_property
    def by_code(self) -> dict[str, District]:
        """The districts by ONS code."""
        return {district.code: district for district in self.districts}

    @cached_property
    def by_slug(self) -> dict[str, District]:
        """The districts by the last part of their address."""
        return {district.slug: district for district in self.districts}

    @cached_property
    def box(self) -> Box:
        """The box round all."""
        return box_of_boxes([district.box for district in self.districts])

    @cached_property
    def by_region(self) -> dict[str, list[District]]:
        """The districts by the slug of their region, A to Z."""
        ordered = sorted(self.districts, key=lambda district: district.name)
        return {region.slug: [d for d in ordered if d.region is region] for region in REGIONS}

    @cached_property
    def region_boxes(self) -> dict[str, Box]:
        """The boxes round the regions, by slug."""
        return {
            slug: box_of_boxes([district.box for district in districts]) for slug, districts in self.by_region.items()
        }

    @cached_property
    def region_rings(self) -> dict[str, list[Ring]]:
        """The outlines of the regions, by slug."""
        return {
            slug: merged((ring for district in districts for ring in district.rings), self.topology.arcs)
            for slug, districts in self.by_region.items()
        }

    @cached_property
    def users(self) -> list[list[District]]:
        """For each arc the districts whose border it is: one at the coast, two inland."""
        found: list[list[District]] = [[] for _arc in self.topology.arcs]
        for district in self.districts:
            for ring in district.rings:
                for number in ring:
                    found[number if number >= 0 else ~number].append(district)
        return found

    def district_at(self, longitude: float, latitude: float) -> District | None:
        """The district in which a place lies; None outside England."""
        point = project(longitude, latitude)
        for district in self.districts:
            if district.box.holds(point) and is_inside(self._rings(district.code), point):
                return district
        return None

    def _rings(self, code: str) -> list[list[Point]]:
        """The outline of a district in full, kept once it was asked for."""
        if code not in self._known_rings:
            self._known_rings[code] = rings_of(self.by_code[code].rings, self.topology.arcs)
        return self._known_rings[code]

    @cached_property
    def _known_rings(self) -> dict[str, list[list[Point]]]:
        return {}


def rings_of(rings: "tuple[Ring, ...] | list[Ring]", arcs: list[list[Point]]) -> list[list[Point]]:
    """The points of rings, without those that have become too small to be a shape."""
    found = [points_of(ring, arcs) for ring in rings]
    return [ring for ring in found if len(ring) >= FEWEST_POINTS]


@lru_cache(maxsize=1)
def england() -> England:
    """England, read from the file beside this module; takes about half a second the first time."""
    topology = read(json.loads(FILE.read_text()), OBJECT)
    regions = {region.slug: region for region in REGIONS}
    districts = []
    for outline in topology.outlines:
        code, name = outline.properties["code"], outline.properties["name"]
        [region] = regions_with(code)
        points = [point for polygon in outline.polygons for point in points_of(polygon[0], topology.arcs)]
        districts.append(District(code, name, slugify(name), regions[region], outline.polygons, box_round(points)))
    return England(topology, sorted(districts, key=lambda district: district.name))


@lru_cache(maxsize=16)
def arcs_at(level: int) -> list[list[Point]]:
    """All arcs with as many points as a picture of that level needs: 2 ** (level / 2) pixels to the flat square."""
    topology, least = england().topology, LEAST / 2**level
    return [simplified(arc, weights, least) for arc, weights in zip(topology.arcs, topology.weights, strict=True)]


def level_for(scale: float) -> int:
    """The level of a picture with so many pixels to the flat square, never coarser than it needs."""
    return math.ceil(2 * math.log2(scale))
