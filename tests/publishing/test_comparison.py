"""How two versions of a record differ, in the words of an editor."""

import random

import pytest
from django.contrib.contenttypes.models import ContentType
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import Partnership, Site, Source
from programmes.models import OutcomeMetric, Programme, Statement
from tests.factories import (
    AreaFactory,
    MembershipFactory,
    OrganisationFactory,
    OrganisationIdentifierFactory,
    OrganisationNameFactory,
    OutcomeMetricFactory,
    ParticipationFactory,
    PartnershipFactory,
    PartnershipPriorityFactory,
    PlaceFactory,
    ProgrammeFactory,
    ServiceFactory,
    SiteFactory,
    SourceFactory,
    StatementFactory,
)
from trustportal.partial_date import to_partial_date
from trustportal.publishing.comparison import Comparison, FieldChange, differences
from trustportal.publishing.models import Publishable, State
from trustportal.publishing.snapshot import snapshot
from trustportal.publishing.wording import Piece, words

pytestmark = pytest.mark.django_db


def compared(record: Publishable, change: object) -> Comparison:
    """How a record differs after something was done to it."""
    before = snapshot(record)
    change()
    record.refresh_from_db()
    return differences(before, snapshot(record), type(record))


def after_saving(record: Publishable, **values: object) -> Comparison:
    """How a record differs after some of its fields were given other values."""
    return compared(record, lambda: type(record).objects.filter(pk=record.pk).update(**values))


def said(comparison: Comparison) -> dict[str, tuple[str, str]]:
    """What the fields say before and after, by label."""
    return {change.label: (change.old, change.new) for change in comparison.fields}


