"""However many records there are, a page asks the database the same few questions."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Aim, Organisation, Partnership, Site, Source, Strategy
from programmes.models import OutcomeMetric, Programme
from tests import made_up

LISTS = [
    "/",
    "/partners/",
    "/partnerships/",
    "/programmes/",
    "/sites/",
    "/outcomes/",
    "/strategy/",
    "/sources/",
    # narrowed by much
    "/programmes/?kind=education&kind=research&not-stage=finished&area=made-up-area-1&area=made-up-area-4&active=2016",
    "/partners/?kind=council&not-role=member&as-at=2018-04-01",
    "/partnerships/?partner=made-up-organisation-1&sort=began",
    "/programmes/?more=partner",
]
RECORDS: dict[str, Callable] = {
    "partner": Organisation.objects.published,
    "partnership": Partnership.objects.published,
    "site": Site.objects.published,
    "source": Source.objects.published,
    "strategy": Strategy.objects.published,
    "aim": Aim.objects.published,
    "outcome": OutcomeMetric.objects.published,
    **{f"programme: {kind}": Programme.objects.published().filter(kind=kind).all for kind in Programme.Kind.values},
}
# A list asks once for the counts of all facets by columns, once for those by links, once for the names of each kind of
# record to which they lead, and once for the records of each facet that the address names.
MOST_ON_A_LIST = 12
MOST_ON_A_PAGE = 18  # a strategy asks once for each of its priorities


def one_address_of_each_kind() -> dict[str, str]:
    """A page of each kind of record."""
    return {kind: words().order_by("pk").first().get_absolute_url() for kind, words in RECORDS.items()}


def queries_for(client, address: str) -> list[str]:
    """What a page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200, address
    return [query["sql"] for query in asked.captured_queries]


@pytest.mark.django_db
def test_lists_and_pages_take_few_queries_and_no_more_with_two_thousand_records_than_with_a_hundred(client):
    made_up.make(100)
    ContentType.objects.get_for_models(*apps.get_models())  # read once a process, not once a page
    addresses = [*LISTS, *one_address_of_each_kind().values()]
    with_a_hundred = {address: len(queries_for(client, address)) for address in addresses}
    made_up.make(1_900, after=100)
    made_up.let_the_database_take_stock()

    with_two_thousand = {address: len(queries_for(client, address)) for address in addresses}

    assert with_two_thousand == with_a_hundred
    assert {a: n for a, n in with_a_hundred.items() if n > (MOST_ON_A_LIST if a in LISTS else MOST_ON_A_PAGE)} == {}
