"""The address of a list is its state: read and written again it stays, and one thing can be taken away."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from programmes.finders import PROGRAMMES
from trustportal.finder.address import MOST_VALUES, Question, TooMuchError

pytestmark = pytest.mark.either_database

NAMES = [*Question.names(PROGRAMMES), "utm_source", ""]
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["2016", "May 2016", "1 April 2018", "research", "a b ", "1", "kind", "50"]
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), max_size=12)


def read(query: str) -> Question:
    return Question.read(PROGRAMMES, QueryDict(query))


@given(PAIRS)
def test_an_address_that_was_written_is_read_as_it_was_meant(pairs):
    question = Question.of(PROGRAMMES, [(name, value.replace("\0", "")) for name, value in pairs])
    again = read(question.query)

    assert again == question
    assert again.query == question.query


@given(PAIRS, st.randoms())
def test_the_order_in_which_something_is_asked_does_not_matter(pairs, random):
    facets = [pair for pair in pairs if pair[0].removeprefix("not-") in {facet.name for facet in PROGRAMMES.facets}]
    shuffled = random.sample(facets, len(facets))

    assert Question.of(PROGRAMMES, shuffled) == Question.of(PROGRAMMES, facets)


@given(PAIRS)
def test_taking_one_thing_away_leaves_all_others(pairs):
    question = Question.of(PROGRAMMES, pairs)
    others = question.but()
    for name, value in others.pairs:
        left = question.without(name, value)
        assert sorted([*left.pairs, (name, value)]) == sorted(others.pairs)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("kind=research&kind=education", "kind=education&kind=research"),
        ("kind=research&kind=research&kind=", "kind=research"),
        ("active=May+2016", "active=2016-05"),
        ("as-at=1+April+2018", "as-at=2018-04-01"),
        ("active=yesterday", "active=yesterday"),
        ("q=++heart++failure+&active=&page=1&size=50&sort=kind", "q=heart+failure"),
        ("sort=name&not-kind=research&kind=buddying", "kind=buddying&not-kind=research&sort=name"),
        ("utm_source=mail", ""),
    ],
)
def test_there_is_one_way_to_write_an_address(typed, written):
    assert read(typed).query == written


def test_whoever_asks_for_too_much_is_refused():
    values = "&".join(f"partner=p{n}" for n in range(MOST_VALUES + 1))
    with pytest.raises(TooMuchError):
        read(values)
    with pytest.raises(TooMuchError):
        read("q=" + "a" * 10_001)


def test_choosing_something_else_begins_at_the_first_page():
    question = read("kind=research&page=3")

    assert question.with_value("kind", "education").query == "kind=education&kind=research"
    assert question.with_value("sort", "name").query == "kind=research&sort=name"
    assert question.without("kind", "research").query == ""
