"""What the NHS Organisation Data Service says of partners: what is shown, what is proposed, and what never happens."""

import datetime
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Organisation, OrganisationIdentifier, OrganisationName, Remit, Succession
from partnerships.ods import Effect, Judged, Reconciler
from partnerships.ods_files import gather
from tests.admin.conftest import client_of, person_in, url_of
from tests.factories import OrganisationFactory, OrganisationIdentifierFactory, OrganisationNameFactory, UserFactory
from tests.ods_samples import ETR, GUYS, bundle, organisation_line, resource, successor_line
from tests.strict_client import StrictClient
from trustportal.accounts.models import User
from trustportal.importing.cells import Unreadable
from trustportal.importing.ods.downloads import Download
from trustportal.partial_date import PartialDate
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, State, Version
from trustportal.publishing.snapshot import snapshot

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 6, 1)
OLD, NEW = "Old (made up) Trust", "New (made up) Trust"
CLOSED = organisation_line("ZZ1", OLD.upper(), "LONDON", "19930401", "20250331")
OPENED = organisation_line("ZZ2", NEW.upper(), "LONDON", "20250401")
FOLLOWED = successor_line("ZZ1", "ZZ2", "20250401")


@pytest.fixture
def ada() -> User:
    """Somebody who proposes, and may publish."""
    return person_in("Publisher")


@pytest.fixture
def grace() -> User:
    """Somebody else who publishes."""
    return person_in("Publisher")


def partner(code: str, name: str, **told: object) -> Organisation:
    """An organisation that the public sees, with a code."""
    return OrganisationFactory(name=name, with_code=True, code__value=code, **{"published": True} | told)


def reconciler(
    *contents: str | bytes, by: User | None = None, add: tuple[str, ...] = (), **options: object
) -> Reconciler:
    files = [content.encode() if isinstance(content, str) else content for content in contents]
    downloads = [Download(f"file-{number}.csv", io.BytesIO(file)) for number, file in enumerate(files, start=1)]
    gathered = gather(downloads, add)
    assert gathered.faults == []
    return Reconciler(gathered, by, today=TODAY, **options)


def judge(*contents: str | bytes, **options: object) -> Judged:
    """What becomes of the one partner that the files name."""
    [judged] = reconciler(*contents, **options).judged()
    return judged


def said(judged: Judged) -> tuple[Effect, list[str], list[str]]:
    proposals = [proposal.words for proposal in judged.comparison.proposals]
    return judged.effect, proposals, judged.comparison.remarks


def propose(*contents: str | bytes, by: User, **options: object) -> Organisation:
    """Put what is proposed for the one partner into a change. Returns the working copy."""
    made = reconciler(*contents, by=by, **options)
    [judged] = [judged for judged in made.judged() if judged.effect is Effect.PROPOSED]
    return made.propose(judged)


@contextmanager
def nothing_changes() -> Iterator[None]:
    def counts() -> tuple[int, ...]:
        models = (Organisation, OrganisationName, OrganisationIdentifier, Succession, Act, Version)
        return tuple(model._base_manager.count() for model in models)

    before = counts()
    yield
    assert counts() == before


# What differs


def test_a_partner_of_which_the_same_is_said_is_left():
    partner("RJ1", "Guy’s & St Thomas’ NHS Foundation Trust")

    with nothing_changes():
        assert said(judge(ETR)) == (Effect.SAME, [], [])


def test_another_name_is_proposed_beside_ours_and_a_known_one_is_not():
    trust = partner("RJ1", "The trust by the river")

    assert said(judge(ETR))[1] == ["Also known as: Guy's and St Thomas' NHS Foundation Trust."]

    OrganisationNameFactory(organisation=trust, name="Guys and St. Thomas NHS Foundation Trust")
    assert judge(ETR).effect is Effect.SAME


def test_what_is_empty_is_filled_and_what_is_written_is_left():
    partner("RJ1", GUYS, place="", country="")

    assert said(judge(ETR, bundle(resource("RJ1", GUYS))))[1] == ["Place: London.", "Country: United Kingdom."]

    Organisation.objects.update(place="Lambeth", country="JO")
    assert said(judge(ETR)) == (Effect.DIFFERS, [], ["Its place is “Lambeth” here and “London” there."])


