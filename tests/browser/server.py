"""The demonstration as `make demo` shows it, in a folder of its own: real content, compressed files, real server."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.settings import BASE_DIR, ENVIRONMENT

PATIENCE = 60  # seconds until it answers


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demonstration() -> Iterator[str]:
    """A running portal with the seed content; gives its address without the last slash."""
    with tempfile.TemporaryDirectory(prefix="portal-demo-") as name:
        folder, port = Path(name), free_port()
        environment = ENVIRONMENT | {
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "STATIC_ROOT": str(folder / "static"),
            "PORT": str(port),
            "SERVER_PROCESSES": "1",
        }
        with (folder / "log").open("w+") as log:
            server = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=BASE_DIR,
                env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "trustportal.settings"},
                stdout=log,
                stderr=log,
            )
            try:
                wait_for(f"http://127.0.0.1:{port}/healthz", server, log)
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()
                server.wait(timeout=30)


def wait_for(address: str, server: subprocess.Popen, log: object) -> None:
    """Wait until the portal answers; raises RuntimeError with what the server said when it does not."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    log.seek(0)
    raise RuntimeError(f"The portal did not start:\n{log.read()}")


def addresses_of(site: str) -> list[str]:
    """All addresses of the site map."""
    with urllib.request.urlopen(f"{site}/sitemap.xml", timeout=30) as answer:
        return re.findall(r"<loc>([^<]+)</loc>", answer.read().decode())
