"""Several people at one text: they hear of each other, and nobody saves over a newer text unawares."""

import datetime

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.models import Site
from programmes import figures
from programmes.models import (
    BuddyingArrangement,
    LocalCareNetwork,
    Observation,
    Place,
    Programme,
    SatelliteSite,
    Statement,
)
from tests.admin.conftest import (
    add_row,
    boxes,
    boxes_to_copy,
    client_of,
    errors_of,
    messages_of,
    person_in,
    save,
    url_of,
)
from tests.factories import (
    OrganisationFactory,
    OutcomeMetricFactory,
    ProgrammeFactory,
    RebaseFactory,
    ServiceFactory,
    SiteFactory,
    UserFactory,
)
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.publishing import scheduling, workflow
from trustportal.publishing.models import Act, Presence, Publishable, Schedule, Version
from trustportal.publishing.snapshot import snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    """Somebody who writes."""
    return named("Ada", "Lovelace")


@pytest.fixture
def grace(db: None) -> User:
    """Somebody else who writes."""
    return named("Grace", "Hopper")


@pytest.fixture
def mine(ada: User) -> StrictClient:
    """Ada's browser."""
    return client_of(ada)


@pytest.fixture
def theirs(grace: User) -> StrictClient:
    """Grace's browser."""
    return client_of(grace)


def named(first: str, last: str) -> User:
    person = person_in("Author")
    person.first_name, person.last_name = first, last
    person.save()
    return person


def others(response: HttpResponse) -> str:
    return response.context["others"]


def sent(client: StrictClient, record: Publishable, data: dict[str, object]) -> HttpResponse:
    """Save what is in the boxes."""
    return client.post(url_of(record, "change"), data | {"_save": "Save"}, follow=True)


def prefix_of(response: HttpResponse, kind: str) -> str:
    """The name under which the statements of a kind stand in the form."""
    formsets = response.context["inline_admin_formsets"]
    return next(one.formset.prefix for one in formsets if getattr(one.opts.model, "of_kind", "") == kind)


# Who else has it open


def test_the_form_says_who_else_has_it_open(mine: StrictClient, theirs: StrictClient) -> None:
    url = url_of(SiteFactory(), "change")
    assert others(mine.get(url)) == ""
    assert others(mine.get(url)) == ""  # one is no company for oneself
    response = theirs.get(url)
    assert others(response) == "Ada Lovelace has this open too."
    assert "Ada Lovelace has this open too." in response.content.decode()
    assert others(mine.get(url)) == "Grace Hopper has this open too."
    assert "Ada Lovelace, Grace Hopper have this open too." in others(client_of(person_in("Publisher")).get(url))


def test_whoever_was_not_seen_for_five_minutes_is_gone(mine: StrictClient, theirs: StrictClient) -> None:
    url = url_of(SiteFactory(), "change")
    mine.get(url)
    presence = Presence.objects.get()
    for seconds, words in [(290, "Ada Lovelace has this open too."), (301, "")]:
        Presence.objects.filter(pk=presence.pk).update(seen_at=presence.seen_at - datetime.timedelta(seconds=seconds))
        assert others(theirs.get(url)) == words


def test_whoever_saved_is_gone_unless_they_go_on(mine: StrictClient, theirs: StrictClient) -> None:
    site = SiteFactory()
    url = url_of(site, "change")
    save(mine, url, name="New name")
    assert others(theirs.get(url)) == ""
    mine.post(url, boxes(mine.get(url)) | {"_continue": "Save and continue"}, follow=True)
    assert others(theirs.get(url)) == "Ada Lovelace has this open too."


def test_another_record_is_another_form(mine: StrictClient, theirs: StrictClient) -> None:
    public = SiteFactory(published=True)
    change = workflow.start_change(public, by=UserFactory(superuser=True))
    mine.get(url_of(change, "change"))
    assert others(theirs.get(url_of(SiteFactory(), "change"))) == ""
    assert others(theirs.get(url_of(public, "change"))) == ""  # which nobody edits
    assert change in [presence.record for presence in Presence.objects.all()]
    assert public not in [presence.record for presence in Presence.objects.all()]
    assert others(theirs.get(url_of(change, "change"))) == "Ada Lovelace has this open too."


def test_whoever_may_only_look_is_not_named_and_is_told_of_nobody(mine: StrictClient, theirs: StrictClient) -> None:
    site = SiteFactory(in_review=True)
    assert others(mine.get(url_of(site, "change"))) == ""
    assert not Presence.objects.exists()


