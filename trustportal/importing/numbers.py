"""Numbers as people and spreadsheets write them. Whatever could be meant in two ways is refused, with what to write.

Each message is a sentence about the value alone; the caller says where it stands.
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from trustportal.importing.cells import Cell, Formula, Wrong, shown

SIGNS = ("", "+", "-", "−")
LONGEST = 100  # characters; no number that is accepted is longer
PLAIN = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
WITH_COMMAS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
WITH_SPACES = re.compile(r"[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?:\.[0-9]+)?")
PERHAPS_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
CONTINENTAL = re.compile(r"[0-9]{1,3}(?:[. \u00a0\u2009\u202f][0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}")
EXPONENT = re.compile(r"[0-9.,]+[eE][+−-]?[0-9]+")
DATE = re.compile(r"[0-9]{1,4}[/-][0-9]{1,2}(?:[/-][0-9]{1,4})?")
# What stands for a figure that is missing or held back, as tables write it.
NO_FIGURE = re.compile(
    r"[<>≤≥~].*|(?:fewer|less|more|greater) than .*|(?:under|over|below|above|up to|at (?:least|most)) .*"
    r"|[-–—−*.:?xcz]|[*.-]{2,3}|n/?a|n\.a\.|nil|none|null|unknown|not (?:available|applicable|known|recorded)|missing"
    r"|suppressed|withheld|low",
    re.IGNORECASE,
)


def read_number(
    cell: Cell,
    *,
    most_decimals: int = 4,
    most_digits: int = 14,
    most_in_all: int = 18,
    comma_is_certain: bool = True,
    reason_in: str = "missing_reason",
) -> Decimal | None:
    """The number of a cell, exactly; None for an empty one.

    At most most_digits digits before the point, most_decimals after it, and most_in_all that count. comma_is_certain is
    False where a comma may be a decimal comma (and then a point may separate thousands). reason_in is the column in
    which to say why there is no number. Numbers of a workbook have 15 digits, as Excel shows them. Raises ValueError in
    plain English.
    """
    text = _text_of(cell, reason_in)
    if not text:
        return None
    sign, digits = ("-", text[1:]) if text[0] in "-−" else ("", text.removeprefix("+"))
    if not comma_is_certain:
        _check_separators(text, digits)
    if WITH_COMMAS.fullmatch(digits) or WITH_SPACES.fullmatch(digits):
        digits = re.sub(r"[^0-9.]", "", digits)
    elif not PLAIN.fullmatch(digits):
        raise ValueError(_what_is_wrong(text, digits, reason_in))
    before, _point, after = digits.partition(".")
    if len(before.lstrip("0")) > most_digits:
        message = _("“%(value)s” has more than %(most)s digits before the point: check it, or use a larger unit.")
        raise ValueError(message % {"value": shown(text), "most": most_digits})
    if len(after) > most_decimals:
        message = _("“%(value)s” has more than %(most)s decimals: round it.")
        raise ValueError(message % {"value": shown(text), "most": most_decimals})
    if len((before + after.rstrip("0")).strip("0")) > most_in_all:
        message = _("“%(value)s” has more than %(most)s digits: round it.")
        raise ValueError(message % {"value": shown(text), "most": most_in_all})
    number = Decimal(sign + digits)
    return number or abs(number)  # no minus nought


def _text_of(cell: Cell, reason_in: str) -> str:
    """A cell's number as plain text, "" for an empty one. What holds no number is refused."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, Formula):
        raise ValueError(holds_formula(cell.text))
    if isinstance(cell, Wrong):
        raise ValueError(_holds_error(cell.text, reason_in))
    if isinstance(cell, bool):
        raise ValueError(_("“%(value)s” is no number: write digits.") % {"value": str(cell).upper()})
    if isinstance(cell, int | float | Decimal):
        number = Decimal(f"{cell:.15g}") if isinstance(cell, float) else Decimal(cell)
        if not number.is_finite():
            raise ValueError(_no_real_number(str(number), reason_in))
        if abs(number.adjusted()) > LONGEST:
            raise ValueError(_far_too_long(str(number)))
        return f"{number:f}"
    raise ValueError(_holds_date(str(cell)))


