"""The portal as a WSGI application. It refuses to start when it would not be safe."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustportal.settings")
try:
    application = get_wsgi_application()
    import trustportal.urls  # noqa: F401  so that the server's processes share it, and no reader waits for it
    from trustportal.website.startup import refuse_unsafe_start

    refuse_unsafe_start()
    connections.close_all()  # the server forks after this; a connection must not be shared
except ImproperlyConfigured as error:
    sys.exit(f"Settings: {error}")
