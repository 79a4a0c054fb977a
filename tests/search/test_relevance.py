"""What readers find first, on the seed content: the same on both databases, which a failing case names.

Each case is what somebody types, and the titles that come first, in order; "type: title" where several are called so.
"""

import pytest
from django.db import connection

from trustportal.search.searching import Results, search

pytestmark = pytest.mark.usefixtures("content")

GSTT = "Guy's and St Thomas' NHS Foundation Trust"
LEEDS = "Leeds Teaching Hospitals NHS Trust"
GENOMES = ["100,000 Genomes Project", "Partners in the 100,000 Genomes Project"]
INTEGRATED = "Integrated Care Programme"
NETWORK = "North Southwark Local Care Network"
CYPHP = "Children and Young People's Health Partnership"
DIALYSIS = ["Satellite dialysis", "Borough dialysis", "Camberwell dialysis"]
KIDNEY = ["Clinical networks for specialist care", "Satellite dialysis"]
HOSPITALS = [GSTT, "Guy's and St Thomas' community services", "St Thomas' Hospital", "Guy's Hospital"]
CASES: dict[str, list[str]] = {
    # The name itself, short names, other names
    "guy's and st thomas' nhs foundation trust": [GSTT],
    "Guy's and St Thomas'": [GSTT],
    "gstt": [GSTT],
    "LTHT": [LEEDS],
    "Leeds Teaching Hospitals": [LEEDS],
    "KHP": ["organisation: King's Health Partners", "partnership: King's Health Partners"],
    "CQC": ["Care Quality Commission"],
    "qhs": ["Quay Health Solutions"],
    "linde": ["The Linde Group", "Respiratory care with The Linde Group"],
    "macmillan": ["Macmillan Cancer Support"],
    "evelina london": ["Evelina London Healthcare"],
    "department of health": ["Department of Health and Social Care"],
    "yorkshire and humber academic health science network": ["Health Innovation Yorkshire and Humber"],
    "together we care": ["strategy: Together we care"],
    "NHS England": ["NHS England"],
    "university of leeds": ["University of Leeds"],
    "medway": ["Medway NHS Foundation Trust", "Medway Maritime Hospital"],
    # Codes and postcodes
    "RJ1": [GSTT],
    "rj1": [GSTT],
    "rr8": [LEEDS],
    "QKK": ["NHS South East London Integrated Care Board"],
    "E54000030": ["NHS South East London Integrated Care Board"],
    "SE1 7EH": ["St Thomas' Hospital"],
    "se17eh": ["St Thomas' Hospital"],
    "ls9 7tf": ["St James's University Hospital"],
    # Endings
    "discharges": [INTEGRATED],
    "discharged": [INTEGRATED],
    "genome": ["Partners in the 100,000 Genomes Project", "100,000 Genomes Project"],
    "physicist": ["Training medical physicists for Malta"],
    # Accents, capitals, apostrophes
    "st thomas": ["St Thomas' Hospital"],
    "St Thomas'": ["St Thomas' Hospital"],
    "st thomas’s": ["St Thomas' Hospital"],
    "guys and st thomas": [GSTT],
    "kings health partners": ["organisation: King's Health Partners"],
    "queen marys hospital": ["Queen Mary's Hospital, Sidcup"],
    "BUURTZORG": ["Buurtzorg", "Community nursing with Buurtzorg"],
    "diályšis": DIALYSIS,
    "King Hussein Cancer Centre": ["King Hussein Cancer Center"],
    # Hyphens and numbers
    "COVID-19": [INTEGRATED],
    "covid 19": [INTEGRATED],
    "covid19": [INTEGRATED],
    "100,000": GENOMES,
    "100000": GENOMES,
    "100,000 genomes": GENOMES,
    "self-managed": ["Test of self-managed nursing teams"],
    "self managed": ["Test of self-managed nursing teams"],
    "selfmanaged": ["Test of self-managed nursing teams"],
    # Phrases in quotes
    '"care close to home"': ["Join up care close to home"],
    "“100,000 genomes project”": GENOMES,
    '"genomes 100,000"': [],
    '"critical care placement" jamaica': ["Critical care placement for nurses from Jamaica"],
    # The last word may not be finished
    "tun": ["Tunbridge Wells dialysis"],
    "tunbri": ["Tunbridge Wells dialysis"],
    "nursin": ["Community nursing with Buurtzorg"],
    "lane fox rem": ["Lane Fox REMEO Respiratory Centre"],
    "hussei": ["King Hussein Cancer Center"],
    # Words that mean the same
    "kidney": KIDNEY,
    "renal": KIDNEY,
    "A&E": [INTEGRATED],
    "a & e": [INTEGRATED],
    "accident and emergency": [INTEGRATED],
    "LCN": [NETWORK],
    "LCNs": [NETWORK],
    "southwark ccg": ["NHS Southwark Clinical Commissioning Group"],
    "clinical commissioning group": ["NHS Leeds Clinical Commissioning Group"],
    "GP": ["Quay Health Solutions"],
    "paediatric": [f"organisation: {CYPHP}", f"partnership: {CYPHP}"],
    "radiation therapy": ["Three radiotherapy machines for Malta"],
    # Title before body, then partners, partnerships, programmes, sites, outcomes
    "dialysis": DIALYSIS,
    "lincoln green": ["Lincoln Green employment and skills project", "Lincoln Green, Leeds"],
    "buddying": ["Buddying with Medway"],
    "malta nurses": ["Training nurses for Malta"],
    "jamaican": ["organisation: Jamaican Ministry of Health", "partnership: Jamaican Ministry of Health"],
    "southwark": ["Southwark Council"],
    "care": ["Care Quality Commission"],
    "sidcup": ["Sidcup dialysis"],
    "integrated care programme": [INTEGRATED],
    # The more of the words in the title, the better
    "guys and st thomas hospitals": HOSPITALS,
    "guys and st thomas hospital": HOSPITALS,
    "hospital leeds university trust": ["St James's University Hospital", "Leeds Academic Health Partnership"],
}
MENDED: dict[str, tuple[str, list[str]]] = {
    "respirtory": ("respiratory", ["Respiratory care with The Linde Group", "Lane Fox REMEO Respiratory Centre"]),
    "Guys and St Tomas": ("Guys and St Thomas", [GSTT]),
    "diallysis": ("dialysis", DIALYSIS),
    "burtzorg": ("buurtzorg", ["Buurtzorg"]),
    "Medwya hospital": ("Medway hospital", ["Medway Maritime Hospital"]),
    "king hussain cancer centre": ("king hussein cancer centre", ["King Hussein Cancer Center"]),
    "southwrk council": ("southwark council", ["Southwark Council"]),
    "hospitl": ("hospital", ["Leeds Hospitals Charity"]),
    "dialisis": ("dialysis", DIALYSIS),
    "soutwark": ("southwark", ["Southwark Council"]),
    "Comission": ("Commission", ["Care Quality Commission"]),
    "kidny": ("kidney", KIDNEY),
    "Dimbelby": ("Dimbleby", ["Dimbleby Cancer Care"]),
    "caer": ("care", ["Care Quality Commission"]),
    "repsirtory": ("respiratory", ["Respiratory care with The Linde Group"]),
}
# What no page has, though some have a word that is not so different: "every", "result", "kinds", "other", "there".
NOT_MENDED = ["eldery", "résumé", "kids", "mother", "theatre"]
SOME_WORDS: dict[str, list[str]] = {
    "who do we work with in jamaica": ["organisation: Jamaican Ministry of Health"],
    "dialysis in wolverhampton": DIALYSIS[:1],
    "southwark council partnership": ["Southwark Council", "Learning Partnerships"],
}


