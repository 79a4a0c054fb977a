"""The acts of the workflow in the admin: who may do which, where, and what it does."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry

from partnerships.models import Organisation, Site, Source
from programmes.models import LocalCareNetwork, Observation, OutcomeMetric, Programme, Statement
from tests.admin.conftest import (
    add_row,
    boxes,
    client_of,
    errors_of,
    in_box,
    in_january,
    messages_of,
    person_in,
    save,
    url_of,
)
from tests.factories import OrganisationFactory, OutcomeMetricFactory, ProgrammeFactory, SiteFactory
from tests.strict_client import StrictClient
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, Publishable, Schedule, State, Version
from trustportal.publishing.snapshot import snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


def in_bulk(client: StrictClient, action: str, *records: Publishable, **more: object) -> object:
    """Tick records in the list and choose an action."""
    data = {"action": action, "_selected_action": [record.pk for record in records], **more}
    return client.post(url_of(type(records[0]), "changelist"), data, follow=True)


def do(client: StrictClient, record: Publishable, act: str, **typed: object) -> object:
    """Do an act from the page of a record; where it asks something, fill its form in."""
    asked = dict.fromkeys(typed, "")
    if typed:
        asked = boxes(client.get(url_of(record, "act", act)))
        assert set(typed) <= set(asked)
    return client.post(url_of(record, "act", act), {**asked, **typed}, follow=True)


def change_of(client: StrictClient, record: Publishable) -> Publishable:
    """The change that somebody starts with the button on the page of a record."""
    do(client, record, "start_change")
    return type(record).objects.get(draft_of=record)


def state_of(record: Publishable) -> str:
    record.refresh_from_db()
    return record.state


def offered_in_list(client: StrictClient, **query: str) -> set[str]:
    form = client.get(url_of(Site, "changelist"), query).context["action_form"]
    return {value for value, _ in form.fields["action"].choices if value} if form else set()


def offered_on_page(client: StrictClient, record: Publishable) -> set[str]:
    return {act["offer"].name for act in client.get(url_of(record, "change")).context["standing"]["acts"]}


# What is offered


def test_the_list_offers_each_role_its_acts(
    author: StrictClient, publisher: StrictClient, administrator: StrictClient
) -> None:
    SiteFactory()
    assert offered_in_list(author) == {"submit"}
    acts = {"submit", "publish", "confirm_reviewed", "delete_selected"}
    assert offered_in_list(publisher) == offered_in_list(administrator) == acts


def test_what_asks_for_words_is_not_done_in_bulk_even_with_a_forged_post(publisher: StrictClient) -> None:
    waiting, public = SiteFactory(in_review=True), SiteFactory(published=True)
    for act in ("return_to_draft", "withdraw", "schedule", "share", "discard", "start_change"):
        in_bulk(publisher, act, waiting, public, note="forged", reason="forged")
    assert (state_of(waiting), state_of(public)) == (State.IN_REVIEW, State.PUBLISHED)
    assert Site.objects.count() == 2
    assert 'name="note"' not in publisher.get(url_of(Site, "changelist")).content.decode()


def test_the_page_offers_what_leads_from_the_records_state(author: StrictClient, publisher: StrictClient) -> None:
    draft, waiting, public, gone = (
        SiteFactory(),
        SiteFactory(in_review=True),
        SiteFactory(published=True),
        SiteFactory(withdrawn=True),
    )
    assert offered_on_page(author, draft) == {"submit", "share"}
    assert offered_on_page(author, waiting) == {"share"}
    assert offered_on_page(author, public) == offered_on_page(author, gone) == {"start_change"}
    assert offered_on_page(publisher, draft) == {"submit", "publish", "schedule", "share"}
    assert offered_on_page(publisher, waiting) == {"return_to_draft", "publish", "schedule", "share"}
    assert offered_on_page(publisher, public) == {"start_change", "confirm_reviewed", "withdraw", "schedule_withdrawal"}
    assert offered_on_page(publisher, gone) == {"start_change", "publish", "withdraw"}


def test_the_page_of_a_change_offers_what_leads_from_there(author: StrictClient, publisher: StrictClient) -> None:
    change = workflow.start_change(SiteFactory(published=True), by=person_in("Author"))
    assert offered_on_page(author, change) == {"submit", "share", "discard"}
    assert offered_on_page(publisher, change) == {"submit", "publish", "schedule", "share", "discard"}
    public = change.itself
    assert "start_change" not in offered_on_page(author, public)  # one is open
    assert url_of(change, "change") in author.get(url_of(public, "change")).content.decode()


# What they do


def test_an_author_hands_in_a_draft_and_can_then_only_look(author: StrictClient) -> None:
    site = SiteFactory()
    response = author.post(url_of(site, "act", "submit"), follow=True)
    assert "1 record was submitted for review." in messages_of(response)
    assert state_of(site) == State.IN_REVIEW
    assert 'name="_save"' not in response.content.decode()


def test_a_publisher_returns_a_record_with_a_note(publisher: StrictClient) -> None:
    site = SiteFactory(in_review=True)
    response = publisher.post(url_of(site, "act", "return_to_draft"), {"note": " "})
    assert "This field is required." in str(response.context["form"].errors)
    assert state_of(site) == State.IN_REVIEW
    do(publisher, site, "return_to_draft", note="Name the area.")
    assert state_of(site) == State.DRAFT
    assert Act.objects.get(object_id=site.pk, verb="returned").note == "Name the area."


def test_a_publisher_publishes_reviews_and_withdraws(publisher: StrictClient) -> None:
    site = SiteFactory()
    do(publisher, site, "publish")
    assert state_of(site) == State.PUBLISHED
    do(publisher, site, "confirm_reviewed")
    refused = publisher.post(url_of(site, "act", "withdraw"))
    assert "This field is required." in str(refused.context["form"].errors["reason"])
    assert state_of(site) == State.PUBLISHED
    do(publisher, site, "withdraw", reason="It has closed.")
    assert state_of(site) == State.WITHDRAWN
    assert site.withdrawal_reason == "It has closed."
    acts = Act.objects.filter(content_type__model="site", object_id=site.pk)
    verbs = list(acts.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["published", "reviewed", "withdrawn"]
    assert LogEntry.objects.filter(object_id=str(site.pk)).count() == 3


def test_whoever_wrote_in_a_text_does_not_publish_it_and_somebody_else_does(publisher: StrictClient) -> None:
    site = SiteFactory()
    save(publisher, url_of(site, "change"), name="Written by the publisher")
    assert not {"publish", "schedule"} & offered_on_page(publisher, site)
    assert "somebody else has to publish it" in publisher.get(url_of(site, "change")).content.decode()
    response = do(publisher, site, "publish")
    assert "somebody else has to publish it" in messages_of(response)
    in_bulk(publisher, "publish", site)
    publisher.post(url_of(site, "act", "schedule"), {"due_at": in_box(in_january())})
    assert state_of(site) == State.DRAFT
    assert not Schedule.objects.exists()
    do(client_of(person_in("Publisher")), site, "publish")
    assert (state_of(site), site.name) == (State.PUBLISHED, "Written by the publisher")


def test_a_note_that_is_too_long_is_refused(publisher: StrictClient) -> None:
    site = SiteFactory(published=True)
    response = publisher.post(url_of(site, "act", "withdraw"), {"reason": "x" * 401})
    assert "at most 400" in str(response.context["form"].errors["reason"])
    assert state_of(site) == State.PUBLISHED


def test_a_page_that_asks_opens_only_where_the_act_leads_on(author: StrictClient, publisher: StrictClient) -> None:
    public = SiteFactory(published=True)
    assert publisher.get(url_of(public, "act", "withdraw")).status_code == 200
    for client, act in [(publisher, "return_to_draft"), (author, "withdraw")]:
        response = client.get(url_of(public, "act", act))
        assert response["Location"] == url_of(public, "change")
    assert state_of(public) == State.PUBLISHED


def test_an_act_needs_a_post_and_a_record(publisher: StrictClient) -> None:
    site = SiteFactory()
    assert publisher.get(url_of(site, "act", "publish")).status_code == 405
    assert publisher.post(url_of(site, "act", "forge")).status_code == 404
    site.pk = 999
    assert publisher.post(url_of(site, "act", "publish")).status_code == 404


def test_an_act_needs_the_token_of_the_form(publisher: StrictClient) -> None:
    site = SiteFactory()
    publisher.handler.enforce_csrf_checks = True
    assert publisher.post(url_of(site, "act", "publish")).status_code == 403
    assert state_of(site) == State.DRAFT


@pytest.mark.parametrize(
    ("traits", "act"),
    [
        ({}, "publish"),
        ({"in_review": True}, "publish"),
        ({"in_review": True}, "return_to_draft"),
        ({"published": True}, "confirm_reviewed"),
        ({"published": True}, "withdraw"),
        ({"withdrawn": True}, "publish"),
    ],
)
def test_an_author_cannot_do_what_publishers_do_even_with_a_forged_post(
    author: StrictClient, traits: dict[str, bool], act: str
) -> None:
    site = SiteFactory(**traits)
    before = (state_of(site), site.last_reviewed_on, Act.objects.count())
    response = author.post(url_of(site, "act", act), {"note": "forged", "reason": "forged"}, follow=True)
    assert "You may not do this" in messages_of(response)
    in_bulk(author, act, site, note="forged", reason="forged")
    assert (state_of(site), site.last_reviewed_on, Act.objects.count()) == before


def test_whoever_may_not_see_a_record_cannot_act_on_it(client: StrictClient) -> None:
    site = SiteFactory()
    response = client.post(url_of(site, "act", "submit"))
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")
    assert state_of(site) == State.DRAFT


def test_bulk_publishing_passes_over_a_broken_record_and_names_it(publisher: StrictClient) -> None:
    good = [ProgrammeFactory(), ProgrammeFactory()]
    broken = ProgrammeFactory(name="Without facts", kind=Programme.Kind.SATELLITE_SITE)
    public = ProgrammeFactory(name="Public already", published=True)
    response = in_bulk(publisher, "publish", good[0], broken, public, good[1])
    words = messages_of(response)
    assert "2 records were published." in words
    assert "Not done to “Without facts”. Fill in the facts of the satellite site." in words
    assert "Not done to “Public already”." in words
    assert [state_of(record) for record in [*good, broken]] == [State.PUBLISHED, State.PUBLISHED, State.DRAFT]


def test_in_bulk_an_open_change_is_submitted_and_published_and_the_page_itself_reviewed(
    author: StrictClient, publisher: StrictClient
) -> None:
    site = SiteFactory(published=True)
    long_ago = site.last_reviewed_on - datetime.timedelta(days=30)
    change = change_of(author, site)
    save(author, url_of(change, "change"), name="New name", change_note="It has a new name.")
    in_bulk(author, "submit", site)
    assert (state_of(site), state_of(change)) == (State.PUBLISHED, State.IN_REVIEW)
    Site.objects.filter(pk=site.pk).update(last_reviewed_on=long_ago)
    in_bulk(publisher, "confirm_reviewed", site)
    site.refresh_from_db()
    assert site.last_reviewed_on > long_ago
    assert state_of(change) == State.IN_REVIEW
    in_bulk(publisher, "publish", site)
    site.refresh_from_db()
    assert site.name == "New name"
    assert Site.objects.get() == site


# Changing what is public


def test_an_author_cannot_change_what_has_gone_further_even_with_a_forged_post(author: StrictClient) -> None:
    draft, waiting, public = SiteFactory(), SiteFactory(in_review=True), SiteFactory(published=True)
    typed = boxes(author.get(url_of(draft, "change"))) | {"name": "Changed", "slug": "changed"}
    for record in (waiting, public):
        assert author.post(url_of(record, "change"), typed).status_code == 409
        record.refresh_from_db()
        assert record.name != "Changed"
    author.post(url_of(draft, "change"), typed)
    draft.refresh_from_db()
    assert draft.name == "Changed"


def test_the_form_never_sets_the_state_or_the_dates(publisher: StrictClient) -> None:
    site = SiteFactory()
    forged = {"state": "published", "first_published_at_0": "2020-01-01", "updated_at": "2020-01-01 10:00"}
    save(publisher, url_of(site, "change"), forged, name="New name")
    assert state_of(site) == State.DRAFT
    assert (site.name, site.first_published_at, site.updated_at) == ("New name", None, None)


@pytest.mark.parametrize("stage", ["published", "withdrawn"])
def test_nobody_writes_in_what_the_public_has_seen(
    admin_client: StrictClient, publisher: StrictClient, stage: str
) -> None:
    draft, seen = SiteFactory(), SiteFactory(**{stage: True})
    typed = boxes(admin_client.get(url_of(draft, "change"))) | {"name": "Changed", "slug": "changed"}
    for client in (admin_client, publisher):
        assert 'name="_save"' not in client.get(url_of(seen, "change")).content.decode()
        assert client.post(url_of(seen, "change"), typed).status_code == 409
    seen.refresh_from_db()
    assert seen.name != "Changed"


def test_a_change_that_is_published_moves_the_date_of_the_last_update(
    author: StrictClient, publisher: StrictClient
) -> None:
    site = SiteFactory(published=True)
    before = site.updated_at
    change = change_of(author, site)
    save(author, url_of(change, "change"), name="New name", change_note="It has a new name.")
    site.refresh_from_db()
    assert site.updated_at == before
    do(publisher, change, "publish")
    site.refresh_from_db()
    assert site.name == "New name"
    assert site.updated_at > before
    assert (Act.objects.latest("pk").verb, Act.objects.latest("pk").note) == ("updated", "It has a new name.")


def test_a_small_correction_moves_no_date(author: StrictClient, publisher: StrictClient) -> None:
    site = SiteFactory(published=True)
    before = site.updated_at
    change = change_of(author, site)
    save(author, url_of(change, "change"), name="New name", is_small_correction="on")
    do(publisher, change, "publish")
    site.refresh_from_db()
    assert (site.name, site.updated_at) == ("New name", before)
    assert Act.objects.latest("pk").verb == "corrected"


def test_a_change_without_a_line_for_readers_is_refused_and_stays(
    author: StrictClient, publisher: StrictClient
) -> None:
    change = change_of(author, SiteFactory(published=True))
    save(author, url_of(change, "change"), name="New name")
    for client, act in [(author, "submit"), (publisher, "publish")]:
        assert "Say in one line what changed" in messages_of(do(client, change, act))
    assert state_of(change) == State.DRAFT


def test_saving_without_a_change_is_noted_nowhere(author: StrictClient) -> None:
    programme = ProgrammeFactory(local_care_network=True, with_statements=True, with_partners=True, published=True)
    change = change_of(author, programme)
    acts, versions = Act.objects.count(), Version.objects.count()
    response = save(author, url_of(change, "change"))
    assert "was changed successfully" in messages_of(response)
    assert (Act.objects.count(), Version.objects.count()) == (acts, versions)


def test_a_save_of_a_row_alone_is_noted_and_kept(author: StrictClient) -> None:
    programme = ProgrammeFactory(local_care_network=True, published=True)
    change = change_of(author, programme)
    save(author, url_of(change, "change"), {"local_care_network-0-care_model_name": "Joined-up care"})
    assert LocalCareNetwork.objects.get(programme=change).care_model_name == "Joined-up care"
    assert LocalCareNetwork.objects.get(programme=programme).care_model_name != "Joined-up care"
    assert Act.objects.latest("pk").verb == "edited"
    [facts] = Version.objects.latest("pk").data["parts"]["local_care_network"]
    assert facts["fields"]["care_model_name"] == "Joined-up care"


def test_the_boxes_for_what_changed_are_on_changes_alone(author: StrictClient, publisher: StrictClient) -> None:
    draft, public = SiteFactory(), SiteFactory(published=True)
    change = change_of(author, public)
    own = {"is_small_correction", "change_note"}
    for client in (author, publisher):
        page = client.get(url_of(public, "change")).content.decode()
        assert not any(f'name="{name}"' in page for name in own)
        assert not own & set(boxes(client.get(url_of(draft, "change"))))
        page = client.get(url_of(change, "change")).content.decode()
        assert all(f'name="{name}"' in page for name in own)


def test_a_change_that_breaks_a_rule_of_publication_is_refused_by_publish_and_stays(
    author: StrictClient, publisher: StrictClient
) -> None:
    programme = ProgrammeFactory(local_care_network=True, published=True)
    before = snapshot(programme)
    change = change_of(author, programme)
    typed = {"name": "Typed name", "change_note": "It has a new name.", "local_care_network-0-DELETE": "on"}
    save(author, url_of(change, "change"), typed)
    logged = LogEntry.objects.count()
    response = do(publisher, change, "publish")
    assert "Fill in the facts of the local care network." in messages_of(response)
    assert (snapshot(programme), LogEntry.objects.count()) == (before, logged)
    assert (state_of(change), change.name) == (State.DRAFT, "Typed name")


def test_a_withdrawn_record_keeps_a_reason_which_the_form_of_the_act_changes(publisher: StrictClient) -> None:
    site = SiteFactory(withdrawn=True)
    assert "This field is required." in str(publisher.post(url_of(site, "act", "withdraw")).context["form"].errors)
    do(publisher, site, "withdraw", reason="It has closed.", see_instead="/sites/")
    assert (state_of(site), site.withdrawal_reason, site.see_instead) == (State.WITHDRAWN, "It has closed.", "/sites/")
    page = publisher.get(url_of(site, "change")).content.decode()
    assert "It has closed." in page


def test_a_changed_address_of_a_published_record_leaves_the_old_one_behind(
    author: StrictClient, publisher: StrictClient
) -> None:
    site = SiteFactory(published=True)
    old = site.slug
    change = change_of(author, site)
    save(author, url_of(change, "change"), slug="new-address", change_note="It has a new address.")
    assert not site.former_slugs.exists()
    do(publisher, change, "publish")
    assert [former.slug for former in site.former_slugs.all()] == [old]


# Deleting


def test_nobody_deletes_what_was_ever_published(admin_client: StrictClient, publisher: StrictClient) -> None:
    public, gone = SiteFactory(published=True), SiteFactory(withdrawn=True)
    for client in (admin_client, publisher):
        for site in (public, gone):
            assert client.post(url_of(site, "delete"), {"post": "yes"}).status_code == 403
        response = in_bulk(client, "delete_selected", public, gone, post="yes")
        assert "cannot be deleted: it was published once" in messages_of(response)
    assert Site.objects.count() == 2


def test_bulk_deletion_takes_drafts_and_leaves_what_was_published(publisher: StrictClient) -> None:
    draft, public = SiteFactory(), SiteFactory(name="Public site", published=True)
    response = in_bulk(publisher, "delete_selected", draft, public)
    assert "“Public site”" in messages_of(response)
    assert list(response.context["queryset"]) == [draft]
    in_bulk(publisher, "delete_selected", draft, public, post="yes")
    assert list(Site.objects.all()) == [public]


def test_a_publisher_deletes_a_draft_with_its_rows_and_an_author_does_not(
    author: StrictClient, publisher: StrictClient
) -> None:
    programme = ProgrammeFactory(local_care_network=True, with_statements=True)
    metric = OutcomeMetricFactory(with_observations=True)
    for record in (programme, metric):
        assert author.post(url_of(record, "delete"), {"post": "yes"}).status_code == 403
        publisher.post(url_of(record, "delete"), {"post": "yes"})
        assert not type(record).objects.filter(pk=record.pk).exists()
    assert not Statement.objects.exists()


# Figures


def test_a_new_figure_of_a_published_metric_is_an_update_once_it_is_approved(
    author: StrictClient, publisher: StrictClient
) -> None:
    metric = OutcomeMetricFactory(published=True)
    before, acts = metric.updated_at, Act.objects.count()
    typed = {"metric": metric.pk, "period_start": "2024", "period_end": "2024", "value": "12"}
    save(author, url_of(Observation, "add"), typed)
    metric.refresh_from_db()
    assert (metric.updated_at, Act.objects.count()) == (before, acts)

    page = publisher.get(url_of(metric.observations.get(), "change"))
    publisher.post(url_of(metric.observations.get(), "approve"), {"as_opened": page.context["as_opened"]})

    metric.refresh_from_db()
    assert metric.updated_at > before
    act = Act.objects.latest("pk")
    assert (act.record, act.verb, act.note) == (metric, "updated", "New figure: 2024.")


# Adding


def test_an_author_adds_a_record_with_rows_and_owns_it(author: StrictClient) -> None:
    form = author.get(url_of(Organisation, "add"))
    data = boxes(form) | {"name": "New trust", "slug": "new-trust", "kind": "nhs-trust", "summary": "A trust."}
    data = add_row(data, "identifiers", scheme="ods", value="RJ9")
    author.post(url_of(Organisation, "add"), data)
    organisation = Organisation.objects.get(slug="new-trust")
    assert organisation.owner == form.wsgi_request.user
    assert organisation.ods_code == "RJ9"
    assert organisation.state == State.DRAFT


def test_an_author_sees_no_list_of_people_but_names_an_owner(author: StrictClient) -> None:
    asked = {"app_label": "partnerships", "model_name": "source", "field_name": "owner", "term": "example.nhs.uk"}
    assert author.get("/admin/autocomplete/", asked).json()["results"] == []  # no search by email
    assert author.get("/admin/autocomplete/", asked | {"term": "person"}).json()["results"]
    assert author.get("/admin/accounts/user/").status_code == 403


def test_what_is_taken_is_said_and_not_left_to_the_database(publisher: StrictClient) -> None:
    SiteFactory(slug="taken")
    site = SiteFactory()
    response = save(publisher, url_of(site, "change"), slug="taken")
    assert "Another record has this address." in errors_of(response)
    trust = OrganisationFactory()
    Organisation.objects.get(pk=OrganisationFactory().pk).identifiers.create(scheme="ods", value="RJ1")
    data = add_row(boxes(publisher.get(url_of(trust, "change"))), "identifiers", scheme="ods", value="RJ1")
    response = publisher.post(url_of(trust, "change"), data)
    assert "Another organisation has this code." in errors_of(response)


def test_a_working_copy_cannot_be_chosen_even_with_a_forged_post(publisher: StrictClient) -> None:
    trust = OrganisationFactory()
    copy = OrganisationFactory(slug=trust.slug, draft_of=trust)
    site = SiteFactory()
    response = save(publisher, url_of(site, "change"), organisation=copy.pk)
    assert "Select a valid choice" in errors_of(response)


def test_a_source_opens_with_its_partial_dates_in_words(publisher: StrictClient) -> None:
    source = Source.objects.create(
        name="Plan", slug="plan", summary="A plan.", publisher=OrganisationFactory(), published_on="2017-05"
    )
    save(publisher, url_of(source, "change"), published_on="15 March 2021")
    source.refresh_from_db()
    assert str(source.published_on) == "2021-03-15"
    assert 'value="15 March 2021"' in publisher.get(url_of(source, "change")).content.decode()


def test_figures_stay_of_one_sort(publisher: StrictClient) -> None:
    metric = OutcomeMetricFactory(with_observations=True)
    response = save(publisher, url_of(metric, "change"), kind="percentage")
    assert "Its figures are none of the kind" in errors_of(response)
    assert OutcomeMetric.objects.get().kind == "count"
