"""The files with all data in a storage, each time in a folder of their own; what is served is the newest whole one.

A folder is whole once its index is there, which is put last. So nobody gets files of two times, whichever storage it
is; and what a killed run left is not served, and thrown away by the next.
"""

from dataclasses import dataclass
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage, storages

from trustportal.opendata.exporting import INDEX, Index, Tell, to_disk

STORAGE = "open_data"  # its name in the settings
KEPT = 2  # the newest, and the one before it, of which somebody may just be reading
STAMP = "%Y%m%dT%H%M%SZ"  # sorts in time order


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
    for folder in _folders(storage):
        try:
            with storage.open(f"{folder}/{INDEX}") as file:
                return Release(folder, Index.read(file.read()))
        except (OSError, ValueError, KeyError, TypeError):  # it is being made, or was never finished
            continue
    return None


def put_into_storage(room: Path, index: Index, storage: Storage, tell: Tell) -> Release:
    """Keep files that were made, the index last; then throw away what is older. Returns what is served from now on."""
    release = Release(index.made_at.strftime(STAMP), index)
    _throw_away(storage, release.folder)  # of a run in the same second that was killed
    for name in [*(one.name for one in index.files), INDEX]:
        with (room / name).open("rb") as file:
            kept = storage.save(release.path(name), File(file))
        _to_disk(storage, kept)
        tell(name)
    whole = [folder for folder in _folders(storage) if storage.exists(f"{folder}/{INDEX}")]
    for folder in _folders(storage):
        if folder not in whole[:KEPT]:
            _throw_away(storage, folder)
    return release


def _folders(storage: Storage) -> list[str]:
    """The folders of releases, the newest first."""
    try:
        folders, _files = storage.listdir("")
    except FileNotFoundError:
        return []
    return sorted((folder for folder in folders if not folder.startswith(".")), reverse=True)


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
