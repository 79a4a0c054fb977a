"""What is written at publication, taken away at withdrawal, and written anew by the command."""

import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.models import Organisation, Partnership
from programmes.models import OutcomeMetric, Programme
from tests import made_up
from tests.factories import (
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PartnershipFactory,
    PriorityFactory,
    ProgrammeFactory,
    SiteFactory,
    SourceFactory,
    StatementFactory,
    StrategyFactory,
    UserFactory,
)
from trustportal.publishing import workflow
from trustportal.search import filling
from trustportal.search.backends import backend
from trustportal.search.filling import Rebuild, searched_models, written_of
from trustportal.search.models import KnownWord, Searchable, SearchEntry
from trustportal.search.models.entry import EntryRow
from trustportal.search.reading import told_of
from trustportal.search.searching import search
from trustportal.search.words import stems

pytestmark = pytest.mark.django_db


def found(text: str) -> set[str]:
    """The titles of what a search finds."""
    results = search(text, {})
    return set() if results.is_mended or results.has_some_words else {row.title for row in results.rows}


def made_up_entry(**values: object) -> EntryRow:
    """An entry that says no more than that."""
    empty = dict.fromkeys(EntryRow._fields, "") | {"lead_key": None, "updated_at": None, "recency": 0, "standing": 1}
    return EntryRow(**empty | {"object_id": 999_999} | values)


def test_a_record_is_found_once_it_is_published_and_no_longer_once_it_is_withdrawn(publisher):
    programme = ProgrammeFactory(name="Zebra clinics")
    assert found("zebra") == set()

    programme = workflow.publish(programme, by=publisher)
    assert found("zebra") == {"Zebra clinics"}

    workflow.withdraw(programme, by=publisher, reason="It has ended.")
    assert found("zebra") == set()
    assert not SearchEntry.objects.filter(title="Zebra clinics").exists()


def test_a_change_is_found_once_it_is_published_and_not_while_it_is_written(publisher):
    programme = ProgrammeFactory(name="Zebra clinics", summary="Made up.", published=True)
    copy = workflow.start_change(programme, by=publisher)
    copy.name, copy.change_note = "Giraffe clinics", "A new name."
    copy.save()
    assert found("giraffe") == set()

    workflow.publish(copy, by=UserFactory(superuser=True))

    assert found("giraffe") == {"Giraffe clinics"}
    assert found("zebra") == set()


def test_priorities_are_found_with_their_strategy_and_not_without_it(publisher):
    strategy = StrategyFactory(summary="Made up.", published=True)
    PriorityFactory(name="Zebra care", strategy=strategy, summary="Made up.", published=True)
    assert found("zebra") == {"Zebra care"}

    workflow.withdraw(strategy, by=publisher, reason="It has ended.")
    assert found("zebra") == set()
    call_command("rebuild_search", verbosity=0)
    assert found("zebra") == set()


def test_a_preview_leaves_nothing_behind():
    programme = ProgrammeFactory(name="Zebra clinics")

    with workflow.as_if_published(programme):
        assert found("zebra") == {"Zebra clinics"}

    assert found("zebra") == set()
    assert not KnownWord.objects.filter(word="zebra").exists()


def test_a_deleted_record_takes_its_entry_with_it(publisher):
    programme = ProgrammeFactory(name="Zebra clinics", summary="Made up.", published=True)

    programme.delete()

    assert not SearchEntry.objects.exists() or found("zebra") == set()


def test_a_record_is_found_by_what_its_page_says():
    partner = OrganisationFactory(name="Walrus Trust", published=True)
    programme = ProgrammeFactory(name="Clinics")
    StatementFactory(programme=programme, text="Fewer narwhals were seen.")
    ParticipationFactory(programme=programme, organisation=partner)
    programme.areas.add(AreaFactory(name="Penguinshire"))
    workflow.publish(programme, by=UserFactory(superuser=True))

    for words in ["narwhal", "walrus clinics", "penguinshire"]:
        assert "Clinics" in found(words), words


