"""What every template of the public pages knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from trustportal.website.models import Portal


def portal(request: HttpRequest) -> dict[str, object]:
    """The portal's settings, read only by the templates that show them, the portal's own address, and of a preview
    what its band says."""
    return {
        "portal": SimpleLazyObject(Portal.objects.current),
        "site_url": settings.SITE_URL,
        "preview": getattr(request, "preview", None),
    }
