"""What waits for a person: the front page of the admin. A fixed number of queries, whatever the size."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.models import (
    Aim,
    Confirmation,
    Organisation,
    Partnership,
    Priority,
    Site,
    Source,
    Strategy,
)
from programmes.models import OutcomeMetric, Programme
from trustportal.accounts.models import User
from trustportal.feedback.models import PageFeedback
from trustportal.publishing.models import Act, Publishable, Schedule, State
from trustportal.publishing.rights import may
from trustportal.publishing.wording import name_of
from trustportal.website.sections import SHOWN, Link, Row, Section
from trustportal.website.work_on_figures import figures_due, figures_to_approve

KINDS: tuple[type[Publishable], ...] = (
    Organisation,
    Partnership,
    Programme,
    OutcomeMetric,
    Site,
    Strategy,
    Priority,
    Aim,
    Source,
)
NEWEST_FEEDBACK = 5
LONGEST_NOTE = 200  # letters
WRITING = (Act.Verb.ADDED, Act.Verb.EDITED, Act.Verb.STARTED, Act.Verb.RESTORED)


def work_of(person: User, on: datetime.date | None = None) -> list[Section]:
    """What waits for a person, sort by sort; nothing of a sort of which there is nothing."""
    on = on or timezone.localdate()
    sections = [
        returned(person),
        drafts(person),
        to_review(person),
        figures_to_approve(person),
        scheduled(person),
        figures_due(person, on),
        overdue(person, on),
        answers(person),
        feedback(person),
        lacking(person),
    ]
    return [section for section in sections if section]


# How records of all kinds are read together


def _label(model: type[Publishable]) -> Value:
    return Value(model._meta.label_lower, output_field=CharField())


def _union(parts: Sequence[QuerySet]) -> QuerySet:
    first, *others = parts
    return first.union(*others, all=True) if others else first


def _first(records: Sequence[QuerySet], *columns: str, order: Sequence[str]) -> list[tuple]:
    """The first rows of all kinds: the kind, the key, the name, that of the record of a change, and some columns."""
    names = ["label", "pk", "name", "draft_of__name", *columns]
    parts = [rows.annotate(label=_label(rows.model)).order_by().values_list(*names) for rows in records]
    return list(_union(parts).order_by(*order)[:SHOWN])


def _counts(records: Sequence[QuerySet], *, are_public: bool = False) -> dict[tuple[type[Publishable], bool], int]:
    """How many there are, by kind, records and changes apart; among public ones there are no changes. One query."""
    if not records:
        return {}
    parts = [
        rows.order_by()
        .values(label=_label(rows.model), change=Value(is_change, output_field=CharField()))
        .annotate(count=Count("pk"))
        .values_list("label", "change", "count")
        for all_rows in records
        for is_change, rows in (
            (("", all_rows),) if are_public else (("", all_rows.live()), ("yes", all_rows.changes()))
        )
    ]
    return {(apps.get_model(label), bool(change)): count for label, change, count in _union(parts) if count}


def _change_url(model: type, key: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[key])


def _list_url(model: type, **query: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", query=query or None)


def _called(name: str, record_name: str | None) -> str:
    return _("Change of “%(record)s”") % {"record": record_name} if record_name else name


def _row(label: str, key: int, name: str, record_name: str | None, facts: str = "", note: str = "") -> Row:
    model = apps.get_model(label)
    kind = capfirst(str(model._meta.verbose_name))
    return Row(_called(name, record_name), kind, _change_url(model, key), facts, note)


def _lists(
    counts: dict[tuple[type[Publishable], bool], int], query: dict, of_changes: dict | None = None
) -> list[Link]:
    """Where all of them are, where they are more than are shown: a list for each kind."""
    if sum(counts.values()) <= SHOWN:
        return []
    found = []
    for model, is_change in counts:
        kinds = str(model._meta.verbose_name_plural)
        words = _("changes of %(kinds)s") % {"kinds": kinds} if is_change else kinds
        found.append(Link(capfirst(words), _list_url(model, **(of_changes if is_change and of_changes else query))))
    return found


def _kinds(person: User, right: str) -> list[type[Publishable]]:
    return [model for model in KINDS if may(person, right, model)]


def _within_remit(person: User) -> list[QuerySet]:
    return [model.objects.within_remit_of(person) for model in _kinds(person, "view")]


def _done(act: Act | None) -> str:
    """What was done, when and by whom: "Edited on 3 May 2026 by Ada Example"; "" where nothing was."""
    if act is None:
        return ""
    words = {
        "act": act.get_verb_display(),
        "date": date_format(timezone.localdate(act.done_at), "j F Y"),
        "person": name_of(act.done_by),
    }
    return (_("%(act)s on %(date)s by %(person)s") if act.done_by else _("%(act)s on %(date)s")) % words


# What is on its way to the public


def _in_work(
    name: str, heading: str, records: list[QuerySet], verbs: Iterable[str], order: str, state: State
) -> Section | None:
    """A section of drafts and changes, each with the latest of some acts. Three queries."""
    counts = _counts(records)
    if not counts:
        return None
    rows = _first([of_kind.with_latest_act(verbs) for of_kind in records], "latest_act", order=[order, "name"])
    acts = Act.objects.select_related("done_by").in_bulk([row[-1] for row in rows if row[-1]])
    return Section(
        name,
        heading,
        sum(counts.values()),
        [_row(*row, facts=_done(acts.get(key)), note=acts[key].note if key else "") for *row, key in rows],
        _lists(counts, {"state__exact": state.value}, {"change": state.value}),
    )


def _drafts_of(person: User) -> list[QuerySet]:
    kinds = _kinds(person, "change")
    return [model.objects.filter(state=State.DRAFT).within_remit_of(person).of_hand(person) for model in kinds]


def returned(person: User) -> Section | None:
    """What a publisher gave back to the person, with the note."""
    records = [rows.returned() for rows in _drafts_of(person)]
    return _in_work("returned", _("Returned to you"), records, [Act.Verb.RETURNED], "-latest_act", State.DRAFT)


def drafts(person: User) -> Section | None:
    """What the person is writing."""
    records = [rows.not_returned() for rows in _drafts_of(person)]
    return _in_work("drafts", _("Your drafts and changes"), records, WRITING, "-latest_act", State.DRAFT)


def to_review(person: User) -> Section | None:
    """What others wrote and the person may publish, the longest waiting first."""
    kinds = _kinds(person, "publish")
    records = [model.objects.filter(state=State.IN_REVIEW).within_remit_of(person) for model in kinds]
    if settings.FOUR_EYES:
        records = [rows.not_written_by(person) for rows in records]
    return _in_work("review", _("To review"), records, [Act.Verb.SUBMITTED], "latest_act", State.IN_REVIEW)


def scheduled(person: User) -> Section | None:
    """What the portal will publish or withdraw by itself, and first what it could not. Three queries."""
    if not may(person, "view", Schedule):
        return None
    schedules = Schedule.objects.on_any(_within_remit(person))
    count = schedules.count()
    first = list(schedules.failed_first().select_related("set_by")[:SHOWN]) if count else []
    records = _named((row.content_type_id, row.object_id) for row in first)
    rows = []
    for made in first:
        words = {
            "act": made.get_act_display(),
            "time": date_format(timezone.localtime(made.due_at), "j F Y, H:i"),
            "person": name_of(made.set_by),
        }
        facts = _("%(act)s on %(time)s, set by %(person)s") % words
        if made.fault:
            facts = _("Not done. %(facts)s") % {"facts": facts}
        rows.append(_row(*records[made.content_type_id, made.object_id], facts=facts, note=made.fault))
    more = [Link(_("Everything that is scheduled"), _list_url(Schedule))] if count > SHOWN else []
    return Section("scheduled", _("Scheduled"), count, rows, more) if count else None


def _named(records: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple]:
    """By key of the kind and key of the record: label, key, name and the name of the record of a change. One query."""
    keys: dict[int, list[int]] = {}
    for kind, key in records:
        keys.setdefault(kind, []).append(key)
    kinds = {ContentType.objects.get_for_model(model).pk: model for model in KINDS}
    found = [kinds[kind].objects.filter(pk__in=some) for kind, some in keys.items()]
    numbers = {model._meta.label_lower: kind for kind, model in kinds.items()}
    return {(numbers[row[0]], row[1]): row for row in _first(found, order=["name"])} if found else {}


# What is public and needs somebody


def overdue(person: User, on: datetime.date) -> Section | None:
    """Pages whose review is overdue: the person's own first; for publishers those that nobody owns. Two queries."""
    records = [
        model.objects.overdue(on).within_remit_of(person).falling_to(person, as_publisher=may(person, "publish", model))
        for model in _kinds(person, "view")
    ]
    counts = _counts(records, are_public=True)
    if not counts:
        return None
    rows = []
    order = ["-is_own", "next_review_due_on", "name"]
    for *row, due_on, is_own in _first(records, "next_review_due_on", "is_own", order=order):
        days = (on - due_on).days
        facts = ngettext("%(days)d day overdue, due on %(date)s", "%(days)d days overdue, due on %(date)s", days) % {
            "days": days,
            "date": date_format(due_on, "j F Y"),
        }
        rows.append(_row(*row, facts=facts, note="" if is_own else _("Nobody who may change it owns it.")))
    more = _lists(counts, {"review": "overdue"})
    return Section("overdue", _("Overdue reviews"), sum(counts.values()), rows, more)


