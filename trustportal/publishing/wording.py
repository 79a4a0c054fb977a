"""Words: what somebody is called, and which words of a text were added and which removed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from django.utils.translation import gettext as _

from trustportal.accounts.models import User

LONGEST = 4000  # words, or lines, that are compared one by one; the work grows faster than the text
WORDS_AND_SPACES = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text that both texts have, or that one of them has."""

    kind: Literal["same", "added", "removed"]
    text: str


def name_of(person: User | None) -> str:
    """What colleagues call somebody; "Not recorded" where nobody is named."""
    return person.get_full_name() or person.get_username() if person else _("Not recorded")


def words(old: str, new: str) -> list[Piece]:
    """Two texts as one list of pieces: the same and the removed ones make the old text, the same and the added the new.

    Compared word by word; longer texts (over 4,000 words) line by line, and still longer ones as a whole.
    """
    for cut in (WORDS_AND_SPACES.findall, lambda text: text.splitlines(keepends=True)):
        old_parts, new_parts = cut(old), cut(new)
        if max(len(old_parts), len(new_parts)) <= 2 * LONGEST:  # a word and the space behind it
            return list(_joined(_compared(old_parts, new_parts)))
    return list(_joined([Piece("removed", old), Piece("added", new)]))


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Pieces in order. What both texts begin and end with is set aside first: mostly that is nearly everything."""
    shorter = min(len(old), len(new))
    first = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    last = next((at for at in range(shorter - first) if old[-1 - at] != new[-1 - at]), shorter - first)
    yield Piece("same", "".join(old[:first]))
    old_middle, new_middle = old[first : len(old) - last], new[first : len(new) - last]
    for what, a, b, c, d in SequenceMatcher(None, old_middle, new_middle).get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(old_middle[a:b]))
        else:
            yield Piece("removed", "".join(old_middle[a:b]))
            yield Piece("added", "".join(new_middle[c:d]))
    yield Piece("same", "".join(old[len(old) - last :]))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Without empty pieces, and each stretch of changes as one removed and one added piece.

    A space between two words that were both replaced counts as replaced: that reads better than word, space, word.
    """
    changed, same = {"removed": "", "added": ""}, ""
    for piece in pieces:
        if piece.kind == "same":
            same += piece.text
        elif piece.text:
            if same and not (all(changed.values()) and same.isspace() and "\n" not in same):
                yield from _filled(changed)
                yield Piece("same", same)
                changed, same = {"removed": "", "added": ""}, ""
            changed = {kind: text + same for kind, text in changed.items()}
            changed[piece.kind] += piece.text
            same = ""
    yield from _filled(changed)
    if same:
        yield Piece("same", same)


def _filled(changed: dict[str, str]) -> list[Piece]:
    return [Piece(kind, text) for kind, text in changed.items() if text]
