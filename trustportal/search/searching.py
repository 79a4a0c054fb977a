"""A search from what was typed to a page of results in order, with what they can be narrowed to.

At most `MOST_RANKED` entries are looked at: those with the words in their title first, then those written last. What is
found beyond is counted as "1,000 or more". So a word that is in every record costs no more than a rare one.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from trustportal.search.extracts import Piece, extract
from trustportal.search.facets import FACETS, facet_word
from trustportal.search.models import KnownWord, SearchEntry, Synonym
from trustportal.search.query import Phrase, Query, Term, read
from trustportal.search.spelling import mended
from trustportal.search.words import BREAK

MOST_RANKED = 1000
PER_PAGE = 20
WHOLE_WORDS_OF_A_BEGINNING = 10


class Candidate(NamedTuple):
    """The columns by which an entry is judged and counted."""

    pk: int
    type: str
    standing: int
    kind: str
    scope: str
    year: str
    lead_key: int | None
    updated_at: object
    title: str
    places: str
    priorities: str
    names: str
    title_words: str
    summary_words: str

    def values_of(self, facet: str) -> list[str]:
        """What it counts as in a facet."""
        if facet == "place":
            return self.places.split("\n") if self.places else []
        if facet == "priority":
            return self.priorities.split("\n") if self.priorities else []
        value = self.lead_key if facet == "lead" else getattr(self, facet)
        return [str(value)] if value else []


@dataclass(frozen=True)
class Result:
    """One entry as readers see it."""

    type: str
    kind: str
    title: str
    address: str
    lead_key: int | None
    updated_at: object
    extract: list[Piece]


@dataclass(frozen=True)
class Results:
    """What a search found: how much, one page of it, how it counts by facet, and what it rests on.

    `query` is what was looked for in the end; `asked` what was typed. `is_mended` says that nothing was found for what
    was typed, and that spelling was mended; `has_some_words` that no entry has all words.
    """

    asked: Query
    query: Query
    total: int = 0
    is_more: bool = False
    rows: list[Result] = field(default_factory=list)
    counts: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    is_mended: bool = False
    has_some_words: bool = False


def search(text: str, chosen: Mapping[str, str], *, page: int = 1) -> Results:
    """Look for what somebody typed, narrowed to one value of each facet in `chosen`; pages count from 1."""
    asked = read(text, Synonym.groups())
    narrowed_to = [facet_word(facet, value) for facet, value in chosen.items()]
    if asked.is_empty:
        return Results(asked, asked)
    words = [term.word for term in asked.terms if term.word]
    stems = [term.phrases[0][0] for term in asked.terms if term.word]
    known = list(KnownWord.objects.among(words, stems))
    query = with_beginning(asked, known)
    found = candidates(query, narrowed_to)
    better, has_some_words = None, False
    if not found:
        better = mended(query, known)
        if better:
            fixed = read(better, Synonym.groups())
            found = candidates(fixed, narrowed_to)
            query = fixed
    is_mended = bool(better and found)
    if not found and len(query.terms) > 1:
        some = query.with_any()
        found = candidates(some, narrowed_to)
        has_some_words, query = bool(found), some if found else query
    weights = weights_of(query, known)
    is_more = len(found) > MOST_RANKED
    ranked = in_order(found[:MOST_RANKED], query, weights)
    start = (page - 1) * PER_PAGE
    return Results(
        asked,
        query,
        total=len(ranked),
        is_more=is_more,
        rows=results_of([candidate.pk for candidate in ranked[start : start + PER_PAGE]], query),
        counts=counts_of(ranked),
        is_mended=is_mended,
        has_some_words=has_some_words,
    )


def with_beginning(query: Query, known: list[KnownWord]) -> Query:
    """The query, where a last word that nobody has written may be the beginning of some that are."""
    last = query.last
    if last is None or len(last.phrases) > 1 or any(word.word == last.word for word in known):
        return query
    longer = KnownWord.objects.beginning_with(last.word, WHOLE_WORDS_OF_A_BEGINNING)
    return query.with_beginning(list(longer.values_list("stem", flat=True)))


def candidates(query: Query, narrowed_to: list[str]) -> list[Candidate]:
    """The entries to be put in order, one more than that where there are more; those with all in the title first."""
    entries = SearchEntry.objects.matching(query, narrowed_to=narrowed_to, most=MOST_RANKED + 1)
    found = [Candidate(*row) for row in entries.values_list(*Candidate._fields)]
    if len(found) <= MOST_RANKED:
        return found
    titled = SearchEntry.objects.matching(query, narrowed_to=narrowed_to, in_title=True, most=MOST_RANKED)
    first = {row[0]: Candidate(*row) for row in titled.values_list(*Candidate._fields)}
    rest = sorted((row for row in found if row.pk not in first), key=lambda row: -row.pk)
    return [*first.values(), *rest][: MOST_RANKED + 1]


# Order


def _has(words: str, phrase: Phrase) -> bool:
    """Whether stems with spaces round them stand one after another in a text of such."""
    return f" {' '.join(phrase)} " in words


def _is_in(words: str, term: Term) -> bool:
    return any(_has(words, phrase) for phrase in term.phrases)


def _begins_in(words: str, term: Term) -> bool:
    return _is_in(words, term) or bool(term.beginning) and f" {term.beginning}" in words


def weights_of(query: Query, known: list[KnownWord]) -> list[float]:
    """How much it tells that an entry has a term: 1 for each, or the more the rarer it is where one is enough."""
    counts = {word.stem: max(word.count, 1) for word in known}
    return [1 / counts.get(term.phrases[0][0], 1) if query.takes_any else 1.0 for term in query.terms]


def tier(candidate: Candidate, query: Query, weights: list[float]) -> tuple[int, float]:
    """How good a result is, the lowest first; then the weight of the terms that title and summary lack.

    0 the name or code itself, 1 a name that begins so, 2 all in the title, 3 the words one after another in title or
    summary, 4 all in title and summary, 5 somewhere. Where the last word is taken for a beginning, whole words come
    before longer ones.
    """
    names = candidate.names.split("\n")
    if query.name in names:
        return 0, 0.0
    title = f" {candidate.title_words} "
    both = f"{title}{BREAK} {candidate.summary_words} "
    asked = tuple(stem for term in query.terms for stem in term.phrases[0])
    lacking = sum(weight for weight, term in zip(weights, query.terms, strict=True) if not _is_in(both, term))
    if query.takes_any:
        return 0, lacking
    end = "" if query.last and query.last.beginning else " "
    beginnings = tuple(f"{said}{end}" for said in (query.name, " ".join(asked)))
    if any(f"{name} ".startswith(beginnings) for name in names):
        return 1, lacking
    if all(_begins_in(title, term) for term in query.terms):
        return 2, lacking
    if len(asked) > 1 and _has(both, asked):
        return 3, lacking
    return (5 if lacking else 4), lacking


def in_order(found: list[Candidate], query: Query, weights: list[float]) -> list[Candidate]:
    """The best first: by tier, by the place of their type, the newest, by title."""
    ranked = [(*tier(candidate, query, weights), candidate) for candidate in found]
    ranked.sort(
        key=lambda row: (
            row[0],
            row[1],
            row[2].standing,
            -row[2].updated_at.timestamp() if row[2].updated_at else 0,  # type: ignore[attr-defined]
            row[2].title,
            row[2].pk,
        )
    )
    return [candidate for _, _, candidate in ranked]


def counts_of(found: list[Candidate]) -> dict[str, list[tuple[str, int]]]:
    """For each facet its values with how many of the entries have them, the most first."""
    counts: dict[str, list[tuple[str, int]]] = {}
    for facet in FACETS:
        counted = Counter(value for candidate in found for value in candidate.values_of(facet))
        counts[facet] = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return counts


def results_of(keys: list[int], query: Query) -> list[Result]:
    """The entries of some keys in that order, with the part of their text that tells why they were found."""
    entries = SearchEntry.objects.in_bulk(keys)
    return [
        Result(
            entry.type,
            entry.kind,
            entry.title,
            entry.address,
            entry.lead_key,
            entry.updated_at,
            extract(entry.summary, entry.body, query),
        )
        for entry in (entries[key] for key in keys if key in entries)
    ]
