"""How a timeline is laid out: honest about dates, inside the paper, nothing over anything else."""

import datetime
import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from trustportal.partial_date import PartialDate
from trustportal.timelines.axis import axis_for
from trustportal.timelines.drawing import NARROW, WIDE, Size, draw
from trustportal.timelines.events import Ending, Event, Precision, Span, order_of
from trustportal.timelines.lanes import cut, pack, width_of
from trustportal.timelines.overview import NARROW as NARROW_GRID
from trustportal.timelines.overview import WIDE as WIDE_GRID
from trustportal.timelines.overview import draw_overview

pytestmark = pytest.mark.either_database

TODAY = datetime.date(2026, 3, 2)
HEADINGS = {"runs": "Runs", "milestones": "Milestones"}
sizes = st.sampled_from([WIDE, NARROW])


def partial(day: datetime.date, precision: str) -> PartialDate:
    """A day as far as it is known."""
    return PartialDate(day.year, day.month if precision != "year" else None, day.day if precision == "day" else None)


def dates(first: int = 1850, last: int = 2150) -> st.SearchStrategy[PartialDate]:
    """Dates of every precision in so many years."""
    days = st.dates(datetime.date(first, 1, 1), datetime.date(last, 12, 31))
    return st.builds(partial, days, st.sampled_from(["year", "month", "day"]))


words = st.text("abcdefgW MÄlij…", min_size=1, max_size=120)


def event_on(date: PartialDate, name: str = "The centre opens", key: str = "a", **more: object) -> Event:
    return Event(key=key, kind="milestones", what="Milestone", words=name, on=date, address="/a/", **more)


def span_of(start: PartialDate | None, end: PartialDate | None, *, goes_on: bool = True, name: str = "A run") -> Span:
    ending = Ending.KNOWN if end else Ending.OPEN if goes_on else Ending.NOT_STATED
    return Span("b", "runs", name, "/b/", start, end, ending)


events = st.lists(st.builds(event_on, dates(), words), max_size=25)


def some_span(known: str, one: PartialDate, other: PartialDate, name: str) -> Span:
    """A run of which the beginning, the end or both are known, and which goes on or not."""
    start, end = sorted([one, other], key=str)
    if known == "both":
        return span_of(start, end, name=name)
    if known == "end":
        return span_of(None, end, name=name)
    return span_of(start, None, goes_on=known == "open", name=name)


spans = st.lists(
    st.builds(some_span, st.sampled_from(["both", "end", "open", "beginning"]), dates(), dates(), words), max_size=15
)


@given(events, spans, sizes)
def test_nothing_lies_over_anything_else_and_all_of_it_on_the_paper(many: list, runs: list, size: Size) -> None:
    picture = draw(many, runs, HEADINGS, size, TODAY)

    if picture is None:
        assert not many
        assert not runs
        return
    assert len(picture.drawn) == len(many) + len(runs)
    for one in picture.drawn:
        assert 0 <= one.label_at <= one.label_end <= size.width
        assert -10 <= one.start <= one.end <= size.width
        assert 0 <= one.top <= picture.height - 40
    names = [(float(x), width_of(name, size.letters) / 2) for x, name in picture.names]
    assert len(names) >= 2
    for (middle, half), (next_middle, next_half) in pairwise(names):
        assert middle + half < next_middle - next_half
    for band in picture.bands:
        for one, other in combinations(band.drawn, 2):
            assert one.lane != other.lane or one.extent[1] <= other.extent[0] or other.extent[1] <= one.extent[0]
    for above, below in pairwise(picture.bands):
        assert max(one.top for one in above.drawn) + 40 <= below.top


@given(dates(), dates(), sizes)
def test_a_bar_covers_just_the_days_that_its_date_can_be(date: PartialDate, other: PartialDate, size: Size) -> None:
    picture = draw([event_on(date), event_on(other, key="b")], [], HEADINGS, size, TODAY)
    [drawn] = [one for one in picture.drawn if one.key == "a"]
    axis = picture.axis

    day_wide = (axis.right - axis.left) / (axis.last.toordinal() - axis.first.toordinal() + 1)
    first, last = date.earliest.toordinal(), date.latest.toordinal()
    assert drawn.start == pytest.approx(axis.at(first))
    assert drawn.end - drawn.start == pytest.approx((last - first + 1) * day_wide, abs=1e-6)


@pytest.mark.parametrize(
    ("date", "precision", "kind"),
    [("2017", "YEAR", "bars"), ("2017-05", "MONTH", "bars"), ("2017-05-12", "DAY", "points")],
)
def test_only_a_day_is_a_point(date: str, precision: str, kind: str) -> None:
    event = event_on(PartialDate.parse(date))

    assert event.precision is Precision[precision]
    assert draw([event], [], HEADINGS, WIDE, TODAY).shapes == {kind}


def test_a_figure_covers_its_period() -> None:
    event = event_on(PartialDate(2019, 3), since=PartialDate(2017, 4))

    assert event.date == "April 2017 to March 2019"
    assert (event.earliest, event.latest) == (datetime.date(2017, 4, 1), datetime.date(2019, 3, 31))


