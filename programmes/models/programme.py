"""Programmes: work with a purpose, led by one organisation and carried out with others."""

import datetime
from collections.abc import Iterator
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    Aim,
    Area,
    CitedPart,
    CitedRecord,
    CitedRecordQuerySet,
    Organisation,
    Partnership,
    Role,
    ServingQuerySet,
    Site,
    Source,
    network_key,
)
from partnerships.models.finding import year_of
from trustportal.constraints import facet_index, holds, may_overlap, not_before, run_indexes, unique
from trustportal.networks.keeping import LEAD, Networked, Said, TieSaid, WorkSaid
from trustportal.networks.models import Work
from trustportal.partial_date import PartialDateField, Span, period_in_words
from trustportal.publishing.models import PartQuerySet, State
from trustportal.search.models import SearchText, plain


class ProgrammeQuerySet(ServingQuerySet, CitedRecordQuerySet):
    """The words for programmes."""

    def with_partner(self, organisation: Organisation) -> Self:
        """Those that an organisation leads, takes part in, or is named in by the facts of their kind."""
        return self.filter(
            Q(lead=organisation)
            | Q(pk__in=organisation.participations.values("programme"))
            | Q(pk__in=organisation.board_seats.values("programme"))
            | Q(pk__in=organisation.buddying_given.values("programme"))
            | Q(pk__in=organisation.buddying_received.values("programme"))
        )

    def running_during(self, span: Span, on: datetime.date | None = None) -> Self:
        """Those whose dates do not rule out that they ran within a span; what is only planned has not run yet."""
        today = (on or timezone.localdate()).isoformat()
        running = self.overlapping(span)
        return running.exclude(stage="planned") if span.last_day and span.last_day < today else running

    def partners_during(self, span: Span) -> list[models.QuerySet]:
        """The keys of the organisations with a part in these programmes that they may have had within a span."""
        programmes = self.order_by().values("pk")
        within = Participation.objects.during(programmes, span)
        return [
            self.order_by().values("lead"),
            within.values("organisation"),
            self.order_by().filter(board_members__isnull=False).values("board_members__organisation"),
            *(
                self.order_by().filter(buddying_arrangement__isnull=False).values(f"buddying_arrangement__{trust}")
                for trust in ("supporting", "supported")
            ),
        ]

    def with_year(self) -> Self:
        """Adds `year`: when they began."""
        return self.annotate(year=year_of("started_on"))

    def for_export(self) -> Self:
        """What a row of a file needs."""
        partners = models.Prefetch("participations", Participation.objects.for_page())
        return self.select_related("lead", "partnership").prefetch_related(partners, "areas")

    def measured_by(self, metrics: models.QuerySet) -> Self:
        """Those of which some outcome metrics tell."""
        return self.filter(pk__in=metrics.order_by().values("programme"))

    def at_site(self, site: models.Model) -> Self:
        """Those with a place or a host at a site."""
        return self.filter(
            Q(pk__in=site.places.values("programme")) | Q(pk__in=site.satellites_hosted.values("programme"))
        )

    def numbers_by_kind(self) -> dict[str, int]:
        """How many there are of each kind."""
        return dict(self.order_by().values_list("kind").annotate(number=models.Count("pk")))

    def with_a_place(self) -> Self:
        """Those that name an area or a site."""
        places = self.model._meta.get_field("places").related_model.objects
        areas = self.model.areas.through.objects
        return self.filter(Q(pk__in=areas.values("programme")) | Q(pk__in=places.values("programme")))

    def sites(self) -> models.QuerySet:
        """The published sites at which they have a place or a host."""
        places = self.model._meta.get_field("places").related_model.objects
        satellites = self.model._meta.get_field("satellite_site").related_model.objects
        keys = self.order_by().values("pk")
        return Site.objects.published().filter(
            Q(pk__in=places.filter(programme__in=keys).values("site"))
            | Q(pk__in=satellites.filter(programme__in=keys).values("host_site"))
        )

    def under(self, partnership: Partnership) -> Self:
        """Those that run under a partnership."""
        return self.filter(partnership=partnership)

    def serving(self, aim: Aim) -> Self:
        """Those that say they serve an aim."""
        return self.filter(aims=aim)

    def running(self, on: datetime.date) -> Self:
        """Those that are said to run, and of which no known date says otherwise."""
        rows = self.filter(stage=Programme.Stage.RUNNING)
        begun = Q(started_on__isnull=True) | Q(started_on__lte=on)
        # A vague end is the last day that it can be.
        going = Q(ended_on__isnull=True) | Q(ended_on__gte=on) | Q(ended_on__in=[f"{on:%Y}", f"{on:%Y-%m}"])
        return rows.filter(begun & going)

    def whose_beginning_nothing_else_tells(self) -> Self:
        """Those of which no milestone and no opening has the very date of the beginning."""
        told = [
            relation.related_model.objects.filter(
                programme=models.OuterRef("pk"), **{date: models.OuterRef("started_on")}
            )
            for relation, date in [
                (self.model._meta.get_field("statements"), "happened_on"),
                (self.model._meta.get_field("satellite_site"), "opened_on"),
            ]
        ]
        milestones, openings = told
        return self.exclude(models.Exists(milestones.milestones())).exclude(models.Exists(openings))

    def latest_start_first(self) -> Self:
        """Those that began last come first, those without a known date at the end."""
        return self.order_by(models.F("started_on").desc(nulls_last=True), "name", "pk")

    def in_kind_order(self) -> Self:
        """By kind as the list shows them, A to Z within each."""
        ranks = [models.When(kind=kind, then=models.Value(rank)) for rank, kind in enumerate(Programme.Kind.values)]
        rank = models.Case(*ranks, output_field=models.IntegerField())
        return self.alias(rank=rank).order_by("rank", "name", "pk")

    def for_network(self) -> Self:
        """What the network takes down of each."""
        return self.select_related("buddying_arrangement").prefetch_related("participations", "board_members")

    def for_list(self) -> Self:
        """What a row of the list needs."""
        return self.select_related("lead").prefetch_related("areas")

    def linked_with(self, programme: "Programme") -> Self:
        """The programmes on which one builds and those that build on it; `came_before` tells them apart."""
        links = self.model.builds_on.through.objects
        earlier = links.filter(from_programme=programme, to_programme=models.OuterRef("pk"))
        later = links.filter(to_programme=programme, from_programme=models.OuterRef("pk"))
        return self.annotate(came_before=models.Exists(earlier)).filter(Q(came_before=True) | models.Exists(later))

    def with_roles_of(self, organisation: Organisation) -> Self:
        """Those with an organisation, the latest first; adds what is needed to say its roles, and `total`."""
        own = Participation.objects.filter(organisation=organisation).order_by("role")
        return (
            self.with_partner(organisation)
            .select_related("buddying_arrangement")
            .annotate(
                has_board_seat=models.Exists(organisation.board_seats.filter(programme=models.OuterRef("pk"))),
                total=models.Window(models.Count("pk")),
            )
            .prefetch_related(models.Prefetch("participations", own, to_attr="own_participations"))
            .latest_start_first()
        )

    def for_search(self) -> Self:
        """What the search needs to know besides, whatever its kind."""
        places, seats = (self.model._meta.get_field(name).related_model for name in ("places", "board_members"))
        named = Organisation.objects.for_search_of_others()
        member = models.Prefetch("organisation", named)
        return self.select_related(
            "local_care_network", "board", "satellite_site", "buddying_arrangement"
        ).prefetch_related(
            models.Prefetch("lead", named),
            models.Prefetch("partnership", Partnership.objects.only("name", "state", "scope")),
            models.Prefetch("buddying_arrangement__supporting", named),
            models.Prefetch("buddying_arrangement__supported", named),
            models.Prefetch(
                "participations", Participation.objects.for_page().select_related(None).prefetch_related(member)
            ),
            models.Prefetch("board_members", seats.objects.for_page().select_related(None).prefetch_related(member)),
            models.Prefetch("places", places.objects.for_page()),
            models.Prefetch("aims", Aim.objects.published().only("priority")),
            "statements",
            "areas",
        )

    def for_page(self) -> Self:
        """What the programme's own page needs, whatever its kind, besides figures and linked programmes."""
        return self.select_related(
            "lead",
            "partnership",
            "local_care_network__source",
            "board__source",
            "satellite_site__host_site",
            "satellite_site__source",
            "buddying_arrangement__supporting",
            "buddying_arrangement__supported",
            "buddying_arrangement__source",
        ).prefetch_related(
            models.Prefetch("participations", Participation.objects.for_page()),
            models.Prefetch("areas", Area.objects.in_name_order()),
            models.Prefetch("aims", Aim.objects.for_row()),
            models.Prefetch("sources", Source.objects.for_foot()),
        )


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

    def to_search(self) -> SearchText:
        """What it says to those who search."""
        places = [area.name for area in self.areas.all()]
        places += [row.site.area.name for row in self.places.all() if row.site.area]
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=self.get_absolute_url(),
            updated_at=self.updated_at,
            body=tuple(self._paragraphs()),
            kind=f"programme.{self.kind}",
            scope=self.partnership.scope if self.partnership and self.partnership.is_published else "",
            year=str(self.started_on.year) if self.started_on else "",
            lead_key=self.lead_id,
            places=tuple(dict.fromkeys(places)),
            priorities=tuple(sorted({aim.priority_id for aim in self.aims.all()})),
        )

    def _paragraphs(self) -> Iterator[str]:
        """What its page says, whatever its kind; nothing of records that the public may not see."""
        yield plain(self.description)
        if network := getattr(self, "local_care_network", None):
            yield from (network.people_served, plain(network.reason), network.care_model_name)
        if arrangement := getattr(self, "buddying_arrangement", None):
            yield arrangement.trigger
            yield from (t.name for t in (arrangement.supporting, arrangement.supported) if t.is_published)
        if satellite := getattr(self, "satellite_site", None):
            yield satellite.main_service
        for statement in self.statements.all():
            yield f"{statement.name}. {statement.text}" if statement.name else statement.text
        if board := getattr(self, "board", None):
            yield f"{board.name}. {board.remit}"
        for row in [*self.participations.all(), *self.board_members.all()]:
            yield f"{row.organisation.name} ({row.organisation.called}) {row.note}"
        for row in self.places.all():
            yield f"{row.site.name}: {', '.join(service.name for service in row.services.all())}. {row.note}"
        for record in (self.lead, self.partnership):
            if record and record.is_published:
                yield record.name
        yield ", ".join(area.name for area in self.areas.all())
        yield f"{self.Kind(self.kind).label}. {self.Stage(self.stage).label}"

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


