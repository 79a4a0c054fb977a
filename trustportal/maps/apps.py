"""The Django app, for its table of postcode districts and its command."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapsConfig(AppConfig):
    """Maps."""

    name = "trustportal.maps"
    verbose_name = _("Maps")
