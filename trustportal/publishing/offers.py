"""The acts of the workflow as the admin offers them: on the page of a record and in the lists."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.admin.helpers import ActionForm
from django.forms import CharField, TextInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from trustportal.publishing import workflow
from trustportal.publishing.models import Publishable, State

LONGEST_NOTE = 400  # as long as the reason for a withdrawal may be


@dataclass(frozen=True)
class Offer:
    """An act of the workflow, as the admin offers it."""

    name: str
    label: str
    done: object  # how to say that it was done to so many records
    run: Callable[..., Publishable]
    right: str
    states: tuple[State, ...]
    note_as: str = ""  # the workflow's name for the note, where the act takes one
    note_label: str = ""
    needs_note: bool = False


OFFERS = (
    Offer(
        "submit",
        _("Submit for review"),
        ngettext_lazy("%d record was submitted for review.", "%d records were submitted for review."),
        workflow.submit,
        "change",
        (State.DRAFT,),
    ),
    Offer(
        "return_to_draft",
        _("Return to draft"),
        ngettext_lazy("%d record was returned to draft.", "%d records were returned to draft."),
        workflow.return_to_draft,
        "publish",
        (State.IN_REVIEW,),
        "note",
        _("What the author should mend"),
    ),
    Offer(
        "publish",
        _("Publish"),
        ngettext_lazy("%d record was published.", "%d records were published."),
        workflow.publish,
        "publish",
        (State.DRAFT, State.IN_REVIEW, State.WITHDRAWN),
    ),
    Offer(
        "confirm_reviewed",
        _("Reviewed, still right"),
        ngettext_lazy("%d record was marked as reviewed.", "%d records were marked as reviewed."),
        workflow.confirm_reviewed,
        "publish",
        (State.PUBLISHED,),
    ),
    Offer(
        "withdraw",
        _("Withdraw"),
        ngettext_lazy("%d record was withdrawn.", "%d records were withdrawn."),
        workflow.withdraw,
        "publish",
        (State.PUBLISHED,),
        "reason",
        _("Reason, which the public reads"),
        needs_note=True,
    ),
)


class NoteForm(ActionForm):
    """The list's choice of an act, with room for a note."""

    note = CharField(
        label=_("Note or reason:"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=TextInput(attrs={"size": 40, "maxlength": LONGEST_NOTE}),
    )