def test_the_browser_says_that_the_form_is_still_open(mine: StrictClient, theirs: StrictClient) -> None:
    url = url_of(SiteFactory(), "presence")
    assert mine.get(url).status_code == 405
    assert not Presence.objects.exists()
    assert mine.post(url).json() == {"words": ""}
    first = Presence.objects.get()
    assert theirs.post(url).json() == {"words": "Ada Lovelace has this open too."}
    Presence.objects.filter(pk=first.pk).update(seen_at=first.seen_at - datetime.timedelta(minutes=6))
    assert theirs.post(url).json() == {"words": ""}
    mine.post(url)
    assert Presence.objects.get(pk=first.pk).seen_at >= first.seen_at
    assert Presence.objects.count() == 2


def test_the_address_needs_the_token_the_right_and_a_record(client: StrictClient, mine: StrictClient) -> None:
    site = SiteFactory()
    url = url_of(site, "presence")
    assert client.post(url).url.startswith("/admin/login/")
    assert client_of(UserFactory(is_staff=True)).post(url).status_code == 403
    assert mine.post(url.replace(str(site.pk), "999")).status_code == 404
    mine.handler.enforce_csrf_checks = True
    assert mine.post(url).status_code == 403
    assert not Presence.objects.exists()


# Nobody saves over a newer text


@pytest.fixture
def change() -> Programme:
    """A change of a satellite site with two places and statements."""
    programme = ProgrammeFactory(satellite_site=True, with_statements=True, published=True)
    return workflow.start_change(programme, by=UserFactory(superuser=True))


@pytest.mark.parametrize("is_change", [True, False])
def test_saving_over_a_newer_text_is_refused_and_says_who_and_what(
    mine: StrictClient, theirs: StrictClient, is_change: bool
) -> None:
    record = SiteFactory(published=is_change)
    if is_change:
        record = workflow.start_change(record, by=UserFactory(superuser=True))
    else:
        save(mine, url_of(record, "change"), summary="A draft that was saved once.")
        record.refresh_from_db()
    data = boxes(mine.get(url_of(record, "change"))) | {"summary": "My summary.", "address": "My address"}
    save(theirs, url_of(record, "change"), name="Their name", summary="Their summary.")
    before, acts, versions = snapshot(record), Act.objects.count(), Version.objects.count()

    response = sent(mine, record, data)
    words = errors_of(response)
    assert "Grace Hopper saved this text at" in words
    assert "name, summary" in words.lower()
    assert "Nothing of yours was saved yet" in words
    assert url_of(record, "compare") in words
    assert (snapshot(record), Act.objects.count(), Version.objects.count()) == (before, acts, versions)

    typed = boxes(response)
    assert (typed["summary"], typed["address"]) == ("My summary.", "My address")
    assert (typed["name"], typed["slug"]) == (data["name"], data["slug"])  # as this person saw them
    [link] = [
        part.split('"')[0] for part in response.content.decode().split('href="')[1:] if "compare/?old=" in part[:200]
    ]
    assert mine.get(link.replace("&amp;", "&")).status_code == 200

    assert "was changed successfully" in messages_of(sent(mine, record, typed))
    record.refresh_from_db()
    assert (record.summary, record.address, record.name) == ("My summary.", "My address", data["name"])


def test_the_second_save_is_refused_again_when_a_third_text_came_meanwhile(
    mine: StrictClient, theirs: StrictClient
) -> None:
    site = SiteFactory()
    data = boxes(mine.get(url_of(site, "change"))) | {"name": "My name"}
    save(theirs, url_of(site, "change"), name="Their first name")
    data = boxes(sent(mine, site, data))
    save(theirs, url_of(site, "change"), name="Their second name")
    response = sent(mine, site, data)
    assert "Grace Hopper saved this text" in errors_of(response)
    site.refresh_from_db()
    assert site.name == "Their second name"
    sent(mine, site, boxes(response))
    site.refresh_from_db()
    assert site.name == "My name"


def test_ones_own_second_window_is_refused_too(mine: StrictClient) -> None:
    site = SiteFactory()
    data = boxes(mine.get(url_of(site, "change"))) | {"name": "First window"}
    save(mine, url_of(site, "change"), name="Second window")
    assert "saved this text at" in errors_of(sent(mine, site, data))
    site.refresh_from_db()
    assert site.name == "Second window"


