"""What others read about outcomes: what is counted, and the figures as readers are told them."""

from collections.abc import Callable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partnerships.opendata.columns import (
    ADDRESS,
    ID,
    LAST,
    NAME,
    SOURCE,
    SOURCES,
    choice,
    kinds,
    reference,
)
from programmes.models import Observation, OutcomeMetric, Rebase
from trustportal.opendata.cells import plain_number
from trustportal.opendata.dataset import Column, Dataset, Datatype, Part

OUTCOME = reference(
    "outcome", _("The outcome."), "Patients on dialysis at home", "outcomes", "metric", is_required=True
)


class Standing(TextChoices):
    """How a figure stands with readers."""

    FINAL = "final", _("A figure")
    PROVISIONAL = "provisional", _("A figure that may still change")
    SUPPRESSED = "suppressed", _("Kept back, so that nothing is told about single people")
    MISSING = "missing", _("No figure")


def standing_of(observation: Observation) -> Standing:
    """How a figure stands with readers."""
    if observation.is_hidden:
        return Standing.SUPPRESSED
    if observation.figure is None:
        return Standing.MISSING
    return Standing.PROVISIONAL if observation.is_provisional else Standing.FINAL


def shown(name: str) -> Callable[[Observation], object]:
    """A number of which a figure is made; None where it is kept back."""
    return lambda observation: None if observation.is_hidden else plain_number(getattr(observation, name))


def revised(observation: Observation, name: str) -> object:
    """What is told of the last revision of a figure; None where there was none."""
    return getattr(next(iter(observation.revisions), None), name, None)


def latest(metric: OutcomeMetric, name: str) -> object:
    """A fact of the newest approved figure; "" where there is none."""
    observation = metric.latest_observation
    return getattr(observation, name) if observation is not None else ""


def latest_value(metric: OutcomeMetric) -> object:
    """The newest figure as a number; None where there is none, or where readers are not shown it."""
    observation = metric.latest_observation
    return None if observation is None else plain_number(observation.figure)


def baseline_period(metric: OutcomeMetric) -> object:
    """Of when the baseline is; None where readers are not told one."""
    return None if metric.baseline_shown is None else metric.baseline_on


OBSERVATIONS = Dataset(
    "observations",
    _("Figures"),
    _("The figures of outcomes, one for each period, as readers are told them: what is kept back there is empty here."),
    lambda: Observation.objects.told().with_public(),
    (
        ID,
        *OUTCOME,
        Column("period_start", "period_start", _("The beginning of its period."), "2017-04", Datatype.PARTIAL_DATE),
        Column(
            "period_end", "period_end", _("The end of its period, which is in it."), "2019-03", Datatype.PARTIAL_DATE
        ),
        Column("period", "period", _("Its period in words."), "April 2017 to March 2019"),
        Column(
            "value",
            lambda row: plain_number(row.figure),
            _("The figure; of a rate, worked out."),
            "84.13",
            Datatype.NUMBER,
        ),
        Column("numerator", shown("numerator"), _("Of a rate, what is divided."), "29", Datatype.NUMBER),
        Column("denominator", shown("denominator"), _("Of a rate, by what it is divided."), "49", Datatype.NUMBER),
        Column("unit", lambda row: row.metric.unit, _("What one of them is, in the plural."), "patients"),
        Column(
            "per",
            lambda row: row.metric.per if row.metric.is_rate else None,
            _("Of a rate, per how many."),
            "100",
            Datatype.WHOLE_NUMBER,
        ),
        Column("in_words", "figure_in_words", _("The figure as the page says it."), "Fewer than 5"),
        Column(
            "state",
            standing_of,
            _("How it stands, as a code that stays."),
            "final",
            codes=tuple((one.value, one.label) for one in Standing),
            is_required=True,
        ),
        Column("why_none", "why_no_figure", _("Why there is no figure, or why it is kept back."), "Not published"),
        Column("note", "note", _("What there is to say of it besides."), "Counted by hand."),
        Column(
            "revised", lambda row: revised(row, "on"), _("When it was last corrected."), "2026-03-02", Datatype.DATE
        ),
        Column(
            "reason_for_revision",
            lambda row: revised(row, "reason") or "",
            _("Why it was corrected."),
            "Two clinics had been counted twice.",
        ),
        *SOURCE,
    ),
)

