"""The portal's settings as the tests see them, whatever the shell or a developer's `.env` says.

Every setting of the portal is fixed here before its settings are read; `.env` only fills what is missing. The one thing
taken from outside is TEST_DATABASE_URL, which `python -m tests.postgres` sets.
"""

import os

ENVIRONMENT = {
    "DEBUG": "false",
    "DEMO": "true",  # like production, but on this machine and without a key
    "HTTPS": "false",
    "BEHIND_PROXY": "false",
    "SECRET_KEY": "",
    "ALLOWED_HOSTS": "",
    "SITE_URL": "http://127.0.0.1:8000",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:"),
    "CACHE_URL": "locmemcache://tests",
    "EMAIL_URL": "memorymail://",
    "DEFAULT_FROM_EMAIL": "portal@localhost",
    "SECURITY_CONTACT": "mailto:security@example.nhs.uk",
    "STATIC_ROOT": os.path.join(os.path.dirname(__file__), "no-collected-files"),
    "OPEN_DATA_FOLDER": os.path.join(os.path.dirname(__file__), "no-open-data"),
    "OPEN_DATA_STORAGE": "django.core.files.storage.FileSystemStorage",
    "OPEN_DATA_STORAGE_OPTIONS": "{}",
    "FOUR_EYES": "true",
    "MAP_TILES_URL": "",
    "MAP_TILES_ATTRIBUTION": "",
    "LOG_LEVEL": "ERROR",
}
os.environ.update(ENVIRONMENT)

from trustportal.settings import *
from trustportal.settings import BASE_DIR, STORAGES, TEMPLATES

from tests.undefined_variable import UndefinedVariable

# The tests need no collected static files; tests/design/test_static_files.py and the browser tests collect them.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True  # looks at each request, so it does not miss the folder at the start
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable(BASE_DIR / "templates")
