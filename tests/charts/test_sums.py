"""Sums that cannot mislead: what is hidden gives nothing away, and what is added may be added."""

import random
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, combinations, permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trustportal.charts.sums import Counted, Part, Refusal, Refused, Total, add_up, also_hidden, is_small

pytestmark = pytest.mark.either_database

FIRST = date(2020, 1, 1)
DAY = timedelta(days=1)


# Small numbers

numbers = st.decimals(-50, 50, places=2)
some_numbers = st.none() | numbers
thresholds = st.integers(2, 20)


@pytest.mark.parametrize(("value", "expected"), [("4", True), ("5", False), ("0", True), ("-7", True), ("4.9", True)])
def test_a_number_below_the_threshold_is_small(value: str, expected: bool) -> None:
    assert is_small(5, Decimal(value)) is expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "alone", "as_part"),
    [(5, 10, False, False), (4, 10, True, True), (7, 10, False, True), (5, 4, True, True), (10, 10, False, True)],
)
def test_a_rate_is_judged_by_both_its_numbers_and_a_part_by_the_rest(
    numerator: int, denominator: int, alone: bool, as_part: bool
) -> None:
    of = Decimal(numerator), Decimal(denominator)

    assert is_small(5, None, *of) is alone
    assert is_small(5, None, *of, is_part=True) is as_part


def test_a_rate_of_large_numbers_may_be_small_itself() -> None:
    assert not is_small(5, Decimal("0.1"), Decimal(10), Decimal(10_000))
    assert is_small(5, Decimal("50"), Decimal(2), Decimal(4))


@given(some_numbers, some_numbers, some_numbers, st.booleans())
def test_without_a_threshold_nothing_is_small(
    value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None, is_part: bool
) -> None:
    assert not is_small(None, value, numerator, denominator, is_part=is_part)


@given(thresholds, st.booleans())
def test_no_figure_is_not_a_small_one(fewest: int, is_part: bool) -> None:
    assert not is_small(fewest, None, is_part=is_part)


@given(thresholds, some_numbers, some_numbers, some_numbers, st.booleans())
def test_a_higher_threshold_and_a_part_find_no_less_small(
    fewest: int, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None, is_part: bool
) -> None:
    if is_small(fewest, value, numerator, denominator, is_part=is_part):
        assert is_small(fewest + 1, value, numerator, denominator, is_part=is_part)
        assert is_small(fewest, value, numerator, denominator, is_part=True)


@given(thresholds, numbers, numbers)
def test_the_two_sides_of_a_part_are_judged_alike(fewest: int, one: Decimal, other: Decimal) -> None:
    """Whoever left and whoever stayed: a percentage tells of both."""
    whole = one + other

    assert is_small(fewest, None, one, whole, is_part=True) is is_small(fewest, None, other, whole, is_part=True)


# What else is hidden


def counted(key: object, start: int, end: int, small: bool = False) -> Counted:
    """A figure for the days from one up to, and not with, another; days by number."""
    return Counted(key, FIRST + start * DAY, FIRST + (end - 1) * DAY, small, ())


def hidden_beside(figures: Iterable[Counted]) -> set[object]:
    """What is hidden besides small figures, with 5 as the smallest number shown."""
    return also_hidden(figures, 5)


def ends(figure: Counted) -> tuple[int, int]:
    """The first day of a figure, and the first after it, by number."""
    return (figure.start - FIRST).days, (figure.end - FIRST).days + 1


@st.composite
def figures_of_a_metric(draw: st.DrawFn, most: int = 9, last: int = 6) -> list[Counted]:
    """Figures of short periods within few days, so that many tile, overlap or are the same."""
    periods = st.tuples(st.integers(0, last - 1), st.integers(1, last)).map(
        lambda it: (it[0], min(it[0] + it[1], last))
    )
    drawn = draw(st.lists(st.tuples(periods, st.booleans() | st.just(False)), max_size=most))
    return [counted(key, start, end, small) for key, ((start, end), small) in enumerate(drawn)]