REBASES = Dataset(
    "new-limits",
    _("New limits"),
    _("From which period on the figures of an outcome are judged by new limits, because what is counted changed."),
    lambda: Rebase.objects.with_public(),
    (
        ID,
        *OUTCOME,
        Column("begins", "starts_on", _("The first period with new limits."), "2018-04", Datatype.PARTIAL_DATE),
        Column("reason", "reason", _("What changed."), "The clinic moved to a larger building."),
        *SOURCE,
    ),
)

OUTCOMES = Dataset(
    "outcomes",
    _("Outcomes"),
    _("What came of the work, in figures, each with its latest figure."),
    lambda: OutcomeMetric.objects.published(),
    (
        ID,
        NAME,
        ADDRESS,
        *kinds(OutcomeMetric.Kind, "count"),
        *choice("frequency", OutcomeMetric.Frequency, "monthly", _("How often a figure comes, as a code that stays.")),
        *choice("direction", OutcomeMetric.Direction, "up", _("Which way is better, as a code that stays.")),
        Column("unit", "unit", _("What one of them is, in the plural."), "patients"),
        Column("numerator_label", "numerator_label", _("Of a rate, what is divided."), "people who gained a job"),
        Column("denominator_label", "denominator_label", _("Of a rate, by what it is divided."), "people who started"),
        Column(
            "per",
            lambda row: row.per if row.is_rate else None,
            _("Of a rate, per how many."),
            "100",
            Datatype.WHOLE_NUMBER,
        ),
        *reference("programme", _("The programme that it measures."), "Dialysis", "programmes"),
        *reference("partnership", _("The partnership that it measures."), "Our SEL", "partnerships"),
        *reference("published_by", _("Whose figures they are."), "Guy's and St Thomas'", "partners", "lead"),
        Column("latest_value", latest_value, _("The newest figure."), "2477", Datatype.NUMBER),
        Column("latest_period", lambda record: latest(record, "period"), _("What it is a figure of."), "2018"),
        Column(
            "latest_in_words",
            lambda record: latest(record, "figure_in_words"),
            _("The newest figure as the page says it; where there is none, why."),
            "2,477",
        ),
        Column("baseline", "baseline_in_words", _("Where it began, as the page says it."), "10 (2016)"),
        Column(
            "baseline_value", lambda row: plain_number(row.baseline_shown), _("Where it began."), "10", Datatype.NUMBER
        ),
        Column("baseline_period", baseline_period, _("The period of the baseline."), "2016", Datatype.PARTIAL_DATE),
        Column("target", "target_in_words", _("What it should be, as the page says it."), "More than 3,000"),
        Column("target_value", lambda row: plain_number(row.target), _("What it should be."), "3000", Datatype.NUMBER),
        *choice(
            "target_rule",
            OutcomeMetric.TargetRule,
            "at-least",
            _("How a figure is compared with the target, as a code that stays."),
        ),
        Column(
            "target_due", "target_due_on", _("By the end of when it should be reached."), "2017", Datatype.PARTIAL_DATE
        ),
        Column("why_it_matters", "why_it_matters", _("Why it matters, in Markdown."), "Care nearer to **home**."),
        Column("definition", "definition", _("What is counted and what is not, in Markdown."), "Each person once."),
        Column("caveats", "caveats", _("What readers should bear in mind, in Markdown."), "Counted by hand."),
        *SOURCES,
        *LAST,
    ),
    "outcome-metric-list",
    (Part("observations", OBSERVATIONS, "metric"), Part("new_limits", REBASES, "metric")),
)
