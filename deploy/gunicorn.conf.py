"""How gunicorn serves the portal: `gunicorn --config deploy/gunicorn.conf.py trustportal.wsgi`."""

import gc
import sys
from pathlib import Path

import environ

env = environ.Env()
env.read_env(Path(__file__).resolve().parent.parent / ".env")

bind = env.str("BIND", default="127.0.0.1:8000")
try:
    workers = env.int("SERVER_PROCESSES", default=2)
except ValueError:
    sys.exit("SERVER_PROCESSES cannot be read. Set it in the environment or in .env, for example: SERVER_PROCESSES=2")
worker_class = "gthread"
threads = 4
preload_app = True  # a wrong setting ends the whole server at once, with one line
timeout = 30
graceful_timeout = 10
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 4094
accesslog = None  # no record of who read what
errorlog = "-"
loglevel = "warning"


def when_ready(_server: object) -> None:
    """Leave what was loaded to itself before the processes begin: a reader does not wait while all of it is looked
    through for what is no longer used, and the processes go on sharing its memory."""
    gc.collect()
    gc.freeze()
