"""The picture of a control chart."""

import datetime
import io
import math
from dataclasses import replace

import pytest
from PIL import Image, ImageColor, ImageFont

from trustportal.charts.control import draw
from trustportal.charts.drawing import COLOURS, NARROW, WIDE, Chart, Dot, Figure, Note, Size
from trustportal.charts.png import BEYOND_ASCII, INSTEAD, SCALE, SHAPES, _apart, _plain, _width, _wrapped, paint
from trustportal.charts.spc import analyse

pytestmark = pytest.mark.either_database

FIRST = datetime.date(2020, 1, 1)
WHITE = (255, 255, 255)
RISING = [50.0 + 6 * math.sin(at * 2.3) + (at > 26) * 9 - (at < 10) * 9 for at in range(36)]

# Places beyond a circle, from the middle of a point, and which of them its shape reaches.
TIPS_OF = {
    "common_cause": set(),
    "special_cause_improvement": {(5, 0), (0, -5), (0, 5)},
    "special_cause_concern": {(3.5, -4), (3.5, 3)},
    "special_cause_neutral_high": {(0, -5), (3.5, 3)},
    "special_cause_neutral_low": {(0, 5), (3.5, -4)},
}
TIPS = set().union(*TIPS_OF.values())


def chart_of(values: list[float | None], *, size: Size = WIDE, provisional: int = 0, **options: object) -> Chart:
    """A chart of values a month apart, the last of them provisional."""
    dates = [FIRST + datetime.timedelta(days=30 * at) for at in range(len(values))]
    figures = [
        Figure(f"{date:%B %Y}", str(value), is_provisional=at >= len(values) - provisional)
        for at, (date, value) in enumerate(zip(dates, values, strict=True))
    ]
    rebase = options.pop("rebase", ())
    direction = options.pop("direction", "increase")
    points = analyse(dates, values, improvement_direction=direction, rebase=[dates[at] for at in rebase]).points
    return draw(points, figures, size=size, **{"in_words": "{:g}%".format, **options})


def picture(chart: Chart, title: str = "", caption: str = "") -> Image.Image:
    image = Image.open(io.BytesIO(paint(chart, title=title, caption=caption)))
    assert image.format == "PNG"
    return image.convert("RGB")


def pixel(image: Image.Image, x: float, y: float) -> tuple[int, ...]:
    return image.getpixel((round(x * SCALE), round(y * SCALE)))


def colour_of(dot: Dot) -> tuple[int, ...]:
    return ImageColor.getrgb(COLOURS[dot.kind])


def edges(image: Image.Image) -> set[tuple[int, ...]]:
    """The colours along the edges of the picture."""
    right, low = image.width - 1, image.height - 1
    sides = [image.crop(box) for box in ((0, 0, 1, low), (right, 0, right + 1, low), (0, low, right, low + 1))]
    return {colour for side in sides for _count, colour in side.getcolors(10_000)}


def test_the_picture_is_twice_the_size_of_the_drawing() -> None:
    assert picture(chart_of(RISING, target=60)).size == (WIDE.width * 2, WIDE.height * 2)
    assert picture(replace(chart_of(RISING, size=NARROW), levels=[])).size == (NARROW.width * 2, NARROW.height * 2)


def test_labels_that_need_more_room_widen_the_picture() -> None:
    named = picture(chart_of(RISING, size=NARROW))
    numbered = picture(chart_of(RISING, size=NARROW, in_words="{:,.2f} per thousand".format))
    endless = picture(chart_of(RISING, size=NARROW, in_words=lambda value: "9" * 500))

    assert NARROW.width * 2 < named.width < numbered.width < endless.width < NARROW.width * 2 * 1.6
    assert {image.height for image in (named, numbered, endless)} == {NARROW.height * 2}


def test_title_and_caption_take_the_room_that_they_need() -> None:
    chart = chart_of(RISING)
    plain, titled = picture(chart), picture(chart, "Seen in four hours")
    both, long = picture(chart, "Seen in four hours", "Source"), picture(chart, "Seen in four hours " * 20)

    assert plain.height < titled.height < both.height < long.height
    assert {image.width for image in (plain, titled, both, long)} == {WIDE.width * 2}


