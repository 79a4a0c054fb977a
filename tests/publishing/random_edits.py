"""Random records for the tests of snapshots: every field, list and part takes any value that its rules allow."""

import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import models, transaction
from django.utils import timezone
from hypothesis import strategies as st

from partnerships.models import (
    Aim,
    Area,
    Organisation,
    OrganisationIdentifier,
    OrganisationName,
    Partnership,
    Priority,
    Site,
    Source,
    Strategy,
)
from programmes.models import BuddyingArrangement, OutcomeMetric, Programme, Service, Statement
from tests import factories
from trustportal.partial_date import PartialDate, PartialDateField
from trustportal.publishing.models import Part, Publishable, State
from trustportal.publishing.snapshot import versioned_fields, versioned_lists, versioned_parts

ENDS = {"ended_on", "changed_on", "renewal_due_on", "target_due_on"}  # never before what begins, drawn or kept
ONLY_FOR = {"board_members": Programme.Kind.LOCAL_CARE_NETWORK, "places": Programme.Kind.SATELLITE_SITE}
LARGEST = {models.PositiveSmallIntegerField: 32767, models.PositiveIntegerField: 2**31 - 1}
CODES = {"ods": "ZZ{:03}", "charity": "1{:06}", "ukprn": "1{:07}"}

LETTERS = st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n")
DAYS = st.tuples(st.integers(1, 12), st.integers(1, 28))
SPECIAL = {
    "provenance": st.lists(st.sampled_from(["GST-12", "GST-1301", "AB-99"]), max_size=3).map(" ".join),
    "postcode": st.sampled_from(["", "SE1 9RT", "M1 1AE"]),
    "per": st.integers(1, 10**6),
    "due_after_days": st.integers(0, 730),
}

Draw = Callable[[st.SearchStrategy], object]
Pool = dict[type[models.Model], list[models.Model]]


def pool() -> Pool:
    """Public records, and rows that every record may name: two of each."""
    trusts = factories.OrganisationFactory.create_batch(2)
    made: Pool = {
        Organisation: trusts,
        Source: factories.SourceFactory.create_batch(2, publisher=trusts[0]),
        Site: factories.SiteFactory.create_batch(2, organisation=trusts[0], area=None),
        Partnership: factories.PartnershipFactory.create_batch(2, lead=trusts[0]),
        Programme: factories.ProgrammeFactory.create_batch(2, lead=trusts[1]),
        Strategy: factories.StrategyFactory.create_batch(2, lead=trusts[1]),
        Area: factories.AreaFactory.create_batch(2),
        Service: factories.ServiceFactory.create_batch(2),
    }
    made[Priority] = [factories.PriorityFactory(strategy=strategy, position=50) for strategy in made[Strategy]]
    made[Aim] = [factories.AimFactory(priority=priority, position=50) for priority in made[Priority]]
    now = timezone.now()
    for model, rows in made.items():
        if issubclass(model, Publishable):  # forty times through the workflow would take longer than the tests
            public = {"state": State.PUBLISHED, "first_published_at": now, "updated_at": now, "modified_at": now}
            model.objects.filter(pk__in=[row.pk for row in rows]).update(**public)
            made[model] = list(model.objects.filter(pk__in=[row.pk for row in rows]))
    return made


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block has not happened afterwards: each example begins with the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Values


def _partial_dates(first: int, last: int) -> st.SearchStrategy:
    return st.builds(
        lambda year, day, known: PartialDate(year, *day[:known]), st.integers(first, last), DAYS, st.integers(0, 2)
    )


def _decimals(field: models.DecimalField) -> st.SearchStrategy:
    limit = {"latitude": 90, "longitude": 180}.get(field.name, 10**12)
    return st.decimals(-limit, limit, places=field.decimal_places, allow_nan=False)


def values_of(field: models.Field, rows: Pool) -> st.SearchStrategy:
    """Any value that a field may have by itself."""
    if field.name in SPECIAL:
        return SPECIAL[field.name]
    if field.is_relation:
        values = st.sampled_from(rows[field.related_model])
    elif field.choices:
        values = st.sampled_from([value for value, _ in field.flatchoices if value])
    elif isinstance(field, PartialDateField):
        values = _partial_dates(2100, 9999) if field.name in ENDS else _partial_dates(1000, 1990)
    elif isinstance(field, models.BooleanField):
        return st.booleans()
    elif isinstance(field, models.DecimalField):
        values = _decimals(field)
    elif isinstance(field, models.IntegerField):
        values = st.integers(100, LARGEST[type(field)])
    elif isinstance(field, models.SlugField):
        return st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20).map("zz-{}".format)
    elif isinstance(field, models.UUIDField):
        return st.uuids()
    elif isinstance(field, models.URLField):
        values = st.sampled_from(["https://www.example.nhs.uk/", "https://example.org/a?b=c&d=é#e"])
    else:
        return st.text(LETTERS, min_size=0 if field.blank else 1, max_size=min(field.max_length or 60, 60))
    if field.null:
        return st.none() | values
    return st.just("") | values if field.blank else values


