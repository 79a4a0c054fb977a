"""Excel workbooks: what is read, and what is refused."""

import datetime
import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.formula import ArrayFormula

from tests.importing.reading import COLUMNS, HEADINGS, MB, REQUIRED, read_or_refuse, rows, why
from trustportal.importing.tables import Formula, Wrong, open_table

pytestmark = pytest.mark.either_database

STRINGS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(*lines: list, headings: list | None = None) -> bytes:
    book = Workbook()
    for line in [headings or ["metric", "period_start", "value"], *lines]:
        book.active.append(line)
    return saved(book)


def values(content: bytes) -> list:
    return [row.cells["value"] for row in rows(content)]


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in {*old.namelist(), name}:
            before = old.read(part) if part in old.namelist() else b""
            new.writestr(part, change(before) if part == name else before)
    return file.getvalue()


def with_shared_texts() -> bytes:
    """A workbook as Excel writes it: the texts stand in a part of their own, and the sheet gives their numbers."""
    texts = "".join(f"<si><t>{text}</t></si>" for text in [*COLUMNS, "=waits", "May-26"])
    strings = f'<?xml version="1.0"?><sst xmlns="{SPREADSHEET}">{texts}</sst>'
    headings = "".join(f'<c t="s"><v>{at}</v></c>' for at in range(3))
    line = '<c t="s"><v>3</v></c><c t="s"><v>4</v></c><c><v>5</v></c>'
    sheet = (
        f'<worksheet xmlns="{SPREADSHEET}"><sheetData><row>{headings}</row><row>{line}</row></sheetData></worksheet>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    listed = f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'
    content = changed(workbook(), SHEET, lambda before: sheet.encode())
    content = changed(content, STRINGS, lambda before: strings.encode())
    return changed(content, "[Content_Types].xml", lambda before: before.replace(b"</Types>", listed.encode()))


def with_rows(xml: str) -> bytes:
    """A workbook whose sheet has these rows below the headings."""
    headings = "".join(f'<c t="inlineStr"><is><t>{column}</t></is></c>' for column in COLUMNS)
    sheet = f'<worksheet xmlns="{SPREADSHEET}"><sheetData><row r="1">{headings}</row>{xml}</sheetData></worksheet>'
    return changed(workbook(), SHEET, lambda before: sheet.encode())


def test_a_workbook_is_known_by_its_content_and_has_no_separator():
    table = open_table(io.BytesIO(workbook(["waits", "2017", 5])), COLUMNS, REQUIRED)

    assert table.separator == ""
    assert table.comma_is_certain
    assert [row.line for row in table.rows] == [2]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (5, 5),
        (2.5, 2.5),
        (" text ", "text"),
        (" ", None),
        (True, True),
        ("=SUM(A1:A3)", Formula("=SUM(A1:A3)")),
        (ArrayFormula("C2:C2", "=SUM(A1:A3*2)"), Formula("=SUM(A1:A3*2)")),
        ("#DIV/0!", Wrong("#DIV/0!")),
        (datetime.date(2026, 5, 1), datetime.date(2026, 5, 1)),
        (datetime.datetime(2026, 5, 1), datetime.date(2026, 5, 1)),
        (datetime.datetime(2026, 5, 1, 9, 30), datetime.datetime(2026, 5, 1, 9, 30)),
        (datetime.time(9, 30), datetime.time(9, 30)),
        (datetime.timedelta(hours=30), datetime.timedelta(hours=30)),
        ("two_x000D_\nlines", "two\nlines"),
    ],
)
def test_each_kind_of_cell_comes_as_what_it_is(written: object, read: object):
    [value] = values(workbook(["waits", None, written]))

    assert value == read
    assert type(value) is type(read) or value is None