@pytest.mark.parametrize("direction", ["increase", "decrease", "neutral"])
def test_points_have_the_colour_of_their_kind(direction: str) -> None:
    chart = chart_of(RISING, direction=direction)
    image = picture(chart)

    assert len({dot.kind for dot in chart.dots}) == 3
    for dot in chart.dots:
        assert pixel(image, dot.x, dot.y) == colour_of(dot)


@pytest.mark.parametrize("kind", SHAPES)
def test_every_kind_has_a_shape_of_its_own(kind: str) -> None:
    chart = chart_of([5.0])
    dot = chart.dots[0]._replace(kind=kind)
    image = picture(replace(chart, dots=[dot], levels=[], y_ticks=[]))
    colour = ImageColor.getrgb(COLOURS[kind])

    reached = {(right, down) for right, down in TIPS if pixel(image, dot.x + right, dot.y + down) == colour}

    assert reached == TIPS_OF[kind]


def test_provisional_points_are_hollow() -> None:
    chart = chart_of(RISING, provisional=2)
    image = picture(chart)

    assert [pixel(image, dot.x, dot.y) for dot in chart.dots[-2:]] == [WHITE, WHITE]
    assert pixel(image, chart.dots[-3].x, chart.dots[-3].y) == colour_of(chart.dots[-3])
    last = chart.dots[-1]
    rim = {pixel(image, last.x + right / 4, last.y) for right in range(25)}
    assert colour_of(last) in rim


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(
    "values",
    [[None] * 5, [3.0], [None], [7.0] * 20, [0.0] * 3, [math.sin(at) for at in range(520)], [1e9, -1e9] * 9],
    ids=["missing", "one", "one missing", "constant", "naught", "many", "large"],
)
def test_any_series_is_painted_and_stays_on_the_paper(values: list[float | None], size: Size) -> None:
    notes = [Note(FIRST, number) for number in range(1, 4)]
    chart = chart_of(values, size=size, target=1.0, baseline=2.0, notes=notes, in_words="{:,.2f} per thousand".format)

    assert edges(picture(chart, "W" * 300, "Of which " * 90)) == {WHITE}


def test_missing_values_are_marked_on_the_lower_edge() -> None:
    chart = chart_of([1.0, 2.0, None, 1.0, 2.0])
    [gap] = chart.gaps

    assert pixel(picture(chart), gap.x + 1.5, gap.y - 1.5) == ImageColor.getrgb("#4c6272")


def test_levels_breaks_and_target_are_there() -> None:
    chart = chart_of(RISING, target=80, rebase=[20])
    image = picture(chart)
    [x] = chart.breaks
    y = next(level.y for level in chart.levels if level.name == "target")

    along = [pixel(image, at, y) for at in range(WIDE.left, chart.end)]
    assert along.count(ImageColor.getrgb("#d5281b")) > 200  # dashed
    assert along.count(ImageColor.getrgb("#d5281b")) < 500
    assert any(pixel(image, x, down) == ImageColor.getrgb("#4c6272") for down in range(WIDE.top, chart.floor))


def test_labels_keep_their_distance() -> None:
    assert _apart([10, 11, 12], 5, 0, 100) == [10, 15, 20]
    assert _apart([10, 99, 100], 5, 0, 100) == [10, 95, 100]
    assert _apart([-9], 5, 0, 100) == [0]
    assert _apart([], 5, 0, 100) == []
    assert _apart([50] * 5, 40, 0, 100) == [0, 25, 50, 75, 100]


def test_text_is_broken_where_its_room_ends() -> None:
    lines = _wrapped("Seen within four hours " + "x" * 200 + "\nSource: ours", 18, 120)

    assert all(_width(line, 18) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "").startswith("Seenwithinfourhoursxxx")
    assert lines[-1].endswith("ours")


def test_what_the_font_lacks_is_said_otherwise() -> None:
    font = ImageFont.load_default(20)
    lacking = bytes(font.getmask("\ue123"))

    assert _plain("£5–10 café, Tŷ Gŵyr 中") == "GBP 5-10 cafe, Ty Gwyr ?"
    said = {letter for words in INSTEAD.values() for letter in words} | {chr(code) for code in range(33, 127)}
    assert not [letter for letter in {*said, *BEYOND_ASCII} - {" "} if bytes(font.getmask(letter)) == lacking]
