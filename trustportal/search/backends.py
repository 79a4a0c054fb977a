"""The database that the portal runs on, as the search sees it. Both ways have the same few functions."""

from types import ModuleType

from django.db import connection

from trustportal.search import postgresql, sqlite

BACKENDS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


def backend() -> ModuleType:
    """The module for this database: `sqlite` or `postgresql`."""
    return BACKENDS[connection.vendor]
