"""The content, loaded once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction

from tests.content.carriers import address_of, published_records
from tests.strict_client import StrictClient
from trustportal.settings import BASE_DIR

FIXTURES = [
    str(BASE_DIR / "fixtures" / f"{name}.json")
    for name in [
        "reference",
        "guys-and-st-thomas-strategy",
        "guys-and-st-thomas",
        "quay-health-solutions",
        "leeds-teaching-hospitals",
        "medway",
    ]
]
WORKED_OUT = {"search", "networks"}
SHARED = Path(BASE_DIR).parent / "shared"  # the source notes, where the project is worked on with them beside it


@pytest.fixture(scope="package")
def loaded_content(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """All fixtures in the database, in a transaction round all tests of the folder. Each test has its own inside."""
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        call_command("loaddata", *FIXTURES, verbosity=0)
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def content(loaded_content: None, db: None) -> None:
    """What a test asks for that reads the loaded content."""


@pytest.fixture(scope="package")
def record_pages(loaded_content: None, django_db_blocker: object) -> dict[str, str]:
    """The page of each published record, by its address."""
    with django_db_blocker.unblock():
        addresses = sorted({address_of(record) for record in published_records()})
        answers = {address: StrictClient().get(address) for address in addresses}
    assert {address: answer.status_code for address, answer in answers.items() if answer.status_code != 200} == {}
    return {address: answer.content.decode() for address, answer in answers.items()}


def all_rows() -> dict[str, list[str]]:
    """Every row of every table, as text, in an order that does not depend on the database.

    Of what is worked out from the records and written anew with them, what it says: its rows have new keys.
    """
    models = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
    return {
        model._meta.label: sorted(
            str([value for name, value in row.items() if name != "id" or model._meta.app_label not in WORKED_OUT])
            for row in model._base_manager.values()
        )
        for model in models
    }
