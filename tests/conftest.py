"""What every test may use. The default client checks each page that it is given; see `tests/strict_client.py`."""

import os

os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = ".pytest_cache/hypothesis"

import hypothesis
import pytest
from django.core.cache import cache

from tests.chromium import browser, page  # noqa: F401  (fixtures)
from tests.factories import UserFactory
from tests.factories.accounts import somebody_who_publishes
from tests.strict_client import StrictClient
from trustportal.accounts.models import User

hypothesis.settings.register_profile(
    "here",
    deadline=None,  # a busy machine is no fault of the code
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("here")


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What one test left in the cache is not true of the next."""
    cache.clear()


@pytest.fixture
def client() -> StrictClient:
    """A reader."""
    return StrictClient()


@pytest.fixture
def publisher(db: None) -> User:
    """Somebody who may publish every kind of record."""
    return somebody_who_publishes()


@pytest.fixture
def superuser(db: None) -> User:
    """Somebody who may do everything."""
    return UserFactory(superuser=True)


@pytest.fixture
def admin_client(superuser: User) -> StrictClient:
    """A superuser at work in the admin."""
    client = StrictClient()
    client.force_login(superuser)
    return client
