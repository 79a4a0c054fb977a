"""The resources of both apps under /fhir/, and their addresses. None ends with a slash, and none is led elsewhere."""

from django.urls import path

from partnerships.fhir import LOCATION, ORGANIZATION, affiliations
from programmes.fhir import HEALTHCARE_SERVICE, services_under
from trustportal.opendata.fhir import views

KINDS = (ORGANIZATION, LOCATION, HEALTHCARE_SERVICE, affiliations(services_under))

urlpatterns = [
    path("fhir/metadata", views.metadata, {"kinds": KINDS}, name="fhir"),
    *[path(f"fhir/{kind.name}", views.search, {"kind": kind}) for kind in KINDS],
    *[path(f"fhir/{kind.name}/<str:identifier>", views.read, {"kind": kind}) for kind in KINDS],
    path("fhir", views.nothing),
    path("fhir/", views.nothing),
    path("fhir/<path:rest>", views.nothing),
]
