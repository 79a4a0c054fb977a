"""Noting what readers looked for and did not find, without anything personal, and without making them wait."""

import re

from django.db import DatabaseError, transaction
from django.utils import timezone

from trustportal.search.backends import backend
from trustportal.search.models import FailedSearch
from trustportal.search.models.failed import LONGEST
from trustportal.search.words import clean, tokens

MOST_A_DAY = 300  # different ones; what machines try out shall not fill the table
MOST_WORDS = 6
# An email or web address, or so many digits that they may be a telephone, an NHS or a patient's number.
PERSONAL = re.compile(r"@|://|www\.|(?:\d[\s().-]*){5}")


def noted(text: str) -> str:
    """The words that are noted; "" where the text is long or may say who somebody is."""
    text = clean(text)
    if PERSONAL.search(text.replace(",", "")):
        return ""
    found = [text[token.start : token.end].casefold() for token in tokens(text)]
    words = " ".join(found)
    return words if len(found) <= MOST_WORDS and len(words) <= LONGEST else ""


def note_failure(text: str) -> None:
    """Count words that were looked for in vain. Where the database takes no writing now, nothing is noted."""
    words, today = noted(text), timezone.localdate()
    if not words:
        return
    try:
        with backend().waiting_briefly(), transaction.atomic():
            if FailedSearch.objects.count_again(words, today):
                return
            others = FailedSearch.objects.on(today).count()
            if others == 0:
                FailedSearch.objects.outdated().delete()
            if others < MOST_A_DAY:
                FailedSearch.objects.create(words=words, day=today)
    except DatabaseError:
        return
