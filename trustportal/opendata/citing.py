"""How a page or a set of data is cited: in words, and for reference managers (BibTeX, RIS, CSL-JSON).

Sources: the BibTeX manual (misc), the RIS format specification (2011), the schema of CSL-JSON 1.0.
"""

import datetime
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from trustportal.opendata.feed import for_xml

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ACCENTS = {  # combining character: the command of LaTeX that puts it on a letter
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k",
}  # fmt: skip
# BibTeX counts braces, with a backslash before them or not, so a brace of the text has a name.
SPECIAL = {  # what means something else to BibTeX or LaTeX, and letters that no accent makes
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}", "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}",
    "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}", "Ø": r"{\O}", "ł": r"{\l}", "Ł": r"{\L}", "ı": r"{\i}",
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"{\ldots}", "£": r"{\pounds}",
}  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """What a citation is made of. The address is the one that stays."""

    key: str  # letters, digits and hyphens, as it may be called in a text
    title: str
    publisher: str
    portal: str  # in what it stands
    updated_on: datetime.date
    address: str
    is_dataset: bool = False

    def __post_init__(self) -> None:
        """Texts have no line breaks, and none of the characters that no text should have."""
        for name in ("title", "publisher", "portal"):
            object.__setattr__(self, name, " ".join(for_xml(getattr(self, name)).split()))

    @property
    def text(self) -> str:
        """The recommended words, after which readers write when they read it."""
        title = f"{self.title} [{_('data set')}]" if self.is_dataset else self.title
        words = _("%(publisher)s (%(year)d). %(title)s %(portal)s. Last updated %(date)s. %(address)s")
        return words % {
            "publisher": self.publisher,
            "year": self.updated_on.year,
            "title": title if title.endswith((".", "?", "!")) else f"{title}.",
            "portal": self.portal,
            "date": date_format(self.updated_on, "j F Y"),
            "address": self.address,
        }


def in_latex(text: str) -> str:
    """A text with each special character written as BibTeX and LaTeX read it, and accents as commands: {\\'e}."""
    found: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        letter, *marks = list(unicodedata.normalize("NFD", character))
        if character in SPECIAL:
            found.append(SPECIAL[character])
        elif len(marks) == 1 and marks[0] in ACCENTS:
            command = ACCENTS[marks[0]]
            base = {"i": r"\i", "j": r"\j"}.get(letter, letter)
            found.append(f"{{\\{command}{{{base}}}}}")
        else:
            found.append(character)
    return "".join(found)


def bibtex(citation: Citation) -> str:
    """For BibTeX. The title and the publisher stand in braces of their own, so that neither is cut up nor recased."""
    on = citation.updated_on
    fields = {
        "author": f"{{{in_latex(citation.publisher)}}}",
        "title": f"{{{in_latex(citation.title)}}}",
        "howpublished": in_latex(citation.portal),
        "year": f"{on.year}",
        "month": MONTHS[on.month - 1],
        "note": in_latex(_("Last updated %(date)s") % {"date": date_format(on, "j F Y")}),
        "url": re.sub(r"[{}\\]", "", citation.address),
    }
    bare = {"month"}  # a name that BibTeX knows
    lines = [f"  {name} = {value if name in bare else f'{{{value}}}'}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{citation.key}-{on.year},", *lines, "}", ""])


def ris(citation: Citation) -> str:
    """For RIS, whose lines end as on Windows."""
    on = citation.updated_on
    lines = [
        ("TY", "DATA" if citation.is_dataset else "ELEC"),
        ("ID", f"{citation.key}-{on.year}"),
        ("AU", citation.publisher),
        ("TI", citation.title),
        ("T2", citation.portal),
        ("PB", citation.publisher),
        ("PY", f"{on.year}"),
        ("DA", f"{on:%Y/%m/%d}"),
        ("LA", "en-GB"),
        ("UR", citation.address),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def csl(citation: Citation) -> str:
    """As CSL-JSON: a list with one thing."""
    on = citation.updated_on
    thing = {
        "id": f"{citation.key}-{on.year}",
        "type": "dataset" if citation.is_dataset else "webpage",
        "title": citation.title,
        "author": [{"literal": citation.publisher}],
        "publisher": citation.publisher,
        "container-title": citation.portal,
        "issued": {"date-parts": [[on.year, on.month, on.day]]},
        "language": "en-GB",
        "URL": citation.address,
    }
    return json.dumps([thing], ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class Form:
    """A form of citations: how it is called, how it is sent, what writes it."""

    label: str
    content_type: str
    write: Callable[[Citation], str]


FORMS: Mapping[str, Form] = {
    "bib": Form("BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
    "ris": Form("RIS", "application/x-research-info-systems; charset=utf-8", ris),
    "csl.json": Form("CSL-JSON", "application/vnd.citationstyles.csl+json", csl),
}
"""By the ending of the file."""
