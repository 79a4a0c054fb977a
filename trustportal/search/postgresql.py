"""Looking up words with PostgreSQL: two columns of words that the database makes of the stems, each with a GIN index.

The words of titles have a column of their own: GIN keeps no weights, so within one column the database would have to
read every row that has a word anywhere to know whether its title has it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from psycopg2.extras import execute_values

from trustportal.search.query import Phrase, Query, Term

ALL, TITLE = "all_vector", "title_vector"
# Entries with all words of a phrase in which the words are sought one after another, which the index cannot tell: the
# database reads each one's words. Of more than so many, those written last.
MOST_READ = 1500
SHORT_WAIT = 50  # milliseconds

JUDGED = ["type", "kind", "scope", "year", "title", "places", "priorities", "names", "title_words", "summary_words"]
MAKE = [
    # What is judged stays in the row and all else is kept beside the table: so a thousand rows are few pages.
    "ALTER TABLE search_searchentry SET (toast_tuple_target = 128), "
    + ", ".join(f"ALTER COLUMN {name} SET STORAGE MAIN" for name in JUDGED),
    # 'simple' leaves words as they are: they are stems already. The mark between the columns parts their phrases.
    """ALTER TABLE search_searchentry
        ADD COLUMN title_vector tsvector GENERATED ALWAYS AS (
            to_tsvector('simple', title_words || ' zqxj ' || facet_words)
        ) STORED,
        ADD COLUMN all_vector tsvector GENERATED ALWAYS AS (
            to_tsvector(
                'simple',
                title_words || ' zqxj ' || facet_words || ' zqxj ' || summary_words || ' zqxj ' || body_words
            )
        ) STORED""",
    "CREATE INDEX search_searchentry_title_vector ON search_searchentry USING gin (title_vector)",
    "CREATE INDEX search_searchentry_all_vector ON search_searchentry USING gin (all_vector)",
]
UNMAKE = ["ALTER TABLE search_searchentry DROP COLUMN title_vector, DROP COLUMN all_vector"]


def _phrase(phrase: Phrase, together: str) -> str:
    words = together.join(f"'{stem}'" for stem in phrase)
    return f"({words})" if len(phrase) > 1 else words


def _term(term: Term, together: str) -> str:
    ways = [_phrase(phrase, together) for phrase in term.phrases]
    if term.beginning:
        ways.append(f"'{term.beginning}':*")
    return f"({' | '.join(ways)})"


def expression(query: Query, narrowed_to: list[str], *, together: str = " <-> ") -> str:
    """The query as a tsquery, the words of phrases `together`. All words are stems, in quotes, so nothing in it can be
    taken for an operator."""
    said = (" | " if query.takes_any else " & ").join(_term(term, together) for term in query.terms)
    return " & ".join([*([f"({said})"] if said else []), *(f"'{word}'" for word in narrowed_to)])


def keys(query: Query, narrowed_to: list[str], *, in_title: bool, most: int) -> list[int]:
    """The keys of at most so many entries, those written last.

    The planner thinks too little of reading a row's words, and goes through all rows from the newest on until it has
    found enough, also where few have the word. So it is kept from the key's index ("id + 0"), unless it would read the
    whole table without it: then so many have the words that the newest ones are found soon.
    """
    column = TITLE if in_title else ALL
    anywhere = expression(query, narrowed_to, together=" & ")
    some = MOST_READ if query.has_phrases else most
    newest = f"SELECT id, {column} FROM search_searchentry WHERE {column} @@ %s::tsquery ORDER BY id + 0 DESC LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {newest}", [anywhere, some])
        if any("Seq Scan" in line for (line,) in cursor.fetchall()):
            newest = newest.replace("id + 0", "id")
        if query.has_phrases:
            cursor.execute(
                f"SELECT id FROM ({newest}) newest WHERE {column} @@ %s::tsquery ORDER BY id DESC LIMIT %s",  # noqa: S608
                [anywhere, some, expression(query, narrowed_to), most],
            )
        else:
            cursor.execute(f"SELECT id FROM ({newest}) newest", [anywhere, some])  # noqa: S608
        return [key for (key,) in cursor.fetchall()]


def records(query: Query, narrowed_to: list[str]) -> RawSQL:
    """The keys of the records that have what is asked; `narrowed_to` names their type."""
    return RawSQL(  # noqa: S611  what is typed is a parameter
        f"SELECT object_id FROM search_searchentry WHERE {ALL} @@ %s::tsquery",  # noqa: S608
        [expression(query, narrowed_to)],
    )


def insert(into: str, rows: list[tuple], then: str = "") -> None:
    """Write rows into the columns of a table, "table (column, column)"; `then` says what if they are there."""
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, f"INSERT INTO {into} VALUES %s {then}", rows, page_size=1000)  # noqa: S608


def add(into: str, rows: list[tuple]) -> None:
    """Write entries; the database itself makes their words."""
    insert(into, rows)


@contextmanager
def waiting_briefly() -> Iterator[None]:
    """Within it, whoever would wait for another writer soon gives up instead, with an OperationalError."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{SHORT_WAIT}ms'")
        yield