def first(results: Results, like: list[str]) -> list[str]:
    """As many titles as are expected, with the type where the expected one has it."""
    rows = results.rows[: len(like)] if like else results.rows[:1]
    return [
        f"{row.type}: {row.title}" if at < len(like) and like[at].startswith(f"{row.type}: ") else row.title
        for at, row in enumerate(rows)
    ]


@pytest.mark.parametrize("typed", CASES)
def test_readers_find_first_what_they_mean(typed):
    results = search(typed, {})

    assert first(results, CASES[typed]) == CASES[typed], f"{connection.vendor}: {typed}"
    assert not results.is_mended, f"{connection.vendor}: {typed}"
    assert not results.has_some_words, f"{connection.vendor}: {typed}"


@pytest.mark.parametrize("typed", MENDED)
def test_what_was_misspelt_is_mended_where_nothing_has_it(typed):
    better, expected = MENDED[typed]

    results = search(typed, {})

    assert results.is_mended, f"{connection.vendor}: {typed}"
    assert results.query.text == better, f"{connection.vendor}: {typed}"
    assert first(results, expected) == expected, f"{connection.vendor}: {typed}"


@pytest.mark.parametrize("typed", NOT_MENDED)
def test_a_word_is_not_mended_to_one_that_nobody_meant(typed):
    results = search(typed, {})

    assert results.query.text == typed
    assert results.total == 0


@pytest.mark.parametrize("typed", SOME_WORDS)
def test_where_nothing_has_all_words_the_rarest_count_most(typed):
    results = search(typed, {})

    assert results.has_some_words, f"{connection.vendor}: {typed}"
    assert first(results, SOME_WORDS[typed]) == SOME_WORDS[typed], f"{connection.vendor}: {typed}"


def test_there_are_sixty_cases_and_more():
    assert len(CASES) + len(MENDED) + len(SOME_WORDS) >= 80
