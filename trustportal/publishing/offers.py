"""The acts of the workflow as the admin offers them: on the page of a record and in the lists."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from trustportal.accounts.models import User
from trustportal.publishing import scheduling, sharing, workflow
from trustportal.publishing.models import Publishable, Schedule, State, leads_somewhere
from trustportal.publishing.rights import needs_other_eyes

LONGEST_NOTE = 400  # as long as the reason for a withdrawal may be


class NoteForm(forms.Form):
    """What the author should mend."""

    note = forms.CharField(
        label=_("What the author should mend"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )


class WithdrawalForm(forms.Form):
    """Why a page goes, and where readers should go instead."""

    reason = forms.CharField(
        label=_("Reason, which the public reads"),
        max_length=LONGEST_NOTE,
        help_text=_("For example: The service has moved."),
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )
    see_instead = forms.CharField(
        label=_("See instead, if there is another page"),
        required=False,
        max_length=250,
        validators=[leads_somewhere],
        help_text=_("The address of a page of this portal, such as /programmes/, or one that begins with https://."),
    )


class TimeForm(forms.Form):
    """When the portal shall do it by itself."""

    due_at = forms.DateTimeField(
        label=_("Date and time"),
        help_text=_("As clocks show it in the United Kingdom, for example: 1 April 2027 at 9:00."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Write a date and a time, for example: 2027-04-01 09:00.")},
    )


class WithdrawalTimeForm(TimeForm, WithdrawalForm):
    """When a page goes, and why."""

    field_order = ("due_at", "reason", "see_instead")


class ShareForm(forms.Form):
    """How long a link works."""

    days = forms.IntegerField(
        label=_("Days until the link ends"), min_value=1, max_value=sharing.MOST_DAYS, initial=sharing.USUAL_DAYS
    )


class SureForm(forms.Form):
    """Nothing to fill in: the page asks whether the editor is sure."""


@dataclass(frozen=True)
class Offer:
    """An act of the workflow, as the admin offers it."""

    name: str
    label: str
    done: object  # how to say that it was done to so many records
    run: Callable[..., object]
    right: str
    states: tuple[State, ...]
    form: type[forms.Form] | None = None  # what it asks, on a page of its own; None: one click
    explanation: object = ""  # on that page
    for_changes: bool | None = None  # True: working copies alone; False: records themselves alone; None: both
    in_bulk: bool = False
    is_publication: bool = False  # so that nobody does it to their own text

    def suits(self, record: Publishable, person: User) -> bool:
        """Whether the record stands so that the act leads on, and the person may do it."""
        return (
            record.state in self.states
            and (self.for_changes is None or self.for_changes == record.is_change)
            and workflow.may(person, self.right, record)
            and not (self.is_publication and needs_other_eyes(person, record))
        )


def _schedule_publication(record: Publishable, *, by: User, **asked: object) -> Publishable:
    scheduling.schedule(record, Schedule.What.PUBLISH, by=by, **asked)
    return record


def _schedule_withdrawal(record: Publishable, *, by: User, **asked: object) -> Publishable:
    scheduling.schedule(record, Schedule.What.WITHDRAW, by=by, **asked)
    return record


def _share(record: Publishable, *, by: User, days: int) -> Publishable:
    sharing.share(record, by=by, days=days)
    return record


OFFERS = (
    Offer(
        "start_change",
        _("Start a change"),
        ngettext_lazy("A change was started. Readers go on seeing the old text.", "%d changes were started."),
        workflow.start_change,
        "change",
        (State.PUBLISHED, State.WITHDRAWN),
        for_changes=False,
    ),
    Offer(
        "submit",
        _("Submit for review"),
        ngettext_lazy("%d record was submitted for review.", "%d records were submitted for review."),
        workflow.submit,
        "change",
        (State.DRAFT,),
        in_bulk=True,
    ),
    Offer(
        "return_to_draft",
        _("Return to draft"),
        ngettext_lazy("%d record was returned to draft.", "%d records were returned to draft."),
        workflow.return_to_draft,
        "publish",
        (State.IN_REVIEW,),
        form=NoteForm,
        explanation=_("The author gets the text back with your note."),
    ),
    Offer(
        "publish",
        _("Publish"),
        ngettext_lazy("%d record was published.", "%d records were published."),
        workflow.publish,
        "publish",
        (State.DRAFT, State.IN_REVIEW, State.WITHDRAWN),
        in_bulk=True,
        is_publication=True,
    ),
    Offer(
        "schedule",
        _("Publish at a set time"),
        ngettext_lazy("The publication was scheduled.", "%d publications were scheduled."),
        _schedule_publication,
        "publish",
        (State.DRAFT, State.IN_REVIEW),
        form=TimeForm,
        explanation=_("The portal publishes it by itself, in your name. Until then nobody can edit it."),
        is_publication=True,
    ),
    Offer(
        "confirm_reviewed",
        _("Reviewed, still right"),
        ngettext_lazy("%d record was marked as reviewed.", "%d records were marked as reviewed."),
        workflow.confirm_reviewed,
        "publish",
        (State.PUBLISHED,),
        in_bulk=True,
    ),
    Offer(
        "share",
        _("Share by link"),
        ngettext_lazy("The link is ready: it stands below.", "%d links are ready."),
        _share,
        "change",
        (State.DRAFT, State.IN_REVIEW),
        form=ShareForm,
        explanation=_(
            "Whoever has the link reads this text without an account. It ends by itself, when you revoke it, and when "
            "the text is published."
        ),
    ),
    Offer(
        "withdraw",
        _("Withdraw"),
        ngettext_lazy("%d record was withdrawn.", "%d records were withdrawn."),
        workflow.withdraw,
        "publish",
        (State.PUBLISHED, State.WITHDRAWN),
        form=WithdrawalForm,
        explanation=_("The page goes. Whoever comes to its address reads why."),
    ),
    Offer(
        "schedule_withdrawal",
        _("Withdraw at a set time"),
        ngettext_lazy("The withdrawal was scheduled.", "%d withdrawals were scheduled."),
        _schedule_withdrawal,
        "publish",
        (State.PUBLISHED,),
        form=WithdrawalTimeForm,
        explanation=_("The portal withdraws the page by itself, in your name."),
    ),
    Offer(
        "discard",
        _("Discard this change"),
        ngettext_lazy("The change was discarded.", "%d changes were discarded."),
        workflow.discard,
        "change",
        (State.DRAFT, State.IN_REVIEW),
        form=SureForm,
        explanation=_("All that was written in this change is lost. What the public sees stays as it is."),
        for_changes=True,
    ),
)
