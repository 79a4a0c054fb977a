"""Rules of the world as database constraints, each written once as a small named function.

Every function takes the names of fields and the sentence that an editor reads when the rule is broken.
"""

from django.db.models import CharField, CheckConstraint, F, Index, Q, UniqueConstraint, Value
from django.db.models.functions import Concat
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan

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


def certain_to_miss(date: str, start: str | None, end: str | None) -> Q:
    """The condition of rows that surely do not hold on a date: over before it, or begun after it. For `exclude()`.

    What may hold is not among them: a row without a beginning, or one that ended in the year of the date. It compares
    text as `not_before` does; `date` is a partial date as it is stored, such as "2017-05".
    """
    missed = Q(pk__in=[])
    if end:
        as_late_as_can_be = Concat(F(end), Value("-99"), output_field=CharField())
        missed |= Q(**{f"{end}__isnull": False}) & Q(LessThan(as_late_as_can_be, Value(date)))
    if start:
        begun_after = GreaterThan(F(start), Value(f"{date}-99", output_field=CharField()))
        missed |= Q(**{f"{start}__isnull": False}) & Q(begun_after)
    return missed


def all_or_none(*fields: str, empty: dict[str, object] | None = None, name: str, message: str) -> CheckConstraint:
    """Fields that belong together are all filled or all empty. `empty` says what empty is where it is not null."""
    empty = empty or {}
    is_empty = [Q(**({f: empty[f]} if f in empty else {f"{f}__isnull": True})) for f in fields]
    none, every = Q(), Q()
    for condition in is_empty:
        none &= condition
        every &= ~condition
    return holds(none | every, name=name, message=message)


def facet_index(facet: str) -> Index:
    """An index from which a list page reads its counts and newest date by facet, without reading the rows."""
    return Index(fields=["state", facet, "updated_at"], name="%(class)s_facet")


def unique(*fields: str, name: str, message: str, condition: Q | None = None) -> UniqueConstraint:
    """No two rows share these values."""
    return UniqueConstraint(fields=fields, condition=condition, name=PREFIX + name, violation_error_message=message)