def sorted_out(figures: Iterable[Counted]) -> tuple[list[Counted], list[Counted], list[Counted]]:
    """The small ones, the shown ones, and those also hidden."""
    figures = list(figures)
    hidden = hidden_beside(figures)
    small = [figure for figure in figures if figure.is_small]
    shown = [figure for figure in figures if not figure.is_small and figure.key not in hidden]
    return small, shown, [figure for figure in figures if figure.key in hidden]


def ways(start: int, goal: int, figures: list[Counted], been: frozenset[int] = frozenset()) -> Iterator[list[Counted]]:
    """All ways from one day to another along figures, no day twice."""
    if start == goal:
        yield []
        return
    for figure in figures:
        here, there = ends(figure)
        following = {here: there, there: here}.get(start)
        if following is not None and following not in been:
            for rest in ways(following, goal, figures, been | {start}):
                yield [figure, *rest]


def reached_from(start: int, figures: list[Counted]) -> set[int]:
    """All days that can be reached from one along figures."""
    reached, grown = {start}, True
    while grown:
        grown = False
        for figure in figures:
            if len(reached & set(ends(figure))) == 1:
                reached |= set(ends(figure))
                grown = True
    return reached


def rank(figures: Iterable[Counted]) -> int:
    """How many of the figures are independent of the others, each a sum of unknown numbers a day (by elimination)."""
    rows = [[Fraction(start <= day < end) for day in range(40)] for start, end in map(ends, figures)]
    found = 0
    for day in range(40):
        pivot = next((row for row in rows if row[day]), None)
        if pivot is None:
            continue
        rows = [
            [a - b * row[day] / pivot[day] for a, b in zip(row, pivot, strict=True)] for row in rows if row is not pivot
        ]
        found += 1
    return found


def tells(shown: list[Counted], small: list[Counted]) -> bool:
    """Whether what is shown says something of small figures or of a sum of them, by linear algebra."""
    return rank([*shown, *small]) < rank(shown) + rank(small)


@given(figures_of_a_metric())
def test_no_small_figure_is_found_by_subtraction(figures: list[Counted]) -> None:
    small, shown, _hidden = sorted_out(figures)

    for figure in small:
        others = [other for other in [*small, *shown] if other is not figure]
        for way in ways(*ends(figure), others):
            assert all(other.is_small for other in way), "a shown figure stands on a cycle with a small one"


@given(figures_of_a_metric(most=25, last=12))
def test_what_is_shown_tells_nothing_of_any_sum_of_small_figures(figures: list[Counted]) -> None:
    small, shown, _hidden = sorted_out(figures)

    assert not tells(shown, small)


@given(figures_of_a_metric(most=25, last=12))
def test_nothing_is_hidden_without_need(figures: list[Counted]) -> None:
    small, shown, hidden = sorted_out(figures)

    for figure in hidden:
        assert tells([*shown, figure], small)


@given(figures_of_a_metric(most=25, last=12))
def test_what_is_hidden_hangs_together_with_a_small_figure(figures: list[Counted]) -> None:
    small, shown, hidden = sorted_out(figures)

    for figure in hidden:
        start, end = ends(figure)
        near = reached_from(start, [*small, *shown])
        assert end in near
        assert end not in reached_from(start, shown)
        assert any(near & set(ends(other)) for other in small)


@given(figures_of_a_metric(most=25, last=12))
def test_nothing_is_hidden_where_nothing_is_small(figures: list[Counted]) -> None:
    assert hidden_beside(replace(figure, is_small=False) for figure in figures) == set()


@given(figures_of_a_metric(most=25, last=12))
def test_the_small_ones_are_not_named_again(figures: list[Counted]) -> None:
    small, _shown, hidden = sorted_out(figures)

    assert hidden_beside(figures) == {figure.key for figure in hidden}
    assert not {figure.key for figure in small} & {figure.key for figure in hidden}


def read_from(running: list[int], figure: Counted) -> int:
    """The value of a figure, given the running total at the beginning of each day."""
    start, end = ends(figure)
    return running[end] - running[start]


