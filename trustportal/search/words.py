"""How text is cut into words and words into stems, the same for what is kept and for what is asked.

Both databases are given stems alone (small letters and digits of ASCII with spaces between them) and do nothing but
look them up. So accents, apostrophes, hyphens and endings mean the same on both, and no extension is needed.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import snowballstemmer

BREAK = "zqxj"  # a word that nobody writes
LONGEST_WORD = 40  # letters; more of a "word" than that tells nothing apart
MOST_KEPT = 200_000  # words whose stems are kept in memory
SHORTEST_KNOWN = 3  # letters of a word by which others are mended
APOSTROPHES = "'’‘ʼ`´"  # what people type for one
# Two single letters that "&" joins, as in A&E; a number with commas, as in 100,000; or a word, within which may be
# apostrophes.
TOKEN = re.compile(
    rf"(?<![^\W_])[^\W\d_]\s?&\s?[^\W\d_](?![^\W_])"
    rf"|(?<![^\W_])\d{{1,3}}(?:,\d{{3}})+(?![^\W_])"
    rf"|[^\W_](?:[^\W_]|[{APOSTROPHES}](?=[^\W_]))*"
)
# The same for text of ASCII with neither "&" nor commas within numbers, as most text is; this one is faster.
PLAIN_TOKEN = re.compile(r"[A-Za-z0-9]+(?:['`][A-Za-z0-9]+)*")
COMMA = re.compile(r"\d,\d")
# What is between the words of text of ASCII that has no apostrophes; where there are some, the pattern above is needed.
BETWEEN = {at: " " for at in range(128) if not chr(at).isalnum()}
COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑–][^\W_]+)+")
JOINS = re.compile(r"[-‐‑–]")  # what stands between the parts of one word
POSSESSIVE = re.compile(rf"[{APOSTROPHES}][sS]?$")
LETTERS_AND_DIGITS = re.compile(r"[a-z]+|\d+")
# Too common to look for by themselves; they count within quotes.
STOP_WORDS = frozenset(
    """
    a an and are as at be by do does for from has have how i in is it its me my of on or our s that the their there
    they this to was we were what when where which who why will with you your
    """.split()  # noqa: SIM905  it reads better so
)
# American spellings of British words, which readers abroad type; the endings first.
AMERICAN = re.compile(r"(?<=[a-z]{3})iz(?=(e|ed|es|er|ers|ing|ation|ations|ational)$)")
AMERICAN_WORDS = {
    "behavior": "behaviour",
    "behavioral": "behavioural",
    "center": "centre",
    "centers": "centres",
    "color": "colour",
    "labor": "labour",
    "neighborhood": "neighbourhood",
    "neighborhoods": "neighbourhoods",
    "pediatric": "paediatric",
    "pediatrics": "paediatrics",
    "program": "programme",
    "programs": "programmes",
}


@dataclass(frozen=True)
class Token:
    """A word where it stands in a text: `text[start:end]`, folded, and whether it is joined to the one before it."""

    word: str
    start: int
    end: int
    is_joined: bool = False

    @property
    def stem(self) -> str:
        """The word without its ending."""
        return stem(self.word)


def clean(text: str) -> str:
    """Text as it is kept and read: composed letters, no characters that cannot be seen, such as marks of direction."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if char.isspace() else "" if unicodedata.category(char)[0] == "C" else char for char in composed)
    return "".join(kept)


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """One word in small letters and digits of ASCII, without accents and apostrophes: "Thomas's" is "thomas".

    A word of another script becomes "u" and the digits of its bytes, so that it can be looked up like any other.
    """
    text = POSSESSIVE.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    word = "".join(char for char in text.casefold() if char.isalnum())
    if not word.isascii():
        word = f"u{word.encode(errors='replace').hex()}"
    return word[:LONGEST_WORD]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A folded word without its ending: "discharged" and "discharges" are "discharg".

    Words with digits, such as codes, have none. A stemmer has a state while it works and threads share this module, so
    each word has its own.
    """
    if not word.isalpha():
        return word
    word = AMERICAN_WORDS.get(word) or AMERICAN.sub("is", word)
    return str(snowballstemmer.stemmer("english").stemWord(word))


class Answers(dict[str, Any]):
    """What a function makes of each word, kept. Two or three times faster than `lru_cache`, which also keeps in what
    order it was asked; so it forgets all when it is full."""

    def __init__(self, answer: Callable[[str], Any]) -> None:
        super().__init__()
        self.answer = answer

    def __missing__(self, word: str) -> Any:
        if len(self) >= MOST_KEPT:
            self.clear()
        answer = self[word] = self.answer(word)
        return answer


def _known_as(word: str) -> str:
    folded = fold(word)
    return folded if len(folded) >= SHORTEST_KNOWN and folded.isalpha() else ""


# The stem of a word as it stands in a text; "" where nothing of it is kept.
stem_of = Answers(lambda word: stem(fold(word))).__getitem__
# A word as it stands in a text, folded, where others can be mended by it; otherwise "".
known_as = Answers(_known_as).__getitem__


def pattern_for(text: str) -> re.Pattern[str]:
    """What finds the words of a cleaned text."""
    return PLAIN_TOKEN if text.isascii() and "&" not in text and not ("," in text and COMMA.search(text)) else TOKEN


def tokens(text: str) -> Iterator[Token]:
    """The words of a cleaned text in their order."""
    ended = -1
    for match in pattern_for(text).finditer(text):
        word = fold(match[0])
        if word:
            start, end = match.span()
            yield Token(word, start, end, start == ended + 1 and bool(JOINS.match(text[ended])))
            ended = end


def joined(found: list[Token]) -> Iterator[list[Token]]:
    """The words, those that hyphens join together: "COVID-19 care" gives ["covid", "19"] and ["care"]."""
    group: list[Token] = []
    for token in found:
        if group and not token.is_joined:
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def words(text: str) -> list[str]:
    """The words of a cleaned text as they stand in it."""
    pattern = pattern_for(text)
    if pattern is PLAIN_TOKEN and "'" not in text and "`" not in text:
        return text.translate(BETWEEN).split()  # several times faster
    return pattern.findall(text)


def stems(text: str, found: list[str] | None = None) -> str:
    """The stems of a cleaned text, with spaces between them; then those of words written with a hyphen as one.

    The mark between the two keeps phrases from reaching across. `found` are its words, where they are known already.
    """
    whole = filter(None, map(stem_of, words(text) if found is None else found))
    together = list(map(stem_of_compound, compounds(text)))
    return " ".join([*whole, BREAK, *together] if together else whole)


@lru_cache(maxsize=20_000)
def stem_of_compound(compound: str) -> str:
    """The stem of a word written with hyphens, as if it were written without."""
    return stem("".join(map(fold, words(compound)))[:LONGEST_WORD])


def compounds(text: str) -> list[str]:
    """The words of a cleaned text that are written with hyphens. The pattern is slow, and few words need it."""
    if ("-" not in text) if text.isascii() else not JOINS.search(text):
        return []
    some = [part for part in text.split() if "-" in part or not part.isascii()]
    return [found for part in some for found in COMPOUND.findall(part)]


def same(text: str) -> str:
    """A name or code as it is compared: the stems of its words and nothing else."""
    return " ".join(filter(None, map(stem_of, words(clean(text)))))


def parts(word: str) -> list[str]:
    """The letters and the numbers of a folded word: "covid19" gives "covid" and "19"."""
    return LETTERS_AND_DIGITS.findall(word)
