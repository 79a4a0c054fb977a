"""The map of sites and areas: a page, a picture, and data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from partnerships.models import Organisation, Site
from programmes.models import Programme
from trustportal.finder.views import LatePaginator
from trustportal.maps import ATTRIBUTION
from trustportal.maps.england import england
from trustportal.maps.geojson import feature_collection, outline_of, point_of
from trustportal.maps.postcodes import as_district, district_of
from trustportal.opendata.forms import add_links
from trustportal.opendata.linked import LinkedPage, Node, name_of
from trustportal.opendata.openness import open_to_all
from trustportal.publishing.models import SHOWN_PER_PAGE
from trustportal.website import linked
from trustportal.website.map_choice import PARTNERSHIPS, PROGRAMMES, Origin, choice_of
from trustportal.website.map_page import MapPage, distance_in_words

PER_PAGE = 50
MOST_CHOICES = 200
MOST_MEANT = 8  # sites that are offered to a reader whose words several have in their names
MOST_IN_A_FILE = 2000  # sites


@dataclass(frozen=True)
class KindChoice:
    """One kind of programme to which the map can be narrowed: how many there are, and the address that does it."""

    value: str
    label: str
    count: int
    address: str
    is_chosen: bool


def attribution() -> list[str]:
    """Whose outlines, and whose tiles, the map shows."""
    return [ATTRIBUTION] + ([settings.MAP_TILES_ATTRIBUTION] if settings.MAP_TILES_URL else [])


class MapView(LinkedPage, TemplateView):
    """The map page of England, a region, a district, or the surroundings of a site."""

    template_name = "website/map.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """The pictures of a tile server are let in here, and only where the settings name one."""
        answer = super().dispatch
        if settings.MAP_TILES_URL:
            tiles = urlsplit(settings.MAP_TILES_URL)
            answer = csp_update({"img-src": [f"{tiles.scheme}://{tiles.netloc}"]})(answer)
        return answer(request, *args, **kwargs)

    def get(self, request: HttpRequest, place: str = "", site: str = "") -> HttpResponse:
        """What is more of a postcode than its district, and a code of the ONS, are led to the address that is kept."""
        typed = request.GET.get("from", "")
        district = district_of(typed) or as_district(typed)
        if district and "".join(typed.split()).upper() != district:
            query = request.GET.copy()
            query["from"] = district
            response = redirect(f"{request.path}?{query.urlencode()}")
            response["Cache-Control"] = "no-store"
            return response
        if place.upper() in england().by_code:
            return redirect("map-of", england().by_code[place.upper()].slug)
        page = MapPage(choice_of(place, site, request.GET), has_tiles=True)
        context = self.get_context_data(page=page)
        response = self.render_to_response(context)
        add_links(response, [(address, "alternate", media_type) for address, media_type in context["files"]])
        return response

    def get_context_data(self, page: MapPage, **kwargs: object) -> dict[str, object]:
        """The map, its lists, and the ways to narrow it."""
        choice = page.choice
        sites, numbers = self.site_rows(page)
        kinds = self.kinds(page)
        return super().get_context_data(**kwargs) | {
            "map": page,
            "choice": choice,
            "levels": choice.levels,
            "attribution": attribution(),
            "site_page": sites,
            "page_numbers": numbers,
            "kinds": kinds,
            "kinds_label": _("Kind of programme"),
            "number_of_programmes": sum(kind.count for kind in kinds),
            "all_kinds": choice.but(kind="").address,
            "shown_partnerships": choice.but(shown=PARTNERSHIPS).address,
            "shown_programmes": choice.but(shown=PROGRAMMES).address,
            "is_partnerships": choice.shown == PARTNERSHIPS,
            "everything": choice.but(programme=None, partner=None, kind="", shown=PROGRAMMES, origin=None).address,
            "selects": self.selects(page),
            "known_places": self.known_places(page),
            "meant": self.meant(page),
            "serving": list(page.serving[: SHOWN_PER_PAGE + 1]),
            "shown_per_page": SHOWN_PER_PAGE,
            "files": self.files(page),
        }

    def linked_data(self, context: dict[str, object]) -> list[Node]:
        """What it shows, of what, and its files."""
        page = context["map"]
        site = page.choice.site
        return linked.picture_page(
            page.choice.address,
            _("Map: %(title)s") % {"title": page.title},
            page.sentence,
            context["files"],
            about={"@id": name_of(site)} if site else None,
        )

    def files(self, page: MapPage) -> list[tuple[str, str]]:
        """The addresses of the picture and of the data, with their media types."""
        query = self.request.GET.copy()
        query.clear()
        query.update(page.choice.filters)
        if page.choice.place:
            query["place"] = page.choice.place
        end = f"?{query.urlencode()}" if query else ""
        return [(f"{reverse('map-svg')}{end}", linked.SVG), (f"{reverse('map-geojson')}{end}", linked.GEOJSON)]

    def site_rows(self, page: MapPage) -> tuple[object, object]:
        """The page of the list of sites, each with its distance, and the numbers of the pages."""
        origin = page.choice.origin
        position = origin.position if origin else None

        def in_order(sites: "Site.objects") -> "Site.objects":
            return sites.nearest_first(*position) if position else sites.in_name_order()

        paginator = LatePaginator(
            in_order(page.sites),
            PER_PAGE,
            count=page.number_of_sites,
            rows_for=lambda sites: in_order(sites.for_list()),
        )
        shown = paginator.get_page(self.request.GET.get("page"))
        rows = list(shown.object_list)
        for site in rows:
            site.away = distance_in_words(origin, site)
        shown.object_list = rows
        return shown, paginator.get_elided_page_range(shown.number, on_each_side=1, on_ends=1)

    def kinds(self, page: MapPage) -> list[KindChoice]:
        """The kinds of programme, each with its number."""
        choice = page.choice
        numbers = choice.but(kind="").programmes().numbers_by_kind()
        return [
            KindChoice(value, label, numbers.get(value, 0), choice.but(kind=value).address, value == choice.kind)
            for value, label in Programme.Kind.choices
            if numbers.get(value) or value == choice.kind
        ]

    def selects(self, page: MapPage) -> list[dict[str, object]]:
        """By which programme and which partner the map can be narrowed."""
        choice = page.choice
        found = []
        for name, label, chosen, records, everything in [
            ("programme", _("Programme"), choice.programme, Programme.objects.with_a_place(), "programme-list"),
            ("partner", _("Partner"), choice.partner, Organisation.objects, "organisation-list"),
        ]:
            options = list(records.published().in_name_order().values_list("slug", "name")[: MOST_CHOICES + 1])
            others_at = reverse(everything) if len(options) > MOST_CHOICES else ""
            del options[MOST_CHOICES:]
            if chosen and chosen.slug not in dict(options):
                options.append((chosen.slug, chosen.name))
            found.append(
                {
                    "name": name,
                    "label": label,
                    "options": options,
                    "chosen": chosen.slug if chosen else "",
                    "others_at": others_at,
                }
            )
        return found

    def known_places(self, page: MapPage) -> list[str]:
        """Places that a reader may choose: the postcode districts of our sites, and the sites."""
        rows = Site.objects.published().with_position().in_name_order().values_list("name", "postcode")[:MOST_CHOICES]
        codes = {code for _name, postcode in rows if (code := district_of(postcode))}
        return [*sorted(codes), *(name for name, _postcode in rows)]

    def meant(self, page: MapPage) -> list[tuple[str, str]]:
        """The sites that a reader may mean whose words several have in their names: what each is called, and the
        address that measures from it. At most MOST_MEANT."""
        choice = page.choice
        sites = choice.origin.meant[:MOST_MEANT] if choice.origin else ()
        return [(site.name, choice.but(origin=Origin(site.slug)).address) for site in sites]


class MapFile(View):
    """The map as a file; which part of England, `place` says."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, open to other sites' scripts."""
        return open_to_all(super().as_view(**initkwargs))

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        return self.answer(MapPage(choice_of(request.GET.get("place", ""), "", request.GET)))


