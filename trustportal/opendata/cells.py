"""The cells of tables, also of one that somebody may open in a spreadsheet."""

import numbers
from decimal import Decimal

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")  # with these a spreadsheet takes a text for a formula


def plain_number(number: Decimal | None) -> Decimal | None:
    """A number as it would be typed, 2477 or 84.1317, with at most six decimals."""
    if number is None:
        return None
    rounded = round(number, 6)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral() else rounded.normalize()


def cell(value: object) -> object:
    """A value as a cell: a text that a spreadsheet would run gets a quote before it, a number stays one, None is ""."""
    if value is None:
        return ""
    if isinstance(value, numbers.Number):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(RUNS) else text
