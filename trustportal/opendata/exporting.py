"""All data at once as files: an archive of tables, one SQLite file, JSON lines; made aside, then kept.

What readers find is whole at each moment: files are made in a folder of their own, and take the place of the old ones
once all of them are there. A run that is killed leaves that folder behind, and the next run begins by emptying it.
"""

import csv
import fcntl
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from trustportal.opendata import csvw
from trustportal.opendata.dataset import AT_ONCE, Dataset
from trustportal.opendata.forms import LICENCE
from trustportal.opendata.moment import as_of_one_moment
from trustportal.opendata.sqlite_file import SQLiteFile
from trustportal.opendata.writing import METADATA, for_csv, for_json, names_of

ARCHIVE, DATABASE, SUMS, INDEX = "open-data.zip", "open-data.sqlite", "SHA256SUMS", "index.json"
LINES = ".jsonl"
MAKING, LOCK = ".open-data-making", ".open-data-lock"  # names that nobody else gives to a file of theirs
PIECE = 1024 * 1024  # bytes

Tell = Callable[[str], None]


class BusyError(Exception):
    """Another run is at work."""


@dataclass(frozen=True)
class MadeFile:
    """A file that was made: its size in bytes, its checksum, and how many rows are in it (0: rows of many datasets)."""

    name: str
    size: int
    sha256: str
    rows: int = 0


@dataclass(frozen=True)
class Index:
    """What was made, and when."""

    made_at: datetime
    files: tuple[MadeFile, ...]

    def as_json(self) -> str:
        """As it is kept."""
        said = {"made_at": self.made_at.isoformat(timespec="seconds"), "licence": LICENCE}
        return json.dumps(said | {"files": [asdict(one) for one in self.files]}, indent=1) + "\n"

    @classmethod
    def read(cls, text: str | bytes) -> "Index":
        """What was kept. Raises ValueError, KeyError or TypeError where that is no index, or not a whole one."""
        said = json.loads(text)
        return cls(datetime.fromisoformat(said["made_at"]), tuple(MadeFile(**one) for one in said["files"]))

    def file(self, name: str) -> MadeFile | None:
        """The file of a name."""
        return next((one for one in self.files if one.name == name), None)

    def says_the_same(self, other: "Index | None") -> bool:
        """Whether the rows are the very same as in another."""
        return other is not None and self._lines() == other._lines()

    def _lines(self) -> dict[str, str]:
        return {one.name: one.sha256 for one in self.files if one.name.endswith(LINES)}


@contextmanager
def room_to_work(folder: Path) -> Iterator[Path]:
    """An empty folder in a folder, for one run at a time, gone afterwards. Raises BusyError or OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # let go by the system, however the run ends
        except BlockingIOError as error:
            raise BusyError from error
        room = folder / MAKING
        shutil.rmtree(room, ignore_errors=True)  # what a killed run left
        room.mkdir()
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)


def make_files(
    datasets: Sequence[Dataset], room: Path, made_at: datetime, readme: Callable[[dict[str, int]], str], tell: Tell
) -> Index:
    """Make all files in an empty folder: rows are read once, a few at a time, all as of one moment.

    `readme` takes the number of rows of each dataset; `tell` is told of what is done.
    """
    tables = room / "tables"
    tables.mkdir()
    with ExitStack() as afterwards:
        database = SQLiteFile(room / DATABASE, datasets)
        afterwards.callback(database.drop)
        counts = {}
        with as_of_one_moment():
            for dataset in datasets:
                counts[dataset.name] = _write(dataset, room, tables, database)
                tell(f"{dataset.name}: {counts[dataset.name]:,}")
        database.finish()
    tell(DATABASE)
    _describe(datasets, tables, made_at)
    (tables / "README.txt").write_text(readme(counts))
    _pack(tables, room / ARCHIVE, made_at)
    shutil.rmtree(tables)
    tell(ARCHIVE)
    names = [ARCHIVE, DATABASE, *(f"{dataset.name}{LINES}" for dataset in datasets)]
    made = [_weighed(room / name, counts.get(name.removesuffix(LINES), 0)) for name in names]
    sums = room / SUMS
    sums.write_text("".join(f"{one.sha256}  {one.name}\n" for one in made))
    index = Index(made_at, (*made, _weighed(sums)))
    (room / INDEX).write_text(index.as_json())
    for path in room.iterdir():
        to_disk(path)
    return index


def put_into_folder(room: Path, index: Index, folder: Path) -> None:
    """Let the files take the place of those in a folder, each at a stroke; the checksums and the index come last."""
    for name in [*(one.name for one in index.files), INDEX]:
        (room / name).replace(folder / name)
    to_disk(folder)


def index_of_folder(folder: Path) -> Index | None:
    """What was made last in a folder; None where there is nothing."""
    try:
        return Index.read((folder / INDEX).read_text())
    except (OSError, ValueError, KeyError, TypeError):
        return None


def to_disk(path: Path) -> None:
    """Wait until the disk has a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(dataset: Dataset, room: Path, tables: Path, database: SQLiteFile) -> int:
    """Write all rows of a dataset everywhere; how many there are."""
    count = 0
    with (
        (room / f"{dataset.name}{LINES}").open("w", encoding="utf-8") as lines,
        (tables / f"{dataset.name}.csv").open("w", encoding="utf-8", newline="") as table,
    ):
        writer = csv.writer(table)
        writer.writerow(names_of(dataset))
        for some in dataset.read(at_once=AT_ONCE):
            rows = [dataset.row(record) for record in some]
            lines.writelines(json.dumps(row, default=for_json, ensure_ascii=False) + "\n" for row in rows)
            writer.writerows([for_csv(value) for value in row.values()] for row in rows)
            database.add(dataset, rows)
            count += len(rows)
    return count


def _describe(datasets: Sequence[Dataset], tables: Path, made_at: datetime) -> None:
    """Write what describes the tables, each beside its table, and all together."""
    urls = {dataset.name: f"{dataset.name}.csv" for dataset in datasets}
    by_name = {dataset.name: dataset for dataset in datasets}
    for dataset in datasets:
        said = csvw.of_one(dataset, by_name, urls)
        (tables / f"{dataset.name}{METADATA}").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")
    together = csvw.of_all(datasets, urls, created=made_at.isoformat(timespec="seconds"))
    (tables / METADATA.removeprefix(".")).write_text(json.dumps(together, indent=1, ensure_ascii=False) + "\n")


def _pack(tables: Path, archive: Path, made_at: datetime) -> None:
    """Pack all files of a folder."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(tables.iterdir()):
            entry = zipfile.ZipInfo(path.name, made_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, PIECE)


def _weighed(path: Path, rows: int = 0) -> MadeFile:
    """A file with its size and checksum."""
    with path.open("rb") as file:
        return MadeFile(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest(), rows)
