"""What belongs where. The layers themselves are held by import-linter (`make check`, and the first test here)."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from tests import factories
from trustportal.publishing.models import Publishable

pytestmark = pytest.mark.either_database

ROOT: Path = settings.BASE_DIR
CODE = ["trustportal", "partnerships", "programmes"]
TOP_LEVEL = {
    ".ci", ".env.example", ".gitignore", "LICENSE", "Makefile", "README.md", "deploy", "docs", "fixtures", "manage.py",
    "partnerships", "programmes", "pyproject.toml", "requirements-dev.txt", "requirements.txt", "static", "templates",
    "tests", "trustportal",
}  # fmt: skip
LONGEST_MODULE = 400
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "core", "common", "misc"}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
# Alone in setting the state of a record.
SETS_STATES = "trustportal/publishing/workflow.py"
# Models without a factory, with the reason.
NO_FACTORY = {
    "SearchEntry": "written at publication",
    "KnownWord": "learned at publication",
    "FormerSlug": "left behind by a renamed record",
    "Act": "noted by the workflow",
    "Version": "kept by the workflow",
    "Schedule": "made by scheduling",
    "ShareLink": "made by sharing",
    "Presence": "noted when a form is opened",
    "Notice": "written by the workflow",
    "CalendarAddress": "made on the page of one's own calendar",
    "Node": "taken down when an organisation is published",
    "Work": "taken down when a partnership or programme is published",
    "Tie": "taken down with its work",
}


def modules() -> list[Path]:
    """The project's own modules, without migrations and tests."""
    return [path for app in CODE for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]


def own_models() -> list[type[Model]]:
    """The models of the project, with a table of their own."""
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in CODE and not model._meta.proxy]


def stack() -> list[list[str]]:
    """The layers from top to bottom, each with the packages that share it."""
    [contract] = [contract for contract in CONTRACTS if contract["id"] == "stack"]
    return [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]


def test_each_layer_uses_only_those_below_it():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_each_part_of_trustportal_has_its_layer():
    parts = {
        f"trustportal.{path.stem}"
        for path in (ROOT / "trustportal").iterdir()
        if (path / "__init__.py").exists() or (path.suffix == ".py" and path.stem != "__init__")
    }

    assert parts | {"partnerships", "programmes"} == {name for layer in stack() for name in layer}


def test_foreign_keys_point_down_the_stack():
    """From an app to itself or to a lower layer; publishing's generic relations point nowhere in particular."""
    order = {name: position for position, layer in enumerate(stack()) for name in layer}

    def layer_of(model: type[Model]) -> int:
        return order.get(apps.get_app_config(model._meta.app_label).name, len(order))

    upwards = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.related_model and layer_of(field.related_model) < layer_of(model)
    ]
    assert upwards == []


# Who changes what the public sees


def sets_a_state(tree: ast.AST) -> Iterator[int]:
    """The lines in which a record's state is set: `x.state = …`, `update(state=…)`, `create(state=…)`, `setattr`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
                yield node.lineno
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            models = {model.__name__ for model in own_models() if issubclass(model, Publishable)}
            writes = called in {"update", "create", "get_or_create", "update_or_create", "bulk_create"} | models
            if writes and any(keyword.arg == "state" for keyword in node.keywords):
                yield node.lineno
            if called == "setattr" and any(isinstance(a, ast.Constant) and a.value == "state" for a in node.args):
                yield node.lineno
            if called == "bulk_update" and "'state'" in ast.unparse(node):
                yield node.lineno


def test_the_workflow_alone_sets_the_state_of_a_record():
    lines = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules()
        for line in sets_a_state(ast.parse(path.read_text()))
        if path.relative_to(ROOT).as_posix() != SETS_STATES
    }

    assert lines == set()


def test_the_search_for_states_finds_them():
    code = "x.state = 1\nq.update(state=1)\nProgramme(state=1)\nsetattr(x, 'state', 1)\nq.bulk_update(rows, ['state'])"

    assert list(sets_a_state(ast.parse(code))) == [1, 2, 3, 4, 5]
    assert list(sets_a_state(ast.parse((ROOT / SETS_STATES).read_text())))


# Signals, hooks, names, sizes


def test_nothing_happens_behind_the_reader_s_back():
    """No signals, no `ready()`, no registries: what should happen is called where it should happen."""
    for path in modules():
        tree = ast.parse(path.read_text())
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        imported = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom | ast.Import)
            for alias in node.names
        }
        assert "ready" not in names, path
        assert not imported & {
            "receiver",
            "Signal",
            "pre_save",
            "post_save",
            "m2m_changed",
            "pre_delete",
            "post_delete",
        }, path


def test_each_module_is_called_by_what_is_in_it():
    assert [path for path in modules() if path.stem in SAYS_NOTHING or path.parent.name in SAYS_NOTHING] == []


def test_no_module_is_long():
    too_long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE
    }

    assert too_long == {}


def test_the_top_of_the_repository_is_fixed():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    if not listed:
        pytest.skip("this is no git repository")

    assert {name.split("/")[0] for name in listed} <= TOP_LEVEL


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_address(name):
    lines = (ROOT / name).read_text().splitlines()
    pinned = [line for line in lines if line[:1].isalnum()]

    assert all("==" in line and line.endswith("\\") for line in pinned)
    assert not [line for line in lines if "://" in line or line.startswith("-")]


def test_the_whole_of_wagtail_stays_out():
    assert "\nwagtail==" not in (ROOT / "requirements.txt").read_text()


# Every model


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_each_model_has_a_factory(model):
    assert hasattr(factories, f"{model.__name__}Factory") != (model.__name__ in NO_FACTORY)


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_each_model_says_what_it_is_in_the_trust_s_world(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")
    assert str(model._meta.verbose_name)[0].islower() or str(model._meta.verbose_name).isupper()


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model.__name__)
def test_each_record_has_an_address(model):
    assert hasattr(model, "get_absolute_url") == issubclass(model, Publishable)


@pytest.mark.parametrize("name", [name for name in factories.__all__ if name != "UserFactory"])
@pytest.mark.django_db
def test_what_a_factory_makes_passes_its_own_checks(name):
    row = getattr(factories, name)()
    row.refresh_from_db()

    row.full_clean()
