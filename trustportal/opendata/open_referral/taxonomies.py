"""Taxonomies and their terms: lists of words that never change are written out, others come from a table."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from django.db.models import TextChoices
from django.utils.functional import Promise

from trustportal.opendata.open_referral.values import identifier_of, known

Words: TypeAlias = str | Promise


@dataclass(frozen=True)
class Taxonomy:
    """A list of words by which records are sorted. `key` makes its id and stays."""

    key: str
    name: Words
    description: Words

    @property
    def id(self) -> str:
        """Its id."""
        return identifier_of("taxonomy", self.key)


@dataclass(frozen=True)
class Term:
    """One word of a taxonomy. `value` is what our own records say."""

    taxonomy: Taxonomy
    id: str
    name: Words
    description: Words
    value: str = ""

    @cached_property
    def said(self) -> dict[str, Any]:
        """The term as others read it, put together once: the portal speaks one language."""
        return known(
            id=self.id,
            name=str(self.name),
            description=str(self.description),
            taxonomy=str(self.taxonomy.name),
            taxonomy_id=self.taxonomy.id,
            term=str(self.name),
        )

    def has(self, text: str) -> bool:
        """Whether its name has a text in it, in whatever letters."""
        return text.lower() in str(self.name).lower()


def terms_of(taxonomy: Taxonomy, choices: Iterable[TextChoices], descriptions: dict[Any, Words]) -> tuple[Term, ...]:
    """The terms of a field with choices; where one has no description of its own, its name is it."""
    return tuple(
        Term(
            taxonomy,
            identifier_of(taxonomy.key, choice.value),
            choice.label,
            descriptions.get(choice, choice.label),
            choice.value,
        )
        for choice in choices
    )


def attribute(of: uuid.UUID, term: Term, link_type: str) -> dict[str, Any]:
    """That a term applies to a record."""
    return {
        "id": identifier_of(of, term.id),
        "link_id": str(of),
        "taxonomy_term_id": term.id,
        "link_type": link_type,
        "taxonomy_term": term.said,
    }
