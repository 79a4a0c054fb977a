"""How a timeline is drawn: dates become places on paper, as plain data that a template turns into SVG.

Nothing here knows what happened. What is known of a date is drawn by shape: a day is a diamond, a month or a year a bar
over all the days that it can be. What ran is a thick bar where it certainly ran, a thin one where it may have begun or
ended, dashes where nothing is stated, and an arrow where it goes on.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trustportal.timelines.axis import Axis, Tick, axis_for
from trustportal.timelines.events import Ending, Event, Span
from trustportal.timelines.lanes import cut, pack, width_of

LANE = 40  # height: a line of words, and what it names below it
HEADING = 30
BASE = 15  # from the top of a lane to the foot of its words
MIDDLE = 27  # from the top of a lane to the middle of its bar
THICK, THIN = 5, 1.75  # half the height of a bar
TIP = 9  # how far an arrow reaches
POINT = 7  # half a diamond
GAP = 14
NAMES_APART = 6  # names of the lines of the axis
TAIL = 42  # how far dashes reach where a beginning is not known


@dataclass(frozen=True)
class Size:
    """The paper, in pixels: how wide, the margins left and right, the size of the letters, how many lines at most."""

    name: str
    width: int
    margin: int
    letters: int
    most_ticks: int


WIDE = Size("wide", 960, margin=24, letters=14, most_ticks=14)
NARROW = Size("narrow", 330, margin=14, letters=13, most_ticks=6)


@dataclass(frozen=True)
class Drawn:
    """One thing on the paper: from and to are its days, as they lie on the axis; the paths are what is drawn."""

    key: str
    title: str
    address: str
    label: str
    label_at: float
    label_end: float
    start: float
    end: float
    lane: int
    top: float
    kind: str
    full: str = ""  # filled outlines
    dashes: str = ""  # a line with dashes

    @property
    def x(self) -> str:
        """Where its words begin, as SVG has it."""
        return f"{self.label_at:.5g}"

    @property
    def y(self) -> str:
        """The foot of its words."""
        return f"{self.top + BASE:g}"

    @property
    def extent(self) -> tuple[float, float]:
        """From and to, its words included."""
        return min(self.start, self.label_at), max(self.end, self.label_end)


@dataclass(frozen=True)
class Band:
    """Things of one kind under a heading."""

    kind: str
    heading: str
    top: float
    drawn: list[Drawn]

    @property
    def y(self) -> str:
        """The foot of the heading."""
        return f"{self.top + 20:g}"


@dataclass(frozen=True)
class Picture:
    """All of it, ready to be drawn."""

    size: Size
    axis: Axis
    ticks: list[Tick]
    bands: list[Band]
    height: float
    today: float | None  # where today is; None where it is not on the axis

    @property
    def box(self) -> str:
        """Width and height, as an SVG's viewBox has them."""
        return f"{self.size.width} {self.height:g}"

    @property
    def grid(self) -> str:
        """The lines of the axis, as one SVG path."""
        return "".join([f"M{tick.at:.5g} 44V{self.height - 24:g}" for tick in self.ticks])

    @property
    def rules(self) -> str:
        """The lines between the bands, as one SVG path."""
        return "".join([f"M0 {band.top:g}H{self.size.width}" for band in self.bands])

    @property
    def names(self) -> list[tuple[str, str]]:
        """The names of the lines with their places, moved inwards where they would leave the paper.

        Where two would touch, the later one is left out, or the earlier one where the later begins a year.
        """
        found: list[tuple[float, float, Tick]] = []  # the middle, half the width
        for tick in self.ticks:
            half = width_of(tick.label, self.size.letters) / 2
            middle = max(half, min(tick.at, self.size.width - half))
            if found and found[-1][0] + found[-1][1] + NAMES_APART > middle - half:
                if tick.day.month > 1 or found[-1][2].day.month == 1:
                    continue
                found.pop()
            found.append((middle, half, tick))
        return [(f"{middle:.5g}", tick.label) for middle, _half, tick in found]

    @property
    def foot(self) -> str:
        """The y of the names at the foot."""
        return f"{self.height - 8:g}"

    @property
    def is_tall(self) -> bool:
        """Whether the names of the lines are wanted at the foot too."""
        return self.height > 400

    @property
    def today_path(self) -> str:
        """The line of today."""
        return "" if self.today is None else f"M{self.today:.5g} 22V{self.height - 24:g}"

    @property
    def today_label(self) -> str:
        """Where the word for today stands."""
        middle = 0.0 if self.today is None else self.today
        return f"{max(22, min(middle, self.size.width - 22)):.5g}"

    @property
    def drawn(self) -> list[Drawn]:
        """Everything on the paper."""
        return [one for band in self.bands for one in band.drawn]

    @property
    def shapes(self) -> set[str]:
        """Which shapes there are, for the key: "points", "bars", "thin", "arrow", "dashes"."""
        found = set()
        for one in self.drawn:
            if one.dashes:
                found.add("dashes")
            for name in one.kind.split()[1:]:
                found.add(name)
        return found


