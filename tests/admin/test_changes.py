"""A change from its first word to the readers, in the admin: written, handed in, returned, published, or given up."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Site
from programmes.models import Programme
from tests.admin.conftest import (
    add_row,
    boxes,
    boxes_to_copy,
    client_of,
    errors_of,
    in_box,
    in_january,
    messages_of,
    person_in,
    save,
    url_of,
)
from tests.factories import OutcomeMetricFactory, ProgrammeFactory, SiteFactory
from tests.strict_client import StrictClient
from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Act, Publishable, Schedule, ShareLink, State
from trustportal.publishing.snapshot import snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]

TOMORROW = datetime.timedelta(days=1)


@pytest.fixture
def programme() -> Programme:
    """A satellite site with two places, which the public sees."""
    return ProgrammeFactory(
        name="Dialysis at home", summary="The old summary.", satellite_site=True, with_statements=True, published=True
    )


def do(client: StrictClient, record: Publishable, act: str, **typed: object) -> object:
    """Press the button of an act; where it asks something, fill its form in first."""
    page = client.get(url_of(record, "change")).content.decode()
    address = url_of(record, "act", act)
    if link := re.search(rf'href="({re.escape(address)}\?opened_at=\d+)"', page):
        return client.post(address, boxes(client.get(link[1])) | typed, follow=True)
    assert f'action="{address}"' in page, f"{act} is not offered"
    opened_at = re.search(r'name="opened_at" value="(\d+)"', page[page.index(f'action="{address}"') :])[1]
    return client.post(address, {"opened_at": opened_at}, follow=True)


def change_of(client: StrictClient, record: Publishable) -> Publishable:
    """The change that somebody starts on the page of a record."""
    do(client, record, "start_change")
    return type(record).objects.get(draft_of=record)


def exists(record: Publishable) -> bool:
    return type(record).objects.filter(pk=record.pk).exists()


def state_of(record: Publishable) -> str:
    record.refresh_from_db()
    return record.state


def what_readers_see(client: StrictClient, *records: Publishable) -> list[str]:
    """The pages of records, the lists, the search page, and the site map."""
    lists = [reverse("programme-list"), reverse("site-list"), reverse("home"), "/sitemap.xml"]
    addresses = [*(record.get_absolute_url() for record in records), *lists]
    responses = [client.get(address) for address in addresses]
    assert {response.status_code for response in responses} == {200}
    return [response.content.decode() for response in responses]


# From the first word to the readers


def test_a_change_goes_from_an_author_over_a_publisher_to_the_readers(
    author: StrictClient, publisher: StrictClient, client: StrictClient, programme: Programme
) -> None:
    new_site = SiteFactory(name="Sidcup clinic", published=True)
    old_place, other_place = programme.places.order_by("pk")
    kept, dropped = old_place.services.order_by("pk")
    other_services = set(other_place.services.all())
    key, slug, before = programme.pk, programme.slug, snapshot(programme)
    seen_before = what_readers_see(client, programme, new_site, old_place.site)

    # An author starts a change, edits fields, adds a place and removes a service.
    change = change_of(author, programme)
    url = url_of(change, "change")
    data = boxes(author.get(url)) | {
        "summary": "The new summary.",
        "slug": "home-dialysis",
        "change_note": "New clinic.",
    }
    row = [data["places-0-site"], data["places-1-site"]].index(str(old_place.site_id))
    assert sorted(data[f"places-{row}-services"]) == sorted([str(kept.pk), str(dropped.pk)])
    data[f"places-{row}-services"] = [str(kept.pk)]
    data = add_row(data, "places", site=str(new_site.pk), services=[str(dropped.pk)], opened_on="May 2026")
    assert "was changed successfully" in messages_of(author.post(url, data | {"_save": "Save"}, follow=True))
    change.refresh_from_db()
    assert (change.summary, change.places.count()) == ("The new summary.", 3)
    assert list(change.places.get(site=old_place.site).services.all()) == [kept]

    # Readers see the old text meanwhile.
    assert snapshot(programme) == before
    assert what_readers_see(client, programme, new_site, old_place.site) == seen_before
    assert client.get("/programmes/home-dialysis/").status_code == 404

    # It is handed in, and the author can only look.
    do(author, change, "submit")
    assert state_of(change) == State.IN_REVIEW
    assert author.post(url, data).status_code == 409

    # A publisher returns it, the author reads why, mends it, and hands it in again.
    do(publisher, change, "return_to_draft", note="Say since when.")
    assert state_of(change) == State.DRAFT
    assert "Say since when." in author.get(url_of(programme, "history")).content.decode()
    save(author, url, summary="The new summary, since May 2026.")
    do(author, change, "submit")

    # A publisher publishes it.
    assert what_readers_see(client, programme, new_site, old_place.site) == seen_before
    response = do(publisher, change, "publish")
    assert response.redirect_chain[-1][0] == url_of(programme, "change")
    assert not exists(change)
    programme = Programme.objects.get(pk=key)
    assert (programme.state, programme.slug) == (State.PUBLISHED, "home-dialysis")
    assert list(Programme.objects.all()) == [programme]
    page = client.get("/programmes/home-dialysis/").content.decode()
    assert "The new summary, since May 2026." in page
    assert "New clinic." in page
    assert "Sidcup clinic" in page
    assert {place.site_id: set(place.services.all()) for place in programme.places.all()} == {
        old_place.site_id: {kept},
        other_place.site_id: other_services,
        new_site.pk: {dropped},
    }
    assert "The new summary, since May 2026." in client.get("/programmes/").content.decode()
    assert "/programmes/home-dialysis/" in client.get(new_site.get_absolute_url()).content.decode()
    assert "/programmes/home-dialysis/" in client.get("/sitemap.xml").content.decode()
    assert f"/programmes/{slug}/" not in client.get("/sitemap.xml").content.decode()


def test_readers_never_see_a_copy_that_is_in_work(
    author: StrictClient, client: StrictClient, programme: Programme
) -> None:
    site = programme.places.order_by("pk").first().site
    before = what_readers_see(client, programme, site)
    assert any("The old summary." in page for page in before)
    change = change_of(author, programme)
    save(author, url_of(change, "change"), name="Secret name", slug="secret", summary="Secret.", change_note="Secret.")
    assert what_readers_see(client, programme, site) == before
    assert client.get("/programmes/secret/").status_code == 404


def test_a_withdrawn_page_comes_back_with_its_change(
    author: StrictClient, publisher: StrictClient, client: StrictClient
) -> None:
    site = SiteFactory(withdrawn=True)
    change = change_of(author, site)
    save(author, url_of(change, "change"), summary="It is open again.", change_note="Open again.")
    assert client.get(site.get_absolute_url()).status_code == 410
    do(publisher, change, "publish")
    assert "It is open again." in client.get(site.get_absolute_url()).content.decode()


# Copies are nowhere but at their own address


def test_copies_never_appear_in_lists_counts_filters_and_look_ups(
    admin_client: StrictClient, programme: Programme
) -> None:
    change = change_of(admin_client, programme)
    save(admin_client, url_of(change, "change"), name="Dialysis at home, changed")
    listed = url_of(Programme, "changelist")
    for query in [
        {},
        {"q": "Dialysis"},
        {"q": "changed"},
        {"state__exact": "draft"},
        {"kind__exact": "satellite-site"},
        {"change": "draft"},
        {"facts": "missing"},
        {"_facets": "True"},
    ]:
        found = admin_client.get(listed, query).context["cl"]
        assert change not in found.result_list, query
        wanted = [] if query in ({"q": "changed"}, {"state__exact": "draft"}) else [programme]
        assert (list(found.result_list), found.result_count) == (wanted, len(wanted)), query
        assert found.full_result_count == 1
    facets = {spec.title: [choice["display"] for choice in spec.choices(found)] for spec in found.filter_specs}
    assert "Draft (0)" in facets["state"]
    asked = {"app_label": "programmes", "model_name": "outcomemetric", "field_name": "programme", "term": "Dialysis"}
    looked_up = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [row["id"] for row in looked_up] == [str(programme.pk)]


def test_a_copy_is_not_chosen_even_with_a_forged_post(admin_client: StrictClient, programme: Programme) -> None:
    change, metric = change_of(admin_client, programme), OutcomeMetricFactory()
    response = save(admin_client, url_of(metric, "change"), programme=change.pk)
    assert "Select a valid choice" in errors_of(response)
    response = save(admin_client, url_of(change, "change"), builds_on=[change.pk])
    assert "not one of the available choices" in errors_of(response)
    metric.refresh_from_db()
    assert metric.programme is None
    assert not change.builds_on.exists()


def test_a_list_says_where_a_change_is_open_and_finds_it_by_its_state(
    author: StrictClient, publisher: StrictClient
) -> None:
    site, _other = SiteFactory(published=True), SiteFactory(published=True)
    change = change_of(author, site)
    do_not_say = {"is_small_correction": "on"}
    save(author, url_of(change, "change"), do_not_say, name="New name")
    listed = url_of(Site, "changelist")
    assert f'href="{url_of(change, "change")}"' in publisher.get(listed).content.decode()
    assert list(publisher.get(listed, {"change": "draft"}).context["cl"].result_list) == [site]
    do(author, change, "submit")
    assert list(publisher.get(listed, {"change": "draft"}).context["cl"].result_list) == []
    assert list(publisher.get(listed, {"change": "in_review"}).context["cl"].result_list) == [site]


def test_there_is_one_open_change(author: StrictClient, programme: Programme) -> None:
    change_of(author, programme)
    response = author.post(url_of(programme, "act", "start_change"), follow=True)
    assert "has an open change already" in messages_of(response)
    assert Programme.objects.filter(draft_of=programme).count() == 1


# Giving up, and pages that are out of date


def test_discarding_asks_first_and_then_leaves_the_page_as_it_was(author: StrictClient, programme: Programme) -> None:
    before = snapshot(programme)
    change = change_of(author, programme)
    save(author, url_of(change, "change"), name="Another name")
    response = author.get(url_of(change, "act", "discard"))
    assert "All that was written in this change is lost." in response.content.decode()
    assert exists(change)
    response = author.post(url_of(change, "act", "discard"), boxes(response), follow=True)
    assert response.redirect_chain[-1][0] == url_of(programme, "change")
    assert not exists(change)
    assert snapshot(programme) == before
    assert Act.objects.on(programme).latest("pk").verb == "discarded"


def test_a_publisher_alone_discards_what_is_in_review(author: StrictClient, publisher: StrictClient) -> None:
    change = change_of(author, SiteFactory(published=True))
    save(author, url_of(change, "change"), name="New", is_small_correction="on")
    do(author, change, "submit")
    author.post(url_of(change, "act", "discard"))
    assert exists(change)
    do(publisher, change, "discard")
    assert not exists(change)


@pytest.mark.parametrize("act", ["publish", "submit"])
def test_an_act_from_a_page_that_shows_an_older_save_is_refused(publisher: StrictClient, act: str) -> None:
    writer = client_of(person_in("Author"))
    change = change_of(writer, SiteFactory(published=True))
    save(writer, url_of(change, "change"), name="First text", is_small_correction="on")
    page = publisher.get(url_of(change, "change")).context["standing"]["record"]
    save(writer, url_of(change, "change"), name="Second text")
    acts = Act.objects.count()
    response = publisher.post(url_of(change, "act", act), {"opened_at": page.edit_number}, follow=True)
    assert "Somebody saved a newer text" in messages_of(response)
    assert (state_of(change), change.itself.is_published, Act.objects.count()) == (State.DRAFT, True, acts)
    assert change.itself.name != "Second text"
    do(publisher, change, act)
    assert Act.objects.count() == acts + 1


def test_a_form_with_words_from_a_page_that_shows_an_older_save_is_refused_too(
    author: StrictClient, publisher: StrictClient
) -> None:
    site = SiteFactory()
    asked = boxes(publisher.get(url_of(site, "act", "schedule"))) | {"due_at": in_box(in_january())}
    save(author, url_of(site, "change"), name="Newer text")
    response = publisher.post(url_of(site, "act", "schedule"), asked, follow=True)
    assert "Somebody saved a newer text" in messages_of(response)
    assert not Schedule.objects.exists()


def test_what_was_published_meanwhile_is_said_and_nothing_is_done(
    author: StrictClient, publisher: StrictClient
) -> None:
    change = change_of(author, SiteFactory(published=True))
    save(author, url_of(change, "change"), name="New", is_small_correction="on")
    data = boxes(author.get(url_of(change, "change")))
    do(publisher, change, "publish")
    acts = Act.objects.count()
    response = author.post(url_of(change, "change"), data | {"name": "Too late"}, follow=True)
    assert response.status_code == 409
    assert "Too late" in boxes_to_copy(response).values()
    assert publisher.post(url_of(change, "act", "publish")).status_code == 404
    assert (Site.objects.get().name, Act.objects.count()) == ("New", acts)


# At a set time


def scheduled(record: Publishable) -> Schedule:
    by = person_in("Publisher")
    return scheduling.schedule(record, Schedule.What.PUBLISH, due_at=timezone.now() + TOMORROW, by=by)


def test_a_publisher_schedules_on_the_page(publisher: StrictClient) -> None:
    draft, public = SiteFactory(), SiteFactory(published=True)
    do(publisher, draft, "schedule", due_at=in_box(in_january()))
    do(
        publisher,
        public,
        "schedule_withdrawal",
        due_at=in_box(in_january(2)),
        reason="It closes.",
        see_instead="/sites/",
    )
    first, second = Schedule.objects.order_by("due_at")
    assert (first.record, first.act, first.due_at) == (
        draft,
        "publish",
        in_january(),
    )
    assert (second.record, second.act, second.reason, second.see_instead) == (
        public,
        "withdraw",
        "It closes.",
        "/sites/",
    )
    past = publisher.post(url_of(SiteFactory(), "act", "schedule"), {"due_at": "2020-01-01T09:00"}, follow=True)
    assert "Choose a time to come." in past.content.decode()
    assert Schedule.objects.count() == 2


@pytest.mark.parametrize("is_change", [True, False])
def test_a_text_that_is_scheduled_is_not_edited_until_the_schedule_is_cancelled(
    author: StrictClient, publisher: StrictClient, is_change: bool
) -> None:
    text = SiteFactory(name="As it was", published=is_change)
    if is_change:
        text = change_of(author, text)
        Site.objects.filter(pk=text.pk).update(is_small_correction=True)
    data = boxes(author.get(url_of(text, "change"))) | {"name": "Changed"}
    made = scheduled(text)
    for client in (author, publisher):
        page = client.get(url_of(text, "change"))
        assert page.status_code == 200
        assert "Scheduled by" in page.content.decode()
        assert 'name="_save"' not in page.content.decode()
        assert client.post(url_of(text, "change"), data).status_code == 409
        text.refresh_from_db()
        assert text.name == "As it was"
    assert "submit" not in {act["offer"].name for act in page.context["standing"]["acts"]}

    cancel = url_of(text, "cancel_schedule", made.pk)
    assert cancel in page.content.decode()
    assert cancel not in author.get(url_of(text, "change")).content.decode()
    assert publisher.get(cancel).status_code == 405
    author.post(cancel)
    assert Schedule.objects.exists()
    publisher.post(cancel)
    assert not Schedule.objects.exists()
    save(author, url_of(text, "change"), name="Changed")
    text.refresh_from_db()
    assert text.name == "Changed"


def test_schedules_are_cancelled_in_their_list_by_publishers_alone(
    author: StrictClient, publisher: StrictClient
) -> None:
    made = [scheduled(SiteFactory()) for _ in range(3)]
    ticked = {"action": "cancel", "_selected_action": [made[0].pk, made[1].pk]}
    listed = url_of(Schedule, "changelist")
    author.post(listed, ticked)
    assert Schedule.objects.count() == 3
    response = publisher.post(listed, ticked, follow=True)
    assert "2 schedules were cancelled." in messages_of(response)
    assert list(Schedule.objects.all()) == made[2:]
    assert Act.objects.filter(verb="unscheduled").count() == 2


def test_a_schedule_of_another_record_is_not_cancelled_from_here(publisher: StrictClient) -> None:
    made, other = scheduled(SiteFactory()), SiteFactory()
    assert publisher.post(url_of(other, "cancel_schedule", made.pk)).status_code == 404
    assert Schedule.objects.exists()


# Reading before the public does


def test_a_link_is_made_shown_and_revoked(author: StrictClient, client: StrictClient) -> None:
    change = change_of(author, SiteFactory(published=True))
    save(author, url_of(change, "change"), summary="Not public yet.")
    response = do(author, change, "share", days="3")
    link = ShareLink.objects.get()
    assert (link.expires_at - link.made_at).days == 3
    assert link.get_address() in response.content.decode()
    assert "Not public yet." in client.get(link.get_address()).content.decode()
    revoke = url_of(change, "revoke_link", link.pk)
    assert revoke in response.content.decode()
    assert author.get(revoke).status_code == 405
    response = author.post(revoke, follow=True)
    assert "It no longer works." in response.content.decode()
    assert link.get_address() not in response.content.decode()
    assert client.get(link.get_address()).status_code == 410
    other = SiteFactory()
    assert author.post(url_of(other, "revoke_link", link.pk)).status_code == 404


@pytest.mark.parametrize("days", ["0", "91", "", "x"])
def test_a_link_works_for_one_to_ninety_days(author: StrictClient, days: str) -> None:
    response = author.post(url_of(SiteFactory(), "act", "share"), {"days": days})
    assert response.context["form"].errors["days"]
    assert not ShareLink.objects.exists()


def test_the_preview_shows_the_real_page_to_those_who_may_see_the_record(
    author: StrictClient, client: StrictClient, programme: Programme
) -> None:
    change = change_of(author, programme)
    save(author, url_of(change, "change"), summary="Not public yet.")
    before = [snapshot(record) for record in (programme, change)]
    response = author.get(url_of(change, "preview"))
    page = response.content.decode()
    assert "Not public yet." in page
    assert "Preview: this page is not public" in page
    assert programme.places.first().site.name in page
    assert "programmes/programme_detail.html" in [template.name for template in response.templates]
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert [snapshot(record) for record in (programme, change)] == before
    response = client.get(url_of(change, "preview"))
    assert response.url.startswith("/admin/login/")
    nobody = client_of(person_in("No such role"))
    response = nobody.get(url_of(change, "preview"))
    assert response.status_code == 403
    assert "Not public yet." not in response.content.decode()


def test_the_preview_of_what_is_public_is_the_page(author: StrictClient, programme: Programme) -> None:
    assert author.get(url_of(programme, "preview"))["Location"] == programme.get_absolute_url()


# Reviewed, and withdrawn


def test_reviewed_and_still_right_is_one_click(publisher: StrictClient) -> None:
    site = SiteFactory(published=True, published_at=timezone.now() - datetime.timedelta(days=400))
    before, updated_at = snapshot(site), site.updated_at
    response = do(publisher, site, "confirm_reviewed")
    assert "1 record was marked as reviewed." in messages_of(response)
    site.refresh_from_db()
    assert site.last_reviewed_on == timezone.localdate()
    assert site.next_review_due_on > timezone.localdate()
    assert (snapshot(site), site.updated_at) == (before, updated_at)


def test_a_page_is_withdrawn_with_a_reason_and_where_to_go(publisher: StrictClient, client: StrictClient) -> None:
    site = SiteFactory(published=True)
    do(publisher, site, "withdraw", reason="It has closed.", see_instead="/sites/?q=clinic")
    response = client.get(site.get_absolute_url())
    assert response.status_code == 410
    assert "It has closed." in response.content.decode()
    assert 'href="/sites/?q=clinic"' in response.content.decode()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "/no-such-page/", "//example.org/", "http://example.org/", "data:text/html,x"]
)
@pytest.mark.parametrize("act", ["withdraw", "schedule_withdrawal"])
def test_a_wrong_address_to_see_instead_is_refused_in_plain_words(
    publisher: StrictClient, act: str, address: str
) -> None:
    site = SiteFactory(published=True)
    typed = {"due_at": in_box(in_january()), "reason": "It has closed.", "see_instead": address}
    response = publisher.post(url_of(site, "act", act), typed)
    assert "Write the address of a page of this portal, such as /programmes/" in response.content.decode()
    assert "It has closed." in response.content.decode()
    assert (state_of(site), Schedule.objects.count()) == (State.PUBLISHED, 0)


# Deleting


def test_what_the_public_has_seen_and_its_change_are_not_deleted_even_with_a_forged_post(
    admin_client: StrictClient, publisher: StrictClient, author: StrictClient
) -> None:
    public, gone = SiteFactory(published=True), SiteFactory(withdrawn=True)
    changes = [workflow.start_change(site, by=person_in("Author")) for site in (public, gone)]
    for client in (admin_client, publisher, author):
        for site in (public, gone, *changes):
            assert url_of(site, "delete") not in client.get(url_of(site, "change")).content.decode()
            assert client.get(url_of(site, "delete")).status_code == 403
            assert client.post(url_of(site, "delete"), {"post": "yes"}).status_code == 403
        ticked = {"action": "delete_selected", "_selected_action": [site.pk for site in (public, gone, *changes)]}
        client.post(url_of(Site, "changelist"), ticked | {"post": "yes"})
    assert set(Site.objects.all()) == {public, gone, *changes}


def test_a_link_to_an_act_that_asks_carries_the_save_that_was_seen(
    author: StrictClient, publisher: StrictClient
) -> None:
    site = SiteFactory()
    address = url_of(site, "act", "schedule")
    page = publisher.get(url_of(site, "change")).content.decode()
    [link] = re.findall(rf'href="({re.escape(address)}[^"]*)"', page)
    save(author, url_of(site, "change"), name="Nobody has read this")
    response = publisher.get(link, follow=True)
    assert "Somebody saved a newer text" in messages_of(response)
    assert response.redirect_chain[-1][0] == url_of(site, "change")
    assert publisher.get(address).status_code == 200  # a bookmark says no number: what is there now is what was seen


def test_an_asking_page_that_comes_back_with_a_fault_keeps_the_save_that_was_seen(
    author: StrictClient, publisher: StrictClient
) -> None:
    site = SiteFactory()
    address = url_of(site, "act", "schedule")
    asked = boxes(publisher.get(address))
    again = boxes(publisher.post(address, asked | {"due_at": "nonsense"}))
    assert again["opened_at"] == asked["opened_at"]
    save(author, url_of(site, "change"), name="Nobody has read this")
    response = publisher.post(address, again | {"due_at": "still nonsense"}, follow=True)
    assert "Somebody saved a newer text" in messages_of(response)
    assert not Schedule.objects.exists()


def test_what_is_scheduled_is_discarded_by_publishers_alone_and_handed_in_by_nobody(
    author: StrictClient, publisher: StrictClient
) -> None:
    change = change_of(author, SiteFactory(published=True))
    Site.objects.filter(pk=change.pk).update(is_small_correction=True)

    def offered(client: StrictClient) -> set[str]:
        standing = client.get(url_of(change, "change")).context["standing"]
        return {act["offer"].name for act in standing["acts"]} & {"discard", "submit"}

    assert offered(author) == offered(publisher) == {"discard", "submit"}
    scheduled(change)
    assert offered(author) == set()
    assert offered(publisher) == {"discard"}


def test_schedules_are_offered_for_cancelling_to_those_who_publish(
    author: StrictClient, publisher: StrictClient
) -> None:
    scheduled(SiteFactory())
    words = "Cancel the selected schedules"
    assert words in publisher.get(url_of(Schedule, "changelist")).content.decode()
    assert words not in author.get(url_of(Schedule, "changelist")).content.decode()
