"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and roles."""

    name = "trustportal.accounts"
    verbose_name = _("People and roles")