@given(
    figures_of_a_metric(most=15, last=10),
    st.lists(st.integers(0, 30), min_size=10, max_size=10),
    st.sampled_from([1, -1]),
)
def test_any_small_figure_could_be_another_with_all_that_is_shown_the_same(
    figures: list[Counted], numbers_a_day: list[int], change: int
) -> None:
    """Non-interference: a second history, in which one small figure is one more or less, shows readers the same."""
    running = list(accumulate(numbers_a_day, initial=0))
    small, shown, _hidden = sorted_out(figures)

    for figure in small:
        start, end = ends(figure)
        reached = reached_from(end, [other for other in [*small, *shown] if other is not figure])
        alone = start not in reached  # otherwise small figures make up one another, and change together
        if not alone:
            reached = reached_from(end, shown)
        another = [number + change if day in reached else number for day, number in enumerate(running)]

        assert read_from(another, figure) == read_from(running, figure) + change
        assert [read_from(another, other) for other in shown] == [read_from(running, other) for other in shown]
        if alone:
            others = [other for other in small if other is not figure]
            assert [read_from(another, other) for other in others] == [read_from(running, other) for other in others]


@given(figures_of_a_metric(most=20, last=8), st.randoms(use_true_random=False))
def test_the_order_of_figures_is_of_no_account(figures: list[Counted], chance: random.Random) -> None:
    shuffled = list(figures)
    chance.shuffle(shuffled)

    assert hidden_beside(shuffled) == hidden_beside(figures)


@given(figures_of_a_metric(most=20, last=8))
def test_figures_of_the_very_same_period_have_the_same_fate(figures: list[Counted]) -> None:
    _small, shown, hidden = sorted_out(figures)

    assert not set(map(ends, shown)) & set(map(ends, hidden))


@given(figures_of_a_metric(most=12, last=6), figures_of_a_metric(most=12, last=6))
def test_what_lies_apart_is_judged_apart(early: list[Counted], late: list[Counted]) -> None:
    late = [
        Counted(("late", figure.key), figure.start + 100 * DAY, figure.end + 100 * DAY, figure.is_small, ())
        for figure in late
    ]

    assert hidden_beside([*early, *late]) == hidden_beside(early) | hidden_beside(late)


def year(number: int, small: bool = False) -> Counted:
    return Counted(f"{number}", date(number, 1, 1), date(number, 12, 31), small, ())


def months(number: int, first: int, last: int, small: bool = False) -> Counted:
    end = date(number, last, monthrange(number, last)[1])
    return Counted(f"{number}-{first:02}-{last:02}", date(number, first, 1), end, small, ())


def quarters(number: int, *small: int) -> list[Counted]:
    return [months(number, 3 * at - 2, 3 * at, at in small) for at in (1, 2, 3, 4)]


def test_a_small_quarter_hides_the_year_and_no_other_quarter() -> None:
    assert hidden_beside([year(2020), *quarters(2020, 2)]) == {"2020"}


def test_two_small_quarters_hide_the_year_that_would_tell_their_sum() -> None:
    assert hidden_beside([year(2020), *quarters(2020, 2, 3)]) == {"2020"}


def test_a_small_quarter_hides_nothing_where_there_is_no_year() -> None:
    assert hidden_beside(quarters(2020, 2)) == set()


def test_a_small_quarter_hides_nothing_where_another_quarter_is_missing() -> None:
    assert hidden_beside([year(2020), *quarters(2020, 2)[:3]]) == set()


def test_the_years_beside_a_hidden_one_are_shown_and_sums_over_them_are_not() -> None:
    both = Counted("both", date(2020, 1, 1), date(2021, 12, 31), False, ())

    assert hidden_beside([year(2020), year(2021), both, *quarters(2020, 2), *quarters(2021)]) == {"2020", "both"}


def test_of_figures_that_are_equally_long_the_oldest_is_hidden() -> None:
    """A small sum has no such parts where all are counts; where some are below zero it may."""
    assert hidden_beside([counted("sum", 0, 4, small=True), *(counted(day, day, day + 1) for day in range(4))]) == {0}


def test_a_small_month_hides_the_rolling_sums_that_contain_it() -> None:
    single = [months(2020, month, month, month == 6) for month in range(1, 13)]
    rolling = [months(2020, month, month + 2) for month in range(1, 11)]

    assert hidden_beside([*single, *rolling]) == {"2020-04-06", "2020-05-07", "2020-06-08"}


