"""Statements: one table, one numbering for each kind, a model of its own for each kind."""

import pytest

from programmes.models import Achievement, CareModelStep, Milestone, Statement
from programmes.models.statement import StatementOfOneKind
from tests.factories import ProgrammeFactory, SourceFactory, StatementFactory

pytestmark = pytest.mark.django_db
PROXIES = StatementOfOneKind.__subclasses__()


def test_each_kind_of_statement_has_a_model_of_its_own():
    assert {proxy.of_kind for proxy in PROXIES} == set(Statement.Kind)
    assert len(PROXIES) == len(Statement.Kind)


@pytest.mark.parametrize("proxy", PROXIES, ids=lambda proxy: proxy.__name__)
def test_a_model_of_one_kind_makes_and_finds_its_own_kind_alone(proxy):
    programme = ProgrammeFactory()
    other = StatementFactory(programme=programme, milestone=True)
    more = {
        Statement.Kind.MILESTONE: {"happened_on": "2018", "position": 2},
        Statement.Kind.ACHIEVEMENT: {"progress": "done"},
        Statement.Kind.EXPECTATION: {"audience": "staff"},
        Statement.Kind.ENDORSEMENT: {"said_by": "Somebody"},
    }
    row = proxy.objects.create(
        **{"programme": programme, "position": 1, "text": "It happened."} | more.get(proxy.of_kind, {})
    )

    assert row.kind == proxy.of_kind
    assert set(proxy.objects.values_list("pk", flat=True)) == ({row.pk, other.pk} if proxy is Milestone else {row.pk})


def test_a_row_that_is_there_keeps_its_kind():
    row = StatementFactory(milestone=True)

    assert Milestone.objects.get(pk=row.pk).kind == Statement.Kind.MILESTONE
    assert not Achievement.objects.filter(pk=row.pk).exists()


def test_kinds_are_numbered_apart_within_a_programme():
    programme = ProgrammeFactory()
    for kind in [Statement.Kind.LESSON, Statement.Kind.STEP]:
        StatementFactory(programme=programme, kind=kind, position=1)
    StatementFactory(kind=Statement.Kind.LESSON, position=1)

    assert Statement.objects.filter(position=1).count() == 3


def test_a_page_reads_all_statements_in_their_order_with_one_query(django_assert_num_queries):
    programme = ProgrammeFactory(with_statements=True)
    programme.statements.update(source=SourceFactory())

    with django_assert_num_queries(1):
        rows = list(programme.statements.for_page())
        assert all(row.source.name for row in rows)
        assert [row.organisation.name for row in rows if row.said_by]
    assert [(row.kind, row.position) for row in rows] == sorted((row.kind, row.position) for row in rows)


def test_a_network_has_its_steps_numbered():
    programme = ProgrammeFactory(local_care_network=True)

    steps = CareModelStep.objects.filter(programme=programme).for_page()
    assert [step.position for step in steps] == [1, 2, 3, 4, 5, 6]


def test_a_statement_is_called_by_its_heading_or_else_by_its_beginning():
    assert str(StatementFactory(name="Opening", text="It opened.")) == "Opening"
    assert str(StatementFactory(text="It opened.")) == "It opened."
