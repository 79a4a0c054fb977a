"""What the figures of an outcome metric say and how they are drawn; import from here."""

from programmes.charts.lines import MOST_PER_PRIORITY, Line, add_lines, line_of, lines_of
from programmes.charts.picture import MOST_DRAWN, Picture, picture_of
from programmes.charts.series import MOST_ANALYSED, Series, series_of
from programmes.charts.tables import FIGURES, SUMMARY, figure_rows

__all__ = [
    "FIGURES",
    "MOST_ANALYSED",
    "MOST_DRAWN",
    "MOST_PER_PRIORITY",
    "SUMMARY",
    "Line",
    "Picture",
    "Series",
    "add_lines",
    "figure_rows",
    "line_of",
    "lines_of",
    "picture_of",
    "series_of",
]