def test_a_small_month_hides_its_quarter_and_its_year() -> None:
    single = [months(2020, month, month, month == 6) for month in range(1, 13)]

    assert hidden_beside([*single, *quarters(2020), year(2020)]) == {"2020-04-06", "2020"}


def test_of_two_figures_of_the_same_days_both_are_hidden_if_one_is_small() -> None:
    assert hidden_beside([counted("small", 0, 3, True), counted("same", 0, 3), counted("other", 3, 6)]) == {"same"}


def test_a_figure_up_to_the_last_day_of_the_calendar_is_judged_like_any() -> None:
    last = Counted("all", date(9999, 1, 1), date.max, False, ())
    parts = [months(9999, 1, 6, True), months(9999, 7, 12)]

    assert hidden_beside([last, *parts]) == {"all"}


@pytest.mark.parametrize("shape", ["in a row", "ever longer", "rolling"])
def test_five_thousand_figures_are_no_trouble(shape: str) -> None:
    count = 5000
    every = [counted(at, at, at + 1, at % 100 == 0) for at in range(count)]
    if shape == "in a row":
        assert hidden_beside([*every, counted("all", 0, count)]) == {"all"}
    elif shape == "ever longer":
        assert hidden_beside([*every, *(counted(("to", at), 0, at) for at in range(1, count))]) == {
            ("to", at) for at in range(1, count)
        }
    else:
        rolling = [counted(("rolling", at), at, at + 30) for at in range(count - 30)]
        assert hidden_beside([*every, *rolling]) == {
            ("rolling", at) for at in range(count - 30) if any(day % 100 == 0 for day in range(at, at + 30))
        }


# Numbers that are only implied


def with_value(start: int, end: int, *numbers: int) -> Counted:
    """A figure known by its days."""
    found = tuple(map(Decimal, numbers))
    return Counted((start, end), FIRST + start * DAY, FIRST + (end - 1) * DAY, min(found) < 5, found)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        pytest.param([(0, 1, 20), (0, 2, 22), (0, 3, 40)], {(0, 2)}, id="running totals tell of a month"),
        pytest.param([(0, 1, 20), (0, 2, 20)], {(0, 2)}, id="none is as few as one"),
        pytest.param([(0, 3, 30), (3, 6, 30), (6, 9, 30), (0, 12, 93)], {(0, 12)}, id="a year tells of a quarter"),
        pytest.param([(0, 6, 50), (3, 9, 50), (3, 6, 46)], {(0, 6), (3, 9)}, id="halves that overlap"),
        pytest.param([(0, 1, 9, 30), (0, 2, 29, 52)], set(), id="a rate of which neither is small"),
        pytest.param([(0, 1, 20, 40, 20), (0, 2, 40, 63, 23)], {(0, 2)}, id="few are left in the second month"),
        pytest.param([(0, 3, 30), (3, 6, 30), (0, 6, 60)], set(), id="all is told already"),
        pytest.param([(0, 1, 20), (0, 2, 25), (0, 3, 30)], set(), id="as few as may be shown"),
        pytest.param([(0, 1, 3), (0, 2, 30), (1, 2, 27), (2, 3, 30), (1, 3, 57)], {(0, 2)}, id="besides a small one"),
        pytest.param(
            [(0, 3, 30), (3, 6, 30), (6, 9, 30), (9, 12, 30), (0, 12, 93)], set(), id="each person once a year"
        ),
        pytest.param(
            [(0, 3, 30), (3, 6, 30), (3, 12, 70), (6, 9, 30), (0, 12, 93)], {(0, 12)}, id="but not with a gap"
        ),
    ],
)
def test_a_small_number_that_has_no_figure_is_not_told_either(figures: list[tuple], expected: set) -> None:
    assert also_hidden([with_value(*figure) for figure in figures], 5) == expected


