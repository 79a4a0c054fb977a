"""Places: areas that something serves, and sites with an address and a position."""

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Avg, Count, F, FloatField, IntegerField, Min, Prefetch, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from partnerships.models.finding import published_name
from partnerships.models.source import CitedRecord, CitedRecordQuerySet, Source
from trustportal.constraints import all_or_none, facet_index, holds, unique
from trustportal.publishing.models import Identified
from trustportal.search.facets import facet_word
from trustportal.search.models import SearchEntry, SearchText, Synonym, label_of, plain
from trustportal.search.query import read
from trustportal.search.reading import Rows, Told

POSTCODE = RegexValidator(
    r"^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$", _("Write the postcode in capitals with a space, for example: SE1 9RT.")
)


METRES_A_DEGREE = 111_195  # of latitude
MOST_LOOKED_AT = 100  # entries of the search


class AreaQuerySet(models.QuerySet):
    """The words for areas."""

    def published(self) -> Self:
        """All: that there is a district is no secret."""
        return self.all()

    def round(self, code: str) -> list[int]:
        """The keys of the area with an ONS code and of those in which it lies, from near to far. A query each."""
        found: list[int] = []
        area = self.filter(code=code).first() if code else None
        while area and area.pk not in found:
            found.append(area.pk)
            area = self.filter(pk=area.parent_id).first() if area.parent_id else None
        return found

    def for_map(self) -> Self:
        """No more than the map needs to know where each lies."""
        return self.only("name", "slug", "kind", "code", "parent_id").order_by("name", "pk")

    def in_name_order(self) -> Self:
        """By name, A to Z."""
        return self.order_by("name", "pk")

    def for_export(self) -> Self:
        """What a row of a file needs."""
        return self.select_related("parent")

    def get_by_natural_key(self, slug: str) -> "Area":
        """The area of that slug, for fixtures."""
        return self.get(slug=slug)