@pytest.mark.parametrize(
    ("number_format", "read"),
    [
        ("mmm-yy", "2026-05"),
        ("[$-809]mmmm yyyy;@", "2026-05"),
        ("yyyy", "2026"),
        ("dd/mm/yyyy", datetime.date(2026, 5, 1)),
        ('d"y"-mmm', datetime.date(2026, 5, 1)),
    ],
)
def test_a_date_is_as_precise_as_its_format_shows(number_format: str, read: object):
    book = Workbook()
    book.active.append(["metric", "value"])
    book.active.append(["waits", datetime.date(2026, 5, 1)])
    book.active["B2"].number_format = number_format

    assert values(saved(book)) == [read]


def test_a_text_that_begins_with_an_equals_sign_is_no_formula():
    book = Workbook(write_only=True)
    page = book.create_sheet()
    cell = WriteOnlyCell(page, "=SUM(A1:A3)")
    cell.data_type = "s"
    page.append(["metric", "value"])
    page.append(["waits", cell])

    assert values(saved(book)) == ["'=SUM(A1:A3)"]


def test_dates_that_excel_does_not_know_are_errors():
    content = changed(
        workbook(["waits", None, datetime.date(2026, 5, 1)]),
        SHEET,
        lambda before: before.replace(b"<v>46143</v>", b"<v>99999999</v>"),
    )

    assert values(content) == [Wrong("#VALUE!")]


def test_shared_texts_are_read():
    [row] = rows(with_shared_texts())

    assert row.cells == {"metric": "'=waits", "period_start": "May-26", "value": 5}


def test_the_first_visible_sheet_with_rows_is_read():
    book = Workbook()
    hidden, filled, other = book.create_sheet("Hidden"), book.create_sheet("Filled"), book.create_sheet("Other")
    hidden.sheet_state = "hidden"
    for page, value in ((hidden, 1), (filled, 2), (other, 3)):
        page.append(["metric", "value"])
        page.append(["waits", value])

    assert values(saved(book)) == [2]


def test_the_headings_may_stand_further_down_and_rows_keep_their_numbers():
    book = Workbook()
    for column, heading in enumerate(["metric", "value"], 2):
        book.active.cell(3, column, heading)
        book.active.cell(9, column, column)

    [row] = rows(saved(book))

    assert row.line == 9
    assert row.cells == {"metric": 2, "period_start": None, "value": 3}


def test_a_cell_beyond_the_headings_is_said():
    [row] = rows(workbook(["waits", "2017", 5, None, "a note"]))

    assert "Line 2 has more cells than the heading line (“a note”): delete what stands" in row.fault


def test_a_cell_very_far_beyond_the_headings_is_said():
    book = Workbook()
    book.active.append(["metric", "value"])
    book.active.append(["waits", 5])
    book.active.cell(2, 16_384, "far")

    [row] = rows(saved(book))

    assert "“far”" in row.fault


def test_a_workbook_without_rows_is_refused():
    assert "The file has no rows" in why(workbook())
    assert "The file has no rows" in why(saved(Workbook()))


def test_too_many_rows_are_refused():
    assert "more than 2 rows" in why(workbook(*[["waits", None, 1]] * 3), most_rows=2)


def test_a_sheet_that_claims_to_be_endless_ends_with_its_rows():
    content = changed(
        workbook(["waits", None, 5]),
        SHEET,
        lambda before: before.replace(b'<dimension ref="A1:C2"', b'<dimension ref="A1:XFD1048576"'),
    )

    assert values(content) == [5]


def test_empty_rows_with_a_format_end_sometime():
    def sheet(count: int) -> bytes:
        filled = '<row><c t="str"><v>a</v></c><c/><c><v>5</v></c></row>'
        empty = (f'<row r="{at}"><c r="A{at}" s="0"/><c r="D{at}" s="0"/></row>' for at in range(3, count + 3))
        return with_rows(f"{filled}{''.join(empty)}{filled}")

    assert values(sheet(1_000)) == [5, 5]
    assert values(sheet(50_001)) == [5]


