"""The content, loaded once for all tests of this folder, and somebody who asks for JSON."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.content.conftest import content, loaded_content  # noqa: F401  (fixtures)
from tests.opendata.api.asking import Asking


@pytest.fixture
def api(db: None) -> Asking:
    """Somebody who asks the interface."""
    return Asking()


@pytest.fixture
def open_connection(content: None) -> Iterator[None]:  # noqa: F811 (the fixture)
    """The content, for requests by WSGI within the test's transaction: they do not close its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
