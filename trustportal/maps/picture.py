"""A map ready to be drawn: outlines that are links, shades, markers in groups, names that do not overlap.

One drawing serves desks and phones: the outlines stand once, and over them lie two layers of markers and names, laid
out for paper of either width; a stylesheet shows one of them.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from trustportal.maps.clipping import clip_ring
from trustportal.maps.drawing import Frame, Outlines, outlines, path_of
from trustportal.maps.england import arcs_at, england, rings_of
from trustportal.maps.grouping import Group, grouped
from trustportal.maps.labelling import Label, beside, placed, width_of
from trustportal.maps.projection import Box
from trustportal.maps.tiles import Tile
from trustportal.maps.topology import Ring, merged

APART = 26  # pixels between markers: each has room for a finger, 24 pixels wide
FAR_APART = 48  # pixels, where there are so many that names would find no room
REACH = 12  # pixels from the middle of a marker to its edge
TEXT = 13  # pixels: the height of names
QUIET_TEXT = 12  # pixels: the height of names of districts and regions
NARROW = 288  # pixels: the paper of a phone
SHADES = 3


@dataclass(frozen=True)
class Shade:
    """How a district is shown: how many serve it, what it is called for readers, where it leads, how dark it is."""

    number: int
    words: str
    href: str
    level: int  # 0: none serves it; up to SHADES
    is_stop: bool = True  # whether the tab key stops at it; lists lead to the others


@dataclass(frozen=True)
class Spot:
    """Something with a position, or several things counted together (then without a name)."""

    name: str
    kind: str
    latitude: float
    longitude: float
    is_approximate: bool = False
    href: str = ""
    number: int = 1
    key: str = ""


@dataclass(frozen=True)
class Area:
    """A shape of the map: its path, how dark it is, what it is called and where it leads ("" where nowhere)."""

    path: str
    level: int
    words: str
    href: str
    is_stop: bool = True


@dataclass(frozen=True)
class Marker:
    """A marker: the middle, its kind ("group" for several), how many it stands for, what it says, where it leads."""

    x: float
    y: float
    kind: str
    number: int
    words: str
    href: str
    is_approximate: bool
    has_names: bool = True  # whether it says more than its number

    @property
    def place(self) -> str:
        """Where it is, as SVG has it."""
        return f"{self.x:.1f} {self.y:.1f}"

    @property
    def radius(self) -> int:
        """How large it is, where it is a circle with a number."""
        return REACH if self.number < 100 else REACH + 2 if self.number < 1000 else REACH + 6


@dataclass(frozen=True)
class Name:
    """A name on the map, in the middle of its place."""

    x: str
    y: str
    words: str
    size: str
    sort: str  # "site", "district" or "region"


@dataclass(frozen=True)
class Layer:
    """Markers and names for one width of paper, which is `scale` times as wide when it is drawn."""

    sort: str  # "wide" or "narrow"
    scale: str
    markers: list[Marker]
    names: list[Name]
    groups: list[Group[Spot]]  # those of more than one


@dataclass(frozen=True)
class Picture:
    """All of a map."""

    frame: Frame
    grounds: list[Area]  # regions
    shaded: list[Area]  # shades over regions that are links themselves
    districts: list[Area]
    borders: str
    layers: list[Layer]
    tiles: Sequence[Tile] = ()

    @property
    def box(self) -> str:
        """Width and height, as an SVG's viewBox has them."""
        return f"{self.frame.width} {self.frame.height}"

    @property
    def has_rings(self) -> bool:
        """Whether a dashed ring says somewhere that a position is approximate."""
        markers = (marker for layer in self.layers for marker in layer.markers)
        return any(marker.is_approximate and marker.kind != "group" for marker in markers)


@dataclass(frozen=True)
class Subject:
    """What a map shows, besides its window."""

    shades: Mapping[str, Shade]  # by code of the district
    spots: Sequence[Spot]  # the more important ones first
    say_group: Callable[[Group[Spot]], tuple[str, str]]  # what a group is called, and where it leads
    region_links: Mapping[str, tuple[str, str]]  # by slug of the region: what it is called, where it leads
    apart: int = APART  # pixels between markers
    region: str = ""  # the slug of the one region whose districts are shown one by one; "" for all
    is_whole: bool = False  # all of England: districts are shaded, and regions are the links
    is_plain: bool = False  # a small map: districts are shaded and named, and nothing but markers is a link


def picture_of(frame: Frame, subject: Subject, *, narrow: int | None = NARROW, tiles: Sequence[Tile] = ()) -> Picture:
    """The map of a window; with a layer for phones where `narrow` says how wide their paper is."""
    drawn = outlines(frame)
    grounds = [
        Area(shape.path, 0, *subject.region_links.get(slug, (str(shape.name), "")))
        for slug, shape in drawn.regions.items()
        if slug != subject.region
    ]
    is_shaded = subject.is_whole or subject.is_plain
    widths = [frame.width] + ([narrow] if narrow else [])
    return Picture(
        frame=frame,
        grounds=grounds,
        shaded=_shaded(frame, subject) if is_shaded else [],
        districts=[] if is_shaded else _districts(drawn, subject),
        borders=drawn.borders if is_shaded else "",
        layers=[_layer(drawn, subject, width) for width in widths],
        tiles=tiles,
    )


