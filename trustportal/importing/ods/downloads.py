"""Opens what was downloaded: a CSV or JSON file, or a zip of them, as the service publishes them."""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from django.utils.translation import gettext as _

from trustportal.importing.cells import Unreadable, shown
from trustportal.importing.ods.bundles import read_bundle
from trustportal.importing.ods.statements import Statement
from trustportal.importing.ods.tables import read_table

MOST_UNZIPPED = 200_000_000  # bytes of all files of one zip together
MOST_IN_A_ZIP = 100
BYTES_AT_ONCE = 1 << 16
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
READ = {".csv", ".json"}  # a zip of the service also holds a PDF that describes the columns


@dataclass(frozen=True)
class Download:
    """One open file. name is how it is called in what is said of it: "etr.csv", or "etr.csv in etr.zip"."""

    name: str
    file: BinaryIO

    @property
    def stem(self) -> str:
        """What the service calls the file: "etr"."""
        return PurePosixPath(self.name.partition(" ")[0]).stem.lower()

    def statements(self) -> Iterator[Statement]:
        """What it states, from the beginning each time. Raises Unreadable, here and on the way."""
        self.file.seek(0)
        start = self.file.read(1024).removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
        # In UTF-16, a NUL stands before or after the brace.
        is_json = start.replace(b"\0", b"").lstrip()[:1] in {b"{", b"["}
        return read_bundle(self.file) if is_json else read_table(self.file)


@contextmanager
def opened(path: Path) -> Iterator[list[Download]]:
    """The files of one download, open as long as the block runs. Raises OSError or Unreadable."""
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        if file.read(4) == b"PK\x03\x04":
            yield list(_unzipped(file, path.name, stack))
        else:
            yield [Download(path.name, file)]


def _unzipped(file: BinaryIO, name: str, stack: ExitStack) -> Iterator[Download]:
    """The files in a zip that can be read, each copied out, so that it can be gone through again."""
    left = MOST_UNZIPPED
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
        members = [member for member in archive.infolist() if _is_read(member)]
        if not members:
            raise Unreadable(
                _("The zip holds no CSV file and no JSON file. If it is an Excel workbook, save its table as CSV.")
            )
        if len(members) > MOST_IN_A_ZIP:
            message = _("The zip holds more than %(most)s files. Unzip it, and name those that you mean.")
            raise Unreadable(message % {"most": MOST_IN_A_ZIP})
        for member in members:
            if member.compress_type not in PACKED:
                raise Unreadable(_("The zip is packed in an unusual way: unzip it."))
            copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  (the stack closes it)
            with archive.open(member) as source:
                left -= _copied(source, copy, left)
            yield Download(f"{shown(PurePosixPath(member.filename).name)} in {name}", copy)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_("The zip is damaged, or it asks for a password: fetch it anew, or unzip it.")) from error


def _is_read(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    return not member.is_dir() and path.suffix.lower() in READ and "__MACOSX" not in path.parts


def _copied(source: IO[bytes], copy: BinaryIO, most: int) -> int:
    """Copy at most so many bytes, and give how many there were. What the zip says of its size is not trusted."""
    size = 0
    while part := source.read(BYTES_AT_ONCE):
        size += len(part)
        if size > most:
            message = _("Unzipped, the files have more than %(most)s MB. Unzip them, and name those that you mean.")
            raise Unreadable(message % {"most": f"{MOST_UNZIPPED / 1_000_000:g}"})
        copy.write(part)
    return size
