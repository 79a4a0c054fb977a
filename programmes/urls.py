"""The addresses of programmes and outcomes."""

from django.urls import path

from programmes import views

urlpatterns = [
    path("programmes/", views.ProgrammeList.as_view(), name="programme-list"),
    path("programmes/<slug:slug>/", views.ProgrammeDetail.as_view(), name="programme-detail"),
    path("outcomes/", views.OutcomeMetricList.as_view(), name="outcome-metric-list"),
    path("outcomes/<slug:slug>/", views.OutcomeMetricDetail.as_view(), name="outcome-metric-detail"),
]