def test_a_closure_is_proposed_with_its_reason_and_what_followed():
    partner("ZZ1", OLD, place="London")
    new = partner("ZZ2", NEW, place="London")

    other, closed = reconciler(CLOSED + OPENED, FOLLOWED).judged()

    assert other.effect is Effect.SAME
    closing, following = closed.comparison.proposals
    assert closing.words == "Closed: 31 March 2025 (Replaced by another organisation)."
    assert closing.fields == {
        "closed_on": PartialDate(2025, 3, 31),
        "closure_reason": "replaced",
        "what_followed": "Its work passed to New (made up) Trust.",
    }
    assert following.words == "Followed by New (made up) Trust since 1 April 2025."
    [row] = following.rows
    assert (row.successor, row.succeeded_on) == (new, PartialDate(2025, 4, 1))


@pytest.mark.parametrize(
    ("opened", "successors", "reason", "what"),
    [
        ("19930401", ["ZZ2"], "merged", "Its work passed to New (Made Up) Trust."),
        ("", ["ZZ2"], "replaced", "Its work passed to New (Made Up) Trust."),
        ("", ["ZZ2", "ZZ3"], "split", "Its work passed to New (Made Up) Trust and the organisation with the code ZZ3."),
        ("", [], "dissolved", "The NHS Organisation Data Service names nobody who took over its work."),
    ],
)
def test_why_it_closed_follows_from_who_took_over(opened: str, successors: list[str], reason: str, what: str):
    partner("ZZ1", OLD)
    rows = [successor_line("ZZ1", code, "20250401") for code in successors] + [successor_line("ZZ8", "ZZ9")]

    judged = judge(CLOSED + organisation_line("ZZ2", NEW.upper(), opened=opened), "".join(rows))

    fields = judged.comparison.proposals[0].fields
    assert (fields["closure_reason"], fields["what_followed"]) == (reason, what)


def test_without_a_file_of_successors_nothing_is_said_of_them():
    partner("ZZ1", OLD)

    [closing] = judge(CLOSED).comparison.proposals

    assert closing.fields["what_followed"] == "What followed it is not known yet."


def test_a_very_long_list_of_successors_still_fits():
    partner("ZZ1", OLD)
    codes = [f"ZY{number}" for number in range(10)]
    lines = "".join(organisation_line(code, "AN ORGANISATION WITH A LONG NAME THAT IS MADE UP") for code in codes)

    judged = judge(CLOSED + lines, "".join(successor_line("ZZ1", code) for code in codes))

    assert judged.comparison.proposals[0].fields["what_followed"] == "Its work passed to 10 organisations."


def test_an_editors_closure_stays_and_what_is_said_otherwise_is_told():
    old = partner("ZZ1", OLD, closed=True, closed_on="2025-03", succession=None)
    assert said(judge(CLOSED)) == (Effect.SAME, [], [])

    Organisation.objects.filter(pk=old.pk).update(closed_on="2022-06")
    assert said(judge(CLOSED))[2] == ["It closed on another day here (June 2022) than there (31 March 2025)."]
    assert said(judge(organisation_line("ZZ1", OLD, "London")))[2] == ["It is closed here and open there."]


def test_what_is_still_to_come_is_not_proposed_yet():
    partner("ZZ1", OLD)
    partner("ZZ2", NEW)
    line, row = organisation_line("ZZ1", OLD, closed="20270331"), successor_line("ZZ1", "ZZ2", "20270401")

    assert said(judge(line, row)) == (
        Effect.DIFFERS,
        [],
        [
            "It is going to close: 31 March 2027.",
            "It is going to be followed: Followed by New (made up) Trust since 1 April 2027.",
        ],
    )


def test_an_end_without_a_date_is_said_and_left():
    partner("ZZ1", OLD)

    assert said(judge(bundle(resource("ZZ1", OLD, active=False))))[2] == [
        "It is no longer active there, but since when is not said."
    ]


def test_a_successor_that_is_no_partner_is_told_with_what_to_do():
    partner("ZZ1", OLD, closed=True, closed_on="2025", succession=None)

    assert said(judge(CLOSED + OPENED, FOLLOWED))[2] == [
        "Followed by New (Made Up) Trust since 1 April 2025. That is no partner here; --add ZZ2 drafts it."
    ]
    assert said(judge(CLOSED + OPENED, FOLLOWED, add=("ZZ2",)))[1] == [
        "Followed by New (Made Up) Trust since 1 April 2025."
    ]


