"""What the maps show of sites and areas: where each area lies in the districts that are drawn, and sites as markers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.models import Area, Site
from trustportal.maps.drawing import Frame, box_around, frame_round
from trustportal.maps.england import District, england
from trustportal.maps.grouping import Group
from trustportal.maps.picture import (
    APART,
    FAR_APART,
    SHADES,
    Picture,
    Shade,
    Spot,
    Subject,
    number_in,
    picture_of,
)
from trustportal.maps.projection import Box, box_of_boxes, unproject

MOST_READ = 400  # sites that are read one by one; more are counted by the database in squares
LOCATOR_WIDTH, LOCATOR_RATIO = 320, 1.2
LOCATOR_KILOMETRES = 45  # of country round a site
KIND_ORDER = [Site.Kind.HOSPITAL.value, Site.Kind.UNIT.value, Site.Kind.COMMUNITY.value]


@dataclass(frozen=True)
class Lie:
    """Where all areas lie: each one's districts, and the areas that no district of the map shows."""

    areas: dict[int, Area]
    codes: dict[int, frozenset[str]]  # by key of the area the codes of its districts, at least one

    @cached_property
    def by_code(self) -> dict[str, list[int]]:
        """By code of a district the keys of the areas that lie in it or reach into it."""
        found: dict[str, list[int]] = defaultdict(list)
        for key, codes in self.codes.items():
            for code in codes:
                found[code].append(key)
        return dict(found)

    @property
    def abroad(self) -> dict[str, int]:
        """The keys of countries, by name."""
        return {area.name: key for key, area in self.areas.items() if area.kind == Area.Kind.COUNTRY}

    def within(self, codes: Iterable[str]) -> list[int]:
        """The keys of the areas that lie in some districts and nowhere else."""
        wanted = set(codes)
        return [key for key, own in self.codes.items() if own <= wanted]

    def not_drawn(self, keys: Iterable[int]) -> list[Area]:
        """Those of some areas, given by key, that are no country and have no district on the map."""
        found = [self.areas[key] for key in keys if key in self.areas and key not in self.codes]
        return [area for area in found if area.kind != Area.Kind.COUNTRY]

    def drawn_as(self, keys: Iterable[int]) -> list[tuple[str, list[str]]]:
        """Of some areas those that are drawn as other districts than themselves: the name, and those districts."""
        districts = england().by_code
        found = []
        for key in keys:
            codes = self.codes.get(key, frozenset())
            if codes and codes != {self.areas[key].code}:
                found.append((self.areas[key].name, sorted(districts[code].name for code in codes)))
        return sorted(found)


def lie_of_areas(areas: Iterable[Area] | None = None) -> Lie:
    """Where areas lie. An area that is no district lies in the districts below it, or else in the nearest above it."""
    rows = list(Area.objects.for_map() if areas is None else areas)
    by_key = {area.pk: area for area in rows}
    children: dict[int | None, list[Area]] = defaultdict(list)
    for area in rows:
        children[area.parent_id].append(area)
    codes: dict[int, frozenset[str]] = {}
    for area in rows:
        if found := _below(area, children) or _above(area, by_key):
            codes[area.pk] = found
    return Lie(by_key, codes)


def _below(area: Area, children: dict[int | None, list[Area]]) -> frozenset[str]:
    """The area's own code where it is a district of the map, otherwise those of the districts below it."""
    known, found, seen, waiting = england().by_code, set(), set(), [area]
    while waiting:
        one = waiting.pop()
        if one.pk in seen:
            continue  # two areas that lie in each other
        seen.add(one.pk)
        if one.code in known:
            found.add(one.code)
        else:
            waiting += children[one.pk]
    return frozenset(found)


def _above(area: Area, by_key: dict[int, Area]) -> frozenset[str]:
    known, seen, one = england().by_code, set(), by_key.get(area.parent_id)
    while one is not None and one.pk not in seen:
        if one.code in known:
            return frozenset({one.code})
        seen.add(one.pk)
        one = by_key.get(one.parent_id)
    return frozenset()


def numbers_by_district(
    serving: QuerySet, lie: Lie, by_area: dict[int, int], regions: Iterable[str] = ()
) -> dict[str, int]:
    """How many records serve each district and region, by code and slug; each counts once, however many areas it names.

    `by_area` are their numbers by area. One query more where areas overlap.
    """
    several, numbers = {}, {}
    for code, keys in lie.by_code.items():
        counted = [key for key in keys if by_area.get(key)]
        if len(counted) == 1:
            numbers[code] = by_area[counted[0]]
        elif counted:
            several[code] = counted
    for slug in regions:
        codes = [district.code for district in england().by_region[slug]]
        several[slug] = sorted({key for code in codes for key in lie.by_code.get(code, ()) if by_area.get(key)})
    return numbers | serving.numbers_by_areas({name: keys for name, keys in several.items() if keys})


