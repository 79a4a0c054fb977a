"""One cell as a number, a date, yes or no, or a text; what can be meant in two ways is refused, with what to write."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustportal.importing.tables import Formula, Wrong
from trustportal.importing.values import read_number, read_period, read_text, read_yes_no
from trustportal.partial_date import PartialDate

pytestmark = pytest.mark.either_database

NOT_TEXT = [Formula("=A1"), Wrong("#N/A")]


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_an_empty_cell_has_no_value(cell: object):
    assert read_number(cell) is None
    assert read_period(cell) is None
    assert read_yes_no(cell) is None
    assert read_text(cell, 5) == ""


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("2477", "2477"),
        (" 2477 ", "2477"),
        ("\u00a02477\u00a0", "2477"),
        ("2,477", "2477"),
        ("1,234,567.5", "1234567.5"),
        ("1 234", "1234"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1\u2009234.5", "1234.5"),
        ("1\u202f234", "1234"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("−1,234.5", "-1234.5"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("0.1234", "0.1234"),
        ("1.234", "1.234"),
        ("-0", "0"),
        ("99999999999999.9999", "99999999999999.9999"),
        ("00099999999999999", "99999999999999"),
        (2477, "2477"),
        (-5, "-5"),
        (2.5, "2.5"),
        (2.0, "2"),
        (0.1 + 0.2, "0.3"),
        (1e13, "10000000000000"),
        (-0.0, "0"),
        (Decimal("2.50"), "2.50"),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_a_number_is_read_exactly(cell: object, number: str):
    assert str(read_number(cell)) == number


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("59%", "“59%” has a percent sign: write the number without it, or give the two parts of it."),
        ("£5", "“£5” has the sign of a currency"),
        ("12,34", "“12,34” has a comma in an unusual place: write 1234 or 12.34."),
        ("0,123", "write 123 or 0.123."),
        ("1,2345", "write 12345 or 1.2345."),
        ("1,23,456", "commas or points in unusual places"),
        ("1,234,5", "commas or points in unusual places"),
        ("1.2.3", "commas or points in unusual places"),
        ("1.234,5", "“1.234,5” is written with a decimal comma: write it with a decimal point, as 1234.5."),
        ("1 234,5", "as 1234.5."),
        ("1.234.567", "written with points for thousands: write it as 1234567."),
        ("1 23", "is not a number: write it with digits alone"),
        ("1 234,567", "as 1234.567."),
        ("NaN", "“NaN” is what a calculation without a result leaves"),
        ("-Infinity", "a calculation without a result"),
        ("1e400", "“1e400” is shortened with an exponent"),
        ("1E+05", "format the column as a number, and write all digits"),
        ("1.5e-3", "exponent"),
        ("999999999999999", "has more than 14 digits before the point"),
        ("100,000,000,000,000", "has more than 14 digits"),
        ("1.23456", "“1.23456” has more than 4 decimals: round it."),
        ("=SUM(A1:A3)", "The cell holds a formula (=SUM(A1:A3)): paste its value."),
        ("#DIV/0!", "The cell shows the error #DIV/0!"),
        ("５", "“５” has digits other than 0 to 9"),
        ("½", "digits other than 0 to 9"),
        ("٣", "digits other than 0 to 9"),
        ("5²", "digits other than 0 to 9"),
        ("(5)", "“(5)” is in brackets: write a negative number with a minus sign"),
        ("'5", "“'5” begins with an apostrophe"),
        ("<5", "“<5” is not a number: leave the cell empty and give the reason in missing_reason."),
        ("fewer than 5", "give the reason in missing_reason"),
        ("*", "give the reason in missing_reason"),
        ("n/a", "give the reason in missing_reason"),
        ("N/A", "give the reason in missing_reason"),
        ("-", "give the reason in missing_reason"),
        ("–", "give the reason in missing_reason"),
        ("−", "give the reason in missing_reason"),
        ("..", "give the reason in missing_reason"),
        ("suppressed", "give the reason in missing_reason"),
        ("2026-05", "is a date or a time, not a number"),
        ("01/05/2026", "is a date or a time, not a number"),
        ("- 5", "is not a number: write it with digits alone, such as 1234.5 or -5."),
        ("--5", "is not a number"),
        ("5 beds", "“5 beds” is not a number"),
        (".", "give the reason in missing_reason"),
        ("0x10", "is not a number"),
        ("1_000", "is not a number"),
        ("9" * 200, f"“{'9' * 39}…” "),
        ("a" * 200, f"“{'a' * 39}…” is far too long for a number"),
        (Formula("=SUM(A1:A3)"), "The cell holds a formula (=SUM(A1:A3)): paste its value."),
        (Wrong("#DIV/0!"), "The cell shows the error #DIV/0!: correct it, or leave the cell empty and say why in"),
        (True, "“TRUE” is no number: write digits."),
        (datetime.date(2026, 5, 1), "“2026-05-01” is a date or a time, not a number"),
        (datetime.time(9, 30), "is a date or a time"),
        (datetime.timedelta(hours=30), "is a date or a time"),
        (float("inf"), "a calculation without a result"),
        (float("nan"), "a calculation without a result"),
        (1e300, "far too long"),
        (pow(10, 4000), "far too long"),
        (10**14, "more than 14 digits"),
        (1 / 3, "“0.333333333333333” has more than 4 decimals"),
        (5e-324, "far too long"),
    ],
)
def test_what_is_no_certain_number_is_refused_with_what_to_do(cell: object, said: str):
    with pytest.raises(ValueError, match=r"\.$") as caught:
        read_number(cell)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2,477", "“2,477” has a comma, which may be a decimal comma"),
        ("1,5", "write 1234 or 1.5"),
        ("1.234,5", "may be a decimal comma"),
        ("-1.234", "may be 1234 or 1.2340"),
    ],
)
def test_where_a_comma_may_be_a_decimal_comma_it_is_refused(cell: str, said: str):
    with pytest.raises(ValueError, match=r"\.$") as caught:
        read_number(cell, comma_is_certain=False)

    assert said in str(caught.value)


@pytest.mark.parametrize("cell", ["2477", "1.5", "0.125", "1234.567", "1 234"])
def test_numbers_that_are_the_same_everywhere_need_no_certain_comma(cell: str):
    assert read_number(cell, comma_is_certain=False) == read_number(cell)


def test_limits_and_the_column_of_reasons_are_the_callers():
    assert read_number("12.5", most_decimals=1, most_digits=2) == Decimal("12.5")
    for text in ("123", "1.25"):
        with pytest.raises(ValueError, match="more than"):
            read_number(text, most_decimals=1, most_digits=2)
    with pytest.raises(ValueError, match="in why not"):
        read_number("*", reason_in="why not")


DECIMALS = st.decimals(
    min_value=Decimal("-99999999999999.9999"), max_value=Decimal("99999999999999.9999"), places=4
) | st.integers(-(10**14) + 1, 10**14 - 1).map(Decimal)


@given(DECIMALS)
def test_any_number_comes_back_as_it_was_written(number: Decimal):
    assert read_number(f"{number:f}") == number
    assert read_number(f"{number:,f}") == number
    assert read_number(f"{number:,f}".replace(",", "\u00a0").replace("-", "−")) == number
    assert read_number(number) == number


@given(st.integers(-(10**14) + 1, 10**14 - 1), st.integers(0, 4))
def test_any_number_that_excel_keeps_comes_back(digits: int, places: int):
    number = Decimal(digits).scaleb(-places)

    assert read_number(float(number)) == number


@given(st.text() | st.text("0123456789.,- eE%+'\u00a0−"))
def test_any_text_is_a_number_or_is_refused_with_a_sentence(text: str):
    for certain in (True, False):
        message = "."
        try:
            number = read_number(text, comma_is_certain=certain)
        except ValueError as error:
            message, number = str(error), None
        assert message.endswith(".")
        assert number is None or abs(number) < 10**14


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("2014", "2014"),
        ("2017-05", "2017-05"),
        ("2021-03-15", "2021-03-15"),
        ("05/2017", "2017-05"),
        ("5/2017", "2017-05"),
        ("05-2017", "2017-05"),
        ("15/03/2021", "2021-03-15"),
        ("01-05-2026", "2026-05-01"),
        ("01.05.2026", "2026-05-01"),
        ("1/5/2026", "2026-05-01"),
        ("May 2017", "2017-05"),
        ("may 2017", "2017-05"),
        ("Sept 2026", "2026-09"),
        ("Sept. 2026", "2026-09"),
        ("15 March 2021", "2021-03-15"),
        ("  15   march\u00a02021 ", "2021-03-15"),
        ("1st May 2026", "2026-05-01"),
        ("22nd Feb 2026", "2026-02-22"),
        ("26-May-2026", "2026-05-26"),
        ("May-2026", "2026-05"),
        ("May-26", "2026-05"),
        ("Sept-69", "2069-09"),
        ("May-98", "1998-05"),
        ("2026/05/01", "2026-05-01"),
        ("2026/05", "2026-05"),
        ("2010-11", "2010-11"),
        ("2026-5-1", "2026-05-01"),
        ("2026-05-01T00:00:00", "2026-05-01"),
        ("2026-05-01 00:00:00", "2026-05-01"),
        ("2026-05-01T00:00:00.000Z", "2026-05-01"),
        ("01/05/2026 00:00", "2026-05-01"),
        ("29 February 2020", "2020-02-29"),
        ("2017.0", "2017"),
        (2017, "2017"),
        (2017.0, "2017"),
        (Decimal(2017), "2017"),
        (datetime.date(2026, 5, 1), "2026-05-01"),
        (datetime.datetime(2026, 5, 1), "2026-05-01"),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(cell: object, stored: str):
    assert str(read_period(cell)) == stored


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("26-May", "“26-May” may be a day or a month: write the year with four digits"),
        ("26 May", "may be a day or a month"),
        ("1st May", "may be a day or a month"),
        ("May 26", "may be a day or a month"),
        ("12/31/2026", "“12/31/2026” has no month 31: write the day first, as 31/12/2026."),
        ("12-31-2026", "write the day first, as 31/12/2026."),
        ("13/2026", "has no month 13: write the month as a number from 1 to 12"),
        ("2026-13-01", "has no month 13"),
        ("2026-00", "has no month 0"),
        ("32/13/2026", "has no month 13"),
        ("01/05/26", "“01/05/26” has no year of four digits: write the year with four digits."),
        ("05/26", "write the year with four digits"),
        ("1.5.26", "write the year with four digits"),
        ("26-May-26", "write the year with four digits"),
        ("31/02/2026", "“31/02/2026” is a day that does not exist"),
        ("31 February 2026", "“31 February 2026” is a day that does not exist"),
        ("29/02/2021", "does not exist"),
        ("00/05/2026", "does not exist"),
        ("43221", "“43221” looks like the number that Excel keeps for a date"),
        ("43221.5", "looks like the number that Excel keeps"),
        (43221, "looks like the number that Excel keeps"),
        (43221.0, "looks like the number that Excel keeps"),
        (20000, "looks like the number that Excel keeps"),
        (80000, "looks like the number that Excel keeps"),
        (19999, "is not a date that can be read"),
        (80001, "is not a date that can be read"),
        (5, "is not a date that can be read"),
        (-2017, "is not a date that can be read"),
        (2017.5, "is not a date that can be read"),
        ("201705", "is not a date that can be read"),
        ("02017", "is not a date that can be read"),
        (float("nan"), "is not a date that can be read"),
        (10**300, "is not a date that can be read"),
        (1899, "“1899” is not between the years 1900 and 2200: check the year."),
        ("May 2201", "is not between the years 1900 and 2200"),
        ("2017/18", "“2017/18” looks like a financial year: write the month"),
        ("2017-18", "looks like a financial year"),
        ("2017–18", "looks like a financial year"),
        ("2017/2018", "looks like a financial year"),
        ("2010/11", "looks like a financial year"),
        ("1999/00", "looks like a financial year"),
        ("2026-05-01 09:30", "has a time of day: write the date alone"),
        (datetime.datetime(2026, 5, 1, 9, 30), "has a time of day"),
        (datetime.time(9, 30), "is not a date that can be read"),
        (datetime.timedelta(hours=30), "is not a date that can be read"),
        (True, "is not a date that can be read"),
        (Formula("=TODAY()"), "The cell holds a formula (=TODAY()): paste its value."),
        ("=TODAY()", "holds a formula"),
        (Wrong("#N/A"), "The cell shows the error #N/A: write the date."),
        ("Ma 2026", "is not a date that can be read"),
        ("Mayday 2026", "is not a date that can be read"),
        ("Q1 2026", "is not a date that can be read"),
        ("soon", "“soon” is not a date that can be read: write as much as is known, such as 2017, May 2017"),
        ("２０１７", "is not a date that can be read"),
        ("1" * 500, f"“{'1' * 39}…” is not a date"),
    ],
)
def test_what_is_no_certain_date_is_refused_with_what_to_do(cell: object, said: str):
    with pytest.raises(ValueError, match=r"\.$") as caught:
        read_period(cell)

    assert said in str(caught.value)


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    date = draw(st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)))
    return PartialDate(*[date.year, date.month, date.day][: draw(st.sampled_from([1, 2, 3]))])


@given(partial_dates())
def test_any_date_comes_back_as_it_was_written(date: PartialDate):
    for text in (str(date), date.words, date.words.upper()):
        assert read_period(text) == date
    if date.day:
        assert read_period(date.earliest) == date
        assert read_period(f"{date.earliest:%d/%m/%Y}") == date
        assert read_period(f"{date.earliest:%d-%b-%Y}") == date


@given(st.text() | st.text("0123456789/-. :TMay") | st.integers() | st.floats())
def test_any_cell_is_a_date_or_is_refused_with_a_sentence(cell: object):
    message = "."
    try:
        date = read_period(cell)
    except ValueError as error:
        message, date = str(error), None
    assert message.endswith(".")
    assert date is None or 1900 <= date.year <= 2200


@pytest.mark.parametrize("cell", ["yes", "Y", " True ", "TRUE", "1", 1, 1.0, True])
def test_yes_is_read_in_many_forms(cell: object):
    assert read_yes_no(cell) is True


@pytest.mark.parametrize("cell", ["no", "N", "False", "0", 0, 0.0, False])
def test_no_is_read_in_many_forms(cell: object):
    assert read_yes_no(cell) is False


@pytest.mark.parametrize("cell", ["perhaps", "x", "2", 2, 0.5, datetime.date(2026, 5, 1)])
def test_what_is_neither_yes_nor_no_is_refused(cell: object):
    with pytest.raises(ValueError, match="is neither yes nor no: write yes or no"):
        read_yes_no(cell)


@pytest.mark.parametrize("cell", NOT_TEXT)
def test_a_formula_and_an_error_are_neither_yes_nor_no_nor_text(cell: object):
    for read in (read_yes_no, lambda cell: read_text(cell, 100)):
        with pytest.raises(ValueError, match=r"The cell (holds a formula|shows the error)"):
            read(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" two words ", "two words"),
        ("two\r\nlines\rand more", "two\nlines\nand more"),
        (2, "2"),
        (2.0, "2"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (Decimal("2.50"), "2.50"),
        (float("inf"), "Infinity"),
        (True, "TRUE"),
        (datetime.date(2026, 5, 1), "2026-05-01"),
        (datetime.datetime(2026, 5, 1), "2026-05-01"),
        (datetime.datetime(2026, 5, 1, 9, 30), "2026-05-01 09:30:00"),
        (datetime.time(9, 30), "09:30:00"),
        ("'=A1", "=A1"),
        ("'+5", "+5"),
        ("'-5", "-5"),
        ("'@home", "@home"),
        ("'tis", "'tis"),
        ("-5", "-5"),
    ],
)
def test_a_text_is_what_was_written(cell: object, text: str):
    assert read_text(cell, 100) == text


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("=A1", r"The cell holds a formula \(=A1\): paste its value"),
        ("a\x07b", "“a�b” holds letters that cannot be seen or printed"),
        ("a\x85b", "cannot be seen"),
        ("a\ud800b", "“a�b” holds letters"),
        ("a" * 101, "has 101 characters, and there is room for 100: shorten it by 1 character"),
        ("a" * 150, "shorten it by 50 characters"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(cell: str, said: str):
    with pytest.raises(ValueError, match=said):
        read_text(cell, 100)


def test_a_text_may_be_as_long_as_there_is_room():
    assert read_text("a" * 100, 100) == "a" * 100