def test_a_succession_that_is_there_gets_its_date_where_it_has_none():
    old = partner("ZZ1", OLD, closed=True, closed_on="2025", succession__succeeded_on=None)
    succession = old.successions.get()
    OrganisationIdentifierFactory(organisation=succession.successor, value="ZZ2")

    assert len(said(judge(FOLLOWED))[1]) == 1

    Succession.objects.update(succeeded_on="2024")
    [remark] = said(judge(FOLLOWED))[2]
    assert remark.endswith("since 1 April 2025. Here it is since 2024.")


def test_who_was_renumbered_is_neither_closed_nor_its_own_successor():
    trust = partner("ZZ1", NEW)
    OrganisationIdentifierFactory(organisation=trust, value="ZZ2")

    judged = judge(CLOSED + OPENED, FOLLOWED)

    assert said(judged)[1] == ["Formerly: Old (Made Up) Trust."]
    [row] = judged.comparison.proposals[0].rows
    assert (row.kind, row.ended_on) == (OrganisationName.Kind.FORMER, PartialDate(2025, 3, 31))
    assert judge(CLOSED).effect is Effect.PROPOSED  # nothing is known of the other code, so it is not closed
    assert not any(proposal.fields for proposal in judge(CLOSED).comparison.proposals)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ({"published": False}, "It is a draft, and somebody works on it."),
        ({"published": False, "in_review": True}, "It is a draft, and somebody works on it."),
        ({"withdrawn": True}, "It is withdrawn."),
    ],
)
def test_what_the_public_does_not_see_is_left_alone(stage: dict[str, bool], words: str):
    partner("RJ1", "Another name", **stage)

    judged = judge(ETR)

    assert (judged.effect, judged.why_left, judged.comparison.proposals) == (Effect.LEFT, words, [])


def test_an_open_change_is_left_alone(ada: User):
    trust = partner("RJ1", "Another name")
    workflow.start_change(trust, by=ada)

    assert judge(ETR).why_left == "It has an open change already."
    with nothing_changes(), pytest.raises(workflow.WrongState):
        reconciler(ETR, by=ada).propose(Judged(trust, Effect.PROPOSED))


# What is gathered


def test_what_is_said_twice_must_agree():
    partner("RJ1", GUYS)
    line = organisation_line("RJ1", GUYS.replace("'", "’"), "", "19930401", "20250331")

    filled = gather([Download("a.csv", io.BytesIO((ETR + line).encode()))])
    assert filled.faults == []
    assert (filled.stated["RJ1"].town, filled.stated["RJ1"].closed_on) == ("LONDON", PartialDate(2025, 3, 31))

    other = organisation_line("RJ1", "SOMETHING ELSE")
    [(file, fault)] = gather([Download("a.csv", io.BytesIO((ETR + other).encode()))]).faults
    assert (file, fault.at, fault.column, fault.value) == ("a.csv", "Line 4", "name", "SOMETHING ELSE")
    assert fault.words == f"RJ1 is named twice: a.csv, Line 1 says “{GUYS}”. Leave one of the two out."

    rows = successor_line("RJ1", "ZZ2", "20250401")
    assert gather([Download("a.csv", io.BytesIO((rows + rows).encode()))]).faults == []
    late = successor_line("RJ1", "ZZ2", "20250402")
    [(_file, fault)] = gather([Download("a.csv", io.BytesIO((rows + late).encode()))]).faults
    assert fault.column == "succession effective date"


def test_no_more_is_kept_than_what_has_to_do_with_partners():
    partner("RJ1", GUYS)
    strangers = "".join(organisation_line(f"ZY{number}", "A STRANGER (MADE UP)") for number in range(600))
    strangers += "".join(organisation_line(f"ZX{number}", "A STRANGER (MADE UP)") for number in range(600))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        gathered = gather([Download("a.csv", io.BytesIO((ETR + strangers).encode()))])

    assert set(gathered.stated) == {"RJ1"}
    assert gathered.no_partners == 1202
    assert len(asked) == 3  # one for 500 lines


