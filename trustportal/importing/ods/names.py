"""Names as the Organisation Data Service writes them, in capital letters, and as people read them."""

import re
import unicodedata

SMALL = frozenset(["and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "under", "upon", "with"])
# Without a vowel, and no abbreviation that is said letter by letter.
SHORTENED = {"DR": "Dr", "LTD": "Ltd", "MR": "Mr", "MRS": "Mrs", "MS": "Ms", "ST": "St"}
ABBREVIATIONS = frozenset(["ALB", "BMA", "CIC", "CIO", "GP", "ICB", "ICP", "ICS", "IOM", "NI", "PCO", "UK", "USA"])
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def readable(name: str) -> str:
    """A name in capital letters as people write it: "Guy's and St Thomas' NHS Foundation Trust".

    A name that has small letters is left as it is. What is an abbreviation is guessed: a word without a vowel is one.
    """
    if name != name.upper():
        return name
    return WORD.sub(lambda found: _readable(found[0], is_first=found.start() == 0), name)


def _readable(word: str, *, is_first: bool) -> str:
    if word in SHORTENED:
        return SHORTENED[word]
    if word.lower() in SMALL and not is_first:
        return word.lower()
    if word in ABBREVIATIONS or (len(word) > 1 and not re.search("[AEIOUY]", word)):
        return word
    first, *rest = re.split("(['’])", word, maxsplit=1)
    if not rest:
        return first.capitalize()
    sign, after = rest
    # O'Brien and D'Arcy, but Guy's
    return first.capitalize() + sign + (after.capitalize() if len(first) == 1 and len(after) > 2 else after.lower())


def same(one: str, other: str) -> bool:
    """Whether two names differ in no more than case, accents, spaces, signs and the way in which "and" is written."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    letters = "".join(letter for letter in plain if letter.isalnum() or letter.isspace())
    return "".join(letters.split())