@pytest.mark.parametrize(
    ("start", "end", "goes_on", "said", "shapes"),
    [
        ("2014", "2019", True, "2014 to 2019", {"runs", "thin"}),
        ("2017-05-12", None, True, "Since 12 May 2017", {"runs", "arrow"}),
        ("2017", None, True, "Since 2017", {"runs", "thin", "arrow"}),
        ("2017", None, False, "Began 2017, end not stated", {"runs", "thin", "dashes"}),
        (None, "2019-05-01", True, "Until 1 May 2019, beginning not stated", {"runs", "dashes"}),
    ],
)
def test_what_is_not_known_of_a_run_is_said_and_drawn_by_shape(
    start: str | None, end: str | None, goes_on: bool, said: str, shapes: set
) -> None:
    run = span_of(start and PartialDate.parse(start), end and PartialDate.parse(end), goes_on=goes_on)

    assert run.period == said
    assert draw([], [run], HEADINGS, WIDE, TODAY).shapes == shapes


def test_a_run_without_any_date_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="a beginning or an end"):
        span_of(None, None)


@given(st.dates(datetime.date(1700, 1, 1), datetime.date(2200, 1, 1)), st.integers(0, 300 * 366), st.integers(3, 20))
def test_any_time_from_a_day_to_300_years_has_its_lines(first: datetime.date, days: int, most: int) -> None:
    last = first + datetime.timedelta(days=days)
    axis, ticks = axis_for(first, last, 10, 500, most)

    assert axis.first <= first <= last <= axis.last
    assert 2 <= len(ticks) <= most
    places = [tick.at for tick in ticks]
    assert places == sorted(set(places))
    assert places[0] >= 10
    assert places[-1] <= 500
    assert str(ticks[0].day.year) in ticks[0].label
    assert all(one.label != other.label for one, other in pairwise(ticks))
    assert all(tick.day.day == 1 for tick in ticks)


@pytest.mark.parametrize("year", [1000, 9999])
def test_the_first_and_the_last_year_that_there_is_can_be_drawn(year: int) -> None:
    assert draw([event_on(PartialDate(year)), event_on(PartialDate(2000))], [], HEADINGS, WIDE, TODAY)
    assert draw([event_on(PartialDate(year))], [], HEADINGS, NARROW, TODAY)


def test_today_has_its_line_where_it_is_on_the_axis() -> None:
    past = draw([event_on(PartialDate(2001))], [], HEADINGS, WIDE, TODAY)
    now = draw([event_on(PartialDate(2026))], [], HEADINGS, WIDE, TODAY)

    assert past.today is None
    assert now.axis.at(TODAY.toordinal()) <= now.today <= now.axis.at(TODAY.toordinal() + 1)


@given(
    st.lists(st.tuples(st.floats(0, 500), st.floats(0, 300)).map(lambda two: (two[0], two[0] + two[1])), max_size=40)
)
def test_lanes_hold_nothing_twice(extents: list) -> None:
    lanes = pack(extents, 4)

    for (lane, (start, end)), (other, (from_, to)) in combinations(zip(lanes, extents, strict=True), 2):
        assert lane != other or end + 4 <= from_ or to + 4 <= start
    assert set(lanes) == set(range(len(set(lanes))))


@given(words, st.floats(30, 600))
def test_words_are_cut_to_the_room_that_there_is(some: str, room: float) -> None:
    kept = cut(some, 14, room)

    assert width_of(kept, 14) <= room
    assert kept == some or kept.endswith("…")


@given(st.lists(dates(), max_size=30))
def test_the_list_is_in_the_order_of_the_first_possible_day_and_the_vaguer_comes_first(some: list) -> None:
    in_order = sorted((event_on(date, key=str(at)) for at, date in enumerate(some)), key=order_of)

    said = [(event.on.earliest, -(event.on.latest - event.on.earliest).days) for event in in_order]
    assert said == sorted(said)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(list(HEADINGS)), st.integers(1000, 9999)), st.integers(1, 9999), max_size=40
    ),
    st.sampled_from([WIDE_GRID, NARROW_GRID]),
)
def test_the_overview_counts_every_event_once_and_stays_on_the_paper(counts: dict, grid: object) -> None:
    drawn = draw_overview(counts, HEADINGS, grid, lambda kind, first, last: f"/{kind}/{first}/{last}")

    if not counts:
        assert drawn is None
        return
    cells = [cell for row in drawn.rows for cell in row.cells]
    assert sum(cell.count for cell in cells) == sum(counts.values())
    for cell in cells:
        inside = {
            year: n for (kind, year), n in counts.items() if kind == cell.kind and cell.first <= year <= cell.last
        }
        assert sum(inside.values()) == cell.count
        assert 1 <= cell.shade <= 4
        assert grid.gutter <= cell.x
        assert cell.x + drawn.inner <= grid.width
        assert drawn.inner >= 24  # a target that can be hit
        assert cell.y + 30 <= drawn.height
    assert len({(cell.x, cell.y) for cell in cells}) == len(cells)


def test_each_thing_is_a_link_with_its_date_in_words_and_nothing_is_inline() -> None:
    made = [event_on(PartialDate(2017, 5), "Opens & <grows>"), event_on(PartialDate(2019), key="c")]
    picture = draw(made, [span_of(PartialDate(2014), None)], HEADINGS, WIDE, TODAY)
    svg = render_to_string("timelines/picture.svg", {"picture": picture, "label": "3 events"})

    root = ET.fromstring(svg)  # noqa: S314  our own
    links = root.findall(".//{http://www.w3.org/2000/svg}a")
    titles = [link.find("{http://www.w3.org/2000/svg}title").text for link in links]
    assert titles == ["A run: since 2014", "May 2017: Opens & <grows>", "2019: The centre opens"]
    assert not re.search(r"""\s(style|on\w+)=|url\(|<style|<script""", svg)
    assert not re.search(r"\d,\d{3}", svg)  # numbers as SVG has them
