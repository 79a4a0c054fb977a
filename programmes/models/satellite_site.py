"""The facts of a satellite site: the service that comes nearer, the places, and what each offers."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models import Area, CitedPart, Site
from partnerships.models.belonging import NAMED
from programmes.models.programme import Programme
from trustportal.constraints import unique
from trustportal.partial_date import PartialDateField
from trustportal.publishing.models import Identified, PartQuerySet, State


class ServiceQuerySet(models.QuerySet):
    """The words for services."""

    def published(self) -> Self:
        """All: that there is radiotherapy is no secret."""
        return self.all()

    def in_name_order(self) -> Self:
        """By name, A to Z."""
        return self.order_by("name", "pk")

    def for_export(self) -> Self:
        """What a row of a file needs: nothing besides."""
        return self.all()

    def named_like(self, text: str) -> Self:
        """Those with a text in their name, in whatever letters."""
        return self.filter(name__icontains=text)

    def get_by_natural_key(self, slug: str) -> "Service":
        """The service of that slug, for fixtures."""
        return self.get(slug=slug)


class Service(Identified):
    """A kind of care that a place offers, such as radiotherapy. Reference data, not published by itself."""

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("For example: Radiotherapy."))
    slug = models.SlugField(_("address"), max_length=100, unique=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """The slug, for fixtures."""
        return (self.slug,)


class SatelliteSiteQuerySet(PartQuerySet):
    """The words for satellite sites."""

    def whose_opening_no_place_tells(self) -> Self:
        """Those without a public place that opened on the very same date."""
        places = Place.objects.with_public("site").filter(
            programme=models.OuterRef("programme"), opened_on=models.OuterRef("opened_on")
        )
        return self.exclude(models.Exists(places))


class SatelliteSite(CitedPart):
    """A programme that brings a service nearer to people."""

    record_field = "programme"
    natural_key_fields = ("programme__slug",)

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="satellite_site")
    main_service = models.CharField(
        _("satellite of"),
        max_length=150,
        help_text=_("The service at its centre, for example: Cancer Centre at Guy's."),
    )
    host_site = models.ForeignKey(
        Site,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="satellites_hosted",
        verbose_name=_("host site"),
        help_text=_("The site on whose grounds it stands, where there is one."),
    )
    opened_on = PartialDateField(_("opened"), null=True, blank=True, help_text=_("For example: May 2017."))

    objects = SatelliteSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("facts of the satellite site")
        verbose_name_plural = _("facts of the satellite site")
        indexes = [models.Index(fields=["opened_on"], name="satellite_opened")]

    def __str__(self) -> str:
        return str(self.programme)


class PlaceQuerySet(PartQuerySet):
    """The words for places."""

    def for_export(self) -> Self:
        """What a row of a file needs."""
        return super().for_export().with_rows(services=Service.objects.in_name_order())

    def of_services(self) -> Self:
        """Those at public sites of programmes that people use."""
        return self.with_public("site").of_programmes(Programme.objects.published().that_people_use())

    def of_programmes(self, programmes: models.QuerySet) -> Self:
        """Those of some programmes, of which there may be many: each place is asked for its own."""
        return self.filter(models.Exists(programmes.order_by().filter(pk=models.OuterRef("programme"))))

    def saying(self, text: str) -> Self:
        """Those whose programme or site says all words of a text."""
        programmes, sites = (model.objects.published().saying(text) for model in (Programme, Site))
        return self.filter(
            models.Q(programme__in=programmes.order_by().values("pk"))
            | models.Q(site__in=sites.order_by().values("pk"))
        )

    def modified_since(self, at: datetime.datetime) -> Self:
        """Those of which the programme or the site changed at that time or later."""
        return self.filter(models.Q(programme__modified_at__gte=at) | models.Q(site__modified_at__gte=at))

    def near(self, latitude: float, longitude: float, metres: float) -> Self:
        """Those at sites within a distance."""
        sites = Site.objects.near(latitude, longitude, metres)
        return self.filter(models.Exists(sites.filter(pk=models.OuterRef("site"))))

    def covering(self, code: str) -> Self:
        """Those of programmes that serve the area with an ONS code or one in which it lies; where a programme names no
        area, nothing rules it out."""
        areas = Area.objects.round(code)
        through = Programme.areas.through.objects
        serving = through.filter(area__in=areas).values("programme")
        return self.filter(
            models.Q(programme__in=serving) | ~models.Exists(through.filter(programme=models.OuterRef("programme")))
        )

    def for_service(self) -> Self:
        """What a directory of services needs to know of each: public ones alone."""
        return (
            self.with_public("site")
            .select_related("site__area__parent")
            .prefetch_related(models.Prefetch("services", Service.objects.in_name_order()))
            .order_by("pk")
        )

    def with_programme(self) -> Self:
        """With the programme and its lead."""
        return self.select_related("programme__lead__parent")

    def for_fhir(self) -> Self:
        """What a FHIR resource needs of each; those at sites that the public may not see too, see `programmes.fhir`.

        Sorted out there: asked for the public ones of a few programmes, SQLite would read all sites that are public.
        """
        services = models.Prefetch("services", Service.objects.in_name_order())
        named = [f"site__{name}" for name in NAMED]
        return self.select_related("site").only("programme", *named).prefetch_related(services).order_by("pk")

    def for_page(self) -> Self:
        """The places at published sites with their services, the newest first."""
        return (
            self.filter(site__state=State.PUBLISHED)
            .select_related("site__area", "source")
            .prefetch_related(models.Prefetch("services", Service.objects.in_name_order()))
            .order_by(models.F("opened_on").desc(nulls_last=True), "site__name", "pk")
        )


class Place(CitedPart):
    """A place where a satellite site offers services."""

    record_field = "programme"
    natural_key_fields = ("programme__slug", "site__slug")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="places")
    site = models.ForeignKey(Site, models.PROTECT, related_name="places", verbose_name=_("site"))
    services = models.ManyToManyField(Service, blank=True, related_name="places", verbose_name=_("services"))
    opened_on = PartialDateField(_("opened"), null=True, blank=True, help_text=_("For example: April 2017."))
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = [models.Index(fields=["opened_on"], name="place_opened")]
        constraints = [unique("programme", "site", name="once", message=_("This site is in the list already."))]

    def __str__(self) -> str:
        return str(self.site)
