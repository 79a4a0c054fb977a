"""What is looked up: one entry for each public record, and the words that occur in them."""

import datetime
from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import unique
from trustportal.search.backends import backend
from trustportal.search.query import Query


class EntryRow(NamedTuple):
    """The columns of an entry that is to be written. Objects of the model take ten times as long to make."""

    content_type_id: int
    object_id: int
    type: str
    standing: int
    kind: str
    scope: str
    year: str
    lead_key: int | None
    updated_at: datetime.datetime | None
    recency: int
    title: str
    address: str
    places: str
    priorities: str
    names: str
    title_words: str
    summary_words: str
    facet_words: str
    body_words: str
    pair_words: str
    summary: str
    body: str


class SearchEntryQuerySet(models.QuerySet):
    """The words for entries."""

    def keys_matching(self, query: Query, narrowed_to: list[str], *, in_title: bool = False, most: int) -> list[int]:
        """The keys of at most so many entries that have what is asked, those written last first. One query."""
        return backend().keys(query, narrowed_to, in_title=in_title, most=most)

    def columns(self, names: tuple[str, ...], keys: list[int]) -> list[tuple]:
        """Some columns of the entries of some keys, as the database gives them. One query.

        Without the ORM, which takes longer to make rows of a thousand entries than the database to find them.
        """
        if not keys:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(names)} FROM {self.model._meta.db_table} "  # noqa: S608  names and numbers of ours
                f"WHERE id IN ({', '.join(map(str, map(int, keys)))})"
            )
            return cursor.fetchall()

    def kept_of(self, content_type: ContentType, keys: list[int]) -> dict[int, tuple[int, tuple]]:
        """The entries of some records of one model by the records' keys: the entry's key and what it says, as `said`
        has it. One query, without the ORM, as in `columns()`."""
        if not keys:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT object_id, id, {', '.join(SAYING)} FROM {self.model._meta.db_table} "  # noqa: S608  as above
                f"WHERE content_type_id = %s AND object_id IN ({', '.join(map(str, map(int, keys)))})",
                [content_type.pk],
            )
            return {key: (entry, tuple(row)) for key, entry, *row in cursor.fetchall()}

    def of_records(self, content_type: ContentType, keys: list[int]) -> Self:
        """The entries of some records of one model."""
        return self.filter(content_type=content_type, object_id__in=keys)

    def of_others(self, content_types: Iterable[ContentType]) -> Self:
        """Those of records of other models."""
        return self.exclude(content_type__in=list(content_types))

    def remove(self, keys: list[int]) -> None:
        """Delete entries by their keys. One query, without the ORM, as in `columns()`."""
        if keys:
            with connection.cursor() as cursor:
                some = ", ".join(map(str, map(int, keys)))
                cursor.execute(f"DELETE FROM {self.model._meta.db_table} WHERE id IN ({some})")  # noqa: S608  as above

    def add(self, entries: Iterable[EntryRow]) -> None:
        """Write new entries in their order, without the ORM, as in `columns()`."""
        at = EntryRow._fields.index("updated_at")
        rows = [list(entry) for entry in entries]
        for row in rows:
            row[at] = connection.ops.adapt_datetimefield_value(row[at])
        if rows:
            backend().add(f"{self.model._meta.db_table} ({', '.join(EntryRow._fields)})", rows)


