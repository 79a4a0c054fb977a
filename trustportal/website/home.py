"""What the home page gathers from both apps, in four queries."""

from dataclasses import dataclass

from django.db.models import CharField, Count, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.models import Organisation, Partnership, Priority
from programmes.models import Observation, OutcomeMetric, Programme

LATEST = 4
HEADLINES = 4
PRIORITIES = 12


@dataclass(frozen=True)
class Latest:
    """A partnership or programme that was published or changed last."""

    kind: str
    name: str
    summary: str
    url: str
    updated_at: object


def _rows(model: type, url_name: str) -> QuerySet:
    return model.objects.published().order_by().values_list("name", "slug", "summary", "updated_at", Value(url_name))


def latest_updates() -> list[Latest]:
    """The partnerships and programmes with the latest substantive updates, the newest first. One query."""
    kinds = {"partnership-detail": _("Partnership"), "programme-detail": _("Programme")}
    rows = _rows(Partnership, "partnership-detail").union(_rows(Programme, "programme-detail"), all=True)
    return [
        Latest(kinds[url_name], name, summary, reverse(url_name, args=[slug]), updated_at)
        for name, slug, summary, updated_at, url_name in rows.order_by("-updated_at", "slug")[:LATEST]
    ]


def counts() -> dict[str, int]:
    """How many published records each way in leads to. One query."""

    def count(name: str, model: type) -> QuerySet:
        named = model.objects.published().order_by().values(way=Value(name, output_field=CharField()))
        return named.annotate(count=Count("pk")).values_list("way", "count")

    ways = {"partners": Organisation, "partnerships": Partnership, "programmes": Programme, "outcomes": OutcomeMetric}
    first, *others = [count(name, model) for name, model in ways.items()]
    return dict.fromkeys(ways, 0) | dict(first.union(*others, all=True))


def home(host: Organisation | None) -> dict[str, object]:
    """All that the home page shows besides the portal's settings."""
    latest = latest_updates()
    return {
        "counts": counts(),
        "headlines": Observation.objects.of_headline_metrics()[:HEADLINES],
        "latest": latest,
        "newest": latest[0].updated_at if latest else None,
        "priorities": priorities_of(host) if host else [],
    }


def priorities_of(host: Organisation) -> list[Priority]:
    """The priorities of the host's newest strategy. One query."""
    priorities = list(Priority.objects.published().of_strategies_led_by(host).newest_strategy_first()[:PRIORITIES])
    return [priority for priority in priorities if priority.strategy_id == priorities[0].strategy_id]
