"""The addresses of programmes and outcomes."""

from django.urls import path

from partnerships.opendata.pages import addresses_of_record
from programmes import views
from trustportal.finder.views import addresses_of

urlpatterns = [
    *addresses_of("programme-list", views.ProgrammeList, "programmes"),
    *addresses_of_record("programme-detail", views.ProgrammeDetail, "programmes"),
    *addresses_of("outcome-metric-list", views.OutcomeMetricList, "outcomes"),
    *addresses_of("outcome-summary", views.OutcomeSummary, "outcomes/summary"),
    path("outcomes/summary.csv-metadata.json", views.summary_metadata, name="outcome-summary-csv-metadata"),
    path(
        "outcomes/<slug:slug>.csv-metadata.json",
        views.OutcomeMetricCSVMetadata.as_view(),
        name="outcome-metric-csv-metadata",
    ),
    path("outcomes/<slug:slug>.csv", views.OutcomeMetricCSV.as_view(), name="outcome-metric-csv"),
    path("outcomes/<slug:slug>.svg", views.OutcomeMetricSVG.as_view(), name="outcome-metric-svg"),
    path("outcomes/<slug:slug>.png", views.OutcomeMetricPNG.as_view(), name="outcome-metric-png"),
    path("outcomes/<slug:slug>/embed/", views.OutcomeMetricEmbedded.as_view(), name="outcome-metric-embedded"),
    *addresses_of_record("outcome-metric-detail", views.OutcomeMetricDetail, "outcomes"),
]
