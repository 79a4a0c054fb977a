"""How long the timeline takes with 10,000 made-up records of each kind: part of `make bench`.

On top of `tests/made_up.py`: dates spread over thirty years, in every precision, for all that a timeline tells.
"""

import random

from django.db.models import Model

from tests.benchmarks.pages import database, row

RECORDS = 10_000
FIRST, LAST = 1993, 2028
GROUPS = 400  # of rows that share their dates


def some_date(chance: random.Random) -> str:
    """A date between the first and the last year, known to the year, the month or the day."""
    year, month, day = chance.randint(FIRST, LAST), chance.randint(1, 12), chance.randint(1, 28)
    return chance.choice([f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"])


def give_dates(model: type[Model], *fields: str, share: float = 1.0) -> None:
    """Give the rows of a model dates, a later field never an earlier one; so many of them, the others none."""
    chance = random.Random(f"{model.__name__} {fields}")
    keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
    for part in range(GROUPS):
        dates = sorted(some_date(chance) for _ in fields)
        known = {name: date if chance.random() < share else None for name, date in zip(fields, dates, strict=True)}
        model.objects.filter(pk__in=keys[part::GROUPS]).update(**known)


def make(records: int) -> None:
    """Make the records, date them, sign agreements, and note which figures are worth a place."""
    from partnerships.models import Agreement, Membership, Organisation, Partnership
    from programmes.models import Observation, Participation, Place, Programme, SatelliteSite, Statement
    from tests import made_up

    made_up.make(records)
    partnerships = list(Partnership.objects.order_by("pk"))
    made_up.store(
        Agreement,
        ({"partnership": one, "kind": "memorandum", "name": f"Made-up agreement of {one.pk}"} for one in partnerships),
    )
    programmes = list(Programme.objects.order_by("pk"))
    made_up.store(
        Statement,
        (
            {"programme": one, "kind": "milestone", "position": at, "name": "Made-up step", "text": made_up.SUMMARY,
             "happened_on": "2018"}
            for one in programmes for at in (11, 12)
        ),
    )  # fmt: skip
    give_dates(Partnership, "started_on", "ended_on", share=0.7)
    give_dates(Programme, "started_on", share=0.8)
    give_dates(Agreement, "signed_on", "renewal_due_on", share=0.8)
    for model in (Membership, Participation):
        give_dates(model, "started_on", "ended_on", share=0.5)
    for model in (SatelliteSite, Place):
        give_dates(model, "opened_on")
    give_dates(Statement, "happened_on")
    closed = Organisation.objects.filter(pk__in=Organisation.objects.order_by("pk").values("pk")[: records // 10])
    closed.update(closed_on="2020-04-01", closure_reason="dissolved", what_followed="Made-up words.")
    Observation.objects.update(approved_at=made_up.NOON)
    Observation.objects.filter(period_end="2018").update(notable="first")
    Observation.objects.filter(period_end="2019").update(notable="latest")
    made_up.let_the_database_take_stock()


def main() -> None:
    """Measure, and print what was measured."""
    with database():
        from django.db import connection
        from django.utils import timezone

        from partnerships.models import Organisation, Partnership
        from programmes.models import Programme
        from trustportal.publishing import workflow
        from trustportal.publishing.models import Act

        make(RECORDS)
        workflow.write_down(Programme.objects.first(), Act.Verb.EDITED, None, timezone.now())
        partner, partnership, programme = (
            model.objects.published().order_by("pk").first().slug for model in (Organisation, Partnership, Programme)
        )
        print(f"\n{connection.display_name}, {RECORDS:,} made-up records of each main kind, all with dates\n")
        print(f"| {'page':46} | queries | median ms |   HTML KB | gzipped KB |")
        print(f"| {'-' * 46} | ------: | --------: | --------: | ---------: |")
        for name, address in {
            "the whole timeline, first page": "/timeline/",
            "oldest first": "/timeline/?order=oldest",
            "a page in the middle": "/timeline/?page=1000",
            "the last page": "/timeline/?page=last",
            "two kinds in three years": "/timeline/?kind=milestones&kind=openings&from=2016&to=2018",
            "of a partner": f"/timeline/?partner={partner}",
            "of a partnership": f"/timeline/?partnership={partnership}",
            "of a programme": f"/timeline/?programme={programme}",
            "calendar of what is to come": "/timeline.ics",
        }.items():
            print(row(name, address))


if __name__ == "__main__":
    main()
