"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebsiteConfig(AppConfig):
    """The portal as a whole."""

    name = "trustportal.website"
    verbose_name = _("Portal")
