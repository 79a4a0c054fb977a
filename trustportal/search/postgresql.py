"""Looking up words with PostgreSQL: two columns of words that the database makes of the stems, each with a GIN index.

The words of titles have a column of their own: GIN keeps no weights, so within one column the database would have to
read every row that has a word anywhere to know whether its title has it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, pairwise
from zlib import crc32

from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from psycopg2.extras import execute_values

from trustportal.search.query import Phrase, Query, Term
from trustportal.search.words import Answers

ALL, TITLE = "all_vector", "title_vector"
# The index cannot tell whether words stand one after another. So it also has a mark for each two that do, one of
# 65,536: few entries have all words of a phrase and the marks of its pairs, and not the phrase. Which do, the database
# finds out by reading their words, so many entries at once, those written last first, and so many times at most.
PAIRS = 0x10000
READ_AT_ONCE, MOST_TIMES = 1500, 4
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
# With the marks of pairs, from the migration of that name on.
WITH_PAIRS = [
    "ALTER TABLE search_searchentry DROP COLUMN all_vector",
    """ALTER TABLE search_searchentry
        ADD COLUMN all_vector tsvector GENERATED ALWAYS AS (
            to_tsvector(
                'simple',
                title_words || ' zqxj ' || facet_words || ' zqxj ' || summary_words || ' zqxj ' || body_words
            ) || array_to_tsvector(string_to_array(pair_words, ' '))
        ) STORED""",
    "CREATE INDEX search_searchentry_all_vector ON search_searchentry USING gin (all_vector)",
]
UNMAKE = ["ALTER TABLE search_searchentry DROP COLUMN title_vector, DROP COLUMN all_vector"]


_number_of = Answers(lambda word: crc32(word.encode())).__getitem__
_MARKS = [f"zqp{number:x}" for number in range(PAIRS)]


def _marks(words: Sequence[str]) -> list[str]:
    """The marks of each two words that stand one after another."""
    numbers = list(map(_number_of, words))
    return [_MARKS[(one * 31 + other) % PAIRS] for one, other in pairwise(numbers)]


def pair_words(*texts: str) -> str:
    """The marks of the pairs of words in some texts of stems."""
    return " ".join(set(chain.from_iterable(_marks(text.split()) for text in texts)))


def _phrase(phrase: Phrase, *, in_order: bool, marks: bool) -> str:
    words = (" <-> " if in_order else " & ").join(f"'{stem}'" for stem in phrase)
    return " & ".join([f"({words})", *(f"'{mark}'" for mark in _marks(phrase) if marks)])


def _term(term: Term, **how: bool) -> str:
    ways = [f"({_phrase(phrase, **how)})" for phrase in term.phrases]
    if term.beginning:
        ways.append(f"'{term.beginning}':*")
    return f"({' | '.join(ways)})"


def expression(query: Query, narrowed_to: list[str], *, in_order: bool = True, marks: bool = True) -> str:
    """The query as a tsquery, the words of phrases `in_order` or not. All words are stems, in quotes, so nothing in it
    can be taken for an operator."""
    terms = [_term(term, in_order=in_order, marks=marks) for term in query.terms]
    said = (" | " if query.takes_any else " & ").join(terms)
    return " & ".join([*([f"({said})"] if said else []), *(f"'{word}'" for word in narrowed_to)])


def keys(query: Query, narrowed_to: list[str], *, in_title: bool, most: int) -> list[int]:
    """The keys of at most so many entries, those written last.

    The planner thinks too little of reading a row's words, and goes through all rows from the newest on until it has
    found enough, also where few have the word. So it is kept from the key's index ("id + 0"), unless it would read the
    whole table without it: then so many have the words that the newest ones are found soon.
    """
    column = TITLE if in_title else ALL
    anywhere = expression(query, narrowed_to, in_order=False, marks=not in_title)
    some = READ_AT_ONCE if query.has_phrases else most
    newest = f"SELECT id, {column} FROM search_searchentry WHERE {column} @@ %s::tsquery ORDER BY id + 0 DESC LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {newest}", [anywhere, some])
        if any("Seq Scan" in line for (line,) in cursor.fetchall()):
            newest = newest.replace("id + 0", "id")
        if not query.has_phrases:
            cursor.execute(f"SELECT id FROM ({newest}) newest", [anywhere, some])  # noqa: S608
            return [key for (key,) in cursor.fetchall()]
        asked, found, before = expression(query, narrowed_to, marks=not in_title), [], None
        newest = newest.replace("ORDER BY", "AND (%s::bigint IS NULL OR id < %s) ORDER BY")
        for _time in range(MOST_TIMES):
            cursor.execute(
                f"SELECT id, {column} @@ %s::tsquery FROM ({newest}) newest ORDER BY id DESC",  # noqa: S608
                [asked, anywhere, before, before, some],
            )
            rows = cursor.fetchall()
            found += [key for key, has_it in rows if has_it]
            if len(rows) < some or len(found) >= most:
                break
            before = rows[-1][0]
        return found[:most]


def records(query: Query, narrowed_to: list[str]) -> RawSQL:
    """The keys of the records that have what is asked; `narrowed_to` names their type."""
    return RawSQL(  # noqa: S611  what is typed is a parameter
        f"SELECT object_id FROM search_searchentry WHERE {ALL} @@ %s::tsquery",  # noqa: S608
        [expression(query, narrowed_to)],
    )


def insert(into: str, rows: list[tuple], then: str = "") -> None:
    """Write rows into the columns of a table, "table (column, column)"; `then` says what if they are there."""
    if rows:
        with connection.wrap_database_errors, connection.cursor() as cursor:
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