@st.composite
def histories(draw: st.DrawFn, days: int = 10) -> tuple[list[tuple[int, ...]], list[Counted]]:
    """The running totals of what is counted, one number or a part, its whole and the rest; and figures of it."""
    numbers = draw(st.integers(1, 2))
    each = st.tuples(*[st.integers(0, 12)] * numbers)
    daily = draw(st.lists(each, min_size=days, max_size=days))
    if numbers == 2:
        daily = [(part, part + rest, rest) for part, rest in daily]
    running = list(
        accumulate(
            daily, lambda one, other: tuple(map(sum, zip(one, other, strict=True))), initial=(0,) * len(daily[0])
        )
    )
    pairs = st.lists(st.integers(0, days), min_size=2, max_size=2, unique=True).map(lambda pair: tuple(sorted(pair)))
    periods = draw(st.lists(pairs, max_size=20, unique=True))
    return running, [with_value(*period, *between(running, *period)) for period in periods]


def between(running: list[tuple[int, ...]], start: int, end: int) -> tuple[int, ...]:
    return tuple(last - first for first, last in zip(running[start], running[end], strict=True))


def small_and_known(running: list[tuple[int, ...]], shown: list[Counted]) -> list[tuple[int, int]]:
    """The periods of which what is shown tells the numbers, one of them small."""
    pairs = combinations(range(len(running)), 2)
    return [pair for pair in pairs if min(between(running, *pair)) < 5 and pair[1] in reached_from(pair[0], shown)]


@given(histories())
def test_no_small_number_is_found_by_adding_and_subtracting_what_is_shown(drawn: tuple) -> None:
    running, figures = drawn
    hidden = also_hidden(figures, 5)
    shown = [figure for figure in figures if not figure.is_small and figure.key not in hidden]
    small = [figure for figure in figures if figure.is_small]

    assert not small_and_known(running, shown)
    assert not tells(shown, small)
    if not small and not small_and_known(running, figures):
        assert not hidden


@given(histories())
def test_a_figure_is_hidden_only_if_it_would_tell_of_a_small_number(drawn: tuple) -> None:
    running, figures = drawn
    small, hidden = [figure for figure in figures if figure.is_small], also_hidden(figures, 5)
    shown = [figure for figure in figures if not figure.is_small and figure.key not in hidden]
    kept = [
        counted(("kept", *pair), *pair, True)
        for pair in combinations(range(len(running)), 2)
        if min(between(running, *pair)) < 5
    ]

    for figure in figures:
        if figure.key in hidden:
            assert small_and_known(running, [*shown, figure]) or tells([*shown, figure], [*small, *kept])


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_figures_with_numbers_is_of_no_account(drawn: tuple, chance: random.Random) -> None:
    _running, figures = drawn
    shuffled = list(figures)
    chance.shuffle(shuffled)

    assert also_hidden(shuffled, 5) == also_hidden(figures, 5)


@pytest.mark.parametrize("a_day", [2, 7])
def test_ten_years_of_running_totals_are_no_trouble(a_day: int) -> None:
    figures = [with_value(0, end, a_day * end + 10) for end in range(1, 521)]
    hidden = also_hidden(figures, 5)

    assert len(hidden) == (0 if a_day == 7 else 346)  # every third day is six further on


# Sums


def part(key: object, value: object = 10, **fields: object) -> Part:
    """A part of its own population, for 2020."""
    named = {"population": f"people of {key}", "unit": "patients", "start": FIRST, "end": date(2020, 12, 31)}
    return Part(key, value=None if value is None else Decimal(str(value)), **named | fields)


# With far more digits apart than the 28 that sums are rounded to by default.
shown_values = st.one_of(
    st.integers(-50, 50).map(Decimal),
    st.builds(lambda whole, power: Decimal(whole).scaleb(power), st.integers(-999, 999), st.integers(-30, 30)),
)
values = st.none() | shown_values
spans = st.one_of(
    st.just((FIRST, date(2020, 12, 31))),
    st.tuples(st.integers(0, 30), st.integers(-1, 5)).map(lambda it: (FIRST + it[0] * DAY, FIRST + sum(it) * DAY)),
    st.just((None, None)),
    st.just((FIRST, None)),
)


