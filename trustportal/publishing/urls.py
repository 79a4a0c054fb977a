"""The address of texts that are shared before they are public."""

from django.urls import path

from trustportal.publishing import share_views

urlpatterns = [path("preview/<str:token>/", share_views.shared_preview, name="shared-preview")]
