"""What a reader asks of the map: which part of England, narrowed by what, with distances from where."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partnerships.maps import middle_of
from partnerships.models import Organisation, Partnership, Site
from programmes.models import Programme
from trustportal.maps.england import District, england
from trustportal.maps.models import PostcodeDistrict
from trustportal.maps.postcodes import as_district, district_of
from trustportal.maps.regions import REGIONS, Region
from trustportal.search.words import same
from trustportal.website.former import public_or_404

LONGEST_PLACE = 200  # characters of a place that a reader types
PROGRAMMES, PARTNERSHIPS = "programmes", "partnerships"


@dataclass(frozen=True)
class Origin:
    """Where distances begin: what the reader typed, and the place found for it; `position` is None where none was.

    The position of a district, of postcodes or of England, is that of its middle.
    """

    typed: str
    name: str = ""
    position: tuple[float, float] | None = None  # latitude, longitude
    is_district: bool = False
    is_from_sites: bool = False  # the middle is that of our own sites there, since nobody has said where its own is
    meant: tuple[Site, ...] = ()  # the sites that may be meant, A to Z, where the reader has to say which


@dataclass(frozen=True)
class Choice:
    """All that an address of the map says."""

    region: Region | None = None  # also that of the district
    district: District | None = None
    site: Site | None = None
    programme: Programme | None = None
    partner: Organisation | None = None
    kind: str = ""  # of programme
    shown: str = PROGRAMMES  # what shades the districts
    origin: Origin | None = None

    @property
    def codes(self) -> list[str]:
        """The codes of the districts that it is about."""
        if self.district:
            return [self.district.code]
        districts = england().by_region[self.region.slug] if self.region else england().districts
        return [district.code for district in districts]

    @property
    def place(self) -> str:
        """The last part of the address of its region or district; "" for England."""
        return self.district.slug if self.district else self.region.slug if self.region else ""

    @property
    def path(self) -> str:
        """The address without what narrows it."""
        if self.site:
            return reverse("map-site", args=[self.site.slug])
        return reverse("map-of", args=[self.place]) if self.place else reverse("map")

    @property
    def filters(self) -> dict[str, str]:
        """What narrows it, as in an address."""
        given = {
            "programme": self.programme.slug if self.programme else "",
            "partner": self.partner.slug if self.partner else "",
            "kind": self.kind,
            "show": self.shown if self.shown != PROGRAMMES else "",
        }
        return {name: value for name, value in given.items() if value}

    @property
    def query(self) -> str:
        """What narrows it and where distances begin, as the end of an address."""
        return urlencode(self.filters | ({"from": self.origin.typed} if self.origin else {}))

    @property
    def address(self) -> str:
        """The whole address."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def levels(self) -> list[tuple[str, str]]:
        """What lies around it, from England inwards, with the addresses of the maps of that and their names."""
        all_england = self.but(region=None, district=None, site=None)
        around = [(self.region, all_england, _("Map of England"))]
        if self.district:
            around.append((self.district, all_england.but(region=self.region), str(self.region.name)))
            around.append((self.site, self.but(site=None), self.district.name))
        return [(wider.address, name) for inside, wider, name in around if inside]

    def but(self, **changes: object) -> Self:
        """The same with something else."""
        return replace(self, **changes)

    def programmes(self) -> "Programme.objects":
        """The programmes that it is about."""
        found = Programme.objects.published()
        if self.programme:
            found = found.filter(pk=self.programme.pk)
        if self.partner:
            found = found.with_partner(self.partner)
        return found.filter(kind=self.kind) if self.kind else found

    def serving(self) -> "Programme.objects | Partnership.objects":
        """What shades the districts: the programmes, or the partnerships."""
        if self.shown == PROGRAMMES:
            return self.programmes()
        partnerships = Partnership.objects.published()
        return partnerships.with_partner(self.partner) if self.partner else partnerships

    def sites(self) -> "Site.objects":
        """The sites that it is about, wherever they are."""
        if self.programme or self.kind:
            sites = self.programmes().sites()
            return sites
        sites = Site.objects.published()
        return sites.run_by(self.partner) if self.partner else sites


def choice_of(place: str, site: str, query: QueryDict) -> Choice:
    """What an address asks for. Raises Http404 where it names something that is not there."""
    choice = Choice(
        programme=public_or_404(Programme, query["programme"]) if query.get("programme") else None,
        partner=public_or_404(Organisation, query["partner"]) if query.get("partner") else None,
        kind=query.get("kind", ""),
        shown=query.get("show") or PROGRAMMES,
        origin=origin_of(query.get("from", "")),
    )
    if choice.kind and choice.kind not in Programme.Kind.values:
        raise Http404(_("There is no such kind of programme."))
    if choice.shown not in {PROGRAMMES, PARTNERSHIPS}:
        raise Http404(_("The map shows programmes or partnerships."))
    if site:
        found = public_or_404(Site, site)
        district = found.position and england().district_at(found.position[1], found.position[0])
        if not district:
            raise Http404(_("This site has no known position on the map of England."))
        return choice.but(site=found, district=district, region=district.region)
    if place:
        return _with_place(choice, place)
    return choice


def _with_place(choice: Choice, place: str) -> Choice:
    region = next((region for region in REGIONS if region.slug == place), None)
    if region:
        return choice.but(region=region)
    district = england().by_slug.get(place)
    if not district:
        raise Http404(_("There is no such region or district on the map."))
    return choice.but(district=district, region=district.region)


def origin_of(typed: str) -> Origin | None:
    """The place that a reader means: a postcode district, a site, a district, or a site with these words in its name.

    Of a whole postcode only the district is kept. At most five queries.
    """
    typed = " ".join(typed.split())[:LONGEST_PLACE]
    if not typed:
        return None
    code = district_of(typed) or as_district(typed)
    if code:
        return _of_postcodes(code)
    sites = Site.objects.published().with_position()
    if site := sites.called(typed).first():
        return Origin(site.slug if typed == site.slug else site.name, site.name, site.position)
    if district := england().by_slug.get(slugify(typed)):
        return Origin(district.name, district.name, middle_of(district), is_district=True)
    found = list(sites.with_in_name(typed).for_markers())
    meant = [site for site in found if same(site.name) == same(typed)] or found
    if len(meant) == 1:
        return Origin(meant[0].name, meant[0].name, meant[0].position)
    return Origin(typed, meant=tuple(meant))


def _of_postcodes(code: str) -> Origin:
    """A postcode district, with its imported middle, otherwise that of our sites there."""
    if imported := PostcodeDistrict.objects.filter(code=code).first():
        return Origin(code, code, (float(imported.latitude), float(imported.longitude)), is_district=True)
    middle = Site.objects.published().middle_of_postcodes(code)
    return Origin(code, code, middle, is_district=True, is_from_sites=True)
