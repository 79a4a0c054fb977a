"""What files say of a metric's figures and of the lines of the summary: columns, each with what it means."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from programmes.charts.lines import Line
from programmes.charts.picture import Picture
from programmes.models import Observation, OutcomeMetric
from trustportal.charts.spc import Points
from trustportal.opendata.cells import plain_number
from trustportal.opendata.dataset import Column, Datatype, Row
from trustportal.opendata.table import Table


def _programme(line: Line) -> str:
    programme = line.metric.programme
    return programme.name if programme is not None and programme.may_be_named else ""


def _unit(line: Line) -> str:
    return "%" if line.metric.kind == OutcomeMetric.Kind.PERCENTAGE else line.metric.unit_in_words


def _latest_value(line: Line) -> object:
    latest = line.metric.latest_observation
    return None if latest is None else plain_number(latest.figure)


SUMMARY = Table(
    "outcomes-summary",
    _("Summary of outcomes"),
    _("One line for each outcome: its newest figure, what its figures show, and whether its target will be met."),
    (
        Column("outcome", "metric.name", _("Its name."), "Patients on dialysis at home", is_required=True),
        Column(
            "address",
            lambda line: f"{settings.SITE_URL}{line.metric.get_absolute_url()}",
            _("The address of its page."),
            "https://portal.example.nhs.uk/outcomes/patients-on-dialysis-at-home/",
            Datatype.ADDRESS,
            is_required=True,
        ),
        Column("programme", _programme, _("The programme of which it came."), "Dialysis closer to home"),
        Column("published_by", "metric.lead.name", _("Who answers for its figures."), "Guy's and St Thomas'"),
        Column(
            "period",
            lambda line: line.metric.latest_observation.period if line.metric.latest_observation else "",
            _("The period of its newest figure."),
            "April 2017 to March 2019",
        ),
        Column(
            "latest_value",
            _latest_value,
            _("Its newest figure; empty where there is none or it is kept back."),
            "84.13",
            Datatype.NUMBER,
        ),
        Column("unit", _unit, _("What the figure counts."), "patients"),
        Column("target", "metric.target_in_words", _("What is to be reached."), "At least 90%"),
        Column(
            "what_it_shows",
            lambda line: line.reading.sentence if line.reading else "",
            _("What its figures show, in a sentence."),
            "The newest figure is higher than the one before.",
        ),
        Column(
            "variation",
            lambda line: line.reading.variation.words if line.reading and line.reading.variation else "",
            _("Whether the newest figures are more than chance."),
            "No real change",
        ),
        Column(
            "assurance",
            lambda line: line.reading.assurance.words if line.reading and line.reading.assurance else "",
            _("Whether the target will be met, if nothing changes."),
            "Sometimes meets the target, sometimes not",
        ),
    ),
)


@dataclass(frozen=True)
class Charted:
    """A figure, and where it stands among the points of a control chart; `points` is None where it has no limits."""

    observation: Observation
    points: Points | None
    at: int

    def on_chart(self, name: str) -> Any:
        """What the chart says at this point; None where it has no limits."""
        return None if self.points is None else getattr(self.points, name)[self.at]

    def line(self, name: str) -> Decimal | None:
        """The height of a line of the chart at this point."""
        height = self.on_chart(name)
        return None if height is None else Decimal(repr(height))  # with all its digits, and never as 1e-05

    def number(self, name: str) -> object:
        """A number of which the figure is made; None where it is kept back."""
        return None if self.observation.is_hidden else plain_number(getattr(self.observation, name))

    def revised(self, name: str) -> object:
        """What is told of its last revision; None where there was none."""
        return getattr(next(iter(self.observation.revisions), None), name, None)


POINT_TYPES = (
    ("common_cause", _("no more than chance")),
    ("special_cause_improvement", _("more than chance, for the better")),
    ("special_cause_concern", _("more than chance, for the worse")),
    ("special_cause_neutral_high", _("more than chance, higher")),
    ("special_cause_neutral_low", _("more than chance, lower")),
)

FIGURES = Table(
    "figures",
    _("Figures of an outcome"),
    _("One line for each period, the oldest first, with the mean and the limits of the control chart, if it has them."),
    (
        Column(
            "period_start",
            "observation.period_start",
            _("The beginning of its period."),
            "2017-04",
            Datatype.PARTIAL_DATE,
        ),
        Column(
            "period_end",
            "observation.period_end",
            _("The end of its period, which is in it."),
            "2019-03",
            Datatype.PARTIAL_DATE,
        ),
        Column(
            "value",
            lambda row: plain_number(row.observation.figure),
            _("The figure; of a rate, worked out. Empty where there is none or it is kept back."),
            "84.13",
            Datatype.NUMBER,
        ),
        Column(
            "numerator", lambda row: row.number("numerator"), _("Of a rate, what is divided."), "29", Datatype.NUMBER
        ),
        Column(
            "denominator",
            lambda row: row.number("denominator"),
            _("Of a rate, by what it is divided."),
            "49",
            Datatype.NUMBER,
        ),
        Column(
            "provisional",
            lambda row: "yes" if row.observation.is_provisional else "no",
            _("Whether it may still change."),
            "no",
            is_required=True,
            codes=(("yes", _("it may")), ("no", _("it is final"))),
        ),
        Column(
            "missing_reason",
            "observation.why_no_figure",
            _("Why there is no figure, or why it is kept back."),
            "Not published",
        ),
        Column("note", "observation.note", _("What there is to say of it besides."), "Counted by hand."),
        Column(
            "revised_on", lambda row: row.revised("on"), _("When it was last corrected."), "2026-03-02", Datatype.DATE
        ),
        Column(
            "reason_for_revision",
            lambda row: row.revised("reason") or "",
            _("Why it was corrected."),
            "Two clinics had been counted twice.",
        ),
        Column("mean", lambda row: row.line("mean"), _("The mean of the control chart."), "81.5", Datatype.NUMBER),
        Column("lower_limit", lambda row: row.line("lpl"), _("The lower process limit."), "76.2", Datatype.NUMBER),
        Column("upper_limit", lambda row: row.line("upl"), _("The upper process limit."), "86.8", Datatype.NUMBER),
        Column(
            "special_cause",
            lambda row: row.on_chart("special_cause_type") or "",
            _("What the rules of the chart say of the point: “Common Cause”, or which of them it breaks."),
            "Above UCL",
        ),
        Column(
            "point_type",
            lambda row: row.on_chart("point_type") or "",
            _("What the point shows; where there is no figure, no more than chance."),
            "common_cause",
            codes=POINT_TYPES,
        ),
    ),
)


def figure_rows(metric: OutcomeMetric, picture: Picture | None) -> Iterator[Row]:
    """A row for each figure, the oldest first. Of one that was revised more than once the last revision is told."""
    analysis = picture.series.analysis if picture else None
    at_of = {one.pk: at for at, one in enumerate(picture.series.observations)} if picture and analysis else {}
    for one in metric.observations.for_page().reverse().iterator(chunk_size=500):
        one.metric = metric
        at = at_of.get(one.pk, -1)
        has_limits = analysis is not None and at >= 0 and analysis.points.has_limits(at)
        yield FIGURES.row(Charted(one, analysis.points if analysis and has_limits else None, at))
