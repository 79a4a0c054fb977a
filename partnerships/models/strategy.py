"""Strategies, their priorities and their aims: what the trust wants."""

from typing import Self

from django.db import models
from django.db.models import Case, F, Prefetch, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.models.finding import published_name
from partnerships.models.source import CitedPart, CitedRecord, CitedRecordQuerySet, Source
from trustportal.constraints import holds, not_before, unique
from trustportal.partial_date import PartialDateField, period_in_words
from trustportal.publishing.models import PartQuerySet, State
from trustportal.search.filling import fill
from trustportal.search.models import SearchText, plain
from trustportal.search.reading import Rows, Told


class StrategyQuerySet(CitedRecordQuerySet):
    """The words for strategies."""

    def for_search(self) -> dict[str, Rows]:
        """What the search needs to know besides."""
        return {
            "record": Rows(self.searched(), "pk", published_name("lead")),
            "values": Rows(StrategyValue.objects.order_by("position"), "strategy", "text"),
        }

    def for_export(self) -> Self:
        """What a row of a file needs."""
        return self.with_named("lead").with_rows(sources=Source.objects.for_reference().in_name_order())

    def for_list(self) -> Self:
        """What a row of the list needs."""
        return self.select_related("lead").prefetch_related(
            Prefetch("priorities", Priority.objects.published().in_strategy_order(), to_attr="published_priorities")
        )

    def for_page(self) -> Self:
        """What the strategy's own page needs: its priorities with their aims, its values, its sources."""
        aims = Aim.objects.published().in_priority_order()
        priorities = Priority.objects.published().in_strategy_order()
        return self.select_related("lead").prefetch_related(
            Prefetch("values", StrategyValue.objects.select_related("source").order_by("position")),
            Prefetch(
                "priorities",
                priorities.prefetch_related(
                    Prefetch("aims", aims, to_attr="published_aims"), Prefetch("sources", Source.objects.for_foot())
                ),
                to_attr="published_priorities",
            ),
            Prefetch("sources", Source.objects.for_foot()),
        )


