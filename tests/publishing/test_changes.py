"""Working copies: what readers see meanwhile, and what becomes of the record when one is published or discarded."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from partnerships.models import Organisation, OrganisationIdentifier, Site
from programmes.models import Observation, OutcomeMetric, Place, Programme
from tests.admin.conftest import person_in
from tests.factories import (
    AreaFactory,
    MembershipFactory,
    ObservationFactory,
    OrganisationFactory,
    OrganisationIdentifierFactory,
    OutcomeMetricFactory,
    PartnershipFactory,
    PriorityFactory,
    ProgrammeFactory,
    RemitFactory,
    SiteFactory,
    UserFactory,
)
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, FormerSlug, Notice, State, Version
from trustportal.publishing.snapshot import snapshot

pytestmark = pytest.mark.django_db

MARCH = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
APRIL = MARCH + datetime.timedelta(days=30)


@pytest.fixture
def author():
    return UserFactory(superuser=True)


@pytest.fixture
def publisher():
    return UserFactory(superuser=True)


def change_of(record, by, **values):
    """A change of a record with some values typed into it, and a line for readers."""
    change = workflow.start_change(record, by=by)
    for name, value in ({"change_note": "It was brought up to date."} | values).items():
        setattr(change, name, value)
    change.save()
    return change


def test_a_change_leaves_what_readers_see_as_it_is(author):
    programme = ProgrammeFactory(satellite_site=True, with_statements=True, published=True)
    before = snapshot(programme)

    change = change_of(programme, author, name="Another name")
    change.places.all().delete()

    assert snapshot(programme) == before
    assert list(Programme.objects.published()) == [programme]
    assert (change.state, change.itself, change.is_change) == (State.DRAFT, programme, True)


def test_publishing_a_change_keeps_the_key_the_address_and_what_points_at_the_record(author, publisher):
    programme = ProgrammeFactory(satellite_site=True, published=True)
    metric = OutcomeMetricFactory(programme=programme, published=True)
    later = ProgrammeFactory(published=True)
    later.builds_on.add(programme)
    change = change_of(programme, author, name="Another name")
    place = change.places.first()
    place.services.clear()
    change.places.exclude(pk=place.pk).delete()

    live = workflow.publish(change, by=publisher)

    assert (live.pk, live.slug, live.name) == (programme.pk, programme.slug, "Another name")
    assert [(p.site_id, list(p.services.all())) for p in live.places.all()] == [(place.site_id, [])]
    assert list(live.outcome_metrics.all()) == [metric]
    assert list(live.followed_by.all()) == [later]
    assert not Programme.objects.filter(draft_of=live).exists()
    assert not Place.objects.filter(programme=change.pk).exists()


def test_a_metric_keeps_its_figures_when_a_change_is_published(author, publisher):
    metric = OutcomeMetricFactory(published=True)
    figure = ObservationFactory(metric=metric)

    live = workflow.publish(change_of(metric, author, caveats="Counted by hand."), by=publisher)

    assert list(live.observations.all()) == [figure]
    assert Observation.objects.count() == 1


def test_a_new_address_leaves_the_old_one_behind(author, publisher, client):
    programme = ProgrammeFactory(published=True)
    old = programme.get_absolute_url()

    live = workflow.publish(change_of(programme, author, slug="moved"), by=publisher)

    assert FormerSlug.objects.on(live).get().slug == programme.slug
    assert client.get(old)["Location"] == live.get_absolute_url()


def test_there_is_one_open_change_a_record(author):
    programme = ProgrammeFactory(published=True)
    workflow.start_change(programme, by=author)

    with pytest.raises(workflow.WrongState, match="has an open change already"):
        workflow.start_change(programme, by=author)
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme(
            draft_of=programme, name="x", slug="y", summary="z", kind="research", stage="running", lead=programme.lead
        ).save()


@pytest.mark.parametrize("stage", [{}, {"in_review": True}])
def test_only_what_the_public_has_seen_is_changed_by_a_change(author, stage):
    with pytest.raises(workflow.WrongState):
        workflow.start_change(ProgrammeFactory(**stage), by=author)


def test_a_discarded_change_leaves_nothing_behind_but_the_note(author):
    programme = ProgrammeFactory(satellite_site=True, published=True)
    before = snapshot(programme)
    change = change_of(programme, author, name="Another name")

    assert workflow.discard(change, by=author) == programme

    assert snapshot(programme) == before
    assert Programme.objects.count() == 1
    assert Act.objects.on(programme).newest_first()[0].verb == Act.Verb.DISCARDED
    with pytest.raises(workflow.WrongState, match="no longer there"):
        workflow.publish(change, by=author)


def test_a_record_itself_is_not_discarded(author):
    with pytest.raises(workflow.WrongState, match="no change of a published record"):
        workflow.discard(ProgrammeFactory(), by=author)


# Dates and words for readers


def test_a_change_needs_a_line_for_readers_or_the_word_that_it_is_small(author, publisher):
    change = change_of(ProgrammeFactory(published=True), author, change_note="  ")

    with pytest.raises(workflow.NotReady, match="Say in one line what changed"):
        workflow.submit(change, by=author)
    with pytest.raises(workflow.NotReady, match="Say in one line what changed"):
        workflow.publish(change, by=publisher)

    change.is_small_correction = True
    change.save()
    assert workflow.submit(change, by=author).state == State.IN_REVIEW


def test_a_substantive_change_moves_the_dates_and_readers_read_its_line(author, publisher):
    programme = ProgrammeFactory(published_at=MARCH, published=True)

    live = workflow.publish(change_of(programme, author, change_note="New clinic added."), by=publisher, at=APRIL)

    assert (live.first_published_at, live.updated_at, live.last_reviewed_on) == (MARCH, APRIL, APRIL.date())
    assert [(act.verb, act.note) for act in Act.objects.on(live).updates()] == [
        (Act.Verb.UPDATED, "New clinic added."),
        (Act.Verb.PUBLISHED, ""),
    ]


def test_a_small_correction_moves_no_date_and_readers_read_nothing_of_it(author, publisher):
    programme = ProgrammeFactory(published_at=MARCH, published=True)
    change = change_of(programme, author, name="Spelt right", is_small_correction=True)

    live = workflow.publish(change, by=publisher, at=APRIL)

    assert live.name == "Spelt right"
    assert (live.updated_at, live.last_reviewed_on, live.next_review_due_on) == (
        MARCH, MARCH.date(), programme.next_review_due_on,
    )  # fmt: skip
    assert [act.verb for act in Act.objects.on(live).updates()] == [Act.Verb.PUBLISHED]


def test_a_withdrawn_record_comes_back_with_its_change(author, publisher):
    programme = ProgrammeFactory(withdrawn=True, published_at=MARCH)

    live = workflow.publish(change_of(programme, author, name="Back again"), by=publisher)

    assert (live.state, live.name, live.withdrawal_reason) == (State.PUBLISHED, "Back again", "")


# What is unique among records


def test_a_code_stands_on_the_record_and_on_its_change_and_goes_back_with_it(author, publisher):
    organisation = OrganisationFactory(published=True)
    OrganisationIdentifierFactory(organisation=organisation, value="RJ1")

    change = change_of(organisation, author, name="Another name")
    assert [row.is_live for row in OrganisationIdentifier.objects.filter(value="RJ1").order_by("pk")] == [True, False]
    live = workflow.publish(change, by=publisher)

    assert [(row.organisation, row.is_live) for row in OrganisationIdentifier.objects.all()] == [(live, True)]


def test_a_code_that_another_record_got_meanwhile_is_said_and_nothing_changes(author, publisher):
    organisation = OrganisationFactory(published=True)
    change = change_of(organisation, author, name="Another name")
    OrganisationIdentifier.objects.create(organisation=change, value="RJ1", is_live=False)
    OrganisationIdentifierFactory(organisation=OrganisationFactory(), value="RJ1")

    with pytest.raises(workflow.NotReady, match="Another organisation has this code"):
        workflow.publish(change, by=publisher)

    assert Organisation.objects.get(pk=organisation.pk).name == organisation.name
    assert Organisation.objects.filter(pk=change.pk, state=State.DRAFT).exists()


def test_an_address_that_another_record_got_meanwhile_is_said_and_nothing_changes(author, publisher):
    programme = ProgrammeFactory(published=True)
    change = change_of(programme, author, slug="wanted-by-two")
    ProgrammeFactory(slug="wanted-by-two")

    with pytest.raises(workflow.NotReady, match="Another record has this address"):
        workflow.publish(change, by=publisher)

    programme.refresh_from_db()
    assert programme.slug != "wanted-by-two"
    assert Programme.objects.filter(pk=change.pk).exists()


def test_a_number_that_another_priority_got_meanwhile_is_said(author, publisher):
    priority = PriorityFactory(published=True, position=1)
    change = change_of(priority, author, position=2)
    PriorityFactory(strategy=priority.strategy, position=2)

    with pytest.raises(workflow.NotReady, match="Another priority of this strategy has this number"):
        workflow.publish(change, by=publisher)


def test_a_change_that_breaks_a_rule_as_a_whole_is_not_published_and_stays(author, publisher):
    programme = ProgrammeFactory(satellite_site=True, published=True)
    change = change_of(programme, author, kind=Programme.Kind.RESEARCH)
    before = snapshot(programme)

    with pytest.raises(workflow.NotReady, match="Remove the facts of a satellite site"):
        workflow.publish(change, by=publisher)

    assert snapshot(programme) == before
    assert Programme.objects.filter(pk=change.pk).exists()


# Four eyes


def test_who_wrote_in_a_change_does_not_publish_it(author, publisher):
    change = change_of(ProgrammeFactory(published=True), author)
    workflow.note_saved(change, by=author)
    workflow.submit(change, by=author)

    with pytest.raises(workflow.NotAllowed, match="somebody else has to publish it"):
        workflow.publish(change, by=author)

    assert Programme.objects.get(pk=change.pk).state == State.IN_REVIEW
    assert workflow.publish(change, by=publisher).is_published


def test_a_publisher_who_mends_a_text_in_review_has_written_in_it(author, publisher):
    programme = workflow.submit(ProgrammeFactory(), by=author)
    workflow.note_saved(programme, by=publisher)

    with pytest.raises(workflow.NotAllowed):
        workflow.publish(programme, by=publisher)


def test_what_somebody_wrote_in_an_earlier_text_does_not_count(author, publisher):
    programme = ProgrammeFactory()
    workflow.note_saved(programme, by=author, is_new=True)
    programme = workflow.publish(programme, by=publisher)
    change = change_of(programme, publisher)
    workflow.note_saved(change, by=publisher)

    assert workflow.publish(change, by=author).is_published


def test_a_figure_noted_meanwhile_does_not_wash_the_writer_clean(author, publisher):
    metric = OutcomeMetricFactory(published=True)
    change = change_of(metric, author)
    workflow.note_saved(change, by=author)
    workflow.note_update(metric, by=author, substantive=True)

    with pytest.raises(workflow.NotAllowed):
        workflow.publish(change, by=author)
    assert OutcomeMetric.objects.filter(pk=change.pk).exists()


def test_who_takes_up_an_old_version_does_not_publish_it(author, publisher):
    programme = ProgrammeFactory(published=True)
    workflow.publish(change_of(programme, author, name="Newer"), by=publisher)
    first = Version.objects.on(programme).get(number=1)
    copy, lost = workflow.restore(first, by=author)
    copy.change_note = "The old text is back."
    copy.save()

    assert (copy.name, lost) == (programme.name, [])
    with pytest.raises(workflow.NotAllowed):
        workflow.publish(copy, by=author)
    assert workflow.publish(copy, by=publisher).name == programme.name


def test_what_was_never_public_is_not_taken_up_again(author, publisher):
    programme = ProgrammeFactory(published=True)
    workflow.submit(change_of(programme, author, name="Newer"), by=author)
    submitted = Version.objects.on(programme).get(occasion=Version.Occasion.SUBMITTED)
    workflow.discard(programme.open_change, by=publisher)

    with pytest.raises(workflow.WrongState, match="never public"):
        workflow.restore(submitted, by=publisher)


def test_an_old_version_of_another_organisation_is_not_taken_up(author, publisher):
    theirs, ours = OrganisationFactory(published=True), OrganisationFactory(published=True)
    site = SiteFactory(organisation=theirs, published=True)
    workflow.publish(change_of(site, author, organisation=ours), by=publisher)
    site.refresh_from_db()
    limited = person_in("Author")
    RemitFactory(person=limited, organisation=ours)

    with pytest.raises(workflow.NotAllowed, match="belonged"):
        workflow.restore(Version.objects.on(site).get(number=1), by=limited)

    assert not hasattr(Site.objects.get(pk=site.pk), "open_change")


def test_the_saves_of_an_open_change_stay_when_the_old_page_is_published_again(author, publisher):
    programme = ProgrammeFactory(published=True)
    workflow.withdraw(programme, by=publisher, reason="It ends.")
    change_of(programme, author)
    saved = Version.objects.on(programme).filter(occasion=Version.Occasion.SAVED)

    before = list(saved)
    workflow.publish(programme, by=publisher)

    assert before
    assert list(saved) == before


def test_a_draft_that_is_deleted_leaves_no_text_behind(author):
    programme = ProgrammeFactory()
    workflow.note_saved(programme, by=author)
    of_programme = Version.objects.on(programme)

    assert of_programme.exists()
    programme.delete()

    assert not of_programme.exists()


@override_settings(FOUR_EYES=False)
def test_with_four_eyes_off_one_person_does_it_all(author):
    change = change_of(ProgrammeFactory(published=True), author, name="All mine")
    workflow.note_saved(change, by=author)

    assert workflow.publish(change, by=author).name == "All mine"


# Versions


def test_each_publication_is_kept_and_the_saves_before_it_go(author, publisher):
    programme = ProgrammeFactory(published=True)
    change = change_of(programme, author, name="Second")
    workflow.note_saved(change, by=author)
    workflow.note_saved(change, by=author)
    change = workflow.submit(change, by=author)
    workflow.publish(change, by=publisher)

    kept = Version.objects.on(programme).order_by("number").values_list("occasion", "data__fields__name")
    assert list(kept) == [("published", programme.name), ("submitted", "Second"), ("published", "Second")]


def test_the_text_of_a_loaded_record_is_kept_before_its_first_change(author, publisher):
    programme = ProgrammeFactory(published=True)
    Version.objects.all().delete()

    change = change_of(programme, author, name="Second")
    workflow.publish(change, by=publisher)

    versions = Version.objects.on(programme).order_by("number")
    assert [version.data["fields"]["name"] for version in versions] == [programme.name, "Second"]
    assert versions[0].made_at == programme.updated_at


# Who is told


def test_those_concerned_are_told_and_nobody_of_their_own_act(author):
    writer = UserFactory(rights=("change_programme",))
    boss = UserFactory(is_staff=True, rights=("change_programme", "publish_programme"))
    change = change_of(ProgrammeFactory(published=True), writer)
    workflow.note_saved(change, by=writer)

    workflow.submit(change, by=writer)
    assert [(n.person, n.kind) for n in Notice.objects.exclude(person__username="publisher")] == [
        (boss, "review-asked")
    ]

    workflow.return_to_draft(change, by=boss, note="Name the area.")
    told = Notice.objects.get(kind="returned")
    assert (told.person, "Name the area." in told.text) == (writer, True)

    workflow.publish(workflow.submit(change, by=writer), by=boss)
    assert Notice.objects.get(kind="published").person == writer


# Everywhere


def test_lists_counts_and_pages_are_the_same_to_the_letter_while_changes_are_open(author, client):
    area = AreaFactory()
    site = SiteFactory(published=True)
    organisation = OrganisationFactory(published=True)
    OrganisationIdentifierFactory(organisation=organisation, value="RJ1")
    partnership = PartnershipFactory(published=True, lead=organisation)
    MembershipFactory(partnership=partnership, organisation=organisation)
    programme = ProgrammeFactory(
        satellite_site=True,
        with_partners=True,
        published=True,
        lead=organisation,
        areas=[area],
        partnership=partnership,
    )
    metric = OutcomeMetricFactory(published=True, programme=programme)
    records = [site, organisation, partnership, programme, metric]
    pages = [
        "/",
        "/partners/",
        "/partnerships/",
        "/programmes/",
        "/sites/",
        "/outcomes/",
        "/sitemap.xml",
        "/partners/ods/RJ1/",
    ]
    pages += [record.get_absolute_url() for record in records]
    before = {page: client.get(page).content for page in pages}

    for record in records:
        change_of(record, author, name="CHANGED", summary="CHANGED", slug=f"changed-{record.pk}")

    for page in pages:
        assert client.get(page).content == before[page], page