@st.composite
def any_parts(draw: st.DrawFn) -> list[Part]:
    """Parts that mostly may be added, each rule broken now and then."""
    several = []
    for key in range(draw(st.integers(0, 6))):
        start, end = draw(st.just((FIRST, FIRST)) | spans)
        people = draw(st.sampled_from([f"people {key}"] * 6 + ["", "Same", " same "]))
        unit = draw(st.sampled_from(["patients"] * 8 + ["Patients", "beds"]))
        several.append(Part(key, people, unit, start, end, draw(values), draw(st.booleans())))
    return several


@st.composite
def fit_parts(draw: st.DrawFn, least: int = 2) -> list[Part]:
    """Shown parts for one year, all of which may be added."""
    found = draw(st.lists(shown_values, min_size=least, max_size=8))
    return [replace(part(key), value=value) for key, value in enumerate(found)]


def exactly(several: Iterable[Part]) -> Fraction:
    return sum((Fraction(one.value) for one in several), Fraction())


@given(fit_parts())
def test_a_total_is_the_exact_sum_of_what_is_shown(several: list[Part]) -> None:
    total = add_up(several)

    assert Fraction(total.value) == exactly(several)
    assert total == Total(total.value, FIRST, date(2020, 12, 31), hidden=0, missing=0)
    assert not total.is_least


def test_numbers_of_very_different_size_are_added_to_the_last_digit() -> None:
    assert add_up([part(1, "1E+40"), part(2, "1E-40"), part(3, "-1E+40")]).value == Decimal("1E-40")


@given(any_parts(), st.randoms(use_true_random=False))
def test_the_order_of_parts_changes_neither_total_nor_reason(several: list[Part], chance: random.Random) -> None:
    shuffled = list(several)
    chance.shuffle(shuffled)
    one, other = add_up(several), add_up(shuffled)

    assert type(one) is type(other)
    if isinstance(one, Total):
        assert one == other
        assert str(one.value) == str(other.value)
    else:
        assert one.why == other.why


@given(any_parts(), st.lists(values, min_size=6, max_size=6))
def test_whatever_hidden_values_are_the_answer_is_the_same(several: list[Part], instead: list[Decimal | None]) -> None:
    others = [replace(one, value=instead[one.key]) if one.is_hidden else one for one in several]

    assert add_up(others) == add_up(several)


def test_a_hidden_value_is_not_even_read() -> None:
    class Untouchable(Part):
        def __getattribute__(self, name: str) -> object:
            assert name != "value", "a hidden value was read"
            return super().__getattribute__(name)

    hidden = Untouchable("hidden", "others", "patients", FIRST, date(2020, 12, 31), Decimal(3), True)

    assert add_up([part(1, 20), hidden]).value == 20
    assert add_up([part(1, -20), hidden]).why == Refusal.NEGATIVE
    assert add_up([hidden, part(1, None)]).why == Refusal.NOTHING_SHOWN


@given(any_parts())
def test_an_answer_names_parts_that_are_there_and_counts_them_all(several: list[Part]) -> None:
    answer, keys = add_up(several), [one.key for one in several]

    if isinstance(answer, Refused):
        assert set(answer.between) <= set(keys)
        assert len(set(answer.between)) == len(answer.between)
        usual = {Refusal.TOO_FEW: len(keys), Refusal.NO_PERIOD: 1, Refusal.NOTHING_SHOWN: len(keys)}
        assert len(answer.between) == usual.get(answer.why, 2)
    else:
        shown = [one for one in several if not one.is_hidden and one.value is not None]
        there = [one for one in several if one.is_hidden or one.value is not None]
        assert Fraction(answer.value) == exactly(shown)
        assert (answer.hidden, answer.missing) == (len(there) - len(shown), len(several) - len(there))
        assert answer.start == min(one.start for one in there)
        assert answer.end == max(one.end for one in there)
        assert answer.is_least is (len(shown) < len(several))


@given(fit_parts(), st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)))
def test_the_whole_is_never_below_at_least(several: list[Part], hidden: set[int], missing: set[int]) -> None:
    several = [replace(one, value=abs(one.value)) for one in several]
    seen = [
        replace(one, is_hidden=True)
        if one.key in hidden
        else replace(one, value=None, start=None, end=None)
        if one.key in missing
        else one
        for one in several
    ]
    total = add_up(seen)

    assume(isinstance(total, Total))
    assert Fraction(total.value) <= exactly(several)
    assert total.is_least is bool({one.key for one in several} & (hidden | missing))