def test_all_that_was_typed_is_still_in_the_boxes_rows_and_lists_too(
    mine: StrictClient, theirs: StrictClient, change: Programme
) -> None:
    page = mine.get(url_of(change, "change"))
    service, partner = ServiceFactory(name="My service"), OrganisationFactory(name="My partner", published=True)
    data = boxes(page) | {
        "name": "My name",
        "satellite_site-0-main_service": "My centre",
        "places-1-services": [str(service.pk)],
        "places-1-note": "My note",
    }
    data = add_row(data, prefix_of(page, "lesson"), text="My lesson.", number="1")
    data = add_row(data, "participations", organisation=str(partner.pk), role="funder")
    save(theirs, url_of(change, "change"), {"satellite_site-0-main_service": "Their centre"}, summary="Their summary.")
    before = snapshot(change)

    response = sent(mine, change, data)
    assert "Grace Hopper saved this text" in errors_of(response)
    assert snapshot(change) == before
    shown = boxes(response)
    typed = set(data) - {"opened_at", "csrfmiddlewaretoken"}
    assert {name: shown[name] for name in typed} == {
        name: data[name] if isinstance(data[name], list) else str(data[name]) for name in typed
    }
    assert "My service" in response.content.decode()
    assert "My partner" in response.content.decode()

    sent(mine, change, shown)
    change.refresh_from_db()
    assert change.name == "My name"
    assert SatelliteSite.objects.get(programme=change).main_service == "My centre"
    place = Place.objects.get(programme=change, note="My note")
    assert list(place.services.all()) == [service]
    assert change.participations.get().organisation == partner
    assert Statement.objects.get(programme=change, kind="lesson", position=1).text == "My lesson."


def test_a_row_that_the_other_deleted_comes_back_as_typed(
    mine: StrictClient, theirs: StrictClient, change: Programme
) -> None:
    data = boxes(mine.get(url_of(change, "change")))
    first, second = data["places-0-id"], data["places-1-id"]
    services = data["places-0-services"]
    assert len(services) == 2
    data |= {"places-0-note": "Mine, and still needed."}
    save(theirs, url_of(change, "change"), {"places-0-DELETE": "on"})
    assert [str(place.pk) for place in change.places.all()] == [second]

    response = sent(mine, change, data)
    assert "Grace Hopper saved this text" in errors_of(response)
    shown = boxes(response)
    notes = {shown[f"places-{row}-note"]: shown[f"places-{row}-id"] for row in range(2)}
    assert notes == {"Mine, and still needed.": "", "": second}

    assert "was changed successfully" in messages_of(sent(mine, change, shown))
    back = change.places.get(note="Mine, and still needed.")
    assert str(back.pk) not in {first, second}
    assert sorted(str(service.pk) for service in back.services.all()) == sorted(services)
    assert change.places.count() == 2


def test_rows_that_the_other_added_stay(mine: StrictClient, theirs: StrictClient, change: Programme) -> None:
    page = mine.get(url_of(change, "change"))
    data = boxes(page) | {"name": "My name"}
    site = SiteFactory(published=True)
    kept = {place.pk for place in change.places.all()}
    theirs_data = add_row(boxes(theirs.get(url_of(change, "change"))), "places", site=str(site.pk))
    theirs_data = add_row(theirs_data, prefix_of(page, "lesson"), text="Their lesson.")
    sent(theirs, change, theirs_data)
    assert change.places.count() == 3

    response = sent(mine, change, data)
    assert "Grace Hopper saved this text" in errors_of(response)
    sent(mine, change, boxes(response))
    change.refresh_from_db()
    assert change.name == "My name"
    assert {place.site for place in change.places.exclude(pk__in=kept)} == {site}
    assert kept < {place.pk for place in change.places.all()}
    lessons = list(Statement.objects.filter(programme=change, kind="lesson").order_by("position"))
    assert [row.position for row in lessons] == [1, 2]
    assert lessons[1].text == "Their lesson."


def test_a_row_that_both_deleted_is_gone(mine: StrictClient, theirs: StrictClient, change: Programme) -> None:
    data = boxes(mine.get(url_of(change, "change"))) | {"places-0-DELETE": "on", "name": "My name"}
    stays = data["places-1-id"]
    save(theirs, url_of(change, "change"), {"places-0-DELETE": "on"})
    response = sent(mine, change, data)
    assert "Grace Hopper saved this text" in errors_of(response)
    assert "was changed successfully" in messages_of(sent(mine, change, boxes(response)))
    change.refresh_from_db()
    assert change.name == "My name"
    assert [str(place.pk) for place in change.places.all()] == [stays]


