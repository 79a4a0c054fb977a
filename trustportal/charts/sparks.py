"""Small drawings beside a line of words: what the newest figures did, without scale or labels."""

from collections.abc import Sequence

MOST_IN_SPARK, SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 36, 120, 28, 4
MOST_SIGNS = 8
# From the middle of a sign: a tick, a cross, a dash.
SIGNS = {True: "m-5 0l3.5 4 6.5-8", False: "m-4-4l8 8m0-8l-8 8", None: "m-3 0h6"}


def sparkline(values: Sequence[float | None]) -> tuple[str, float, float] | None:
    """The newest values as a small line: an SVG path in SPARK_WIDTH by SPARK_HEIGHT, and where its last point lies.

    None where fewer than two are known.
    """
    newest = list(values[-MOST_IN_SPARK:])
    known = [(at, value) for at, value in enumerate(newest) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _, value in known), max(value for _, value in known)
    across, down = SPARK_WIDTH - 2 * SPARK_EDGE, SPARK_HEIGHT - 2 * SPARK_EDGE

    def place(at: int, value: float) -> tuple[float, float]:
        part = (value - low) / (high - low) if high > low else 0.5
        x = SPARK_EDGE + across * at / (len(newest) - 1)
        return round(x, 1), round(SPARK_EDGE + down * (1 - part), 1)

    pieces, is_open = [], False
    for at, value in enumerate(newest):
        if value is not None:
            x, y = place(at, value)
            pieces.append(f"{'L' if is_open else 'M'}{x:g} {y:g}")
        is_open = value is not None
    return "".join(pieces), *place(*known[-1])


def signs(answers: Sequence[bool | None]) -> str:
    """The newest answers as ticks and crosses, a dash where there is none: a path in SPARK_WIDTH by SPARK_HEIGHT."""
    step, middle = SPARK_WIDTH / MOST_SIGNS, SPARK_HEIGHT / 2
    return "".join(
        f"M{step * (at + 0.5):g} {middle:g}{SIGNS[answer]}" for at, answer in enumerate(answers[-MOST_SIGNS:])
    )
