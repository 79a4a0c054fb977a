"""What is the same for every table, and CSV files in all the ways in which they come."""

import io
import tempfile
import tracemalloc

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from tests.importing.reading import COLUMNS, HEADINGS, MB, REQUIRED, opened, read_or_refuse, rows, why
from trustportal.importing.tables import Row, open_table

pytestmark = pytest.mark.either_database


def cells(metric: str | None, start: str | None, value: str | None) -> dict:
    return {"metric": metric, "period_start": start, "value": value}


def test_a_row_has_its_line_and_a_cell_for_each_known_column():
    assert rows("value,metric\n5, waits \n") == [Row(2, cells("waits", None, "5"))]


def test_a_table_knows_which_columns_it_has():
    assert opened("value,metric\n5,waits\n").columns == ("value", "metric")


@pytest.mark.parametrize(
    "heading", ["period_start", "Period start", " PERIOD-START ", "period  start", '"Period_Start"']
)
def test_headings_are_the_same_in_any_case_and_with_any_gap(heading: str):
    [row] = rows(f"Metric,{heading},VALUE\nwaits,May 2017,5\n")

    assert row.cells == cells("waits", "May 2017", "5")


def test_unknown_headings_are_named_with_those_that_are_known():
    message = why("metric,value,colour,size\nwaits,5,red,2\n")

    assert "“colour”, “size”" in message
    assert "metric, period_start, value" in message


def test_of_many_unknown_headings_five_are_named():
    assert "“h4” and 95 more" in why(",".join(f"h{at}" for at in range(100)) + "\n1\n")


def test_a_heading_that_is_there_twice_is_refused():
    assert "“value” is there twice" in why("metric,value,Value\nwaits,5,6\n")


def test_a_missing_heading_is_named():
    assert "The heading “value” is missing" in why("metric,period_start\nwaits,2017\n")


@pytest.mark.parametrize(
    "content", ["", "\n\n", " \n", "\ufeff", HEADINGS, f"{HEADINGS},,\n\n , ,\n", "sep=;\n", ",,\n"]
)
def test_a_file_without_rows_is_refused(content: str):
    assert "The file has no rows" in why(content)


def test_empty_rows_are_skipped_and_counted_as_lines():
    assert [row.line for row in rows(f"\n{HEADINGS}a,,1\n\n,,\n  , ,\nb,,2\n")] == [3, 7]


def test_a_short_row_is_filled():
    assert rows(f"{HEADINGS}waits\n") == [Row(2, cells("waits", None, None))]


def test_a_row_with_a_cell_too_many_says_so_itself():
    [good, bad, empty] = rows(f"{HEADINGS}a,2017,5\nb,2017,2,477\nc,2017,5,,\n")

    assert not good.fault
    assert not empty.fault
    assert bad.fault.startswith("Line 3 has more cells than the heading line (“477”): is a number")


def test_a_cell_in_a_column_without_a_heading_says_so():
    [row] = rows("metric;;value\nwaits;note;5\n")

    assert "(“note”): delete what stands in a column without a heading" in row.fault


def test_as_many_rows_as_allowed_are_read_and_one_more_is_refused():
    content = HEADINGS + "a,,1\n" * 3

    assert len(rows(content, most_rows=3)) == 3
    assert "more than 2 rows. Split it" in why(content, most_rows=2)


def test_a_file_that_is_too_large_is_refused():
    assert "more than 20 MB. Split it" in why(b"x" * (20 * MB + 1))


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>", "a web page"),
        (b"<html>", "a web page"),
        (b"<?xml version='1.0'?>", "an XML file"),
    ],
)
def test_another_kind_of_file_is_named_with_what_to_do(start: bytes, kind: str):
    message = why(start + b" and more")

    assert kind in message
    assert "Save the table as CSV or as an Excel workbook (.xlsx)" in message


def test_a_workbook_with_a_password_is_named():
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000 + "EncryptedPackage".encode("utf-16-le")

    assert "protected with a password. Save it without one" in why(content)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_encoding_line_end_and_separator_is_read(encoding: str, ends: str, separator: str):
    lines = [
        "Metric{0}Period start{0}Value",
        "café – £{0}2017{0}5",
        "{0}{0}",
        '"two\nlines"{0}{0}"6 ""and"" 7"',
        "x{0}{0}8",
    ]
    content = "\n".join(lines).format(separator).replace("\n", ends)

    table = opened(content.encode(encoding))

    assert table.separator == separator
    assert table.comma_is_certain == (separator != ";")
    first, second, third = table.rows
    assert first == Row(2, cells("café – £", "2017", "5"))
    assert second.line == 4
    assert second.cells["value"] == '6 "and" 7'
    assert third.line == 6


@pytest.mark.parametrize(("line", "separator"), [("sep=;", ";"), ('"sep=,"', ","), ("sep=\t", "\t")])
def test_the_line_in_which_excel_names_the_separator_is_obeyed(line: str, separator: str):
    table = opened(f"{line}\r\nmetric{separator}value\r\nwaits{separator}5\r\n")

    assert table.separator == separator
    assert [row.line for row in table.rows] == [3]


