"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("trustportal.website.urls")),
    path("", include("partnerships.urls")),
    path("", include("programmes.urls")),
    path("", include("trustportal.publishing.urls")),
    path("feedback/", include("trustportal.feedback.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "trustportal.website.errors.bad_request"
handler403 = "trustportal.website.errors.forbidden"
handler404 = "trustportal.website.errors.not_found"
handler500 = "trustportal.website.errors.server_error"