def test_nobody_learns_of_a_partner_that_is_not_public():
    partnership = PartnershipFactory(name="Clinics")
    MembershipFactory(partnership=partnership, organisation=OrganisationFactory(name="Walrus Trust"))
    workflow.publish(partnership, by=UserFactory(superuser=True))

    assert found("walrus") == set()
    assert not KnownWord.objects.filter(word="walrus").exists()


def test_what_names_a_record_is_found_by_its_new_name_and_not_by_its_old_one(publisher):
    partner = OrganisationFactory(name="Walrus Trust", slug="walrus", summary="Made up.", published=True)
    partnership = PartnershipFactory(name="Clinics")
    MembershipFactory(partnership=partnership, organisation=partner)
    workflow.publish(partnership, by=publisher)
    assert found("walrus") == {"Walrus Trust", "Clinics"}

    copy = workflow.start_change(partner, by=publisher)
    copy.name, copy.change_note = "Seal Trust", "A new name."
    copy.save()
    partner = workflow.publish(copy, by=UserFactory(superuser=True))
    assert found("walrus") == set()
    assert found("seal") == {"Seal Trust", "Clinics"}

    workflow.withdraw(partner, by=publisher, reason="It has closed.")
    assert found("seal") == set()


@pytest.mark.parametrize(
    "factory",
    [
        OrganisationFactory,
        PartnershipFactory,
        ProgrammeFactory,
        SiteFactory,
        OutcomeMetricFactory,
        SourceFactory,
        StrategyFactory,
        PriorityFactory,
    ],
)
def test_records_of_every_kind_are_found_by_their_names(factory):
    record = factory(name="Zebra crossing", summary="Made up.", published=True)

    [row] = search("zebra", {}).rows

    assert row.address == record.get_absolute_url()


def test_a_rebuild_writes_what_publication_writes_and_forgets_what_is_not_public():
    made_up.make(30)
    stray = {"type": "programme", "standing": 1, "title": "Stray", "address": "/", "title_words": "stray"}
    a_searched_model = ContentType.objects.get_for_model(Programme).pk
    SearchEntry.objects.add(
        made_up_entry(content_type_id=content_type, **stray) for content_type in (1, a_searched_model)
    )
    assert found("stray") == {"Stray"}

    call_command("rebuild_search", verbosity=0)

    records = sum(model.objects.published().count() for model in searched_models())
    assert SearchEntry.objects.count() == records
    assert not SearchEntry.objects.filter(title="Stray").exists()
    assert found("stray") == set()
    for model in (Organisation, Partnership, Programme, OutcomeMetric):
        record = model.objects.published().first()
        kept = SearchEntry.objects.of_records(record.search_entries.get().content_type, [record.pk]).get()
        [one] = written_of(model, [record])
        written = one.entry
        for name in ("title", "title_words", "body_words", "facet_words", "names"):
            assert getattr(kept, name) == getattr(written, name), name
    by_key = SearchEntry.objects.order_by("pk").values_list("updated_at", flat=True)
    assert list(by_key) == sorted(by_key)


def test_everything_is_found_while_a_rebuild_runs():
    ProgrammeFactory(name="Zebra clinics", summary="Made up.", published=True)
    made_up.make(60)
    call_command("rebuild_search", verbosity=0)

    for _written in Rebuild():
        assert found("zebra") == {"Zebra clinics"}


def test_a_rebuild_asks_the_database_no_more_often_for_more_records_at_once(monkeypatch):
    monkeypatch.setattr(filling, "AT_ONCE", 5000)
    made_up.make(12)
    with CaptureQueriesContext(connection) as few:
        call_command("rebuild_search", verbosity=0)
    made_up.make(12, after=12)
    with CaptureQueriesContext(connection) as more:
        call_command("rebuild_search", verbosity=0)

    assert len(more) <= len(few) + 6


def test_every_searched_model_says_what_an_entry_takes():
    made_up.make(12)

    for model in searched_models():
        assert issubclass(model, Searchable)
        record = model.objects.published().first()
        told = told_of(model, [record.pk])[record.pk]
        [one] = written_of(model, [record])
        entry = SearchEntry(**one.entry._asdict())
        entry.full_clean(validate_unique=False, validate_constraints=False)
        with CaptureQueriesContext(connection) as asked:
            record.to_search(told)
        assert len(asked) == 0, model


