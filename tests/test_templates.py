"""Templates: each is used, each component says what it takes, none holds what belongs elsewhere."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template

pytestmark = pytest.mark.either_database

FOLDER: Path = settings.BASE_DIR / "templates"
TEMPLATES = (
    sorted(FOLDER.rglob("*.html"))
    + sorted(FOLDER.rglob("*.txt"))
    + sorted(FOLDER.rglob("*.xml"))
    + sorted(FOLDER.rglob("*.svg"))
)
NAMES = [path.relative_to(FOLDER).as_posix() for path in TEMPLATES]
INCLUDE = re.compile(r"""{%\s*include\s+(["'])(?P<name>[^"']+)\1(?P<rest>[^%]*)%}""")
# Found by Django under their names: pages of the generic views, and those that take the place of the admin's own.
FOUND_BY_NAME = re.compile(r"(admin/|\w+/\w+_(list|detail)\.html$)")


def sources() -> dict[str, str]:
    """What names templates: the templates and the code."""
    code = [
        path
        for app in ["trustportal", "partnerships", "programmes"]
        for path in (settings.BASE_DIR / app).rglob("*.py")
    ]
    return {str(path.relative_to(settings.BASE_DIR)): path.read_text() for path in [*TEMPLATES, *code]}


@pytest.mark.parametrize("name", NAMES)
def test_each_template_can_be_read(name):
    get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_template_is_used(name):
    own = f"templates/{name}"
    named = [path for path, text in sources().items() if path != own and (f'"{name}"' in text or f"'{name}'" in text)]

    # The names of standing pages are made from a list.
    made_from_a_list = name.startswith("website/") and f'"{Path(name).stem}"' in "".join(sources().values())
    assert named or FOUND_BY_NAME.match(name) or made_from_a_list, f"nothing uses {name}"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_included_exists_and_components_take_only_what_they_are_given(name):
    for include in INCLUDE.finditer((FOLDER / name).read_text()):
        assert include["name"] in NAMES
        if include["name"].startswith("components/"):
            assert re.search(r"\bonly\s*$", include["rest"]), f"{include[0]} without only"


@pytest.mark.parametrize("name", NAMES)
def test_no_script_or_style_is_written_into_a_template(name):
    text = (FOLDER / name).read_text()

    assert not re.search(r"<style\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)", text)
    assert not re.search(r"""\s(style|on\w+)\s*=\s*["']""", text)
    assert name.endswith(".txt") or not re.search(r"\|safe\b|autoescape off", text)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_loads_nothing_that_it_does_not_use(name):
    text = (FOLDER / name).read_text()
    used = {*re.findall(r"{%\s*(\w+)", text), *re.findall(r"\|(\w+)", text)}
    loaded = {word for words in re.findall(r"{%\s*load\s+([\w ]+?)\s*%}", text) for word in words.split()}
    for library in loaded:
        register = import_module(engines["django"].engine.libraries[library]).register
        assert used & {*register.tags, *register.filters}, f"{library} is loaded and nothing of it is used"


def test_styles_and_scripts_of_the_portal_call_nobody():
    for file in (settings.BASE_DIR / "static").rglob("*.*"):
        if file.suffix in {".css", ".js"}:
            assert not re.search(r"@import|(https?:)?//[a-z]", re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.S))
