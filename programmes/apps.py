"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """Programmes and outcomes."""

    name = "programmes"
    verbose_name = _("Programmes and outcomes")
