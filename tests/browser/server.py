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

PATIENCE = 180  # seconds until it answers, on a machine that does much else too


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demonstration(str):
    """The address of a running portal, without the last slash, and what it takes to work on its database."""

    environment: dict[str, str]

    def manage(self, *command: str) -> str:
        """Run a command of manage.py as the portal's timer does; gives what it said. Raises CalledProcessError."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=BASE_DIR,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout


@contextmanager
def demonstration() -> Iterator[Demonstration]:
    """A running portal with the seed content and the examples."""
    with tempfile.TemporaryDirectory(prefix="portal-demo-") as name:
        folder, port = Path(name), free_port()
        environment = {
            **os.environ,
            **ENVIRONMENT,
            "DJANGO_SETTINGS_MODULE": "trustportal.settings",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "STATIC_ROOT": str(folder / "static"),
            "OPEN_DATA_FOLDER": str(folder / "open-data"),
            "PORT": str(port),
            "SEED_ONLY": "0",
            "SERVER_PROCESSES": "1",
        }
        with (folder / "log").open("w+") as log:
            server = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=BASE_DIR,
                env=environment,
                stdout=log,
                stderr=log,
            )
            try:
                wait_for(f"http://127.0.0.1:{port}/healthz", server, log)
                address = Demonstration(f"http://127.0.0.1:{port}")
                address.environment = environment
                yield address
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
