"""Made-up records in any number, for counting queries and for the benchmark. The names say that they are made up.

They are written straight into the tables, published, since ten thousand workflows would take minutes.
"""

import datetime
import io
import itertools
import random
from collections.abc import Iterable

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from partnerships.models import (
    Aim,
    Area,
    Membership,
    Organisation,
    OrganisationIdentifier,
    Partnership,
    Priority,
    Role,
    Site,
    Source,
    Strategy,
)
from programmes.models import (
    Board,
    BoardMember,
    BuddyingArrangement,
    LocalCareNetwork,
    Observation,
    OutcomeMetric,
    Participation,
    Place,
    Programme,
    SatelliteSite,
    Service,
    Statement,
)
from trustportal.publishing.ledger import note_loaded
from trustportal.publishing.models import State

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 3, 2)
SUMMARY = "A made-up record that stands for one of many, so that the portal can be measured."
DESCRIPTION = "## Made up\n\n" + "This text is made up and says nothing about anybody. " * 12
AIMS = 12
CHUNK = 2000


def published(model: type[Model], word: str, numbers: Iterable[int], /, **values: Iterable) -> list[Model]:
    """Published records of a model with these numbers; each value is drawn from its iterable, round and round."""
    columns = {name: itertools.cycle(options) for name, options in values.items()}
    records = [
        model(
            name=f"Made-up {word} {n}",
            slug=f"made-up-{word}-{n}",
            summary=SUMMARY,
            state=State.PUBLISHED,
            first_published_at=NOON - datetime.timedelta(minutes=n),
            updated_at=NOON - datetime.timedelta(minutes=n),
            modified_at=NOON - datetime.timedelta(minutes=n),
            last_reviewed_on=DAY,
            next_review_due_on=DAY + model.review_interval,
            **{name: next(column) for name, column in columns.items()},
        )
        for n in numbers
    ]
    records = model.objects.bulk_create(records, batch_size=CHUNK)
    for start in range(0, len(records), CHUNK):
        note_loaded(model, [record.pk for record in records[start : start + CHUNK]])
    return records


def store(model: type[Model], rows: Iterable[dict[str, object]]) -> list[Model]:
    """Write rows of a part."""
    return model.objects.bulk_create([model(**row) for row in rows], batch_size=CHUNK)


def link(records: list[Model], field: str, others: list[Model]) -> None:
    """Give each record one of the others in a many-to-many field, in turn."""
    relation = records[0]._meta.get_field(field)
    here, there = relation.m2m_column_name(), relation.m2m_reverse_name()
    through = relation.remote_field.through
    pairs = zip(records, itertools.cycle(others))
    through.objects.bulk_create(
        [through(**{here: record.pk, there: other.pk}) for record, other in pairs], batch_size=CHUNK
    )


