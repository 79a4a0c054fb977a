"""Mending what was misspelt by the words that the records have."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from trustportal.search.models import KnownWord
from trustportal.search.query import Query, Term

SHORTEST = 4  # letters of a word that is mended
LONG = 8  # letters of a word in which two may be wrong
MOST_LOOKED_AT = 3000
MOST_MENDED = 4  # words of a search


def mended(query: Query, known: list[KnownWord]) -> str:
    """What was probably meant, with each unknown word in the place of the known one that is nearest; "" where no word
    can be mended."""
    words, stems = {word.word for word in known}, {word.stem for word in known}
    unknown = [
        term
        for term in query.terms
        if term.word not in words
        and len(term.word) >= SHORTEST
        and term.phrases[0][0] not in stems
        # A word that means the same as another is known to editors; one with digits is a code.
        and len(term.phrases) == 1
        and term.word.isalpha()
    ]
    text = query.text
    for term in sorted(unknown[:MOST_MENDED], key=lambda term: -term.start):
        if better := nearest(term):
            typed = text[term.start : term.end]
            better = better.capitalize() if typed[:1].isupper() else better
            text = f"{text[: term.start]}{better}{text[term.end :]}"
    return "" if text == query.text else text


def nearest(term: Term) -> str:
    """The known word that takes the fewest changes of a letter, of those the commonest; "" where none is near."""
    counts = dict(KnownWord.objects.near(term.word, MOST_LOOKED_AT).values_list("word", "count"))
    most = 1 if len(term.word) < LONG else 2  # "eldery" is not "every"
    near = process.extract(term.word, list(counts), scorer=OSA.distance, score_cutoff=most, limit=None)
    found = [row for row in near if may_be_meant(row[0], term.word)]
    if not found:
        return ""
    return str(min(found, key=lambda row: (row[1], -counts[row[0]], row[0]))[0])


def may_be_meant(known: str, typed: str) -> bool:
    """Whether letters have but changed places, or others may be wrong: the first seldom is ("mother" is not "other"),
    and short words are too like each other ("cafe" is not "care", "kids" not "kinds")."""
    return sorted(known) == sorted(typed) or (len(typed) > SHORTEST and known[0] == typed[0])
