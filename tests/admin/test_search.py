"""Words that mean the same, and searches that found nothing, in the admin."""

import datetime

import pytest
from django.utils import timezone

from tests.admin.conftest import url_of
from tests.factories import FailedSearchFactory, ProgrammeFactory
from tests.strict_client import StrictClient
from trustportal.search.models import FailedSearch, Synonym
from trustportal.search.searching import search

pytestmark = pytest.mark.django_db


def test_a_publisher_adds_words_that_mean_the_same_and_readers_find_by_them_at_once(publisher: StrictClient) -> None:
    ProgrammeFactory(name="Zebra clinics", published=True)
    assert search("stripes", {}).total == 0

    publisher.post(url_of(Synonym, "add"), {"words": "zebra, stripes, striped horse"})

    assert [row.title for row in search("stripes", {}).rows] == ["Zebra clinics"]
    assert [row.title for row in search("striped horses", {}).rows] == ["Zebra clinics"]


def test_a_group_of_one_word_is_refused(publisher: StrictClient) -> None:
    response = publisher.post(url_of(Synonym, "add"), {"words": "zebra, Zebras"})

    assert "Write two words or more" in response.content.decode()
    assert not Synonym.objects.filter(words__startswith="zebra").exists()


def test_a_word_in_two_groups_means_what_both_say() -> None:
    for name in ("Zebra clinics", "Okapi clinics", "Striped care"):
        ProgrammeFactory(name=name, published=True)
    Synonym.objects.create(words="zebra, okapi")
    Synonym.objects.create(words="striped, zebra")

    assert {row.title for row in search("zebra", {}).rows} == {"Zebra clinics", "Okapi clinics", "Striped care"}
    assert {row.title for row in search("okapi", {}).rows} == {"Zebra clinics", "Okapi clinics"}


@pytest.mark.parametrize("words", ["Okapi, zebra", "zebra,  okapi", "zebras, okapi, Zebra"])
def test_a_group_that_there_is_already_is_refused_by_name(publisher: StrictClient, words: str) -> None:
    publisher.post(url_of(Synonym, "add"), {"words": "zebra, okapi"})
    response = publisher.post(url_of(Synonym, "add"), {"words": words})

    assert "There is a group of these words already: “zebra, okapi”." in response.content.decode()
    assert Synonym.objects.filter(words__icontains="okapi").count() == 1
    own = Synonym.objects.get(words="zebra, okapi")
    publisher.post(url_of(Synonym, "change", own.pk), {"words": "okapi, zebra"})
    assert Synonym.objects.get(pk=own.pk).words == "okapi, zebra"


def test_an_author_reads_them_and_changes_nothing(author: StrictClient) -> None:
    before = Synonym.objects.count()

    assert author.get(url_of(Synonym, "changelist")).status_code == 200
    assert author.post(url_of(Synonym, "add"), {"words": "zebra, stripes"}).status_code == 403
    assert Synonym.objects.count() == before


def test_editors_see_what_readers_did_not_find_in_the_last_ninety_days(publisher: StrictClient) -> None:
    FailedSearchFactory(words="xylophones", count=3)
    FailedSearchFactory(words="harpsichords", day=timezone.localdate() - datetime.timedelta(days=91))

    text = publisher.get(url_of(FailedSearch, "changelist")).content.decode()

    assert "xylophones" in text
    assert "harpsichords" not in text
    assert publisher.get(url_of(FailedSearch, "add")).status_code == 403
