"""Programmes: work with a purpose, led by one organisation and carried out with others."""

import datetime
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    Aim,
    Area,
    CitedRecord,
    Organisation,
    Partnership,
    network_key,
)
from programmes.models.programme_queryset import ProgrammeQuerySet
from trustportal.constraints import facet_index, holds, not_before, run_indexes
from trustportal.networks.keeping import LEAD, Networked, Said, TieSaid, WorkSaid
from trustportal.networks.models import Work
from trustportal.partial_date import PartialDateField, period_in_words
from trustportal.search.models import SearchText, label_of, plain
from trustportal.search.reading import Told


class Programme(Networked, CitedRecord):
    """Work with a purpose, a beginning and usually an end, led by one organisation and carried out with others."""

    class Kind(models.TextChoices):
        """What it is about. The first three have facts of their own. The order is that of the list."""

        LOCAL_CARE_NETWORK = "local-care-network", _("Local care network")
        SATELLITE_SITE = "satellite-site", _("Satellite site")
        BUDDYING = "buddying", _("Buddying arrangement")
        INTEGRATED_CARE = "integrated-care", _("Integrated care")
        RESEARCH = "research", _("Research")
        INNOVATION = "innovation", _("Innovation and new services")
        EDUCATION = "education", _("Education and training")
        EMPLOYMENT = "employment", _("Employment and skills")

    class Stage(models.TextChoices):
        """How far it has come."""

        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        NOT_STATED = "not-stated", _("Stage not stated")

    review_interval = datetime.timedelta(days=183)  # programmes move faster than the rest
    answered_for_by = "lead_id"
    search_standing = 3
    is_named_in_search = True
    wanted = {
        "started_on": _("when it began"),
        "description": _("what it is and why"),
        "areas": _("which areas it serves"),
        "participations": _("who else takes part"),
        "sources": _("the sources"),
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    lead = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="programmes_led",
        verbose_name=_("led by"),
        help_text=_("The one organisation that answers for it."),
    )
    partnership = models.ForeignKey(
        Partnership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("partnership"),
        help_text=_("The partnership under which it runs, where there is one."),
    )
    started_on = PartialDateField(_("began"), null=True, blank=True, help_text=_("For example: 2017 or April 2017."))
    ended_on = PartialDateField(_("ended"), null=True, blank=True)
    length = models.CharField(
        _("length"), max_length=100, blank=True, help_text=_("Where the dates are not known, for example: three years.")
    )
    description = models.TextField(
        _("what it is and why"), blank=True, help_text=_("In Markdown. The first heading begins with ##.")
    )
    areas = models.ManyToManyField(Area, blank=True, related_name="programmes", verbose_name=_("areas served"))
    aims = models.ManyToManyField(
        Aim, blank=True, related_name="programmes", verbose_name=_("aims served"), help_text=_("Aims of the strategy.")
    )
    builds_on = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="followed_by",
        verbose_name=_("builds on"),
        help_text=_("Earlier programmes from which it grew."),
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta(CitedRecord.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        indexes = [
            *CitedRecord.Meta.indexes,
            facet_index("kind", "stage", "started_on", "ended_on"),
            *run_indexes(),
            models.Index(fields=["state", "kind", "name"], name="programme_kind_name"),
        ]
        constraints = [
            *CitedRecord.Meta.constraints,
            not_before("ended_on", "started_on", message=_("A programme does not end before it begins.")),
            holds(
                ~Q(stage="planned") | Q(ended_on__isnull=True),
                name="planned_has_not_ended",
                message=_("A planned programme has no end yet. Change the stage or leave the end empty."),
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("programme-detail", args=[self.slug])

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search."""
        [(*_names, scope)] = told["record"]
        places = [area for (area,) in told["areas"]]
        places += [area for _key, name, _note, area, _service in told["places"] if name and area]
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=self.get_absolute_url(),
            updated_at=self.updated_at,
            body=tuple(self._paragraphs(told)),
            kind=f"programme.{self.kind}",
            scope=scope,
            year=str(self.started_on.year) if self.started_on else "",
            lead_key=self.lead_id,
            places=tuple(dict.fromkeys(places)),
            priorities=tuple(sorted({priority for (priority,) in told["aims"] if priority})),
        )

    def _paragraphs(self, told: Told) -> Iterator[str]:
        """What its page says, whatever its kind; nothing of records that the public may not see."""
        [(people_served, reason, care_model, main_service, board, remit)] = told["facts"]
        [(lead, partnership, _scope)] = told["record"]
        yield plain(self.description)
        yield from (people_served or "", plain(reason or ""), care_model or "")
        for row in told["support"]:
            yield from row
        yield main_service or ""
        for name, text in told["statements"]:
            yield f"{name}. {text}" if name else text
        yield f"{board}. {remit}" if board else ""
        for name, short, note in [*told["members"], *told["seats"]]:
            yield f"{name} ({short or name}) {note}" if name else ""
        for (_key, name, note, _area), rows in groupby(told["places"], key=itemgetter(0, 1, 2, 3)):
            yield f"{name}: {', '.join(filter(None, (row[-1] for row in rows)))}. {note}" if name else ""
        yield from (lead, partnership)
        yield ", ".join(area for (area,) in told["areas"])
        yield f"{label_of(self.Kind(self.kind))}. {label_of(self.Stage(self.stage))}"

    def organisations_named(self) -> models.QuerySet:
        """The organisations whose people can say whether the page is right: all that it names."""
        named = Q(pk=self.lead_id)
        for rows in (self.participations, self.board_members):
            named |= Q(pk__in=rows.values("organisation"))
        if hasattr(self, "buddying_arrangement"):
            named |= Q(pk__in=[self.buddying_arrangement.supporting_id, self.buddying_arrangement.supported_id])
        return Organisation.objects.live().filter(named)

    def to_network(self) -> Said:
        """The work that ties its lead, who takes part, who sits on its board, who gave and who had support."""
        key, dates = f"programme-{self.pk}", (None, None)
        parts = [(row.organisation_id, row.role, row.started_on, row.ended_on) for row in self.participations.all()]
        parts += [(seat.organisation_id, "board", *dates) for seat in self.board_members.all()]
        if arrangement := getattr(self, "buddying_arrangement", None):
            parts += [
                (arrangement.supporting_id, "supporting", *dates),
                (arrangement.supported_id, "supported", *dates),
            ]
        ties = [TieSaid(network_key(self.lead_id), LEAD)]
        ties += [TieSaid(network_key(who), *facts) for who, *facts in parts if who != self.lead_id]
        work = WorkSaid(
            key,
            Work.Sort.PROGRAMME,
            self.name,
            self.slug,
            self.get_absolute_url(),
            under=f"partnership-{self.partnership_id}" if self.partnership_id else "",
            started_on=self.started_on,
            ended_on=self.ended_on,
            is_over=self.stage == self.Stage.FINISHED,
            ties=ties,
        )
        return Said(key, works=[work])

    @property
    def period(self) -> str:
        """When it ran, in words, or its length where the dates are not known."""
        if self.stage == self.Stage.FINISHED and self.started_on and not self.ended_on:
            return _now("Began %(date)s") % {"date": self.started_on.words}  # "since" would say that it goes on
        return period_in_words(self.started_on, self.ended_on) or self.length

    def is_running(self, on: datetime.date) -> bool:
        """Whether it is said to run, and no known date says otherwise: as `ProgrammeQuerySet.running`."""
        begun = self.started_on is None or self.started_on.earliest <= on
        going = self.ended_on is None or self.ended_on.latest >= on
        return self.stage == self.Stage.RUNNING and begun and going

    @property
    def stage_colour(self) -> str:
        """The colour of the tag that says the stage; the word says it too."""
        colours = {self.Stage.PLANNED: "yellow", self.Stage.RUNNING: "green", self.Stage.FINISHED: "grey"}
        return colours.get(self.Stage(self.stage), "white")

    def faults_as_a_whole(self) -> list[str]:
        """The facts of its kind are there, those of other kinds are not, and numbered statements have no gaps."""
        faults = super().faults_as_a_whole()
        if self.builds_on.filter(pk=self.pk).exists():
            faults.append(_now("A programme does not build on itself."))
        for kind, part, name in [
            (self.Kind.LOCAL_CARE_NETWORK, "local_care_network", _now("local care network")),
            (self.Kind.SATELLITE_SITE, "satellite_site", _now("satellite site")),
            (self.Kind.BUDDYING, "buddying_arrangement", _now("buddying arrangement")),
        ]:
            if self.kind == kind and not hasattr(self, part):
                faults.append(_now("Fill in the facts of the %(kind)s.") % {"kind": name})
            if self.kind != kind and hasattr(self, part):
                faults.append(_now("Remove the facts of a %(kind)s, or change the kind.") % {"kind": name})
        if self.kind != self.Kind.LOCAL_CARE_NETWORK and (hasattr(self, "board") or self.board_members.exists()):
            faults.append(_now("Only a local care network has a board."))
        if self.board_members.exists() and not hasattr(self, "board"):
            faults.append(_now("Fill in the board to which the members belong."))
        if self.kind != self.Kind.SATELLITE_SITE and self.places.exists():
            faults.append(_now("Only a satellite site has places with services."))
        return [*faults, *self._gaps_in_numbers(), *self._statements_of_other_kinds()]

    def _gaps_in_numbers(self) -> list[str]:
        """Each list of numbered statements counts 1, 2, 3."""
        numbers: dict[str, list[int]] = {}
        for statement in self.statements.order_by("kind", "position"):
            numbers.setdefault(statement.get_kind_display(), []).append(statement.position)
        return [
            _now("Number the rows of “%(kind)s” 1, 2, 3 and so on, without gaps.") % {"kind": kind}
            for kind, positions in numbers.items()
            if positions != list(range(1, len(positions) + 1))
        ]

    def _statements_of_other_kinds(self) -> list[str]:
        """Steps belong to local care networks; focus areas, support and legacy to buddying arrangements."""
        statements = self.statements.model
        wrong = self.statements.exclude(kind__in=statements.kinds_for(self.kind)).values_list("kind", flat=True)
        return [
            _now("Remove “%(kind)s”: it does not apply to this kind of programme.")
            % {"kind": statements.Kind(kind).label}
            for kind in sorted(set(wrong))
        ]
