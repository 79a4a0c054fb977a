"""What a reader typed, read: words, phrases in quotes, what else each of them could be written as."""

import re
from dataclasses import dataclass, field, replace

from trustportal.search.words import STOP_WORDS, Token, clean, joined, parts, stem, tokens

LONGEST_TEXT = 200  # characters that are read
MOST_TERMS = 12
SHORTEST_BEGINNING = 2  # letters
QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')

Phrase = tuple[str, ...]
"""Stems that stand one after another."""

Synonyms = list[list[Phrase]]
"""Groups of words and phrases that mean the same, as stems."""


@dataclass(frozen=True)
class Term:
    """One thing that an entry must have: any of some phrases, or where it is a beginning, a stem that begins so."""

    phrases: tuple[Phrase, ...]
    beginning: str = ""
    word: str = ""  # the folded word, where it is a single one that can be misspelt
    start: int = 0  # where it stands in the text
    end: int = 0
    is_quoted: bool = False


@dataclass(frozen=True)
class Query:
    """All terms that an entry must have, or any of them."""

    text: str
    terms: tuple[Term, ...]
    takes_any: bool = False
    was_cut: bool = False  # longer than what is read
    name: str = field(default="", compare=False)  # the whole text as names and codes are compared

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to look for."""
        return not self.terms

    @property
    def has_phrases(self) -> bool:
        """Whether words must stand one after another somewhere."""
        return any(len(phrase) > 1 for term in self.terms for phrase in term.phrases)

    @property
    def last(self) -> Term | None:
        """The last term, where it is a word that may not be finished yet."""
        term = self.terms[-1] if self.terms else None
        return term if term and term.word and not term.is_quoted and len(term.word) >= SHORTEST_BEGINNING else None

    def with_beginning(self, whole: list[str]) -> "Query":
        """The same, where the last word may be the beginning of one; `whole` are stems that such words have.

        "nursin" begins "nursing", but not its stem "nurs", which is looked for besides.
        """
        if self.last is None:
            return self
        shorter = [(stem,) for stem in whole if not stem.startswith(self.last.word)]
        phrases = dict.fromkeys([*self.last.phrases, *shorter])
        last = replace(self.last, beginning=self.last.word, phrases=tuple(phrases))
        return replace(self, terms=(*self.terms[:-1], last))

    def with_any(self) -> "Query":
        """The same, where one of the terms is enough."""
        return replace(self, takes_any=True)

    def without(self, terms: list[Term]) -> "Query":
        """The same without some terms."""
        return replace(self, terms=tuple(term for term in self.terms if term not in terms))


def read(text: str, synonyms: Synonyms) -> Query:
    """Read what somebody typed. Any text can be read; what has no words gives an empty query."""
    text = " ".join(clean(text[: LONGEST_TEXT * 4]).split())
    shown = text[:LONGEST_TEXT]
    terms, plain, at = [], [], 0
    for quoted in QUOTED.finditer(shown):
        plain.append((at, quoted.start()))
        phrase = tuple(token.stem for token in tokens(quoted[1]))
        if phrase:
            terms.append(Term((phrase,), start=quoted.start(), end=quoted.end(), is_quoted=True))
        at = quoted.end()
    plain.append((at, len(shown)))
    found = [token for token in tokens(shown) if any(start <= token.start < end for start, end in plain)]
    if not terms and all(token.word in STOP_WORDS for token in found):
        wanted = found
    else:
        wanted = [token for token in found if token.word not in STOP_WORDS or token.is_joined]
    terms += _terms(wanted, synonyms)
    terms.sort(key=lambda term: term.start)
    unique = list({(term.phrases, term.beginning): term for term in terms}.values())
    return Query(
        text=shown,
        terms=tuple(unique[:MOST_TERMS]),
        was_cut=len(text) > LONGEST_TEXT or len(unique) > MOST_TERMS,
        name=" ".join(token.stem for token in tokens(shown)),
    )


def _terms(found: list[Token], synonyms: Synonyms) -> list[Term]:
    """The terms of words outside quotes; the longest phrase with synonyms is taken first."""
    meaning: dict[Phrase, list[Phrase]] = {}
    for group in synonyms:
        for member in group:  # which may be in several groups
            meaning[member] = [*meaning.get(member, []), *group]
    longest = max(map(len, meaning), default=1)
    groups = list(joined(found))
    terms, at = [], 0
    while at < len(groups):
        for length in range(min(longest, len(groups) - at), 0, -1):
            several = [token for group in groups[at : at + length] for token in group]
            phrase = tuple(token.stem for token in several)
            if phrase not in meaning and phrase[-1].endswith("s"):  # the stemmer leaves "LCNs" as it is
                phrase = (*phrase[:-1], phrase[-1][:-1])
            if phrase in meaning:
                terms.append(_term(several, [phrase, *meaning[phrase]]))
                at += length
                break
        else:
            terms.append(_term(groups[at], []))
            at += 1
    return terms


def _term(found: list[Token], same: list[Phrase]) -> Term:
    """One term: the word itself, as one word and apart, and what means the same."""
    whole = "".join(token.word for token in found)
    phrases = [tuple(token.stem for token in found), *same]
    if len(found) > 1 and any(token.is_joined for token in found):
        phrases.append((stem(whole),))
    elif len(found) == 1 and len(apart := parts(whole)) > 1:
        phrases.append(tuple(map(stem, apart)))
    word = found[0].word if len(found) == 1 else ""
    return Term(tuple(dict.fromkeys(phrases)), word=word, start=found[0].start, end=found[-1].end)