def test_facts_that_the_other_deleted_come_back_as_typed(mine: StrictClient, theirs: StrictClient) -> None:
    programme = ProgrammeFactory(local_care_network=True)
    data = boxes(mine.get(url_of(programme, "change"))) | {"local_care_network-0-reason": "My reason."}
    save(theirs, url_of(programme, "change"), {"local_care_network-0-DELETE": "on"})
    assert not LocalCareNetwork.objects.exists()
    response = sent(mine, programme, data)
    assert "Grace Hopper saved this text" in errors_of(response)
    assert "was changed successfully" in messages_of(sent(mine, programme, boxes(response)))
    assert LocalCareNetwork.objects.get(programme=programme).reason == "My reason."


def test_a_step_that_the_other_deleted_comes_back_and_no_row_of_another_list_is_touched(
    mine: StrictClient, theirs: StrictClient
) -> None:
    programme = ProgrammeFactory(local_care_network=True, with_statements=True)
    page = mine.get(url_of(programme, "change"))
    steps, milestones = prefix_of(page, "step"), prefix_of(page, "milestone")
    assert steps != milestones
    data = boxes(page) | {f"{steps}-0-text": "My first step.", f"{milestones}-0-text": "My milestone."}
    save(theirs, url_of(programme, "change"), {f"{steps}-0-DELETE": "on"})
    assert Statement.objects.filter(programme=programme, kind="step").count() == 5

    response = sent(mine, programme, data)
    assert "Grace Hopper saved this text" in errors_of(response)
    assert "was changed successfully" in messages_of(sent(mine, programme, boxes(response)))

    def rows(kind: str) -> list[str]:
        return [row.text for row in Statement.objects.filter(programme=programme, kind=kind).order_by("position")]

    assert len(rows("step")) == 6
    assert "My first step." in rows("step")
    assert len(rows("milestone")) == 2
    assert rows("milestone")[0] == "My milestone."
    assert len(rows("achievement")) == 2
    assert len(rows("endorsement")) == 1


def test_rows_of_a_metric_come_back_too(mine: StrictClient, theirs: StrictClient) -> None:
    metric = RebaseFactory().metric
    data = boxes(mine.get(url_of(metric, "change"))) | {"rebases-0-reason": "The clinic closed."}
    metric.rebases.all().delete()
    save(theirs, url_of(metric, "change"), caveats="Their caveats.")
    response = sent(mine, metric, data)
    assert "Grace Hopper saved this text" in errors_of(response)
    sent(mine, metric, boxes(response))
    assert metric.rebases.get().reason == "The clinic closed."


def test_a_figure_is_no_newer_text_of_its_metric(mine: StrictClient, theirs: StrictClient) -> None:
    metric = OutcomeMetricFactory()
    data = boxes(mine.get(url_of(metric, "change"))) | {"summary": "Mine."}
    typed = {"period_start": "2024", "period_end": "2024", "value": "12"}
    save(theirs, f"{url_of(Observation, 'add')}?metric={metric.pk}", typed)
    figures.approve(metric.observations.all(), by=UserFactory(superuser=True))
    assert "was changed successfully" in messages_of(sent(mine, metric, data))
    metric.refresh_from_db()
    assert (metric.summary, metric.observations.get().is_approved) == ("Mine.", True)


@pytest.mark.parametrize("opened_at", [None, "", "-1", "99", "x", "9" * 30, "9" * 5000])
def test_a_form_that_does_not_say_what_it_shows_is_refused(mine: StrictClient, opened_at: str | None) -> None:
    site = SiteFactory(name="As it was")
    save(mine, url_of(site, "change"), summary="Saved once.")
    data = boxes(mine.get(url_of(site, "change"))) | {"name": "Forged"}
    del data["opened_at"]
    if opened_at is not None:
        data["opened_at"] = opened_at
    before = snapshot(site)
    response = sent(mine, site, data)
    assert "Nothing of yours was saved yet" in errors_of(response)
    assert snapshot(site) == before


@pytest.mark.parametrize("count", ["x", "-5", "999999999999"])
@pytest.mark.parametrize("name", ["TOTAL_FORMS", "INITIAL_FORMS"])
def test_a_forged_count_of_rows_changes_nothing_and_breaks_nothing(
    mine: StrictClient, change: Programme, name: str, count: str
) -> None:
    data = boxes(mine.get(url_of(change, "change"))) | {"name": "Forged", f"places-{name}": count, "opened_at": "77"}
    before = snapshot(change)
    assert sent(mine, change, data).status_code == 200
    assert snapshot(change) == before


