"""Makes the files with all data at once."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone

from trustportal.opendata.exporting import (
    BusyError,
    Index,
    index_of_folder,
    make_files,
    put_into_folder,
    room_to_work,
)
from trustportal.opendata.releases import (
    latest,
    open_data_storage,
    put_into_storage,
    throw_away_the_rest,
    try_to_write,
)
from trustportal.opendata.sqlite_file import NotWholeError
from trustportal.website.datasets import DATASETS
from trustportal.website.models import Portal


def readme(counts: dict[str, int]) -> str:
    """What is said in the archive about what is in it."""
    datasets = [(dataset, counts[dataset.name]) for dataset in DATASETS]
    context = {"datasets": datasets, "site_url": settings.SITE_URL, "portal": Portal.objects.current()}
    return render_to_string("website/open_data_readme.txt", context | {"made_at": timezone.now()})


@contextmanager
def what_is_wrong_in_words() -> Iterator[None]:
    """Say in one line what is wrong with the storage: each has errors of its own."""
    try:
        yield
    except Exception as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())
        raise CommandError(
            f"The storage cannot be used ({why}). See that it answers and that what it needs is installed; otherwise "
            "correct OPEN_DATA_STORAGE and OPEN_DATA_STORAGE_OPTIONS, or OPEN_DATA_FOLDER where these are not set."
        ) from error


class Command(BaseCommand):
    help = (
        "Makes the files with all public data: an archive of tables with their descriptions, an SQLite file, JSON "
        "lines, checksums. Without a folder they go into the storage from which the portal serves them. The old files "
        "stay until the new ones are whole; where nothing has changed, they stay for good. Meant for a timer."
    )
    requires_system_checks: list[str] = []  # it says itself, in one line, what is wrong with the storage

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="Where the files shall be.")
        parser.add_argument("--to-storage", action="store_true", help="Put them into the storage, too.")
        parser.add_argument("--anew", action="store_true", help="Also where nothing has changed.")

    def handle(self, *args: object, folder: Path | None, to_storage: bool, anew: bool, **options: object) -> None:
        place = folder or Path(settings.OPEN_DATA_FOLDER)
        try:
            with room_to_work(place) as room:
                self.export(room, folder, has_storage=to_storage or folder is None, anew=anew)
        except BusyError as error:
            raise CommandError("Another run is making the files just now.") from error
        except NotWholeError as error:
            raise CommandError(f"The data do not hang together: {error}.") from error
        except OSError as error:
            advice = "Name" if folder else "Set OPEN_DATA_FOLDER to"
            raise CommandError(
                f"No files can be made in {place}: {error.strerror or error}. {advice} a folder in which this account "
                "may write and there is room."
            ) from error

    def export(self, room: Path, folder: Path | None, *, has_storage: bool, anew: bool) -> None:
        """Make the files, and put them where they shall be."""
        storage = self.storage() if has_storage else None
        index = make_files(DATASETS, room, timezone.now().replace(microsecond=0), readme, self.tell)
        if storage:
            with what_is_wrong_in_words():
                self.keep(room, index, storage, anew=anew)
        if folder is not None:
            if anew or not index.says_the_same(index_of_folder(folder)):
                put_into_folder(room, index, folder)
                self.tell(f"In {folder}: {len(index.files)} files")
            else:
                self.tell(f"Nothing has changed since {folder} was made.")

    def storage(self) -> Storage:
        """Where the portal serves them from; tried before the files are made, which takes long."""
        with what_is_wrong_in_words():
            storage = open_data_storage()
            try_to_write(storage)
            return storage

    def keep(self, room: Path, index: Index, storage: Storage, *, anew: bool) -> None:
        """Put the files into the storage where they say something new; throw away what is not needed any more."""
        there = latest(storage)
        if anew or there is None or not index.says_the_same(there.index):
            self.tell("To the storage:")
            put_into_storage(room, index, storage, self.tell)
        else:
            self.tell(f"The storage has these data already, made at {there.index.made_at.isoformat()}.")
        throw_away_the_rest(storage)

    def tell(self, words: str) -> None:
        """Say what is done, at once."""
        self.stdout.write(words)
        self.stdout.flush()
