"""What results can be narrowed to. Each value is a word in the entry, so that narrowing is one more word to look up."""

from functools import lru_cache
from hashlib import blake2b

FACETS = ("type", "kind", "scope", "place", "lead", "priority", "year")


@lru_cache(maxsize=20_000)
def facet_word(facet: str, value: object) -> str:
    """The word that stands for a value: small letters and digits, unlike any that people write."""
    return f"zq{facet}{blake2b(str(value).encode(errors='replace'), digest_size=8).hexdigest()}"