def test_adding_needs_no_such_number(mine: StrictClient) -> None:
    typed = {"name": "New", "slug": "new", "summary": "New.", "kind": "research", "stage": "running"}
    lead = OrganisationFactory(published=True)
    save(mine, url_of(Programme, "add"), typed, lead=lead.pk)
    programme = Programme.objects.get(slug="new")
    assert (programme.lead, programme.edit_number) == (lead, 1)


# Where nothing can be saved, what was typed is given back


@pytest.mark.parametrize(
    ("act", "verb"),
    [("submit", "Submitted for review"), ("schedule", "Scheduled"), ("publish", ""), ("discard", ""), ("delete", "")],
)
def test_what_was_typed_is_given_back_when_the_text_was_closed_meanwhile(
    mine: StrictClient, act: str, verb: str
) -> None:
    publisher = person_in("Publisher")
    publisher.first_name, publisher.last_name = "Mary", "Seacole"
    publisher.save()
    site = SiteFactory(published=act != "delete")
    text = site if act == "delete" else workflow.start_change(site, by=UserFactory(superuser=True))
    type(text).objects.filter(pk=text.pk).update(is_small_correction=True)
    data = boxes(mine.get(url_of(text, "change"))) | {"summary": "All that I typed.\nOn two lines."}
    if act == "delete":
        type(text).objects.filter(pk=text.pk).delete()
    elif act == "schedule":
        due_at = timezone.now() + datetime.timedelta(days=1)
        scheduling.schedule(text, Schedule.What.PUBLISH, due_at=due_at, by=publisher)
    else:
        getattr(workflow, act)(text, by=publisher)
    before = [list(model.objects.order_by("pk").values()) for model in (Site, Act, Version, Presence)]

    response = mine.post(url_of(text, "change"), data | {"_save": "Save"})
    assert response.status_code == 409
    typed = boxes_to_copy(response)
    assert typed["Summary"] == "All that I typed.\nOn two lines."
    assert typed["Name"] == data["name"]
    page = response.content.decode()
    if verb:
        assert f"What was done last: {verb}, by Mary Seacole" in page
        assert f'href="{url_of(text, "change")}"' in page
    else:
        assert "It was published, discarded or deleted meanwhile." in page
        assert "Mary Seacole" not in page
    assert [list(model.objects.order_by("pk").values()) for model in (Site, Act, Version, Presence)] == before


def test_what_is_given_back_is_what_a_person_can_use(mine: StrictClient, change: Programme) -> None:
    service = ServiceFactory(name="My service")
    data = boxes(mine.get(url_of(change, "change"))) | {
        "places-1-services": [str(service.pk)],
        "places-1-note": "My note <b>",
        "stage": "running",
        "is_small_correction": "on",
        "never-heard-of": "Forged",
        "places-__prefix__-note": "No row",
        "_save": "Save",
    }
    prefix = prefix_of(mine.get(url_of(change, "change")), "lesson")
    data = add_row(data, prefix, text="My lesson.", number="1")
    change.is_small_correction = True
    change.save()
    workflow.submit(change, by=UserFactory(superuser=True))
    response = mine.post(url_of(change, "change"), data | {"name": "  "})
    assert response.status_code == 409
    typed = boxes_to_copy(response)
    assert typed["Places, row 2, Services"] == "My service"
    assert typed["Places, row 2, Note"] == "My note <b>"
    assert typed["Lessons learned, row 2, Text"] == "My lesson."
    assert typed["Led by"] == change.lead.name
    assert typed["Stage"] == "Running"
    assert typed["Small correction"] == "Yes"
    assert typed["never-heard-of"] == "Forged"
    assert "Name" not in typed
    assert not {"csrfmiddlewaretoken", "opened_at", "_save"} & set(typed)
    assert not [label for label in typed if "FORMS" in label or "prefix" in label or label.endswith((" Id", " ID"))]


def test_what_has_gone_is_said_with_a_bounded_number_of_queries(mine: StrictClient, change: Programme) -> None:
    services = [str(service.pk) for service in ServiceFactory.create_batch(20)]
    data = boxes(mine.get(url_of(change, "change")))
    url = url_of(change, "change")
    workflow.discard(change, by=UserFactory(superuser=True))
    counts = []
    for rows in (1, 20):
        more = {f"places-{row}-services": services for row in range(rows)}
        with CaptureQueriesContext(connection) as captured:
            assert mine.post(url, data | more).status_code == 409
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20


