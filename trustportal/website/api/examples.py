"""The examples of the page about the API: files that the page shows and the tests run."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from trustportal.opendata.dataset import Words

FOLDER: Path = settings.BASE_DIR / "docs" / "api"
EXAMPLE_SITE = "https://partnerships.example.nhs.uk"  # in the files; on the page it is this portal


@dataclass(frozen=True)
class Example:
    """A program of a few lines."""

    file: str
    language: str
    words: Words

    @cached_property
    def text(self) -> str:
        """The program, with the address of this portal."""
        return (FOLDER / self.file).read_text(encoding="utf-8").replace(EXAMPLE_SITE, settings.SITE_URL)


EXAMPLES = (
    Example("begin.sh", "curl", _("The first three partners")),
    Example("everything.py", "Python", _("All records of a list")),
    Example("table.R", "R", _("A list as a data frame")),
    Example("keep_a_copy.py", "Python", _("A copy that is kept up to date")),
    Example("unchanged.sh", "curl", _("Only what is new")),
    Example("errors.py", "Python", _("What an error says")),
)
BY_FILE = {example.file: example for example in EXAMPLES}
