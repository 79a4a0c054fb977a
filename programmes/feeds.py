"""The figures of an outcome as news: each new one, and each one that was corrected."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from programmes.models import Observation, OutcomeMetric
from trustportal.opendata.feed import MOST_ENTRIES, Entry, entry_of
from trustportal.publishing.updates import Update


def entries_of(metric: OutcomeMetric, updates: Iterable[Update], kind: str) -> list[Entry]:
    """What is new of a published outcome, the newest first: its figures one by one, and the updates of its page.

    An update that says no more than that there are new figures is left out: the figures say it. Two queries.
    """
    entries: list[Entry] = []
    told = set()
    for observation in metric.observations.newest_news_first()[:MOST_ENTRIES]:
        entries += _news_of(metric, observation, kind)
        told |= {observation.approved_at, *(one.approved_at for one in observation.earlier)}
    entries += [
        entry_of(update, kind) for update in updates if update.on not in told or update.on == metric.first_published_at
    ]
    return sorted(entries, key=lambda entry: entry.updated_at, reverse=True)


def _news_of(metric: OutcomeMetric, observation: Observation, kind: str) -> Iterator[Entry]:
    """A figure as readers are told it now, and each time that another one took its place."""
    corrections = list(zip(observation.earlier, observation.revisions, strict=True))
    first_approved_at = min([observation.approved_at, *(one.approved_at for one, _revision in corrections)])
    unit = f" {metric.unit_in_words}" if observation.figure is not None and metric.unit_in_words else ""
    now = f"{observation.figure_in_words}{unit}"
    said = [
        f"{now} ({_('provisional')})" if observation.is_provisional else now,
        observation.why_no_figure.rstrip("."),
    ]
    address = f"{metric.get_absolute_url()}#figure-{observation.pk}"
    title = f"{metric.name}: {observation.period}"
    key = f"observation/{observation.uuid}"
    # Readers see no figure before they see its page.
    published_at = max(first_approved_at, metric.first_published_at)
    updated_at = max(observation.approved_at, metric.first_published_at)
    yield Entry(key, title, address, ". ".join(filter(None, said)) + ".", kind, published_at, updated_at)
    for correction, revision in corrections:
        at = max(correction.replaced_at, metric.first_published_at)
        words = [_("Corrected: %(now)s.") % {"now": now}]
        if revision.was:
            words.append(_("It was: %(was)s.") % {"was": revision.was})
        words.append(revision.reason)
        yield Entry(f"{key}/{correction.uuid}", title, address, " ".join(words), kind, at, at)
