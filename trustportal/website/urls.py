"""The addresses of the pages that gather both apps, the standing pages, and what machines ask for."""

import re

from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from django.urls.converters import UUIDConverter
from django.views.generic import RedirectView

from partnerships.models import Organisation, Partnership
from partnerships.opendata.pages import addresses_of_record
from programmes.models import Programme
from trustportal.finder.views import addresses_of
from trustportal.opendata.api import ROOT
from trustportal.opendata.citing import FORMS
from trustportal.opendata.openness import open_to_all
from trustportal.website import (
    data_views,
    identity_views,
    map_views,
    network_views,
    search_views,
    timeline_views,
    update_views,
    views,
)
from trustportal.website.api import pages
from trustportal.website.sitemaps import SITEMAPS
from trustportal.website.standing_pages import STANDING_PAGES
from trustportal.website.update_views import OutcomeMetricFeed, RecordFeed

UUID = UUIDConverter.regex
ENDINGS = "|".join(map(re.escape, FORMS))

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    *addresses_of("organisation-list", views.OrganisationListPage, "partners"),
    *addresses_of_record("organisation-detail", views.OrganisationPage, "partners"),
    *addresses_of_record("partnership-detail", views.PartnershipPage, "partnerships"),
    *addresses_of("site-list", views.SiteListPage, "sites"),
    *addresses_of_record("site-detail", views.SitePage, "sites"),
    *addresses_of_record("strategy-detail", views.StrategyPage, "strategy"),
    *addresses_of_record("aim-detail", views.AimPage, "strategy/aims"),
    *addresses_of_record("source-detail", views.SourcePage, "sources"),
    path(ROOT.strip("/"), open_to_all(RedirectView.as_view(url=ROOT, permanent=True))),
    path(ROOT.lstrip("/"), include("trustportal.website.api.interface")),
    path("data/", data_views.data, name="data"),
    path("data/api/", pages.guide, name="api"),
    path("data/api/<slug:name>/", pages.one_list, name="api-list"),
    path("data/files/<str:name>", data_views.whole_file, name="data-file"),
    path("data/<slug:name>/", data_views.dataset, name="dataset"),
    re_path(
        rf"^data/(?P<name>[-\w]+)/cite\.(?P<ending>{ENDINGS})$", data_views.dataset_citation, name="dataset-citation"
    ),
    re_path(r"^data/(?P<name>[-\w]+)\.(?P<ending>csv|json)$", data_views.dataset_file, name="dataset-file"),
    re_path(r"^(?P<address>(?!outcomes/)[a-z/-]+)\.csv-metadata\.json$", data_views.metadata, name="csv-metadata"),
    path("map/", map_views.MapView.as_view(), name="map"),
    path("map.svg", map_views.MapSVG.as_view(), name="map-svg"),
    path("map.geojson", map_views.MapGeoJSON.as_view(), name="map-geojson"),
    path("map/sites/<slug:site>/", map_views.MapView.as_view(), name="map-site"),
    path("map/<slug:place>/", map_views.MapView.as_view(), name="map-of"),
    path("network/", network_views.NetworkPage.as_view(), name="network"),
    path("network.svg", network_views.NetworkSVG.as_view(), name="network-svg"),
    path("network.graphml", network_views.NetworkGraphML.as_view(), name="network-graphml"),
    path("network.json", network_views.NetworkJSON.as_view(), name="network-json"),
    path("timeline/", timeline_views.timeline, name="timeline"),
    path("timeline.ics", timeline_views.timeline_calendar, name="timeline-calendar"),
    path("id/<uuid:identifier>", identity_views.identity, name="identity"),
    re_path(rf"^id/(?P<identifier>{UUID})\.(?P<ending>{ENDINGS})$", identity_views.identity, name="citation"),
    path("updates/", update_views.updates_page, name="updates"),
    path("updates.atom", update_views.updates_feed, name="updates-feed"),
    path("partners/<slug:slug>.atom", RecordFeed.as_view(model=Organisation), name="organisation-feed"),
    path("partnerships/<slug:slug>.atom", RecordFeed.as_view(model=Partnership), name="partnership-feed"),
    path("programmes/<slug:slug>.atom", RecordFeed.as_view(model=Programme), name="programme-feed"),
    path("outcomes/<slug:slug>.atom", OutcomeMetricFeed.as_view(), name="outcome-metric-feed"),
    path("admin/calendar.ics", timeline_views.work_calendar_for_staff, name="work-calendar"),
    path("calendar/<slug:key>.ics", timeline_views.personal_calendar, name="personal-calendar"),
    *[path(f"{name}/", views.StandingPageView.as_view(name=name), name=name) for name in STANDING_PAGES],
    path("search/", search_views.SearchPage.as_view(), name="search"),
    path("search/suggest/", search_views.suggestions, name="search-suggest"),
    path("open-referral", open_to_all(RedirectView.as_view(url="/open-referral/", permanent=True, query_string=True))),
    path("open-referral/", include("trustportal.website.open_referral.urls")),
    path("", include("trustportal.website.fhir")),
    path("brand.css", views.brand_css, name="brand-css"),
    path("logo.png", views.logo, name="logo"),
    path("sitemap.xml", views.site_map, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap-part"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots_txt, name="robots-txt"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
