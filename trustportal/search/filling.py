"""Writing the entries: of a record that is published, and of all of them anew."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from trustportal.search.backends import backend
from trustportal.search.facets import facet_word
from trustportal.search.models import KnownWord, Searchable, SearchEntry, SearchText
from trustportal.search.models.entry import SAYING, EntryRow, said
from trustportal.search.reading import told_of
from trustportal.search.words import BREAK, clean, known_as, same, stem, stems, words

AT_ONCE = 500  # entries written in one transaction
NAMES = SAYING.index("names")
TEXT = itemgetter(*map(SAYING.index, ("title", "summary", "body")))
MOST_COUNTED = 50_000  # words whose numbers are held in memory


@dataclass(frozen=True)
class Written:
    """The entry of a record as it should be, its words by which others can be mended, and what is kept of it now."""

    entry: EntryRow
    words: set[str]
    kept_key: int | None
    kept: tuple

    @property
    def is_new(self) -> bool:
        """Whether the record has no entry that says the same."""
        return self.kept != said(self.entry)

    @property
    def has_new_names(self) -> bool:
        """Whether it is found by other names than before."""
        return not self.kept or self.kept[NAMES] != self.entry.names

    def new_words(self) -> set[str]:
        """Its words that what is kept has not."""
        return self.words - known_words_in(TEXT(self.kept)) if self.kept else self.words


def known_words_in(texts: Iterable[str]) -> set[str]:
    """The words of cleaned texts by which others can be mended."""
    return set(map(known_as, chain.from_iterable(map(words, texts)))) - {""}


def written_of(model: type[Any], records: list[Any]) -> Iterator[Written]:
    """What those of some records of one model that are found say now, and what is kept of them."""
    keys = [record.pk for record in records]
    told, kept = told_of(model, keys), SearchEntry.objects.kept_of(ContentType.objects.get_for_model(model), keys)
    for record in records:
        if told[record.pk]["record"]:
            entry, words = entry_saying(model, record.pk, record.to_search(told[record.pk]))
            yield Written(entry, words, *kept.get(record.pk, (None, ())))


def entry_saying(model: type[Any], key: int, text: SearchText) -> tuple[EntryRow, set[str]]:
    """The entry of the record of that key that says this of itself, and its words by which others can be mended."""
    title, summary = clean(text.title), clean(text.summary)
    lines = (line for part in text.body for line in part.splitlines())
    body = "\n".join(filter(None, (clean(line).strip() for line in lines)))
    names = list(dict.fromkeys(filter(None, map(same, [text.title, *text.names]))))
    codes = [name.replace(" ", "") for name in names if " " in name and any(map(str.isdigit, name))]
    values = [
        ("type", model._meta.model_name),
        ("kind", text.kind),
        ("scope", text.scope),
        ("year", text.year),
        ("lead", text.lead_key or ""),
        *(("place", place) for place in text.places),
        *(("priority", key) for key in text.priorities),
    ]
    found = [words(part) for part in (title, summary, body)]
    title_words = f" {BREAK} ".join([stems(title, found[0]), *map(stems, map(clean, text.names)), *codes])
    summary_words, body_words = stems(summary, found[1]), stems(body, found[2])
    entry = EntryRow(
        content_type_id=ContentType.objects.get_for_model(model).pk,
        object_id=key,
        type=model._meta.model_name,
        standing=model.search_standing,
        kind=text.kind,
        scope=text.scope,
        year=text.year,
        lead_key=text.lead_key,
        updated_at=text.updated_at,
        recency=int(text.updated_at.timestamp()) if text.updated_at else 0,
        title=title,
        address=text.address,
        places="\n".join(text.places),
        priorities="\n".join(map(str, text.priorities)),
        names="\n".join([*names, *codes]),
        title_words=title_words,
        summary_words=summary_words,
        facet_words=" ".join(facet_word(facet, value) for facet, value in values if value),
        body_words=body_words,
        pair_words=backend().pair_words(title_words, summary_words, body_words),
        summary=summary,
        body=body,
    )
    return entry, set(map(known_as, chain.from_iterable(found))) - {""}


def write(found: list[Written]) -> None:
    """Write those entries that say something new, in their order."""
    new = [one for one in found if one.is_new]
    SearchEntry.objects.remove([one.kept_key for one in new if one.kept_key])
    SearchEntry.objects.add(one.entry for one in new)


@transaction.atomic(savepoint=False)
def fill(model: type[Any], records: list[Any]) -> bool:
    """Write the entries of some records of one model anew; those that are not found have none. Gives whether one has
    other names now."""
    found = list(written_of(model, records))
    write(found)
    if gone := {record.pk for record in records} - {one.entry.object_id for one in found}:
        SearchEntry.objects.of_records(ContentType.objects.get_for_model(model), list(gone)).delete()
    new_words: set[str] = set().union(*(one.new_words() for one in found if one.is_new))
    KnownWord.objects.add({word: stem(word) for word in new_words})
    return any(one.has_new_names for one in found)


# All of them


def searched_models() -> list[type[Any]]:
    """The models whose records are searched."""
    return [model for model in apps.get_models() if issubclass(model, Searchable) and not model._meta.proxy]


def _keys(model: type[Any], position: int) -> Iterator[tuple[Any, int, int]]:
    """The public records of a model, those updated first: when, the model's place in the list, the key."""
    last = None
    while rows := model.objects.keys_after(last, AT_ONCE):
        yield from ((updated_at, position, key) for updated_at, key in rows)
        last = rows[-1]


class Rebuild:
    """Writes all entries anew, some at a time, while the site goes on searching. Iterate over it; it yields how many
    records have been read so far. What is as it should be is left as it is."""

    def __init__(self) -> None:
        self.models = searched_models()
        self.counts: Counter[str] = Counter()
        self.read = self.written = 0

    def total(self) -> int:
        """How many records there are to read."""
        return sum(model.objects.searched().count() for model in self.models)

    def __iter__(self) -> Iterator[int]:
        """Those updated first are read first, so that of those written the newest have the highest keys."""
        KnownWord.objects.update(count=0)
        keys = heapq.merge(*(_keys(model, position) for position, model in enumerate(self.models)))
        while some := list(islice(keys, AT_ONCE)):
            self._write(some)
            yield self.read
        self._learn()
        models = map(ContentType.objects.get_for_model, self.models)
        for stale in [SearchEntry.objects.of_others(models), *(model.objects.stale_entries() for model in self.models)]:
            while gone := list(stale.values_list("pk", flat=True)[:AT_ONCE]):
                SearchEntry.objects.remove(gone)
        KnownWord.objects.filter(count=0).delete()

    @transaction.atomic
    def _write(self, some: list[tuple[Any, int, int]]) -> None:
        found: dict[tuple[int, int], Written] = {}
        for position, model in enumerate(self.models):
            if own := [key for _, at, key in some if at == position]:
                records = list(model.objects.locked_for_search(own))
                found |= {(position, one.entry.object_id): one for one in written_of(model, records)}
        # In the order of the keys, so that entries that are written later have higher keys.
        in_order = [found[position, key] for _, position, key in some if (position, key) in found]
        write(in_order)
        for one in in_order:
            self.counts.update(one.words)
        self.read += len(in_order)
        self.written += sum(one.is_new for one in in_order)
        if len(self.counts) > MOST_COUNTED:
            self._learn()

    @transaction.atomic
    def _learn(self) -> None:
        KnownWord.objects.learn({word: (stem(word), count) for word, count in self.counts.items()})
        self.counts.clear()
