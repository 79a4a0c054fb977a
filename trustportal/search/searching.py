"""A search from what was typed to a page of results in order, with what they can be narrowed to.

At most `MOST_RANKED` entries are looked at: those with the words in their title first, then those written last. What is
found beyond is counted as "500 or more". So what is read and put in order is bounded.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from trustportal.search.extracts import Piece, extract
from trustportal.search.facets import FACETS, facet_word
from trustportal.search.models import KnownWord, SearchEntry, Synonym
from trustportal.search.query import Query, Synonyms, read
from trustportal.search.spelling import mended
from trustportal.search.words import BREAK

MOST_RANKED = 500
PER_PAGE = 20
WHOLE_WORDS_OF_A_BEGINNING = 10


class Candidate(NamedTuple):
    """The columns by which an entry is judged and counted."""

    id: int
    type: str
    standing: int
    kind: str
    scope: str
    year: str
    lead_key: int | None
    recency: int
    title: str
    places: str
    priorities: str
    names: str
    title_words: str
    summary_words: str


@dataclass(frozen=True)
class Result:
    """One entry as readers see it."""

    type: str
    kind: str
    title: str
    address: str
    lead_key: int | None
    updated_at: datetime.datetime | None
    extract: list[Piece]


@dataclass(frozen=True)
class Results:
    """What a search found: how much, one page of it, how it counts by facet, and what it rests on.

    `query` is what was looked for in the end; `asked` what was typed. `is_mended` says that nothing was found for what
    was typed, and that spelling was mended; `has_some_words` that no entry has all words. Where nothing is among what
    was chosen, `elsewhere` says how much there is without that.
    """

    asked: Query
    query: Query
    total: int = 0
    is_more: bool = False
    rows: list[Result] = field(default_factory=list)
    counts: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    is_mended: bool = False
    has_some_words: bool = False
    elsewhere: int = 0


def search(text: str, chosen: Mapping[str, str], *, page: int = 1) -> Results:
    """Look for what somebody typed, narrowed to one value of each facet in `chosen`; pages count from 1."""
    groups = Synonym.groups()
    asked = read(text, groups)
    narrowed_to = [facet_word(facet, value) for facet, value in chosen.items()]
    if asked.is_empty:
        return Results(asked, asked)
    found, elsewhere = [], 0
    for query in readings(asked, groups):
        found = keys_of(query, narrowed_to)
        if not found and narrowed_to:  # choices narrow what was typed, and do not change how it is read
            elsewhere = len(SearchEntry.objects.keys_matching(query, [], most=MOST_RANKED + 1))
        if found or elsewhere:
            break
    candidates = candidates_of(found[:MOST_RANKED])
    ranked = in_order(candidates, query)
    start = (page - 1) * PER_PAGE
    return Results(
        asked,
        query,
        total=len(ranked),
        is_more=max(len(found), elsewhere) > MOST_RANKED,
        rows=results_of(ranked[start : start + PER_PAGE], query),
        counts=counts_of(ranked),
        is_mended=bool(found) and query.text != asked.text and not query.takes_any,
        has_some_words=bool(found) and query.takes_any,
        elsewhere=min(elsewhere, MOST_RANKED),
    )


def readings(asked: Query, groups: Synonyms) -> Iterator[Query]:
    """How what was typed can be read: as it is; with a last word that goes on; mended; with one word enough. Whoever
    has found something asks for no more."""
    yield asked
    known = known_words(asked)
    query = with_beginning(asked, known)
    if query != asked:
        yield query
    if better := mended(query, known):
        query = read(better, groups)
        yield query
    if len(query.terms) > 1:
        yield query.with_any()


def known_words(query: Query) -> list[KnownWord]:
    """The words of the query that some record has, as they are or with another ending. One query."""
    terms = [term for term in query.terms if term.word]
    return list(KnownWord.objects.among([term.word for term in terms], [term.phrases[0][0] for term in terms]))


def with_beginning(query: Query, known: list[KnownWord]) -> Query:
    """The query, where a last word that nobody has written may be the beginning of some that are."""
    last = query.last
    if last is None or len(last.phrases) > 1 or any(word.word == last.word for word in known):
        return query
    longer = KnownWord.objects.beginning_with(last.word, WHOLE_WORDS_OF_A_BEGINNING)
    return query.with_beginning(list(longer.values_list("stem", flat=True)))


def keys_of(query: Query, narrowed_to: list[str]) -> list[int]:
    """The keys of the entries to be put in order, one more where there are more; then those with all in the title
    come first. One query, or two."""
    keys = SearchEntry.objects.keys_matching(query, narrowed_to, most=MOST_RANKED + 1)
    if len(keys) <= MOST_RANKED:
        return keys
    titled = SearchEntry.objects.keys_matching(query, narrowed_to, in_title=True, most=MOST_RANKED)
    return list(dict.fromkeys([*titled, *keys]))[: MOST_RANKED + 1]


def candidates_of(keys: list[int]) -> list[Candidate]:
    """The entries of some keys, as far as they are judged by. One query."""
    return list(map(Candidate._make, SearchEntry.objects.columns(Candidate._fields, keys)))


# Order


def _told(candidate: Candidate) -> str:
    return f" {candidate.title_words} {BREAK} {candidate.summary_words} "


class Judge:
    """Says how good a candidate is for a query. What the query asks is put together once for all candidates."""

    def __init__(self, query: Query, found: list[Candidate]) -> None:
        asked = " ".join(stem for term in query.terms for stem in term.phrases[0])
        ends = ("",) if query.last and query.last.beginning else (" ", "\n")
        self.takes_any = query.takes_any
        self.is_finished = " " in ends
        self.name = f"\n{query.name}\n"
        self.beginnings = tuple({f"\n{said}{end}" for said in (query.name, asked) for end in ends})
        self.phrase = f" {asked} " if " " in asked else ""
        self.terms = [tuple(f" {' '.join(phrase)} " for phrase in term.phrases) for term in query.terms]
        self.longer = [
            (*ways, f" {term.beginning}") if term.beginning else ways
            for ways, term in zip(self.terms, query.terms, strict=True)
        ]
        texts = [_told(candidate) for candidate in found] if query.takes_any else []
        # 1 for each term, or the more the rarer it is where one is enough.
        self.weights = [1 / (1 + sum(_has(text, term) for text in texts)) for term in self.terms]
        self.all = sum(self.weights)

    def lacking(self, told: str, title: str) -> float:
        """The weight of the terms that title and summary have not as whole words, less half the weight of those that
        the title has. Where one word is enough, a title with one alone gains nothing: it may have it by chance.
        """
        lacking, titled = 0.0, []
        for weight, term in zip(self.weights, self.terms, strict=True):
            if not _has(told, term):
                lacking += weight
            elif _has(title, term):
                titled.append(weight)
        return lacking if self.takes_any and len(titled) == 1 else lacking - sum(titled) / 2

    def tier(self, candidate: Candidate) -> tuple[int, float]:
        """How good a result is, the lowest first; then the weight of the terms that it lacks.

        0 the name or code itself, 1 a name that begins so, 2 all in the title, 3 the words one after another in title
        or summary, 4 the others: the more words in title and summary, the better, in the title the more. Where the last
        word is taken for a beginning, whole words come before longer ones.
        """
        told, title = _told(candidate), f" {candidate.title_words} "
        lacking = self.lacking(told, title)
        if self.takes_any:
            return 0, lacking
        if lacking == self.all and self.is_finished:
            return 4, lacking  # as most: the words of its names are among those
        names = f"\n{candidate.names}\n"
        if self.name in names:
            return 0, 0.0
        if _has(names, self.beginnings):
            return 1, lacking
        if all(_has(title, ways) for ways in self.longer):
            return 2, lacking
        if self.phrase and self.phrase in told:
            return 3, lacking
        return 4, lacking


def _has(text: str, ways: tuple[str, ...]) -> bool:
    return any(way in text for way in ways) if len(ways) > 1 else ways[0] in text


def in_order(found: list[Candidate], query: Query) -> list[Candidate]:
    """The best first: by tier, by the place of their type, the newest, by title."""
    judge = Judge(query, found)
    ranked = [(*judge.tier(row), row.standing, -row.recency, row.title, row.id, row) for row in found]
    ranked.sort()
    return [row[-1] for row in ranked]


def counts_of(found: list[Candidate]) -> dict[str, list[tuple[str, int]]]:
    """For each facet its values with how many of the entries have them, the most first."""
    columns = dict.fromkeys(Candidate._fields, ()) | dict(
        zip(Candidate._fields, zip(*found, strict=True), strict=False)
    )
    values: dict[str, Iterable[str]] = {
        **{facet: columns[facet] for facet in ("type", "kind", "scope", "year")},
        "place": "\n".join(columns["places"]).split("\n"),
        "lead": [str(key or "") for key in columns["lead_key"]],
        "priority": "\n".join(columns["priorities"]).split("\n"),
    }
    counts = {}
    for facet in FACETS:
        counted = Counter(values[facet])
        del counted[""]
        counts[facet] = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return counts


def results_of(shown: list[Candidate], query: Query) -> list[Result]:
    """What readers see of some candidates, with the part of their text that tells why they were found. One query."""
    rows = SearchEntry.objects.columns(("id", "address", "summary", "body"), [row.id for row in shown])
    texts = {key: (address, extract(summary, body, query)) for key, address, summary, body in rows}
    return [
        Result(row.type, row.kind, row.title, address, row.lead_key, when(row), pieces)
        for row in shown
        if row.id in texts
        for address, pieces in [texts[row.id]]
    ]


def when(candidate: Candidate) -> datetime.datetime | None:
    """When the record was last updated."""
    return datetime.datetime.fromtimestamp(candidate.recency, datetime.UTC) if candidate.recency else None
