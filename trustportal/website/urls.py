"""The addresses of the pages that gather both apps, the standing pages, and what machines ask for."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path

from trustportal.website import timeline_views, views
from trustportal.website.sitemaps import SITEMAPS
from trustportal.website.standing_pages import STANDING_PAGES

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("partners/<slug:slug>/", views.OrganisationPage.as_view(), name="organisation-detail"),
    path("partnerships/<slug:slug>/", views.PartnershipPage.as_view(), name="partnership-detail"),
    path("sites/<slug:slug>/", views.SitePage.as_view(), name="site-detail"),
    path("strategy/<slug:slug>/", views.StrategyPage.as_view(), name="strategy-detail"),
    path("strategy/aims/<slug:slug>/", views.AimPage.as_view(), name="aim-detail"),
    path("sources/<slug:slug>/", views.SourcePage.as_view(), name="source-detail"),
    path("timeline/", timeline_views.timeline, name="timeline"),
    path("timeline.ics", timeline_views.timeline_calendar, name="timeline-calendar"),
    path("admin/calendar.ics", timeline_views.work_calendar_for_staff, name="work-calendar"),
    *[path(f"{name}/", views.StandingPageView.as_view(name=name), name=name) for name in STANDING_PAGES],
    path("brand.css", views.brand_css, name="brand-css"),
    path("logo.png", views.logo, name="logo"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots_txt, name="robots-txt"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