def test_comparing_asks_no_more_for_more_partners():
    names = [f"Trust {number} (made up)" for number in range(1, 9)]
    for number, name in enumerate(names, start=1):
        partner(f"ZY{number}", name)
    text = "".join(
        organisation_line(f"ZY{number}", f"{name} II", "LEEDS") for number, name in enumerate(names, start=1)
    )

    def asked(lines: str, rows: str) -> int:
        made = reconciler(lines, rows)
        with CaptureQueriesContext(connection) as queries:
            assert all(judged.effect is Effect.PROPOSED for judged in made.judged())
        return len(queries)

    rows = "".join(successor_line(f"ZY{number}", "ZY8") for number in range(1, 8))
    acts = 1  # what was proposed before, for each that has something to propose
    assert asked(text, rows) - 8 * acts == asked(text.splitlines(keepends=True)[0], successor_line("ZY1", "ZY8")) - acts


# What is done


def test_proposals_are_put_into_a_working_copy_and_nothing_that_an_editor_wrote_is_lost(
    ada: User, client: StrictClient
):
    old = partner("ZZ1", "The old one", description="What an **editor** wrote.", summary="A summary.", place="")
    partner("ZZ2", NEW)
    before, page = snapshot(old), client.get(old.get_absolute_url()).content

    copy = propose(CLOSED + OPENED, FOLLOWED, by=ada)

    live = Organisation.objects.get(pk=old.pk)
    assert (snapshot(live), live.state, live.modified_at) == (before, State.PUBLISHED, old.modified_at)
    assert client.get(old.get_absolute_url()).content == page
    after = snapshot(copy)
    changed = {name for name, value in after["fields"].items() if value != before["fields"][name]}
    assert changed == {"place", "closed_on", "closure_reason", "what_followed"}
    assert all(not before["fields"][name] for name in changed)
    assert [row.name for row in copy.other_names.all()] == ["Old (Made Up) Trust"]
    assert copy.successions.get().successor.name == NEW
    assert (copy.state, copy.draft_of, copy.edit_number) == (State.DRAFT, old, 1)
    assert copy.change_note.startswith("Also known as: Old (Made Up) Trust. Place: London. Closed: 31 March 2025")


def test_the_history_says_where_the_proposal_came_from(ada: User):
    old = partner("ZZ1", OLD, place="Lambeth")

    propose(CLOSED, by=ada)

    started, edited = Act.objects.on(old).order_by("pk")[1:]
    assert (started.verb, edited.verb, edited.done_by) == (Act.Verb.STARTED, Act.Verb.EDITED, ada)
    assert edited.note.splitlines() == [
        "From the NHS Organisation Data Service (file-1.csv):",
        "Closed: 31 March 2025 (Closed).",
        "Left as it is: Its place is “Lambeth” here and “London” there.",
    ]
    assert edited.note.splitlines()[0] in client_of(ada).get(url_of(old, "history")).content.decode()


def test_who_proposed_does_not_publish_and_somebody_else_does(ada: User, grace: User, client: StrictClient):
    partner("ZZ1", OLD)
    partner("ZZ2", NEW)
    copy = propose(CLOSED + OPENED, FOLLOWED, by=ada)

    with pytest.raises(workflow.NotAllowed, match="somebody else has to publish it"):
        workflow.publish(copy, by=ada)
    live = workflow.publish(copy, by=grace)

    assert (live.closed_on, live.what_followed) == (PartialDate(2025, 3, 31), "Its work passed to New (made up) Trust.")
    assert NEW in client.get(live.get_absolute_url()).content.decode()
    assert [judged.effect for judged in reconciler(CLOSED + OPENED, FOLLOWED).judged()] == [Effect.SAME, Effect.SAME]


def test_what_an_editor_did_not_take_up_is_not_proposed_again_unless_asked(ada: User):
    partner("RJ1", "The trust by the river", place="")
    workflow.discard(propose(ETR, by=ada), by=ada)

    effect, proposals, remarks = said(judge(ETR))

    assert (effect, proposals) == (Effect.DIFFERS, [])
    assert remarks == [
        "Proposed before and not taken up: Also known as: Guy's and St Thomas' NHS Foundation Trust.",
        "Proposed before and not taken up: Place: London.",
    ]
    assert len(said(judge(ETR, again=True))[1]) == 2


def test_what_was_only_told_before_is_proposed_once_it_can_be(ada: User):
    old = partner("ZZ1", OLD, place="", closed=True, closed_on="2025", succession=None)
    workflow.discard(propose(CLOSED + OPENED, FOLLOWED, by=ada), by=ada)
    assert "That is no partner here" in Act.objects.on(old).noting("From").get().note

    partner("ZZ2", NEW)

    _new, judged = reconciler(CLOSED + OPENED, FOLLOWED).judged()
    assert said(judged)[1] == ["Followed by New (made up) Trust since 1 April 2025."]


