"""The history of a record, two versions side by side, and an old version taken up again."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.urls import reverse

from partnerships.models import Organisation, Remit, Site
from programmes.models import Programme
from tests.admin.conftest import client_of, messages_of, person_in, url_of
from tests.factories import OrganisationFactory, PlaceFactory, ProgrammeFactory, SiteFactory, StatementFactory
from tests.strict_client import ALL_CHECKS, StrictClient, faults_of, parsed
from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, Publishable, Version

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


@pytest.fixture
def writer() -> User:
    """Somebody who writes."""
    return person_in("Author")


@pytest.fixture
def reader() -> User:
    """Somebody else, who publishes."""
    return person_in("Publisher")


def saved(record: Publishable, by: User, **values: object) -> Publishable:
    """A draft or a change after somebody saved other values in it."""
    type(record).objects.filter(pk=record.pk).update(**values)
    record.refresh_from_db()
    workflow.note_saved(record, by=by)
    return record


def published_twice(writer: User, reader: User, record: Publishable | None = None, **values: object) -> Publishable:
    """A site whose address was Old Street when it was first published, and is New Street now."""
    record = record or SiteFactory(published=True, address="Old Street", **values)
    change = saved(workflow.start_change(record, by=writer), writer, address="New Street", change_note="It moved.")
    workflow.submit(change, by=writer)
    return workflow.publish(change, by=reader)


def page_of(response: HttpResponse) -> object:
    """The page, parsed, once nothing is found wrong with what of it is ours."""
    assert response.status_code == 200
    html = response.content.decode()
    assert faults_of(html, [check for check in ALL_CHECKS if check.__name__ != "links_lead_somewhere"]) == []
    return parsed(html)[0]


def text_of(element: object) -> str:
    return " ".join("".join(element.itertext()).split())


def tables(response: HttpResponse) -> list[list[list[str]]]:
    """The words of each table of the content, cell by cell, without the heading row."""
    content = page_of(response).find(".//*[@id='content-main']")
    return [
        [[text_of(cell) for cell in row if cell.tag in {"td", "th"}] for row in table.iterfind("tbody/tr")]
        for table in content.iter("table")
    ]


def marked(response: HttpResponse, tag: str) -> list[str]:
    """What is marked as added ("ins") or removed ("del"), without the words for those who hear the page."""
    found = []
    for element in page_of(response).iter(tag):
        hidden = [child for child in element if child.get("class") == "visually-hidden"]
        assert len(hidden) == 2
        found.append(" ".join((hidden[0].tail or "").split()))
    return found


def words_of(response: HttpResponse) -> str:
    return text_of(page_of(response).find(".//*[@id='content-main']"))


def limited(role: str, organisation: Organisation) -> StrictClient:
    """The browser of somebody who works on the records of one organisation alone."""
    person = person_in(role)
    Remit.objects.create(person=person, organisation=organisation)
    return client_of(person)


# History


def test_the_history_lists_versions_and_acts_the_newest_first(
    publisher: StrictClient, writer: User, reader: User
) -> None:
    site = published_twice(writer, reader)

    versions, acts = tables(publisher.get(url_of(site, "history")))

    assert [row[:2] for row in versions] == [
        ["5", "Published"], ["4", "Submitted for review"], ["1", "Published"],
    ]  # fmt: skip
    assert [row[3] for row in versions][:2] == [reader.get_full_name(), writer.get_full_name()]
    assert [row[1] for row in acts] == ["Updated", "Submitted for review", "Edited", "Change started", "Published"]
    assert [row[3] for row in acts] == ["It moved.", "", "", "", ""]
    assert [row[2] for row in acts][:2] == [reader.get_full_name(), writer.get_full_name()]


def test_the_history_opened_on_a_change_is_that_of_the_record(publisher: StrictClient, writer: User) -> None:
    site = SiteFactory(published=True)
    change = workflow.start_change(site, by=writer)

    response = publisher.get(url_of(change, "history"))

    assert tables(response) == tables(publisher.get(url_of(site, "history")))
    assert len(tables(response)[0]) == 2
    assert url_of(change, "change") in response.content.decode()


def test_each_version_leads_to_the_one_before_and_to_what_is_public(
    publisher: StrictClient, writer: User, reader: User
) -> None:
    site = published_twice(writer, reader)

    rows = publisher.get(url_of(site, "history")).context["version_rows"]
    compare = url_of(site, "compare")

    assert [row["before_url"] for row in rows] == [f"{compare}?old=4&new=5", f"{compare}?old=1&new=4", ""]
    assert rows[2]["public_url"] == f"{compare}?old=1&new=public"
    assert marked(publisher.get(rows[2]["public_url"]), "ins") == ["New"]


def test_a_long_history_comes_in_pages_with_a_bounded_number_of_queries(
    publisher: StrictClient, django_assert_max_num_queries
) -> None:
    site = SiteFactory(published=True)
    of = {"content_type": ContentType.objects.get_for_model(Site), "object_id": site.pk}
    made = Version.objects.get(**of).made_at
    people = [person_in("Author") for _ in range(3)]
    Version.objects.bulk_create(
        Version(**of, number=number, occasion="submitted", data={}, made_at=made, made_by=people[number % 3])
        for number in range(2, 131)
    )
    Act.objects.bulk_create(Act(**of, verb="edited", done_by=people[n % 3], done_at=made) for n in range(129))
    publisher.get(url_of(site, "history"))

    with django_assert_max_num_queries(20):
        first = publisher.get(url_of(site, "history"))
    second = publisher.get(url_of(site, "history"), {"versions": 2, "acts": 3})
    nonsense = publisher.get(url_of(site, "history"), {"versions": "x", "acts": "999"})

    assert [len(table) for table in tables(first)] == [50, 50]
    assert [len(table) for table in tables(second)] == [50, 30]
    assert tables(second)[0][0][0] == "80"
    assert second.context["version_rows"][-1]["before"] == 30
    assert [len(table) for table in tables(nonsense)] == [50, 30]


def test_what_was_never_saved_has_an_empty_history(publisher: StrictClient) -> None:
    words = words_of(publisher.get(url_of(SiteFactory(), "history")))

    assert "No version has been kept yet." in words
    assert "Nothing has been written down yet." in words


def test_the_history_of_what_is_not_there_is_not_there(publisher: StrictClient) -> None:
    for page in ("history", "compare"):
        assert publisher.get(reverse(f"admin:partnerships_site_{page}", args=[987654])).status_code == 404


# Comparing


def test_a_change_is_compared_with_what_is_public(publisher: StrictClient, writer: User) -> None:
    site = SiteFactory(published=True, address="Old Street, London")
    change = saved(workflow.start_change(site, by=writer), writer, address="New Street, London")

    for record in (site, change):
        response = publisher.get(url_of(record, "compare"))
        assert (response.context["old"], response.context["new"]) == ("public", "change")
        assert marked(response, "del") == ["Old"]
        assert marked(response, "ins") == ["New"]
        [[row]] = tables(response)
        assert row[0] == "Street and town"
        assert "removed: Old" in row[1]
        assert "added: New" in row[2]


def test_any_two_versions_can_be_chosen_without_a_script(publisher: StrictClient, writer: User, reader: User) -> None:
    site = published_twice(writer, reader)

    response = publisher.get(url_of(site, "compare"), {"old": "public", "new": "1"})

    assert marked(response, "del") == ["New"]
    assert marked(response, "ins") == ["Old"]
    form = page_of(response).find(".//form[@id='compare_form']")
    assert form.get("method") == "get"
    for name, chosen in (("old", "public"), ("new", "1")):
        [select] = [select for select in form.iter("select") if select.get("name") == name]
        assert [option.get("value") for option in select] == ["public", "5", "4", "1"]
        assert [option.get("value") for option in select if option.get("selected") is not None] == [chosen]


def test_where_nothing_differs_the_page_says_so(publisher: StrictClient, writer: User) -> None:
    site = SiteFactory(published=True)
    workflow.start_change(site, by=writer)

    response = publisher.get(url_of(site, "compare"))

    assert "Nothing differs." in words_of(response)
    assert tables(response) == []


def test_rows_and_lists_are_compared_too(publisher: StrictClient, writer: User) -> None:
    programme = ProgrammeFactory(satellite_site=True, published=True)
    change = workflow.start_change(programme, by=writer)
    place = PlaceFactory(programme=change, site__published=True, note="Next to the station")
    StatementFactory(programme=change, name="Start early", text="First line.\n\nSecond paragraph.")

    response = publisher.get(url_of(change, "compare"))

    headings = [text_of(heading) for heading in page_of(response).iter("h3")]
    assert headings == [f"Added {place}", "Added Start early"]
    assert "Next to the station" in marked(response, "ins")
    assert {service.name for service in place.services.all()} < set(marked(response, "ins"))
    assert "First line.\n\nSecond paragraph." in response.content.decode()
    assert marked(response, "del") == []


@pytest.mark.parametrize("reference", ["0", "99", "abc", "-1", "1.5", "٣", "²", "9" * 40, "change", "<script>"])
def test_a_version_that_is_not_there_is_said_on_the_page(publisher: StrictClient, reference: str) -> None:
    site = SiteFactory(published=True)

    for name in ("old", "new"):
        response = publisher.get(url_of(site, "compare"), {name: reference})
        assert response.context["comparison"] is None
        assert "There is no version" in words_of(response)


def test_what_is_not_public_is_compared_with_what_was_submitted_before(
    publisher: StrictClient, writer: User, reader: User
) -> None:
    draft = SiteFactory(address="First Street")
    assert "There is nothing to compare yet." in words_of(publisher.get(url_of(draft, "compare")))

    workflow.submit(draft, by=writer)
    draft.refresh_from_db()
    workflow.return_to_draft(draft, by=reader, note="Which street?")
    saved(draft, writer, address="Second Street")
    for _ in range(2):  # while it is written, and once it is submitted again
        response = publisher.get(url_of(draft, "compare"))
        assert (response.context["old"], response.context["new"]) == ("1", "change")
        assert (marked(response, "del"), marked(response, "ins")) == (["First"], ["Second"])
        if draft.state == "draft":
            workflow.submit(draft, by=writer)
            draft.refresh_from_db()


def test_what_is_withdrawn_has_nothing_public_to_compare_with(publisher: StrictClient) -> None:
    site = SiteFactory(withdrawn=True)

    response = publisher.get(url_of(site, "compare"))

    assert (response.context["old"], response.context["new"]) == ("1", "1")
    assert "There is no version" in words_of(publisher.get(url_of(site, "compare"), {"old": "public"}))


def test_many_versions_make_no_long_list_and_the_chosen_one_is_in_it(publisher: StrictClient) -> None:
    site = SiteFactory(published=True)
    [first] = Version.objects.on(site)
    Version.objects.bulk_create(
        Version(
            content_type=first.content_type, object_id=site.pk, number=number, occasion="saved", data=first.data,
            made_at=first.made_at,
        )
        for number in range(2, 200)
    )  # fmt: skip

    response = publisher.get(url_of(site, "compare"), {"old": "1", "new": "199"})

    assert len(response.context["choices"]) == 52
    assert "Nothing differs." in words_of(response)


def test_the_number_of_queries_of_a_comparison_is_bounded(
    publisher: StrictClient, writer: User, django_assert_max_num_queries
) -> None:
    programme = ProgrammeFactory(satellite_site=True, with_statements=True, with_partners=True, published=True)
    change = workflow.start_change(programme, by=writer)
    for _ in range(10):
        PlaceFactory(programme=change)
        StatementFactory(programme=change)
    publisher.get(url_of(change, "compare"))

    with django_assert_max_num_queries(60):
        response = publisher.get(url_of(change, "compare"))

    assert len(list(page_of(response).iter("h3"))) == 20


# Taking up again


def test_an_old_version_is_taken_up_again_as_a_change(author: StrictClient, writer: User, reader: User) -> None:
    site = published_twice(writer, reader)

    history = author.get(url_of(site, "history"))
    assert [bool(row["restore_url"]) for row in history.context["version_rows"]] == [True, False, True]
    response = author.post(history.context["version_rows"][2]["restore_url"], follow=True)

    change = Site.objects.get(draft_of=site)
    assert response.redirect_chain[-1][0] == url_of(change, "change")
    assert change.address == "Old Street"
    assert Site.objects.get(pk=site.pk).address == "New Street"
    assert "reads like version 1" in messages_of(response)
    assert "left out" not in messages_of(response)
    assert Act.objects.on(site).newest_first().first().verb == Act.Verb.RESTORED


def test_what_is_no_longer_there_is_left_out_and_said(publisher: StrictClient, reader: User) -> None:
    place = SiteFactory(published=True)
    programme = ProgrammeFactory(satellite_site=True)
    PlaceFactory(programme=programme, site=place)
    programme = workflow.publish(programme, by=reader)
    programme.places.filter(site=place).delete()
    Site.objects.filter(pk=place.pk).delete()

    response = publisher.post(url_of(programme, "restore", 1), follow=True)

    assert "What is no longer there was left out. place: site." in messages_of(response)
    assert Programme.objects.get(draft_of=programme).places.count() == 2


def test_nothing_is_taken_up_beside_an_open_change(author: StrictClient, writer: User, reader: User) -> None:
    site = published_twice(writer, reader)
    workflow.start_change(site, by=writer)

    history = author.get(url_of(site, "history"))
    response = author.post(url_of(site, "restore", 1), follow=True)

    assert not any(row["restore_url"] for row in history.context["version_rows"])
    assert response.redirect_chain[-1][0] == url_of(site, "history")
    assert "has an open change already" in messages_of(response)


def test_a_draft_offers_nothing_to_take_up(author: StrictClient, writer: User) -> None:
    draft = SiteFactory(in_review=True)

    assert not any(row["restore_url"] for row in author.get(url_of(draft, "history")).context["version_rows"])
    assert "was never public" in messages_of(author.post(url_of(draft, "restore", 1), follow=True))
    assert Site.objects.count() == 1


def test_only_what_was_public_is_taken_up_and_never_by_a_link(author: StrictClient, writer: User) -> None:
    site = SiteFactory(published=True)
    workflow.start_change(site, by=writer)

    assert author.get(url_of(site, "restore", 1)).status_code == 405
    assert "was never public" in messages_of(author.post(url_of(site, "restore", 2), follow=True))
    assert author.post(url_of(site, "restore", 3)).status_code == 404
    assert author.post(url_of(site, "restore", 10**30)).status_code == 404


def test_a_form_without_its_token_takes_nothing_up(writer: User, reader: User) -> None:
    site = published_twice(writer, reader)
    client = StrictClient(enforce_csrf_checks=True)
    client.force_login(reader)

    assert client.post(url_of(site, "restore", 1)).status_code == 403
    assert not Site.objects.filter(draft_of=site).exists()


# Rights


def test_who_has_no_rights_on_a_kind_of_record_sees_none_of_its_past(writer: User) -> None:
    site = SiteFactory(published=True)
    writer.groups.clear()
    client = client_of(writer)

    assert client.get(url_of(site, "history")).status_code == 403
    assert client.get(url_of(site, "compare")).status_code == 403
    assert client.post(url_of(site, "restore", 1)).status_code == 403


@pytest.mark.parametrize("role", ["Author", "Publisher"])
def test_who_works_for_others_sees_of_a_public_record_what_was_public(role: str, writer: User, reader: User) -> None:
    site = published_twice(writer, reader)
    saved(workflow.start_change(site, by=writer), writer, address="Secret Street")
    client = limited(role, OrganisationFactory(published=True))

    history = client.get(url_of(site, "history"))
    versions, acts = tables(history)
    compare = client.get(url_of(site, "compare"))

    assert [row[:2] for row in versions] == [["5", "Published"], ["1", "Published"]]
    assert [row[1] for row in acts] == ["Updated", "Published"]
    assert [value for value, _ in compare.context["choices"]] == ["public", "5", "1"]
    assert (compare.context["old"], compare.context["new"]) == ("public", "5")
    assert marked(client.get(url_of(site, "compare"), {"old": "1", "new": "5"}), "ins") == ["New"]
    for reference in ("change", "4", "6", "7"):
        response = client.get(url_of(site, "compare"), {"new": reference})
        assert response.context["comparison"] is None
        assert "Secret" not in response.content.decode()
    assert not any(row["restore_url"] for row in history.context["version_rows"])
    assert client.post(url_of(site, "restore", 4)).status_code == 404


def test_who_works_for_others_takes_no_version_of_theirs_up(writer: User, reader: User) -> None:
    site = published_twice(writer, reader)
    client = limited("Publisher", OrganisationFactory(published=True))

    response = client.post(url_of(site, "restore", 1), follow=True)

    assert "You may not do this" in messages_of(response)
    assert not Site.objects.filter(draft_of=site).exists()


@pytest.mark.parametrize("stage", [{}, {"in_review": True}, {"withdrawn": True}])
def test_who_works_for_others_sees_no_past_of_what_is_not_public(stage: dict) -> None:
    site = SiteFactory(**stage)
    client = limited("Publisher", OrganisationFactory(published=True))

    assert client.get(url_of(site, "history")).status_code in {403, 404}
    assert client.get(url_of(site, "compare")).status_code in {403, 404}
    assert client.post(url_of(site, "restore", 1)).status_code in {403, 404}


def test_who_works_for_others_sees_no_past_through_a_change(writer: User) -> None:
    change = workflow.start_change(SiteFactory(published=True), by=writer)
    client = limited("Publisher", OrganisationFactory(published=True))

    assert client.get(url_of(change, "history")).status_code in {403, 404}
    assert client.get(url_of(change, "compare")).status_code in {403, 404}


def test_who_works_for_its_organisation_sees_all_of_a_record_s_past(writer: User, reader: User) -> None:
    site = published_twice(writer, reader)
    client = limited("Author", site.organisation)

    versions, acts = tables(client.get(url_of(site, "history")))

    assert (len(versions), len(acts)) == (3, 5)


def test_a_version_does_not_tell_others_the_name_of_a_draft(writer: User, reader: User) -> None:
    hidden = OrganisationFactory(name="Trust in the making")
    programme = ProgrammeFactory(published=True)
    change = workflow.start_change(programme, by=writer)
    change.participations.create(organisation=hidden)
    workflow.submit(saved(change, writer, change_note="A partner."), by=writer)
    workflow.publish(change, by=reader)
    url = url_of(programme, "compare")

    assert hidden.name in words_of(client_of(writer).get(url, {"old": "1"}))
    words = words_of(limited("Author", OrganisationFactory(published=True)).get(url, {"old": "1"}))
    assert hidden.name not in words
    assert "a record that is not public, Delivery partner" in words
