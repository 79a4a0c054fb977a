"""Refuses to run in production with the passwords of the demonstration."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

DEMO_ACCOUNTS = {
    "admin": "demo-administrator-1",
    "publisher": "demo-publisher-1",
    "author": "demo-author-1",
}
"""The accounts of the demonstration and their documented passwords, made by `manage.py demo` alone."""


def accounts_with_demo_password() -> list[str]:
    """The names of accounts, active or not, that still open with a password of the demonstration."""
    people = get_user_model().objects.filter(username__in=DEMO_ACCOUNTS).order_by("username")
    return [person.username for person in people if person.check_password(DEMO_ACCOUNTS[person.username])]


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured when production would start with a demonstration account or without its tables."""
    if not settings.IS_PRODUCTION:
        return
    try:
        names = accounts_with_demo_password()
    except DatabaseError as error:
        raise ImproperlyConfigured(
            "The database of DATABASE_URL does not answer or has no tables yet. Check DATABASE_URL, then run: "
            f"manage.py migrate ({error.__class__.__name__})"
        ) from error
    if names:
        raise ImproperlyConfigured(
            f"These accounts still have their demonstration password: {', '.join(names)}. "
            "Give each a new one with manage.py changepassword NAME, or remove the account."
        )
