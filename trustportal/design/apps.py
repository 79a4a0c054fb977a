"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DesignConfig(AppConfig):
    """Design."""

    name = "trustportal.design"
    verbose_name = _("Design")