def test_a_change_made_meanwhile_is_not_overwritten(ada: User):
    trust = partner("RJ1", GUYS, place="")
    made = reconciler(ETR, by=ada)
    [judged] = made.judged()
    Organisation.objects.filter(pk=trust.pk).update(place="Lambeth")

    with nothing_changes(), pytest.raises(workflow.WrongState, match="nothing is left to propose"):
        made.propose(judged)


def test_one_organisation_is_changed_as_a_whole_or_not_at_all(ada: User, monkeypatch: pytest.MonkeyPatch):
    partner("ZZ1", "The old one")
    made = reconciler(CLOSED, by=ada)
    [judged] = made.judged()
    monkeypatch.setattr(Reconciler, "_reason", lambda *args: Organisation.ClosureReason.SPLIT)
    monkeypatch.setattr(Reconciler, "_what_followed", lambda *args: "")

    with nothing_changes(), pytest.raises(workflow.NotReady, match="fill in when it closed, why, and what followed"):
        made.propose(judged)


def test_who_works_for_some_organisations_alone_proposes_nothing_for_others(ada: User):
    mine, other = partner("RJ1", "Mine"), partner("RPA", "Of others")
    Remit.objects.create(person=ada, organisation=mine)
    ada = User.objects.get(pk=ada.pk)
    made = reconciler(ETR, by=ada)

    judged = list(made.judged())

    assert [(one.organisation, one.effect) for one in judged] == [(mine, Effect.PROPOSED), (other, Effect.LEFT)]
    assert judged[1].why_left == f"{ada.username} may not change it."
    with nothing_changes(), pytest.raises(workflow.NotAllowed):
        made.propose(Judged(other, Effect.PROPOSED))
    with nothing_changes(), pytest.raises(workflow.NotAllowed, match="may not add"):
        reconciler(ETR, by=ada, add=("RR8",)).add("RR8", Organisation.Kind.NHS_TRUST)


def test_a_draft_of_others_is_not_named_to_who_may_not_see_it(ada: User):
    old = partner("ZZ1", OLD)
    partner("ZZ2", "A name that nobody knows yet", published=False)
    Remit.objects.create(person=ada, organisation=old)

    made = reconciler(CLOSED + OPENED, FOLLOWED, by=User.objects.get(pk=ada.pk))
    [judged] = [judged for judged in made.judged() if judged.organisation == old]

    assert not any(proposal.rows for proposal in judged.comparison.proposals)
    assert "nobody knows" not in str(said(judged))


# The command


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    paths = {"etr": tmp_path / "etr.csv", "succ": tmp_path / "succ.csv", "bundle": tmp_path / "bundle.json"}
    paths["etr"].write_text(ETR + CLOSED + OPENED)
    paths["succ"].write_text(FOLLOWED)
    paths["bundle"].write_bytes(bundle(resource("ZZ3", "A (MADE UP) COUNCIL", role="999")))
    return paths


def run(*arguments: object) -> str:
    out = io.StringIO()
    try:
        call_command("import_ods", *map(str, arguments), stdout=out)
    except CommandError as error:
        out.write(f"ERROR {error}\n")
    return out.getvalue()


def test_by_default_the_command_only_shows(files: dict[str, Path]):
    partner("ZZ1", OLD)
    partner("RJ1", GUYS)

    with nothing_changes():
        told = run(files["etr"], files["succ"])

    assert told.splitlines() == [
        "ZZ1 Old (made up) Trust: to propose.",
        "  propose: Closed: 31 March 2025 (Replaced by another organisation).",
        "  leave: Followed by New (Made Up) Trust since 1 April 2025. That is no partner here; --add ZZ2 drafts it.",
        "1 to propose, 0 said otherwise and left, 0 left alone, 1 the same.",
        "3 organisations in the files are no partners here.",
        "Nothing was changed. To propose it: --apply --by USERNAME.",
    ]


