"""The network as it is kept beside the records: nodes, the works that tie them, and who has which part in a work.

All of it can be made anew from the records (`manage.py rebuild_network`); publication keeps it up to date. A record
is named here by a key of its own, such as "organisation-12": this package knows nothing of the records themselves.
"""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import all_or_none, certain_to_miss
from trustportal.partial_date import PartialDate, PartialDateField

KEY_LENGTH = 60


class Placed(models.Model):
    """Something with a place in the picture, in units in which a tie is about 1 long; empty until it is placed."""

    x = models.FloatField(_("place from left to right"), null=True)
    y = models.FloatField(_("place from top to bottom"), null=True)

    class Meta:
        abstract = True
        constraints = [
            all_or_none("x", "y", name="place", message=_("A place has two numbers.")),
        ]


class NodeQuerySet(models.QuerySet):
    """The words for nodes."""

    def tied(self) -> Self:
        """Those that have a part in any work."""
        return self.filter(key__in=Tie.objects.values("node"))


class Node(Placed):
    """An organisation that the public sees, as the network draws it."""

    key = models.CharField(_("key"), max_length=KEY_LENGTH, primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=50, blank=True)
    slug = models.SlugField(_("address"), max_length=100)
    address = models.CharField(_("page"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20)
    closed_on = PartialDateField(_("closed"), null=True)

    objects = NodeQuerySet.as_manager()

    class Meta(Placed.Meta):
        verbose_name = _("node of the network")
        verbose_name_plural = _("nodes of the network")

    def __str__(self) -> str:
        return self.name


class WorkQuerySet(models.QuerySet):
    """The words for works."""

    def of(self, node_keys: Iterable[str] | models.QuerySet) -> Self:
        """Those in which any of some nodes has a part."""
        return self.filter(key__in=Tie.objects.filter(node__in=node_keys).values("work"))

    def of_sort(self, sort: str) -> Self:
        """Partnerships or programmes alone; successions go with both."""
        return self.filter(sort__in=[sort, Work.Sort.SUCCESSION])

    def of_scope(self, scope: str) -> Self:
        """Those that reach so far; a programme reaches as far as its partnership."""
        wider = self.model.objects.filter(scope=scope).values("key")
        return self.filter(Q(scope=scope) | Q(under__in=wider))

    def with_kind(self, kind: str) -> Self:
        """Those in which an organisation of a kind has a part."""
        return self.filter(key__in=Tie.objects.shown().filter(node__kind=kind).values("work"))

    def at(self, date: PartialDate) -> Self:
        """Those that may hold on a date. What followed whom is no state of affairs and holds on no date."""
        missed = certain_to_miss(str(date), "started_on", "ended_on")
        return self.exclude(missed).exclude(sort=Work.Sort.SUCCESSION)


class Work(Placed):
    """What ties organisations: a partnership, a programme, or that one organisation followed another."""

    class Sort(models.TextChoices):
        """What sort of tie."""

        PARTNERSHIP = "partnership", _("Partnership")
        PROGRAMME = "programme", _("Programme")
        SUCCESSION = "succession", _("What followed")

    key = models.CharField(_("key"), max_length=KEY_LENGTH, primary_key=True)
    record = models.CharField(_("key of the record that says it"), max_length=KEY_LENGTH, db_index=True)
    sort = models.CharField(_("sort"), max_length=12, choices=Sort)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=100)
    address = models.CharField(_("page"), max_length=200)
    scope = models.CharField(_("how far it reaches"), max_length=15, blank=True)
    under = models.CharField(_("key of the work to which it belongs"), max_length=KEY_LENGTH, blank=True)
    started_on = PartialDateField(_("began"), null=True)
    ended_on = PartialDateField(_("ended"), null=True)
    is_over = models.BooleanField(_("is over"), default=False)  # also where nobody knows when it ended

    objects = WorkQuerySet.as_manager()

    class Meta(Placed.Meta):
        verbose_name = _("work of the network")
        verbose_name_plural = _("works of the network")
        indexes = [models.Index(fields=["sort", "scope"], name="network_work_sort")]

    def __str__(self) -> str:
        return self.name


class TieQuerySet(models.QuerySet):
    """The words for ties."""

    def shown(self) -> Self:
        """Those of organisations that the public sees: they have a node."""
        return self.filter(node__in=Node.objects.values("key"))

    def at(self, date: PartialDate) -> Self:
        """Those that may hold on a date: neither the part nor the organisation itself had certainly ended."""
        return self.exclude(certain_to_miss(str(date), "started_on", "ended_on")).exclude(
            Q(node__closed_on__isnull=False) & certain_to_miss(str(date), None, "node__closed_on")
        )

    def in_work_order(self) -> Self:
        """Work by work, the lead first, then by name."""
        return self.order_by("work__name", "work", F("is_lead").desc(), "node__name", "node", "role")


class Tie(models.Model):
    """An organisation's part in a work: the lead, or a role with dates.

    It is kept also while the organisation has no node, that is while the public does not see it; then nobody sees the
    tie either. When the organisation is published, its ties are there.
    """

    work = models.ForeignKey(Work, models.CASCADE, related_name="ties", verbose_name=_("work"))
    node = models.ForeignKey(
        Node, models.DO_NOTHING, related_name="ties", db_constraint=False, verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20)
    is_lead = models.BooleanField(_("leads"), default=False)
    started_on = PartialDateField(_("from"), null=True)
    ended_on = PartialDateField(_("until"), null=True)

    objects = TieQuerySet.as_manager()

    class Meta:
        verbose_name = _("tie of the network")
        verbose_name_plural = _("ties of the network")
        constraints = [models.UniqueConstraint(fields=["work", "node", "role"], name="networks_tie_once")]

    def __str__(self) -> str:
        return f"{self.node_id}, {self.role}: {self.work_id}"
