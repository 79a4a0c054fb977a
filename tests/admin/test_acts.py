"""The acts of the workflow in the admin: who may do which, where, and what it does."""

import pytest
from django.contrib.admin.models import LogEntry

from partnerships.models import Organisation, Site, Source
from programmes.models import LocalCareNetwork, Observation, OutcomeMetric, Programme, Statement
from tests.admin.conftest import add_row, boxes, errors_of, messages_of, save, url_of
from tests.factories import ObservationFactory, OrganisationFactory, OutcomeMetricFactory, ProgrammeFactory, SiteFactory
from tests.strict_client import StrictClient
from trustportal.publishing.models import Act, Publishable, State

pytestmark = pytest.mark.django_db


def in_bulk(client: StrictClient, action: str, *records: Publishable, **more: object) -> object:
    """Tick records in the list and choose an action."""
    data = {"action": action, "_selected_action": [record.pk for record in records], **more}
    return client.post(url_of(type(records[0]), "changelist"), data, follow=True)


def state_of(record: Publishable) -> str:
    record.refresh_from_db()
    return record.state


def offered_in_list(client: StrictClient, **query: str) -> set[str]:
    form = client.get(url_of(Site, "changelist"), query).context["action_form"]
    return {value for value, _ in form.fields["action"].choices if value} if form else set()


def offered_on_page(client: StrictClient, record: Publishable) -> set[str]:
    return {act["offer"].name for act in client.get(url_of(record, "change")).context["acts"]}


# What is offered


def test_the_list_offers_each_role_its_acts(
    author: StrictClient, publisher: StrictClient, administrator: StrictClient
) -> None:
    SiteFactory()
    acts = {"submit", "return_to_draft", "publish", "confirm_reviewed", "withdraw", "delete_selected"}
    assert offered_in_list(author) == {"submit"}
    assert offered_in_list(publisher) == offered_in_list(administrator) == acts


def test_a_list_of_one_state_offers_what_leads_from_there(publisher: StrictClient) -> None:
    SiteFactory(published=True)
    offered = offered_in_list(publisher, state__exact="published")
    assert offered == {"confirm_reviewed", "withdraw", "delete_selected"}


def test_only_those_whose_acts_take_a_note_have_room_for_one(author: StrictClient, publisher: StrictClient) -> None:
    SiteFactory()
    assert 'name="note"' not in author.get(url_of(Site, "changelist")).content.decode()
    assert 'name="note"' in publisher.get(url_of(Site, "changelist")).content.decode()


def test_the_page_offers_what_leads_from_the_records_state(author: StrictClient, publisher: StrictClient) -> None:
    draft, waiting, public, gone = (
        SiteFactory(),
        SiteFactory(in_review=True),
        SiteFactory(published=True),
        SiteFactory(withdrawn=True),
    )
    assert offered_on_page(author, draft) == {"submit"}
    assert offered_on_page(author, waiting) == offered_on_page(author, public) == set()
    assert offered_on_page(publisher, draft) == {"submit", "publish"}
    assert offered_on_page(publisher, waiting) == {"return_to_draft", "publish"}
    assert offered_on_page(publisher, public) == {"confirm_reviewed", "withdraw"}
    assert offered_on_page(publisher, gone) == {"publish"}


# What they do


def test_an_author_hands_in_a_draft_and_can_then_only_look(author: StrictClient) -> None:
    site = SiteFactory()
    response = author.post(url_of(site, "act", "submit"), follow=True)
    assert "1 record was submitted for review." in messages_of(response)
    assert state_of(site) == State.IN_REVIEW
    assert 'name="_save"' not in response.content.decode()


def test_a_publisher_returns_a_record_with_a_note(publisher: StrictClient) -> None:
    site = SiteFactory(in_review=True)
    publisher.post(url_of(site, "act", "return_to_draft"), {"note": "Name the area."})
    assert state_of(site) == State.DRAFT
    assert Act.objects.get(object_id=site.pk, verb="returned").note == "Name the area."


