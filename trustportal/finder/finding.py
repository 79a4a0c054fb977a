"""Puts a question to the records of a finder: the rows, how many, what each facet would leave, what was asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Model, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from trustportal.finder.address import DATES, Question
from trustportal.finder.counting import Combination, Counted, LinkCount, count_links
from trustportal.finder.facets import Facet, Finder, LinkedFacet, OwnFacet, Sort
from trustportal.partial_date import PartialDate, Span, to_partial_date

MOST_OFFERED = 10  # values of a facet that has very many
LONGEST_WORDS = 200


class UnknownValueError(LookupError):
    """The address names a value that there is not."""


class MovedError(LookupError):
    """The address names a record as it was called once; `question` names it as it is called now."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.query)
        self.question = question


@dataclass(frozen=True)
class Value:
    """One value of a facet: as the address writes it, its name, how many records it alone would leave."""

    value: str
    label: str
    count: int
    is_chosen: bool = False
    is_left_out: bool = False


@dataclass(frozen=True)
class Offer:
    """One facet as readers see it: the values to choose from, and whether there are more."""

    facet: Facet
    values: list[Value]
    has_more: bool = False

    @property
    def left_out(self) -> list[Value]:
        """Those that are left out."""
        return [value for value in self.values if value.is_left_out]

    @property
    def others(self) -> list[Value]:
        """Those about which nothing is said."""
        return [value for value in self.values if not value.is_left_out and not value.is_chosen]

    @property
    def is_used(self) -> bool:
        """Whether it narrows the list."""
        return len(self.others) < len(self.values)


@dataclass(frozen=True)
class Chip:
    """One thing that was asked, in words, and the address of the list without it."""

    label: str
    words: str
    address: str


