"""What the search keeps; import the models from here."""

from trustportal.search.models.entry import KnownWord, SearchEntry
from trustportal.search.models.failed import FailedSearch
from trustportal.search.models.searchable import Searchable, SearchableQuerySet, SearchText, label_of, plain
from trustportal.search.models.synonym import Synonym

__all__ = [
    "FailedSearch",
    "KnownWord",
    "SearchEntry",
    "SearchText",
    "Searchable",
    "SearchableQuerySet",
    "Synonym",
    "label_of",
    "plain",
]
