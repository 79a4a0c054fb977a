"""Looking up words with SQLite's FTS5. Triggers keep the table of words right where entries are deleted or changed.

What is new is put there by `add()`: FTS5 writes what it holds to the disk before each row that has a trigger, which for
many rows takes several times as long.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from trustportal.search.query import Phrase, Query, Term

ALL, TITLE = "{title_words summary_words body_words}", "{title_words}"
SHORT_WAIT = 50  # milliseconds

MAKE = [
    """CREATE VIRTUAL TABLE search_words USING fts5(
        title_words, summary_words, body_words, facet_words,
        content='search_searchentry', content_rowid='id', tokenize='ascii'
    )""",
    """CREATE TRIGGER search_words_deleted AFTER DELETE ON search_searchentry BEGIN
        INSERT INTO search_words(search_words, rowid, title_words, summary_words, body_words, facet_words)
        VALUES ('delete', old.id, old.title_words, old.summary_words, old.body_words, old.facet_words);
    END""",
    """CREATE TRIGGER search_words_changed AFTER UPDATE ON search_searchentry BEGIN
        INSERT INTO search_words(search_words, rowid, title_words, summary_words, body_words, facet_words)
        VALUES ('delete', old.id, old.title_words, old.summary_words, old.body_words, old.facet_words);
        INSERT INTO search_words(rowid, title_words, summary_words, body_words, facet_words)
        VALUES (new.id, new.title_words, new.summary_words, new.body_words, new.facet_words);
    END""",
]
WITH_PAIRS: list[str] = []
UNMAKE = [
    "DROP TRIGGER search_words_changed",
    "DROP TRIGGER search_words_deleted",
    "DROP TABLE search_words",
]


def _phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase)}"'


def _term(term: Term) -> str:
    ways = [_phrase(phrase) for phrase in term.phrases]
    if term.beginning:
        ways.append(f'"{term.beginning}"*')
    return f"({' OR '.join(ways)})"


def expression(query: Query, narrowed_to: list[str], *, in_title: bool) -> str:
    """The query in FTS5's language. All words are stems, in quotes, so nothing in it can be taken for an operator."""
    said = (" OR " if query.takes_any else " AND ").join(map(_term, query.terms))
    rules = [f"{TITLE if in_title else ALL} : ({said})"] if said else []
    rules += [f'{{facet_words}} : "{word}"' for word in narrowed_to]
    return " AND ".join(rules)


def keys(query: Query, narrowed_to: list[str], *, in_title: bool, most: int) -> list[int]:
    """The keys of at most so many entries, those written last; in the order of FTS5's own lists, so none is sorted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM search_words WHERE search_words MATCH %s ORDER BY rowid DESC LIMIT %s",
            [expression(query, narrowed_to, in_title=in_title), most],
        )
        return [key for (key,) in cursor.fetchall()]


def records(query: Query, narrowed_to: list[str]) -> RawSQL:
    """The keys of the records that have what is asked; `narrowed_to` names their type."""
    return RawSQL(
        "SELECT object_id FROM search_searchentry WHERE id IN "
        "(SELECT rowid FROM search_words WHERE search_words MATCH %s)",
        [expression(query, narrowed_to, in_title=False)],
    )


def pair_words(*_texts: str) -> str:
    """Nothing: FTS5's index knows where words stand."""
    return ""


def insert(into: str, rows: list[tuple], then: str = "") -> None:
    """Write rows into the columns of a table, "table (column, column)"; `then` says what if they are there."""
    if rows:
        values = ", ".join(["%s"] * len(rows[0]))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {into} VALUES ({values}) {then}", rows)  # noqa: S608


def add(into: str, rows: list[tuple]) -> None:
    """Write entries, and their words into the table of words. Keys only grow, and nobody else writes meanwhile."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM search_searchentry")
        [last] = cursor.fetchone()
        insert(into, rows)
        words = "title_words, summary_words, body_words, facet_words"
        cursor.execute(
            f"INSERT INTO search_words(rowid, {words}) SELECT id, {words} FROM search_searchentry WHERE id > %s",  # noqa: S608
            [last or 0],
        )


@contextmanager
def waiting_briefly() -> Iterator[None]:
    """Within it, whoever would wait for another writer soon gives up instead, with an OperationalError."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        [usual] = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {SHORT_WAIT}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
