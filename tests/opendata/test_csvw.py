"""What describes the tables is true of the tables: judged by a library for CSV on the Web that is not ours."""

import json
import warnings
from decimal import Decimal
from pathlib import Path

import pytest
from csvw import CSVW

from tests.factories import (
    AgreementFactory,
    MembershipFactory,
    ObservationFactory,
    OrganisationFactory,
    OutcomeMetricFactory,
    PartnershipFactory,
    SiteFactory,
)
from tests.opendata.secrets import hidden_things
from tests.strict_client import StrictClient
from trustportal.website.datasets import DATASETS

pytestmark = pytest.mark.django_db


def body(client: StrictClient, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.getvalue() if response.streaming else response.content


def kept(client: StrictClient, folder: Path) -> None:
    """All tables and what describes them, in the same tree as on the portal."""
    for dataset in DATASETS:
        keep(client, dataset.path, folder)


def keep(client: StrictClient, address: str, folder: Path) -> Path:
    """The table at an address and what describes it; gives the path of the latter."""
    for ending in [".csv", ".csv-metadata.json"]:
        path = folder / f"{address}{ending}".removeprefix("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body(client, f"{address}{ending}"))
    return path


def faults(metadata: Path) -> list[str]:
    """What the judge finds wrong in a table or its description."""
    table = metadata.with_name(metadata.name.removesuffix("-metadata.json"))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            is_valid = CSVW(str(table), md_url=str(metadata), validate=True).is_valid
        except ValueError as error:
            return [str(error)]
    found = [str(one.message) for one in said if not issubclass(one.category, DeprecationWarning)]
    return found if is_valid else [*found, "not valid"]


def test_every_table_is_what_its_description_says(client: StrictClient, tmp_path: Path):
    hidden_things()
    partner = OrganisationFactory(name='=HYPERLINK("https://example.org")', published=True)
    SiteFactory(name="@site", address="-1, The Mall", latitude="51.503300", longitude="-0.087000", published=True)
    partnership = PartnershipFactory(name="+44; and others", lead=partner, published=True)
    MembershipFactory(partnership=partnership, organisation=partner, note="=1+1", started_on="2017-05")
    AgreementFactory(partnership=partnership, name='Line\nbreak, "quoted"')
    metric = OutcomeMetricFactory(lead=partner, target="1200000", target_rule="at-least", published=True)
    ObservationFactory(metric=metric, value=Decimal("-2.5"))
    ObservationFactory(metric=metric, value=Decimal("1000000"))
    kept(client, tmp_path)
    paths = sorted(tmp_path.rglob("*-metadata.json"))
    assert len(paths) == len(DATASETS)
    assert {path.name: found for path in paths if (found := faults(path))} == {}
    assert '\'=HYPERLINK(""https' in (tmp_path / "partners.csv").read_text()
    figures = (tmp_path / "data" / "observations.csv").read_text()
    assert ",-2.5," in figures
    assert ",1000000," in figures

    # The judge is no rubber stamp.
    table = tmp_path / "data" / "memberships.csv"
    table.write_text(table.read_text().replace("2017-05", "01/05/2017"))
    assert faults(tmp_path / "data" / "memberships.csv-metadata.json") != []
    kept(client, tmp_path)
    (tmp_path / "partners.csv").write_text((tmp_path / "partners.csv").read_text().splitlines()[0] + "\r\n")
    assert faults(tmp_path / "data" / "memberships.csv-metadata.json") != []


def test_the_tables_of_charts_are_what_their_descriptions_say(client: StrictClient, tmp_path: Path):
    metric = OutcomeMetricFactory(
        name="Falls at home", frequency="monthly", target="9", target_rule="at-least", published=True
    )
    for month in range(1, 16):
        value = None if month == 4 else Decimal(month) / 3 if month < 15 else 1000
        why = "Not collected." if value is None else ""
        at = f"{2018 + month // 13}-{(month - 1) % 12 + 1:02}"
        ObservationFactory(
            metric=metric, period_start=at, period_end=at, value=value, missing_reason=why, note="=1+1"
        )  # fmt: skip

    for address in ["/outcomes/falls-at-home", "/outcomes/summary"]:
        metadata = keep(client, address, tmp_path)
        assert faults(metadata) == [], address
        link = f'<{address}.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
        assert link in client.get(f"{address}.csv")["Link"]
    narrowed = json.loads(body(client, "/outcomes/summary.csv-metadata.json?kind=count"))
    assert narrowed["url"] == "summary.csv?kind=count"
    assert client.get(f"/outcomes/summary.csv-metadata.json?{'x' * 5_000}").status_code == 400

    table = tmp_path / "outcomes" / "falls-at-home.csv"
    assert ",special_cause_" in table.read_text()
    table.write_text(table.read_text().replace(",special_cause_", ",nothing_special_"))
    assert faults(tmp_path / "outcomes" / "falls-at-home.csv-metadata.json") != []


def test_of_an_outcome_that_is_not_public_no_table_is_described(client: StrictClient):
    OutcomeMetricFactory(name="Falls")
    assert client.get("/outcomes/falls.csv-metadata.json").status_code == 404


@pytest.mark.parametrize(("ending", "kind"), [("csv-metadata.json", "application/problem+json"), ("csv", "text/plain")])
def test_of_a_withdrawn_outcome_it_is_said_without_a_page(client: StrictClient, ending: str, kind: str):
    OutcomeMetricFactory(slug="gone", withdrawn=True)
    response = client.get(f"/outcomes/gone.{ending}")
    assert response.status_code == 410
    assert response["Content-Type"].startswith(kind)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "It was moved." in response.content.decode()


def test_a_table_names_what_describes_it_also_where_it_is_narrowed(client: StrictClient):
    OrganisationFactory(published=True)
    response = client.get("/partners.csv?kind=nhs-trust")
    assert (
        '</partners.csv-metadata.json?kind=nhs-trust>; rel="describedby"; type="application/csvm+json"'
        in response["Link"]
    )
    response.getvalue()
    narrowed = json.loads(body(client, "/partners.csv-metadata.json?kind=nhs-trust"))
    assert narrowed["url"] == "partners.csv?kind=nhs-trust"
    whole = json.loads(body(client, "/partners.csv-metadata.json"))
    assert whole["url"] == "partners.csv"
    assert whole["tableSchema"]["primaryKey"] == "id"
    members = json.loads(body(client, "/data/memberships.csv-metadata.json"))
    assert [table["url"] for table in members["tables"]] == [
        "memberships.csv",
        "../partnerships.csv",
        "../partners.csv",
    ]
    assert members["tables"][0]["tableSchema"]["foreignKeys"] == [
        {
            "columnReference": f"{name}_id",
            "reference": {"resource": f"../{name}s.csv", "columnReference": "id"},
        }
        for name in ["partnership", "partner"]
    ]
    assert whole["dc:license"]["@id"].endswith("/open-government-licence/version/3/")
    column = whole["tableSchema"]["columns"][0]
    assert column["name"] == column["titles"] == "id"
    assert column["required"] is True
    assert column["dc:description"].endswith(".")
