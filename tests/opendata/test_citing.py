"""Citations, read back as reference managers read them."""

import datetime
import json
import re

import bibtexparser
import pytest
import rispy
from bibtexparser.bparser import BibTexParser
from hypothesis import given
from hypothesis import strategies as st

from trustportal.opendata.citing import FORMS, Citation, bibtex, csl, in_latex, ris

pytestmark = pytest.mark.either_database

ADDRESS = "https://portal.example/id/6213fa73-8127-58ab-88df-37281ba3c0ff"
AWKWARD = "50% of {x} & y_z #1: £5 ~ $6 ^ \\end, “Zoë’s” – naïve Ærø, Łódź"


def citation(title: str = "Dialysis near home", publisher: str = "The trust", **more: object) -> Citation:
    return Citation("dialysis", title, publisher, "Portal", datetime.date(2026, 11, 3), ADDRESS, **more)


def entry_of(text: str) -> dict[str, str]:
    parser = BibTexParser(common_strings=True)
    [entry] = bibtexparser.loads(text, parser=parser).entries
    return entry


def test_the_words_name_who_when_what_and_where() -> None:
    assert citation().text == (f"The trust (2026). Dialysis near home. Portal. Last updated 3 November 2026. {ADDRESS}")
    assert citation("What next?").text.startswith("The trust (2026). What next? Portal.")
    assert citation("Partners", is_dataset=True).text.startswith("The trust (2026). Partners [data set]. Portal.")


def test_a_reference_manager_reads_bibtex() -> None:
    entry = entry_of(bibtex(citation("Zoë's 50% & more", "King's College, London and others")))

    assert (entry["ENTRYTYPE"], entry["ID"], entry["year"], entry["month"]) == (
        "misc", "dialysis-2026", "2026", "November",
    )  # fmt: skip
    assert entry["url"] == ADDRESS
    assert entry["author"] == "{King's College, London and others}"  # one author, not several
    assert entry["title"] == r"{Zo{\"{e}}'s 50\% \& more}"
    assert entry["note"] == "Last updated 3 November 2026"


def test_latex_prints_what_was_written() -> None:
    latex = in_latex(AWKWARD)

    assert latex.startswith(
        r"50\% of {\textbraceleft}x{\textbraceright} \& y\_z \#1: {\pounds}5 {\textasciitilde} \$6 "
    )
    assert r"{\textasciicircum} {\textbackslash}end, ``Zo{\"{e}}'s'' -- " in latex
    assert r"na{\"{\i}}ve {\AE}r{\o}, {\L}{\'{o}}d{\'{z}}" in latex
    assert latex.isascii()


@given(st.text(max_size=60))
def test_no_title_breaks_out_of_its_field(title: str) -> None:
    text = bibtex(citation(title, title))

    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert set(entry_of(text)) >= {"ID", "author", "title", "year", "url"}
    assert entry_of(text)["url"] == ADDRESS


@given(st.text(max_size=60))
def test_no_title_breaks_ris_or_json(title: str) -> None:
    shown = citation(title, title)
    lines = ris(shown).split("\r\n")

    assert len(lines) == 12
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    [thing] = json.loads(csl(shown))
    assert thing["title"] == shown.title == " ".join(shown.title.split())


def test_a_reference_manager_reads_ris() -> None:
    [entry] = rispy.loads(ris(citation(AWKWARD)))

    assert entry["type_of_reference"] == "ELEC"
    assert entry["title"] == AWKWARD
    assert entry["authors"] == ["The trust"]
    assert (entry["year"], entry["date"], entry["urls"]) == ("2026", "2026/11/03", [ADDRESS])
    [data] = rispy.loads(ris(citation(is_dataset=True)))
    assert data["type_of_reference"] == "DATA"


def test_csl_json_has_what_citation_styles_ask_for() -> None:
    [thing] = json.loads(csl(citation(AWKWARD)))
    [data] = json.loads(csl(citation(is_dataset=True)))

    assert thing == {
        "id": "dialysis-2026",
        "type": "webpage",
        "title": AWKWARD,
        "author": [{"literal": "The trust"}],
        "publisher": "The trust",
        "container-title": "Portal",
        "issued": {"date-parts": [[2026, 11, 3]]},
        "language": "en-GB",
        "URL": ADDRESS,
    }
    assert data["type"] == "dataset"


def test_each_form_has_an_ending_and_a_type() -> None:
    assert list(FORMS) == ["bib", "ris", "csl.json"]
    assert all(form.write(citation()) for form in FORMS.values())
