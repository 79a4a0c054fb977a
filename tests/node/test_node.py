"""Judges that are written for Node can be had and asked, and the repository says which without an address."""

import json
from pathlib import Path

import pytest

from tests import node

pytestmark = pytest.mark.either_database


def test_the_packages_are_pinned_with_hashes_and_name_no_address():
    lock = json.loads((node.HERE / "package-lock.json").read_text())
    wanted = json.loads((node.HERE / "package.json").read_text())["dependencies"]

    own = lock["packages"].pop("")
    assert own["dependencies"] == wanted
    assert all(version[0].isdigit() for version in wanted.values())
    assert {f"node_modules/{name}" for name in wanted} <= set(lock["packages"])
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert package.get("integrity", "").startswith("sha512-") or package.get("inBundle"), name


def test_a_script_finds_the_packages_and_what_it_is_given(tmp_path: Path):
    script = tmp_path / "script.js"
    script.write_text(
        "const {Fhir} = require('fhir');"
        "const given = require('fs').readFileSync(0, 'utf8');"
        "console.log(given, process.argv[2], typeof new Fhir().validate)"
    )

    done = node.run(script, "an argument", given="a text")

    assert (done.returncode, done.stdout.strip()) == (0, "a text an argument function"), done.stderr
