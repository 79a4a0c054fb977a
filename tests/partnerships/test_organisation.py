"""Organisations: their kinds, codes, closure and what followed."""

import pytest
from django.core.exceptions import ValidationError

from partnerships.models import Organisation, OrganisationIdentifier, Succession
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    OrganisationIdentifierFactory,
    OrganisationNameFactory,
    PartnershipFactory,
    SuccessionFactory,
)

pytestmark = pytest.mark.django_db


def test_with_ods_code_finds_the_one_that_has_it_however_it_is_typed():
    trust = OrganisationIdentifierFactory(value="RJ1").organisation
    OrganisationIdentifierFactory(value="RJ2")

    assert list(Organisation.objects.with_ods_code("rj1")) == [trust]


def test_with_ods_code_takes_no_other_scheme_and_no_working_copy():
    OrganisationIdentifierFactory(scheme=OrganisationIdentifier.Scheme.CHARITY, value="1160316")
    OrganisationIdentifierFactory(value="RJ1", is_live=False)

    assert not Organisation.objects.with_ods_code("1160316")
    assert not Organisation.objects.with_ods_code("RJ1")


def test_partnership_count_counts_each_published_partnership_once():
    trust = OrganisationFactory(published=True)
    PartnershipFactory(lead=trust, published=True)
    twice = PartnershipFactory(published=True)
    MembershipFactory(partnership=twice, organisation=trust, role="founder")
    MembershipFactory(partnership=twice, organisation=trust, role="funder")
    leads_and_belongs = PartnershipFactory(lead=trust, published=True)
    MembershipFactory(partnership=leads_and_belongs, organisation=trust)
    MembershipFactory(partnership=PartnershipFactory(), organisation=trust)  # a draft
    PartnershipFactory(lead=trust)  # a draft

    assert Organisation.objects.with_partnership_count().get(pk=trust.pk).partnership_count == 3


def test_partnership_count_of_somebody_without_partnerships_is_none():
    trust = OrganisationFactory()

    assert Organisation.objects.with_partnership_count().get(pk=trust.pk).partnership_count == 0


def test_a_list_and_a_page_show_the_code_without_asking_again(django_assert_num_queries):
    OrganisationIdentifierFactory(value="RJ1")

    for words in [Organisation.objects.for_list(), Organisation.objects.for_page()]:
        [trust] = words
        with django_assert_num_queries(0):
            assert trust.ods_code == "RJ1"


def test_somebody_without_a_code_has_none():
    assert OrganisationFactory().ods_code == ""


def test_it_is_called_by_its_short_name_where_there_is_one():
    assert OrganisationFactory(name="Guy's and St Thomas'", short_name="GSTT").called == "GSTT"
    assert OrganisationFactory(name="Quay Health").called == "Quay Health"


@pytest.mark.parametrize(
    ("place", "country", "where"),
    [
        ("Leeds", "GB", "Leeds"),
        ("Amman", "JO", "Amman, Jordan"),
        ("", "JO", "Jordan"),
        ("", "", ""),
        ("Leeds", "", "Leeds"),
    ],
)
def test_where_it_is_names_the_country_only_when_it_is_abroad(place, country, where):
    assert OrganisationFactory(place=place, country=country).where == where


# Closed organisations


def test_a_closed_organisation_says_so():
    assert OrganisationFactory(closed=True, succession=None).is_closed
    assert not OrganisationFactory().is_closed


def test_a_closed_organisation_stays_public_with_what_followed():
    group = OrganisationFactory(closed=True, published=True)

    assert group in Organisation.objects.published()
    assert group.what_followed
    assert group.successions.count() == 1


def test_a_closed_organisation_may_have_several_successors_and_a_successor_several_predecessors():
    one = SuccessionFactory()
    SuccessionFactory(organisation=one.organisation)
    SuccessionFactory(successor=one.successor)

    assert one.organisation.successions.count() == 2
    assert one.successor.predecessions.count() == 2


def test_around_shows_what_went_before_and_after_the_oldest_first():
    middle = OrganisationFactory(closed=True, published=True, succession=None)
    after = SuccessionFactory(organisation=middle, succeeded_on="2022-07")
    before = SuccessionFactory(organisation__published=True, successor=middle, succeeded_on="2013-04")
    SuccessionFactory(organisation__published=True)  # of others

    assert list(Succession.objects.around(middle)) == [before, after]


def test_around_leaves_out_organisations_that_the_public_does_not_see():
    draft = SuccessionFactory(organisation__published=True, successor__published=False)

    assert not Succession.objects.around(draft.organisation)


def test_an_organisation_that_others_name_is_not_deleted():
    partnership = PartnershipFactory()

    with pytest.raises(Exception, match="protected"):
        partnership.lead.delete()


# Names and codes


def test_other_names_go_with_the_organisation():
    name = OrganisationNameFactory()

    name.organisation.delete()

    assert not type(name).objects.exists()


@pytest.mark.parametrize(
    ("scheme", "right", "wrong"),
    [
        ("ods", "RJ1", "rj1"),
        ("charity", "1160316", "116"),
        ("charity", "SC012345", "XX012345"),
        ("company", "01234567", "1234567"),
        ("ukprn", "10007789", "20007789"),
        ("ons", "E09000028", "09000028"),
        ("ror", "0524sp257", "1524sp257"),
    ],
)
def test_a_code_has_the_shape_of_its_scheme(scheme, right, wrong):
    OrganisationIdentifierFactory.build(organisation=OrganisationFactory(), scheme=scheme, value=right).full_clean()

    with pytest.raises(ValidationError) as refused:
        OrganisationIdentifierFactory.build(organisation=OrganisationFactory(), scheme=scheme, value=wrong).full_clean()
    assert list(refused.value.message_dict) == ["value"]


def test_rows_say_what_they_are():
    identifier = OrganisationIdentifierFactory(value="RJ1")
    succession = SuccessionFactory()

    assert str(identifier) == "ODS code RJ1"
    assert str(succession) == f"{succession.organisation} → {succession.successor}"
