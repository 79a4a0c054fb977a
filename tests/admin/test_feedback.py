"""Readers' feedback in the admin."""

import csv
import io

import pytest

from tests.admin.conftest import messages_of, save, url_of
from tests.factories import PageFeedbackFactory
from tests.strict_client import StrictClient
from trustportal.feedback.admin import harmless
from trustportal.feedback.models import PageFeedback

pytestmark = pytest.mark.django_db


def in_bulk(client: StrictClient, action: str) -> object:
    ids = list(PageFeedback.objects.values_list("pk", flat=True))
    return client.post(url_of(PageFeedback, "changelist"), {"action": action, "_selected_action": ids}, follow=True)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_export_is_taken_for_a_formula(publisher: StrictClient, begins: str) -> None:
    PageFeedbackFactory(comment=f"{begins}HYPERLINK(1)", page="/a/")
    response = in_bulk(publisher, "export_as_csv")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Page", "Useful", "Comment", "Given", "Dealt with"]
    assert rows[1][:3] == ["/a/", "Yes", f"'{begins}HYPERLINK(1)"]
    assert response["Content-Disposition"] == 'attachment; filename="feedback.csv"'


def test_an_ordinary_cell_stays_as_it_is() -> None:
    assert [harmless(cell) for cell in ("It was clear.", "", 12)] == ["It was clear.", "", "12"]


def test_a_publisher_marks_answers_as_dealt_with_and_an_author_does_not(
    author: StrictClient, publisher: StrictClient
) -> None:
    PageFeedbackFactory.create_batch(2)
    in_bulk(author, "mark_as_dealt_with")
    assert not PageFeedback.objects.filter(is_handled=True).exists()
    assert "2 answers were marked as dealt with." in messages_of(in_bulk(publisher, "mark_as_dealt_with"))
    assert PageFeedback.objects.filter(is_handled=True).count() == 2


def test_nobody_writes_or_changes_what_a_reader_said(admin_client: StrictClient) -> None:
    said = PageFeedbackFactory(comment="It helped.")
    assert admin_client.get(url_of(PageFeedback, "add")).status_code == 403
    save(admin_client, url_of(said, "change"), comment="It was perfect.", is_useful="", is_handled="on")
    said.refresh_from_db()
    assert (said.comment, said.is_useful, said.is_handled) == ("It helped.", True, True)
