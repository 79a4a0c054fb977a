"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Publishing."""

    name = "trustportal.publishing"
    verbose_name = _("Publishing")
