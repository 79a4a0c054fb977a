"""`make demo`: the portal on real content, on this machine alone, with the production server."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from partnerships.models import Organisation
from trustportal.networks.models import Node
from trustportal.search.models import SearchEntry
from trustportal.website.startup import DEMO_ACCOUNTS

HOST = "127.0.0.1"
SEED = [
    "reference",
    "guys-and-st-thomas-strategy",
    "guys-and-st-thomas",
    "quay-health-solutions",
    "leeds-teaching-hospitals",
    "medway",
]
"""The seed fixtures in the order in which they need each other."""

EXAMPLES = ["examples/accident-and-emergency-attendances"]
"""Real figures of others, month by month, so that charts can be seen. They are no part of the seed content."""

ROLES = {"publisher": "Publisher", "author": "Author"}


class Command(BaseCommand):
    """Migrates, loads the seed content and the examples where there is nothing, makes the demo accounts and the files
    with all data, and serves."""

    help = "Show the portal with its seed content and an example on this machine. Run it through `make demo`."

    def add_arguments(self, parser: object) -> None:
        """`--prepare-only` stops before serving, for tests and screenshots."""
        parser.add_argument("--prepare-only", action="store_true", help="Prepare everything, but do not serve.")

    def handle(self, *args: object, prepare_only: bool, **options: object) -> None:
        """Prepare, say where to look, and become the server."""
        if not settings.DEMO:
            raise CommandError("The demonstration makes accounts with known passwords. Start it with: make demo")
        port, examples = self.port(), [] if self.is_seed_only() else EXAMPLES
        if not prepare_only and self.is_taken(port):
            raise CommandError(f"Port {port} is in use. Choose another one: PORT={port + 1} make demo")
        call_command("migrate", verbosity=0)
        self.load([*SEED, *examples])
        if not SearchEntry.objects.exists():  # a portal from before there was a search
            call_command("rebuild_search", verbosity=0)
        self.make_accounts()
        call_command("collectstatic", interactive=False, verbosity=0)
        if not prepare_only:
            os.environ["SITE_URL"] = f"http://{HOST}:{port}"  # for what is started from here
            self.make_files()
        self.stdout.write(self.greeting(port))
        if not prepare_only:
            self.serve(port)

    def port(self) -> int:
        """The port from the environment, 8000 unless told."""
        text = os.environ.get("PORT", "8000")
        if not text.isdigit() or not 1024 <= int(text) <= 65535:
            raise CommandError(
                f"PORT cannot be read: {text}. Set it to a number from 1024 to 65535: PORT=8001 make demo"
            )
        return int(text)

    def is_seed_only(self) -> bool:
        """Whether the environment asks for the seed content without the examples; no unless told."""
        text = os.environ.get("SEED_ONLY", "0")
        if text not in {"0", "1"}:
            raise CommandError(
                f"SEED_ONLY cannot be read: {text}. Set it to 1 to leave out the example: make demo SEED_ONLY=1"
            )
        return text == "1"

    def is_taken(self, port: int) -> bool:
        """Whether another program listens on the port."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            return probe.connect_ex((HOST, port)) == 0

    def load(self, names: list[str]) -> None:
        """Load fixtures into an empty portal; leave a portal with content as it is."""
        if Organisation.objects.exists():
            self.stdout.write("The portal has content already: nothing is loaded, nothing is lost.")
            if not Node.objects.exists():  # the content is older than the network
                call_command("rebuild_network")
            return
        call_command("loaddata", *[settings.BASE_DIR / "fixtures" / f"{name}.json" for name in names], verbosity=0)

    @transaction.atomic
    def make_accounts(self) -> None:
        """Make the demo accounts that are missing. One that exists keeps its password."""
        people = get_user_model().objects
        for name, password in DEMO_ACCOUNTS.items():
            if people.filter(username=name).exists():
                continue
            email = f"{name}@localhost"
            if name in ROLES:
                person = people.create_user(name, email, password, is_staff=True)
                person.groups.add(Group.objects.get(name=ROLES[name]))
            else:
                people.create_superuser(name, email, password)

    def make_files(self) -> None:
        """The files with all data, with the address of this demonstration in them. What goes wrong with them is said,
        and keeps nobody from looking at the pages."""
        subprocess.run(  # noqa: S603  no shell; the paths are ours
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "export_open_data", "--anew"],
            stdout=subprocess.DEVNULL,
            check=False,
        )

    def greeting(self, port: int) -> str:
        """Where to look, and how to sign in."""
        accounts = "\n".join(f"    {name:10} {password}" for name, password in DEMO_ACCOUNTS.items())
        return (
            f"\n  The portal:  http://{HOST}:{port}/\n"
            f"  The admin:   http://{HOST}:{port}/admin/\n"
            f"  Accounts (name and password, for this demonstration alone):\n{accounts}\n"
            "  Ctrl-C ends it. Your edits are kept for the next time.\n"
        )

    def serve(self, port: int) -> None:
        """Become gunicorn, so that Ctrl-C reaches it alone."""
        self.stdout.flush()
        gunicorn = Path(sys.executable).with_name("gunicorn")
        configuration = settings.BASE_DIR / "deploy" / "gunicorn.conf.py"
        os.execv(  # noqa: S606  no shell; both paths are ours
            gunicorn, [str(gunicorn), "--config", str(configuration), "--bind", f"{HOST}:{port}", "trustportal.wsgi"]
        )
