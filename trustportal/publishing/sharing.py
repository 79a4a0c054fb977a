"""Links to texts that are not public yet, for people without an account."""

import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trustportal.accounts.models import User
from trustportal.publishing import workflow
from trustportal.publishing.models import Act, Publishable, ShareLink, State

USUAL_DAYS = 7
MOST_DAYS = 90


@transaction.atomic
def share(record: Publishable, *, by: User, days: int = USUAL_DAYS, at: datetime.datetime | None = None) -> ShareLink:
    """Make a link to a draft or a change that works for some days (1 to 90). Raises WrongState or NotAllowed."""
    record = workflow.checked(record, by, act="change", states={State.DRAFT, State.IN_REVIEW})
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"a link works for 1 to {MOST_DAYS} days, not {days}")
    at = at or timezone.now()
    link = ShareLink.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        made_by=by,
        made_at=at,
        expires_at=at + datetime.timedelta(days=days),
    )
    words = ngettext("For %d day", "For %d days", days) % days
    workflow.write_down(record, Act.Verb.SHARED, by, at, words)
    return link


@transaction.atomic
def revoke(link: ShareLink, *, by: User, at: datetime.datetime | None = None) -> None:
    """End a link now. One that has ended stays as it is. Raises NotAllowed."""
    if not workflow.may(by, "change", link.record):
        raise workflow.NotAllowed(_("You may not do this to “%(record)s”.") % {"record": link.record})
    at = at or timezone.now()
    if ShareLink.objects.filter(pk=link.pk, ended_at__isnull=True).update(ended_at=at):
        workflow.write_down(link.record, Act.Verb.UNSHARED, by, at)
