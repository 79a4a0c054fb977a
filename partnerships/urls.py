"""The addresses of the lists; the pages that also show programmes are in trustportal.website.urls."""

from django.urls import path

from partnerships import confirmation_views, views

urlpatterns = [
    path("partners/", views.OrganisationList.as_view(), name="organisation-list"),
    path("partners/ods/<slug:code>/", views.organisation_by_ods_code, name="organisation-ods"),
    path("partnerships/", views.PartnershipList.as_view(), name="partnership-list"),
    path("sites/", views.SiteList.as_view(), name="site-list"),
    path("strategy/", views.StrategyList.as_view(), name="strategy-list"),
    path("sources/", views.SourceList.as_view(), name="source-list"),
    path("confirm/thanks/", confirmation_views.thank_you, name="confirmation-thanks"),
    path("confirm/<str:token>/", confirmation_views.confirm, name="confirmation"),
]
