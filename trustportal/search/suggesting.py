"""What a reader may be about to type: records whose names have the words so far."""

from typing import NamedTuple

from trustportal.search.models import SearchEntry, Synonym
from trustportal.search.query import SHORTEST_BEGINNING, read
from trustportal.search.searching import candidates_of, in_order

MOST_SUGGESTED = 8
MOST_JUDGED = 100


class Suggestion(NamedTuple):
    """A record that could be meant."""

    type: str
    title: str
    address: str


def suggest(text: str) -> list[Suggestion]:
    """At most eight records whose names have all words typed so far, the last of which may go on. Four queries."""
    query = read(text, Synonym.groups())
    if query.is_empty or len(query.name) < SHORTEST_BEGINNING:
        return []
    query = query.with_beginning([])
    keys = SearchEntry.objects.keys_matching(query, [], in_title=True, most=MOST_JUDGED)
    best = in_order(candidates_of(keys), query)[:MOST_SUGGESTED]
    addresses = dict(SearchEntry.objects.columns(("id", "address"), [candidate.id for candidate in best]))
    return [Suggestion(row.type, row.title, addresses[row.id]) for row in best if row.id in addresses]