def _is_shown(code: str, subject: Subject) -> bool:
    return not subject.region or england().by_code[code].region.slug == subject.region


def _districts(drawn: Outlines, subject: Subject) -> list[Area]:
    found = []
    for code, shape in drawn.districts.items():
        if _is_shown(code, subject):
            shade = subject.shades.get(code)
            found.append(
                Area(shape.path, shade.level, shade.words, shade.href, shade.is_stop)
                if shade
                else Area(shape.path, 0, shape.name, "")
            )
    return found


def _shaded(frame: Frame, subject: Subject) -> list[Area]:
    """One shape for each shade: districts of the same shade that touch become one."""
    whole, arcs = england(), arcs_at(frame.level)
    by_level: dict[int, list[Ring]] = defaultdict(list)
    for code, shade in subject.shades.items():
        if shade.level:
            by_level[shade.level] += whole.by_code[code].rings
    found = []
    for level, rings in sorted(by_level.items()):
        points = rings_of(merged(rings, whole.topology.arcs), arcs)
        clipped = [clip_ring([frame.on_paper(point) for point in ring], frame.paper) for ring in points]
        found.append(Area(path_of([ring for ring in clipped if ring], is_closed=True), level, "", ""))
    return found


def _layer(drawn: Outlines, subject: Subject, width: int) -> Layer:
    frame = Frame(drawn.frame.box, width)
    paper = frame.paper
    spots = [(at, spot) for spot in subject.spots if paper.holds(at := frame.place(spot.longitude, spot.latitude))]
    groups = grouped(spots, subject.apart)
    markers = [_marker(group, subject) for group in groups]
    shrunk = drawn.frame.width / width
    return Layer(
        sort="wide" if shrunk == 1 else "narrow",
        scale=f"{shrunk:.4g}",
        markers=markers,
        names=_names(markers, groups, drawn, subject, paper, shrunk),
        groups=[group for group in groups if number_in(group) > 1],
    )


def number_in(group: Group[Spot]) -> int:
    """How many things a group stands for."""
    return sum(spot.number for spot in group.members)


def _marker(group: Group[Spot], subject: Subject) -> Marker:
    first, number = group.members[0], number_in(group)
    if number == 1:
        return Marker(group.x, group.y, first.kind, 1, first.name, first.href, first.is_approximate)
    words, href = subject.say_group(group)
    is_approximate = any(spot.is_approximate for spot in group.members)
    has_names = any(spot.name for spot in group.members)
    return Marker(group.x, group.y, "group", number, words, href, is_approximate, has_names)


def _names(
    markers: list[Marker],
    groups: list[Group[Spot]],
    drawn: Outlines,
    subject: Subject,
    paper: Box,
    shrunk: float,
) -> list[Name]:
    """The names for which there is room: sites first, then what serves most, then the rest."""
    wanted: list[tuple[str, list[Label]]] = []
    for marker, group in zip(markers, groups, strict=True):
        if marker.number == 1 and group.members[0].name:
            words = marker.words.partition(",")[0]
            wanted.append(("site", beside(marker.x, marker.y, words, TEXT, marker.radius + 2)))
    if subject.is_whole:
        wanted += [
            ("region", _inside(shape.name, shape.room.x / shrunk, shape.room.y / shrunk))
            for shape in drawn.regions.values()
        ]
    else:
        shapes = [(code, shape) for code, shape in drawn.districts.items() if _is_shown(code, subject)]
        levels = {code: subject.shades[code].level if code in subject.shades else 0 for code, _shape in shapes}
        shapes.sort(key=lambda one: (-levels[one[0]], -one[1].room.width))
        for code, shape in shapes:
            number = subject.shades[code].number if code in subject.shades else 0
            words = f"{shape.name} ({number})" if number else shape.name
            if width_of(words, QUIET_TEXT) < 1.25 * shape.room.width / shrunk:
                wanted.append(("district", _inside(words, shape.room.x / shrunk, shape.room.y / shrunk)))
    taken = [Box(m.x - m.radius - 1, m.y - m.radius - 1, m.x + m.radius + 1, m.y + m.radius + 1) for m in markers]
    found = placed([labels for _sort, labels in wanted], taken, paper.grown(-2))
    return [
        Name(f"{label.x:.1f}", f"{label.y:.1f}", label.words, f"{label.size:g}", sort)
        for (sort, _labels), label in zip(wanted, found, strict=True)
        if label
    ]


def _inside(words: str, x: float, y: float) -> list[Label]:
    """The possible places of a name inside what it names."""
    return [Label(x, y + down, words, QUIET_TEXT) for down in (0, -16, 16, -30, 30)]
