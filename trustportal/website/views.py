"""The home page, the standing pages, the pages that gather both apps, and what machines ask for."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps.views import SitemapIndexItem, sitemap
from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from partnerships import views as partnerships
from partnerships.maps import locator_of_site
from partnerships.opendata.pages import files_of_record
from programmes.charts import add_lines, lines_of
from programmes.finders import PARTNERS, SITES
from programmes.models import OutcomeMetric, Programme
from programmes.roles import programmes_by_role
from trustportal.maps import ATTRIBUTION
from trustportal.opendata.linked import LinkedPage, Node
from trustportal.publishing.models import SHOWN_PER_PAGE
from trustportal.publishing.sitemaps import PortalSitemap
from trustportal.website import linked
from trustportal.website.datasets import BY_NAME
from trustportal.website.home import home
from trustportal.website.models import Portal
from trustportal.website.sitemaps import SITEMAPS
from trustportal.website.standing_pages import STANDING_PAGES

SECURITY_TXT_HOLDS = datetime.timedelta(days=180)


class HomePage(LinkedPage, TemplateView):
    """What this is, the ways in, headline figures, what is new, the strategy's priorities."""

    template_name = "website/home.html"
    linked_data = staticmethod(linked.home)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The settings are read here once; the context processor would read them again."""
        portal = Portal.objects.current()
        return super().get_context_data(**kwargs) | {"portal": portal} | home(portal.host)


class StandingPageView(LinkedPage, TemplateView):
    """A page about the portal itself."""

    name = ""

    def get_template_names(self) -> list[str]:
        """The template is named after the page."""
        return [f"website/{self.name}.html"]

    def linked_data(self, context: dict[str, object]) -> list[Node]:
        """What it is, and its dates."""
        return linked.standing_page(self.name, context["page"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The page's title and dates, and what the pages on cookies and privacy name."""
        return super().get_context_data(**kwargs) | {
            "page": STANDING_PAGES[self.name],
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
            "session_cookie": settings.SESSION_COOKIE_NAME,
            "map_tiles_host": urlsplit(settings.MAP_TILES_URL).netloc,
        }


class OrganisationListPage(partnerships.OrganisationList):
    """All partners, narrowed also by their part in programmes."""

    finder = PARTNERS


class OrganisationPage(partnerships.OrganisationDetail):
    """A partner with its programmes."""

    files = files_of_record(BY_NAME["partners"])
    linked_data = staticmethod(linked.organisation)
    feed_name = "organisation-feed"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The programmes by the partner's role."""
        return super().get_context_data(**kwargs) | {"programmes": programmes_by_role(self.object)}


class PartnershipPage(partnerships.PartnershipDetail):
    """A partnership with its programmes and figures."""

    files = files_of_record(BY_NAME["partnerships"])
    linked_data = staticmethod(linked.partnership)
    feed_name = "partnership-feed"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The programmes under it and its figures."""
        programmes = Programme.objects.published().under(self.object).latest_start_first()
        return super().get_context_data(**kwargs) | {
            "programmes": programmes[: SHOWN_PER_PAGE + 1],
            "lines": lines_of(OutcomeMetric.objects.published().of_partnership(self.object)),
        }


class SiteListPage(partnerships.SiteList):
    """All sites, narrowed also by when programmes ran there."""

    finder = SITES


class SitePage(partnerships.SiteDetail):
    """A site with the programmes that run there."""

    files = files_of_record(BY_NAME["sites"])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The programmes with a place there, and a small map."""
        programmes = Programme.objects.published().at_site(self.object).latest_start_first()
        return super().get_context_data(**kwargs) | {
            "programmes": programmes[: SHOWN_PER_PAGE + 1],
            "locator": locator_of_site(self.object),
            "attribution": ATTRIBUTION,
        }


class StrategyPage(partnerships.StrategyDetail):
    """A strategy with what serves each aim, and what came of it."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """For each aim a few programmes that serve it, for each priority a few figures."""
        context = super().get_context_data(**kwargs)
        few = Programme.objects.published().for_links().in_name_order()[: partnerships.SHOWN_PER_AIM + 1]
        prefetch_related_objects(self.aims, Prefetch("programmes", few, to_attr="serving_programmes"))
        add_lines(self.object.published_priorities)
        return context


class AimPage(partnerships.AimDetail):
    """An aim with what serves it, and what came of that."""

    linked_data = staticmethod(linked.aim)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The programmes that serve it, and the figures of all that serves it."""
        programmes = Programme.objects.published().serving(self.object)
        return super().get_context_data(**kwargs) | {
            "programmes": programmes.in_kind_order()[: SHOWN_PER_PAGE + 1],
            "lines": lines_of(OutcomeMetric.objects.published().for_aim(self.object)),
        }


class SourcePage(partnerships.SourceDetail):
    """A source with all that rests on it."""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The records of both apps that rest on it."""
        context = super().get_context_data(**kwargs)
        context["citing"] += partnerships.resting_on(self.object, [Programme, OutcomeMetric])
        return context


def brand_css(request: HttpRequest) -> HttpResponse:
    """The accent colour as a stylesheet, so that no page needs an inline style."""
    accent = Portal.objects.current().accent
    return HttpResponse(f":root {{ --accent: {accent}; }}\n", content_type="text/css")


def logo(request: HttpRequest) -> HttpResponse:
    """The host's logo."""
    image = Portal.objects.current().logo
    if not image:
        raise Http404
    return HttpResponse(bytes(image), content_type="image/png")


def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon unasked, for example beside a page of the admin."""
    return redirect(static("portal/favicon.svg"))


def site_map(request: HttpRequest) -> HttpResponse:
    """All pages in one file while it can hold them; then an index of files. Search engines take either here."""
    parts = {name: one.paginator for name, one in SITEMAPS.items()}
    if sum(paginator.count for paginator in parts.values()) <= PortalSitemap.limit:
        return sitemap(request, SITEMAPS)
    files = [
        SitemapIndexItem(
            settings.SITE_URL + reverse("sitemap-part", args=[name], query={"p": page} if page > 1 else None),
            SITEMAPS[name].changed_at(page),
        )
        for name, paginator in parts.items()
        if paginator.count
        for page in paginator.page_range
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": files}, content_type="application/xml")


def robots_txt(request: HttpRequest) -> HttpResponse:
    """What search engines may read."""
    return render(request, "website/robots.txt", content_type="text/plain; charset=utf-8")


def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness. Source: RFC 9116."""
    context = {
        "contact": settings.SECURITY_CONTACT,
        "expires": (timezone.now() + SECURITY_TXT_HOLDS).isoformat(timespec="seconds"),
    }
    return render(request, "website/security.txt", context, content_type="text/plain; charset=utf-8")


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The process and its database answer; a silent database is answered with 503 by the error page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"database": "ok"})
