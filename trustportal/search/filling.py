"""Writing the entries: of a record that is published, and of all of them anew."""

import heapq
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from trustportal.search.facets import facet_word
from trustportal.search.models import KnownWord, Searchable, SearchEntry, SearchText
from trustportal.search.words import BREAK, clean, fold, same, stem, stems, words

AT_ONCE = 500  # entries written in one transaction
SHORTEST_KNOWN = 3  # letters of a word by which others are mended
MOST_COUNTED = 50_000  # words whose numbers are held in memory


def entry_of(record: Any) -> tuple[SearchEntry, set[str]]:
    """The entry of a record that has been read `for_search()`, and its words by which others can be mended."""
    return entry_saying(type(record), record.pk, record.to_search())


def entry_saying(model: type[Any], key: int, said: SearchText) -> tuple[SearchEntry, set[str]]:
    """The entry of the record of that key that says so of itself, and its words by which others can be mended."""
    title, summary = clean(said.title), clean(said.summary)
    lines = (line for part in said.body for line in part.splitlines())
    body = "\n".join(filter(None, (clean(line).strip() for line in lines)))
    names = list(dict.fromkeys(filter(None, map(same, [said.title, *said.names]))))
    codes = [name.replace(" ", "") for name in names if " " in name and any(map(str.isdigit, name))]
    values = [
        ("type", model._meta.model_name),
        ("kind", said.kind),
        ("scope", said.scope),
        ("year", said.year),
        ("lead", said.lead_key or ""),
        *(("place", place) for place in said.places),
        *(("priority", key) for key in said.priorities),
    ]
    found = [words(text) for text in (title, summary, body)]
    entry = SearchEntry(
        content_type=ContentType.objects.get_for_model(model),
        object_id=key,
        type=model._meta.model_name,
        standing=model.search_standing,
        kind=said.kind,
        scope=said.scope,
        year=said.year,
        lead_key=said.lead_key,
        updated_at=said.updated_at,
        recency=int(said.updated_at.timestamp()) if said.updated_at else 0,
        title=title,
        address=said.address,
        places="\n".join(said.places),
        priorities="\n".join(map(str, said.priorities)),
        names="\n".join([*names, *codes]),
        title_words=f" {BREAK} ".join([stems(title, found[0]), *map(stems, map(clean, said.names)), *codes]),
        summary_words=stems(summary, found[1]),
        facet_words=" ".join(facet_word(facet, value) for facet, value in values if value),
        body_words=stems(body, found[2]),
        summary=summary,
        body=body,
    )
    every = set(map(fold, set().union(*found)))
    return entry, {word for word in every if len(word) >= SHORTEST_KNOWN and word.isalpha()}


@transaction.atomic(savepoint=False)
def fill(model: type[Any], keys: list[int]) -> list[str]:
    """Write the entries of some public records of one model anew. Gives the names that each is found by."""
    written = [entry_of(record) for record in model.objects.searched().filter(pk__in=keys).for_search()]
    entries = [entry for entry, _words in written]
    SearchEntry.objects.remove(ContentType.objects.get_for_model(model), keys)
    SearchEntry.objects.add(entries)
    found: set[str] = set().union(*(said for _entry, said in written))
    KnownWord.objects.add((word, stem(word)) for word in found)
    return [entry.names for entry in entries]


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
    have been written so far."""

    def __init__(self) -> None:
        self.models = searched_models()
        self.counts: Counter[str] = Counter()
        self.written = 0

    def total(self) -> int:
        """How many there are to write."""
        return sum(model.objects.searched().count() for model in self.models)

    def __iter__(self) -> Iterator[int]:
        """Those updated first are written first, so that the newest have the highest keys."""
        newest = SearchEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        KnownWord.objects.update(count=0)
        keys = heapq.merge(*(_keys(model, position) for position, model in enumerate(self.models)))
        while some := list(islice(keys, AT_ONCE)):
            self._write(some)
            yield self.written
        self._learn()
        while stale := list(SearchEntry.objects.written_before(newest).values_list("pk", flat=True)[:AT_ONCE]):
            SearchEntry.objects.filter(pk__in=stale).delete()  # of records that are public no more
        KnownWord.objects.filter(count=0).delete()

    @transaction.atomic
    def _write(self, keys: list[tuple[Any, int, int]]) -> None:
        entries: dict[tuple[int, int], tuple[SearchEntry, set[str]]] = {}
        for position, model in enumerate(self.models):
            own = [key for _, at, key in keys if at == position]
            if own:
                entries |= {(position, record.pk): entry_of(record) for record in model.objects.locked_for_search(own)}
                SearchEntry.objects.remove(ContentType.objects.get_for_model(model), own)
        # In the order of the keys, so that entries that are written later have higher keys.
        wanted = [entries[position, key] for _, position, key in keys if (position, key) in entries]
        SearchEntry.objects.add(entry for entry, _words in wanted)
        for _entry, said in wanted:
            self.counts.update(said)
        self.written += len(wanted)
        if len(self.counts) > MOST_COUNTED:
            self._learn()

    @transaction.atomic
    def _learn(self) -> None:
        KnownWord.objects.learn({word: (stem(word), count) for word, count in self.counts.items()})
        self.counts.clear()
