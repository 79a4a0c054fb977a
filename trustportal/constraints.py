"""Rules of the world as database constraints, each written once as a small named function.

Every function takes the names of fields and the sentence that an editor reads when the rule is broken.
"""

from django.db.models import CharField, CheckConstraint, F, Index, Q, UniqueConstraint, Value
from django.db.models.functions import Concat
from django.db.models.lookups import GreaterThanOrEqual

PREFIX = "%(app_label)s_%(class)s_"


def holds(rule: Q, *, name: str, message: str) -> CheckConstraint:
    """The condition is true of every row."""
    return CheckConstraint(condition=rule, name=PREFIX + name, violation_error_message=message)


def differ(first: str, second: str, *, message: str) -> CheckConstraint:
    """Two relations do not name the same row."""
    return holds(~Q(**{first: F(second)}), name=f"{first}_is_not_{second}", message=message)


def not_before(end: str, start: str, *, message: str) -> CheckConstraint:
    """A partial date is not before another, whatever the precision of the two.

    "2017" is not before "May 2017", since it may be December. The stored text of the end is made as late as it can
    be with "-99", so that a plain comparison of text is right: "2017-99" >= "2017-05".
    """
    as_late_as_can_be = Concat(F(end), Value("-99"), output_field=CharField())
    rule = Q(GreaterThanOrEqual(as_late_as_can_be, F(start)))
    unknown = Q(**{f"{end}__isnull": True}) | Q(**{f"{start}__isnull": True})
    return holds(unknown | rule, name=f"{end}_not_before_{start}", message=message)


def can_be_from(date: str, first_day: str) -> Q:
    """A partial date can be a day (written 2016-06-30) or a later one: "2016" can, and so can "2016-06".

    A date that is not known is not among them. Plain comparisons of text, so that an index of dates can begin with the
    year.
    """
    year, month = first_day[:4], first_day[:7]
    later = Q(**{f"{date}__gte": first_day}) | Q(**{f"{date}__in": [year, month]})
    return Q(**{f"{date}__gte": year}) & later


def may_overlap(start: str, end: str, first_day: str, last_day: str) -> Q:
    """What began and ended on two partial dates (paths, "" where there is none) may have run between two days.

    The days are written 2016-06-30, or "" where there is no limit. Only dates that rule it out do: what is unknown, or
    known too vaguely, may have.
    """
    rule = Q()
    if last_day and start:
        rule &= Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": last_day})
    if first_day and end:
        rule &= Q(**{f"{end}__isnull": True}) | can_be_from(end, first_day)
    return rule


def all_or_none(*fields: str, empty: dict[str, object] | None = None, name: str, message: str) -> CheckConstraint:
    """Fields that belong together are all filled or all empty. `empty` says what empty is where it is not null."""
    empty = empty or {}
    is_empty = [Q(**({f: empty[f]} if f in empty else {f"{f}__isnull": True})) for f in fields]
    none, every = Q(), Q()
    for condition in is_empty:
        none &= condition
        every &= ~condition
    return holds(none | every, name=name, message=message)


def facet_index(*facets: str) -> Index:
    """An index from which a list reads its counts and newest date by facets and dates, without reading the rows."""
    return Index(fields=["state", *facets, "updated_at"], name="%(class)s_facet")


def run_indexes() -> list[Index]:
    """The indexes from which a timeline reads what began or ended in a year, without reading all rows."""
    return [
        Index(fields=["state", "started_on"], name="%(class)s_started"),
        Index(fields=["state", "ended_on"], name="%(class)s_ended"),
    ]


def unique(*fields: str, name: str, message: str, condition: Q | None = None) -> UniqueConstraint:
    """No two rows share these values."""
    return UniqueConstraint(fields=fields, condition=condition, name=PREFIX + name, violation_error_message=message)
