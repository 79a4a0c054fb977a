"""Runs a command with a PostgreSQL server of its own: `python -m tests.postgres pytest`.

The server is the machine's (`initdb` on the PATH or where Debian puts it). It lives in a temporary folder, listens on
a socket in that folder alone, and is gone when the command ends. The tests find it in TEST_DATABASE_URL, the portal in
DATABASE_URL. Where the machine has no PostgreSQL the command is not run; in CI that is a failure.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"  # the data is thrown away

# Tests take their rows back. Statistics that autovacuum gathers after one test say "empty" to the next, and PostgreSQL
# then reads whole tables within one another: a page of 100 took ten seconds. Without any it goes by the tables' sizes.
UNWATCHED = "-c autovacuum=off"


def folder_of_binaries() -> Path | None:
    """Where initdb and pg_ctl are, the newest first; None where there are none."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: p.parent.name.zfill(4), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


def unprivileged() -> dict[str, object]:
    """How to start PostgreSQL, which refuses to run as root: as a user without rights."""
    if os.geteuid() != 0:
        return {}
    people = {person.pw_name: person for person in pwd.getpwall()}
    person = people.get("postgres") or people["nobody"]
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """A running server; gives the address of its database."""
    whom = unprivileged()
    with tempfile.TemporaryDirectory(prefix="portal-postgres-") as name:
        folder = Path(name)
        if whom:
            os.chown(folder, whom["user"], whom["group"])
        data, log = folder / "data", folder / "log"

        def run(command: str, *arguments: object) -> None:
            # A session of its own, so that Ctrl-C reaches the tests and not the server.
            done = subprocess.run(
                [binaries / command, *map(str, arguments)],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                **whom,
            )
            if done.returncode:
                said = log.read_text() if log.exists() else ""
                sys.exit(f"PostgreSQL's {command} failed:\n{done.stderr}{said}")

        run("initdb", "--pgdata", data, "--username", "portal", "--auth", "trust", "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--no-sync")  # fmt: skip
        # pg_ctl hands its standard error on to the server, so the pipe above would never close: it goes to the log.
        options = f"-k '{folder}' -c listen_addresses='' {QUICK} {UNWATCHED}"
        subprocess.run(
            [binaries / "pg_ctl", "start", "--wait", "--silent", "-D", data, "-l", log, "-o", options],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **whom,
        )
        try:
            yield f"postgres://portal@/{quote(str(folder), safe='')}/postgres"
        finally:
            run("pg_ctl", "stop", "--wait", "--silent", "-D", data, "-m", "immediate")


def main(command: list[str]) -> int:
    """Run the command with a server; gives its exit code."""
    if not command:
        sys.exit("Say what to run, for example: python -m tests.postgres pytest")
    binaries = folder_of_binaries()
    if binaries is None:
        print("No PostgreSQL on this machine (initdb was not found), so this part is left out:", *command)
        return 1 if os.environ.get("CI") else 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server(binaries) as address:
        print(f"With PostgreSQL from {binaries}:", *command, flush=True)
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": address, "TEST_DATABASE_URL": address})
        try:
            return child.wait()
        except BaseException:
            # On Ctrl-C the terminal has told the command too: let it end before its database goes.
            child.terminate()
            child.wait(timeout=30)
            raise


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
