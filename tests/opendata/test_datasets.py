"""The datasets of the portal: each column is described, rows hang together, nothing that is not public is in them."""

import datetime
import json
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import dateparse

from partnerships.models import Organisation
from programmes.charts import FIGURES, SUMMARY
from tests import made_up
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    PartnershipFactory,
    ProgrammeFactory,
)
from tests.factories.accounts import somebody_who_publishes
from tests.opendata.secrets import SHOWN, hidden_things, nothing_leaks
from trustportal.opendata.dataset import AT_FIRST, Column, Dataset, Datatype
from trustportal.partial_date import PartialDate
from trustportal.publishing import workflow
from trustportal.publishing.models import State
from trustportal.website.datasets import BY_NAME, DATASETS

IS_OF = {
    Datatype.STRING: lambda text: True,
    Datatype.IDENTIFIER: uuid.UUID,
    Datatype.ADDRESS: lambda text: re.fullmatch(r"https?://\S+", text),
    Datatype.WHOLE_NUMBER: int,
    Datatype.NUMBER: Decimal,
    Datatype.YES_NO: lambda text: {"true": True, "false": True}[text],
    Datatype.DATE: datetime.date.fromisoformat,
    Datatype.TIME: lambda text: dateparse.parse_datetime(text).tzinfo,
    Datatype.PARTIAL_DATE: lambda text: str(PartialDate.parse(text)) == text,
}
MOST_QUESTIONS = 8  # for some rows, with all that they lead to
TYPES = {
    Datatype.WHOLE_NUMBER: int,
    Datatype.NUMBER: (int, float, Decimal),
    Datatype.YES_NO: bool,
    Datatype.DATE: datetime.date,
    Datatype.TIME: datetime.datetime,
}


def wrong_in(column: Column) -> list[str]:
    """What is missing in a column."""
    wrong = []
    if not re.fullmatch(r"[a-z][a-z0-9_]*", column.name):
        wrong.append("name")
    if not str(column.description).endswith("."):
        wrong.append("description")
    if not column.example or not IS_OF[column.datatype](column.example):
        wrong.append("example")
    if column.codes and column.example not in dict(column.codes):
        wrong.append("example is none of its codes")
    if column.refers_to and (column.refers_to not in BY_NAME or column.datatype is not Datatype.IDENTIFIER):
        wrong.append("refers to nothing")
    return wrong


@pytest.mark.either_database
def test_every_dataset_and_column_is_described():
    assert len(BY_NAME) == len(DATASETS)
    for dataset in DATASETS:
        assert {column.name: wrong for column in dataset.columns if (wrong := wrong_in(column))} == {}, dataset.name
        names = [column.name for column in dataset.columns] + [part.name for part in dataset.parts]
        assert len(names) == len(set(names)), dataset.name
        assert names[0] == dataset.key == "id"
        assert str(dataset.title)
        assert str(dataset.description).endswith(".")
        assert {"address", "modified"} <= set(names) or not {"address", "modified"} & set(names)
        for part in dataset.parts:
            [_back] = [column for column in part.dataset.columns if column.name == "id"]
            assert part.dataset.name in BY_NAME


@pytest.mark.either_database
def test_every_column_of_a_table_that_a_page_shows_is_described():
    for table in [FIGURES, SUMMARY]:
        assert {column.name: wrong for column in table.columns if (wrong := wrong_in(column))} == {}, table.name
        assert str(table.description).endswith(".")


def faults_of(dataset: Dataset, rows: list[dict], ids: dict[str, set[str]]) -> list[str]:
    """What is wrong with the values of a dataset."""
    found = []
    for row in rows:
        for column in dataset.columns:
            value = row[column.name]
            values = value if column.has_many else [value]
            where = f"{dataset.name}.{column.name}: {value!r}"
            if column.is_required and value in (None, "", []):
                found.append(f"{where} is missing")
            for one in values:
                if one is None or one == "":
                    continue
                if not isinstance(one, TYPES.get(column.datatype, str)):
                    found.append(f"{where} is no {column.datatype}")
                if column.codes and one not in dict(column.codes):
                    found.append(f"{where} is no code")
                if column.refers_to and one not in ids[column.refers_to]:
                    found.append(f"{where} leads nowhere")
                if column.datatype not in TYPES:
                    assert IS_OF[column.datatype](one), where
    return found


