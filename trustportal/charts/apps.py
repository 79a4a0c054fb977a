"""The Django app, for its command and its templates' tags."""

from django.apps import AppConfig


class ChartsConfig(AppConfig):
    """Charts."""

    name = "trustportal.charts"
