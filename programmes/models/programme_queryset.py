"""The words for programmes: how to ask for them."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import RowNumber
from django.utils import timezone

from partnerships.models import (
    Aim,
    Area,
    CitedRecordQuerySet,
    Organisation,
    Partnership,
    ServingQuerySet,
    Site,
    Source,
)
from partnerships.models.belonging import NAMED
from partnerships.models.finding import published_name, year_of
from partnerships.models.strategy import published_priority
from programmes.models.participation import Participation
from trustportal.constraints import may_overlap
from trustportal.partial_date import Span
from trustportal.publishing.models import State
from trustportal.search.reading import Rows

SCOPE = models.Case(
    models.When(partnership__state=State.PUBLISHED, then="partnership__scope"), default=models.Value("")
)
# What an entry says of the facts of a kind; a programme of another kind has none.
FACTS = (
    "local_care_network__people_served",
    "local_care_network__reason",
    "local_care_network__care_model_name",
    "satellite_site__main_service",
    "board__name",
    "board__remit",
)


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
        return self.with_named("lead", "partnership").with_rows(
            participations=Participation.objects.for_row(),
            areas=Area.objects.in_name_order(),
            aims=Aim.objects.published().for_reference().in_name_order(),
            builds_on=self.model.objects.for_reference().in_name_order(),
            sources=Source.objects.for_reference().in_name_order(),
        )

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

    def sites(self, during: Span | None = None) -> models.QuerySet:
        """The published sites at which they have a place or a host; within a span, those whose opening it allows."""
        places = self.model._meta.get_field("places").related_model.objects
        satellites = self.model._meta.get_field("satellite_site").related_model.objects
        keys, had = self.order_by().values("pk"), places
        if during is not None:
            had = places.filter(may_overlap("opened_on", "", during.first_day, during.last_day))
        return Site.objects.published().filter(
            Q(pk__in=had.filter(programme__in=keys).values("site"))
            | Q(pk__in=satellites.filter(programme__in=keys).values("host_site"))
        )

    def that_people_use(self) -> Self:
        """Those that people use themselves, now or once: of a kind that is there for patients and residents, and known
        to run or to have ended. What is planned, and what may never have begun, is nobody's to use."""
        kinds, stages = self.model.Kind, self.model.Stage
        used = [kinds.LOCAL_CARE_NETWORK, kinds.SATELLITE_SITE, kinds.INTEGRATED_CARE, kinds.EMPLOYMENT]
        return self.filter(kind__in=used, stage__in=[stages.RUNNING, stages.FINISHED])

    def offering(self, services: models.QuerySet) -> Self:
        """Those with a public place that offers any of some services."""
        places = self.model._meta.get_field("places").related_model.objects.with_public("site")
        return self.filter(pk__in=places.filter(services__in=services.order_by()).order_by().values("programme"))

    def for_changes(self) -> Self:
        """No more than those need who keep a copy: what changed when, and whether it still runs."""
        return self.only("uuid", "name", "stage", "started_on", "ended_on", "modified_at")

    def with_lead(self) -> Self:
        """With its lead, and of what that is a part."""
        return self.select_related("lead__parent")

    def for_service(self, most_places: int) -> Self:
        """What a directory of services needs to know of each; `public_places` are so many of them at most."""
        places = self.model._meta.get_field("places").related_model.objects.for_service()
        return self.with_lead().prefetch_related(
            "lead__identifiers",
            models.Prefetch("areas", Area.objects.in_name_order()),
            models.Prefetch("places", places[:most_places], to_attr="public_places"),
        )

    def first_of_leads(self, partnerships: Iterable[int], most: int) -> models.QuerySet:
        """Rows of (partnership, lead, identifier, name): so many at most of each lead under each of some partnerships,
        given by key."""
        within = models.Window(RowNumber(), partition_by=["partnership", "lead"], order_by="uuid")
        # Begins with the partnerships, which are few, and asks each row whether it is one of these.
        under = self.model.objects.filter(partnership__in=list(partnerships))
        rows = under.filter(models.Exists(self.filter(pk=models.OuterRef("pk"))))
        rows = rows.annotate(rank=within).filter(rank__lte=most)
        return rows.order_by("uuid").values_list("partnership", "lead", "uuid", "name")

    def at_public_site(self, identifier: uuid.UUID | None) -> Self:
        """Those with a place or a host at the site of that identifier, where the public may see it."""
        site = Site.objects.published().filter(uuid=identifier).first()
        return self.none() if site is None else self.at_site(site)

    def for_fhir(self) -> Self:
        """What its FHIR resource needs."""
        paths = ["lead__", "satellite_site__host_site__"]
        own = ["summary", "description", "kind", "stage", "started_on", "ended_on", "satellite_site__programme"]
        named = [f"{path}{name}" for path in ["", *paths] for name in NAMED]
        places = self.model._meta.get_field("places").related_model.objects.for_fhir()
        rows = self.select_related("lead", "satellite_site__host_site").only(*own, *named)
        return rows.prefetch_related(models.Prefetch("places", places))

    def under(self, partnership: Partnership) -> Self:
        """Those that run under a partnership."""
        return self.filter(partnership=partnership)

    def serving(self, aim: Aim) -> Self:
        """Those that say they serve an aim."""
        return self.filter(aims=aim)

    def running(self, on: datetime.date) -> Self:
        """Those that are said to run, and of which no known date says otherwise."""
        rows = self.filter(stage=self.model.Stage.RUNNING)
        begun = Q(started_on__isnull=True) | Q(started_on__lte=on)
        # A vague end is the last day that it can be.
        going = Q(ended_on__isnull=True) | Q(ended_on__gte=on) | Q(ended_on__in=[f"{on:%Y}", f"{on:%Y-%m}"])
        return rows.filter(begun & going)

    def not_running(self, on: datetime.date) -> Self:
        """All others."""
        return self.exclude(pk__in=self.model.objects.running(on).values("pk"))

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
        ranks = [models.When(kind=kind, then=models.Value(rank)) for rank, kind in enumerate(self.model.Kind.values)]
        rank = models.Case(*ranks, output_field=models.IntegerField())
        return self.alias(rank=rank).order_by("rank", "name", "pk")

    def for_network(self) -> Self:
        """What the network takes down of each."""
        return self.select_related("buddying_arrangement").prefetch_related("participations", "board_members")

    def for_list(self) -> Self:
        """What a row of the list needs."""
        return self.select_related("lead").prefetch_related("areas")

    def linked_with(self, programme: models.Model) -> Self:
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

    def for_search(self) -> dict[str, Rows]:
        """What the search needs to know besides, whatever its kind."""
        of, member = "programme", (published_name("organisation"), "organisation__short_name", "note")
        names = ("places", "board_members", "statements", "buddying_arrangement")
        places, seats, statements, support = (
            self.model._meta.get_field(name).related_model.objects.all() for name in names
        )
        areas, aims = (field.through.objects for field in (self.model.areas, self.model.aims))
        place = ("pk", published_name("site"), "note", "site__area__name", "services__name")
        return {
            "record": Rows(self.searched(), "pk", *map(published_name, ("lead", "partnership")), SCOPE),
            "facts": Rows(self, "pk", *FACTS),
            "support": Rows(support, of, "trigger", *map(published_name, ("supporting", "supported"))),
            "statements": Rows(statements.order_by("kind", "position"), of, "name", "text"),
            "members": Rows(Participation.objects.order_by("pk"), of, *member),
            "seats": Rows(seats.order_by("pk"), of, *member),
            "places": Rows(places.order_by("pk", "services__name"), of, *place),
            "areas": Rows(areas.order_by("area__name"), of, "area__name"),
            "aims": Rows(aims.all(), of, published_priority()),
        }

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
