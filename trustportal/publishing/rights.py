"""Who may do what to which record."""

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.db import models

from trustportal.accounts.models import User
from trustportal.publishing.models import Act, Publishable


def may(by: User, act: str, of: models.Model | type[models.Model]) -> bool:
    """Whether a person has the right to an act ("view", "add", "change", "publish", "delete") on rows of this kind.

    For a record, also whether it is one of those that the person works on: what the public sees anyway, everybody with
    the right may view. A proxy has the rights of the model behind it.
    """
    options = of._meta.concrete_model._meta
    if not by.has_perm(f"{options.app_label}.{get_permission_codename(act, options)}"):
        return False
    if not isinstance(of, Publishable) or (act == "view" and of.is_published):
        return True
    return of.is_within_remit_of(by)


def wrote(person: User, record: Publishable) -> bool:
    """Whether a person wrote in the text that is now on its way to the public."""
    return Act.objects.on(record.itself).of_present_text().writing_by(person).exists()


def needs_other_eyes(person: User, record: Publishable) -> bool:
    """Whether somebody else has to publish what is in work, because this person wrote in it."""
    return settings.FOUR_EYES and record.is_in_work and wrote(person, record)