class SearchEntry(models.Model):
    """What one public record says, cut into words, with what the results show and are narrowed by.

    An entry is never changed: it is deleted and written anew, so that its key tells which were written last.
    The columns that every result is judged by come first, the long texts last: SQLite reads a row from its beginning.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("type"))
    object_id = models.PositiveBigIntegerField(_("key of the record"))
    record = GenericForeignKey("content_type", "object_id")
    type = models.CharField(_("type"), max_length=30)  # the model's name: "programme"
    standing = models.PositiveSmallIntegerField(_("place among equals"))
    kind = models.CharField(_("kind"), max_length=60, blank=True)  # with its type: "programme.satellite-site"
    scope = models.CharField(_("scope"), max_length=20, blank=True)
    year = models.CharField(_("year"), max_length=4, blank=True)
    lead_key = models.PositiveBigIntegerField(_("key of the lead organisation"), null=True, blank=True)
    updated_at = models.DateTimeField(_("last update"), null=True, blank=True)
    recency = models.BigIntegerField(_("last update in seconds"), default=0)  # a number is read faster than a date
    title = models.CharField(_("title"), max_length=200)
    address = models.CharField(_("address"), max_length=300)
    places = models.TextField(_("places"), blank=True)  # one a line
    priorities = models.TextField(_("keys of priorities"), blank=True)  # one a line
    names = models.TextField(_("names and codes"), blank=True)  # as they are compared, one a line
    title_words = models.TextField(_("stems of names"), blank=True)
    summary_words = models.TextField(_("stems of the summary"), blank=True)
    facet_words = models.TextField(_("what it can be narrowed to"), blank=True)
    body_words = models.TextField(_("stems of the text"), blank=True)
    pair_words = models.TextField(_("marks of two words one after another"), blank=True)  # see postgresql.py
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        default_permissions = ()
        constraints = [
            unique("content_type", "object_id", name="one_a_record", message=_("This record has an entry already."))
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        """Entries are written by `SearchEntry.objects.add()`, which also writes the database's table of words."""
        raise NotImplementedError(self.save.__doc__)


# By these an entry is compared with what is kept.
SAYING = [name for name in EntryRow._fields if name not in {"content_type_id", "object_id", "type", "updated_at"}]
said = itemgetter(*map(EntryRow._fields.index, SAYING))


class KnownWordQuerySet(models.QuerySet):
    """The words for words."""

    def among(self, words: list[str], stems: list[str]) -> Self:
        """Those that are one of some words, or have one of some stems."""
        return self.filter(models.Q(word__in=words) | models.Q(stem__in=stems))

    def beginning_with(self, beginning: str, most: int) -> Self:
        """The commonest that begin so."""
        return self.filter(word__gte=beginning, word__lt=f"{beginning}{{").order_by("-count", "word")[:most]

    def near(self, word: str, most: int) -> Self:
        """Those that a misspelt word may have meant: of about its length, with one of its first two letters first."""
        lengths = (len(word) - 2, len(word) + 2)
        initials = {word[0], word[1]}
        return self.filter(initial__in=initials, length__range=lengths).order_by("-count", "word")[:most]

    def learn(self, counts: dict[str, tuple[str, int]]) -> None:
        """Take up words, each with its stem and in how many more entries it stands; in one order, so that nobody waits
        for each other."""
        rows = [(word, stem, word[0], len(word), count) for word, (stem, count) in sorted(counts.items())]
        table = self.model._meta.db_table
        then = f"ON CONFLICT (word) DO UPDATE SET count = {table}.count + excluded.count"
        backend().insert(f"{table} (word, stem, initial, length, count)", rows, then)

    def add(self, words: dict[str, str]) -> None:
        """Take up those words that are not known yet, each with its stem. One query where all are known, else two."""
        if not words:
            return
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(words))
            asked = f"SELECT word FROM {self.model._meta.db_table} WHERE word IN ({places})"  # noqa: S608
            cursor.execute(asked, list(words))
            known = {word for (word,) in cursor.fetchall()}
        rows = [(word, stem, word[0], len(word), 1) for word, stem in sorted(words.items()) if word not in known]
        into = f"{self.model._meta.db_table} (word, stem, initial, length, count)"
        backend().insert(into, rows, "ON CONFLICT (word) DO NOTHING")


class KnownWord(models.Model):
    """A word of some public record, by which a misspelt one is mended. In how many entries, as last counted."""

    word = models.CharField(_("word"), max_length=40, unique=True)
    stem = models.CharField(_("stem"), max_length=40, db_index=True)
    initial = models.CharField(_("first letter"), max_length=1)
    length = models.PositiveSmallIntegerField(_("letters"))
    count = models.PositiveIntegerField(_("entries"))

    objects = KnownWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("known word")
        verbose_name_plural = _("known words")
        default_permissions = ()
        indexes = [models.Index(fields=["initial", "length", "-count"], name="search_knownword_near")]

    def __str__(self) -> str:
        return self.word
