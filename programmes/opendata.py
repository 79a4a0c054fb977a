"""What others read about programmes and outcomes, column by column."""

from django.utils.translation import gettext_lazy as _

from partnerships.opendata import ADDRESS, BEGAN, ENDED, LAST, NAME, choice, kinds, public
from programmes.models import OutcomeMetric, Participation, Programme
from trustportal.opendata.dataset import Column, Dataset, Datatype


def with_role(participation: Participation) -> str:
    """A partner with its role: "NHS England (Commissioner)"."""
    return f"{participation.organisation.name} ({participation.get_role_display()})"


PROGRAMMES = Dataset(
    "programmes",
    _("Programmes"),
    _("Work with a purpose that partners carry out together."),
    (
        NAME,
        ADDRESS,
        *kinds(Programme.Kind, "satellite-site"),
        *choice("stage", Programme.Stage, "running", _("How far it has come, as a code that stays.")),
        Column(
            "lead", lambda record: public(record.lead), _("The organisation that leads it."), "Guy's and St Thomas'"
        ),
        Column(
            "partners",
            lambda record: [with_role(participation) for participation in record.participations.all()],
            _("The others that take part, each with its role."),
            "NHS England (Commissioner)",
            has_many=True,
        ),
        Column(
            "partnership", lambda record: public(record.partnership), _("Under which it runs."), "Our Healthier SEL"
        ),
        BEGAN,
        ENDED,
        Column("length", "length", _("How long it takes, where the dates are not known."), "three years"),
        Column(
            "areas",
            lambda record: [area.name for area in record.areas.all()],
            _("The areas that it serves."),
            "Southwark",
            has_many=True,
        ),
        *LAST,
    ),
)


def latest(metric: OutcomeMetric, name: str) -> object:
    """A fact of the newest approved figure; "" where there is none."""
    observation = metric.latest_observation
    return getattr(observation, name) if observation is not None else ""


def latest_value(metric: OutcomeMetric) -> object:
    """The newest figure as a number; None where there is none, or where readers are not shown it."""
    observation = metric.latest_observation
    return None if observation is None or observation.figure is None else round(observation.figure, 6)


OUTCOMES = Dataset(
    "outcomes",
    _("Outcomes"),
    _("What came of the work, in figures, each with its latest figure."),
    (
        NAME,
        ADDRESS,
        *kinds(OutcomeMetric.Kind, "count"),
        *choice("frequency", OutcomeMetric.Frequency, "monthly", _("How often a figure comes, as a code that stays.")),
        Column("unit", "unit", _("What one of them is, in the plural."), "patients"),
        Column("programme", lambda record: public(record.programme), _("The programme that it measures."), "Dialysis"),
        Column(
            "partnership", lambda record: public(record.partnership), _("The partnership that it measures."), "Our SEL"
        ),
        Column(
            "published_by", lambda record: public(record.lead), _("Whose figures they are."), "Guy's and St Thomas'"
        ),
        Column("latest_value", latest_value, _("The newest figure."), "2477", Datatype.NUMBER),
        Column("latest_period", lambda record: latest(record, "period"), _("What it is a figure of."), "2018"),
        Column(
            "latest_in_words",
            lambda record: latest(record, "figure_in_words"),
            _("The newest figure as the page says it; where there is none, why."),
            "2,477",
        ),
        Column("baseline", "baseline_in_words", _("Where it began, as the page says it."), "10 (2016)"),
        Column("target", "target_in_words", _("What it should be, as the page says it."), "More than 3,000"),
        *LAST,
    ),
)
