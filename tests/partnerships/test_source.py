"""Sources: what a statement rests on."""

import pytest

from partnerships.models import Organisation
from tests.factories import OrganisationFactory, SourceFactory

pytestmark = pytest.mark.django_db


def test_the_foot_of_a_page_shows_published_sources_a_to_z(django_assert_num_queries):
    trust = OrganisationFactory(published=True)
    trust.sources.add(*[SourceFactory(name=name, published=True) for name in ["B", "A"]], SourceFactory(name="C"))

    [found] = Organisation.objects.filter(pk=trust.pk).for_page()

    with django_assert_num_queries(0):
        assert [source.name for source in found.published_sources] == ["A", "B"]
        assert all(source.publisher.name for source in found.published_sources)


def test_a_source_needs_no_address_on_the_web():
    SourceFactory(url="").full_clean()


def test_a_source_on_which_a_record_rests_can_be_named_by_several():
    source = SourceFactory()
    trusts = OrganisationFactory.create_batch(2)
    for trust in trusts:
        trust.sources.add(source)

    assert [list(trust.sources.all()) for trust in trusts] == [[source], [source]]