class MapSVG(MapFile):
    """The map as a picture, with its sentence and the attribution."""

    def answer(self, page: MapPage) -> HttpResponse:
        """The picture."""
        svg = render_to_string(
            "maps/map.svg",
            {
                "picture": page.picture,
                "label": f"{page.title}. {page.sentence}",
                "is_file": True,
                "prefix": "",
                "attribution": ATTRIBUTION.split(". Contains National")[0] + ".",
                "attribution_more": "Contains National" + ATTRIBUTION.split(". Contains National")[1],
            },
        )
        return HttpResponse(svg, content_type="image/svg+xml")


class MapGeoJSON(MapFile):
    """Sites as points and the districts served as outlines. Source: RFC 7946."""

    def answer(self, page: MapPage) -> HttpResponse:
        """The data; at most MOST_IN_A_FILE sites."""
        full = self.request.build_absolute_uri
        sites = page.sites.with_position().for_list()[:MOST_IN_A_FILE]
        points = [
            point_of(
                site.position,
                type="site",
                name=site.name,
                kind=site.kind,
                address=site.whole_address,
                area=site.area.name if site.area else None,
                is_approximate=site.is_approximate,
                url=full(site.get_absolute_url()),
            )
            for site in sites
        ]
        areas = [
            outline_of(
                england().by_code[code],
                **{"type": "district", page.choice.shown: page.numbers[code]},
            )
            for code in page.choice.codes
            if page.numbers.get(code)
        ]
        located = page.sites.with_position().count()
        collection = feature_collection(
            [*points, *areas], attribution=ATTRIBUTION, sites=located, sites_left_out=located - len(points)
        )
        return JsonResponse(collection, content_type="application/geo+json")
