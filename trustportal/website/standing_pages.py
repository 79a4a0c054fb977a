"""The pages about the portal itself. Their texts are templates; their dates are kept here."""

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class StandingPage:
    """A page about the portal: its title, and when its text was last changed and last checked as a whole."""

    title: str | Promise
    updated_on: datetime.date
    last_reviewed_on: datetime.date
    next_review_due_on: datetime.date


WRITTEN = datetime.date(2026, 11, 23)
NEXT = datetime.date(2027, 11, 23)
PRIVACY = datetime.date(2026, 11, 26)

STANDING_PAGES = {
    "about": StandingPage(_("About this portal"), WRITTEN, WRITTEN, NEXT),
    "accessibility": StandingPage(_("Accessibility statement"), WRITTEN, WRITTEN, NEXT),
    "privacy": StandingPage(_("Privacy"), PRIVACY, PRIVACY, NEXT),
    "cookies": StandingPage(_("Cookies"), WRITTEN, WRITTEN, NEXT),
    "contact": StandingPage(_("Contact us"), WRITTEN, WRITTEN, NEXT),
}