# The kind of a record, and facts that there is one row of


def test_rows_stay_in_their_lists_when_the_other_changes_the_kind_and_what_has_no_place_is_shown(
    mine: StrictClient, theirs: StrictClient
) -> None:
    programme = ProgrammeFactory(kind=Programme.Kind.BUDDYING)
    page = mine.get(url_of(programme, "change"))
    lessons, legacies = prefix_of(page, "lesson"), prefix_of(page, "legacy")
    data = add_row(boxes(page), lessons, text="My lesson.", number="1")
    data = add_row(data, legacies, text="My legacy.", number="1")
    data |= {"buddying_arrangement-0-trigger": "My trigger."}
    save(theirs, url_of(programme, "change"), kind="local-care-network")

    response = sent(mine, programme, data | {"kind": "local-care-network"})
    assert "Grace Hopper saved this text" in errors_of(response)
    assert boxes(response)[f"{lessons}-0-text"] == "My lesson."
    expected = {
        "Legacies, row 1, Text": "My legacy.",
        "Facts of the buddying arrangement, row 1, What led to it": "My trigger.",
    }
    assert expected.items() <= boxes_to_copy(response).items()

    # A fault in the second save loses none of it either.
    again = sent(mine, programme, boxes(response) | {"name": ""})
    assert "This field is required." in errors_of(again)
    assert expected.items() <= boxes_to_copy(again).items()

    response = sent(mine, programme, boxes(again) | {"name": "My name"})
    assert "was changed successfully" in messages_of(response)
    programme.refresh_from_db()
    assert (programme.name, programme.kind) == ("My name", "local-care-network")
    assert [(row.kind, row.text) for row in programme.statements.all()] == [("lesson", "My lesson.")]
    assert not BuddyingArrangement.objects.exists()
    assert not boxes_to_copy(mine.get(url_of(programme, "change")))


def test_each_list_has_a_name_of_its_own_whatever_the_kind(mine: StrictClient) -> None:
    found: dict[str, set[type]] = {}
    for kind in Programme.Kind:
        page = mine.get(url_of(ProgrammeFactory(kind=kind), "change"))
        prefixes = [one.formset.prefix for one in page.context["inline_admin_formsets"]]
        assert len(prefixes) == len(set(prefixes))
        for one in page.context["inline_admin_formsets"]:
            found.setdefault(one.formset.prefix, set()).add(one.opts.model)
    assert {prefix: len(models) for prefix, models in found.items()} == dict.fromkeys(found, 1)


def test_facts_that_both_added_are_replaced_by_the_second_save(mine: StrictClient, theirs: StrictClient) -> None:
    programme = ProgrammeFactory(kind=Programme.Kind.SATELLITE_SITE)
    data = boxes(mine.get(url_of(programme, "change"))) | {"satellite_site-0-main_service": "My centre"}
    save(theirs, url_of(programme, "change"), {"satellite_site-0-main_service": "Their centre"})
    response = sent(mine, programme, data)
    assert "Grace Hopper saved this text" in errors_of(response)
    assert boxes(response)["satellite_site-0-main_service"] == "My centre"
    assert SatelliteSite.objects.get(programme=programme).main_service == "Their centre"
    assert "was changed successfully" in messages_of(sent(mine, programme, boxes(response)))
    assert SatelliteSite.objects.get(programme=programme).main_service == "My centre"


def test_facts_that_the_other_alone_added_stay(mine: StrictClient, theirs: StrictClient) -> None:
    programme = ProgrammeFactory(kind=Programme.Kind.SATELLITE_SITE)
    data = boxes(mine.get(url_of(programme, "change"))) | {"name": "My name"}
    save(theirs, url_of(programme, "change"), {"satellite_site-0-main_service": "Their centre"})
    response = sent(mine, programme, boxes(sent(mine, programme, data)))
    assert "was changed successfully" in messages_of(response)
    programme.refresh_from_db()
    assert programme.name == "My name"
    assert SatelliteSite.objects.get(programme=programme).main_service == "Their centre"


def test_whoever_may_only_look_is_told_of_nobody_by_the_script_either(mine: StrictClient) -> None:
    site = SiteFactory(in_review=True)
    publisher = client_of(person_in("Publisher"))
    assert publisher.post(url_of(site, "presence")).json() == {"words": ""}
    assert mine.post(url_of(site, "presence")).json() == {"words": ""}
    assert Presence.objects.count() == 1
