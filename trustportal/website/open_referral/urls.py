"""The addresses of the feed: as the specification has them, without a slash at the end."""

from django.urls import path

from trustportal.website.open_referral import taxonomies, views

urlpatterns = [
    path("", views.about, name="open-referral"),
    path("services", views.services, name="open-referral-services"),
    path("services/<str:key>", views.service, name="open-referral-service"),
    path("service_at_locations", views.service_at_locations, name="open-referral-service-at-locations"),
    path("service_at_locations/<str:key>", views.service_at_location, name="open-referral-service-at-location"),
    path("organizations", views.organizations, name="open-referral-organizations"),
    path("organizations/<str:key>", views.organization_by_id, name="open-referral-organization"),
    path("taxonomies", taxonomies.taxonomies, name="open-referral-taxonomies"),
    path("taxonomies/<str:key>", taxonomies.taxonomy, name="open-referral-taxonomy"),
    path("taxonomy_terms", taxonomies.taxonomy_terms, name="open-referral-taxonomy-terms"),
    path("taxonomy_terms/<str:key>", taxonomies.taxonomy_term, name="open-referral-taxonomy-term"),
    path("<path:rest>", views.missing, name="open-referral-missing"),
]