class Strategy(CitedRecord):
    """What a trust has said it wants to reach in the coming years."""

    answered_for_by = "lead_id"
    search_standing = 6
    wanted = {
        "started_on": _("when it begins"),
        "description": _("why it came about"),
        "foundations": _("what it rests on"),
        "values": _("what the trust stands for"),
        "sources": _("the sources"),
    }

    lead = models.ForeignKey(
        "partnerships.Organisation", models.PROTECT, related_name="strategies", verbose_name=_("whose it is")
    )
    vision = models.TextField(_("vision"), max_length=600, help_text=_("What it wants to be, in a sentence or two."))
    started_on = PartialDateField(_("from"), null=True, blank=True)
    ended_on = PartialDateField(_("until"), null=True, blank=True)
    length_in_years = models.PositiveSmallIntegerField(_("length in years"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Why it came about, in Markdown."))
    foundations = models.TextField(_("what it rests on"), blank=True, help_text=_("In Markdown."))

    objects = StrategyQuerySet.as_manager()

    class Meta(CitedRecord.Meta):
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        constraints = [
            *CitedRecord.Meta.constraints,
            not_before("ended_on", "started_on", message=_("A strategy does not end before it begins.")),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("strategy-detail", args=[self.slug])

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search."""
        [(lead,)] = told["record"]
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=self.get_absolute_url(),
            updated_at=self.updated_at,
            body=(
                self.vision,
                plain(self.description),
                plain(self.foundations),
                *(text for (text,) in told["values"]),
                lead,
            ),
            year=str(self.started_on.year) if self.started_on else "",
            lead_key=self.lead_id,
        )

    def on_published(self) -> None:
        """Write its entry and those of its priorities."""
        super().on_published()
        self._fill_priorities()

    def on_withdrawn(self) -> None:
        """Take its entry away, and those of its priorities, which are on its page."""
        super().on_withdrawn()
        self._fill_priorities()

    def _fill_priorities(self) -> None:
        fill(Priority, list(self.priorities.published()))

    @property
    def period(self) -> str:
        """When it holds, in words, or how long where the dates are not known."""
        length = self.length_in_years
        years = ngettext("%(count)d year", "%(count)d years", length) % {"count": length} if length else ""
        return period_in_words(self.started_on, self.ended_on) or years


class StrategyValue(CitedPart):
    """Something that the trust stands for."""

    record_field = "strategy"
    natural_key_fields = ("strategy__slug", "position")

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="values")
    position = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"), max_length=400)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        constraints = [
            unique("strategy", "position", name="once", message=_("Two values have this number.")),
            holds(Q(position__gte=1), name="counted_from_one", message=_("Numbers begin with 1.")),
        ]

    def __str__(self) -> str:
        return self.text[:80]


def address_in(strategy: str, priority: str) -> str:
    """The place of a priority on the page of its strategy, both named by their slugs."""
    return f"{reverse('strategy-detail', args=[strategy])}#priority-{priority}"


class PriorityQuerySet(CitedRecordQuerySet):
    """The words for priorities."""

    def searched(self) -> Self:
        """Those that are found: the public ones of public strategies, on whose pages they are."""
        return self.published().filter(strategy__state=State.PUBLISHED)

    def for_search(self) -> dict[str, Rows]:
        """What the search needs to know besides."""
        return {"record": Rows(self.searched(), "pk", "strategy__name", "strategy__slug", "strategy__lead")}

    def for_updates(self, *also: str) -> Self:
        """As any record, with the strategy on whose page they are."""
        return super().for_updates("strategy__slug", *also).select_related("strategy")

    def for_export(self) -> Self:
        """What a row of a file needs."""
        return self.with_named("strategy").with_rows(sources=Source.objects.for_reference().in_name_order())

    def of_strategies_led_by(self, organisation: models.Model) -> Self:
        """The priorities of one organisation's published strategies."""
        return self.filter(strategy__lead=organisation, strategy__state=State.PUBLISHED)

    def newest_strategy_first(self) -> Self:
        """Those of the strategy that was published last come first, as it counts them."""
        return self.select_related("strategy").order_by("-strategy__first_published_at", "-strategy", "position", "pk")

    def in_strategy_order(self) -> Self:
        """As the strategy counts them."""
        return self.order_by("strategy__name", "strategy", "position", "pk")


class Priority(CitedRecord):
    """One of the few things that a strategy puts first. It holds the aims."""

    answered_for_by = "strategy__lead_id"
    search_standing = 7
    wanted = {"sources": _("the sources")}

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="priorities", verbose_name=_("strategy"))
    position = models.PositiveSmallIntegerField(_("number"))

    objects = PriorityQuerySet.as_manager()

    class Meta(CitedRecord.Meta):
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        constraints = [
            *CitedRecord.Meta.constraints,
            unique(
                "strategy",
                "position",
                condition=Q(draft_of__isnull=True),
                name="number_unique",
                message=_("Another priority of this strategy has this number."),
            ),
            holds(Q(position__gte=1), name="counted_from_one", message=_("Numbers begin with 1.")),
        ]

    def get_absolute_url(self) -> str:
        """Its place on the strategy's page."""
        return address_in(self.strategy.slug, self.slug)

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search."""
        [(strategy, slug, lead_key)] = told["record"]
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=address_in(slug, self.slug),
            updated_at=self.updated_at,
            body=(strategy,),
            lead_key=lead_key,
            priorities=(self.pk,),
        )


class AimQuerySet(CitedRecordQuerySet):
    """The words for aims."""

    def for_row(self) -> Self:
        """The published aims, for a row of a record that says it serves them."""
        return self.published().select_related("priority__strategy").in_priority_order()

    def for_search(self) -> dict[str, Rows]:
        """What the search needs to know besides."""
        strategy = "priority__strategy"
        return {"record": Rows(self.searched(), "pk", f"{strategy}__name", f"{strategy}__lead", "priority__name")}

    def for_export(self) -> Self:
        """What a row of a file needs."""
        return self.with_named("priority").with_rows(sources=Source.objects.for_reference().in_name_order())

    def for_page(self) -> Self:
        """What the aim's own page needs besides what serves it."""
        return self.select_related("priority__strategy__lead").prefetch_related(
            Prefetch("sources", Source.objects.for_foot())
        )

    def in_priority_order(self) -> Self:
        """As the strategy counts them."""
        return self.order_by("priority__position", "priority", "position", "pk")


def published_priority() -> Case:
    """The key of the priority of a linked aim, where the public may see the aim."""
    return Case(When(aim__state=State.PUBLISHED, then=F("aim__priority")))


class Aim(CitedRecord):
    """Something that a priority wants to reach. Partnerships and programmes say which aims they serve."""

    answered_for_by = "priority__strategy__lead_id"
    search_standing = 8
    wanted = {"sources": _("the sources")}

    priority = models.ForeignKey(Priority, models.PROTECT, related_name="aims", verbose_name=_("priority"))
    position = models.PositiveSmallIntegerField(_("number"))

    objects = AimQuerySet.as_manager()

    class Meta(CitedRecord.Meta):
        verbose_name = _("aim")
        verbose_name_plural = _("aims")
        constraints = [
            *CitedRecord.Meta.constraints,
            unique(
                "priority",
                "position",
                condition=Q(draft_of__isnull=True),
                name="number_unique",
                message=_("Another aim of this priority has this number."),
            ),
            holds(Q(position__gte=1), name="counted_from_one", message=_("Numbers begin with 1.")),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("aim-detail", args=[self.slug])

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search."""
        [(strategy, lead_key, priority)] = told["record"]
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=self.get_absolute_url(),
            updated_at=self.updated_at,
            body=(priority, strategy),
            lead_key=lead_key,
            priorities=(self.priority_id,),
        )