def rows(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    """The rows that differ: under which heading, what happened, to which row, where it moved."""
    return [(part.label, row.what, row.heading, row.moved) for part in comparison.parts for row in part.rows]


def number(*statements: Statement) -> None:
    """Give statements these places: the first number 1."""
    for at, statement in enumerate(statements, 1):
        Statement.objects.filter(pk=statement.pk).update(position=100 + at)
    for at, statement in enumerate(statements, 1):
        Statement.objects.filter(pk=statement.pk).update(position=at)


# Fields


def test_a_version_does_not_differ_from_itself():
    programme = ProgrammeFactory(satellite_site=True, with_statements=True, with_partners=True)

    comparison = compared(programme, lambda: None)

    assert comparison == Comparison((), ())
    assert not comparison.differs


def test_fields_come_in_the_order_of_the_model_with_labels_and_words_that_people_read():
    programme = ProgrammeFactory(name="Kidney care", started_on="2017-05", lead__name="Guy's")
    lead = OrganisationFactory(name="Leeds Trust")

    comparison = after_saving(
        programme,
        lead=lead,
        name="Kidney care at home",
        stage=Programme.Stage.FINISHED,
        started_on=to_partial_date("2018"),
        length="two years",
    )

    assert comparison.differs
    assert list(said(comparison).items()) == [
        ("Name", ("Kidney care", "Kidney care at home")),
        ("Stage", ("Running", "Finished")),
        ("Led by", ("Guy's", "Leeds Trust")),
        ("Began", ("May 2017", "2018")),
        ("Length", ("nothing", "two years")),
    ]
    assert comparison.labels() == ["Name", "Stage", "Led by", "Began", "Length"]


def test_countries_are_named_and_what_is_emptied_says_nothing():
    organisation = OrganisationFactory(country="JO", website="https://www.example.org/")

    assert said(after_saving(organisation, country="FR", website="")) == {
        "Country": ("Jordan", "France"),
        "Website": ("https://www.example.org/", "nothing"),
    }


def test_yes_no_and_numbers_are_said_in_words():
    assert said(after_saving(SiteFactory(), is_approximate=False, latitude="51.500000")) == {
        "Position is approximate": ("Yes", "No"),
        "Latitude": ("51.5033", "51.5"),
    }
    assert said(after_saving(PartnershipFactory(), population_served=2600000)) == {
        "People served": ("nothing", "2,600,000")
    }


def test_empty_text_and_no_value_are_the_same_nothing():
    source = SourceFactory(url="")
    old, new = snapshot(source), snapshot(source)
    new["fields"]["url"] = None

    assert not differences(old, new, Source).differs


def test_a_version_older_than_a_field_has_what_the_field_says_by_itself():
    metric = OutcomeMetricFactory(per=1000)
    old, new = snapshot(metric), snapshot(metric)
    del old["fields"]["per"], old["fields"]["direction"]

    assert said(differences(old, new, OutcomeMetric)) == {"Rate per": ("100", "1,000")}


def test_a_value_that_is_no_choice_any_more_is_shown_as_it_is_stored():
    site = SiteFactory()
    old, new = snapshot(site), snapshot(site)
    old["fields"]["kind"] = "tent"

    assert said(differences(old, new, Site)) == {"Kind": ("tent", "Hospital")}


def test_what_is_no_longer_there_is_said():
    partnership, part_of = PartnershipFactory(), PartnershipFactory()
    Partnership.objects.filter(pk=partnership.pk).update(part_of=part_of)
    before = snapshot(partnership)
    Partnership.objects.filter(pk=partnership.pk).update(part_of=None)
    part_of.delete()

    assert said(differences(before, snapshot(partnership), Partnership)) == {"Part of": ("no longer there", "nothing")}


def test_names_that_a_reader_may_not_know_are_not_told():
    programme = ProgrammeFactory()
    secret, public = OrganisationFactory(name="Secret Trust"), programme.lead
    before = snapshot(programme)
    Programme.objects.filter(pk=programme.pk).update(lead=secret)

    comparison = differences(before, snapshot(programme), Programme, may_name=lambda record: record.may_be_named)

    assert said(comparison) == {"Led by": (public.name, "a record that is not public")}


def test_a_list_says_which_names_came_and_which_went():
    lambeth, bexley, kent = (AreaFactory(name=name) for name in ("Lambeth", "Bexley", "Kent"))
    programme = ProgrammeFactory(areas=[lambeth, kent])

    [change] = compared(programme, lambda: programme.areas.set([kent, bexley])).fields

    assert change.is_list
    assert (change.label, change.added, change.removed) == ("Areas served", ("Bexley",), ("Lambeth",))


def test_how_a_record_stands_is_no_difference():
    programme = ProgrammeFactory()

    assert not after_saving(programme, state=State.IN_REVIEW, edit_number=7, change_note="New dates").differs


# Rows


def test_a_row_in_between_is_added_and_those_behind_it_have_not_moved():
    programme = ProgrammeFactory()
    first, second = (StatementFactory(programme=programme, text=text) for text in ("Listen to people.", "Start small."))

    def insert() -> None:
        number(first, StatementFactory(programme=programme, name="Pay for it", text="Money came late."), second)

    comparison = compared(programme, insert)

    assert rows(comparison) == [("Lesson learned", "added", "Pay for it", "")]
    [row] = comparison.parts[0].rows
    assert [(change.label, change.old, change.new) for change in row.changes] == [
        ("Number", "nothing", "2"),
        ("Heading", "nothing", "Pay for it"),
        ("Text", "nothing", "Money came late."),
    ]


def test_a_removed_row_is_said_and_those_behind_it_have_not_moved():
    programme = ProgrammeFactory()
    first, second, third = (
        StatementFactory(programme=programme, text=f"{n} is unlike others") for n in ("A", 2, "x y")
    )
    Statement.objects.filter(pk=first.pk).update(name="Heading of the first")

    def remove() -> None:
        first.delete()
        number(second, third)

    assert rows(compared(programme, remove)) == [("Lesson learned", "removed", "Heading of the first", "")]


def test_only_the_row_that_changed_places_has_moved():
    programme = ProgrammeFactory()
    statements = [StatementFactory(programme=programme, name=f"Lesson {letter}") for letter in "abcd"]
    a, b, c, d = statements

    assert rows(compared(programme, lambda: number(b, c, a, d))) == [
        ("Lesson learned", "changed", "Lesson a", "moved from 1 to 3")
    ]
    assert rows(compared(programme, lambda: number(d, b, c, a))) == [
        ("Lesson learned", "changed", "Lesson d", "moved from 4 to 1")
    ]


def test_each_kind_of_statement_counts_by_itself_and_stands_under_its_label():
    programme = ProgrammeFactory(local_care_network=True)
    StatementFactory(programme=programme, milestone=True, name="Doors opened")
    step = programme.statements.filter(kind=Statement.Kind.STEP).order_by("position")

    def change() -> None:
        Statement.objects.filter(name="Doors opened").update(happened_on=to_partial_date("2018-04"))
        number(*step.exclude(position=1), step.get(position=1))

    comparison = compared(programme, change)

    assert [part.label for part in comparison.parts] == ["Milestone", "Care-model step"]
    assert comparison.labels() == ["Milestone", "Care-model step"]
    assert [row.moved for row in comparison.parts[1].rows] == ["moved from 1 to 6"]
    [milestone] = comparison.parts[0].rows
    assert [(change.label, change.old, change.new) for change in milestone.changes] == [
        ("Date", "March 2018", "April 2018")
    ]


def test_a_row_with_another_wording_is_the_same_row():
    programme = ProgrammeFactory()
    lesson = StatementFactory(programme=programme, text="The partners met each week and told each other what they saw.")
    other = StatementFactory(programme=programme, text="Money came late.")

    def reword() -> None:
        Statement.objects.filter(pk=lesson.pk).update(
            text="The partners met each month and told each other what they saw."
        )
        number(other, lesson)

    comparison = compared(programme, reword)

    [row] = [row for row in comparison.parts[0].rows if row.changes]
    assert row.what == "changed"
    [change] = row.changes
    assert [piece for piece in change.pieces if piece.kind != "same"] == [
        Piece("removed", "week"), Piece("added", "month"),
    ]  # fmt: skip
    assert [row.moved for row in comparison.parts[0].rows if row.moved] == ["moved from 1 to 2"]


def test_a_row_with_a_wholly_different_text_is_another_row():
    programme = ProgrammeFactory()
    lesson = StatementFactory(programme=programme, text="The partners met each week.")

    def replace() -> None:
        Statement.objects.filter(pk=lesson.pk).update(text="Ambulances wait too long outside.")

    assert {row[1:3] for row in rows(compared(programme, replace))} == {
        ("removed", "The partners met each week."),
        ("added", "Ambulances wait too long outside."),
    }


def test_the_same_words_in_another_kind_are_another_statement():
    programme = ProgrammeFactory()
    lesson = StatementFactory(programme=programme, text="Beds were short.", name="Beds")

    def turn() -> None:
        Statement.objects.filter(pk=lesson.pk).update(kind="achievement", progress="done")

    assert rows(compared(programme, turn)) == [
        ("Achievement", "added", "Beds", ""), ("Lesson learned", "removed", "Beds", ""),
    ]  # fmt: skip


def test_a_place_is_known_by_its_site_and_says_which_services_came():
    scans, dialysis = ServiceFactory(name="Scans"), ServiceFactory(name="Dialysis")
    programme = ProgrammeFactory(satellite_site=True)
    place = PlaceFactory(programme=programme, site=SiteFactory(name="Queen Mary's"), services=[scans])

    comparison = compared(programme, lambda: place.services.set([dialysis]))

    assert rows(comparison) == [("Places", "changed", "Queen Mary's", "")]
    [change] = comparison.parts[0].rows[0].changes
    assert (change.added, change.removed) == (("Dialysis",), ("Scans",))


def test_rows_that_were_made_anew_are_the_same_rows():
    programme = ProgrammeFactory(satellite_site=True, with_partners=True)

    def make_anew() -> None:
        for row in reversed(list(programme.participations.all())):
            organisation, role = row.organisation, row.role
            row.delete()
            ParticipationFactory(programme=programme, organisation=organisation, role=role)

    assert not compared(programme, make_anew).differs


def test_a_partner_is_called_by_name_and_role_and_known_by_them():
    programme, trust = ProgrammeFactory(), OrganisationFactory(name="Leeds Trust")
    partner = ParticipationFactory(programme=programme, organisation=trust, role="host")

    def describe() -> None:
        type(partner).objects.filter(pk=partner.pk).update(note="Lends rooms")
        ParticipationFactory(programme=programme, organisation=trust, role="funder")

    assert rows(compared(programme, describe)) == [
        ("Partners taking part", "changed", "Leeds Trust, Host", ""),
        ("Partners taking part", "added", "Leeds Trust, Funder", ""),
    ]


def test_the_one_row_of_facts_is_always_the_same_row():
    programme = ProgrammeFactory(satellite_site=True)

    def change() -> None:
        programme.satellite_site.main_service = "Heart clinic"
        programme.satellite_site.save()

    assert rows(compared(programme, change)) == [
        ("Facts of the satellite site", "changed", "Facts of the satellite site", "")
    ]


def test_a_name_keeps_its_row_when_its_kind_changes():
    organisation = OrganisationFactory()
    name = OrganisationNameFactory(organisation=organisation, name="Old Infirmary", kind="also", ended_on=None)

    comparison = compared(
        organisation, lambda: type(name).objects.filter(pk=name.pk).update(kind="former")
    )  # fmt: skip

    assert rows(comparison) == [("Former name", "changed", "Old Infirmary", "")]
    [change] = comparison.parts[0].rows[0].changes
    assert (change.old, change.new) == ("Also known as", "Former name")


def test_a_code_is_called_by_its_scheme():
    organisation = OrganisationFactory()

    comparison = compared(organisation, lambda: OrganisationIdentifierFactory(organisation=organisation, value="RJ1"))

    assert rows(comparison) == [("Identifiers", "added", "ODS code, RJ1", "")]


def test_priorities_that_are_numbered_and_named_are_matched_by_their_words():
    partnership = PartnershipFactory()
    first = PartnershipPriorityFactory(partnership=partnership, name="Shorter waits", text="For scans and tests.")

    def change() -> None:
        type(first).objects.filter(pk=first.pk).update(text="For scans and for tests.", position=2)
        PartnershipPriorityFactory(partnership=partnership, name="Joy", text="", position=1)

    comparison = compared(partnership, change)

    assert rows(comparison) == [
        ("Priorities of the partners", "changed", "Shorter waits", ""),
        ("Priorities of the partners", "added", "Joy", ""),
    ]


def test_very_many_rows_without_a_likeness_in_them_are_compared_in_bounded_work():
    programme = ProgrammeFactory()
    old, new = snapshot(programme), snapshot(programme)
    chance = random.Random(7)  # noqa: S311
    for data in (old, new):
        data["parts"]["statements"] = [
            {
                "fields": {"kind": "lesson", "position": at, "text": "".join(chance.choices("abcdef ", k=900))},
                "many": {},
            }
            for at in range(1, 301)
        ]

    [part] = differences(old, new, Programme).parts

    assert len(part.rows) == 600


# Queries


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    programme = ProgrammeFactory(satellite_site=True, with_statements=True, with_partners=True)
    empty = {**snapshot(programme), "parts": {}}
    for _ in range(12):
        PlaceFactory(programme=programme)
        MembershipFactory()
        ParticipationFactory(programme=programme)
    data = snapshot(programme)
    ContentType.objects.clear_cache()

    with django_assert_max_num_queries(3):  # organisations, sites, services
        comparison = differences(empty, data, Programme)

    assert sum(len(part.rows) for part in comparison.parts) > 30


def test_no_text_of_what_is_only_named_is_read(django_assert_num_queries):
    data = snapshot(ProgrammeFactory())

    with django_assert_num_queries(1) as queries:
        differences(data, data, Programme)

    assert "description" not in queries.captured_queries[0]["sql"]


# Words


TEXTS = st.text(alphabet="ab .\n", max_size=60)


@given(TEXTS, TEXTS)
@pytest.mark.either_database
def test_the_pieces_make_both_texts(old, new):
    pieces = words(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert all(piece.text for piece in pieces)


@pytest.mark.either_database
def test_words_that_changed_together_are_said_together():
    assert words("We met twice a week.\n\nAll came.", "We met once or never.\n\nAll came.") == [
        Piece("same", "We met "),
        Piece("removed", "twice a week."),
        Piece("added", "once or never."),
        Piece("same", "\n\nAll came."),
    ]


@pytest.mark.either_database
def test_a_long_text_is_compared_by_lines_and_a_longer_one_as_a_whole():
    lines = [f"Line {at} says one thing.\n" for at in range(2000)]
    changed = [*lines[:50], "Line 50 says another thing.\n", *lines[51:]]

    assert [piece for piece in words("".join(lines), "".join(changed)) if piece.kind != "same"] == [
        Piece("removed", lines[50]), Piece("added", changed[50]),
    ]  # fmt: skip
    old, new = "a\n" * 9000, "b\n" * 9000
    assert words(old, new) == [Piece("removed", old), Piece("added", new)]


def test_a_side_without_a_value_has_no_pieces():
    [change] = after_saving(OrganisationFactory(place=""), place="Leeds").fields

    assert isinstance(change, FieldChange)
    assert change.before == []
    assert change.after == [Piece("added", "Leeds")]
