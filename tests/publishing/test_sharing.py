"""Share links: whom they let in, and when they end."""

import datetime

import pytest
from django.utils import timezone

from programmes.models import Programme
from tests.factories import PriorityFactory, ProgrammeFactory, StrategyFactory, UserFactory
from trustportal.publishing import sharing, workflow
from trustportal.publishing.models import Act, ShareLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return UserFactory(superuser=True)


@pytest.fixture
def change(editor):
    change = workflow.start_change(ProgrammeFactory(published=True), by=editor)
    change.name, change.change_note = "Not public yet", "A new name."
    change.save()
    return change


def test_a_link_shows_the_change_in_the_real_page_to_anybody_and_to_no_machine(change, editor, client):
    link = sharing.share(change, by=editor)

    response = client.get(link.get_address())

    assert "Not public yet" in response.content.decode()
    assert "Preview: this page is not public" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert link.get_address() not in response.content.decode(), "no link on the page gives the key away"
    assert "Not public yet" not in client.get(change.itself.get_absolute_url()).content.decode()


def test_a_preview_changes_nothing(change, editor, client):
    link = sharing.share(change, by=editor)
    before = list(Programme.objects.order_by("pk").values())

    client.get(link.get_address())

    assert list(Programme.objects.order_by("pk").values()) == before


def test_a_draft_is_shared_too(editor, client):
    draft = ProgrammeFactory(name="Only a draft")

    assert "Only a draft" in client.get(sharing.share(draft, by=editor).get_address()).content.decode()
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_a_link_ends_after_the_days_chosen(change, editor, client):
    long_ago = timezone.now() - datetime.timedelta(days=7, seconds=1)
    ended = sharing.share(change, by=editor, at=long_ago)
    works = sharing.share(change, by=editor, at=long_ago, days=8)

    assert client.get(works.get_address()).status_code == 200
    response = client.get(ended.get_address())
    assert response.status_code == 410
    assert "Not public yet" not in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_a_revoked_link_is_dead_and_the_other_lives(change, editor, client):
    first, second = sharing.share(change, by=editor), sharing.share(change, by=editor)

    sharing.revoke(first, by=editor)

    assert client.get(first.get_address()).status_code == 410
    assert client.get(second.get_address()).status_code == 200
    assert Act.objects.filter(verb=Act.Verb.UNSHARED).count() == 1


@pytest.mark.parametrize("end", ["publish", "discard"])
def test_a_link_dies_when_the_text_is_published_or_given_up(change, editor, client, end):
    link = sharing.share(change, by=editor)

    getattr(workflow, end)(change, by=UserFactory(superuser=True))

    response = client.get(link.get_address())
    assert response.status_code == 410
    assert "Preview" not in response.content.decode()


def test_the_link_of_a_draft_dies_for_good_even_when_the_page_is_later_in_work_again(editor, client):
    draft = ProgrammeFactory()
    link = sharing.share(draft, by=editor, days=90)
    live = workflow.publish(draft, by=editor)
    workflow.start_change(live, by=editor)

    assert client.get(link.get_address()).status_code == 410


def test_a_tampered_link_leads_nowhere(change, editor, client):
    address = sharing.share(change, by=editor).get_address()
    key = ShareLink.objects.get().pk

    for forged in [
        address[:-2] + "x/",
        f"/preview/{key}/",
        f"/preview/{key + 1}:{address.split(':')[1]}",
        "/preview/x:y/",
    ]:
        assert client.get(forged).status_code == 404


def test_nobody_shares_what_they_may_not_change(change):
    with pytest.raises(workflow.NotAllowed):
        sharing.share(change, by=UserFactory())
    assert not ShareLink.objects.exists()


def test_what_is_public_needs_no_link(editor):
    with pytest.raises(workflow.WrongState):
        sharing.share(ProgrammeFactory(published=True), by=editor)


@pytest.mark.parametrize("stage", ["", "withdrawn"])
def test_the_preview_of_a_page_that_hangs_on_one_that_is_not_public_says_so(stage, editor, client):
    priority = PriorityFactory(strategy=StrategyFactory(**({stage: True} if stage else {})))

    response = client.get(sharing.share(priority, by=editor).get_address())

    assert response.status_code == 409
    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]