def test_applied_twice_the_second_time_changes_nothing(files: dict[str, Path], ada: User):
    old = partner("ZZ1", OLD)

    first = run(files["etr"], files["succ"], "--apply", "--by", ada.username, "--add", "zz2")

    assert "ZZ2 New (Made Up) Trust: added as a draft (NHS trust). Its summary is still to be written." in first
    copy = Organisation.objects.get(draft_of=old)
    new = Organisation.objects.live().with_ods_code("ZZ2").get()
    assert copy.successions.get().successor == new
    assert (new.name, new.slug, new.state, new.place, new.summary) == (
        "New (Made Up) Trust",
        "new-made-up-trust",
        State.DRAFT,
        "London",
        "",
    )
    assert Act.objects.on(new).get().note.startswith("From the NHS Organisation Data Service (etr.csv):")
    with nothing_changes():
        again = run(files["etr"], files["succ"], "--apply", "--by", ada.username, "--add", "ZZ2")
    assert "ZZ2 is there already." in again
    assert "ZZ1 Old (made up) Trust: left alone. It has an open change already." in again
    assert "0 to propose, 0 said otherwise and left, 2 left alone, 0 the same." in again


def test_an_added_draft_is_not_public_and_not_published_without_a_summary(
    files: dict[str, Path], ada: User, grace: User
):
    OrganisationFactory(name="New (made up) Trust")  # it has the address that the draft would get

    run(files["etr"], "--apply", "--by", ada.username, "--add", "ZZ2")

    draft = Organisation.objects.with_ods_code("ZZ2").get()
    assert draft.slug == "new-made-up-trust-zz2"
    assert draft not in Organisation.objects.published()
    with pytest.raises(workflow.NotReady):
        workflow.publish(draft, by=grace)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["etr", "--apply"], "With --apply, say who proposes the changes"),
        (["etr", "--by", "nobody"], "Nobody with the user name “nobody” works here."),
        (["etr", "--by", "reader"], "reader may not change organisations."),
        (["etr", "--add", "ZZ9"], "None of the files says what ZZ9 is."),
        (["bundle", "--add", "ZZ3"], "The file does not say of what kind ZZ3 is: say it with --kind."),
        (["missing.csv"], "missing.csv cannot be opened: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(files: dict[str, Path], arguments: list[str], words: str):
    UserFactory(username="reader")

    with nothing_changes():
        assert f"ERROR {words}" in run(*(files.get(one, one) for one in arguments))


def test_of_what_kind_an_added_partner_is_can_be_said(files: dict[str, Path], ada: User):
    run(files["bundle"], "--apply", "--by", ada.username, "--add", "ZZ3", "--kind", "council")

    council = Organisation.objects.with_ods_code("ZZ3").get()
    assert (council.kind, council.country.code) == (Organisation.Kind.COUNCIL, "GB")


def test_one_refused_line_refuses_all_files(files: dict[str, Path], tmp_path: Path, ada: User):
    partner("ZZ1", OLD)
    bad = tmp_path / "ect.csv"
    bad.write_text(organisation_line("ZZ5", "A", closed="31/03/2025") * 60)

    with nothing_changes():
        told = run(files["etr"], bad, "--apply", "--by", ada.username)

    assert told.splitlines()[0] == (
        "ect.csv, Line 1, column close date: “31/03/2025”. "
        "A date is written as year, month and day: 20220701 or 2022-07-01."
    )
    assert told.splitlines()[-2:] == ["And 10 more.", "ERROR Nothing was proposed: 60 lines or entries are refused."]


def test_a_file_that_is_none_is_named(tmp_path: Path):
    (tmp_path / "x.csv").write_text("a,b\n")
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04")

    assert re.search(r"ERROR x\.csv: Line 1 has 2 cells", run(tmp_path / "x.csv"))
    assert re.search(r"ERROR .*x\.zip: The zip is damaged", run(tmp_path / "x.zip"))
    with pytest.raises(Unreadable, match="y: The file is empty"):
        gather([Download("y", io.BytesIO())])


def test_what_fails_for_one_partner_stops_no_other(files: dict[str, Path], ada: User, monkeypatch: pytest.MonkeyPatch):
    old, river = partner("ZZ1", OLD), partner("RJ1", "The trust by the river")
    monkeypatch.setattr(Reconciler, "_what_followed", lambda *args: "")

    told = run(files["etr"], "--apply", "--by", ada.username)

    assert "  not proposed: For a closed organisation fill in" in told
    assert "ERROR 1 could not be proposed or added; nothing of those was changed." in told
    assert list(Organisation.objects.changes().values_list("draft_of", flat=True)) == [river.pk]
    assert old.pk != river.pk
