"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    """Partners and partnerships."""

    name = "partnerships"
    verbose_name = _("Partners and partnerships")