def test_finders_ask_for_the_records_of_one_kind_that_say_something():
    programme = ProgrammeFactory(name="Zebra clinics", summary="Made up.", published=True)
    PartnershipFactory(name="Zebra network", published=True)

    assert list(Programme.objects.published().saying("zebras")) == [programme]
    assert list(Programme.objects.published().saying("zebra giraffe")) == []
    assert list(Programme.objects.published().saying("?!")) == []


def test_finders_take_an_unknown_last_word_for_a_beginning_where_nothing_has_it():
    zebra, zebras, crossing = (
        ProgrammeFactory(name=name, summary="Made up.", published=True)
        for name in ["Zebra clinics", "Zebra nursing", "Giraffe crossing"]
    )
    said = Programme.objects.published().order_by("pk")

    assert list(said.saying("zeb")) == [zebra, zebras]
    assert list(said.saying("zebra nursin")) == [zebras]
    assert list(said.saying("zeb clinics")) == []  # the last word alone may go on
    assert list(said.saying("zebraz")) == []  # and none is mended
    assert list(said.saying("giraffe cross")) == [crossing]
    assert list(said.saying("zebra")) == [zebra, zebras]
    # Which of the two it is does not depend on what else narrows the list.
    assert list(said.filter(pk=crossing.pk).saying("zeb")) == []


def test_finders_ask_few_questions_for_the_beginning_of_a_word():
    ProgrammeFactory(name="Zebra clinics", summary="Made up.", published=True)

    for text, most in [("zebra", 3), ("zeb", 6), ("giraffe", 6)]:
        with CaptureQueriesContext(connection) as asked:
            list(Programme.objects.published().saying(text))
        assert len(asked) <= most, text


def test_a_phrase_is_found_however_many_newer_entries_have_its_words_elsewhere():
    programme = ContentType.objects.get_for_model(Programme).pk
    bodies = ["zebra crossing", *["crossing a zebra"] * 2000]
    texts = [(f"Made up {number}", stems(body)) for number, body in enumerate(bodies)]
    SearchEntry.objects.add(
        made_up_entry(
            content_type_id=programme, object_id=number, title=title, body_words=words,
            pair_words=backend().pair_words(words),
        )
        for number, (title, words) in enumerate(texts)
    )  # fmt: skip

    assert found('"zebra crossing"') == {"Made up 0"}
    assert found('"crossing zebra"') == set()
    assert search("zebra crossing", {}).is_more


def test_a_newly_approved_figure_brings_the_entry_up_to_date(publisher):
    metric = OutcomeMetricFactory(name="Zebras seen", published=True)
    later = timezone.now() + datetime.timedelta(days=1)

    workflow.note_update(metric, by=publisher, substantive=True, at=later)

    [row] = search("zebra", {}).rows
    assert row.updated_at == later.replace(microsecond=0)


def test_a_rebuild_leaves_what_is_right_as_it_is_and_mends_what_is_not():
    made_up.make(12)
    call_command("rebuild_search", verbosity=0)
    before = dict(SearchEntry.objects.values_list("pk", "title"))
    programme = Programme.objects.published().first()
    Programme.objects.filter(pk=programme.pk).update(name="Zebra clinics")

    rebuild = Rebuild()
    assert list(rebuild)[-1] == len(before)

    after = dict(SearchEntry.objects.values_list("pk", "title"))
    assert rebuild.written == len(after.keys() - before) < 5  # its own, and of what names it
    assert programme.search_entries.get().pk in after.keys() - before
    assert "Zebra clinics" in found("zebra")
    assert KnownWord.objects.get(word="zebra").count == rebuild.written


def test_a_record_has_one_entry():
    ProgrammeFactory(name="Zebra clinics", summary="Made up.", published=True)
    programme = ContentType.objects.get_for_model(Programme).pk
    entry = made_up_entry(content_type_id=programme, object_id=SearchEntry.objects.get(title="Zebra clinics").object_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        SearchEntry.objects.add([entry])