def test_the_separator_is_the_one_that_finds_the_headings():
    [row] = rows('metric;value;"period, start"\n'.replace("period, start", "period_start") + "a,b;1;2017\n")

    assert row.cells == cells("a,b", "2017", "1")


def test_letters_that_windows_does_not_have_are_named_with_their_line():
    assert "Line 3 holds a letter" in why(HEADINGS.encode() + b"a,,1\r\n\x81,,2\r\n")


def test_a_file_that_says_utf_8_and_is_not_is_refused_with_the_line():
    assert "Line 3 holds a letter that cannot be read as UTF-8" in why(
        f"\ufeff{HEADINGS}a,,1\n".encode() + b"\xe9,,2\n"
    )


def test_half_a_letter_of_utf_16_is_refused_with_the_line():
    assert "Line 2 holds a letter that cannot be read as UTF-16" in why(f"{HEADINGS}a,,1".encode("utf-16") + b"\x00")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_nul_is_refused_with_its_line(encoding: str):
    assert "Line 3 holds bytes that are no text" in why(f"{HEADINGS}a,,1\nb\0,,2\n".encode(encoding))


@pytest.mark.parametrize("at", range(65_530, 65_542))
def test_a_letter_and_a_line_end_may_be_cut_where_the_file_is_read_in_parts(at: int):
    start = HEADINGS.encode()
    before = start + b"a,," + b"1" * (at - len(start) - 3)

    assert len(rows(before + "\r\né,,2\r\n".encode())) == 2
    assert "Line 3 " in why(before + b"\r\n\x81,,2\r\n")


def test_a_quotation_mark_that_is_not_closed_is_named_with_its_line():
    assert why(f'{HEADINGS}a,,1\nb,"2017,2\nc,,3\n').startswith('Line 3 has a quotation mark (") that is opened')
    assert why(f'{HEADINGS}a,,1\nb,"2017,2\n' + "c,,3\n" * 50_000).startswith("Line 3 has a quotation mark")


def test_a_quotation_mark_in_the_wrong_place_is_named_with_its_line():
    assert why(f'{HEADINGS}"a"b,,1\n').startswith('Line 2 has a quotation mark (") in the wrong place')


def test_a_cell_that_is_far_too_long_is_refused_with_its_line():
    assert why(f"{HEADINGS}{'a' * 200_000},,1\n").startswith("Line 2 has a cell that is far too long")
    assert why(f"{HEADINGS}{'a,' * 600_000}\n").startswith("Line 2 is far too long for a table")


def test_a_table_can_be_opened_again_and_the_file_stays_open():
    file = io.BytesIO(f"{HEADINGS}a,,1\n".encode())

    assert [list(open_table(file, COLUMNS, REQUIRED).rows) for _time in range(2)] == [
        [Row(2, cells("a", None, "1"))]
    ] * 2
    assert not file.closed


def test_a_table_may_be_left_half_read():
    file = io.BytesIO((HEADINGS + "a,,1\n" * 5).encode())
    table = open_table(file, COLUMNS, REQUIRED)
    next(table.rows)
    file.close()
    del table


def test_uploaded_files_are_read_from_memory_and_from_the_disk():
    content = f"{HEADINGS}a,,1\n".encode()
    small = SimpleUploadedFile("table.csv", content)
    with TemporaryUploadedFile("table.csv", "text/csv", len(content), None) as large:
        large.write(content)
        for file in (small, large):
            assert len(list(open_table(file, COLUMNS, REQUIRED).rows)) == 1
            assert not file.closed


def test_a_hundred_thousand_rows_are_never_held_at_once():
    with tempfile.TemporaryFile() as file:
        file.write(HEADINGS.encode())
        for at in range(100_000):
            file.write(b"within-four-hours,2017-05,%d\r\n" % at)
        tracemalloc.start()
        try:
            count = sum(1 for _row in open_table(file, COLUMNS, REQUIRED).rows)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert count == 100_000
    assert peak < 5 * MB


@given(st.binary(max_size=500))
def test_any_bytes_are_read_or_refused(content: bytes):
    read_or_refuse(content)


@given(
    st.sampled_from(["", HEADINGS, "sep=;\n", "sep=;\nmetric;value\n", "metric\tvalue\r"]),
    st.text(st.sampled_from('",;\t\r\n\0=a1é€\u2028\U0001f600') | st.characters(), max_size=200),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "utf-7"]),
)
def test_any_text_in_any_encoding_is_read_or_refused(start: str, text: str, encoding: str):
    read_or_refuse((start + text).encode(encoding, errors="replace"))


PRINTED = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=30)


@given(st.lists(st.tuples(PRINTED, PRINTED, PRINTED), min_size=1, max_size=5), st.sampled_from(",;\t"))
def test_what_is_written_is_read_back(table: list, separator: str):
    lines = [["metric", "period_start", "value"], *table]
    content = "\r\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)

    assert [tuple(row.cells.values()) for row in rows(content)] == table
