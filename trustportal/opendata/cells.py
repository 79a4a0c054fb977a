"""The cells of a table that somebody may open in a spreadsheet."""

import numbers

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")  # with these a spreadsheet takes a text for a formula


def cell(value: object) -> object:
    """A value as a cell: a text that a spreadsheet would run gets a quote before it, a number stays one, None is ""."""
    if value is None:
        return ""
    if isinstance(value, numbers.Number):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(RUNS) else text