def steps_of(numbers: Iterable[int]) -> list[int]:
    """From which number on a district is drawn in each shade, the lightest first."""
    most = max(numbers, default=0)
    if most <= SHADES:
        return list(range(1, max(1, most) + 1))
    if most <= 2 * SHADES:
        return [1, 2, 4]
    return [1, *(round(most ** (step / SHADES)) + 1 for step in range(1, SHADES))]


def level_of(number: int, steps: Sequence[int]) -> int:
    """How dark a district is drawn, from 0."""
    return sum(number >= step for step in steps)


def spots_of(sites: QuerySet, frame: Frame) -> tuple[list[Spot], int]:
    """The sites in a window as markers, the hospitals first, and how far apart they should be drawn, in pixels.

    Reads at most MOST_READ of them; where there are more, the database counts them in squares that would be grouped
    anyway. Three queries at most.
    """
    south, west, north, east = frame.edges
    there = sites.with_position().between(south, west, north, east)
    if there.count() <= MOST_READ:
        rows = list(there.for_markers())
        rows.sort(key=lambda site: KIND_ORDER.index(site.kind))
        return [spot_of(site) for site in rows], APART
    cells = there.in_cells((east - west) / frame.width * FAR_APART / 2)
    cells = list(cells_of(there, frame))
    alone = there.for_markers().in_bulk([cell["first"] for cell in cells if cell["number"] == 1])
    spots = [
        spot_of(alone[cell["first"]])
        if cell["first"] in alone
        else Spot("", "group", cell["middle_latitude"], cell["middle_longitude"], number=cell["number"])
        for cell in cells
    ]
    return spots, FAR_APART


def cells_of(sites: QuerySet, frame: Frame) -> QuerySet:
    """The sites of a window, counted in squares half as wide as markers are then apart."""
    _south, west, _north, east = frame.edges
    return sites.in_cells((east - west) / frame.width * FAR_APART / 2)


def spot_of(site: Site) -> Spot:
    """A site as a marker."""
    return Spot(
        name=site.name,
        kind=site.kind,
        latitude=float(site.latitude),
        longitude=float(site.longitude),
        is_approximate=site.is_approximate,
        href=site.get_absolute_url(),
        key=site.slug,
    )


def sites_in_words(number: int) -> str:
    """ "1 site", "14 sites"."""
    return ngettext("%(count)d site", "%(count)d sites", number) % {"count": number}


def map_address(place: str = "", query: str = "") -> str:
    """The address of the map of a region or district."""
    path = f"{reverse('map')}{place}/" if place else reverse("map")
    return f"{path}?{query}" if query else path


def locator(spots: list[Spot], shades: dict[str, Shade], box: Box) -> Picture:
    """A small map of some sites and districts."""

    def say_group(group: Group[Spot]) -> tuple[str, str]:
        return sites_in_words(number_in(group)), ""

    frame = frame_round(box, width=LOCATOR_WIDTH, ratio=LOCATOR_RATIO, coarse=2)
    return picture_of(frame, Subject(shades, spots, say_group, {}, is_plain=True), narrow=None)


def locator_of_site(site: Site) -> Picture | None:
    """A small map of where a site is; None where its position is not known or not on the map of England."""
    if site.position is None:
        return None
    latitude, longitude = site.position
    district = england().district_at(longitude, latitude)
    if district is None:
        return None
    shades = {district.code: Shade(0, district.name, map_address(district.slug), 1)}
    return locator([spot_of(site)], shades, box_around(longitude, latitude, kilometres=LOCATOR_KILOMETRES))


def box_of_places(districts: Sequence[District], spots: Sequence[Spot]) -> Box | None:
    """The box round some districts and sites; None where there are none."""
    boxes = [district.box for district in districts]
    boxes += [box_around(spot.longitude, spot.latitude, kilometres=15) for spot in spots]
    return box_of_boxes(boxes) if boxes else None


def middle_of(district: District) -> tuple[float, float]:
    """Latitude and longitude of about the middle of a district."""
    longitude, latitude = unproject(district.box.middle)
    return latitude, longitude


def in_words(number: int, of: str) -> str:
    """How many serve a district, in words."""
    if of == "partnerships":
        return ngettext("%(count)d partnership", "%(count)d partnerships", number) % {"count": number}
    return ngettext("%(count)d programme", "%(count)d programmes", number) % {"count": number}


def shade_of(district: District, number: int, words: str, level: int, query: str, *, has_sites: bool) -> Shade:
    """How a district is drawn and what it says: "Southwark: 5 programmes"."""
    said = _("%(district)s: %(number)s") % {"district": district.name, "number": words} if number else district.name
    return Shade(number, said, map_address(district.slug, query), level, is_stop=bool(number) or has_sites)
