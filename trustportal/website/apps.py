"""The app's name in the admin, and the admin's own site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class WebsiteConfig(AppConfig):
    """The portal as a whole."""

    default = True
    name = "trustportal.website"
    verbose_name = _("Portal")


class EditingConfig(admin.AdminConfig):
    """Django's admin, with the portal's own front page."""

    default = False  # named in INSTALLED_APPS in the place of django.contrib.admin
    default_site = "trustportal.website.editing.PortalAdminSite"
