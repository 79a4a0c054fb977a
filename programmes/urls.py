"""The addresses of programmes and outcomes."""

from django.urls import path

from programmes import views

urlpatterns = [
    path("programmes/", views.ProgrammeList.as_view(), name="programme-list"),
    path("programmes/<slug:slug>/", views.ProgrammeDetail.as_view(), name="programme-detail"),
    path("outcomes/", views.OutcomeMetricList.as_view(), name="outcome-metric-list"),
    path("outcomes/summary/", views.OutcomeSummary.as_view(), name="outcome-summary"),
    path("outcomes/summary.csv", views.OutcomeSummaryCSV.as_view(), name="outcome-summary-csv"),
    path("outcomes/<slug:slug>.csv", views.OutcomeMetricCSV.as_view(), name="outcome-metric-csv"),
    path("outcomes/<slug:slug>.svg", views.OutcomeMetricSVG.as_view(), name="outcome-metric-svg"),
    path("outcomes/<slug:slug>.png", views.OutcomeMetricPNG.as_view(), name="outcome-metric-png"),
    path("outcomes/<slug:slug>/embed/", views.OutcomeMetricEmbedded.as_view(), name="outcome-metric-embedded"),
    path("outcomes/<slug:slug>/", views.OutcomeMetricDetail.as_view(), name="outcome-metric-detail"),
]
