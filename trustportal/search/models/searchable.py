"""What a model needs so that its public records are found."""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self

from django.apps import apps
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils.translation import get_language

from trustportal.search.backends import backend
from trustportal.search.facets import facet_word
from trustportal.search.models.entry import SearchEntry
from trustportal.search.models.synonym import Synonym
from trustportal.search.query import read
from trustportal.search.reading import A_KEY, Kept, Rows, Told

MOST_FILLED_ANEW = 50  # records that name another, at its publication; the nightly rebuild does the rest
MARKDOWN = re.compile(r"^\s{0,3}(?:#{1,6}|>|[-*+]|\d+\.)\s+|\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)", re.MULTILINE)
MARKS = ("\n", "*", "_", "`", "[")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def plain(markdown: str) -> str:
    """The words of an editor's Markdown, without its marks."""
    if not any(mark in markdown for mark in MARKS) and markdown[:1].isalpha():
        return markdown
    return MARKDOWN.sub("", LINK.sub(r"\1", markdown))


def label_of(choice: models.TextChoices) -> str:
    """What a choice is called. Kept, since translating it takes longer than reading the record."""
    return _label_of(choice, get_language())


@lru_cache
def _label_of(choice: models.TextChoices, _language: str | None) -> str:
    return str(choice.label)


@dataclass(frozen=True)
class SearchText:
    """What a public record says of itself to those who search.

    `names` are other names and codes by which it is asked for; `body` its text as people read it, a paragraph each.
    """

    title: str
    summary: str
    address: str
    updated_at: datetime.datetime | None
    names: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    kind: str = ""
    scope: str = ""
    year: str = ""
    lead_key: int | None = None
    places: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()


class SearchableQuerySet(models.QuerySet):
    """The words for records that are searched."""

    def searched(self) -> Self:
        """Those that are found: the public ones."""
        return self.published()

    def for_search(self) -> dict[str, Rows]:
        """What `to_search()` needs to know besides the record's own columns. The rows called "record" are one for each
        record that is found, and none for others."""
        return {"record": Rows(self.searched(), "pk")}

    def saying(self, text: str) -> Self:
        """Those whose public text has all words of a text; none where the text has no words. As in a search, a last
        word that nobody has written may be the beginning of some where nothing has it.

        Which of the two it is does not depend on what else narrows the records, so that a list, its counts and its
        files agree. One query, two for the words, and two more where the last word is unknown.
        """
        from trustportal.search.searching import known_words, with_beginning

        query = read(text, Synonym.groups())
        if query.is_empty:
            return self.none()
        of_this_type = [facet_word("type", self.model._meta.model_name)]
        longer = with_beginning(query, known_words(query))
        if longer != query and not SearchEntry.objects.keys_matching(query, of_this_type, most=1):
            query = longer
        return self.filter(pk__in=backend().records(query, of_this_type))

    def keys_after(self, last: tuple[datetime.datetime, int] | None, most: int) -> list[tuple[datetime.datetime, int]]:
        """When the next public records were updated, with their keys; those updated first come first."""
        rows = self.searched()
        if last:
            updated_at, key = last
            rows = rows.filter(models.Q(updated_at__gt=updated_at) | models.Q(updated_at=updated_at, pk__gt=key))
        return list(rows.order_by("updated_at", "pk").values_list("updated_at", "pk")[:most])

    def locked_for_search(self, keys: list[int]) -> Self:
        """Those public records of some; nobody publishes or withdraws them meanwhile."""
        return self.searched().filter(pk__in=keys).select_for_update(of=("self",), no_key=True).order_by("pk")

    def stale_entries(self) -> models.QuerySet:
        """The entries of records that are public no more."""
        content_type = ContentType.objects.get_for_model(self.model)
        return SearchEntry.objects.filter(content_type=content_type).exclude(object_id__in=self.searched().values("pk"))


class Searchable(models.Model):
    """A record whose public text is searched. `to_search()` says what it says; the rest follows."""

    search_standing: ClassVar[int]  # among equally good results those of the lowest come first
    is_named_in_search: ClassVar[bool] = False  # whether the entries of other records have its name

    search_entries = GenericRelation("search.SearchEntry")

    class Meta:
        abstract = True

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search; nothing that its public page does not say. `told` are its rows of what
        `for_search()` names. Asks the database nothing."""
        raise NotImplementedError

    def on_published(self) -> None:
        """Write the entry; where the name is new, also those of records that name it."""
        from trustportal.search.filling import fill

        super().on_published()
        if fill(type(self), [self]):
            self._fill_those_that_name_it()

    def on_updated(self) -> None:
        """Write the entry with the new date."""
        from trustportal.search.filling import fill

        super().on_updated()
        fill(type(self), [self])

    def on_withdrawn(self) -> None:
        """Take the entry away, and the name from those of records that name it."""
        super().on_withdrawn()
        self.search_entries.all().delete()
        self._fill_those_that_name_it()

    def _fill_those_that_name_it(self) -> None:
        from trustportal.search.filling import fill

        if not self.is_named_in_search:
            return
        named_by: dict[str, list[int]] = defaultdict(list)
        for _key, label, key in entries_naming(type(self), self.pk):
            named_by[label].append(key)
        for label, keys in named_by.items():
            model = apps.get_model(label)
            # Whoever is publishing one of them now writes its entry anyway.
            fill(model, list(model.objects.filter(pk__in=keys).select_for_update(skip_locked=True, no_key=True)))


def entries_naming(model: type[models.Model], key: int) -> list[tuple[int, str, int]]:
    """The newest entries of records that point, or whose parts point, to the record of a model with that key: the
    entry's key, the name of the record's model, and the record's key."""
    kept = _query_naming(model, connection.vendor)
    if kept is None:
        return []
    with connection.cursor() as cursor:
        return kept.rows(cursor, [key])


@lru_cache
def _query_naming(model: type[models.Model], _vendor: str) -> Kept | None:
    """The query for that, kept for each database that there is; None where nothing points to such a record."""
    found = []
    for relation in model._meta.related_objects:
        naming, name = relation.related_model, relation.field.name
        path = getattr(naming, "record_field", "pk")  # a part of a record leads to it
        record = naming if path == "pk" else naming._meta.get_field(path).related_model
        if issubclass(record, Searchable) and path != name and name != "draft_of":
            keys = naming._base_manager.filter(**{name: A_KEY}).order_by().values(path)
            of = record._meta
            entries = SearchEntry.objects.filter(
                content_type__app_label=of.app_label, content_type__model=of.model_name, object_id__in=keys
            )
            label = models.Value(of.label_lower, output_field=models.CharField())
            found.append(entries.order_by().values_list("pk", label, "object_id"))
    if not found:
        return None
    first, *others = found
    newest = first.union(*others).order_by("-pk")[:MOST_FILLED_ANEW]
    sql, parameters = newest.query.get_compiler(connection=connection).as_sql()
    return Kept("entries", sql, tuple(parameters))
