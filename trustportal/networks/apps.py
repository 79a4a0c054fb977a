"""The Django app of the network."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworksConfig(AppConfig):
    """Who works with whom."""

    name = "trustportal.networks"
    label = "networks"
    verbose_name = _("Network")
    default_auto_field = "django.db.models.BigAutoField"
