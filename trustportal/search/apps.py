"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """The search."""

    name = "trustportal.search"
    verbose_name = _("Search")
