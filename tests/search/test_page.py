"""The search page, its suggestions, and what is noted of searches that found nothing."""

import datetime
import json
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.models import Organisation
from tests.strict_client import StrictClient
from trustportal.search import failing
from trustportal.search.failing import MOST_A_DAY, note_failure, noted
from trustportal.search.models import FailedSearch, SearchEntry
from trustportal.search.models.failed import KEPT
from trustportal.search.searching import search

pytestmark = pytest.mark.usefixtures("content")


def page(client: StrictClient, **query: object) -> str:
    """What the search page says."""
    response = client.get(f"/search/?{urlencode(query)}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_page_says_how_much_was_found_and_marks_the_words(client):
    text = page(client, q="dialysis")

    assert "<title>9 results for “dialysis” – " in text
    assert "9 results</h2>" in text
    assert "<mark>Dialysis</mark> at six places" in text
    assert 'name="robots" content="noindex"' in text
    assert 'value="dialysis"' in text


def test_results_can_be_narrowed_and_the_choice_taken_back(client):
    text = page(client, q="dialysis", type="site", place="Southwark")

    assert "2 results</h2>" in text
    assert "Borough dialysis" in text
    assert "Tunbridge Wells dialysis" not in text
    assert "Remove </span>What it is: Sites" in text
    assert 'href="/search/?q=dialysis&amp;place=Southwark"' in text
    assert 'href="/search/?q=dialysis"' in text


@pytest.mark.parametrize("facet", ["type", "kind", "scope", "place", "lead", "priority", "year"])
def test_each_count_is_what_the_choice_leaves(client, facet):
    typed = "care"
    response = client.get("/search/", {"q": typed})
    [shown] = [shown for shown in response.context["facets"] if shown.name == facet]

    for value in [*shown.values, *shown.more]:
        narrowed = client.get(value.address)
        assert narrowed.context["results"].total == value.count, value.label


def test_results_are_narrowed_to_a_lead_by_the_address_that_it_had_once(client):
    trust = Organisation.objects.get(slug="guys-and-st-thomas")
    trust.slug = "another-name"
    trust.save()

    for slug in ("guys-and-st-thomas", "another-name"):
        response = client.get("/search/", {"q": "care", "lead": slug})
        assert response.context["results"].total > 5
    assert client.get("/search/", {"q": "care", "lead": "nobody"}).status_code == 404


def test_a_search_goes_on_page_by_page_and_no_further(client):
    first, second = page(client, q="care"), page(client, q="care", page=2)

    assert "page 1 of" in first
    assert 'start="21"' in second
    assert 'href="?q=care"' in second
    assert client.get("/search/?q=care&page=99").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "type=nothing", "kind=nothing", "scope=x", "year=20", "year=abcd", "lead=nobody", "lead=%27", "priority=none",
        "page=0", "page=x", "page=-1", "page=²", "page=99999999999999999999",
    ],
)  # fmt: skip
def test_what_stands_for_nothing_is_not_found(client, query):
    assert client.get(f"/search/?q=care&{query}").status_code == 404


def test_nothing_found_says_what_to_try(client):
    text = page(client, q="xylophones")

    assert "Nothing found for “xylophones”" in text
    assert "What you can try" in text
    assert "Ways to search" in page(client)
    assert "There is no word to look for" in page(client, q="?!")


@pytest.mark.parametrize(
    ("typed", "choice", "there_are"),
    [
        ("heart", {"type": "site"}, "1 result"),
        ("heart kidneys", {"type": "site"}, "1 result"),
        ("medw", {"type": "outcomemetric"}, "8 results"),
        ("respirtory", {"type": "outcomemetric"}, "4 results"),
        ("xylophones dialysis", {"type": "source"}, "9 results"),
    ],
)
def test_where_nothing_is_among_the_choices_a_page_says_how_much_there_is_without_them(
    client, typed, choice, there_are
):
    text = page(client, q=typed, **choice)

    assert f"<title>Nothing among your choices for “{typed}” – " in text
    assert f'<a href="/search/?{urlencode({"q": typed})}">{there_are} without your choices</a>' in text
    assert f"<title>{there_are} for “{typed}” – " in page(client, q=typed)
    assert not any(said in text for said in ["Check the spelling", "Did you mean", "No page has", "Nothing found"])


def test_what_nothing_has_is_nothing_found_also_among_choices(client):
    text = page(client, q="xylophones", type="site")

    assert "Nothing found for “xylophones”" in text
    assert "without your choices" not in text


def test_a_search_looks_once_more_where_nothing_is_among_the_choices(monkeypatch):
    looked = []
    keys_matching = type(SearchEntry.objects.all()).keys_matching

    def look(entries: object, query: object, narrowed_to: list[str], **how: object) -> list[int]:
        looked.append(bool(narrowed_to))
        return keys_matching(entries, query, narrowed_to, **how)

    monkeypatch.setattr(type(SearchEntry.objects), "keys_matching", look)

    assert search("heart", {"type": "site"}).elsewhere == 1
    assert looked == [True, False]
    assert search("heart", {"type": "partnership"}).total == 1
    assert looked == [True, False, True]