def answers(person: User) -> Section | None:
    """What partners answered and nobody has dealt with, the oldest first. Three queries."""
    if not may(person, "view", Confirmation):
        return None
    unseen = Confirmation.objects.unseen().on_any(_within_remit(person))
    count = unseen.count()
    first = list(unseen.select_related("organisation").order_by("answered_at", "pk")[:SHOWN]) if count else []
    records = _named((answer.content_type_id, answer.object_id) for answer in first)
    rows = []
    for answer in first:
        words = {
            "partner": answer.organisation,
            "answer": answer.get_answer_display(),
            "date": date_format(timezone.localdate(answer.answered_at), "j F Y"),
        }
        record = records[answer.content_type_id, answer.object_id]
        said = Truncator(" ".join(text for _section, text in answer.comments)).chars(LONGEST_NOTE)
        row = _row(*record, facts=_("%(partner)s on %(date)s: %(answer)s") % words, note=said)
        rows.append(replace(row, url=_change_url(Confirmation, answer.pk)))
    more = [Link(_("All answers"), _list_url(Confirmation, **{"is": "unseen"}))] if count > SHOWN else []
    return Section("answers", _("Answers of partners"), count, rows, more) if count else None


def feedback(person: User) -> Section | None:
    """What readers said and nobody has dealt with, the newest first. Two queries."""
    if not may(person, "view", PageFeedback):
        return None
    waiting = PageFeedback.objects.filter(is_handled=False)
    count = waiting.count()
    newest = waiting.order_by("-given_at", "-pk")[:NEWEST_FEEDBACK] if count else []
    rows = [
        Row(
            said.page,
            _("Useful") if said.is_useful else _("Not useful"),
            _change_url(PageFeedback, said.pk),
            date_format(timezone.localdate(said.given_at), "j F Y"),
            Truncator(said.comment).chars(LONGEST_NOTE),
        )
        for said in newest
    ]
    more = [Link(_("All feedback"), _list_url(PageFeedback, is_handled__exact=0))] if count > len(rows) else []
    return Section("feedback", _("Feedback of readers"), count, rows, more) if count else None


def lacking(person: User) -> Section | None:
    """Public pages that lack facts, with which. Two queries."""
    records = [
        model.objects.published()
        .owned_or_answered_for(person, as_publisher=may(person, "publish", model))
        .lacking_facts()
        for model in _kinds(person, "view")
    ]
    counts = _counts(records, are_public=True)
    if not counts:
        return None
    rows = []
    for *row, names in _first(records, "lacking", order=["name"]):
        wanted = apps.get_model(row[0]).wanted
        words = ", ".join(str(wanted[name]) for name in names.split())
        rows.append(_row(*row, note=_("Not known: %(facts)s.") % {"facts": words}))
    more = _lists(counts, {"facts": "missing"})
    return Section("lacking", _("Pages that lack facts"), sum(counts.values()), rows, more)