@given(fit_parts(least=4), st.data())
def test_the_totals_of_groups_add_up_to_the_total_of_all(several: list[Part], data: st.DataObject) -> None:
    at = data.draw(st.integers(2, len(several) - 2))
    groups = [add_up(several[:at]), add_up(several[at:])]
    as_parts = [
        Part(key, f"group {key}", "patients", group.start, group.end, group.value) for key, group in enumerate(groups)
    ]

    assert add_up(as_parts) == add_up(several)


@pytest.mark.parametrize("several", [[], [part("alone")]])
def test_one_figure_is_no_sum(several: list[Part]) -> None:
    assert add_up(several) == Refused(Refusal.TOO_FEW, tuple(one.key for one in several))


def test_different_units_are_not_added() -> None:
    assert add_up([part(1), part(2), part(3, unit="beds")]) == Refused(Refusal.UNITS_DIFFER, (1, 3))
    assert add_up([part(1), part(2, unit=" Patients")]).value == 20


@pytest.mark.parametrize("same", ["Patients of Southwark", " patients  of\tsouthwark ", "PATIENTS OF SOUTHWARK"])
def test_the_same_people_are_not_added_even_in_another_period(same: str) -> None:
    first = part(1, population="Patients of Southwark")
    later = part(3, population=same, start=date(2021, 1, 1), end=date(2021, 12, 31))

    assert add_up([first, part(2), later]) == Refused(Refusal.SAME_POPULATION, (1, 3))


def test_words_that_look_the_same_are_the_same_people() -> None:
    several = [part(1, population="Caf\u00e9 guests"), part(2, population="Cafe\u0301 guests")]

    assert add_up(several) == Refused(Refusal.SAME_POPULATION, (1, 2))


@pytest.mark.parametrize("at", [0, 1, 2])
def test_people_who_are_not_stated_may_be_the_same_as_any(at: int) -> None:
    several = [part(key, population="  " if key == at else f"people of {key}") for key in range(3)]
    refused = add_up(several)

    assert refused.why == Refusal.SAME_POPULATION
    assert refused.between[0] == at
    assert refused.between[1] in {0, 1, 2} - {at}


def test_the_same_people_are_refused_before_there_is_a_figure_of_both() -> None:
    several = [part(1, population="same"), part(2, None, population="same"), part(3)]

    assert add_up(several) == Refused(Refusal.SAME_POPULATION, (1, 2))


@pytest.mark.parametrize(
    "period",
    [
        {"start": None},
        {"end": None},
        {"start": None, "end": None},
        {"start": date(2020, 2, 2), "end": date(2020, 2, 1)},
    ],
)
def test_a_figure_without_a_period_is_not_added(period: dict) -> None:
    assert add_up([part(1), part(2, **period)]) == Refused(Refusal.NO_PERIOD, (2,))
    assert add_up([part(1), part(2, None, is_hidden=True, **period)]) == Refused(Refusal.NO_PERIOD, (2,))
    assert add_up([part(1), part(2, None, **period)]).missing == 1


def test_periods_that_share_a_day_are_not_added_unless_they_are_the_same() -> None:
    touching = part(2, start=date(2021, 1, 1), end=date(2021, 12, 31))
    sharing = part(3, start=date(2020, 12, 31), end=date(2020, 12, 31))

    assert add_up([part(1), touching]) == Total(Decimal(20), FIRST, date(2021, 12, 31), 0, 0)
    assert add_up([part(1), sharing]) == Refused(Refusal.PERIODS_OVERLAP, (1, 3))
    assert add_up([touching, part(1), sharing]).why == Refusal.PERIODS_OVERLAP
    assert add_up([part(1), part(4), part(5)]).value == 30