class ParticipationQuerySet(PartQuerySet):
    """The words for participations."""

    def during(self, programmes: models.QuerySet, span: Span) -> Self:
        """Those in some programmes whose dates do not rule out that they held within a span."""
        own = may_overlap("started_on", "ended_on", span.first_day, span.last_day)
        return self.filter(own, programme__in=programmes)

    def for_page(self) -> Self:
        """The published partners, grouped by role."""
        return (
            self.filter(organisation__state=State.PUBLISHED)
            .select_related("organisation", "source")
            .order_by("role", "organisation__name", "pk")
        )


class Participation(CitedPart):
    """An organisation's part in a programme, besides the lead: its role and dates."""

    record_field = "programme"
    natural_key_fields = ("programme__slug", "organisation__slug", "role")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="participations", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.DELIVERY)
    note = models.CharField(_("what they do"), max_length=200, blank=True)
    started_on = PartialDateField(_("from"), null=True, blank=True)
    ended_on = PartialDateField(_("until"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner taking part")
        verbose_name_plural = _("partners taking part")
        indexes = [
            models.Index(fields=["started_on"], name="participation_started"),
            models.Index(fields=["ended_on"], name="participation_ended"),
        ]
        constraints = [
            unique("programme", "organisation", "role", name="once", message=_("It has this role already.")),
            not_before("ended_on", "started_on", message=_("Taking part does not end before it begins.")),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.get_role_display()}"

    @property
    def period(self) -> str:
        """When it took part, in words."""
        return period_in_words(self.started_on, self.ended_on)
