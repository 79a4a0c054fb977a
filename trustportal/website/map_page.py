"""What the map page is made of: the picture, its sentence, and the same as lists."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from partnerships.maps import (
    KIND_ORDER,
    in_words,
    level_of,
    lie_of_areas,
    map_address,
    numbers_by_district,
    shade_of,
    sites_in_words,
    spots_of,
    steps_of,
)
from partnerships.models import Organisation, Site
from trustportal.maps.distance import kilometres, miles
from trustportal.maps.drawing import Frame, box_around, frame_round, outlines
from trustportal.maps.england import District, england
from trustportal.maps.grouping import Group
from trustportal.maps.picture import Picture, Shade, Spot, Subject, number_in, picture_of
from trustportal.maps.regions import REGIONS
from trustportal.maps.tiles import tiles_of
from trustportal.website.map_choice import PROGRAMMES, Choice, Origin

WIDE, TALL = (640, 1.2), (640, 0.84)  # pixels wide, and how many times as wide as high
AROUND_A_SITE = 8.0  # kilometres
NAMED_IN_A_GROUP = 3
MOST_ABROAD = 300  # partners


@dataclass(frozen=True)
class Row:
    """A line of the table beside the map: a region or district, and what there is of it."""

    name: str
    href: str
    number: int
    sites: int
    districts: int = 0


@dataclass(frozen=True)
class Step:
    """A shade of the key: how dark it is, and what it stands for."""

    level: int
    words: str


@dataclass(frozen=True)
class Country:
    """A country beside the map: the partners there, and how many programmes serve it."""

    name: str
    partners: list[Organisation]
    programmes: int


class MapPage:
    """The map that an address asks for. Everything is worked out once, when it is first needed."""

    def __init__(self, choice: Choice, *, has_tiles: bool = False) -> None:
        self.choice = choice
        self.has_tiles = has_tiles and bool(settings.MAP_TILES_URL)
        self.lie = lie_of_areas()

    @cached_property
    def frame(self) -> Frame:
        """The window."""
        choice = self.choice
        if choice.site:
            latitude, longitude = choice.site.position
            box, (width, ratio) = box_around(longitude, latitude, kilometres=AROUND_A_SITE), WIDE
        elif choice.district:
            box, (width, ratio) = choice.district.box, WIDE
        elif choice.region:
            box, (width, ratio) = england().region_boxes[choice.region.slug], WIDE
        else:
            box, (width, ratio) = england().box, TALL
        return frame_round(box, width=width, ratio=ratio)

    @cached_property
    def by_area(self) -> dict[int, int]:
        """How many programmes (or partnerships) serve each area, by its key."""
        return self.choice.serving().numbers_by_area()

    @cached_property
    def numbers(self) -> dict[str, int]:
        """How many serve each district and region, by code and slug."""
        regions = [region.slug for region in REGIONS] if not self.choice.region else [self.choice.region.slug]
        return numbers_by_district(self.choice.serving(), self.lie, self.by_area, regions)

    @cached_property
    def sites_by_district(self) -> Counter[str]:
        """How many sites lie in each district, by its code, as far as their areas say it."""
        found: Counter[str] = Counter()
        for key, number in self.choice.sites().numbers_by_area().items():
            codes = self.lie.codes.get(key, frozenset())
            if len(codes) == 1:
                found[next(iter(codes))] += number
        return found

    @cached_property
    def steps(self) -> list[int]:
        """From which number on each shade is drawn: the same whatever the window."""
        return steps_of(self.numbers.get(code, 0) for code in england().by_code)

    @cached_property
    def key(self) -> list[Step]:
        """The shades that the key explains."""
        if not self.numbers:
            return []
        found = []
        for level, first in enumerate(self.steps, start=1):
            last = self.steps[level] - 1 if level < len(self.steps) else None
            if last is None:
                words = _("%(first)d or more") % {"first": first} if len(self.steps) > 1 else str(first)
            else:
                words = str(first) if first == last else _("%(first)d to %(last)d") % {"first": first, "last": last}
            found.append(Step(level, words))
        return found

    @cached_property
    def shades(self) -> dict[str, Shade]:
        """How the districts are drawn one by one, or of all of England those that are served, by their codes."""
        found = {}
        if not self.choice.region:
            codes = [code for code in self.choice.codes if self.numbers.get(code)]
        else:
            codes = list(outlines(self.frame).districts) if self.choice.district else self.choice.codes
        for code in codes:
            district = england().by_code[code]
            number = self.numbers.get(code, 0)
            words = in_words(number, self.choice.shown) if number else ""
            level, has_sites = level_of(number, self.steps), bool(self.sites_by_district.get(code))
            found[code] = shade_of(district, number, words, level, self.choice.query, has_sites=has_sites)
        return found

    @cached_property
    def picture(self) -> Picture:
        """The drawing."""
        choice, query = self.choice, self.choice.query
        spots, apart = spots_of(choice.sites(), self.frame)
        links = {}
        for region in REGIONS:
            number = self.numbers.get(region.slug, 0)
            words = f"{region.name}: {in_words(number, choice.shown)}" if number else str(region.name)
            links[region.slug] = (words, map_address(region.slug, query))
        subject = Subject(
            shades=self.shades,
            spots=spots,
            apart=apart,
            say_group=self.say_group,
            region_links=links,
            region=choice.region.slug if choice.region and not choice.district else "",
            is_whole=choice.region is None,
        )
        tiles = tiles_of(self.frame, settings.MAP_TILES_URL) if self.has_tiles else []
        return picture_of(self.frame, subject, tiles=tiles)

    def say_group(self, group: Group[Spot]) -> tuple[str, str]:
        """What a group is called, and what opens it: a closer window, or the list of those drawn together."""
        number, names = number_in(group), [spot.name for spot in group.members if spot.name]
        words = sites_in_words(number)
        if names:
            words = f"{words}: {', '.join(names[:NAMED_IN_A_GROUP])}"
            if number > min(len(names), NAMED_IN_A_GROUP):
                words += " …"
        return words, self._opened(group.members[0])

    def _opened(self, first: Spot) -> str:
        choice = self.choice
        if choice.site:
            return "#together"
        if choice.district:
            return f"{choice.but(site=Site(slug=first.key)).address}" if first.key else "#sites"
        district = england().district_at(first.longitude, first.latitude)
        if district is None:
            return "#sites"
        return map_address(district.slug if choice.region else district.region.slug, choice.query)

    @cached_property
    def together(self) -> list[Group[Spot]]:
        """The groups of the closest window: what is drawn as one marker, on whatever screen."""
        return self.picture.layers[-1].groups if self.choice.site else []

    @cached_property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of site that the map marks, for its key."""
        there = {marker.kind for layer in self.picture.layers for marker in layer.markers}
        return [(kind, Site.Kind(kind).label) for kind in KIND_ORDER if kind in there]

    @property
    def has_groups(self) -> bool:
        """Whether a marker stands for several sites."""
        return any(marker.kind == "group" for layer in self.picture.layers for marker in layer.markers)

    # The same in words and lists

    @cached_property
    def sites(self) -> "Site.objects":
        """The sites of the list: those in the region or district, or around the site."""
        choice, sites = self.choice, self.choice.sites()
        if choice.site:
            return sites.with_position().between(*self.frame.edges)
        if not choice.region:
            return sites
        inside = self.lie.within(choice.codes)
        box = choice.district.box if choice.district else england().region_boxes[choice.region.slug]
        elsewhere = [key for key in self.lie.codes if key not in set(inside)]
        return sites.lying_in(inside, elsewhere, Frame(box, 1).edges)

    @cached_property
    def number_of_sites(self) -> int:
        """How many sites the list has."""
        return self.sites.count()

    @cached_property
    def title(self) -> str:
        """What the map shows."""
        choice = self.choice
        if choice.site:
            return _("Around %(site)s") % {"site": choice.site.name}
        return choice.district.name if choice.district else str(choice.region.name) if choice.region else _("England")

    @cached_property
    def sentence(self) -> str:
        """What the picture shows, in a sentence or two."""
        choice, sites = self.choice, sites_in_words(self.number_of_sites)
        if choice.site:
            return _("%(sites)s in this part of %(district)s and beside it.") % {
                "sites": sites, "district": choice.district.name,
            }  # fmt: skip
        if choice.district:
            number = self.numbers.get(choice.district.code, 0)
            words = ngettext(
                "%(sites)s in %(district)s, and %(number)s that serves it.",
                "%(sites)s in %(district)s, and %(number)s that serve it.",
                number,
            )
            return words % {
                "sites": sites, "district": choice.district.name, "number": in_words(number, choice.shown),
            }  # fmt: skip
        with_sites = sum(1 for code in choice.codes if self.sites_by_district.get(code))
        words = ngettext("%(sites)s in %(count)d district.", "%(sites)s in %(count)d districts.", with_sites)
        words = words % {"sites": sites, "count": with_sites} if self.number_of_sites else _("No sites.")
        return f"{words} {self._served_in_words()}"

    def _served_in_words(self) -> str:
        """How many districts are served, and which of them by most."""
        is_programmes = self.choice.shown == PROGRAMMES
        served = {code: self.numbers[code] for code in self.choice.codes if self.numbers.get(code)}
        if not served:
            nothing = _("No partnership serves a district here.")
            return _("No programme serves a district here.") if is_programmes else nothing
        words = (
            ngettext("Programmes serve %(count)d district", "Programmes serve %(count)d districts", len(served))
            if is_programmes
            else ngettext(
                "Partnerships serve %(count)d district", "Partnerships serve %(count)d districts", len(served)
            )
        ) % {"count": len(served)}
        most = max(served.values())
        where = [england().by_code[code].name for code, number in served.items() if number == most]
        if len(served) == 1:
            return f"{words}: {where[0]} ({most})."
        if len(where) == 1:
            return words + _(", most in %(district)s (%(number)d).") % {"district": where[0], "number": most}
        if len(where) == 2:
            names = {"first": where[0], "second": where[1], "number": most}
            return words + _(", most in %(first)s and %(second)s (%(number)d each).") % names
        return f"{words}."

    @cached_property
    def regions(self) -> list[Row]:
        """The regions, for the whole map."""
        if self.choice.region:
            return []
        rows = []
        for region in REGIONS:
            codes = [district.code for district in england().by_region[region.slug]]
            rows.append(
                Row(
                    name=str(region.name),
                    href=map_address(region.slug, self.choice.query),
                    number=self.numbers.get(region.slug, 0),
                    sites=sum(self.sites_by_district.get(code, 0) for code in codes),
                    districts=sum(bool(self.numbers.get(code)) for code in codes),
                )
            )
        return rows

    @cached_property
    def districts(self) -> list[Row]:
        """The districts of a region, those with something first."""
        if self.choice.district or not self.choice.region:
            return []
        rows = [self._row(district) for district in england().by_region[self.choice.region.slug]]
        return sorted(rows, key=lambda row: (-row.number, -row.sites))

    def _row(self, district: District) -> Row:
        return Row(
            name=district.name,
            href=map_address(district.slug, self.choice.query),
            number=self.numbers.get(district.code, 0),
            sites=self.sites_by_district.get(district.code, 0),
        )

    @property
    def serving(self) -> "list[object]":
        """What serves the district in hand, A to Z."""
        if not self.choice.district:
            return []
        keys = self.lie.by_code.get(self.choice.district.code, [])
        return self.choice.serving().serving_any_of(keys).in_name_order()

    @cached_property
    def drawn_as(self) -> list[tuple[str, list[str]]]:
        """The areas named that are drawn as other districts, for a note."""
        here = {key for code in self.choice.codes for key in self.lie.by_code.get(code, ())}
        return self.lie.drawn_as(key for key in self.by_area if key in here)

    @cached_property
    def not_drawn(self) -> list[str]:
        """The areas named that the map cannot show, for a note."""
        return [] if self.choice.region else [area.name for area in self.lie.not_drawn(self.by_area)]

    @cached_property
    def abroad(self) -> list[Country]:
        """The countries of partners abroad and of programmes there, A to Z, beside the map of England."""
        if self.choice.region:
            return []
        partners: dict[str, list[Organisation]] = defaultdict(list)
        names = dict(countries)
        if not (self.choice.programme or self.choice.partner or self.choice.kind):
            for partner in Organisation.objects.published().abroad().in_country_order()[:MOST_ABROAD]:
                partners[names.get(partner.country.code, partner.country.code)].append(partner)
        served = {name: self.by_area[key] for name, key in self.lie.abroad.items() if self.by_area.get(key)}
        return [Country(name, partners.get(name, []), served.get(name, 0)) for name in sorted({*partners, *served})]


def distance_in_words(origin: Origin | None, site: Site) -> str:
    """How far a site is from a place, in miles and kilometres; "" where one of the positions is not known."""
    if origin is None or origin.position is None or site.position is None:
        return ""
    away = kilometres(origin.position, site.position)
    if away < 0.1:
        # Whoever names a district may be anywhere in it.
        return _("in %(district)s") % {"district": origin.name} if origin.is_district else _("here")
    return _("%(miles)s miles (%(kilometres)s km)") % {"miles": _short(miles(away)), "kilometres": _short(away)}


def _short(number: float) -> str:
    return f"{number:.1f}" if number < 10 else f"{number:.0f}"
