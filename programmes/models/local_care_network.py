"""The facts of a local care network: whom it serves and why, its board and the board's members."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models import CitedPart, Organisation
from programmes.models.programme import Programme
from trustportal.constraints import unique
from trustportal.publishing.models import PartQuerySet, State


class LocalCareNetworkQuerySet(PartQuerySet):
    """The words for the facts of local care networks."""

    def for_export(self) -> Self:
        """What a row of a file needs: the board too."""
        return super().for_export().select_related("programme__board")


class LocalCareNetwork(CitedPart):
    """A programme in which the services of one place work as one, with a board and a care model in steps.

    The steps of the care model are statements of the programme; the area is the programme's.
    """

    record_field = "programme"
    natural_key_fields = ("programme__slug",)

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="local_care_network")
    people_served = models.TextField(
        _("people served"), max_length=400, help_text=_("For example: people with three or more long-term conditions.")
    )
    reason = models.TextField(_("why it was set up"), help_text=_("What was wrong before, in Markdown."))
    care_model_name = models.CharField(
        _("name of the care model"), max_length=100, blank=True, help_text=_("For example: Coordinated care.")
    )

    objects = LocalCareNetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("facts of the local care network")
        verbose_name_plural = _("facts of the local care network")

    def __str__(self) -> str:
        return str(self.programme)


class Board(CitedPart):
    """The one board of a local care network."""

    record_field = "programme"
    natural_key_fields = ("programme__slug",)

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="board")
    name = models.CharField(_("name"), max_length=100, help_text=_("For example: LCN Board."))
    remit = models.TextField(_("remit"), max_length=600, help_text=_("What it decides, in a sentence or two."))

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")

    def __str__(self) -> str:
        return self.name


class BoardMemberQuerySet(PartQuerySet):
    """The words for board members."""

    def for_page(self) -> Self:
        """The published members, A to Z."""
        return (
            self.filter(organisation__state=State.PUBLISHED)
            .select_related("organisation", "source")
            .order_by("organisation__name", "pk")
        )


class BoardMember(CitedPart):
    """An organisation with a seat on the board."""

    record_field = "programme"
    natural_key_fields = ("programme__slug", "organisation__slug")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="board_members")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="board_seats", verbose_name=_("organisation")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = BoardMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("board member")
        verbose_name_plural = _("board members")
        constraints = [
            unique("programme", "organisation", name="once", message=_("It is a member of the board already."))
        ]

    def __str__(self) -> str:
        return str(self.organisation)