def draw(
    events: Sequence[Event], spans: Sequence[Span], headings: Mapping[str, str], size: Size, today: datetime.date
) -> Picture | None:
    """The picture of events and of what ran, under a heading for each kind in the order given; None of nothing."""
    days = [day for one in events for day in (one.earliest, one.latest)] + [day for one in spans for day in one.days]
    if not days:
        return None
    if any(span.ending is not Ending.KNOWN for span in spans):
        days.append(today)
    axis, ticks = axis_for(min(days), max(days), size.margin, size.width - size.margin, size.most_ticks)
    bands, top = [], 48.0
    for kind, heading in headings.items():
        shaped = [_span(span, axis, size, today) for span in spans if span.kind == kind]
        shaped += [_event(event, axis, size) for event in events if event.kind == kind]
        if shaped:
            band, top = _band(kind, heading, shaped, top, size)
            bands.append(band)
    is_inside = axis.first <= today <= axis.last
    return Picture(size, axis, ticks, bands, top + 34, axis.middle(today) if is_inside else None)


@dataclass(frozen=True)
class _Shape:
    """One thing before it has its lane: the paths take the y of its middle."""

    key: str
    title: str
    address: str
    label: str
    start: float
    end: float
    shapes: str
    full: Iterable[str]
    dashes: str = ""
    period: str = ""  # follows the label, and is never cut


def _box(start: float, end: float, half: float) -> str:
    """A filled outline around the middle line, which stands for {y}."""
    return f"M{start:.5g} {{y}}v{-half:g}H{end:.5g}v{2 * half:g}H{start:.5g}z"


def _event(event: Event, axis: Axis, size: Size) -> _Shape:
    start, end = axis.across(event.earliest, event.latest)
    middle = (start + end) / 2
    if event.is_point:
        outline = f"M{middle:.5g} {{y}}m0-{POINT}l{POINT} {POINT}-{POINT} {POINT}-{POINT}-{POINT}z"
    else:
        outline = _box(start, end, THICK)
    label = f"{event.date}: {event.words}"
    return _Shape(
        event.key, event.title, event.address, label, start, end, "points" if event.is_point else "bars", [outline]
    )


def _span(span: Span, axis: Axis, size: Size, today: datetime.date) -> _Shape:
    full, dashes, shapes = [], "", "runs"
    certain_from = certain_to = None
    if span.start:
        start, begun = axis.across(span.start.earliest, span.start.latest)
        certain_from = begun if span.start.earliest != span.start.latest else start
    else:
        assert span.end is not None  # noqa: S101  it has one of the two
        certain_from = axis.across(span.end.earliest, span.end.latest)[0]
        start = max(axis.left - 8, certain_from - TAIL)
        dashes += f"M{start:.5g} {{y}}H{certain_from:.5g}"
    if span.end:
        ending, end = axis.across(span.end.earliest, span.end.latest)
        certain_to = ending if span.end.earliest != span.end.latest else end
    elif span.ending is Ending.OPEN:
        end = max(certain_from, axis.middle(today))
        certain_to = end
    else:
        end = max(certain_from, axis.middle(today))
        certain_to = certain_from
        dashes += f"M{certain_from:.5g} {{y}}H{end:.5g}" if end > certain_from else ""
    if certain_to < certain_from:  # both in one year or month: nothing is certain but that it was then
        certain_from = certain_to = end
    if start < certain_from and span.start:
        full.append(_box(start, certain_from, THIN))
        shapes += " thin"
    if certain_from < certain_to:
        full.append(_box(certain_from, certain_to, THICK))
    if certain_to < end and span.end:
        full.append(_box(certain_to, end, THIN))
        shapes += " thin"
    if span.start and span.start.earliest == span.start.latest and not span.end and certain_from >= certain_to:
        full.append(_box(start, start + 3, THICK))  # it begins on a day, and nothing more is known
    if span.ending is Ending.OPEN:
        full.append(f"M{end:.5g} {{y}}v{-THICK - 3}l{TIP} {THICK + 3}-{TIP} {THICK + 3}z")
        shapes += " arrow"
    period = f", {span.period[:1].lower()}{span.period[1:]}"
    return _Shape(span.key, span.title, span.address, span.name, start, end, shapes, full, dashes, period)


def _band(kind: str, heading: str, shaped: Sequence[_Shape], top: float, size: Size) -> tuple[Band, float]:
    """Put things on lanes under a heading. Gives the band, and where the next one begins."""
    shaped = sorted(shaped, key=lambda one: (one.start, one.end))
    places, extents = [], []
    for one in shaped:
        room = size.width - 8 - width_of(one.period, size.letters)
        label = f"{cut(one.label, size.letters, room)}{one.period}"
        width = width_of(label, size.letters)
        at = max(4, min(one.start, size.width - 4 - width))
        places.append((label, at, at + width))
        extents.append((min(one.start - POINT, at), max(one.end + TIP, at + width)))
    lanes = pack(extents, GAP)
    drawn = []
    for one, (label, at, label_end), lane in zip(shaped, places, lanes, strict=True):
        upper = top + HEADING + lane * LANE
        middle = f"{upper + MIDDLE:g}"
        drawn.append(
            Drawn(
                key=one.key,
                title=one.title,
                address=one.address,
                label=label,
                label_at=at,
                label_end=label_end,
                start=one.start,
                end=one.end,
                lane=lane,
                top=upper,
                kind=f"{kind} {one.shapes}",
                full="".join(path.format(y=middle) for path in one.full),
                dashes=one.dashes.format(y=middle),
            )
        )
    drawn.sort(key=lambda one: (one.lane, one.start))
    return Band(kind, heading, top, drawn), top + HEADING + (max(lanes) + 1) * LANE + 6
