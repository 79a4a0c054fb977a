"""A Redis server for the tests that need one: started on a socket in a temporary folder, ended afterwards."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE = 10  # seconds


def binary() -> str:
    """Where redis-server is; skips the test where there is none, fails it in CI."""
    found = shutil.which("redis-server")
    if not found:
        reason = "There is no redis-server on this machine. Install it, on Debian with: apt-get install redis-server"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return found


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that listens on a socket file alone."""
    with tempfile.TemporaryDirectory(prefix="portal-redis-") as folder:
        socket = Path(folder) / "redis.sock"
        command = [binary(), "--port", "0", "--unixsocket", str(socket), "--dir", folder, "--save", ""]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            until = time.monotonic() + PATIENCE
            while not socket.exists():
                if server.poll() is not None or time.monotonic() > until:
                    pytest.fail("redis-server did not start.")
                time.sleep(0.05)
            yield f"unix://{socket}"
        finally:
            server.terminate()
            server.wait(PATIENCE)
