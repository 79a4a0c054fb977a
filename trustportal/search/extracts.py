"""The part of a text that tells why it was found, with the words that were looked for marked."""

from dataclasses import dataclass
from itertools import islice

from trustportal.search.query import Phrase, Query
from trustportal.search.words import pattern_for, stem_of, words

BEFORE, LONGEST = 60, 240  # characters
READ = 6000  # characters of a text that are looked at


@dataclass(frozen=True)
class Piece:
    """A run of text, and whether it was looked for."""

    text: str
    is_found: bool = False


def extract(summary: str, body: str, query: Query) -> list[Piece]:
    """The summary where it has as many of the words as the text has anywhere; otherwise where the text has most of
    them. In pieces, that templates escape."""
    in_summary = _marks(summary, query)
    told = {term for _, _, term in in_summary}
    if len(told) == len(query.terms) or not body:
        return _pieces(summary, 0, len(summary), in_summary)
    text = body[:READ]
    marks = _marks(text, query)
    if not {term for _, _, term in marks} - told:
        return _pieces(summary, 0, len(summary), in_summary)
    start = max(marks, key=lambda mark: (len(_within(marks, mark[0])), -mark[0]))[0]
    return _pieces(text, *_bounds(text, start), marks)


def _within(marks: list[tuple[int, int, int]], start: int) -> set[int]:
    return {term for at, end, term in marks if start <= at and end <= start + LONGEST - BEFORE}


def _marks(text: str, query: Query) -> list[tuple[int, int, int]]:
    """Where terms stand in a text: from, to, which."""
    firsts: dict[str, list[tuple[int, Phrase]]] = {}
    for number, term in enumerate(query.terms):
        for phrase in term.phrases:
            firsts.setdefault(phrase[0], []).append((number, phrase))
    beginnings = [(number, term.beginning) for number, term in enumerate(query.terms) if term.beginning]
    # Most words begin with another letter than all that are looked for: they need not be cut to stems.
    initials = {
        stem[0] for term in query.terms for phrase in (*term.phrases, (term.beginning,)) for stem in phrase if stem
    }
    initials |= set(map(str.upper, initials))
    stems = [stem_of(word) if word[0] in initials or word[0] > "z" else "" for word in words(text)]
    marked = []  # the first and the last word, which term
    for at, stem in enumerate(stems):
        if not stem:
            continue
        for number, phrase in firsts.get(stem, ()):
            if len(phrase) == 1 or tuple(stems[at : at + len(phrase)]) == phrase:
                marked.append((at, at + len(phrase) - 1, number))
        for number, beginning in beginnings:
            if stem.startswith(beginning) and stem not in firsts:
                marked.append((at, at, number))
    until = max((last for _, last, _ in marked), default=-1) + 1
    found = list(islice(pattern_for(text).finditer(text), until))
    return [(found[first].start(), found[last].end(), number) for first, last, number in marked]


def _bounds(text: str, start: int) -> tuple[int, int]:
    """From the beginning of a sentence or word before a place to the end of a word after it, within one paragraph."""
    earliest = max(text.rfind("\n", 0, start) + 1, start - BEFORE, 0)
    sentence = max(text.rfind(mark, earliest, start) + len(mark) for mark in (". ", "? ", "! "))
    if sentence > earliest + 1:
        begin = sentence
    else:
        begin = (
            earliest if earliest == 0 or text[earliest - 1] in "\n " else text.find(" ", earliest, start) + 1 or start
        )
    stop = text.find("\n", start)
    stop = len(text) if stop < 0 else stop
    if stop - begin > LONGEST:
        stop = text.rfind(" ", start + 1, begin + LONGEST)
        stop = stop if stop > start else begin + LONGEST
    return begin, stop


def _pieces(text: str, begin: int, stop: int, marks: list[tuple[int, int, int]]) -> list[Piece]:
    pieces, at = [Piece("… ")] if begin and text[begin - 1] != "\n" else [], begin
    for start, end, _ in marks:
        if at <= start and end <= stop:
            pieces += [Piece(text[at:start]), Piece(text[start:end], True)]
            at = end
    pieces.append(Piece(text[at:stop]))
    if stop < len(text) and text[stop] != "\n":
        pieces.append(Piece(" …"))
    return [piece for piece in pieces if piece.text]
