"""What the search keeps besides its entries."""

import factory
from django.utils import timezone

from tests.factories.base import ModelFactory
from trustportal.search.models import FailedSearch, Synonym


class SynonymFactory(ModelFactory):
    """Two words that mean the same."""

    class Meta:
        model = Synonym

    words = factory.Sequence(lambda n: f"made-up {n}, invented {n}")


class FailedSearchFactory(ModelFactory):
    """Something that a reader looked for today and did not find."""

    class Meta:
        model = FailedSearch

    words = factory.Sequence(lambda n: f"unheard of {n}")
    day = factory.LazyFunction(timezone.localdate)