def test_a_row_below_the_end_of_every_sheet_is_not_waited_for():
    assert "The file has no rows" in why(with_rows('<row r="99999999999"><c><v>5</v></c></row>'))


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
        ("word/document.xml", "a document"),
    ],
)
def test_another_kind_of_office_file_is_named(part: str, kind: str):
    assert kind in why(changed(workbook(["waits", None, 5]), part, lambda before: b"x"))


@pytest.mark.parametrize(
    ("names", "kind"),
    [(["mimetype", "content.xml"], "an OpenDocument file (.ods)"), (["table.csv"], "a zip file")],
)
def test_another_kind_of_zip_is_named(names: list[str], kind: str):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name in names:
            package.writestr(name, HEADINGS)

    assert kind in why(file.getvalue())


def test_a_strict_workbook_is_named():
    content = changed(
        workbook(["waits", None, 5]),
        "xl/workbook.xml",
        lambda before: before.replace(SPREADSHEET.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    )

    assert "a Strict Open XML workbook" in why(content)


def test_a_part_with_a_password_is_refused():
    content = bytearray(workbook(["waits", None, 5]))
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert "protected with a password" in why(bytes(content))


def test_a_workbook_that_unpacks_to_far_too_much_is_refused():
    one = changed(workbook(["waits", None, 5]), "xl/media/image.bmp", lambda before: b"\0" * (2 * MB))

    assert "unpacks to far more" in why(one)


def test_a_workbook_that_says_it_unpacks_to_far_too_much_is_refused():
    content = bytearray(workbook(["waits", None, 5]))
    at = content.index(b"PK\x01\x02")
    content[at + 20 : at + 24] = content[at + 24 : at + 28] = (160 * MB).to_bytes(4, "little")

    assert "unpacks to far more" in why(bytes(content))


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", STRINGS])
def test_entities_are_refused(part: str):
    def declare(before: bytes) -> bytes:
        start, _end, rest = before.rpartition(b"?>")
        return start + _end + b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + rest

    assert "is damaged" in why(changed(with_shared_texts(), part, declare))


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", STRINGS])
def test_broken_xml_is_refused(part: str):
    assert "is damaged" in why(changed(with_shared_texts(), part, lambda before: before[: len(before) // 2]))


def test_a_workbook_cut_short_is_refused():
    content = workbook(["waits", None, 5])

    assert "is damaged" in why(content[: len(content) // 2])


def test_thousands_of_rows_are_never_held_at_once():
    book = Workbook(write_only=True)
    page = book.create_sheet()
    page.append(["metric", "period_start", "value"])
    for at in range(5_000):
        page.append([f"metric number {at}", "2017-05", at])
    file = io.BytesIO(saved(book))
    tracemalloc.start()
    try:
        count = sum(1 for _row in open_table(file, COLUMNS, REQUIRED).rows)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 5_000
    assert peak < 10 * MB


WHOLE = workbook(["waits", "2017-05", 5], ["=A1", datetime.date(2026, 5, 1), 2.5], ["#N/A", True, None])


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_workbook_with_some_bytes_changed_is_read_or_refused(changes: list):
    content = bytearray(WHOLE)
    for at, byte in changes:
        content[at] = byte

    read_or_refuse(bytes(content))


PARTS = ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", SHEET, STRINGS]
FILLERS = [b"", b"9", b"<", b'"', b"\xff", b"x"]


@given(st.booleans(), st.sampled_from(PARTS), st.floats(0, 1), st.integers(0, 40), st.sampled_from(FILLERS))
def test_a_workbook_with_a_hole_in_one_part_is_read_or_refused(
    is_shared: bool, part: str, at: float, length: int, filler: bytes
):
    def pierced(before: bytes) -> bytes:
        start = int(at * len(before))
        return before[:start] + filler + before[start + length :]

    read_or_refuse(changed(with_shared_texts() if is_shared else WHOLE, part, pierced))


@given(st.binary(max_size=300))
def test_bytes_that_begin_like_a_workbook_are_read_or_refused(content: bytes):
    read_or_refuse(b"PK\x03\x04" + content)
