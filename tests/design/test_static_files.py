"""The collected static files: hashed names, and the packaged styles made fit for this site."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import storages
from django.core.management import call_command

from trustportal.design.finders import PUBLISHED, PackagedStylesFinder, fit_for_this_site, packaged_folder

pytestmark = pytest.mark.either_database
MANIFEST_STORAGE = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """The folder into which all static files were collected, as for production."""
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=folder, STORAGES={**storages.backends, "staticfiles": MANIFEST_STORAGE}):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def stored(folder: Path, name: str) -> Path:
    """The hashed file behind a name."""
    return folder / json.loads((folder / "staticfiles.json").read_text())["paths"][name]


def test_font_rules_and_the_source_map_are_dropped_and_nothing_else():
    css = (
        '@font-face{font-family:A;src:url(https://example.org/a.woff2)}a{color:red}@font-face{font-family:B;src:url("b")}'
        "b{color:blue}/*# sourceMappingURL=x.css.map */"
    )

    assert fit_for_this_site(css) == "a{color:red}b{color:blue}"


def test_the_packaged_styles_hold_what_is_dropped():
    """Otherwise the step could go."""
    [packaged] = packaged_folder().glob("css/nhsuk-frontend-*.min.css")

    assert "@font-face" in packaged.read_text()


def test_the_collected_styles_call_nobody(collected):
    css = stored(collected, PUBLISHED).read_text()

    assert len(css) > 50_000
    for stranger in ["@font-face", "https://", "http://", "sourceMappingURL", "url(//"]:
        assert stranger not in css.replace("http://www.w3.org/", "")


def test_collected_files_have_hashed_names_and_are_compressed(collected):
    styles = stored(collected, PUBLISHED)

    assert re.fullmatch(r"nhsuk-frontend\.[0-9a-f]{12}\.css", styles.name)
    assert styles.with_name(f"{styles.name}.br").exists()
    assert styles.with_name(f"{styles.name}.gz").exists()


def test_the_icons_are_collected_too(collected):
    for name in ["nhsuk/favicon.svg", "nhsuk/favicon.ico"]:
        assert stored(collected, name).exists()


def test_our_own_styles_and_scripts_call_nobody(collected):
    for file in [*(collected / "portal").rglob("*.css"), *(collected / "portal").rglob("*.js")]:
        text = file.read_text()
        assert "@import" not in text
        assert "https://" not in text


def test_the_development_server_finds_the_same_styles(collected):
    found = finders.find(PUBLISHED)

    assert stored(collected, PUBLISHED).read_text() == Path(found).read_text()
    assert PackagedStylesFinder().find("something/else.css") == []
