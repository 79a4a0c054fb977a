"""The files with all data in a storage, each time in a folder of their own; what is served is the newest whole one.

A folder is whole once its index is there, which is put last. So nobody gets files of two times, whichever storage it
is; and what a killed run left is not served, and thrown away by the next. What else lies in the storage is let alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from trustportal.opendata.exporting import INDEX, Index, Tell, to_disk

STORAGE = "open_data"  # its name in the settings
KEPT = 2  # the newest, and the one before it, of which somebody may just be reading
STAMP = "%Y%m%dT%H%M%SZ"  # sorts in time order
STAMPED = re.compile(r"[0-9]{8}T[0-9]{6}Z")  # a folder of another name is not ours
TRIAL = ".open-data-trial"


@dataclass(frozen=True)
class Release:
    """The files of one time."""

    folder: str
    index: Index

    def path(self, name: str) -> str:
        """Where a file is in the storage."""
        return f"{self.folder}/{name}"


def open_data_storage() -> Storage:
    """Where the files are, as the settings say."""
    return storages[STORAGE]


def latest(storage: Storage) -> Release | None:
    """The newest whole release; None where none has been made."""
    return next(_whole(storage), None)


def try_to_write(storage: Storage) -> None:
    """Put an empty file there and take it away, before hours of work that nothing could be done with."""
    storage.delete(storage.save(TRIAL, ContentFile(b"")))


def put_into_storage(room: Path, index: Index, storage: Storage, tell: Tell) -> Release:
    """Keep files that were made, the index last. Returns what is served from now on."""
    release = Release(index.made_at.strftime(STAMP), index)
    _throw_away(storage, release.folder)  # of a run in the same second that was killed
    for name in [*(one.name for one in index.files), INDEX]:
        with (room / name).open("rb") as file:
            kept = storage.save(release.path(name), File(file))
        _to_disk(storage, kept)
        tell(name)
    return release


def throw_away_the_rest(storage: Storage) -> None:
    """Keep the newest whole releases alone: others are too old, or were never finished."""
    kept = {release.folder for release in islice(_whole(storage), KEPT)}
    for folder in _folders(storage):
        if folder not in kept:
            _throw_away(storage, folder)


def _whole(storage: Storage) -> Iterator[Release]:
    """The releases that have an index, the newest first."""
    for folder in _folders(storage):
        # Asked beforehand: what `open` says of a file that is not there differs from one storage to another. Any other
        # error is passed on, so that nothing is thrown away that could only not be read just now.
        if not storage.exists(f"{folder}/{INDEX}"):
            continue
        try:
            with storage.open(f"{folder}/{INDEX}") as file:
                yield Release(folder, Index.read(file.read()))
        except (FileNotFoundError, ValueError, KeyError, TypeError):  # it is being made, or was never finished
            continue


def _folders(storage: Storage) -> list[str]:
    """The folders of releases, the newest first."""
    try:
        folders, _files = storage.listdir("")
    except FileNotFoundError:
        return []
    return sorted(filter(STAMPED.fullmatch, folders), reverse=True)


def _throw_away(storage: Storage, folder: str) -> None:
    try:
        _folders_in, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files, key=lambda name: name != INDEX):  # the index first: what is left is no release
        storage.delete(f"{folder}/{name}")
    storage.delete(folder)


def _to_disk(storage: Storage, name: str) -> None:
    """Wait until a disk of this machine has a file; other storages have kept it already."""
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        return
    to_disk(path)
    to_disk(path.parent)
