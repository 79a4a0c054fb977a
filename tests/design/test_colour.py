"""Contrast between colours."""

import pytest

from trustportal.design.colour import contrast_with_white


@pytest.mark.parametrize(
    ("colour", "ratio"),
    [
        ("#ffffff", 1.0),
        ("#000000", 21.0),
        ("#767676", 4.54),  # the lightest grey that passes, a well-known case of WCAG
        ("#777777", 4.48),
        ("#005eb8", 6.38),  # NHS blue
        ("#ffeb3b", 1.22),
    ],
)
def test_contrast_is_as_wcag_works_it_out(colour, ratio):
    assert contrast_with_white(colour) == pytest.approx(ratio, abs=0.01)


def test_what_is_no_colour_is_refused():
    with pytest.raises(ValueError):  # noqa: PT011  (Python's own words)
        contrast_with_white("#blue")
