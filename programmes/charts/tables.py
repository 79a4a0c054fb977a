"""The figures and the lines of metrics as the rows of a file."""

from collections.abc import Iterator
from decimal import Decimal

from programmes.charts.lines import Line
from programmes.charts.picture import Picture
from programmes.models import OutcomeMetric

SUMMARY_COLUMNS = (
    "outcome",
    "address",
    "programme",
    "published_by",
    "period",
    "latest_value",
    "unit",
    "target",
    "what_it_shows",
    "variation",
    "assurance",
)


def row_of_summary(line: Line, address: str) -> tuple:
    """A line as the cells of a table."""
    metric, latest, reading = line.metric, line.metric.latest_observation, line.reading
    is_named = metric.programme is not None and metric.programme.may_be_named
    return (
        metric.name,
        address,
        metric.programme.name if is_named else "",
        metric.lead.name,
        latest.period if latest else "",
        _plain(latest.figure) if latest and latest.figure is not None else None,
        "%" if metric.kind == OutcomeMetric.Kind.PERCENTAGE else metric.unit_in_words,
        metric.target_in_words,
        reading.sentence if reading else "",
        reading.variation.words if reading and reading.variation else "",
        reading.assurance.words if reading and reading.assurance else "",
    )


CSV_COLUMNS = (
    "period_start",
    "period_end",
    "value",
    "numerator",
    "denominator",
    "provisional",
    "missing_reason",
    "note",
    "revised_on",
    "reason_for_revision",
    "mean",
    "lower_limit",
    "upper_limit",
    "special_cause",
    "point_type",
)


def rows_for_csv(metric: OutcomeMetric, picture: Picture | None) -> Iterator[tuple]:
    """The names of the columns, then a row for each figure, the oldest first; mean to type only of a control chart.

    Of a figure that was revised more than once, the last revision is told.
    """
    yield CSV_COLUMNS
    analysis = picture.series.analysis if picture else None
    at_of = {one.pk: at for at, one in enumerate(picture.series.observations)} if picture and analysis else {}
    for one in metric.observations.for_page().reverse().iterator(chunk_size=500):
        one.metric = metric
        revision = next(iter(one.revisions), None)
        shown: tuple = ("",) * 5
        at = at_of.get(one.pk)
        if analysis and at is not None:
            points = analysis.points
            if points.has_limits(at):
                limits = (points.mean[at], points.lpl[at], points.upl[at])
                shown = (*limits, points.special_cause_type[at], points.point_type[at])
        yield (
            one.period_start,
            one.period_end,
            None if one.figure is None else _plain(one.figure),
            None if one.numerator is None or one.is_hidden else _plain(one.numerator),
            None if one.denominator is None or one.is_hidden else _plain(one.denominator),
            "yes" if one.is_provisional else "no",
            one.why_no_figure,
            one.note,
            revision.on if revision else "",
            revision.reason if revision else "",
            *shown,
        )


def _plain(value: Decimal) -> Decimal:
    """A number as it would be typed: 2477, 84.1317; at most six decimals."""
    rounded = round(value, 6)
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral() else rounded.normalize()