def test_a_publisher_publishes_reviews_and_withdraws(publisher: StrictClient) -> None:
    site = SiteFactory()
    publisher.post(url_of(site, "act", "publish"))
    assert state_of(site) == State.PUBLISHED
    publisher.post(url_of(site, "act", "confirm_reviewed"))
    refused = publisher.post(url_of(site, "act", "withdraw"), follow=True)
    assert "reason" in messages_of(refused)
    assert state_of(site) == State.PUBLISHED
    publisher.post(url_of(site, "act", "withdraw"), {"note": "It has closed."})
    assert state_of(site) == State.WITHDRAWN
    assert site.withdrawal_reason == "It has closed."
    acts = Act.objects.filter(content_type__model="site", object_id=site.pk)
    verbs = list(acts.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["published", "reviewed", "withdrawn"]
    assert LogEntry.objects.filter(object_id=str(site.pk)).count() == 3


def test_a_note_that_is_too_long_is_refused(publisher: StrictClient) -> None:
    site = SiteFactory(published=True)
    response = publisher.post(url_of(site, "act", "withdraw"), {"note": "x" * 401}, follow=True)
    assert "at most 400" in messages_of(response)
    assert state_of(site) == State.PUBLISHED


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
    ],
)
def test_an_author_cannot_do_what_publishers_do_even_with_a_forged_post(
    author: StrictClient, traits: dict[str, bool], act: str
) -> None:
    site = SiteFactory(**traits)
    before = (state_of(site), site.last_reviewed_on, Act.objects.count())
    response = author.post(url_of(site, "act", act), {"note": "forged"}, follow=True)
    assert "You may not do this" in messages_of(response)
    in_bulk(author, act, site, note="forged")
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


def test_bulk_withdrawal_takes_its_reason_from_the_list(publisher: StrictClient) -> None:
    sites = SiteFactory.create_batch(2, published=True)
    in_bulk(publisher, "withdraw", *sites, note="Both have moved.")
    assert [(state_of(site), site.withdrawal_reason) for site in sites] == [(State.WITHDRAWN, "Both have moved.")] * 2


# Changing what is public


def test_an_author_cannot_change_what_has_gone_further_even_with_a_forged_post(author: StrictClient) -> None:
    draft, waiting, public = SiteFactory(), SiteFactory(in_review=True), SiteFactory(published=True)
    typed = boxes(author.get(url_of(draft, "change"))) | {"name": "Changed", "slug": "changed"}
    for record in (waiting, public):
        assert author.post(url_of(record, "change"), typed).status_code == 403
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


def test_a_publishers_change_moves_the_date_of_the_last_update(publisher: StrictClient) -> None:
    site = SiteFactory(published=True)
    before = site.updated_at
    save(publisher, url_of(site, "change"), name="New name")
    site.refresh_from_db()
    assert site.updated_at > before
    assert Act.objects.latest("pk").verb == "updated"


def test_a_small_correction_moves_no_date(publisher: StrictClient) -> None:
    site = SiteFactory(published=True)
    before = site.updated_at
    save(publisher, url_of(site, "change"), name="New name", is_small_correction="on")
    site.refresh_from_db()
    assert (site.name, site.updated_at) == ("New name", before)
    assert Act.objects.latest("pk").verb == "corrected"


def test_saving_without_a_change_is_no_update(publisher: StrictClient) -> None:
    programme = ProgrammeFactory(local_care_network=True, with_statements=True, with_partners=True, published=True)
    acts = Act.objects.count()
    response = save(publisher, url_of(programme, "change"))
    assert "was changed successfully" in messages_of(response)
    assert Act.objects.count() == acts


def test_a_change_of_a_row_alone_is_an_update(publisher: StrictClient) -> None:
    programme = ProgrammeFactory(local_care_network=True, published=True)
    save(publisher, url_of(programme, "change"), {"local_care_network-0-care_model_name": "Joined-up care"})
    assert LocalCareNetwork.objects.get().care_model_name == "Joined-up care"
    assert Act.objects.latest("pk").verb == "updated"


