"""What others read about strategies, their priorities and their aims."""

from django.utils.translation import gettext_lazy as _

from partnerships.models import Aim, Priority, Strategy, StrategyValue
from partnerships.opendata.columns import (
    ADDRESS,
    BEGAN,
    ENDED,
    ID,
    LAST,
    NAME,
    POSITION,
    SOURCE,
    SOURCES,
    description,
    reference,
)
from trustportal.opendata.dataset import Column, Dataset, Datatype, Part

STRATEGY = reference("strategy", _("The strategy."), "Together we care", "strategies", is_required=True)

VALUES = Dataset(
    "strategy-values",
    _("Values of strategies"),
    _("What a trust says that it stands for."),
    lambda: StrategyValue.objects.with_public(),
    (
        ID,
        *STRATEGY,
        POSITION,
        Column("text", "text", _("The value, in a sentence."), "Put patients first.", is_required=True),
        *SOURCE,
    ),
)

AIMS = Dataset(
    "aims",
    _("Aims"),
    _("What the priorities of a strategy want to reach. Partnerships and programmes say which aims they serve."),
    lambda: Aim.objects.published(),
    (
        ID,
        NAME,
        ADDRESS,
        *reference("priority", _("The priority to which it belongs."), "Patients", "priorities"),
        POSITION,
        *SOURCES,
        *LAST,
    ),
)

PRIORITIES = Dataset(
    "priorities",
    _("Priorities"),
    _("The few things that a strategy puts first. They hold the aims."),
    lambda: Priority.objects.searched(),
    (ID, NAME, ADDRESS, *STRATEGY, POSITION, *SOURCES, *LAST),
    parts=(Part("aims", AIMS, "priority"),),
)

STRATEGIES = Dataset(
    "strategies",
    _("Strategies"),
    _("What a trust has said it wants to reach in the coming years."),
    lambda: Strategy.objects.published(),
    (
        ID,
        NAME,
        ADDRESS,
        *reference("lead", _("The organisation whose strategy it is."), "Guy's and St Thomas'", "partners"),
        Column("vision", "vision", _("What it wants to be."), "Better, faster, fairer healthcare."),
        BEGAN,
        ENDED,
        Column("length_in_years", "length_in_years", _("How many years it is meant for."), "5", Datatype.WHOLE_NUMBER),
        description(_("Why it came about, in Markdown.")),
        Column("foundations", "foundations", _("What it rests on, in Markdown."), "Good **buildings**."),
        *SOURCES,
        *LAST,
    ),
    "strategy-list",
    (Part("values", VALUES, "strategy"), Part("priorities", PRIORITIES, "strategy")),
)