def let_the_database_take_stock() -> None:
    """Let PostgreSQL count what was just written, as it does by itself a minute later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@transaction.atomic
def make(count: int, *, after: int = 0) -> None:
    """So many records of each main kind with their parts, all published and linked with each other.

    `after` says how many were made before, so that more can be added.
    """
    numbers = range(after + 1, after + count + 1)
    trusts = published(
        Organisation,
        "organisation",
        numbers,
        kind=Organisation.Kind.values,
        place=["Anytown"],
        description=[DESCRIPTION],
    )
    store(
        OrganisationIdentifier,
        ({"organisation": trust, "value": f"X{n:05}"} for n, trust in zip(numbers, trusts, strict=True)),
    )
    sources = published(
        Source,
        "source",
        numbers,
        publisher=trusts,
        kind=Source.Kind.values,
        published_on=["2018", "2019-05", "2020-01-31"],
    )
    areas = Area.objects.bulk_create([Area(name=f"Made-up area {n}", slug=f"made-up-area-{n}") for n in numbers[:40]])
    sites = published(
        Site, "site", numbers, kind=Site.Kind.values, organisation=trusts, area=areas, postcode=["SE1 9RT"],
        latitude=["51.503300"], longitude=["-0.087000"],
    )  # fmt: skip
    aims = _strategy(after, trusts, sources)
    partnerships = _partnerships(numbers, trusts, areas, aims, sources)
    programmes = _programmes(numbers, trusts, sites, partnerships, areas, aims, sources)
    _outcomes(numbers, trusts, programmes, sources)


@transaction.atomic
def make_network(count: int, *, seed: int = 11) -> None:
    """So many organisations that work with each other as they do in life: mostly with those around them, one with many.

    Some partnerships have many members. The network is taken down as the command does it.
    """
    chance = random.Random(seed)
    kinds = [*Organisation.Kind.values, *[Organisation.Kind.NHS_TRUST] * 4, *[Organisation.Kind.CHARITY] * 3]
    labels = dict(Organisation.Kind.choices)
    trusts = []
    for n in range(1, count + 1):
        kind = chance.choice(kinds)
        trusts += published(Organisation, f"{kind}", [n], kind=[kind], place=["Anytown"])
        trusts[-1].name = f"Made-up {labels[kind]} {n}"
    Organisation.objects.bulk_update(trusts, ["name"], batch_size=CHUNK)
    around = [trusts[at : at + 15] for at in range(0, count, 15)]  # who is near whom
    leads = [near[0] for near in around]
    partnerships = published(
        Partnership, "partnership", range(1, count // 2 + 1), kind=Partnership.Kind.values,
        scope=Partnership.Scope.values, lead=leads, started_on=["2015", "2017-05", None],
        ended_on=[None, None, None, None, "2021"],
    )  # fmt: skip
    programmes = published(
        Programme, "programme", range(1, count // 2 + 1), kind=[Programme.Kind.RESEARCH], stage=["running", "finished"],
        lead=leads, started_on=["2014", "2017-05-12", None],
    )  # fmt: skip
    for model, field, records in [(Membership, "partnership", partnerships), (Participation, "programme", programmes)]:
        store(
            model,
            (
                {field: record, "organisation": other, "role": Role.MEMBER}
                for n, record in enumerate(records)
                for near in [around[n % len(around)] if chance.random() < 0.9 else trusts]
                for other in chance.sample(near, min(len(near), 9 if n % 19 == 0 else chance.choice([1, 1, 2, 3])))
            ),
        )
    call_command("rebuild_network", stdout=io.StringIO())


def _strategy(after: int, trusts: list[Model], sources: list[Model]) -> list[Model]:
    """One strategy with four priorities and their aims, as a trust has it."""
    strategies = published(Strategy, "strategy", [after + 1], lead=trusts, vision=[SUMMARY], started_on=["2018"])
    priorities = published(Priority, "priority", range(after + 1, after + 5), strategy=strategies, position=range(1, 5))
    link(strategies, "sources", sources)
    aims = published(
        Aim, "aim", range(after + 1, after + AIMS + 1), priority=priorities, position=[n // 4 + 1 for n in range(AIMS)]
    )
    link(aims, "sources", sources)
    return aims


def _partnerships(numbers: range, trusts: list, areas: list, aims: list, sources: list) -> list[Model]:
    """Partnerships with two members each."""
    partnerships = published(
        Partnership, "partnership", numbers, kind=Partnership.Kind.values, scope=Partnership.Scope.values, lead=trusts,
        started_on=["2015", "2017-05", None], description=[DESCRIPTION],
    )  # fmt: skip
    for field, others in [("areas", areas), ("aims", aims), ("sources", sources)]:
        link(partnerships, field, others)
    members = itertools.cycle(trusts)
    roles = itertools.cycle([Role.FOUNDER, Role.MEMBER])
    store(
        Membership,
        (
            {"partnership": partnership, "organisation": next(members), "role": next(roles)}
            for partnership in partnerships
            for _ in range(2)
        ),
    )
    return partnerships


def _programmes(
    numbers: range, trusts: list, sites: list, partnerships: list, areas: list, aims: list, sources: list
) -> list[Model]:
    """Programmes of all kinds, each with the facts of its kind, a partner and statements."""
    programmes = published(
        Programme, "programme", numbers, kind=Programme.Kind.values, stage=["running", "finished", "not-stated"],
        lead=trusts, partnership=partnerships, started_on=["2014", "2017-05-12", None], description=[DESCRIPTION],
    )  # fmt: skip
    for field, others in [("areas", areas), ("aims", aims), ("sources", sources)]:
        link(programmes, field, others)
    others = itertools.cycle(trusts)
    store(
        Participation,
        (
            {"programme": programme, "organisation": next(others), "role": role}
            for programme in programmes
            for role in [Role.DELIVERY]
        ),
    )
    _facts_of_kinds(numbers, programmes, trusts, sites)
    store(Statement, (row for programme in programmes for row in _statements(programme)))
    return programmes


def _facts_of_kinds(numbers: range, programmes: list, trusts: list, sites: list) -> None:
    """What local care networks, satellite sites and buddying arrangements say besides."""
    by_kind = {kind: [p for p in programmes if p.kind == kind] for kind in Programme.Kind.values}
    trust, site = itertools.cycle(trusts), itertools.cycle(sites)
    networks = by_kind[Programme.Kind.LOCAL_CARE_NETWORK]
    store(LocalCareNetwork, ({"programme": p, "people_served": SUMMARY, "reason": SUMMARY} for p in networks))
    store(Board, ({"programme": p, "name": "Made-up board", "remit": SUMMARY} for p in networks))
    store(BoardMember, ({"programme": p, "organisation": next(trust)} for p in networks for _ in range(2)))
    satellites = by_kind[Programme.Kind.SATELLITE_SITE]
    store(
        SatelliteSite,
        ({"programme": p, "main_service": "Made-up centre", "host_site": next(site)} for p in satellites),
    )
    places = store(Place, ({"programme": p, "site": next(site)} for p in satellites for _ in range(2)))
    services = Service.objects.bulk_create(
        [Service(name=f"Made-up service {n}", slug=f"made-up-service-{n}") for n in numbers[:5]]
    )
    if places:
        link(places, "services", services)
    store(
        BuddyingArrangement,
        (
            {"programme": p, "supporting": next(trust), "supported": next(trust), "trigger": SUMMARY}
            for p in by_kind[Programme.Kind.BUDDYING]
        ),
    )


def _statements(programme: Programme) -> Iterable[dict[str, object]]:
    """Two statements of each kind that applies for some programmes of each kind, one lesson for the others."""
    more = {
        Statement.Kind.MILESTONE: {"happened_on": "2018-03"},
        Statement.Kind.ACHIEVEMENT: {"progress": Statement.Progress.DONE},
        Statement.Kind.EXPECTATION: {"audience": Statement.Audience.PATIENTS},
        Statement.Kind.ENDORSEMENT: {"said_by": "Nobody, made-up post"},
    }
    is_whole = programme.pk % 100 < len(Programme.Kind.values)  # and so one of each kind
    for kind in Statement.kinds_for(programme.kind) if is_whole else [Statement.Kind.LESSON]:
        for position in [1, 2] if is_whole else [1]:
            row = {"programme": programme, "kind": kind, "position": position, "text": SUMMARY}
            yield row | more.get(kind, {})


def _outcomes(numbers: range, trusts: list, programmes: list, sources: list) -> None:
    """Metrics of all kinds with two figures each; the first four are headline figures."""
    kinds = OutcomeMetric.Kind.values
    rates = {OutcomeMetric.Kind.PERCENTAGE, OutcomeMetric.Kind.RATE}
    metrics = published(
        OutcomeMetric, "metric", numbers, kind=kinds, unit=["people"], lead=trusts, programme=programmes,
        why_it_matters=[SUMMARY], definition=[SUMMARY], frequency=["yearly"],
        numerator_label=["people reached" if kind in rates else "" for kind in kinds],
        denominator_label=["people asked" if kind in rates else "" for kind in kinds],
        headline_position=[n if n <= 4 else None for n in numbers],
    )  # fmt: skip
    link(metrics, "sources", sources)
    store(
        Observation,
        (
            {"metric": metric, "period_start": str(year), "period_end": str(year)}
            | ({"numerator": year - 1990, "denominator": 100} if metric.is_rate else {"value": year - 2000})
            for metric in metrics
            for year in [2018, 2019]
        ),
    )
