"""Postcodes: what readers type, and the middles of postcode districts from the ONS Postcode Directory.

Only the first part of a postcode ("SE1" of "SE1 9RT") is ever kept.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

DISTRICT = r"([A-Z]{1,2})\s*(\d[A-Z\d]?)"  # phones put spaces anywhere
POSTCODE = re.compile(rf"{DISTRICT}\s*\d[A-Z]{{2}}")
# The space tells "SE1 7", which begins a postcode of SE1, from SE17, which is a district of its own.
BEGINNING = re.compile(rf"{DISTRICT}(?:\s+\d[A-Z]?)?")
POSTCODE_COLUMNS = ("pcds", "pcd", "pcd2", "pcd7", "pcd8")
NO_POSITION = Decimal("99.999999")  # what the directory writes for a latitude that is not known
MILLIONTHS = Decimal("0.000001")


class UnreadableDirectory(ValueError):
    """The file is no postcode directory; the message says why, for whoever runs the command."""


@dataclass(frozen=True)
class Middle:
    """A postcode district with the mean position of its postcodes, in degrees."""

    code: str
    latitude: Decimal
    longitude: Decimal
    postcodes: int


def district_of(text: str) -> str | None:
    """The postcode district of a whole postcode ("se1 9rt" is in "SE1"); None where the text is no whole postcode."""
    found = POSTCODE.fullmatch(text.strip().upper())
    return f"{found[1]}{found[2]}" if found else None


def as_district(text: str) -> str | None:
    """The postcode district that a text is ("se 1" is "SE1"), or in which the postcode is that it begins ("SE1 7").

    None where it is neither.
    """
    found = BEGINNING.fullmatch(text.strip().upper())
    return f"{found[1]}{found[2]}" if found else None


def middles_of(lines: Iterable[str]) -> list[Middle]:
    """The middles of all postcode districts in a directory, A to Z, row by row. Raises UnreadableDirectory."""
    sums: dict[str, list[Decimal | int]] = {}
    for code, latitude, longitude in _rows(lines):
        south_to_north, west_to_east, number = sums.get(code, (Decimal(0), Decimal(0), 0))
        sums[code] = [south_to_north + latitude, west_to_east + longitude, int(number) + 1]
    if not sums:
        raise UnreadableDirectory("The file has no postcode with a position.")
    return [
        Middle(
            code,
            (Decimal(south_to_north) / number).quantize(MILLIONTHS),
            (Decimal(west_to_east) / number).quantize(MILLIONTHS),
            int(number),
        )
        for code, (south_to_north, west_to_east, number) in sorted(sums.items())
    ]


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Postcode district, latitude and longitude of each row that has a position."""
    reader = csv.reader(lines)
    headings = [heading.strip().lower().lstrip("\ufeff") for heading in next(reader, [])]
    postcode = next((headings.index(name) for name in POSTCODE_COLUMNS if name in headings), None)
    missing = [name for name in ("lat", "long") if name not in headings]
    if postcode is None:
        missing = ["pcds", *missing]
    if postcode is None or missing:
        raise UnreadableDirectory(
            f"The first line has no column {' and no column '.join(missing)}. Take the file of the ONS Postcode "
            "Directory whose first line begins with pcd, pcd2, pcds."
        )
    north, east = headings.index("lat"), headings.index("long")
    try:
        for row in reader:
            if not row:
                continue
            line = reader.line_num
            if len(row) <= max(postcode, north, east):
                raise UnreadableDirectory(f"Line {line} has too few columns.")
            code = district_of(row[postcode])
            if code is None:
                raise UnreadableDirectory(f"Line {line}: “{row[postcode][:20]}” is no postcode.")
            latitude, longitude = _number(row[north], line, 90), _number(row[east], line, 180)
            if latitude is not None and longitude is not None:
                yield code, latitude, longitude
    except csv.Error as error:
        raise UnreadableDirectory(f"Line {reader.line_num} is no CSV: {error}.") from error


def _number(text: str, line: int, most: int) -> Decimal | None:
    """Degrees; None where the directory knows none."""
    if not text.strip():
        return None
    try:
        number = Decimal(text.strip())
        if number == NO_POSITION:
            return None
        if abs(number) <= most:
            return number
    except InvalidOperation:
        pass
    raise UnreadableDirectory(f"Line {line}: “{text[:20]}” is no position in degrees.")
