"""The seed content, loaded once for the tests of this folder."""

from tests.content.conftest import content, loaded_content  # noqa: F401  (fixtures)
