"""Partnerships, their members and what was signed."""

import pytest

from partnerships.models import Membership, Partnership
from tests.factories import (
    AgreementFactory,
    AimFactory,
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PartnershipPriorityFactory,
)

pytestmark = pytest.mark.django_db


def test_with_partner_finds_what_it_leads_and_what_it_belongs_to_each_once():
    trust = OrganisationFactory()
    led = PartnershipFactory(lead=trust)
    joined = PartnershipFactory()
    MembershipFactory(partnership=joined, organisation=trust, role="founder")
    MembershipFactory(partnership=joined, organisation=trust, role="funder")
    PartnershipFactory(with_members=True)

    assert set(Partnership.objects.with_partner(trust)) == {led, joined}
    assert Partnership.objects.with_partner(trust).count() == 2


def test_serving_finds_those_that_say_they_serve_an_aim():
    aim = AimFactory()
    serves = PartnershipFactory(aims=[aim])
    PartnershipFactory(aims=[AimFactory()])

    assert list(Partnership.objects.serving(aim)) == [serves]


def test_scope_order_is_local_national_international_then_a_to_z():
    for name, scope in [("D", "international"), ("C", "local"), ("B", "national"), ("A", "local")]:
        PartnershipFactory(name=name, scope=scope)

    assert [p.name for p in Partnership.objects.in_scope_order()] == ["A", "C", "B", "D"]


def test_member_count_counts_each_published_organisation_once_and_not_the_lead():
    partnership = PartnershipFactory()
    member = MembershipFactory(partnership=partnership, role="founder", organisation__published=True).organisation
    MembershipFactory(partnership=partnership, organisation=member, role="funder")
    MembershipFactory(partnership=partnership, organisation=partnership.lead)
    MembershipFactory(partnership=partnership)  # with a draft

    assert Partnership.objects.with_member_count().get(pk=partnership.pk).member_count == 1


def test_with_roles_of_gives_the_latest_first_with_own_memberships_and_the_total():
    trust = OrganisationFactory()
    old, new, undated = (PartnershipFactory(started_on=date) for date in ["2010", "2019", None])
    for partnership in [old, new, undated]:
        MembershipFactory(partnership=partnership, organisation=trust)
        MembershipFactory(partnership=partnership)
    PartnershipFactory(with_members=True)

    found = list(Partnership.objects.with_roles_of(trust))

    assert found == [new, old, undated]
    assert {p.total for p in found} == {3}
    assert all([m.organisation for m in p.own_memberships] == [trust] for p in found)


def test_members_on_a_page_are_the_published_ones_by_role_and_name():
    partnership = PartnershipFactory()
    for name, role in [("B", "member"), ("A", "member"), ("C", "founder")]:
        MembershipFactory(
            partnership=partnership, organisation=OrganisationFactory(name=name, published=True), role=role
        )
    MembershipFactory(partnership=partnership)  # a draft

    assert [m.organisation.name for m in Membership.objects.for_page()] == ["C", "A", "B"]


def test_a_page_takes_the_same_queries_however_many_members_there_are(django_assert_num_queries):
    whole = {"published": True, "with_members": True, "with_agreement": True}
    PartnershipFactory(**whole, areas=[AreaFactory()], aims=[AimFactory(published=True)])
    partnership = Partnership.objects.for_page().get()

    with django_assert_num_queries(0):
        assert len(partnership.memberships.all()) == 3
        assert [m.organisation.name for m in partnership.memberships.all()]
        assert len(partnership.agreements.all()) == 1
        assert len(partnership.areas.all()) == 1
        assert [aim.priority.strategy.name for aim in partnership.aims.all()]


def test_for_list_brings_the_lead_along(django_assert_num_queries):
    PartnershipFactory(with_members=True)
    partnership = Partnership.objects.for_list().get()

    with django_assert_num_queries(0):
        assert partnership.lead.name
        assert partnership.member_count == 3


@pytest.mark.parametrize(
    ("number", "note", "words"),
    [
        (2600000, "people in West Yorkshire", "2,600,000 people in West Yorkshire"),
        (None, "people in Medway", "people in Medway"),
        (2000, "", "2,000"),
        (None, "", ""),
    ],
)
def test_whom_it_serves_is_said_as_far_as_it_is_known(number, note, words):
    assert PartnershipFactory(population_served=number, population_note=note).population_in_words == words


def test_its_period_is_said_in_words():
    assert PartnershipFactory(started_on="2017-04").period == "Since April 2017"
    assert MembershipFactory(ended_on="2016").period == "Until 2016"


def test_rows_say_what_they_are():
    membership = MembershipFactory(role="funder")

    assert str(membership) == f"{membership.organisation}, Funder"
    assert str(AgreementFactory(name="Contract")) == "Contract"
    assert str(PartnershipPriorityFactory(name="Cancer")) == "Cancer"