@pytest.mark.parametrize("is_hidden", [True, False])
def test_periods_with_days_between_them_are_not_added(is_hidden: bool) -> None:
    later = part(2, start=date(2021, 1, 2), end=date(2021, 12, 31), is_hidden=is_hidden)
    filling = part(3, start=date(2021, 1, 1), end=date(2021, 1, 1))

    assert add_up([later, part(1)]) == Refused(Refusal.PERIODS_APART, (1, 2))
    assert add_up([later, part(1), filling]).end == date(2021, 12, 31)
    assert add_up([later, part(1), part(4, start=date(2020, 5, 1))]).why == Refusal.PERIODS_OVERLAP


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), min_size=2, max_size=8))
def test_an_overlap_is_found_exactly_where_two_periods_share_a_day(periods: list[tuple[int, int]]) -> None:
    several = [
        part(key, start=FIRST + start * DAY, end=FIRST + (start + length) * DAY)
        for key, (start, length) in enumerate(periods)
    ]

    def share(one: Part, other: Part) -> bool:
        differ = (one.start, one.end) != (other.start, other.end)
        return differ and max(one.start, other.start) <= min(one.end, other.end)

    answer = add_up(several)
    if isinstance(answer, Refused) and answer.why == Refusal.PERIODS_OVERLAP:
        one, other = answer.between
        assert share(several[one], several[other])
        return
    assert not any(share(one, other) for one, other in permutations(several, 2))
    days = {one.start + at * DAY for one in several for at in range((one.end - one.start).days + 1)}
    has_gap = (max(days) - min(days)).days + 1 > len(days)
    assert has_gap is (isinstance(answer, Refused) and answer.why == Refusal.PERIODS_APART)


def test_what_is_hidden_or_missing_makes_a_sum_at_least() -> None:
    total = add_up([part(1, 20), part(2, 3, is_hidden=True), part(3, None, start=None, end=None), part(4, 7)])

    assert total == Total(Decimal(27), FIRST, date(2020, 12, 31), hidden=1, missing=1)
    assert total.is_least


def test_the_period_of_no_figure_is_of_no_account() -> None:
    before = part(3, None, start=date(2019, 7, 1), end=date(2020, 6, 30))

    assert add_up([part(1), part(2), before]) == Total(Decimal(20), FIRST, date(2020, 12, 31), hidden=0, missing=1)


def test_where_nothing_is_shown_there_is_no_sum() -> None:
    several = [part(1, 3, is_hidden=True), part(2, None)]

    assert add_up(several) == Refused(Refusal.NOTHING_SHOWN, (1, 2))


def test_nothing_is_at_least_where_figures_can_be_below_zero() -> None:
    assert add_up([part(1, 9), part(2, -4)]).value == 5
    assert add_up([part(1, 9), part(2, -4), part(3, None)]) == Refused(Refusal.NEGATIVE, (2, 3))
    assert add_up([part(0, None, is_hidden=True), part(1, 9), part(2, -4)]) == Refused(Refusal.NEGATIVE, (2, 0))


def test_the_first_rule_that_is_broken_is_the_reason() -> None:
    """Each line mends what the one before it was refused for."""
    steps = [
        ({"unit": "beds"}, Refusal.UNITS_DIFFER),
        ({"unit": "patients"}, Refusal.SAME_POPULATION),
        ({"population": "others"}, Refusal.NO_PERIOD),
        ({"start": date(2020, 3, 1), "end": date(2020, 3, 31)}, Refusal.PERIODS_OVERLAP),
        ({"start": date(2021, 3, 1), "end": date(2021, 3, 31)}, Refusal.PERIODS_APART),
        ({"start": FIRST, "end": date(2020, 12, 31)}, Refusal.NOTHING_SHOWN),
        ({"is_hidden": False}, Refusal.NEGATIVE),
    ]
    one, other = part(1, 5, is_hidden=True), part(2, -5, is_hidden=True, population="", start=None)
    for mended, why in steps:
        other = replace(other, **mended)
        assert add_up([one, other]).why == why
    assert add_up([one, replace(other, value=Decimal(5))]) == Total(Decimal(5), FIRST, date(2020, 12, 31), 1, 0)


def test_ten_thousand_parts_are_no_trouble() -> None:
    several = [part(key, start=FIRST + key * DAY, end=FIRST + key * DAY) for key in range(10_000)]

    assert add_up(several).value == 100_000
    assert add_up([*several, part("whole", start=FIRST, end=FIRST + DAY)]).why == Refusal.PERIODS_OVERLAP
