"""CSV files, as spreadsheets and databases write them: encodings, separators, quotes and line ends.

Nothing here holds more than one row in memory.
"""

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from trustportal.importing.cells import Cell, Unreadable, plain_heading

SEPARATORS = (",", ";", "\t")
# Excel writes its separator into the first line where it differs from what the reader's computer would expect.
SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?\s*')
BYTES_AT_ONCE = 1 << 16
LONGEST_LINE = 1_000_000  # characters
NOT_IN_WINDOWS_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def read_delimited(file: BinaryIO, known: frozenset[str]) -> tuple[str, Iterator[tuple[int, list[Cell]]]]:
    """The separator of a CSV file, and its rows that are not empty: the line on which each begins, and its texts.

    `known` are the headings that are expected (as `plain_heading` writes them): the separator is the one that finds
    most of them in the first line. Lines count from 1, as in a text editor. Raises Unreadable, here and row by row.
    """
    encoding = _encoding(file)
    separator, skipped = ",", 0
    for line, text in _lines(file, encoding):
        if line == 1 and (named := SEPARATOR_LINE.fullmatch(text)):
            separator, skipped = named[1], 1
            break
        if text.strip(" \t\r\n"):
            separator = max(SEPARATORS, key=lambda sign: _headings_found(text, sign, known))
            break
    return separator, _rows(file, encoding, separator, skipped)


def _headings_found(text: str, separator: str, known: frozenset[str]) -> tuple[int, int]:
    names = text.split(separator)
    return sum(plain_heading(name.strip(' "\t\r\n')) in known for name in names), len(names)


def _rows(file: BinaryIO, encoding: str, separator: str, skipped: int) -> Iterator[tuple[int, list[Cell]]]:
    lines = (text for line, text in _lines(file, encoding) if line > skipped)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = reader.line_num + skipped + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise Unreadable(_what_is_wrong(str(error), line, reader.line_num + skipped)) from error
        if row is None:
            return
        cells: list[Cell] = [cell.strip() or None for cell in row]
        if any(cell is not None for cell in cells):
            yield line, cells


def _what_is_wrong(error: str, first: int, last: int) -> str:
    """What the csv module found, in words; the row began on line `first`, and it had come to line `last`."""
    if "unexpected end" in error or ("field larger" in error and last > first):
        message = _(
            'Line %(line)s has a quotation mark (") that is opened and never closed. Close it or delete it, and upload'
            " the file again."
        )
    elif "field larger" in error:
        message = _("Line %(line)s has a cell that is far too long. Shorten it, and upload the file again.")
    else:
        message = _(
            'Line %(line)s has a quotation mark (") in the wrong place: a cell that begins with one must end with one,'
            " and one inside it is written twice. Correct it, and upload the file again."
        )
    return message % {"line": first}


def _lines(file: BinaryIO, encoding: str) -> Iterator[tuple[int, str]]:
    """The lines of the file with their ends, numbered from 1; the ends may be of Windows, Unix or old Macs."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        line = 0
        while content := text.readline(LONGEST_LINE + 1):
            line += 1
            if len(content) > LONGEST_LINE:
                message = _("Line %(line)s is far too long for a table. Is this a CSV file?")
                raise Unreadable(message % {"line": line})
            if "\0" in content:
                raise Unreadable(_has_no_text(line))
            yield line, content
    except UnicodeDecodeError as error:  # only UTF-16: the other encodings have been checked to the end
        raise Unreadable(_not_in("UTF-16", line + 1)) from error
    finally:
        # Whoever opened the file closes it; it may be closed by now.
        with contextlib.suppress(ValueError):
            text.detach()


def _encoding(file: BinaryIO) -> str:
    """How the letters are written: UTF-8 or UTF-16 where the bytes say so, else Windows-1252, as Excel in Britain."""
    file.seek(0)
    start = file.read(400)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # English headings in UTF-16 have a NUL in every second byte.
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        if 2 * start[first::2].count(0) > len(start[first::2]) and not start[1 - first :: 2].count(0):
            return encoding
    if (line := _first_line_with(file, lambda part: part.find(b"\0"))) is not None:
        raise Unreadable(_has_no_text(line))
    if (line := _first_line_not_utf_8(file)) is None:
        return "utf-8-sig"
    if start.startswith(codecs.BOM_UTF8):
        raise Unreadable(_not_in("UTF-8", line))
    if (line := _first_line_with(file, _find_strange)) is not None:
        raise Unreadable(_not_in("UTF-8 or Windows-1252", line))
    return "cp1252"


def _find_strange(part: bytes) -> int:
    found = NOT_IN_WINDOWS_1252.search(part)
    return found.start() if found else -1


def _first_line_with(file: BinaryIO, find: Callable[[bytes], int]) -> int | None:
    """The number of the line that holds the first byte that is looked for; None where there is none."""
    seen = _Lines()
    for part in _parts(file):
        if (at := find(part)) >= 0:
            seen.count(part[:at])
            return seen.line
        seen.count(part)
    return None


def _first_line_not_utf_8(file: BinaryIO) -> int | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen = _Lines()
    for part in _parts(file):
        try:
            decoder.decode(part)
        except UnicodeDecodeError as error:
            # What was kept from the part before is at most three bytes, and no line end.
            kept = len(error.object) - len(part)
            seen.count(part[: max(0, error.start - kept)])
            return seen.line
        seen.count(part)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return seen.line
    return None


def _parts(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while part := file.read(BYTES_AT_ONCE):
        yield part


class _Lines:
    """Counts lines over parts of a file; a Windows line end may be cut in two."""

    def __init__(self) -> None:
        self.line = 1
        self._ended_with_return = False

    def count(self, part: bytes) -> None:
        if not part:
            return
        ends = part.count(b"\n") + part.count(b"\r") - part.count(b"\r\n")
        if self._ended_with_return and part.startswith(b"\n"):
            ends -= 1
        self.line += ends
        self._ended_with_return = part.endswith(b"\r")


def _has_no_text(line: int) -> str:
    message = _("Line %(line)s holds bytes that are no text. Save the table as CSV.")
    return message % {"line": line}


def _not_in(encoding: str, line: int) -> str:
    message = _(
        "Line %(line)s holds a letter that cannot be read as %(encoding)s. In Excel, save the table as"
        " “CSV UTF-8 (comma delimited)”."
    )
    return message % {"line": line, "encoding": encoding}