@dataclass
class Finding:
    """A question, put to published records. `path` is the address of the list.

    Takes one question for the records that the address names (of each facet), one for all facets by own columns, which
    also counts the rows, one for all facets by links, and one for the names of their values (of each model).
    Raises UnknownValueError.
    """

    finder: Finder
    question: Question
    path: str
    errors: dict[str, str] = field(default_factory=dict)  # by name in the address

    def __post_init__(self) -> None:
        self.own = [facet for facet in self.finder.facets if isinstance(facet, OwnFacet)]
        self.linked = [facet for facet in self.finder.facets if isinstance(facet, LinkedFacet)]
        self.named: dict[str, dict[str, tuple[object, str]]] = {}  # facet → value → (key, label) of what was asked
        for facet in self.finder.facets:
            self.named[facet.name] = self._known(facet)
        self.sort = self._sort()
        self.size = self._size()
        self.spans = self._spans()
        self.words = self.question.value("q")
        if len(self.words) > LONGEST_WORDS:
            self.errors["q"] = _("Write fewer words: at most %(count)d characters.") % {"count": LONGEST_WORDS}
            self.words = ""
        elif self.words and not any(map(str.isalnum, self.words)):
            self.errors["q"] = _("There is no word to look for in this. Write one or more words.")
            self.words = ""

    def _asked(self, facet: Facet) -> list[str]:
        return [*self.question.values(facet.name), *self.question.values(facet.not_name)]

    def _known(self, facet: Facet) -> dict[str, tuple[object, str]]:
        """The keys and names of the values that were asked of a facet."""
        asked = self._asked(facet)
        if not asked:
            return {}
        if isinstance(facet, LinkedFacet) and facet.model is not None:
            rows = facet.model.objects.published().filter(slug__in=asked).values_list("slug", "pk", "name")
            found = {slug: (key, name) for slug, key, name in rows}
        else:
            label_of = facet.label_of if isinstance(facet, OwnFacet) else facet.labels().get
            found = {value: (value, str(label_of(value))) for value in asked if label_of(value) is not None}
        if missing := set(asked) - found.keys():
            raise self._moved(facet, missing) or UnknownValueError(facet.name)
        return found

    def _moved(self, facet: Facet, missing: set[str]) -> MovedError | None:
        """The question with the present addresses of records that had other ones; None where one has none."""
        records = facet.model.objects.published() if isinstance(facet, LinkedFacet) and facet.model else None
        if not hasattr(records, "slugs_now"):  # as of areas, which are not renamed
            return None
        now = records.slugs_now(missing)
        if now.keys() < missing:
            return None
        names = {facet.name, facet.not_name}
        pairs = [(name, now.get(value, value) if name in names else value) for name, value in self.question.pairs]
        return MovedError(Question.of(self.finder, pairs))

    def _sort(self) -> Sort:
        wanted = self.question.value("sort")
        for sort in self.finder.sorts:
            if sort.name == wanted or not wanted:
                return sort
        raise UnknownValueError("sort")

    def _size(self) -> int:
        wanted = self.question.value("size")
        if wanted and wanted not in {str(size) for size in self.finder.sizes}:
            raise UnknownValueError("size")
        return int(wanted or self.finder.usual_size)

    def _spans(self) -> list[Span]:
        """The times that were asked. What cannot be read is an error, and narrows nothing."""
        dates: dict[str, PartialDate] = {}
        for name in DATES:
            if text := self.question.value(name):
                try:
                    dates[name] = to_partial_date(text)
                except ValidationError as error:
                    self.errors[name] = error.messages[0]
        spans = [Span.of(dates[name]) for name in ("active", "as-at") if name in dates]
        first, last = dates.get("active-from"), dates.get("active-to")
        if first and last and last.latest < first.earliest:
            self.errors["active-to"] = _("The end is before the beginning. Change one of the two.")
        elif first or last:
            spans.append(Span(first, last))
        return spans

    # The records

    def _narrowed(self, records: QuerySet, facet: Facet) -> QuerySet:
        """The records that a facet leaves."""
        for name, is_wanted in ((facet.name, True), (facet.not_name, False)):
            keys = [self.named[facet.name][value][0] for value in self.question.values(name)]
            if not keys:
                continue
            if isinstance(facet, LinkedFacet):
                word = records.leading_to if is_wanted else records.not_leading_to
                records = word(facet.links, keys)
            else:
                word = records.filter if is_wanted else records.exclude
                records = word(**{f"{facet.column}__in": keys})
        return records

    @cached_property
    def _all(self) -> QuerySet:
        """The published records with the columns of the facets, narrowed by words and dates. Put together once: what
        words mean is asked of the database."""
        records = self.finder.model.objects.published()
        for facet in self.own:
            if facet.word:
                records = getattr(records, facet.word)()
        if self.words:
            records = records.saying(self.words)
        for span in self.spans:
            records = self.finder.dates.word(records, span)
        return records

    def records(self, *but: Facet) -> QuerySet:
        """The records that the question leaves, in no order; some facets may be left out of the question."""
        records = self._all
        for facet in self.finder.facets:
            if facet not in but:
                records = self._narrowed(records, facet)
        return records

    def in_order(self, records: QuerySet) -> QuerySet:
        """Records in the order that was asked."""
        return self.sort.word(records)

    # What they come to

    @cached_property
    def combinations(self) -> list[Combination]:
        """How many records have which values in the columns of the own facets, these facets left out. One question."""
        columns = [facet.column for facet in self.own]
        rows = (
            self.records(*self.own)
            .order_by()
            .values_list(*columns)
            .annotate(count_of_records=Count("pk"), newest_update=Max("updated_at"))
        )
        return [Combination(dict(zip(columns, map(str, row[:-2]), strict=True)), row[-2], row[-1]) for row in rows]

    def _leaves(self, combination: Combination, facet: OwnFacet) -> bool:
        value = combination.values[facet.column]
        wanted = self.question.values(facet.name)
        return (not wanted or value in wanted) and value not in self.question.values(facet.not_name)

    @cached_property
    def _shown(self) -> list[Combination]:
        return [row for row in self.combinations if all(self._leaves(row, facet) for facet in self.own)]

    @property
    def total(self) -> int:
        """How many records the question leaves."""
        return sum(row.count for row in self._shown)

    @property
    def newest(self) -> object:
        """When the newest of them was updated; None where there is none."""
        return max((row.newest for row in self._shown if row.newest), default=None)

    @cached_property
    def offers(self) -> list[Offer]:
        """The facets with their values. Those without any value are left out."""
        offered = [facet for facet in self.linked if not facet.is_quiet or self._asked(facet)]
        counts = count_links(self.link_count(facet) for facet in offered)
        names = self._names(counts)
        offers = []
        for facet in self.finder.facets:
            if isinstance(facet, OwnFacet):
                offers.append(self._own_offer(facet))
            elif facet in offered:
                offers.append(self._linked_offer(facet, counts[facet.name], names))
        return [offer for offer in offers if offer.values]

    def _own_offer(self, facet: OwnFacet) -> Offer:
        counts: dict[str, int] = dict.fromkeys(self._asked(facet), 0)
        for row in self.combinations:
            if all(self._leaves(row, other) for other in self.own if other is not facet):
                value = row.values[facet.column]
                counts[value] = counts.get(value, 0) + row.count
        values = [(value, facet.label_of(value)) for value in facet.in_order(counts)]
        return Offer(facet, [self.value(facet, value, label, counts[value]) for value, label in values if label])

    def link_count(self, facet: LinkedFacet) -> LinkCount:
        """What to count for a facet by links: all other facets as asked, this one left out."""
        chosen = tuple(key for key, _label in self.named[facet.name].values())
        records = self.records(facet)
        told = None if facet.model is None else self.told(facet.model)
        pairs = [records.pairs_by(link) for link in facet.links]
        return LinkCount(
            facet.name,
            records.record_keys(),
            pairs,
            told,
            has_doubles=any("__" in link.path for link in facet.links),
            always=chosen,
            most=MOST_OFFERED + len(chosen),
        )

    def told(self, model: type[Model], named: str = "") -> QuerySet:
        """The keys and names of the records to which links may lead; those with a text in their name."""
        records = model.objects.published().order_by()
        records = records.filter(name__icontains=named) if named else records
        return records.values_list("pk", "name")

    def page_of_values(self, facet: LinkedFacet, number: int, size: int, named: str) -> tuple[list[Value], int]:
        """So many values of a facet, A to Z, those of one page; and how many there are in all. Two questions."""
        count = replace(
            self.link_count(facet),
            told=self.told(facet.model, named),
            always=(),
            is_by_name=True,
            most=size,
            after=(number - 1) * size,
        )
        counted = count_links([count])
        names = self._names(counted).get(facet.model, {})
        counts = counted[facet.name]
        values = [self.value(facet, *names[key], number) for key, number in counts.values.items() if key in names]
        return values, counts.total

    def _names(self, counts: dict[str, Counted]) -> dict[type, dict[str, tuple[str, str]]]:
        """The slugs and names of the records that were counted, by key. One question for each model."""
        keys: dict[type, set[str]] = {}
        for facet in self.linked:
            if facet.model is not None and facet.name in counts:
                keys.setdefault(facet.model, set()).update(counts[facet.name].values)
        return {
            model: {
                str(key): (slug, name)
                for key, slug, name in model.objects.filter(pk__in=of_model).values_list("pk", "slug", "name")
            }
            for model, of_model in keys.items()
        }

    def _linked_offer(self, facet: LinkedFacet, counted: Counted, names: dict) -> Offer:
        counts = counted.values
        if facet.model is None:
            values = [
                self.value(facet, value, str(label), counts.get(value, 0))
                for value, label in facet.labels().items()
                if value in counts or value in self.named[facet.name]
            ]
            return Offer(facet, values)
        asked = self.named[facet.name]
        found = {slug: (name, counts[key]) for key, (slug, name) in names.get(facet.model, {}).items() if key in counts}
        found |= {slug: (name, 0) for slug, (_key, name) in asked.items() if slug not in found}
        ranked = sorted(found, key=lambda slug: (slug not in asked, -found[slug][1], found[slug][0]))
        values = [self.value(facet, slug, *found[slug]) for slug in ranked]
        return Offer(facet, values, has_more=counted.total > len(counts))

    def value(self, facet: Facet, value: str, label: str, count: int) -> Value:
        """A value as readers see it."""
        chosen, left_out = (value in self.question.values(name) for name in (facet.name, facet.not_name))
        return Value(value, label, count, chosen, left_out)

    # What was asked

    @property
    def chips(self) -> Iterator[Chip]:
        """All that was asked, each with the address of the list without it."""
        for name, value in self.question.but("sort", "size", "more", "named").pairs:
            address = self.question.without(name, value).address(self.path)
            label, words = self._in_words(name, value)
            if words:
                yield Chip(label, words, address)

    def _in_words(self, name: str, value: str) -> tuple[str, str]:
        if name == "q":
            return _("Words"), f"“{value}”"
        if name in DATES:
            if name in self.errors:
                return "", ""
            date = to_partial_date(value)
            within = _("on %(date)s") if date.day else _("in %(date)s")
            says = {"active-from": _("from %(date)s"), "active-to": _("until %(date)s")}.get(name, within)
            return str(self.finder.dates.label), says % {"date": date.words}
        is_left_out = name.startswith("not-") and self.finder.facet(name) is None
        facet = self.finder.facet(name.removeprefix("not-") if is_left_out else name)
        label = self.named[facet.name][value][1]
        return str(facet.label), _("not %(value)s") % {"value": label} if is_left_out else label