def test_the_box_for_small_corrections_is_on_published_records_alone(
    author: StrictClient, publisher: StrictClient
) -> None:
    draft, public = SiteFactory(), SiteFactory(published=True)
    assert "is_small_correction" not in publisher.get(url_of(draft, "change")).content.decode()
    assert "is_small_correction" in publisher.get(url_of(public, "change")).content.decode()
    assert "is_small_correction" not in author.get(url_of(public, "change")).content.decode()


def test_a_published_record_keeps_to_the_rules_of_publication_and_nothing_is_saved_otherwise(
    publisher: StrictClient,
) -> None:
    programme = ProgrammeFactory(local_care_network=True, published=True)
    before = (programme.name, programme.updated_at, Act.objects.count(), LogEntry.objects.count())
    typed = {"name": "Typed name", "local_care_network-0-DELETE": "on"}
    response = save(publisher, url_of(programme, "change"), typed)
    assert "Fill in the facts of the local care network." in errors_of(response)
    assert 'value="Typed name"' in response.content.decode()
    programme.refresh_from_db()
    assert (programme.name, programme.updated_at, Act.objects.count(), LogEntry.objects.count()) == before
    assert LocalCareNetwork.objects.count() == 1


def test_a_withdrawn_record_keeps_its_reason(publisher: StrictClient) -> None:
    site = SiteFactory(withdrawn=True)
    response = save(publisher, url_of(site, "change"), withdrawal_reason="")
    assert "This field is required." in errors_of(response)
    save(publisher, url_of(site, "change"), withdrawal_reason="It has closed.")
    site.refresh_from_db()
    assert (site.state, site.withdrawal_reason) == (State.WITHDRAWN, "It has closed.")


def test_a_changed_address_of_a_published_record_leaves_the_old_one_behind(publisher: StrictClient) -> None:
    site = SiteFactory(published=True)
    old = site.slug
    save(publisher, url_of(site, "change"), slug="new-address")
    assert [former.slug for former in site.former_slugs.all()] == [old]


# Deleting


def test_nobody_deletes_what_was_ever_published(admin_client: StrictClient, publisher: StrictClient) -> None:
    public, gone = SiteFactory(published=True), SiteFactory(withdrawn=True)
    for client in (admin_client, publisher):
        for site in (public, gone):
            assert client.post(url_of(site, "delete"), {"post": "yes"}).status_code == 403
        response = in_bulk(client, "delete_selected", public, gone, post="yes")
        assert "withdrawn but not deleted" in messages_of(response)
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


def test_an_author_touches_figures_of_drafts_alone(author: StrictClient) -> None:
    draft, public = ObservationFactory(), ObservationFactory(metric=OutcomeMetricFactory(published=True))
    save(author, url_of(draft, "change"), note="Checked.")
    draft.refresh_from_db()
    assert draft.note == "Checked."
    assert author.post(url_of(public, "change"), {"value": "1"}).status_code == 403
    typed = {"metric": public.metric_id, "period_start": "2024", "period_end": "2024", "value": "12"}
    response = save(author, url_of(Observation, "add"), typed)
    assert "Select a valid choice" in errors_of(response)
    save(author, url_of(Observation, "add"), typed | {"metric": draft.metric_id})
    assert draft.metric.observations.filter(value=12).exists()


def test_a_new_figure_of_a_published_metric_is_an_update(publisher: StrictClient) -> None:
    metric = OutcomeMetricFactory(published=True)
    before = metric.updated_at
    typed = {"metric": metric.pk, "period_start": "2024", "period_end": "2024", "value": "12"}
    save(publisher, url_of(Observation, "add"), typed)
    metric.refresh_from_db()
    assert metric.updated_at > before
    figure = metric.observations.get()
    moved = metric.updated_at
    save(publisher, url_of(figure, "change"), value="13", is_small_correction="on")
    metric.refresh_from_db()
    assert metric.updated_at == moved
    assert Act.objects.latest("pk").verb == "corrected"
    in_bulk(publisher, "delete_selected", figure, post="yes")
    assert not metric.observations.exists()
    assert Act.objects.latest("pk").verb == "updated"


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
    assert "Delete the figures first" in errors_of(response)
    assert OutcomeMetric.objects.get().kind == "count"
