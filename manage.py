#!/usr/bin/env python
"""Django's command line for the portal: `.venv/bin/python manage.py help`."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run a command; a wrong setting is said in one line instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustportal.settings")
    try:
        settings.configured or settings._setup()
    except ImproperlyConfigured as error:
        sys.exit(f"Settings: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
