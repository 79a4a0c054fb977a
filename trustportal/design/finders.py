"""Finds the NHS design system's stylesheet in its package and makes it fit for this site.

The package `wagtail-nhsuk-frontend` carries the compiled styles. Two things in them do not fit: `@font-face` rules that
would call a third party (and fonts that need a licence), and a link to a source map that is not there.
"""

from __future__ import annotations  # the method `list` hides the type

import importlib.util
import re
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

PACKAGED = "css/nhsuk-frontend-*.min.css"
PUBLISHED = "nhsuk/nhsuk-frontend.css"
ICONS = {"nhsuk/favicon.svg": "favicons/favicon.svg", "nhsuk/favicon.ico": "favicons/favicon.ico"}


def fit_for_this_site(css: str) -> str:
    """Drop the font rules and the link to the source map from the packaged styles."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    return re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", css)


@cache
def packaged_folder() -> Path:
    """Where the package keeps its static files. Raises FileNotFoundError when it is not installed."""
    package = importlib.util.find_spec("wagtailnhsukfrontend")
    if package is None or package.origin is None:
        raise FileNotFoundError("The package wagtail-nhsuk-frontend is not installed. Run: make install")
    return Path(package.origin).parent / "static" / "wagtailnhsukfrontend"


class PackagedStorage(FileSystemStorage):
    """The package's files under our names, the stylesheet made fit."""

    def __init__(self) -> None:
        super().__init__(location=packaged_folder())

    def path(self, name: str) -> str:
        """Where a file of ours lies in the package."""
        if name == PUBLISHED:
            return str(next(packaged_folder().glob(PACKAGED)))
        return str(packaged_folder() / ICONS[name])

    def _open(self, name: str, mode: str = "rb") -> File:
        content = Path(self.path(name)).read_bytes()
        if name == PUBLISHED:
            content = fit_for_this_site(content.decode()).encode()
        return ContentFile(content, name=name)


class PackagedStylesFinder(BaseFinder):
    """Offers the package's stylesheet and icons to collectstatic and to the development server."""

    def list(self, ignore_patterns: object) -> Iterator[tuple[str, FileSystemStorage]]:
        """The files that collectstatic copies."""
        storage = PackagedStorage()
        for name in [PUBLISHED, *ICONS]:
            yield name, storage

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> str | Sequence[str]:
        """A file on disk, for the development server, which reads no storage."""
        if path in [PUBLISHED, *ICONS]:
            fitted = _fitted_folder() / path
            if not fitted.exists():
                fitted.parent.mkdir(parents=True, exist_ok=True)
                fitted.write_bytes(PackagedStorage().open(path).read())
            return [str(fitted)] if find_all else str(fitted)
        return []


@cache
def _folder_of_this_process() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="portal-styles-")


def _fitted_folder() -> Path:
    return Path(_folder_of_this_process().name)
