"""What may be asked in the address of a search is read as FHIR means it."""

import datetime
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustportal.opendata.fhir.outcome import Refused
from trustportal.opendata.fhir.values import Moment, Token, Words, read_id, read_reference, separated, unescaped

pytestmark = pytest.mark.either_database

ID = "6213fa73-8127-58ab-88df-37281ba3c0ff"


def utc(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ["a"]),
        ("a,b", ["a", "b"]),
        (r"a\,b,c", [r"a\,b", "c"]),
        (r"a\\,b", [r"a\\", "b"]),
        (",a,,b,", ["a", "b"]),
        ("a\\", ["a\\"]),
        ("", []),
    ],
)
def test_commas_part_alternatives_unless_they_are_escaped(text, parts):
    assert separated(text) == parts


def test_a_long_value_is_parted_at_once():
    assert separated("a" * 4000 + "\\") == ["a" * 4000 + "\\"]


@given(st.lists(st.text(min_size=1), min_size=1))
def test_whatever_is_escaped_comes_back(texts):
    escaped = [text.replace("\\", "\\\\").replace(",", "\\,").replace("|", "\\|") for text in texts]

    assert [unescaped(part) for part in separated(",".join(escaped))] == texts
    assert [Token.read(part) for part in escaped] == [Token(None, text) for text in texts]
    assert Words.read(escaped[0], "exact") == Words(texts[0], "exact")


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("RJ1", Token(None, "RJ1")),
        ("|RJ1", Token("", "RJ1")),
        ("http://x|RJ1", Token("http://x", "RJ1")),
        ("http://x|", Token("http://x", "")),
        ("http://x|a|b", Token("http://x", "a|b")),
        (r"a\|b", Token(None, "a|b")),
    ],
)
def test_a_bar_parts_the_list_from_the_code(text, token):
    assert Token.read(text) == token


@pytest.mark.parametrize(
    ("text", "prefix", "first", "after"),
    [
        ("ge2026-03-02T12:00:00Z", "ge", utc(2026, 3, 2, 12), utc(2026, 3, 2, 12, 0, 1)),
        ("2026-03-02T12:00:00+01:00", "eq", utc(2026, 3, 2, 11), utc(2026, 3, 2, 11, 0, 1)),
        ("2026-03-02T12:00:00 01:00", "eq", utc(2026, 3, 2, 11), utc(2026, 3, 2, 11, 0, 1)),
        ("lt2026-03-02T12:00Z", "lt", utc(2026, 3, 2, 12), utc(2026, 3, 2, 12, 1)),
        ("2026-03-02T12:00:00.5Z", "eq", utc(2026, 3, 2, 12, 0, 0, 500_000), utc(2026, 3, 2, 12, 0, 0, 600_000)),
        ("2026-12", "eq", utc(2026, 12, 1), utc(2027, 1, 1)),
        ("2026-02", "eq", utc(2026, 2, 1), utc(2026, 3, 1)),
        ("2026-07-01", "eq", utc(2026, 6, 30, 23), utc(2026, 7, 1, 23)),  # summer in London
        ("2026", "eq", utc(2026, 1, 1), utc(2027, 1, 1)),
        ("9998", "eq", utc(9998, 1, 1), utc(9999, 1, 1)),
    ],
)
def test_a_time_is_as_wide_as_it_was_written(text, prefix, first, after):
    moment = Moment.read(text)

    assert (moment.prefix, moment.first, moment.after) == (prefix, first, after)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "ap2026", "2026-13", "2026-02-30", "2026-3-2", "9999", "0999", "2026-03-02T25:00Z", "٢٠٢٦",
     "2026-03-02T12:00:00+99:00", "2026-03-02T12", "ge", "2026-03-02Z"],
)  # fmt: skip
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Refused, match="is not a time") as refused:
        Moment.read(text)
    assert refused.value.status == 400


@given(st.text(max_size=30) | st.from_regex(r"(ge|lt)?[0-9]{4}(-[0-9]{2}){0,2}(T[0-9:.]{5,14}(Z|[+-][0-9:]{5})?)?"))
def test_any_text_is_a_time_or_refused(text):
    try:
        moment = Moment.read(text)
    except Refused:
        return
    assert moment.first < moment.after


@pytest.mark.parametrize("text", [ID, f"Organization/{ID}", f"http://127.0.0.1:8000/fhir/Organization/{ID}"])
def test_a_reference_is_read_in_each_form(text):
    assert read_reference(text, "Organization") == uuid.UUID(ID)


@pytest.mark.parametrize("text", [f"Location/{ID}", f"https://elsewhere.example/fhir/Organization/{ID}", "nobody", ""])
def test_a_reference_to_something_else_is_none(text):
    assert read_reference(text, "Organization") is None


@pytest.mark.parametrize("text", [ID.upper(), ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", f" {ID}", ""])
def test_an_id_is_written_in_one_way(text):
    assert read_id(text) is None
