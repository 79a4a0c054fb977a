"""How gunicorn serves the portal: `gunicorn --config deploy/gunicorn.conf.py trustportal.wsgi`."""

import gc
import sys
from pathlib import Path

import environ
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

LONGEST = 8190  # gunicorn's own bound for the first line of a request
WORDS = f"The address is too long: at most {LONGEST:,} characters can be read. Ask for less at once.\n".encode()
HEAD = [
    b"HTTP/1.1 414 URI Too Long",
    b"Content-Type: text/plain; charset=utf-8",
    b"Content-Length: %d" % len(WORDS),
    b"Access-Control-Allow-Origin: *",  # so that a script that asked for data can read why there are none
    b"Connection: close",
]


class Worker(ThreadWorker):
    """gunicorn's worker with threads, which says in plain words that an address is too long to be read."""

    def handle_error(self, req, client, addr, exc):  # type: ignore[no-untyped-def]  # gunicorn has no types
        """Answer what never reaches the portal."""
        if isinstance(exc, LimitRequestLine):
            client.sendall(b"\r\n".join([*HEAD, b"", WORDS]))
        else:
            super().handle_error(req, client, addr, exc)


env = environ.Env()
env.read_env(Path(__file__).resolve().parent.parent / ".env")

bind = env.str("BIND", default="127.0.0.1:8000")
try:
    workers = env.int("SERVER_PROCESSES", default=2)
except ValueError:
    sys.exit("SERVER_PROCESSES cannot be read. Set it in the environment or in .env, for example: SERVER_PROCESSES=2")
worker_class = Worker
threads = 4
preload_app = True  # a wrong setting ends the whole server at once, with one line
timeout = 30
graceful_timeout = 10
max_requests = 5000
max_requests_jitter = 500
limit_request_line = LONGEST
accesslog = None  # no record of who read what
errorlog = "-"
loglevel = "warning"


def when_ready(_server: object) -> None:
    """Leave what was loaded to itself before the processes begin: a reader does not wait while all of it is looked
    through for what is no longer used, and the processes go on sharing its memory."""
    gc.collect()
    gc.freeze()
