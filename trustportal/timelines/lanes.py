"""How things are put on lanes so that none lies over another, and how wide words are."""

from collections.abc import Sequence

# How wide a letter of Arial is, as a part of its size. Source: the font's own metrics, as the PDF standard has them.
WIDTHS = {
    width: set(letters)
    for width, letters in [
        (0.23, "ijl'’|"),
        (0.28, "ftI.,:;!/ "),
        (0.34, "r()-[]‘"),
        (0.5, "ckszJvxy"),
        (0.61, "FTZ"),
        (0.67, "ABEKPSVXY&"),
        (0.73, "CDHNRUw"),
        (0.78, "GOQ"),
        (0.84, "mM"),
        (0.95, "W%"),
        (1.02, "@…—→"),
    ]
}
WIDTH_OF = {letter: width for width, letters in WIDTHS.items() for letter in letters}
USUAL, UNKNOWN = 0.56, 1.02  # a small letter or a figure; a letter that Arial may not have
ALLOWANCE = 1.03  # for the fonts that stand in for Arial


def width_of(words: str, size: float) -> float:
    """How much room words take in Arial of a size (pixels), rather a little too much than too little."""
    return ALLOWANCE * size * sum(WIDTH_OF.get(letter, USUAL if ord(letter) < 0x250 else UNKNOWN) for letter in words)


def cut(words: str, size: float, room: float) -> str:
    """As much of the words as there is room for, with "…" where something is left out."""
    if width_of(words, size) <= room:
        return words
    kept = words
    while kept and width_of(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip(' ,.:;')}…"


def pack(extents: Sequence[tuple[float, float]], gap: float) -> list[int]:
    """The lane of each extent (from, to): the first on which nothing before it comes nearer than the gap.

    Those that come first in the order given lie highest, as far as there is room.
    """
    lanes: list[list[tuple[float, float]]] = []
    found = []
    for start, end in extents:
        free = (
            at
            for at, taken in enumerate(lanes)
            if all(end + gap <= other_start or other_end + gap <= start for other_start, other_end in taken)
        )
        lane = next(free, len(lanes))
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((start, end))
        found.append(lane)
    return found