def test_a_misspelt_search_says_what_it_shows_instead(client):
    text = page(client, q="respirtory")

    assert "Did you mean <strong>respiratory</strong>?" in text
    assert "Lane Fox REMEO Respiratory Centre" in text


def test_what_is_typed_is_shown_as_text(client):
    typed = "\"><script>alert(1)</script> & 'dialysis"

    assert "<script>alert" not in page(client, q=typed)
    assert "<script>alert" not in page(client, q="dialysis", place=typed)


@pytest.mark.parametrize(
    "typed",
    [
        '"', '""', '"""', "'", "*", "dialysis*", "NEAR(a b)", "title_words:dialysis", "a AND", "OR", "NOT dialysis",
        "-dialysis", "(", ")", "a:*", "a & !b", "a <-> b", "%", "_", "\\", "^dialysis", "{title_words} : x",
        "dialysis " * 1200, "d" * 10_000, "\u202edialysis\u202c", "🙂", "🙂 dialysis",
        "透析", "ديال", "…", "\ufffd", "\t\n",
        "zqxj", "a'b'c'", "1/2 ½ ²", "ß", "İ",
    ],
)  # fmt: skip
def test_any_input_is_answered(client, typed):
    page(client, q=typed)
    assert client.get("/search/suggest/", {"q": typed}).status_code == 200


@settings(max_examples=150)
@given(st.text(max_size=60))
def test_any_text_is_answered_by_the_database(text):
    search(text, {})
    search(f'"{text}" dialysis', {"type": "site"})


def test_nul_is_refused(client):
    assert client.get("/search/?q=a%00b").status_code == 400


def test_a_search_asks_the_database_few_questions(client):
    page(client, q="care")
    with CaptureQueriesContext(connection) as asked:
        page(client, q="care")

    assert len(asked) <= 8


# Suggestions


def test_suggestions_are_pages_whose_names_have_what_is_typed(client):
    response = client.get("/search/suggest/?q=satellite+dia")
    suggestions = json.loads(response.content)["suggestions"]

    assert suggestions[0] == {
        "title": "Satellite dialysis",
        "type": "Programme",
        "address": "/programmes/satellite-dialysis/",
    }
    assert "public" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.parametrize("typed", ["", "d", "?", "xylophone"])
def test_there_may_be_nothing_to_suggest(client, typed):
    assert json.loads(client.get("/search/suggest/", {"q": typed}).content) == {"suggestions": []}


def test_there_are_never_more_than_eight_suggestions(client):
    assert len(json.loads(client.get("/search/suggest/?q=le").content)["suggestions"]) == 8


def test_every_page_has_one_search_box(client):
    for address in ["/", "/search/", "/partners/", "/programmes/satellite-dialysis/", "/about/"]:
        assert client.get(address).content.decode().count('role="search"') == 1, address


# What was not found


def test_words_that_nothing_has_are_counted_by_day(client):
    for _ in range(2):
        page(client, q="Xylophones, everywhere")
    page(client, q="dialysis")

    [failed] = FailedSearch.objects.all()
    assert (failed.words, failed.count, failed.day) == ("xylophones everywhere", 2, timezone.localdate())


def test_words_are_counted_also_where_only_some_of_them_were_found(client):
    page(client, q="xylophones dialysis")

    assert [failed.words for failed in FailedSearch.objects.all()] == ["xylophones dialysis"]


@pytest.mark.parametrize(
    "typed",
    [
        "somebody@example.org", "020 7946 0000", "943 476 5919", "9434765919", "NHS 943-476-5919", "https://example.org",
        "www.example.org", "a " * 30, "x" * 61, "one two three four five six seven", "?!", "",
    ],
)  # fmt: skip
def test_nothing_is_noted_that_may_say_who_somebody_is(typed):
    assert noted(typed) == ""
    note_failure(typed)
    assert not FailedSearch.objects.exists()


def test_a_day_has_room_for_so_many_and_no_more(monkeypatch):
    assert MOST_A_DAY == 300
    monkeypatch.setattr(failing, "MOST_A_DAY", 3)
    for word in ["one", "two", "three", "four", "one"]:
        note_failure(word)

    assert sorted(FailedSearch.objects.values_list("words", "count")) == [("one", 2), ("three", 1), ("two", 1)]


def test_what_is_older_than_ninety_days_is_forgotten():
    assert datetime.timedelta(days=90) == KEPT
    FailedSearch.objects.create(words="old", day=timezone.localdate() - datetime.timedelta(days=91))
    FailedSearch.objects.create(words="recent", day=timezone.localdate() - datetime.timedelta(days=89))

    note_failure("new")

    assert set(FailedSearch.objects.values_list("words", flat=True)) == {"recent", "new"}


def test_a_search_answers_where_the_database_takes_no_writing(client, monkeypatch):
    def refuse(*args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(type(FailedSearch.objects.all()), "count_again", refuse)

    assert "Nothing found" in page(client, q="xylophones")
    assert not FailedSearch.objects.exists()
