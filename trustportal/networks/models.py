"""The network as it is kept beside the records: nodes, the works that tie them, and who has which part in a work.

All of it can be made anew from the records (`manage.py rebuild_network`); publication keeps it up to date. A record
is named here by a key of its own, such as "organisation-12": this package knows nothing of the records themselves.
"""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from trustportal.constraints import all_or_none, may_overlap
from trustportal.partial_date import PartialDate, PartialDateField, Span

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

    def in_work(self, sort: str, slug: str | OuterRef) -> Self:
        """Those with a part in a partnership or a programme."""
        return self.filter(ties__work__sort=sort, ties__work__slug=slug).distinct()

    def tied_to(self, slug: str | OuterRef) -> Self:
        """The others with a part in what an organisation has a part in."""
        return self.filter(ties__work__ties__node__slug=slug).exclude(slug=slug)


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
        return self.filter(node__name__gt="")  # which joins the node

    def of_sort(self, sort: str) -> Self:
        """Those in partnerships or in programmes alone; successions go with both."""
        return self.filter(work__sort__in=[sort, Work.Sort.SUCCESSION])

    def of_scope(self, scope: str) -> Self:
        """Those in works that reach so far; a programme reaches as far as its partnership."""
        wider = Work.objects.filter(scope=scope).values("key")
        return self.filter(Q(work__scope=scope) | Q(work__under__in=wider))

    def of_node(self, node: "Node") -> Self:
        """Those of an organisation."""
        return self.filter(node=node)

    def of_nodes(self, keys: list[str]) -> Self:
        """Those of some organisations."""
        return self.filter(node__in=keys)

    def of_works(self, keys: list[str]) -> Self:
        """Those in some works."""
        return self.filter(work__in=keys)

    def of_kind(self, kind: str) -> Self:
        """Those of organisations of a kind."""
        return self.filter(node__kind=kind)

    def at(self, date: PartialDate) -> Self:
        """Those that may hold on a date: neither part, nor work, nor organisation had certainly ended.

        What followed whom is no state of affairs and holds on no date.
        """
        first, last = Span.of(date).first_day, Span.of(date).last_day
        holds = may_overlap("started_on", "ended_on", first, last)
        holds &= may_overlap("work__started_on", "work__ended_on", first, last)
        holds &= may_overlap("", "node__closed_on", first, last)
        return self.filter(holds).exclude(work__sort=Work.Sort.SUCCESSION)

    def in_work_order(self) -> Self:
        """Work by work, the lead first, then by name."""
        return self.order_by("work__name", "work", F("is_lead").desc(), "node__name", "node", "role")

    def work_keys(self, most: int) -> list[str]:
        """The keys of the works in which they are. One query."""
        return list(self.order_by("work").values_list("work_id", flat=True).distinct()[:most])

    def node_keys(self, most: int) -> list[str]:
        """The keys of the organisations whose they are. One query."""
        return list(self.order_by("node").values_list("node_id", flat=True).distinct()[:most])


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


def has_ties(sort: str) -> Exists:
    """Of partners, partnerships or programmes, as `sort` says: whether anybody is tied in the network around them.

    An annotation for records with a slug, so that a page need not ask once more.
    """
    slug = OuterRef("slug")
    if sort == "partner":
        return Exists(Node.objects.tied_to(slug))
    return Exists(Node.objects.in_work(sort, slug)[1:2])  # nobody is tied to themselves alone
