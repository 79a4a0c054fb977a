"""What a reader may be about to type: records whose names have the words so far."""

from typing import NamedTuple

from trustportal.search.models import SearchEntry, Synonym
from trustportal.search.query import SHORTEST_BEGINNING, read
from trustportal.search.searching import Candidate, in_order

MOST_SUGGESTED = 8
MOST_JUDGED = 100


class Suggestion(NamedTuple):
    """A record that could be meant."""

    type: str
    title: str
    address: str


def suggest(text: str) -> list[Suggestion]:
    """At most eight records whose names have all words typed so far, the last of which may go on. Three queries."""
    query = read(text, Synonym.groups())
    if query.is_empty or len(query.name) < SHORTEST_BEGINNING:
        return []
    query = query.with_beginning([])
    entries = SearchEntry.objects.matching(query, narrowed_to=[], in_title=True, most=MOST_JUDGED)
    found = [Candidate(*row) for row in entries.values_list(*Candidate._fields)]
    best = in_order(found, query, [1.0] * len(query.terms))[:MOST_SUGGESTED]
    addresses = SearchEntry.objects.only("address").in_bulk([candidate.pk for candidate in best])
    return [Suggestion(row.type, row.title, addresses[row.pk].address) for row in best if row.pk in addresses]
