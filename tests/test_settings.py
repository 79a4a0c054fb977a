"""Settings come from the environment. What is missing or malformed is said in one line, with the way to set it."""

import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests.settings import ENVIRONMENT

pytestmark = pytest.mark.either_database

# Runs manage.py without a developer's .env, which would fill in what a test leaves out.
WITHOUT_DOT_ENV = """
import environ, runpy, sys
environ.Env.read_env = lambda *arguments, **options: None
sys.argv = ["manage.py", *sys.argv[1:]]
runpy.run_path("manage.py", run_name="__main__")
"""
PRODUCTION = {
    "SECRET_KEY": "a-key-for-this-test-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "partnerships.example.nhs.uk",
    "SITE_URL": "https://partnerships.example.nhs.uk",
    "DATABASE_URL": "sqlite://:memory:",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run manage.py with these settings and no others."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_DOT_ENV, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "trustportal.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_its_settings():
    done = manage("check", **PRODUCTION)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SECRET_KEY", None, "is not set"),
        ("SECRET_KEY", "short", "is a default or too short"),
        ("SECRET_KEY", "a" * 60, "is a default or too short"),
        ("SECRET_KEY", "insecure-" + PRODUCTION["SECRET_KEY"], "is a default or too short"),
        ("SECRET_KEY", "django-insecure-" + PRODUCTION["SECRET_KEY"], "is a default or too short"),
        ("ALLOWED_HOSTS", None, "is not set"),
        ("SITE_URL", None, "is not set"),
        ("SITE_URL", "partnerships.example.nhs.uk", "cannot be read"),
        ("SITE_URL", "ftp://partnerships.example.nhs.uk", "cannot be read"),
        ("DEBUG", "perhaps", "cannot be read"),
        ("DEMO", "perhaps", "cannot be read"),
        ("HTTPS", "perhaps", "cannot be read"),
        ("BEHIND_PROXY", "perhaps", "cannot be read"),
        ("DATABASE_URL", "nonsense://x", "cannot be read"),
        ("CACHE_URL", "nonsense://x", "cannot be read"),
        ("EMAIL_URL", "nonsense://x", "cannot be read"),
        ("OPEN_DATA_FOLDER", "", "cannot be read"),
        ("OPEN_DATA_FOLDER", " ", "cannot be read"),
        ("OPEN_DATA_STORAGE", "", "cannot be read"),
        ("OPEN_DATA_STORAGE_OPTIONS", "bucket", "cannot be read"),
        ("OPEN_DATA_STORAGE_OPTIONS", '["bucket"]', "cannot be read"),
        ("MAP_TILES_URL", "http://tiles.example.nhs.uk/{z}/{x}/{y}.png", "cannot be read"),
        ("MAP_TILES_URL", "https://tiles.example.nhs.uk/{z}/{x}.png", "cannot be read"),
        ("MAP_TILES_URL", "https://tiles.example.nhs.uk/{z}/{x}/{y}{r}.png", "cannot be read"),
        ("MAP_TILES_URL", "https://tiles.example.nhs.uk/{z}/{x}/{{y}}.png", "cannot be read"),
        ("MAP_TILES_URL", "https://tiles.example.nhs.uk; script-src */{z}/{x}/{y}.png", "cannot be read"),
    ],
)
def test_what_is_missing_or_malformed_is_said_in_one_line(name, value, problem):
    environment = {key: text for key, text in (PRODUCTION | {name: value}).items() if text is not None}

    done = manage("check", **environment)

    assert done.returncode != 0
    assert done.stdout == ""
    [line] = done.stderr.strip().splitlines()
    assert line.startswith(f"Settings: {name} {problem}")
    assert re.search(rf"{name}=\S+", line), "it says how to set it"


def test_tiles_need_the_words_that_say_whose_they_are():
    tiles = {"MAP_TILES_URL": "https://tiles.example.nhs.uk/{z}/{x}/{y}.png"}

    assert manage("check", **PRODUCTION | tiles).stderr.startswith("Settings: MAP_TILES_ATTRIBUTION is not set")
    assert manage("check", **PRODUCTION | tiles | {"MAP_TILES_ATTRIBUTION": "© Example Maps"}).returncode == 0


def test_an_empty_list_of_hosts_is_as_good_as_none():
    done = manage("check", **PRODUCTION | {"ALLOWED_HOSTS": ""})

    assert done.returncode != 0
    [line] = done.stderr.strip().splitlines()
    assert line.startswith("Settings: ALLOWED_HOSTS")


def test_the_demonstration_needs_no_settings():
    done = manage("check", DEMO="true", DATABASE_URL="sqlite://:memory:")

    assert done.returncode == 0, done.stderr


def test_https_is_on_in_production_and_cookies_are_kept_to_it():
    done = manage(
        "shell", "-v", "0", "-c",
        "from django.conf import settings as s; print(s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 31536000, s.SESSION_COOKIE_NAME, s.DEBUG)",
        **PRODUCTION,
    )  # fmt: skip

    assert done.stdout.split() == ["True", "True", "True", "True", "__Host-session", "False"], done.stderr


def settings_read() -> set[str]:
    """The names that settings.py reads from the environment."""
    source = (settings.BASE_DIR / "trustportal" / "settings.py").read_text()
    return set(re.findall(r'setting\(\s*(?:env\.\w+|truth),\s*"(\w+)"', source))


def test_the_tests_fix_every_setting():
    """What they leave open a developer's .env would decide."""
    assert set(ENVIRONMENT) == settings_read()


def test_every_setting_is_explained_in_the_example():
    lines = (settings.BASE_DIR / ".env.example").read_text().splitlines()
    explained = set()
    for above, line in zip(["", *lines], lines, strict=False):
        if found := re.match(r"#?\s?([A-Z][A-Z_]+)=", line):
            assert above.startswith("#"), f"{found[1]} has no explanation above it"
            explained.add(found[1])

    assert settings_read() <= explained