def _fit(model: type[models.Model], values: dict[str, object], *, is_new: bool) -> None:
    """Make values that were drawn one by one keep the rules between them."""
    if model is Organisation:
        closed = values["closed_on"] is not None
        values["closure_reason"] = (values["closure_reason"] or "merged") if closed else ""
        values["what_followed"] = (values["what_followed"] or "Nothing.") if closed else ""
    elif model is OrganisationName and values["kind"] != OrganisationName.Kind.FORMER:
        values["ended_on"] = None
    elif model is Site and None in (values["latitude"], values["longitude"]):
        values["latitude"] = values["longitude"] = None
    elif model is Programme and values["stage"] == Programme.Stage.PLANNED:
        values["ended_on"] = None
    elif model is BuddyingArrangement and values["supporting"] == values["supported"]:
        values["supported"] = Organisation.objects.live().exclude(pk=values["supporting"].pk).first()
    elif model is OrganisationIdentifier and is_new:
        values["scheme"] = values["scheme"] if values["scheme"] in CODES else "ods"
        values["value"] = CODES[values["scheme"]].format(len(values["value"]))
    elif model is OutcomeMetric:
        _fit_metric(values)
    elif model is Statement:
        _fit_statement(values)


def _fit_metric(values: dict[str, object]) -> None:
    is_rate = values["kind"] in {"percentage", "rate"}
    for name in ("numerator_label", "denominator_label"):
        values[name] = (values[name] or "people") if is_rate else ""
    if values["kind"] == "percentage":
        values["per"] = 100
    if values["target"] is None:
        values["target_due_on"] = None
    values["target_rule"] = "" if values["target"] is None else values["target_rule"] or "at-least"
    if values["baseline"] is None:
        values["baseline_on"] = None
    if values["kind"] in {"ranking", "yes-no"}:
        values["fewest_shown"] = None
    if None not in (values["baseline"], values["fewest_shown"]):
        values["baseline"] = abs(values["baseline"]) + values["fewest_shown"]  # no small number
        values["baseline_on"] = values["baseline_on"] and PartialDate(1999)  # a period without a figure
    if is_rate or values["kind"] in {"ranking", "yes-no"} or not values["adds_up_as"]:
        values["adds_up_as"] = values["population"] = ""
    elif not values["population"]:
        values["population"] = "everybody"


def _fit_statement(values: dict[str, object]) -> None:
    kind = values["kind"]
    values["progress"] = (values["progress"] or "done") if kind == "achievement" else ""
    values["audience"] = (values["audience"] or "staff") if kind == "expectation" else ""
    values["said_by"] = (values["said_by"] or "Somebody") if kind == "endorsement" else ""
    values["organisation"] = values["organisation"] if kind == "endorsement" else None
    if kind == "milestone":
        values["happened_on"] = values["happened_on"] or PartialDate(1999)


# Edits


def edit(record: Publishable, draw: Draw, rows: Pool) -> Publishable:
    """Give a record, its lists and its parts other values; returns it as the database has it then."""
    model = type(record)
    # The parts of a programme, and the figures of a metric, are those of its kind.
    is_of_kind = model is Programme or (model is OutcomeMetric and record.itself.observations.exists())
    keep = {"kind"} if is_of_kind else set()
    _fill(record, draw, rows, keep)
    record.save()
    for name, key in versioned_parts(model).items():
        if name not in ONLY_FOR or record.kind == ONLY_FOR[name]:
            _edit_parts(record, key, draw, rows)
    return model._base_manager.get(pk=record.pk)


def _fill(row: models.Model, draw: Draw, rows: Pool, keep: set[str]) -> None:
    """Other values in about half of the fields, and, where the row is saved already, in its lists."""
    values = {}
    for field in versioned_fields(type(row)):
        is_kept = field.name in keep or (row.pk is not None and draw(st.booleans()))
        values[field.name] = getattr(row, field.name) if is_kept else draw(values_of(field, rows))
    _fit(type(row), values, is_new=row.pk is None)
    for name, value in values.items():
        setattr(row, name, value)
    if row.pk is not None:
        _fill_lists(row, draw, rows)


def _fill_lists(row: models.Model, draw: Draw, rows: Pool) -> None:
    for field in versioned_lists(type(row)):
        getattr(row, field.name).set(draw(st.lists(st.sampled_from(rows[field.related_model]), max_size=3)))


def _edit_parts(record: Publishable, key: models.ForeignKey, draw: Draw, rows: Pool) -> None:
    """Remove some rows, change some, add some, and put them in another order."""
    part = key.model
    there = list(part._base_manager.filter(**{key.name: record.pk}).order_by("pk"))
    named_by = {path.partition("__")[0] for path in part.natural_key_fields} | {"position"}
    if key.one_to_one:
        for row in there:
            _fill(row, draw, rows, named_by)
            row.save()
        return
    stay = draw(st.lists(st.sampled_from(there), unique_by=lambda row: row.pk)) if there else []
    part._base_manager.filter(**{key.name: record.pk}).exclude(pk__in=[row.pk for row in stay]).delete()
    new = [part(**{key.name: record}) for _ in range(draw(st.integers(0, 2)))]
    numbers: dict[object, int] = {}
    taken = {_key_of(row, named_by) for row in stay}
    if "position" in part.natural_key_fields:
        part._base_manager.filter(pk__in=[row.pk for row in stay]).update(position=models.F("position") + 10000)
    for row in draw(st.permutations([*stay, *new])):
        is_new = row.pk is None
        if is_new or draw(st.booleans()):
            _fill(row, draw, rows, set() if is_new else named_by)
        if is_new and part is Statement and row.kind not in Statement.kinds_for(record.kind):
            continue
        if "position" in part.natural_key_fields:
            kind = getattr(row, "kind", None)
            row.position = numbers[kind] = numbers.get(kind, 0) + 1
        elif is_new and _key_of(row, named_by) in taken:
            continue
        taken.add(_key_of(row, named_by))
        if hasattr(row, "is_live"):
            row.is_live = not record.is_change
        row.save()
        if is_new:
            _fill_lists(row, draw, rows)


def _key_of(row: Part, named_by: set[str]) -> tuple:
    return tuple(str(getattr(row, name)) for name in sorted(named_by - {row.record_field, "position"}))
