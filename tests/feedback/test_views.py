"""The rules of "Is this page useful?"."""

import pytest

from tests.factories import OrganisationFactory
from tests.strict_client import StrictClient
from trustportal.feedback.models import PageFeedback
from trustportal.feedback.views import MOST_IN_A_WHILE

pytestmark = pytest.mark.django_db
ANSWER = {"page": "/about/", "is_useful": "no", "comment": "Where is the map?", "website": ""}


def test_a_reading_page_sets_no_cookie_and_leads_to_the_form(client: StrictClient) -> None:
    response = client.get("/about/")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "/feedback/?page=/about/&amp;useful=yes" in response.content.decode()


def test_the_form_knows_the_page_and_the_answer_from_the_link(client: StrictClient) -> None:
    organisation = OrganisationFactory(published=True)
    address = organisation.get_absolute_url()
    page = client.get(f"/feedback/?page={address}&useful=no").content.decode()
    assert f'value="{address}"' in page
    assert 'value="no" id="id_is_useful_1" checked' in page


def test_an_answer_is_kept_with_its_page(client: StrictClient) -> None:
    response = client.post("/feedback/", ANSWER, follow=True)
    kept = PageFeedback.objects.get()
    assert (kept.page, kept.is_useful, kept.comment) == ("/about/", False, "Where is the map?")
    assert 'href="/about/"' in response.content.decode()


def test_a_comment_is_optional_and_the_answer_is_not(client: StrictClient) -> None:
    assert client.post("/feedback/", {"page": "/", "is_useful": "yes"}).status_code == 302
    response = client.post("/feedback/", {"page": "/", "comment": "Good."})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Choose yes or no." in page
    assert "Good.</textarea>" in page
    assert PageFeedback.objects.count() == 1


@pytest.mark.parametrize(
    "page",
    ["https://elsewhere.example/", "//elsewhere.example/", "/nowhere/", "/admin/", "javascript:alert(1)", "/\\x", ""],
)
def test_only_pages_of_this_portal_are_answered_for(client: StrictClient, page: str) -> None:
    assert client.post("/feedback/", ANSWER | {"page": page}).status_code == 422
    assert not PageFeedback.objects.exists()
    for address in ["/feedback/", "/feedback/thanks/"]:
        shown = client.get(address, {"page": page}).content.decode()
        assert "elsewhere" not in shown
        assert "javascript:" not in shown


def test_a_robot_in_the_trap_is_thanked_and_forgotten(client: StrictClient) -> None:
    assert client.post("/feedback/", ANSWER | {"website": "https://spam.example"}).status_code == 302
    assert not PageFeedback.objects.exists()


def test_too_many_answers_from_one_address_are_refused_without_losing_the_text(client: StrictClient) -> None:
    for _ in range(MOST_IN_A_WHILE):
        assert client.post("/feedback/", ANSWER).status_code == 302
    response = client.post("/feedback/", ANSWER)
    assert response.status_code == 429
    assert "Where is the map?</textarea>" in response.content.decode()
    assert PageFeedback.objects.count() == MOST_IN_A_WHILE
    assert client.post("/feedback/", ANSWER, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_the_form_is_never_kept_by_a_cache(client: StrictClient) -> None:
    assert "no-store" in client.get("/feedback/").headers["Cache-Control"]


def test_a_form_without_its_token_gets_a_clear_page() -> None:
    response = StrictClient(enforce_csrf_checks=True).post("/feedback/", ANSWER)
    assert response.status_code == 403
    assert "This form could not be sent" in response.content.decode()
    assert not PageFeedback.objects.exists()


def test_a_comment_of_any_characters_is_kept_as_it_is(client: StrictClient) -> None:
    comment = "<script>alert(1)</script> ‮ 👩‍⚕️ ' OR 1=1"
    client.post("/feedback/", ANSWER | {"comment": comment})
    assert PageFeedback.objects.get().comment == comment


def test_a_comment_that_is_too_long_is_refused_and_given_back(client: StrictClient) -> None:
    response = client.post("/feedback/", ANSWER | {"comment": "x" * 1201})
    assert response.status_code == 422
    assert "x" * 1201 in response.content.decode()


@pytest.mark.parametrize("field", ["page", "comment", "website"])
def test_characters_that_cannot_be_kept_are_refused(client: StrictClient, field: str) -> None:
    assert client.post("/feedback/", ANSWER | {field: "a\0b"}).status_code == 400
    assert not PageFeedback.objects.exists()
