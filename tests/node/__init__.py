"""Judges that are written for Node: `package.json` names them, `package-lock.json` pins them with their hashes.

They are installed at the first use, with npm, into pytest's cache, and once for each lock file however many processes
test. To change them: edit `package.json`, then `npm install --ignore-scripts --package-lock-only` in this folder.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).parent
FILES = [HERE / "package.json", HERE / "package-lock.json", HERE / ".npmrc"]
CACHE = HERE.parent.parent / ".pytest_cache" / "node"
PATIENCE = 300  # seconds
MISSING = "There is no Node with npm on this machine. Install them, on Debian with: apt-get install nodejs npm"


def run(script: Path, *arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a script with Node, which finds the packages by `require`; `given` is its standard input.

    Skips the test where Node is missing or the packages cannot be had; in CI it fails.
    """
    packages = installed()
    return subprocess.run(
        ["node", script, *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env={**os.environ, "NODE_PATH": str(packages)},
    )


@cache
def installed() -> Path:
    """The folder `node_modules` with all packages of the lock file."""
    if not (shutil.which("node") and shutil.which("npm")):
        go_without(MISSING)
    folder = CACHE / hashlib.sha256(b"".join(file.read_bytes() for file in FILES)).hexdigest()[:16]
    packages = folder / "node_modules"
    CACHE.mkdir(parents=True, exist_ok=True)
    with alone(CACHE / "lock"):
        if not (folder / "whole").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for file in FILES:
                shutil.copy(file, folder)
            # No package runs a script of its own on this machine before a test asks it something.
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE)
            if done.returncode:
                go_without(f"npm could not install what tests/node/package-lock.json names:\n{done.stderr[-1000:]}")
            (folder / "whole").touch()
    return packages


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While this lasts no other process is here; when one ends, however it does, its hold ends with it."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def go_without(reason: str) -> NoReturn:
    """Skip the test, except in CI, where all is there."""
    pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
