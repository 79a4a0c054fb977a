"""The content, loaded once for all tests of this folder, and somebody who asks for JSON."""

import pytest

from tests.content.conftest import content, loaded_content  # noqa: F401  (fixtures)
from tests.opendata.api.asking import Asking


@pytest.fixture
def api(db: None) -> Asking:
    """Somebody who asks the interface."""
    return Asking()