class Area(Identified):
    """A district, borough, county or system that something serves. Reference data, not published by itself."""

    class Kind(models.TextChoices):
        """How large it is."""

        NEIGHBOURHOOD = "neighbourhood", _("Neighbourhood")
        DISTRICT = "district", _("District or borough")
        COUNTY = "county", _("County")
        REGION = "region", _("Region")
        SYSTEM = "system", _("Health and care system")
        COUNTRY = "country", _("Country")

    name = models.CharField(_("name"), max_length=100, help_text=_("For example: Southwark."))
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.DISTRICT)
    code = models.CharField(
        _("ONS code"),
        max_length=9,
        blank=True,
        validators=[RegexValidator(r"^[EWSNK]\d{8}$", _("An ONS code is a letter and 8 digits, such as E09000028."))],
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("lies in")
    )

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            unique("code", condition=~Q(code=""), name="code_unique", message=_("Another area has this ONS code.")),
            holds(
                Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="not_in_itself",
                message=_("An area does not lie in itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """The slug, for fixtures."""
        return (self.slug,)


class ServingQuerySet(models.QuerySet):
    """The words of records that serve areas."""

    def serving_any_of(self, areas: Iterable[int]) -> Self:
        """Those that serve any of some areas, given by key."""
        through = self.model.areas.through
        owner = self.model.areas.field.m2m_field_name()
        return self.filter(pk__in=through.objects.filter(area__in=list(areas)).values(owner))

    def numbers_by_area(self) -> dict[int, int]:
        """How many serve each area, by key of the area; areas that none serves are left out."""
        rows = self.order_by().filter(areas__isnull=False).values_list("areas")
        return dict(rows.annotate(number=Count("pk", distinct=True)))

    def numbers_by_areas(self, groups: dict[str, Iterable[int]]) -> dict[str, int]:
        """How many serve any area of each group, each counted once a group."""
        counts = {
            f"group_{at}": Count("pk", distinct=True, filter=Q(areas__in=list(keys)))
            for at, keys in enumerate(groups.values())
        }
        numbers = self.order_by().aggregate(**counts) if counts else {}
        return {name: numbers[f"group_{at}"] for at, name in enumerate(groups)}


class SiteQuerySet(CitedRecordQuerySet):
    """The words for sites."""

    def with_position(self) -> Self:
        """Those whose position is known."""
        return self.filter(latitude__isnull=False)

    def called(self, text: str) -> Self:
        """Those of that name or address, in whatever letters, and with whatever apostrophes and commas."""
        return self.filter(Q(name__iexact=text) | Q(slug=slugify(text)))

    def with_in_name(self, text: str) -> Self:
        """Those with all words of a text in their name or postcode, as the search reads words: of the many that may
        have them, the MOST_LOOKED_AT whose entries were written last. Three queries, with its own."""
        query = read(text, Synonym.groups())
        if query.is_empty:
            return self.none()
        sites = [facet_word("type", self.model._meta.model_name)]
        keys = SearchEntry.objects.keys_matching(query, sites, in_title=True, most=MOST_LOOKED_AT)
        return self.filter(search_entries__in=keys)

    def between(self, south: float, west: float, north: float, east: float) -> Self:
        """Those in a window given in degrees."""
        return self.filter(latitude__range=(south, north), longitude__range=(west, east))

    def lying_in(self, areas: Iterable[int], elsewhere: Iterable[int], edges: tuple[float, ...] | None) -> Self:
        """Those in some areas; of those in none of the areas that are drawn, the ones within a window in degrees.

        `areas` and `elsewhere` are the keys of the areas that are drawn, inside and outside.
        """
        inside = Q(area__in=list(areas))
        if edges is not None:
            south, west, north, east = edges
            known = [*areas, *elsewhere]
            not_drawn = Q(area__isnull=True) | ~Q(area__in=known)
            inside |= not_drawn & Q(latitude__range=(south, north), longitude__range=(west, east))
        return self.filter(inside)

    def numbers_by_area(self) -> dict[int | None, int]:
        """How many lie in each area, by key of the area (None: the area is not known)."""
        return dict(self.order_by().values_list("area").annotate(number=Count("pk")))

    def for_markers(self) -> Self:
        """No more than a marker of the map needs."""
        return self.only(
            "name", "slug", "state", "kind", "latitude", "longitude", "is_approximate", "area_id"
        ).order_by("name", "pk")

    def in_cells(self, degrees: float) -> Self:
        """Counted in squares of so many degrees: each with its number, mean position, and the kind of the first."""
        cell = {
            name: Cast((Cast(F(name), FloatField()) + 180) / degrees, IntegerField())
            for name in ("latitude", "longitude")
        }
        return (
            self.order_by()
            .annotate(row=cell["latitude"], column=cell["longitude"])
            .values("row", "column")
            .annotate(
                number=Count("pk"),
                middle_latitude=Avg(Cast(F("latitude"), FloatField())),
                middle_longitude=Avg(Cast(F("longitude"), FloatField())),
                first=Min("pk"),
            )
            .order_by("-number", "row", "column")
        )

    def middle_of_postcodes(self, district: str) -> tuple[float, float] | None:
        """The mean position of those whose postcode begins with a postcode district; None where there is none."""
        middle = (
            self.with_position()
            .filter(postcode__startswith=f"{district} ")
            .aggregate(
                latitude=Avg(Cast(F("latitude"), FloatField())), longitude=Avg(Cast(F("longitude"), FloatField()))
            )
        )
        return None if middle["latitude"] is None else (middle["latitude"], middle["longitude"])

    def nearest_first(self, latitude: float, longitude: float) -> Self:
        """By distance from a place in degrees; those without a position come last.

        Sorted by the square of the distance on a flat map, which is right to a few metres within a country.
        """
        up = Cast(F("latitude"), FloatField()) - latitude
        across = (Cast(F("longitude"), FloatField()) - longitude) * math.cos(math.radians(latitude))
        return self.alias(away=up * up + across * across).order_by(F("away").asc(nulls_last=True), "name", "pk")

    def near(self, latitude: float, longitude: float, metres: float) -> Self:
        """Those within a distance of a place in degrees, on a flat map, which is right to a few metres in a region."""
        reach = metres / METRES_A_DEGREE
        narrowing = math.cos(math.radians(latitude))
        up = Cast(F("latitude"), FloatField()) - latitude
        across = (Cast(F("longitude"), FloatField()) - longitude) * narrowing
        return (
            self.between(
                latitude - reach, longitude - reach / narrowing, latitude + reach, longitude + reach / narrowing
            )
            .alias(away=up * up + across * across)
            .filter(away__lte=reach * reach)
        )

    def with_postcode(self, text: str, how: str = "starts") -> Self:
        """Those whose postcode begins with a text or contains it in whatever letters, or is it."""
        lookup = {"starts": "istartswith", "contains": "icontains", "exact": "exact"}[how]
        return self.filter(**{f"postcode__{lookup}": text})

    def run_by(self, organisation: models.Model) -> Self:
        """Those that an organisation runs."""
        return self.filter(organisation=organisation)

    def for_list(self) -> Self:
        """What a row of the list needs."""
        return self.select_related("area", "organisation").in_name_order()

    def for_export(self) -> Self:
        """What a row of a file needs."""
        rows = self.select_related("area").with_named("organisation")
        return rows.with_rows(sources=Source.objects.for_reference().in_name_order())

    def for_search(self) -> dict[str, Rows]:
        """What the search needs to know besides."""
        return {"record": Rows(self.searched(), "pk", "area__name", published_name("organisation"))}

    def for_page(self) -> Self:
        """What the site's own page needs besides its programmes."""
        return self.select_related("area", "organisation").prefetch_related(
            Prefetch("sources", Source.objects.for_foot())
        )


class Site(CitedRecord):
    """A place with an address and a position where something happens."""

    class Kind(models.TextChoices):
        """What sort of place."""

        HOSPITAL = "hospital", _("Hospital")
        UNIT = "unit", _("Unit or centre")
        COMMUNITY = "community", _("Place in the community")

    answered_for_by = "organisation_id"
    search_standing = 4
    is_named_in_search = True
    wanted = {
        "organisation": _("who runs it"),
        "address": _("its address"),
        "latitude": _("its position"),
        "sources": _("the sources"),
    }

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    organisation = models.ForeignKey(
        "partnerships.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sites",
        verbose_name=_("run by"),
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="sites", verbose_name=_("area"))
    address = models.CharField(_("street and town"), max_length=200, blank=True, help_text=_("Without the postcode."))
    postcode = models.CharField(_("postcode"), max_length=8, blank=True, validators=[POSTCODE])
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(90))],
        help_text=_("In degrees, for example: 51.503300."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-180)), MaxValueValidator(Decimal(180))],
        help_text=_("In degrees, west is negative, for example: -0.087000."),
    )
    is_approximate = models.BooleanField(
        _("position is approximate"), default=True, help_text=_("Untick it only when the position is the entrance.")
    )
    description = models.TextField(_("description"), blank=True, help_text=_("In Markdown."))

    objects = SiteQuerySet.as_manager()

    class Meta(CitedRecord.Meta):
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        indexes = [*CitedRecord.Meta.indexes, facet_index("kind")]
        constraints = [
            *CitedRecord.Meta.constraints,
            all_or_none(
                "latitude", "longitude", name="position", message=_("A position is a latitude and a longitude.")
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("site-detail", args=[self.slug])

    def to_search(self, told: Told) -> SearchText:
        """What it says to those who search."""
        [(area, run_by)] = told["record"]
        return SearchText(
            title=self.name,
            summary=self.summary,
            address=self.get_absolute_url(),
            updated_at=self.updated_at,
            names=(self.postcode,),
            body=(
                plain(self.description),
                self.address,
                area or "",
                run_by,
                label_of(self.Kind(self.kind)),
            ),
            kind=f"site.{self.kind}",
            lead_key=self.organisation_id,
            places=(area,) if area else (),
        )

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees; None where they are not known."""
        return None if self.latitude is None else (float(self.latitude), float(self.longitude))

    @property
    def whole_address(self) -> str:
        """Street, town and postcode in one line, as far as they are known."""
        return ", ".join(part for part in (self.address, self.postcode) if part)
