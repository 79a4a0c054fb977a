"""How text is cut into words and stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustportal.search.extracts import extract
from trustportal.search.query import LONGEST_TEXT, MOST_TERMS, read
from trustportal.search.words import TOKEN, clean, fold, same, stem, stems, tokens, words

pytestmark = pytest.mark.either_database


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("discharges", "discharged"),
        ("Thomas'", "thomas’s"),
        ("Guy's", "guys"),
        ("café", "CAFE\u0301"),
        ("100,000", "100000"),
        ("A&E", "a & e"),
        ("O'Brien", "OBrien"),
        ("ﬁnance", "finance"),
        ("organization", "organisation"),
        ("center", "centre"),
        ("Stra\u00adtegy", "strategy"),
        ("a\u202ebc", "abc"),
    ],
)
def test_what_readers_take_for_the_same_is_the_same(one, other):
    assert same(one) == same(other) != ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("COVID-19 care", "covid 19 care zqxj covid19"),
        ("A&E and R & D", "ae and rd"),
        ("1,000,000 people", "1000000 peopl"),
        ("5,6 and 1,23", "5 6 and 1 23"),
        ("…!? \u200b🙂", ""),
    ],
)
def test_hyphens_numbers_and_signs(text, kept):
    assert stems(clean(text)) == kept


@given(st.text())
def test_any_text_becomes_small_letters_and_digits_of_ascii_alone(text):
    kept = stems(clean(text))

    assert kept.isascii()
    assert all(word.isalnum() and word == word.lower() for word in kept.split())
    assert kept == " ".join(kept.split())


@given(st.text())
def test_each_word_stands_where_its_token_says(text):
    text = clean(text)

    assert all(fold(text[token.start : token.end]) == token.word for token in tokens(text))


@given(st.text(alphabet=st.sampled_from("aB1,&'` -_.")))
def test_the_fast_way_to_cut_plain_text_cuts_as_the_whole_one(text):
    assert [fold(word) for word in words(text) if fold(word)] == [
        word for word in map(fold, TOKEN.findall(text)) if word
    ]


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1))
def test_a_stem_of_a_stem_needs_no_dictionary(word):
    assert stem(fold(word)).isascii()


@given(st.text())
def test_any_text_can_be_read_as_a_search(text):
    query = read(text, [[("ae",), ("emerg", "depart")]])

    assert len(query.terms) <= MOST_TERMS
    assert len(query.text) <= LONGEST_TEXT
    assert all(phrase for term in query.terms for phrase in term.phrases)


@given(st.text(), st.text(), st.text())
def test_an_extract_says_nothing_that_the_text_does_not(summary, body, typed):
    summary, body = clean(summary), "\n".join(clean(line) for line in body.splitlines())
    pieces = extract(summary, body, read(typed, []))
    said = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")

    assert said in summary or said in body


def test_words_that_are_too_common_are_looked_for_within_quotes_and_alone():
    assert [term.phrases for term in read("the care of people", []).terms] == [(("care",),), (("peopl",),)]
    assert [term.phrases for term in read('"the care of people"', []).terms] == [(("the", "care", "of", "peopl"),)]
    assert [term.phrases for term in read("who", []).terms] == [(("who",),)]


def test_a_word_that_has_others_for_it_is_looked_for_as_any_of_them():
    group = [("ae",), tuple(same("emergency department").split())]

    [term] = read("A&E", [group]).terms
    assert set(term.phrases) == set(group)
    [term] = read("emergency departments", [group]).terms
    assert set(term.phrases) == set(group)
    assert len(read('"A&E"', [group]).terms[0].phrases) == 1


def test_a_long_search_is_cut_and_says_so():
    assert read("word " * 2000, []).was_cut
    assert read(" ".join(f"w{n}" for n in range(MOST_TERMS + 1)), []).was_cut
    assert not read("a few words", []).was_cut
