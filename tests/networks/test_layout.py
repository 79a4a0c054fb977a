"""Where things stand: always somewhere, always the same, near where they stood before."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustportal.networks import layout

pytestmark = pytest.mark.either_database

KEYS = [f"node-{number}" for number in range(24)]
pairs_of_keys = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=50)


def keys_of(pairs: list[layout.Pair]) -> set[str]:
    return {key for pair in pairs for key in pair}


def distance(one: layout.Place, other: layout.Place) -> float:
    return math.hypot(one[0] - other[0], one[1] - other[1])


@given(pairs_of_keys, st.sets(st.sampled_from(KEYS)))
def test_each_has_a_finite_place_of_its_own_whatever_is_tied(pairs, alone):
    keys = keys_of(pairs) | alone

    places = layout.whole(keys, pairs)

    assert set(places) == keys
    assert all(math.isfinite(number) for place in places.values() for number in place)
    assert len(set(places.values())) == len(keys)


@given(pairs_of_keys, st.randoms())
def test_the_same_network_is_laid_out_the_same_in_whatever_order_it_is_read(pairs, random):
    turned = [(other, one) for one, other in pairs]
    random.shuffle(turned)

    assert layout.whole(sorted(keys_of(pairs)), pairs) == layout.whole(sorted(keys_of(pairs), reverse=True), turned)


@given(pairs_of_keys.filter(len), pairs_of_keys)
def test_what_was_placed_stays_where_it_was_when_more_comes(before, more):
    old = layout.whole(keys_of(before), before)

    places = layout.with_new(old, keys_of(before) | keys_of(more), before + more)

    assert {key: places[key] for key in old} == old
    assert set(places) == keys_of(before) | keys_of(more)
    assert all(math.isfinite(number) for place in places.values() for number in place)


@given(pairs_of_keys.filter(len), pairs_of_keys)
def test_gentle_steps_move_nothing_far(before, more):
    old = layout.whole(keys_of(before), before)
    placed = layout.with_new(old, keys_of(before) | keys_of(more), before + more)

    moved = layout.gentle(placed, before + more)

    furthest = layout.GENTLE_ROUNDS * layout.GENTLE_STEP
    assert set(moved) == set(placed)
    assert all(distance(moved[key], placed[key]) <= furthest + 1e-3 for key in placed)


def test_gentle_steps_bring_together_what_is_tied_and_part_what_is_too_near():
    tied = {"a": (0.0, 0.0), "b": (3.0, 0.0)}
    near = {"a": (0.0, 0.0), "b": (0.1, 0.0)}

    assert distance(*layout.gentle(tied, [("a", "b")]).values()) < 3
    assert distance(*layout.gentle(near, []).values()) > 0.1


def test_what_is_new_stands_near_what_it_is_tied_to():
    old = {"a": (0.0, 0.0), "b": (1.0, 0.0), "far": (30.0, 0.0)}

    places = layout.with_new(old, ["a", "b", "far", "new"], [("a", "b"), ("new", "a"), ("new", "b")])

    assert distance(places["new"], (0.5, 0.0)) < 3


def test_many_that_are_new_around_one_do_not_stand_on_each_other():
    ring = [f"new-{number}" for number in range(12)]

    places = layout.with_new({"a": (0.0, 0.0)}, ["a", *ring], [("a", key) for key in ring])

    assert min(distance(places[one], places[other]) for one in ring for other in ring if one != other) >= 0.3


def test_islands_stand_side_by_side():
    islands = [("a", "b"), ("c", "d"), ("e", "f")]

    places = layout.whole("abcdef", islands)

    for one, other in islands:
        length = distance(places[one], places[other])
        for third in set("abcdef") - {one, other}:
            assert distance(places[one], places[third]) > 0.5
            assert length < 5


def test_what_is_tied_stands_nearer_than_what_is_not():
    chain = [(f"{number:02}", f"{number + 1:02}") for number in range(15)]

    places = layout.whole(keys_of(chain), chain)

    tied = sum(distance(places[one], places[other]) for one, other in chain) / len(chain)
    assert tied * 4 < distance(places["00"], places["15"])


def test_five_hundred_and_more_are_laid_out():
    star = [("centre", f"{number}") for number in range(520)]

    assert len(layout.whole(keys_of(star), star)) == 521


@given(st.integers(1, 20), st.integers(0, 40))
def test_a_ring_holds_the_others_inside(outer, inner):
    ring, others = [f"o{n}" for n in range(outer)], [f"i{n}" for n in range(inner)]

    places = layout.ringed(ring, others, [(ring[n % outer], key) for n, key in enumerate(others)])

    reach = [math.hypot(*places[key]) for key in ring]
    assert max(reach) - min(reach) < 1e-6
    assert all(math.hypot(*places[key]) < min(reach) for key in others)
