"""A workbook that can be filled in and read back."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustportal.importing.tables import open_table
from trustportal.importing.values import read_text
from trustportal.importing.writing import write_xlsx
from trustportal.partial_date import PartialDate

pytestmark = pytest.mark.either_database

COLUMNS = ["metric", "period_start", "value"]


def written(*rows: list, sheet: str = "Figures") -> io.BytesIO:
    file = io.BytesIO()
    write_xlsx(file, COLUMNS, rows, sheet=sheet, numbers=["value"])
    return file


def test_the_headings_are_bold_and_stay_in_sight():
    page = openpyxl.load_workbook(written()).active

    assert page.title == "Figures"
    assert [cell.value for cell in page[1]] == COLUMNS
    assert all(cell.font.bold for cell in page[1])
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["B"].width == 14


def test_a_column_of_texts_is_formatted_as_text_also_where_it_is_empty():
    page = openpyxl.load_workbook(written(["waits", "2026-05", 5])).active

    assert page["B2"].number_format == "@"
    assert page.column_dimensions["B"].number_format == "@"
    assert page.column_dimensions["C"].number_format == "General"


def test_numbers_are_numbers_in_columns_of_numbers_alone():
    page = openpyxl.load_workbook(written([2017, PartialDate(2026, 5), Decimal("2.5")], [None, "", None])).active

    assert [page.cell(2, at).value for at in (1, 2, 3)] == ["2017", "2026-05", 2.5]
    assert [page.cell(3, at).value for at in (1, 2, 3)] == [None, None, None]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "=cmd|' /C calc'!A0"])
def test_no_text_becomes_a_formula(text: str):
    file = written([text, text, text])

    assert {cell.data_type for cell in openpyxl.load_workbook(file).active[2]} == {"s"}
    [row] = open_table(file, COLUMNS, COLUMNS).rows
    assert [read_text(cell, 100) for cell in row.cells.values()] == [text] * 3


def test_a_date_is_written_in_iso_form():
    [row] = open_table(written(["waits", datetime.date(2026, 5, 1), 1]), COLUMNS, COLUMNS).rows

    assert row.cells["period_start"] == "2026-05-01"


def test_a_sheet_may_have_any_name():
    page = openpyxl.load_workbook(written(sheet="[Waits/2017]: how long? *and* how many \\ of all")).active

    assert page.title == " Waits 2017   how long   and  h"


def test_control_characters_are_left_out():
    assert openpyxl.load_workbook(written(["a\x07b\nc", None, None])).active["A2"].value == "ab\nc"


# What openpyxl takes for the code of a letter, and spaces at the ends, do not come back as they were.
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="_'\ufffe\uffff"), max_size=50)


@given(TEXTS)
def test_any_text_comes_back(text: str):
    [row] = open_table(written(["waits", text, 5]), COLUMNS, COLUMNS).rows

    assert read_text(row.cells["period_start"], 100) == text.strip()
