"""What every template of the public pages knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from trustportal.website.models import Portal


def portal(request: HttpRequest) -> dict[str, object]:
    """The portal's settings, read only by the templates that show them, and the portal's own address."""
    return {"portal": SimpleLazyObject(Portal.objects.current), "site_url": settings.SITE_URL}
