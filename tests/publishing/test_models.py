"""What every published record has in common."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from programmes.models import Programme
from tests.factories import (
    AimFactory,
    MembershipFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    PartnershipFactory,
    PortalFactory,
    PriorityFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
    StrategyFactory,
)
from tests.test_constraints import PUBLISHABLE
from trustportal.publishing.models import FormerSlug, State

pytestmark = pytest.mark.django_db

FIRST = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)


def former_slugs(record) -> set[str]:
    """The addresses that a record once had."""
    return set(record.former_slugs.values_list("slug", flat=True))


# The words that every kind of record shares


def test_published_leaves_out_drafts_records_in_review_and_withdrawn_ones():
    ProgrammeFactory()
    ProgrammeFactory(in_review=True)
    ProgrammeFactory(withdrawn=True)
    published = ProgrammeFactory(published=True)

    assert list(Programme.objects.published()) == [published]


def test_live_leaves_out_working_copies():
    live = ProgrammeFactory(published=True)
    ProgrammeFactory(draft_of=live)

    assert list(Programme.objects.live()) == [live]


def test_name_order_is_a_to_z():
    for name in ["Beta", "Alpha", "Gamma"]:
        ProgrammeFactory(name=name)

    assert [p.name for p in Programme.objects.in_name_order()] == ["Alpha", "Beta", "Gamma"]


@pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model.__name__)
def test_each_kind_of_record_has_the_right_to_publish_it(model):
    assert "publish" in model._meta.default_permissions


@pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model.__name__)
def test_state_and_dates_are_in_no_form(model):
    for name in ["state", "draft_of", "first_published_at", "updated_at", "last_reviewed_on", "next_review_due_on"]:
        assert not model._meta.get_field(name).editable


# Fact ids


def test_fact_ids_are_read_one_by_one():
    assert ProgrammeFactory(provenance="GST-12 LTH-003").fact_ids == ["GST-12", "LTH-003"]
    assert ProgrammeFactory().fact_ids == []


@pytest.mark.parametrize("typed", ["GST12", "GST-12,GST-13", "gst-12", "GST-12  GST-13", "GST-1"])
def test_malformed_fact_ids_are_refused(typed):
    with pytest.raises(ValidationError, match="Write the ids with one space between them"):
        ProgrammeFactory(provenance=typed).full_clean()


# Former addresses


def test_a_renamed_record_leaves_its_former_address_behind():
    programme = ProgrammeFactory(slug="old", published=True)

    programme.slug = "new"
    programme.save()

    assert former_slugs(programme) == {"old"}
    assert FormerSlug.objects.get().record == programme


def test_a_renamed_draft_leaves_nothing_behind():
    programme = ProgrammeFactory(slug="old")

    programme.slug = "new"
    programme.save()

    assert former_slugs(programme) == set()


def test_a_renamed_withdrawn_record_leaves_its_former_address_behind():
    programme = ProgrammeFactory(slug="old", withdrawn=True)

    programme.slug = "new"
    programme.save()

    assert former_slugs(programme) == {"old"}


def test_a_record_read_from_the_database_remembers_its_address():
    ProgrammeFactory(slug="old", published=True)
    programme = Programme.objects.get(slug="old")

    programme.slug = "new"
    programme.save()

    assert former_slugs(programme) == {"old"}


def test_all_former_addresses_lead_to_a_record_renamed_twice():
    programme = ProgrammeFactory(slug="first", published=True)

    for slug in ["second", "third"]:
        programme.slug = slug
        programme.save()

    assert former_slugs(programme) == {"first", "second"}


def test_a_record_renamed_back_and_forth_can_be_renamed_again():
    programme = ProgrammeFactory(slug="first", published=True)

    for slug in ["second", "first", "second", "first"]:
        programme.slug = slug
        programme.save()

    assert {"second"} <= former_slugs(programme) <= {"first", "second"}


def test_a_former_address_leads_to_whoever_had_it_last():
    one, other = ProgrammeFactory(slug="one", published=True), ProgrammeFactory(slug="other", published=True)
    one.slug = "one-renamed"
    one.save()

    other.slug = "one"
    other.save()
    other.slug = "other-renamed"
    other.save()

    assert FormerSlug.objects.get(slug="one").record == other


def test_the_same_former_address_may_stand_for_records_of_two_kinds():
    for record in [ProgrammeFactory(slug="old", published=True), OrganisationFactory(slug="old", published=True)]:
        record.slug = "new"
        record.save()

    assert FormerSlug.objects.filter(slug="old").count() == 2


def test_a_deleted_record_takes_its_former_addresses_with_it():
    programme = ProgrammeFactory(slug="old", published=True)
    programme.slug = "new"
    programme.save()

    programme.delete()

    assert not FormerSlug.objects.exists()


def test_a_save_that_fails_leaves_no_former_address():
    ProgrammeFactory(slug="taken")
    programme = ProgrammeFactory(slug="old", published=True)

    programme.slug = "taken"
    with pytest.raises(Exception, match=r"(?i)unique"):
        programme.save()


def test_a_record_says_whether_the_public_sees_it_and_whether_it_ever_did():
    assert [(r.is_published, r.was_published) for r in (ProgrammeFactory(), ProgrammeFactory(published=True))] == [
        (False, False),
        (True, True),
    ]
    withdrawn = ProgrammeFactory(withdrawn=True)
    assert (withdrawn.state, withdrawn.is_published, withdrawn.was_published) == (State.WITHDRAWN, False, True)


@pytest.mark.parametrize(
    ("factory", "needs"),
    [
        (ProgrammeFactory, "lead"),
        (PartnershipFactory, "lead"),
        (OutcomeMetricFactory, "lead"),
        (SourceFactory, "publisher"),
        (StrategyFactory, "lead"),
        (PriorityFactory, "strategy"),
        (AimFactory, "priority"),
    ],
)
def test_a_record_waits_for_the_records_that_its_page_must_name(factory, needs):
    record = factory(**{f"{needs}__published": False})
    assert record.faults_as_a_whole() == [f"Publish “{getattr(record, needs)}” first: this page names it."]
    assert factory().faults_as_a_whole() == []


def test_a_draft_is_not_named_on_public_pages(client):
    draft = OrganisationFactory(name="Secret Trust")
    site = SiteFactory(organisation=draft, published=True)
    part = OrganisationFactory(parent=draft, published=True)
    partnership = PartnershipFactory(published=True, part_of=PartnershipFactory(name="Secret pact"))
    MembershipFactory(partnership=partnership, organisation=draft)
    programme = ProgrammeFactory(published=True, partnership=partnership.part_of)
    metric = OutcomeMetricFactory(published=True, partnership=partnership.part_of)
    PortalFactory(host=draft)
    pages = [record.get_absolute_url() for record in [site, part, partnership, programme, metric]]
    for address in [*pages, "/", "/sites/", "/partners/", "/partnerships/", "/programmes/", "/outcomes/", "/contact/"]:
        page = client.get(address).content.decode()
        assert "Secret" not in page, address
