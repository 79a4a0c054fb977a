"""The addresses of the lists; the pages that also show programmes are in trustportal.website.urls."""

from django.urls import path

from partnerships import confirmation_views, views
from trustportal.finder.views import addresses_of

urlpatterns = [
    path("partners/ods/<slug:code>/", views.organisation_by_ods_code, name="organisation-ods"),
    *addresses_of("partnership-list", views.PartnershipList, "partnerships"),
    *addresses_of("strategy-list", views.StrategyList, "strategy"),
    *addresses_of("source-list", views.SourceList, "sources"),
    path("confirm/thanks/", confirmation_views.thank_you, name="confirmation-thanks"),
    path("confirm/<str:token>/", confirmation_views.confirm, name="confirmation"),
]
