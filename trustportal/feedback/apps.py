"""The app's name in the admin."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """Readers' feedback."""

    name = "trustportal.feedback"
    verbose_name = _("Readers' feedback")