@pytest.mark.django_db
def test_rows_lead_to_rows_that_are_there_and_tell_nothing_that_is_not_public():
    portal = hidden_things()
    rows = {dataset.name: list(dataset.rows()) for dataset in DATASETS}
    ids = {name: {row["id"] for row in found} for name, found in rows.items()}
    for dataset in DATASETS:
        assert faults_of(dataset, rows[dataset.name], ids) == []
        text = json.dumps(list(dataset.whole_rows()), default=str, ensure_ascii=False)
        nothing_leaks(text, dataset.name)
        assert len(ids[dataset.name]) == len(rows[dataset.name])
    assert str(portal.programme.uuid) in ids["programmes"]
    assert not {str(portal.draft.uuid), str(portal.withdrawn.uuid)} & ids["programmes"]
    assert {row["name"] for row in rows["programmes"]} == {f"{SHOWN} programme"}
    assert sorted(row["state"] for row in rows["observations"]) == [
        "final",
        "final",
        "final",
        "suppressed",
        "suppressed",
    ]


@pytest.mark.django_db
def test_however_many_rows_there_are_they_take_few_questions():
    made_up.make(120)
    for dataset in DATASETS:
        for read in (dataset.rows, dataset.whole_rows):
            with CaptureQueriesContext(connection) as asked:
                rows = list(read(at_once=100_000))
            assert len({row["id"] for row in rows}) == len(rows) == dataset.records().count()
            pieces = 2 if len(rows) > AT_FIRST else 1
            parts = sum(MOST_QUESTIONS for _part in dataset.parts) if read == dataset.whole_rows else 0
            assert len(asked) <= 1 + pieces * (MOST_QUESTIONS + parts), dataset.name


@pytest.mark.django_db
def test_the_last_change_moves_on_with_a_withdrawal_and_never_back():
    datasets = [BY_NAME[name] for name in ("partners", "partnerships", "memberships", "programmes", "participations")]
    anybody, editor = OrganisationFactory(published=True), somebody_who_publishes()
    for _number in range(2):
        member = MembershipFactory(partnership=PartnershipFactory(), organisation=OrganisationFactory(published=True))
        workflow.publish(member.partnership, by=editor)
        part = ParticipationFactory(programme=ProgrammeFactory(lead=anybody), organisation=member.organisation)
        workflow.publish(part.programme, by=editor)
    seen = {dataset.name: dataset.newest_change() for dataset in datasets}
    for record in (part.programme, member.partnership, member.organisation):
        workflow.withdraw(record, by=editor, reason="It was moved.")
        now = {dataset.name: dataset.newest_change() for dataset in datasets}
        assert all(now[name] >= seen[name] for name in seen), record
        seen = now
    at = {"programmes": part.programme, "participations": member.organisation, "partnerships": member.partnership}
    at |= {"partners": member.organisation, "memberships": member.organisation}
    for name, record in at.items():
        record.refresh_from_db()
        assert seen[name] == record.modified_at, name


@pytest.mark.django_db
def test_rows_come_in_the_order_that_was_asked_and_without_what_was_withdrawn_meanwhile():
    made_up.make(120)
    partners = BY_NAME["partners"]
    in_order = Organisation.objects.published().order_by("-name")
    names = list(in_order.values_list("name", flat=True))
    rows = partners.rows(in_order, at_once=30)
    first = next(rows)
    Organisation.objects.filter(name=names[-1]).update(state=State.DRAFT)
    assert [first["name"], *(row["name"] for row in rows)] == names[:-1]