def _check_separators(text: str, digits: str) -> None:
    """Refuse what a continental spreadsheet may have meant otherwise."""
    if "," in digits and re.fullmatch(r"[0-9.,\s]+", digits):
        message = _(
            "“%(value)s” has a comma, which may be a decimal comma, because the file is separated by semicolons: write"
            " 1234 or 1.5, without a comma."
        )
        raise ValueError(message % {"value": shown(text)})
    if PERHAPS_THOUSANDS.fullmatch(digits):
        message = _(
            "“%(value)s” may be %(whole)s or %(part)s, because the file is separated by semicolons: write one of these."
        )
        whole = digits.replace(".", "")
        raise ValueError(message % {"value": shown(text), "whole": shown(whole), "part": shown(f"{digits}0")})


def _what_is_wrong(text: str, digits: str, reason_in: str) -> str:
    """Why a text is no number, and what to write instead."""
    value = {"value": shown(text)}
    if text.startswith("="):
        return holds_formula(text)
    if text.startswith("#"):
        return _holds_error(text, reason_in)
    if len(text) > LONGEST:
        return _far_too_long(text)
    if "%" in text or "％" in text:
        return _("“%(value)s” has a percent sign: write the number without it, or give the two parts of it.") % value
    if re.search("[£$€¥]", text):
        return _("“%(value)s” has the sign of a currency: write the number without it.") % value
    if text.startswith(("'", "’", "‘")):
        return _("“%(value)s” begins with an apostrophe, which makes it a text: delete it.") % value
    if NO_FIGURE.fullmatch(text):
        return _is_no_figure(text, reason_in)
    if re.fullmatch(r"nan|inf(?:inity)?|∞", digits.strip(), re.IGNORECASE):
        return _no_real_number(text, reason_in)
    if EXPONENT.fullmatch(digits):
        message = _(
            "“%(value)s” is shortened with an exponent, and digits may be lost: format the column as a number, and"
            " write all digits."
        )
        return message % value
    if re.fullmatch(r"\(.*\)", text):
        return _("“%(value)s” is in brackets: write a negative number with a minus sign, such as -5.") % value
    if any(letter.isnumeric() and not letter.isascii() for letter in text):
        return _("“%(value)s” has digits other than 0 to 9: type it anew.") % value
    if DATE.fullmatch(text):
        return _holds_date(text)
    return _written_otherwise(text, digits)


def _written_otherwise(text: str, digits: str) -> str:
    value = {"value": shown(text)}
    if CONTINENTAL.fullmatch(digits):
        whole, _comma, part = digits.partition(",")
        plain = re.sub("[^0-9]", "", whole) + (f".{part}" if part else "")
        message = _("“%(value)s” is written with points for thousands: write it as %(plain)s.")
        if part:
            message = _("“%(value)s” is written with a decimal comma: write it with a decimal point, as %(plain)s.")
        return message % {**value, "plain": shown(plain)}
    if re.fullmatch(r"[0-9]+,[0-9]+", digits):
        message = _("“%(value)s” has a comma in an unusual place: write %(whole)s or %(part)s.")
        whole, part = digits.replace(",", "").lstrip("0") or "0", digits.replace(",", ".")
        return message % {**value, "whole": shown(whole), "part": shown(part)}
    if re.fullmatch(r"[0-9.,]+", digits):
        message = _("“%(value)s” has commas or points in unusual places: write it as 1234.5, without commas.")
        return message % value
    return _("“%(value)s” is not a number: write it with digits alone, such as 1234.5 or -5.") % value


def holds_formula(text: str) -> str:
    """Say that a cell holds a formula."""
    return _("The cell holds a formula (%(formula)s): paste its value.") % {"formula": shown(text)}


def _holds_error(text: str, reason_in: str) -> str:
    message = _("The cell shows the error %(error)s: correct it, or leave the cell empty and say why in %(column)s.")
    return message % {"error": shown(text), "column": reason_in}


def _holds_date(text: str) -> str:
    return _("“%(value)s” is a date or a time, not a number: format the column as a number and type it anew.") % {
        "value": shown(text)
    }


def _is_no_figure(text: str, reason_in: str) -> str:
    message = _("“%(value)s” is not a number: leave the cell empty and give the reason in %(column)s.")
    return message % {"value": shown(text), "column": reason_in}


def _no_real_number(text: str, reason_in: str) -> str:
    message = _(
        "“%(value)s” is what a calculation without a result leaves: leave the cell empty and give the reason in"
        " %(column)s."
    )
    return message % {"value": shown(text), "column": reason_in}


def _far_too_long(text: str) -> str:
    return _("“%(value)s” is far too long for a number: check it.") % {"value": shown(text)}
